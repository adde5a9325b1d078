"""From an empty folder to the first released report: setup says what comes next."""

import csv
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine

from tests.cli.new_workspace import NAMED, guard_sheet, started
from tests.cli.small_district import COURSES, DONE, NOW, OFFICER, District, course_book, export, roster_book, run

MOODLE = (
    *("Course ID number", "Course full name with link", "Full name with link", "ID number", "Username"),
    *("Email address", "Agency", "Method", "Completed", "Time completed"),
)


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
    [pytest.param(one_source, 8, marks=pytest.mark.slow), (four_sources, 14)],
    ids=["one source", "four sources"],
)
def test_the_first_report_leaves_after_few_commands(
    tmp_path: Path, put: Callable[[Path], tuple[str, ...]], most: int
) -> None:
    with time_machine.travel(NOW):
        assert first_week(tmp_path / "ws", put) <= most
