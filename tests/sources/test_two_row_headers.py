"""Matrices whose header has two rows, whether the layout says so or not."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from lms_sync.model.evidence import Completion, Refused, Skipped
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout
from tests.sources import read_sheets

DAY, LATER = date(2026, 9, 3), date(2028, 9, 3)
ANA, BEN = ("70101", "Reyes, Ana"), ("70102", "Lee, Ben")
Line = Sequence[object]
TITLE: Line = (None, None, "Training matrix 2026")
PRINTED: Line = (None, None, None, None, "Printed 3 Sep 2026")
TOP: Line = ("Employee ID", "Name", "Topics", None, None)
BELOW: Line = (None, None, "First Aid", "Trauma 101", "Rights")
COURSES: Line = ("Employee ID", "Name", "First Aid", "Trauma 101", "Rights")
PEOPLE: Sequence[Line] = [(*who, DAY, DAY, DAY) for who in (ANA, BEN)]


def read(folder: Path, *rows: Line, header_rows: int = 1, merged: Sequence[str] = (), **more: object) -> FileRead:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(folder / "matrix.xlsx")
    layout: Mapping[str, object] = {
        "name": "matrix",
        "kind": "matrix",
        "key": ["person_id", "course"],
        "name_order": "last, first",
        "sheet": {"header_rows": header_rows},
        "columns": {"person_id": ["Employee ID"], "name": ["Name"]},
        "matrix": {"cells": "days"},
        "status": {"done": ["x"], "not_done": ["-"]},
        **more,
    }
    return read_sheets.read(folder, "matrix.xlsx", Layout.model_validate(layout))


def courses(file: FileRead) -> set[str]:
    return {item.reading.course for item in file.items if isinstance(item.reading, Completion)}


@pytest.mark.parametrize("titles", [(), (TITLE,), (PRINTED,), (TITLE, PRINTED), (("Training matrix",), PRINTED)])
@pytest.mark.parametrize("ids_below", [False, True])
def test_a_title_in_whatever_column_is_no_row_of_the_header(
    tmp_path: Path, titles: tuple[Line, ...], *, ids_below: bool
) -> None:
    """The header was found a row too high: its second row was read as entries, and three courses were one."""
    header = ((None, None, *TOP[2:]), COURSES) if ids_below else (TOP, BELOW)
    at = len(titles) + 1
    file = read(tmp_path, *titles, *header, *PEOPLE, header_rows=2, merged=[f"C{at}:E{at}"])
    assert courses(file) == {"Topics First Aid", "Topics Trauma 101", "Topics Rights"}
    assert len(file.items) == 6


def test_a_row_of_entries_without_a_name_is_none_of_the_header(tmp_path: Path) -> None:
    file = read(tmp_path, TOP, BELOW, (None, None, DAY, "x", DAY), *PEOPLE, header_rows=2, merged=["C1:E1"])
    assert courses(file) == {"Topics First Aid", "Topics Trauma 101", "Topics Rights"}
    assert len(file.items) == 9


def test_a_second_row_that_the_layout_does_not_know_is_one_thing_to_look_at(tmp_path: Path) -> None:
    """It was a refused cell below each course, and none said what it was."""
    file = read(tmp_path, COURSES, (None, None, "Due", "Expires", "Completed"), *PEOPLE)
    (row,) = [item.reading for item in file.items if isinstance(item.reading, Refused)]
    assert (row.finding.code, row.finding.where.rpartition(", ")[2]) == ("header-goes-on", "Sheet!A2")
    assert '("Due", "Expires", "Completed")' in row.finding.found
    assert "header_rows = 2 under [sheet]" in row.finding.remedy
    assert len(file.items) == 7


@pytest.mark.parametrize("below", [("Part 1", "Part 2", "Rights"), ("Completed on", "Valid until", "Completed on")])
def test_parts_below_one_heading_are_not_taken_for_the_course(tmp_path: Path, below: Line) -> None:
    """Who had done the first part had done the course, and until when it was valid was a day of completion."""
    top = ("Employee ID", "Name", "First Aid", None, "Rights")
    file = read(tmp_path, top, (None, None, *below), (*ANA, DAY, None, DAY), merged=["C1:D1"])
    (finding,) = file.findings
    assert (file.failed, file.items, finding.code) == (True, (), "header-goes-on")
    whole = read(tmp_path, top, (None, None, *below), (*ANA, DAY, None, DAY), merged=["C1:D1"], header_rows=2)
    assert courses(whole) == {f"First Aid {below[0]}", f"Rights {below[2]}"}


@pytest.mark.parametrize("words", [("Date", "Date", "Date"), ("Completed on", "date", None)])
def test_a_second_row_that_says_that_days_stand_below_is_passed_over(tmp_path: Path, words: Line) -> None:
    file = read(tmp_path, COURSES, (None, None, *words), *PEOPLE)
    (row,) = [item.reading for item in file.items if not isinstance(item.reading, Completion)]
    assert isinstance(row, Skipped)
    assert courses(file) == {"First Aid", "Trauma 101", "Rights"}


@pytest.mark.parametrize(
    "row",
    [
        (None, None, DAY, DAY, DAY),  # somebody whose name is missing
        (None, None, "x", "-", "x"),
        ("70103", None, "Due", "Due", "Due"),
        (None, None, "Due", None, None),
    ],
)
def test_a_row_of_entries_is_refused_by_its_cells_as_ever(tmp_path: Path, row: Line) -> None:
    file = read(tmp_path, COURSES, row, *PEOPLE)
    assert "header-goes-on" not in {i.reading.finding.code for i in file.items if isinstance(i.reading, Refused)}
    assert len(file.items) == 6 + sum(cell is not None for cell in row[2:])
