"""Unmapped courses in whole nights: the most useful first, suggestions that change nobody until they are decided."""

from datetime import date
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from lms_sync.cli.main import main
from lms_sync.operations import watch as watching
from tests.operations.night_files import CLASS, CLASS_ROWS, done, sheet
from tests.operations.night_town import Town

pytestmark = pytest.mark.slow  # whole nights by the dozen

MORE = [
    done("70101", "Bystander Basics", "10/09/2026"),
    done("70102", "Bystander Basics", "10/09/2026"),
    done("70102", "Restorative Circles", "10/09/2026"),
]


def say(town: Town, *args: str) -> Result:
    with time_machine.travel(town.clock()):
        return CliRunner().invoke(main, ["-w", str(town.folder), *args])


def met(town: Town) -> Town:
    town.write(CLASS, sheet([*CLASS_ROWS, *MORE]))
    town.night(hours=1)
    town.later(minutes=5)
    return town


def test_the_decision_that_closes_most_gaps_stands_first_on_the_worklist(settled: Town) -> None:
    shown = say(met(settled), "worklist").stdout
    assert shown.index("Restorative Circles") < shown.index("Bystander Basics")
    (first, second) = sorted(settled.findings("unmapped-course"), key=lambda one: "Bystander" in one)
    assert "completed it: 1; if it teaches topic 13, as its title suggests, 1 gaps close" in first
    assert "completed it: 2. Expected" in second


def test_the_workbook_has_the_suggested_x_and_no_decision(settled: Town, tmp_path: Path) -> None:
    asked = say(met(settled), "mappings", "suggest", "-o", str(tmp_path / "new.xlsx"))
    assert (asked.exit_code, "2 courses to decide" in asked.stdout) == (1, True)
    book = load_workbook(tmp_path / "new.xlsx")
    (head, first, second) = [[c.value for c in row] for row in book["Courses"].iter_rows(min_row=5)]
    told = [dict(zip(head, row, strict=True)) for row in (first, second)]
    assert [(one["Course"], one["13"]) for one in told] == [("Restorative Circles", "x"), ("Bystander Basics", None)]
    assert all(one["Decided by"] is None and one["Decided on"] is None for one in told)
    checked = say(settled, "mappings", "check", str(tmp_path / "new.xlsx"))
    assert "not who decided it and when" in checked.stdout


def test_suggested_rows_in_the_map_change_nobody_until_they_are_decided(settled: Town, tmp_path: Path) -> None:
    path = met(settled).folder / "mappings/courses.xlsx"
    say(settled, "mappings", "suggest", "-o", str(tmp_path / "new.xlsx"))
    new = [[c.value for c in row] for row in load_workbook(tmp_path / "new.xlsx")["Courses"].iter_rows(min_row=6)]
    before = settled.open_topics("70102")
    book = load_workbook(path)
    for row in new:
        book["Courses"].append(row)
    book.save(path)
    settled.night(hours=1)
    assert settled.open_topics("70102") == before
    assert len(settled.findings("unmapped-course")) == 2

    courses = book["Courses"]
    headings = {str(c.value): int(str(c.column)) for row in courses.iter_rows(max_row=5) for c in row if c.value}
    for last in (courses.max_row, courses.max_row - 1):
        courses.cell(last, headings["Decided by"], "T. Rainer")
        courses.cell(last, headings["Decided on"], date(2026, 11, 23))
    book.save(path)
    settled.night(hours=1)
    assert settled.open_topics("70102") == before - {"topic-13"}
    assert settled.findings("unmapped-course") == []
    settled.later(minutes=5)
    assert say(settled, "mappings", "suggest").stdout == "Every course that people completed is decided.\n"


def test_a_broken_file_of_phrases_is_told_and_the_night_goes_on(settled: Town) -> None:
    settled.write("mappings/phrases.toml", 'topic = ["x"]')
    met(settled)
    (found,) = settled.findings("phrases-unreadable")
    assert "the shipped phrases suggest" in found
    assert len(settled.findings("unmapped-course")) == 2


def test_a_look_that_fails_is_one_finding_and_stops_nothing(settled: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Rookhurst")

    monkeypatch.setattr(watching, "former_findings", fail)
    night = met(settled)
    (found,) = night.findings("look-failed")
    assert "former people" in found
    assert len(night.findings("unmapped-course")) == 2
    assert "Rookhurst" not in (night.folder / "state/lms_sync.log").read_text(encoding="utf-8").split("Traceback")[0]
