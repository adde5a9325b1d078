"""A sheet written quickly is the sheet that XlsxWriter writes by what its documentation promises."""

import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from lms_sync.tables.quick_cells import QuickSheet
from lms_sync.tables.sheet_cells import SheetCells
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


def by_library(sheet: Any, top: int, bottom: int, style: Any) -> None:
    sheet.add_table(top, 0, bottom, len(style["columns"]) - 1, style)


def texts_of(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as book:
        return book.read("xl/sharedStrings.xml").decode()


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_both_ways_give_one_sheet(rows: tuple[Row, ...]) -> None:
    quick = written(rows)
    with patch.object(SheetCells, "_content", lambda *_: None), patch.object(QuickSheet, "put_table", by_library):
        careful = written(rows)
    assert as_read(quick) == as_read(careful)
    count = re.compile('count="[0-9]+"')
    assert count.findall(texts_of(quick)) == count.findall(texts_of(careful))


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
