"""Cells of workbooks: their places, their kinds, errors, hidden sheets."""

import io
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from lms_sync.tables.cells import UNCALCULATED
from lms_sync.tables.read import ErrorValue, Row, Value, sheets_of
from tests.tables.book_bytes import ods, ods_cell, saved, sheet, with_part


def test_rows_and_columns_keep_their_places_when_the_table_stands_away_from_the_corner() -> None:
    book, ws = sheet()
    ws["C3"], ws["D5"] = "x", 417
    (read,) = sheets_of(saved(book))
    assert read.rows == (Row(3, (None, None, "x", None)), Row(5, (None, None, None, 417.0)))


def test_ods_keeps_places_too() -> None:
    rows = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    rows += f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>{ods_cell("x")}</table:table-row>'
    (read,) = sheets_of(ods(rows))
    assert (read.name, read.rows) == ("S", (Row(3, (None, None, "x")),))


def test_values_come_with_their_kinds() -> None:
    book, ws = sheet()
    ws.append([date(2025, 9, 3), datetime(2025, 9, 3, 7, 5), time(3, 4), True, 1.5, " a "])
    (read,) = sheets_of(saved(book))
    assert read.rows[0].cells == (date(2025, 9, 3), datetime(2025, 9, 3, 7, 5), time(3, 4), True, 1.5, " a ")


def test_dates_of_the_1904_system_are_the_days_that_the_sheet_shows() -> None:
    book, ws = sheet()
    book.epoch = CALENDAR_MAC_1904
    ws["A1"] = date(2025, 9, 3)
    assert sheets_of(saved(book))[0].rows[0].cells == (date(2025, 9, 3),)


def test_error_cells_are_told_and_not_blank() -> None:
    book, ws = sheet()
    ws["A1"], ws["C2"], ws["B4"] = "x", "#N/A", "#REF!"
    ws["C2"].data_type = ws["B4"].data_type = "e"
    (read,) = sheets_of(saved(book))
    assert [(row.number, row.cell(1), row.cell(2)) for row in read.rows[1:]] == [
        (2, None, ErrorValue("#N/A")),
        (4, ErrorValue("#REF!"), None),
    ]


@pytest.mark.parametrize("piece", [7, 40, 333])
def test_error_cells_are_found_across_the_pieces_that_are_scanned(
    monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr("lms_sync.tables.archive.PIECE", piece)
    book, ws = sheet()
    for row in range(1, 8):
        for column, error in enumerate(("#N/A", "#REF!", "#DIV/0!"), start=1):
            ws.cell(row, column, error).data_type = "e"
    (read,) = sheets_of(saved(book))
    assert {row.cells for row in read.rows} == {(ErrorValue("#N/A"), ErrorValue("#REF!"), ErrorValue("#DIV/0!"))}
    assert len(read.rows) == 7


def test_error_cells_of_ods_are_told_also_beyond_the_last_value() -> None:
    error = '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value=""'
    error += ' calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
    rows = f"<table:table-row>{ods_cell('x')}</table:table-row>"
    rows += f"<table:table-row><table:table-cell/>{error}</table:table-row>"
    (read,) = sheets_of(ods(rows))
    assert read.rows[1].number == 2
    assert read.rows[1].cell(1) == ErrorValue("#N/A")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<table:table-cell office:value-type="percentage" office:value="0.85"/>', "85.00%"),
        ('<table:table-cell office:value-type="float" office:value="417"/>', 417.0),
        ('<table:table-cell table:formula="of:=A1"/>', UNCALCULATED),
        ('<table:table-cell table:formula="of:=A1" office:value-type="string" office:string-value=""/>', None),
    ],
)
def test_ods_cell_whose_file_does_not_say_what_it_shows(cell: str, value: Value) -> None:
    (read,) = sheets_of(ods(f"<table:table-row>{ods_cell('x')}{cell}</table:table-row>"))
    assert read.rows[0].cell(1) == value


def test_cells_without_addresses_follow_one_another() -> None:
    book, ws = sheet()
    ws.append(["x", "#N/A"])
    ws["B1"].data_type = "e"
    data = saved(book)
    part = "xl/worksheets/sheet1.xml"
    xml = zipfile.ZipFile(io.BytesIO(data)).read(part)
    changed = xml.replace(b' r="A1"', b"").replace(b' r="B1"', b"").replace(b'<row r="1"', b"<row")
    (read,) = sheets_of(with_part(data, part, changed))
    assert read.rows == (Row(1, ("x", ErrorValue("#N/A"))),)


def test_hidden_sheets_are_told() -> None:
    book, _ = sheet()
    book.create_sheet("Lists").sheet_state = "hidden"
    book.create_sheet("Deep").sheet_state = "veryHidden"
    assert [(one.name, one.hidden) for one in sheets_of(saved(book))] == [
        ("Sheet", False),
        ("Lists", True),
        ("Deep", True),
    ]


def test_sheet_of_blanks_has_no_rows() -> None:
    book, ws = sheet()
    ws["B2"] = "   "
    assert sheets_of(saved(book))[0].rows == ()
