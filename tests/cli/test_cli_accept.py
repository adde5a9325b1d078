"""mappings accept: suggested rows in courses.xlsx, whose styling stays, and a copy of it as it was."""

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.table import Table

from lms_sync.tables.append import RowsBelow, append_rows
from tests.cli.small_district import District

MAP = "mappings/courses.xlsx"
WHY = ("--reason", "seen the syllabus", "--by", "T. Rainer")


def course_id(district: District) -> str:
    (course,) = district.json("mappings", "suggest", "--format", "json")
    return str(course["id"])


def content(district: District) -> bytes:
    return (district.folder / MAP).read_bytes()


def test_an_accepted_row_stands_below_the_others_and_looks_like_them(morning: District) -> None:
    before = content(morning)
    accepted = morning.run("mappings", "accept", course_id(morning), *WHY)
    assert accepted.exit_code == 0, accepted.output
    assert "vendor: First Aid: teaches none of the thirteen" in accepted.stdout
    (kept,) = (morning.folder / "mappings/versions").iterdir()
    assert kept.read_bytes() == before
    assert str(kept) in accepted.stdout

    old, new = load_workbook(kept)["Courses"], load_workbook(morning.folder / MAP)["Courses"]
    assert new.max_row == old.max_row + 1
    header = next(row for row in new.iter_rows() if row[0].value == "Source")
    row = {head.value: cell.value for head, cell in zip(header, new[new.max_row], strict=True)}
    assert {h: v for h, v in row.items() if v is not None} == {
        "Source": "vendor",
        "Course": "First Aid",
        "Title": "First Aid",
        "Decided by": "T. Rainer",
        "Decided on": datetime(2026, 11, 23),
        "Note": "seen the syllabus",
    }
    for above, below in zip(new[new.max_row - 1], new[new.max_row], strict=True):
        assert repr((above.fill, above.border, above.alignment)) == repr((below.fill, below.border, below.alignment))
    (table,) = new.tables.values()
    assert table.ref.endswith(str(new.max_row))
    assert table.autoFilter.ref == table.ref
    assert [str(rule.sqref) for rule in new.data_validations.dataValidation] == [
        str(rule.sqref) for rule in old.data_validations.dataValidation
    ]
    assert [new.column_dimensions[c].width for c in "ABCD"] == [old.column_dimensions[c].width for c in "ABCD"]
    assert morning.run("mappings", "check").exit_code == 0
    assert "T. Rainer" in morning.run("log", "show").stdout


def test_it_counts_at_once_and_is_decided_once(morning: District) -> None:
    course = course_id(morning)
    assert morning.run("mappings", "accept", course[:6], *WHY).exit_code == 0
    before = content(morning)
    assert morning.run("mappings", "suggest").stdout == "Every course that people completed is decided.\n"
    again = morning.run("mappings", "accept", course, *WHY)
    assert (again.exit_code, "is not the id of a course that waits for a trainer" in again.stderr) == (2, True)
    assert content(morning) == before


@pytest.mark.parametrize("source", ["vendor", "*"])
def test_a_course_that_has_a_row_is_decided_there(morning: District, source: str) -> None:
    book = load_workbook(morning.folder / MAP)
    last = book["Courses"].max_row + 1
    for column, words in enumerate((source, "first aid"), start=1):
        book["Courses"].cell(last, column, words)
    book.save(morning.folder / MAP)
    before = content(morning)
    refused = morning.run("mappings", "accept", course_id(morning), *WHY)
    assert (refused.exit_code, f"has a row already: courses.xlsx, Courses!B{last}" in refused.stderr) == (2, True)
    assert content(morning) == before


@pytest.mark.parametrize("lock", ["~$courses.xlsx", "~$urses.xlsx", ".~lock.courses.xlsx#"])
def test_a_workbook_that_somebody_has_open_is_left_alone(morning: District, lock: str) -> None:
    before = content(morning)
    (morning.folder / "mappings" / lock).write_bytes(b"T. Rainer")
    refused = morning.run("mappings", "accept", course_id(morning), *WHY)
    assert (refused.exit_code, "is open in Excel or LibreOffice" in refused.stderr) == (2, True)
    assert content(morning) == before
    assert not (morning.folder / "mappings/versions").exists()


def test_a_workbook_of_which_something_would_be_lost_is_left_alone(morning: District) -> None:
    with zipfile.ZipFile(morning.folder / MAP, "a") as book:
        book.writestr("xl/media/logo.png", b"a picture")
    before = content(morning)
    refused = morning.run("mappings", "accept", course_id(morning), *WHY)
    assert (refused.exit_code, "the workbook holds media" in refused.stderr) == (2, True)
    assert content(morning) == before


def test_a_broken_map_and_unknown_ids_are_refused(morning: District) -> None:
    for wrong in ("0000000000000000", "abc"):
        refused = morning.run("mappings", "accept", wrong, *WHY)
        assert (refused.exit_code, "`lms-sync mappings suggest` lists them" in refused.stderr) == (2, True)
    course = course_id(morning)
    book = load_workbook(morning.folder / MAP)
    book["Courses"].cell(book["Courses"].max_row, 1, "vendr")
    book.save(morning.folder / MAP)
    before = content(morning)
    refused = morning.run("mappings", "accept", course, *WHY)
    assert (refused.exit_code, "could not take effect" in refused.stderr) == (2, True)
    assert content(morning) == before


def test_rows_below_an_empty_table_take_its_place(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Courses"
    sheet.append(["Source", "Course"])
    sheet.add_table(Table(displayName="Courses", ref="A1:B2"))
    sheet.auto_filter.ref = "A1:B1"
    book.save(tmp_path / "x.xlsx")
    rows = [{"Source": "a", "Course": "=1+1"}, {"Source": "b", "Course": "007"}]
    below = RowsBelow("courses", 1, {"Source": 0, "Course": 1}, rows)
    (tmp_path / "y.xlsx").write_bytes(append_rows((tmp_path / "x.xlsx").read_bytes(), below))
    new = load_workbook(tmp_path / "y.xlsx")["Courses"]
    assert [[cell.value for cell in row] for row in new["A2:B3"]] == [["a", "=1+1"], ["b", "007"]]
    assert [cell.data_type for cell in new["B"][1:]] == ["s", "s"]
    assert (new.tables["Courses"].ref, new.auto_filter.ref) == ("A1:B3", "A1:B3")


def test_all_of_them_are_accepted_at_once_and_then_none_waits(morning: District) -> None:
    accepted = morning.run("mappings", "accept", "--all", *WHY)

    assert accepted.exit_code == 0, accepted.output
    assert morning.run("mappings", "suggest").exit_code == 0
    again = morning.run("mappings", "accept", "--all", *WHY)
    assert (again.exit_code, "no course waits for a decision" in again.stderr) == (2, True)


@pytest.mark.parametrize("words", [(), ("3fa94c12", "--all")])
def test_ids_or_all_of_them_and_not_both(morning: District, words: tuple[str, ...]) -> None:
    refused = morning.run("mappings", "accept", *words, *WHY)

    assert (refused.exit_code, "name the courses by their ids, or --all" in refused.stderr) == (2, True)
