"""A sheet written quickly is the sheet that XlsxWriter writes by what its documentation promises."""

import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from lms_sync.tables import quick_book, quick_cells, write
from lms_sync.tables.quick_book import QuickWorkbook
from lms_sync.tables.quick_cells import QuickSheet
from lms_sync.tables.sheet_cells import CellSpec, SheetCells
from lms_sync.tables.text_cells import fit_text
from lms_sync.tables.write import ColumnSpec, Row, SheetSpec, Toned, write_workbook

COLUMNS = (
    ColumnSpec("Text", 12),
    ColumnSpec("Day", 10, "date"),
    ColumnSpec("Days", 14, "number"),
    ColumnSpec("Fee", 10, "money"),
    ColumnSpec("Link", 30, "link"),
)
TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ("", "=1+1", "two\nlines", "<r>x</r>", "_x000D_x000D_", "_x000D_", "a & b < c", "https://example.org/a", " ")
    ),
)
DAYS = st.one_of(
    st.dates(date(1899, 12, 1), date(1900, 4, 1)).filter(lambda day: day >= date(1900, 1, 1)),
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
)
NUMBERS = st.one_of(
    st.integers(-(10**6), 10**16),
    st.floats(-1e9, 1e9),
    st.decimals(-1000, 1000, places=2),
    st.booleans(),
)
VALUES = st.one_of(st.none(), TEXTS, DAYS, NUMBERS)
TONED = st.builds(Toned, VALUES, st.sampled_from(("", "bad", "good")), st.sampled_from(("", " !")))
ROWS = st.lists(st.tuples(*[st.one_of(VALUES, TONED)] * len(COLUMNS)), max_size=6).map(tuple)


def written(rows: tuple[Row, ...]) -> bytes:
    spec = SheetSpec("S", COLUMNS, rows, intro=("Some rows",), table="T")
    return write_workbook(None, [spec, SheetSpec("Again", COLUMNS, rows[:2])], title="x")


def as_read(content: bytes) -> list[Any]:
    """Return everything that a reader sees of each cell, and how high each row is."""
    seen: list[Any] = []
    for sheet in load_workbook(BytesIO(content), rich_text=False).worksheets:
        seen += [(table.ref, table.autoFilter.ref, table.column_names) for table in sheet.tables.values()]
        seen.append((sheet.title, sheet.dimensions, [sheet.row_dimensions[n].height for n in range(1, 12)]))
        for row in sheet.iter_rows():
            for cell in row:
                looks = (cell.number_format, cell.fill.fgColor.rgb, cell.font.color, cell.border.bottom.style)
                link = cell.hyperlink.target if cell.hyperlink else None
                value = (cell.value, cell.data_type, cell.quotePrefix, link)
                seen.append((cell.coordinate, value, looks, cell.alignment.horizontal, cell.alignment.vertical))
    return seen


def in_memory(content: BytesIO) -> xlsxwriter.Workbook:
    return xlsxwriter.Workbook(content, {"in_memory": True})


def texts_of(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as book:
        return book.read("xl/sharedStrings.xml").decode()


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_both_ways_give_one_sheet(rows: tuple[Row, ...]) -> None:
    def whole_table(sheet: Any, top: int, style: Any) -> None:
        sheet.add_table(top, 0, top + max(len(rows), 1), len(style["columns"]) - 1, style)

    quick = written(rows)
    with (
        patch.object(SheetCells, "_content", lambda *_: None),
        patch.multiple(QuickSheet, put_table=whole_table, end_table=lambda *_: None),
    ):
        careful = written(rows)
    assert as_read(quick) == as_read(careful)
    count = re.compile('count="[0-9]+"')
    assert count.findall(texts_of(quick)) == count.findall(texts_of(careful))


@settings(max_examples=20, deadline=None)
@given(ROWS, st.sampled_from((1, 100, 65_536)))
def test_rows_that_are_let_go_and_parts_written_as_they_come_give_the_same_file(
    rows: tuple[Row, ...], at_once: int
) -> None:
    with patch.object(quick_cells, "_AT_ONCE", at_once), patch.object(quick_book, "_AT_ONCE", at_once):
        quick = written(rows)
    with patch.object(QuickSheet, "end_row", lambda *_: None), patch.object(write, "QuickWorkbook", in_memory):
        assert quick == written(rows)


def test_of_the_rows_only_those_with_a_cell_of_the_librarys_own_are_held() -> None:
    book = QuickWorkbook(BytesIO())
    sheet, cells = (
        book.add_worksheet("S", QuickSheet),
        SheetCells(book, lambda value, kind: CellSpec(value, "", "", kind)),
    )
    with sheet.rows_out:
        for row, link in enumerate(("", "https://example.org/a", "")):
            sheet.set_row(row, 15)
            cells.write_row(sheet, row, ("a", link), ("text", "link"))
            sheet.end_row(row)
        assert list(sheet.table) == list(sheet.row_info) == [1]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_refused_as_before(number: float | Decimal) -> None:
    with pytest.raises(TypeError):
        written(((None, None, number, None, None),))


def test_a_column_beyond_the_named_ones_has_its_place() -> None:
    columns = tuple(ColumnSpec(f"C{number}", 5) for number in range(130))
    row = tuple(f"v{number}" for number in range(130))
    (sheet,) = load_workbook(BytesIO(write_workbook(None, [SheetSpec("S", columns, (row,))], title="x"))).worksheets
    assert [cell.value for cell in sheet[2]] == list(row)


def test_equal_values_of_two_kinds_are_not_mistaken_for_each_other() -> None:
    rows: tuple[Row, ...] = (
        (1, None, 1, 1, None),
        ("1", "1", Decimal(1), Decimal("1.00"), 1),
        (date(2026, 1, 1),) * 5,
    )
    quick = written(rows)
    with patch.object(SheetCells, "_content", lambda *_: None):
        assert as_read(quick) == as_read(written(rows))


@pytest.mark.parametrize("letters", [16_383, 16_384, 20_000, 32_767, 40_000])
def test_a_text_is_as_long_as_excel_counts_it(letters: int) -> None:
    text = "\U0001f600" * letters
    (sheet,) = load_workbook(BytesIO(write_workbook(None, [SheetSpec("S", COLUMNS[:1], ((text,),))], title="x")))
    kept = str(sheet["A2"].value)
    assert len(kept.encode("utf-16-le")) // 2 <= 32_767
    assert kept == text if letters == 16_383 else kept.startswith(text[:16_383]) and kept.endswith("…")


@pytest.mark.parametrize("sign", ["\x01", "\x1b", "\ufffe", "\ud800", "\n"])
@pytest.mark.parametrize("where", ["https://example.org/{}", "https://example.org/{}/b"])
def test_an_address_that_no_file_can_hold_is_text(sign: str, where: str) -> None:
    words = where.format(sign)
    content = write_workbook(None, [SheetSpec("S", COLUMNS[4:], ((words,),))], title="x")
    cell = load_workbook(BytesIO(content)).worksheets[0]["A2"]
    assert (cell.value, cell.hyperlink) == (fit_text(words), None)
