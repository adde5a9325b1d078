"""From an empty folder to the first released report: init asks, setup says what comes next, no TOML by hand."""

import csv
import shlex
import tomllib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from click.testing import _NamedTextIOWrapper
from openpyxl import Workbook

from lms_sync.cli.source import pattern_of
from lms_sync.workspace.settings.config import read_config
from lms_sync.workspace.start.first_settings import id_from
from tests.cli.small_district import (
    COURSES,
    DONE,
    GUARD,
    INBOX,
    NOW,
    OFFICER,
    District,
    course_book,
    export,
    roster_book,
    run,
)

NAMED = ("--name", "Pinehill School District", "--hr", "hr@pinehill.example.org", "--telephone", "360-555-0100")

MOODLE = (
    *("Course ID number", "Course full name with link", "Full name with link", "ID number", "Username"),
    *("Email address", "Agency", "Method", "Completed", "Time completed"),
)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_NamedTextIOWrapper, "isatty", lambda _: True, raising=False)


def started(folder: Path) -> District:
    assert run("init", str(folder), *NAMED).exit_code == 0
    (folder / "roster.xlsx").write_bytes(roster_book())
    return District(folder)


def test_init_writes_what_is_given(tmp_path: Path) -> None:
    made = run("init", str(tmp_path), *NAMED, "--zone", "America/Denver", "--dates", "day-first", "--id", "ph")
    settings = read_config(tmp_path).settings

    assert made.exit_code == 0, made.output
    district = settings.district
    assert (district.id, district.zone, district.dates, district.hr) == (
        "ph",
        "America/Denver",
        "day-first",
        ("hr@pinehill.example.org",),
    )
    assert district.contact == "Pinehill School District, Human Resources, 360-555-0100, hr@pinehill.example.org"
    assert (settings.mail.sender, settings.mail.carrier) == ("hr@pinehill.example.org", "folder")
    text = (tmp_path / "lms_sync.toml").read_text(encoding="utf-8")
    assert "# as reports shall call it" in text
    assert "the settings of one district's workspace" in text.casefold()


