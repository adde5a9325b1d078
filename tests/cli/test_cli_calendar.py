"""calendar: what is due, as reviewers and calendar programs see it, and duties recorded and taken back."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from icalendar import Calendar

from lms_sync.cli.opening import open_workspace
from lms_sync.store.known.snapshot import read_roster, record_roster
from tests.cli.small_district import District, district

AN_HOUR_LATER = datetime(2026, 11, 23, 17, 10, tzinfo=UTC)
SECOND_BUILDING = "Ash ES"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[District]:
    with district(tmp_path / "district", nights=1) as found:
        yield found


def entries(here: District, *args: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in here.json("calendar", "--format", "json", *args)}


def decisions(here: District) -> Sequence[dict[str, str]]:
    told: Sequence[dict[str, str]] = here.json("log", "show", "--kind", "duty", "--format", "json")
    return told


def done(here: District, *args: str) -> Any:
    return here.run("calendar", "done", *args, "--by", "A. Roe")


ASSEMBLY = ("students", "--on", "2026-09-16", "--note", "assembly, 20 minutes of questions")


def test_the_table_shows_what_is_open_the_overdue_first_and_who(here: District) -> None:
    told = here.run("calendar")
    lines = told.stdout.splitlines()

    assert told.exit_code == 0, told.output
    assert lines[1].startswith("1 Sep 2026  overdue")
    assert "Presentation to students at Pinehill HS, 2026-27" in told.stdout
    assert "Marsh, Ada (00101): classroom training, 9 of 13 subjects" in told.stdout
    assert "no day set" in lines[-3]
    assert lines[-1].endswith("overdue.")


def test_files_name_people_when_somebody_asks_for_names(here: District) -> None:
    unnamed = here.run("calendar", "--format", "json").stdout

    assert "Person 00101: classroom training" in unnamed
    assert "Marsh" not in unnamed
    assert "Marsh, Ada (00101): classroom training" in here.run("calendar", "--format", "json", "--names").stdout


def test_the_days_that_are_named_bound_what_is_shown(here: District) -> None:
    told = entries(here, "--from", "2027-03-01", "--until", "2027-03-31")

    assert set(told) == {"training.classroom.00101", "training.classroom.00201"}
    assert {(one["due"], one["last_day"]) for one in told.values()} == {("2027-03-02", "2027-03-02")}
    empty = here.run("calendar", "--from", "2026-12-01", "--until", "2026-12-02")
    assert empty.stdout.strip() == "Nothing is due in that time."


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--from", "2026-12-02", "--until", "2026-12-01"), "is before --from"),
        (("--until", "9999-12-31"), "too far away"),
        (("--from", "1 December"), "Write it like 2026-11-23"),
        (("-o", "duties.txt"), "in which form?"),
        (("-o", "duties.ics", "--format", "table"), "in which form?"),
    ],
)
def test_a_wrong_question_says_how_to_ask(here: District, args: tuple[str, ...], message: str) -> None:
    refused = here.run("calendar", *args)

    assert refused.exit_code == 2
    assert message in refused.stderr


def test_an_ical_file_is_read_back_and_a_later_one_replaces_its_events(here: District, tmp_path: Path) -> None:
    before, after = tmp_path / "before.ics", tmp_path / "after.ics"
    assert here.run("calendar", "-o", str(before)).exit_code == 0
    assert here.run("calendar", "--format", "ical").stdout.replace("\r\n", "\n") == before.read_text()
    with time_machine.travel(AN_HOUR_LATER):
        assert done(here, *ASSEMBLY).exit_code == 0
        here.run("calendar", "-o", str(after))
    old, new = (
        {str(one["uid"]): one for one in Calendar.from_ical(path.read_bytes()).walk("VEVENT")}
        for path in (before, after)
    )

    uid = "students.2026-27.Pinehill%20HS@pinehill.lms-sync"
    assert old.keys() == new.keys()
    assert str(old[uid]["summary"]) == "Overdue: Presentation to students at Pinehill HS, 2026-27"
    assert str(new[uid]["summary"]) == "✓ Presentation to students at Pinehill HS, 2026-27"
    assert all(new[one].decoded("sequence") > old[one].decoded("sequence") for one in new)


def test_a_duty_that_was_done_is_recorded_logged_and_leaves_the_list(here: District) -> None:
    (here.folder / "agenda.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    made = done(here, *ASSEMBLY, "--building", "pinehill hs", "--file", str(here.folder / "agenda.png"))

    assert made.exit_code == 0, made.output
    assert "✓ students 2026-27 Pinehill HS: done on 16 Sep 2026" in made.stdout
    assert "students.2026-27.Pinehill%20HS" not in entries(here)
    assert entries(here, "--all")["students.2026-27.Pinehill%20HS"]["done_on"] == "2026-09-16"
    assert len(list((here.folder / "documents").glob("*.png"))) == 1
    [entry] = decisions(here)
    assert (entry["about"], entry["by"]) == ("students 2026-27 Pinehill HS", "A. Roe")
    assert entry["why"] == "assembly, 20 minutes of questions"


def test_a_record_is_never_overwritten_but_taken_back_with_a_reason(here: District) -> None:
    done(here, *ASSEMBLY)
    twice = done(here, *ASSEMBLY)
    assert twice.exit_code == 2
    assert "Pinehill HS: on 16 Sep 2026, by A. Roe" in twice.stderr

    undone = here.run("calendar", "undo", "students", "--reason", "it was Ash ES", "--by", "A. Roe")
    assert undone.exit_code == 0, undone.output
    assert "students 2026-27 Pinehill HS is open again" in undone.stdout
    assert entries(here)["students.2026-27.Pinehill%20HS"]["state"] == "overdue"
    assert [entry["why"] for entry in decisions(here)] == ["assembly, 20 minutes of questions", "it was Ash ES"]
    assert here.run("calendar", "undo", "students", "--reason", "again").exit_code == 2
    assert done(here, *ASSEMBLY).exit_code == 0


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("students", "--building", "Pinehil HS"), 'Did you mean "Pinehill HS"'),
        (("families", "--building", "Pinehill HS"), "Leave --building out"),
        (("students", "--year", "2025-26"), "no staff is posted at any building in 2025-26"),
        (("students", "--year", "2026"), "Write it like 2026-27"),
        (("families", "--year", "2029-30"), "far from the school year 2029-30"),
        (("families", "--on", "2026-11-24"), "a day in the future"),
        (("families", "--on", "16 September"), "not a day"),
        (("families", "--note", "  "), 'Add --note "…"'),
        (("families", "--file", "no-such-file.pdf"), "there is no such file"),
    ],
)
def test_a_record_that_cannot_be_right_is_refused_and_nothing_is_kept(
    here: District, args: tuple[str, ...], message: str
) -> None:
    given = [*args]
    for option, value in (("--on", "2026-09-16"), ("--note", "newsletter")):
        if option not in given:
            given += [option, value]
    refused = done(here, *given)

    assert refused.exit_code == 2
    assert message in refused.stderr
    assert decisions(here) == []


def test_the_school_year_is_that_of_the_day_unless_it_is_named(here: District) -> None:
    early = ("families", "--on", "2026-08-28", "--note", "letter before school began")
    assert "families 2025-26: done" in done(here, *early).stdout
    assert "families 2026-27: done" in done(here, *early, "--year", "2026-27").stdout
    assert "families.2026-27" not in entries(here)


def test_a_report_to_ospi_has_the_day_that_the_district_holds_itself_to(here: District) -> None:
    assert entries(here)["ospi.2026-27"]["due"] is None
    here.settings("[year]", '[year]\nospi_due = "07-15"')
    assert entries(here)["ospi.2026-27"]["due"] == "2027-07-15"


def test_without_buildings_only_those_without_a_record_are_recorded(here: District) -> None:
    with open_workspace(str(here.folder)) as workspace, workspace.store.transaction():
        roster = read_roster(workspace.store)
        first, *rest = roster.assignments
        moved = replace(first, buildings=((SECOND_BUILDING, Decimal(2)),))
        record_roster(workspace.store, replace(roster, assignments=(moved, *rest)), now=workspace.clock())
    done(here, *ASSEMBLY, "--building", SECOND_BUILDING)
    told = done(here, "students", "--on", "2026-09-18", "--note", "the other schools")

    assert "✓ students 2026-27 Pinehill HS: done on 18 Sep 2026" in told.stdout
    assert f"{SECOND_BUILDING}: was recorded before, left as it is" in told.stdout
    assert entries(here, "--all")["students.2026-27.Ash%20ES"]["done_on"] == "2026-09-16"


def test_json_goes_into_a_file_too(here: District, tmp_path: Path) -> None:
    path = tmp_path / "duties.json"

    assert here.run("calendar", "-o", str(path)).stdout.strip() == f"Wrote {path}"
    assert {one["id"] for one in json.loads(path.read_text())} == set(entries(here))
