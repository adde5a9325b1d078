"""What a whole file rests on: its zone, what must not be kept of it, which of its sheets count."""

from pathlib import Path
from typing import Literal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.model.evidence import Completion, Refused
from lms_sync.sources.spreadsheet.source import OpenedPattern
from tests.sources.plain_files import HEAD, finding_of, layout, pull, reading_of, source
from tests.sources.sample_files import PACIFIC

INSTANTS = {"dates": {"instant": True, "formats": ["%Y-%m-%d %H:%M:%S"]}}


def test_file_of_instants_without_a_stated_zone_is_refused_whole(tmp_path: Path) -> None:
    finding = finding_of(tmp_path, HEAD + "7,A,2025-09-03 07:00:00\n", **INSTANTS)
    assert finding.code == "zone-missing"
    assert 'zone = "America/Los_Angeles"' in finding.expected
    assert "acme.csv" in finding.expected


def test_zone_is_demanded_even_when_no_row_tells_a_time(tmp_path: Path) -> None:
    assert finding_of(tmp_path, HEAD + "7,A,\n", **INSTANTS).code == "zone-missing"


def test_stated_zone_decides_the_day(tmp_path: Path) -> None:
    words = HEAD + "7,A,2025-09-04 05:00:00\n"
    assert str(reading_of(tmp_path, words, zone="UTC", **INSTANTS).day) == "2025-09-03"
    assert str(reading_of(tmp_path, words, zone=PACIFIC, **INSTANTS).day) == "2025-09-04"


def test_social_security_numbers_and_birth_dates_are_dropped_and_said(tmp_path: Path) -> None:
    rows = "".join(f"{n},A,09/0{n}/2025,123-45-678{n},1/2/198{n},{n}/1/1971,see 123-45-6789\n" for n in range(1, 5))
    read = pull(tmp_path, "ID,Course,Done on,Number,D.O.B.,Since,Note\n" + rows, keep=["Note"])
    assert read.dropped == ("Number", "D.O.B.", "Since")
    assert [one.code for one in read.findings] == [*["column-dropped"] * 3, "values-dropped"]
    assert [one.where for one in read.findings] == ["acme.csv, D", "acme.csv, E", "acme.csv, F", "acme.csv, G"]
    assert read.findings[3].found == "4 values look like social security numbers"
    assert all(isinstance(item.reading, Completion) for item in read.items)
    kept = repr(read)
    for forbidden in ("123-45", "198", "1971"):
        assert forbidden not in kept
    assert "see ***-**-****" in kept


def test_social_security_numbers_as_ids_refuse_the_file(tmp_path: Path) -> None:
    finding = finding_of(tmp_path, HEAD + "123-45-6789,A,09/03/2025\n")
    assert finding.code == "forbidden-column"
    assert "123-45" not in repr(finding)


def test_masked_id_makes_no_record(tmp_path: Path) -> None:
    items = pull(tmp_path, HEAD + "123-45-6789,A,09/03/2025\n7,A,09/03/2025\n8,A,09/03/2025\n").items
    assert [type(item.reading) for item in items] == [Refused, Completion, Completion]
    assert "123-45" not in repr(items)


def test_days_of_this_century_are_kept_where_the_layout_says_so(tmp_path: Path) -> None:
    rows = "".join(f"{n},A,09/03/2025,0{n}/01/2024\n" for n in range(1, 5))
    read = pull(tmp_path, "ID,Course,Done on,Assigned\n" + rows, keep=["assigned"])
    assert (read.dropped, read.findings) == ((), ())
    assert dict(read.items[0].text)["Assigned"] == "01/01/2024"


def workbook(path: Path, *sheets: tuple[str, Literal["visible", "hidden"], list[list[object]]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, state, rows in sheets:
        ws = book.create_sheet(name)
        assert isinstance(ws, Worksheet)
        ws.sheet_state = state
        for row in rows:
            ws.append(row)
    book.save(path)


TABLE: list[list[object]] = [["ID", "Course", "Done on"], ["7", "A", "09/03/2025"]]


@pytest.mark.parametrize(
    ("choice", "sheets"),
    [
        ({}, ["Done"]),
        ({"name": "hidden"}, ["Hidden"]),
        ({"pattern": "d*"}, ["Done", "Done 2"]),
    ],
)
def test_layout_chooses_the_sheets(tmp_path: Path, choice: dict[str, str], sheets: list[str]) -> None:
    path = tmp_path / "book.xlsx"
    workbook(
        path,
        ("Cover", "visible", [["Report"]]),
        ("Hidden", "hidden", TABLE),
        ("Draft", "hidden", TABLE),
        ("Done", "visible", TABLE),
        ("Done 2", "visible", TABLE),
    )
    (read,) = source(tmp_path, OpenedPattern("*.xlsx", layout(sheet=choice))).pull(frozenset()).files
    assert [item.origin.sheet for item in read.items] == sheets
    said = [one.where for one in read.findings if one.code == "sheet-not-read"]
    visible = {"Done", "Done 2"} - set(sheets)
    assert said == [f"book.xlsx, {name}" for name in sorted(visible)]


def test_missing_sheet_is_told_with_those_that_are_there(tmp_path: Path) -> None:
    workbook(tmp_path / "book.xlsx", ("Cover", "visible", TABLE))
    pattern = OpenedPattern("*.xlsx", layout(sheet={"name": "Completions"}))
    (read,) = source(tmp_path, pattern).pull(frozenset()).files
    assert (read.findings[0].code, read.findings[0].found) == ("sheet-missing", 'the file has "Cover"')


def test_where_the_only_sheet_with_the_headings_is_hidden_the_finding_names_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Export", 0)
    sheet.append(["ID", "Course", "Done on"])
    sheet.sheet_state = "hidden"
    book.active = 1
    book.save(tmp_path / "acme.xlsx")
    (read,) = source(tmp_path, OpenedPattern("acme.xlsx", layout())).pull(frozenset()).files
    assert (read.failed, read.findings[0].code) == (True, "header-missing")
    assert 'The hidden sheet "Export" has them' in read.findings[0].remedy


@pytest.mark.parametrize("line", ['"ID,Course,Done on"', '"ID;""Course"";Done on"'])
def test_where_each_row_stands_in_one_cell_the_finding_says_so(tmp_path: Path, line: str) -> None:
    finding = finding_of(tmp_path, f'{line}\n"7,A,09/03/2025"\n')
    assert finding.code == "header-missing"
    assert "all stands in one cell" in finding.remedy
