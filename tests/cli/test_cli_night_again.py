"""What a schedule that fires twice does, and what a night says that cannot replace a file which somebody has open."""

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from openpyxl import load_workbook

from tests.cli.small_district import District

BEFORE, AFTER = datetime(2026, 11, 1, 8, 30, tzinfo=UTC), datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
"""Half past one where the district is, before and after the clock goes back."""


def nights(pinehill: District) -> int:
    return sum(mail.name.endswith(".eml") for mail in (pinehill.folder / "outbox").iterdir())


def test_the_night_of_the_clock_change_runs_once(evening: District) -> None:
    with time_machine.travel(BEFORE):
        first = evening.run("nightly")
    with time_machine.travel(AFTER):
        again = evening.run("nightly")
        assert nights(evening) == 1
    assert first.exit_code == again.exit_code == 1
    told = "today's night began at 01:30 and ended with exit code 1: nothing is done"
    assert (again.stdout, again.stderr) == ("", f"warning: {told}\n")
    assert "nothing is done" in (evening.folder / "state" / "lms_sync.log").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_timers_night_runs_once_a_day_and_a_persons_as_often_as_asked(evening: District) -> None:
    assert evening.run("nightly", "--once-a-day").exit_code == 1
    evening.run("nightly", "--once-a-day")
    assert nights(evening) == 1
    evening.run("nightly")
    summaries = [path.read_text(encoding="utf-8").split() for path in (evening.folder / "outbox").iterdir()]
    assert sorted("night 2 of this day" in " ".join(words) for words in summaries) == [False, True]


@pytest.mark.slow
def test_a_workbook_of_out_that_is_open_elsewhere_is_said_and_the_night_is_whole(
    evening: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    (evening.folder / "out").mkdir()
    (evening.folder / "out" / "district.xlsx").write_bytes(b"of last night")
    replaced = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if target.name == "district.xlsx":
            raise PermissionError(errno.EACCES, "Permission denied", str(target))
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    night = evening.run("nightly")
    assert (night.exit_code, night.stdout.splitlines()[-1]) == (2, "Exit code 2.")
    assert "district.xlsx was not written" in night.stderr
    assert "open elsewhere" in night.stderr
    assert not list((evening.folder / "out").glob(".*"))
    assert (evening.folder / "out" / "district.xlsx").read_bytes() == b"of last night"
    monkeypatch.undo()
    assert "exit code 1" in evening.run("status").stdout
    assert evening.run("nightly").exit_code == 0


def test_what_is_found_in_the_roster_waits_whoever_read_it_first(evening: District) -> None:
    """A `pull` by day, and a night that was killed, took the roster in; no later night found its blank cell again."""
    book = load_workbook(evening.folder / "roster.xlsx")
    for cell in next(row for row in book["People"].iter_rows() if row[0].value and row[1].value == "Marsh"):
        if cell.value == "SRO":
            cell.value = None
    book.save(evening.folder / "roster.xlsx")
    waiting = []
    for command in ("pull", "nightly"):
        evening.run(command)
        waiting.append([found["code"] for found in evening.json("worklist", "--format", "json")])
    assert ["person-class-missing" in codes for codes in waiting] == [True, True]
