"""source add: files and LMSs join the settings, no TOML by hand."""

import tomllib
from pathlib import Path

import pytest
from click.testing import _NamedTextIOWrapper

from lms_sync.cli.source import pattern_of
from lms_sync.workspace.settings.config import read_config
from tests.cli.new_workspace import guard_sheet, started
from tests.cli.small_district import DONE, INBOX


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


def test_a_source_is_added_once(tmp_path: Path) -> None:
    new = started(tmp_path)
    new.export(*DONE)
    new.run("source", "add", INBOX, "--layout", "vector-completions")
    text = (tmp_path / "lms_sync.toml").read_text(encoding="utf-8")
    again = new.run("source", "add", INBOX)

    assert "belongs to the source export already" in again.stderr
    assert (tmp_path / "lms_sync.toml").read_text(encoding="utf-8") == text


def test_a_layout_that_would_read_an_absence_as_a_completion_is_not_taken_by_itself(tmp_path: Path) -> None:
    new = started(tmp_path)
    rows = (
        ("Date", "Officer", "Person ID", "Activity", "Experienced officer", "Host school", "Hours", "Attendance"),
        ("9/15/2026", "Marsh Ada", "00101", "On-the-job day", "Lee Bo", "Pinehill HS", "8", "Present"),
        ("9/16/2026", "Marsh Ada", "00101", "On-the-job day", "Lee Bo", "Pinehill HS", "8", "Absent"),
    )
    (tmp_path / "inbox/log.csv").write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    added = new.run("source", "add", "inbox/log.csv", "--column", "day=Date", "--take-layout")
    assert "None of the layouts reads log.csv" in added.stdout
    assert "2 items: 1 completion, 1 not a completion" in added.stdout
    assert 'layout = "log"' in (tmp_path / "lms_sync.toml").read_text(encoding="utf-8")


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


def test_without_a_terminal_somebody_must_say_so(tmp_path: Path) -> None:
    new = started(tmp_path)
    (tmp_path / "inbox" / "heron.xlsx").write_bytes(guard_sheet())
    refused = new.run("source", "add", "inbox/heron.xlsx")

    assert refused.exit_code == 2
    assert "add --take-layout" in refused.stderr
    assert not (tmp_path / "mappings" / "layouts" / "heron.toml").exists()
