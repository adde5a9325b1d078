"""purge and hold: shown first, done only with a reason, recorded, and told of wherever a purged time is replayed."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from openpyxl import load_workbook

from lms_sync.text import days_written
from tests.cli.small_district import EARLIER, GUARD, OFFICER, District, district

LEFT = datetime(2026, 12, 1, 10, 10, tzinfo=UTC)
LATER = datetime(2034, 1, 5, 16, 10, tzinfo=UTC)
CUTOFF = "2029-01-05"
GO = ("purge", "--older-than", "5y", "--go", "--reason", "records schedule, item 12", "--by", "A. Roe")


@pytest.fixture
def years_on(tmp_path: Path) -> Iterator[District]:
    """Return a district seven years after the guard left."""
    with district(tmp_path / "ws", nights=1, prepare=_guard_leaves, at=LATER) as found:
        yield found


def _guard_leaves(district: District) -> None:
    """Take the guard off the roster, and let a night run then and years later."""
    without(district.folder / "roster.xlsx", GUARD[0])
    for night in (LEFT, LATER - EARLIER):
        with time_machine.travel(night):
            district.run("nightly")


def without(roster: Path, person_id: str) -> None:
    """Take a person out of the roster workbook."""
    book = load_workbook(roster)
    for title in ("People", "Assignments"):
        sheet = book[title]
        (row,) = [cell.row for column in sheet.iter_cols() for cell in column if cell.value == person_id]
        for cell in sheet[row]:
            cell.value = None
    book.save(roster)


def bytes_of(one: District) -> bytes:
    return (one.folder / "state/lms_sync.db").read_bytes()


def counts(one: District) -> dict[str, int]:
    with sqlite3.connect(one.folder / "state/lms_sync.db") as connection:
        tables = ("fact", "completion", "item", "report", "delivery", "recipient", "audit")
        found = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    connection.close()
    return found


def test_a_purge_shows_what_would_go_and_why_the_rest_stays_and_changes_nothing(years_on: District) -> None:
    before = counts(years_on)
    shown = years_on.run("purge", "--older-than", "5y")

    assert shown.exit_code == 0
    assert "Would go, all from before 5 Jan 2029" in shown.stdout
    assert "People who left and whose evidence would go: 1" in shown.stdout
    assert "Old, and stays:" in shown.stdout
    assert "Nothing was changed." in shown.stdout
    (completions,) = [line for line in shown.stdout.splitlines() if line.startswith("completions ")]
    assert completions.split()[1:] == ["2", *(["23", "Nov", "2026"] * 2)]
    assert GUARD[1] not in shown.stdout, "nobody is named"
    assert counts(years_on) == before


def test_with_go_it_is_done_once_recorded_logged_and_the_log_is_whole(years_on: District) -> None:
    assert GUARD[1].encode() in bytes_of(years_on)
    done = years_on.run(*GO)

    assert done.exit_code == 0, done.output
    assert "Done by A. Roe, and logged." in done.stdout
    for told in (GUARD[1], GUARD[3]):
        assert told.encode() not in bytes_of(years_on)
    (logged,) = years_on.json("log", "show", "--kind", "purge", "--format", "json")
    assert (logged["about"], logged["by"], logged["why"]) == (CUTOFF, "A. Roe", "records schedule, item 12")
    assert years_on.run("log", "verify").exit_code == 0
    assert "purged on 5 Jan 2034" in years_on.run("log", "show", "--kind", "class").stdout
    assert f"5 Jan 2034  {days_written(CUTOFF)}" in years_on.run("hold", "list").stdout

    before = counts(years_on)
    again = years_on.run(*GO)
    assert (again.exit_code, "There is nothing to purge from before 5 Jan 2029." in again.stdout) == (0, True)
    assert counts(years_on) == before


def test_the_night_after_a_purge_goes_on_as_before_and_brings_nobody_back(years_on: District) -> None:
    years_on.run(*GO)
    years_on.run("nightly")
    night = years_on.run("nightly")

    assert night.exit_code == 0, night.output
    assert GUARD[1].encode() not in bytes_of(years_on)
    (partner, _) = years_on.json("gaps", "--format", "json")["partners"][::-1]
    (person,) = partner["people"]
    assert person["id"] == OFFICER[0]
    assert sum(bool(one["met_by"]) for one in person["requirements"]) == 9


@pytest.mark.parametrize("command", [("gaps",), ("people", "show", OFFICER[0]), ("agreements", "show", "QPD-26")])
def test_a_replay_of_a_purged_time_says_so_and_one_after_it_does_not(
    years_on: District, command: tuple[str, ...]
) -> None:
    at = (*command, "--known-at", "2026-12-02T06:00")
    years_on.run(*GO)
    shown, told = years_on.run(*at), years_on.run(*at, "--format", "json")
    notice = "! History before 5 Jan 2029 was purged on 5 Jan 2034: what was known then may be missing"

    assert (shown.exit_code, told.exit_code) == (1, 1)
    assert notice in shown.stderr
    assert json.loads(told.stdout)["purged"] == {"before": CUTOFF, "on": "2034-01-05"}
    for later in ((), ("--known-at", f"{CUTOFF}T00:00")):
        whole = years_on.run(*command, *later, "--format", "json")
        assert (whole.exit_code, whole.stderr) == (0, "")
        assert "purged" not in json.loads(whole.stdout)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--older-than", "4y"), "is less than 5 years ago"),
        (("--older-than", "2029-01-06"), "is less than 5 years ago"),
        (("--older-than", "forever"), "neither years nor a day"),
        (("--older-than", "5y", "--go"), "--go needs a reason"),
        (("--older-than", "5y", "--go", "--reason", "  "), "--go needs a reason"),
    ],
)
def test_what_is_too_young_or_has_no_reason_is_refused(years_on: District, words: tuple[str, ...], said: str) -> None:
    before = counts(years_on)
    refused = years_on.run("purge", *words)
    assert (refused.exit_code, said in refused.stderr) == (2, True)
    assert counts(years_on) == before


def test_a_hold_keeps_the_guard_until_it_is_lifted_and_both_are_logged(years_on: District) -> None:
    assert years_on.run("hold", "add", GUARD[0], "--reason", "grievance 26-118", "--by", "Kim").exit_code == 0
    listed = years_on.run("hold", "list").stdout
    assert [word in listed for word in (GUARD[0], "Kim", "grievance 26-118", "5 Jan 2034")] == [True] * 4
    assert "whose evidence goes: 0" in years_on.run(*GO).stdout
    assert GUARD[1].encode() in bytes_of(years_on)

    assert years_on.run("hold", "lift", GUARD[0], "--reason", "closed").exit_code == 0
    assert years_on.run("hold", "list").stdout.startswith("Nothing is held.")
    assert "whose evidence goes: 1" in years_on.run(*GO).stdout
    assert GUARD[1].encode() not in bytes_of(years_on)
    assert [one["why"] for one in years_on.json("log", "show", "--kind", "hold", "--format", "json")] == [
        "grievance 26-118",
        "closed",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "9999"), "neither a Person ID nor an Agreement ID"),
        (("add", "00102"), "was ever on the roster\n  → `everything` holds"),
        (("add", "HERON"), "neither a Person ID nor an Agreement ID"),
        (("lift", "everything"), "there is no such hold"),
        (("add", "heron-26"), "HERON-26 is held already: Kim"),
    ],
)
def test_a_hold_on_what_nobody_knows_or_twice_is_refused(
    years_on: District, words: tuple[str, str], said: str
) -> None:
    years_on.run("hold", "add", "HERON-26", "--reason", "records request 88", "--by", "Kim")
    refused = years_on.run("hold", *words, "--reason", "x")
    assert (refused.exit_code, said in refused.stderr) == (2, True)


def test_everything_held_says_that_there_is_nothing_to_do_and_why(years_on: District) -> None:
    years_on.run("hold", "add", "Everything", "--reason", "audit of the state")
    done = years_on.run(*GO)
    assert "nothing to purge" in done.stdout
    assert "everything: a hold covers it all" in done.stdout
    assert GUARD[1].encode() in bytes_of(years_on)