@pytest.mark.parametrize(
    ("options", "key", "value"),
    [
        (("--mail", "smtp", "--mail-host", "mail.example.org"), "host", "mail.example.org"),
        (
            ("--mail", "smtp", "--mail-host", "mail.example.org", "--mail-user", "u"),
            "password_file",
            "state/smtp-password",
        ),
        (("--mail", "graph", "--tenant", "t.example.org", "--client-id", "c"), "secret_file", "state/oauth-secret"),
    ],
)
def test_a_carrier_gets_the_section_that_it_needs(
    tmp_path: Path, options: tuple[str, ...], key: str, value: str
) -> None:
    assert run("init", str(tmp_path), *NAMED, *options).exit_code == 0
    settings = read_config(tmp_path).settings

    assert value in (getattr(settings.mail.smtp, key, None), getattr(settings.oauth, key, None))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--hr", "hr"), "--hr hr: An e-mail address"),
        (("--id", "Pine Hill"), "--id Pine Hill: Small letters"),
        (("--zone", "America/Los_Angelos"), 'Did you mean "America/Los_Angeles"?'),
        (("--telephone", "later"), "A telephone number"),
        (("--mail", "smtp"), "--mail smtp needs --mail-host"),
        (("--mail", "graph", "--tenant", "t"), "--mail graph needs --client-id"),
    ],
)
def test_an_answer_that_cant_be_used_writes_nothing(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    refused = run("init", str(tmp_path / "ws"), *options)

    assert (refused.exit_code, words in refused.stderr) == (2, True), refused.output
    assert not (tmp_path / "ws").exists()


def test_options_do_not_change_settings_that_are_there(tmp_path: Path) -> None:
    started(tmp_path)
    refused = run("init", str(tmp_path), "--name", "Another")

    assert refused.exit_code == 2
    assert "lms_sync.toml is there already" in refused.stderr


@pytest.mark.usefixtures("terminal")
def test_at_a_terminal_it_asks_and_asks_again(tmp_path: Path) -> None:
    answers = [
        "Pinehill School District",
        "",
        "nobody",
        "hr@pinehill.example.org",
        "555",
        "360-555-0100",
        "",
        "ask",
        "",
    ]
    asked = run("init", str(tmp_path), stdin="\n".join(answers) + "\n")
    settings = read_config(tmp_path).settings

    assert asked.exit_code == 0, asked.output
    assert (settings.district.id, settings.district.dates, settings.mail.carrier) == ("pinehill", "", "folder")
    assert "An e-mail address" in asked.output
    assert "The mail relay" not in asked.output


@pytest.mark.parametrize(
    ("name", "district_id"),
    [
        ("Cascade School District", "cascade"),
        ("Lake Washington School District No. 414", "lake-washington-414"),
        ("The School District", "the-school-district"),
    ],
)
def test_an_id_is_made_of_the_name(name: str, district_id: str) -> None:
    assert id_from(name) == district_id


@pytest.mark.parametrize(
    ("file", "pattern", "name"),
    [
        ("inbox/moodle.csv", "inbox/moodle*.csv", "moodle"),
        ("inbox/moodle/participants 2026-11-24.csv", "inbox/moodle/*.csv", "moodle"),
        ("inbox/Guard Company 2026-11.xlsx", "inbox/Guard Company*.xlsx", "guard-company"),
        ("inbox/2026-11.xlsx", "inbox/*.xlsx", "2026-11"),
        ("inbox/Officer training FINAL (2).xlsx", "inbox/Officer training FINAL*.xlsx", "officer-training-final"),
        ("inbox/a[b].csv", "inbox/a[[]b]*.csv", "a-b"),
    ],
)
def test_files_like_this_one_are_found_again(file: str, pattern: str, name: str) -> None:
    assert pattern_of(Path(file)) == (pattern, name)


def test_setup_names_the_file_and_the_command(tmp_path: Path) -> None:
    new = started(tmp_path)
    (tmp_path / "inbox" / "vector.csv").write_text(export(DONE), encoding="utf-8")
    before = new.run("setup")
    command = before.stdout.rpartition("lms-sync ")[2].strip()
    added = run(*shlex.split(command))
    after = new.run("setup")

    assert "Next, 3 of 7: add a source.\nYou have put inbox/vector.csv there" in before.stdout
    assert command.endswith("source add inbox/vector.csv")
    assert added.exit_code == 0, added.output
    assert "Next, 4 of 7: check it all." in after.stdout


def test_setup_says_what_to_type_where_no_command_does_it(tmp_path: Path) -> None:
    run("init", str(tmp_path / "shipped"))
    run("init", str(tmp_path / "empty"), *NAMED)

    assert (
        "as the program ships it: write your own in lms_sync.toml."
        in District(tmp_path / "shipped").run("setup").stdout
    )
    assert "Nobody is in roster.xlsx yet: fill it in" in District(tmp_path / "empty").run("setup").stdout


def test_a_source_is_added_once(tmp_path: Path) -> None:
    new = started(tmp_path)
    new.export(*DONE)
    new.run("source", "add", INBOX, "--layout", "vector-completions")
    text = (tmp_path / "lms_sync.toml").read_text(encoding="utf-8")
    again = new.run("source", "add", INBOX)

    assert "belongs to the source export already" in again.stderr
    assert (tmp_path / "lms_sync.toml").read_text(encoding="utf-8") == text


def test_settings_typed_on_windows_keep_their_line_ends(tmp_path: Path) -> None:
    new = started(tmp_path)
    new.export(*DONE)
    path = tmp_path / "lms_sync.toml"
    before = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(before)
    new.run("source", "add", INBOX, "--layout", "vector-completions")

    assert path.read_bytes().startswith(before)
    assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")
    assert tomllib.loads(path.read_text(encoding="utf-8"))["source"][0]["name"] == "export"


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("source add", "name one file, or --kind"),
        ("source add inbox/none.csv", "there is no such file or folder"),
        ("source add /etc/hostname", "is outside the workspace"),
        ("source add inbox", "inbox is empty"),
        ("source add --kind canvas --set url", "not KEY=VALUE"),
        ("source add --kind canvas --set urll=https://c.example.org", 'Did you mean "url"?'),
        ("source add --kind canvas --name A_B --set url=https://c.example.org --set courses=1", "small letters"),
    ],
)
def test_what_cant_be_added_leaves_the_settings(tmp_path: Path, words: str, refusal: str) -> None:
    new = started(tmp_path)
    before = (tmp_path / "lms_sync.toml").read_bytes()
    refused = new.run(*words.split())

    assert (refused.exit_code, refusal in refused.stderr) == (2, True), refused.output
    assert (tmp_path / "lms_sync.toml").read_bytes() == before


def test_an_lms_that_is_asked_directly(tmp_path: Path) -> None:
    new = started(tmp_path)
    words = "--set url=https://c.example.org --set token_file=state/t --set courses=1 --set courses=2"
    added = new.run("source", "add", "--kind", "canvas", *words.split())
    (source,) = read_config(tmp_path).settings.source

    assert added.exit_code == 0, added.output
    assert (source.name, source.kind, getattr(source, "courses", ())) == ("esd-canvas", "canvas", ("1", "2"))


def guard_sheet() -> bytes:
    """Return a sheet that no shipped layout knows, with a line of totals."""
    book, out = Workbook(), BytesIO()
    sheet = book.worksheets[0]
    sheet.append(["Heron Guards, training record"])
    sheet.append(["Badge", "Officer", "Class taken", "When", "Result"])
    for course in COURSES[:6]:
        sheet.append([GUARD[0], f"{GUARD[1]}, {GUARD[2]}", course, "10/14/2026", "OK"])
    book.save(out)
    return out.getvalue()


