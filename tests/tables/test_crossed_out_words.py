"""Words that are crossed out within a cell: the whole cell is told as crossed out."""

import io
from collections.abc import Callable
from html import escape
from typing import cast

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.tables.read import sheets_of
from tests.tables.test_kinds_by_format import ods_of

Runs = tuple[tuple[str, bool], ...]
"""The runs of a cell's letters, and whether each is crossed out."""
Rows = tuple[tuple[Runs, ...], ...]
ROWS: Rows = (
    ((("Name", False),), (("Course", False),)),
    ((("Ana ", False), ("Reyes", True)), (("Trauma", False),)),
    ((("Bo ", False), ("Lee", False)), (("Trauma", False),)),
    ((("Cy Roe", False),), (("Tra", True), ("uma", False))),
    ((("Bo ", False), ("Lee", False)), (("Trauma", False),)),
)
CROSSED_OUT = {2: (0,), 4: (1,)}


def in_the_cell(rows: Rows) -> bytes:
    """Return an xlsx workbook whose cells hold their texts themselves."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = cast(Worksheet, book.active)
    for row in rows:
        sheet.append(
            [CellRichText(*(TextBlock(InlineFont(strike=struck), words) for words, struck in c)) for c in row]
        )
    book.save(stream)
    return stream.getvalue()


def shared(rows: Rows) -> bytes:
    """Return an xlsx workbook whose sheets share their texts."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        looks = {struck: book.add_format({"font_strikeout": struck}) for struck in (False, True)}
        for number, row in enumerate(rows):
            for column, runs in enumerate(row):
                parts = [part for words, struck in runs for part in (looks[struck], words)]
                if len(runs) == 1:
                    sheet.write_string(number, column, runs[0][0])
                else:
                    sheet.write_rich_string(number, column, *parts)
    return stream.getvalue()


def as_ods(rows: Rows) -> bytes:
    """Return the same as LibreOffice writes it."""
    lines = ""
    for row in rows:
        spans = (
            "".join(f'<text:span text:style-name="T{struck:d}">{escape(words)}</text:span>' for words, struck in runs)
            for runs in row
        )
        kind = 'office:value-type="string" table:style-name="plain"'
        cells = (f"<table:table-cell {kind}><text:p>{runs}</text:p></table:table-cell>" for runs in spans)
        lines += f"<table:table-row>{''.join(cells)}</table:table-row>"
    styles = "".join(
        f'<style:style style:name="T{n}" style:family="text"><style:text-properties {through}/></style:style>'
        for n, through in enumerate(('style:text-line-through-style="none"', 'style:text-line-through-type="single"'))
    )
    return ods_of(lines, styles)


@pytest.mark.parametrize("write", [in_the_cell, shared, as_ods])
def test_words_that_are_crossed_out_within_a_cell_are_told(write: Callable[[Rows], bytes]) -> None:
    (sheet,) = sheets_of(write(ROWS))
    assert sheet.crossed_out == CROSSED_OUT
    assert [row.cells for row in sheet.rows] == [tuple("".join(w for w, _ in runs) for runs in row) for row in ROWS]