def test_a_layout_is_taken_over_by_a_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = started(tmp_path)
    monkeypatch.setattr(_NamedTextIOWrapper, "isatty", lambda _: True, raising=False)
    (tmp_path / "inbox" / "heron.xlsx").write_bytes(guard_sheet())
    declined = new.run("source", "add", "inbox/heron.xlsx", stdin="n\n")
    before = (tmp_path / "lms_sync.toml").read_bytes()
    taken = new.run("source", "add", "inbox/heron.xlsx", stdin="y\n")

    assert declined.exit_code == 2
    assert b"heron" not in before
    assert taken.exit_code == 0, taken.output
    assert "Are the rows read correctly?" in taken.output
    assert (tmp_path / "mappings" / "layouts" / "heron.toml").exists()
    assert [source.name for source in read_config(tmp_path).settings.source] == ["heron"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("layouts check", "no source reads a file by them yet"),
        ("calendar", "no night has run here yet"),
        ("mappings suggest", "no night has run here yet"),
        ("outbox release --all --reason checked", "Nothing is held."),
        ("log verify", "complete. Newest: "),
        ("mappings impact none.xlsx", "none.xlsx: there is no such file"),
    ],
)
def test_in_a_new_workspace_each_command_says_what_is_so(tmp_path: Path, words: str, answer: str) -> None:
    assert answer in started(tmp_path).run(*words.split()).output


def test_without_a_terminal_somebody_must_say_so(tmp_path: Path) -> None:
    new = started(tmp_path)
    (tmp_path / "inbox" / "heron.xlsx").write_bytes(guard_sheet())
    refused = new.run("source", "add", "inbox/heron.xlsx")

    assert refused.exit_code == 2
    assert "add --take-layout" in refused.stderr
    assert not (tmp_path / "mappings" / "layouts" / "heron.toml").exists()


class Typed:
    """Commands that a person types, counted."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0

    def __call__(self, *words: str) -> str:
        self.count += 1
        ran = run(*words) if words[0] == "init" else run("-w", str(self.folder), *words)
        assert ran.exit_code in (0, 1), ran.output
        return ran.output


def first_week(folder: Path, put: Callable[[Path], tuple[str, ...]]) -> int:
    """Return how many commands it takes until the first report is released; `put` fills the inbox and names it."""
    typed = Typed(folder)
    typed("init", str(folder), *NAMED)
    (folder / "roster.xlsx").write_bytes(roster_book())
    places = put(folder / "inbox")
    for place in places:
        typed("source", "add", place, "--take-layout", "--day-order", "month-first")
    typed("check")
    typed("nightly")
    assert "not decided in mappings/courses.xlsx" in typed("setup")
    (folder / "mappings" / "courses.xlsx").write_bytes(course_book())
    typed("nightly")
    held = run("-w", str(folder), "setup").stdout
    assert "Next, 7 of 7: release the first report." in held, (
        "the night's summary to HR, which was sent, is no report"
    )
    assert " sent\n" in typed("outbox", "release", "--all", "--reason", "addresses checked")
    assert "delivery-held" not in run("-w", str(folder), "worklist", "--format", "json").stdout, (
        "what is sent waits for nobody"
    )
    assert "Set up: the first report was sent." in run("-w", str(folder), "setup").stdout
    return typed.count


def one_source(inbox: Path) -> tuple[str, ...]:
    (inbox / "vector").mkdir()
    (inbox / "vector" / "export.csv").write_text(export(DONE), encoding="utf-8")
    return ("inbox/vector",)


def four_sources(inbox: Path) -> tuple[str, ...]:
    one_source(inbox)
    (inbox / "heron.xlsx").write_bytes(guard_sheet())
    (inbox / "log.csv").write_text(
        "Date,Officer,Person ID,Agency,Activity,Experienced officer,Host school,Hours\n"
        f'2026-10-05,"{OFFICER[1]}, {OFFICER[2]}",{OFFICER[0]},,On-the-job day,Sgt. R. Ortiz,Pinehill HS,8\n',
        encoding="utf-8",
    )
    with (inbox / "moodle 2026-11-24.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(MOODLE)
        when = "Monday, 5 October 2026, 9:00 AM"
        for course in COURSES[9:]:
            name = f"{OFFICER[2]} {OFFICER[1]}"
            rows.writerow(["", course, name, OFFICER[0], "am", OFFICER[3], "", "Manual enrolments", "Yes", when])
    return "inbox/vector", "inbox/heron.xlsx", "inbox/log.csv", "inbox/moodle 2026-11-24.csv"


@pytest.mark.parametrize(
    ("put", "most"),
    [(one_source, 8), (four_sources, 14)],
    ids=["one source", "four sources"],
)
def test_the_first_report_leaves_after_few_commands(
    tmp_path: Path, put: Callable[[Path], tuple[str, ...]], most: int
) -> None:
    with time_machine.travel(NOW):
        assert first_week(tmp_path / "ws", put) <= most
