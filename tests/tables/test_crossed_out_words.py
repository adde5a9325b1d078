"""Words that are crossed out within a cell: the whole cell is told as crossed out."""

import io
import struct
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import cast

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.tables.read import sheets_of
from lms_sync.tables.text_runs import is_struck, runs_of_xls
from tests.tables.test_kinds_by_format import ods_of
from tests.tables.xlsb_book import Shared, text, xlsb

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


def as_xlsb(rows: Rows) -> bytes:
    """Return an xlsb workbook whose sheets share their texts."""
    bodies = []
    for runs in (runs for row in rows for runs in row):
        body, starts, words = bytes((len(runs) > 1,)), b"", ""
        for part, struck in runs:
            starts += struct.pack("<HH", len(words), struck)
            words += part
        body += text(words)
        bodies.append(body + struct.pack("<I", len(runs)) + starts if len(runs) > 1 else body)
    width = len(rows[0])
    cells = [[Shared(number * width + column) for column in range(width)] for number in range(len(rows))]
    return xlsb(cells, shared=bodies)


def as_xls(_: Rows) -> bytes:
    """Return the same as LibreOffice wrote it."""
    return (Path(__file__).parent / "books/crossed-out-words.xls").read_bytes()


@pytest.mark.parametrize("write", [in_the_cell, shared, as_ods, as_xlsb, as_xls])
def test_words_that_are_crossed_out_within_a_cell_are_told(write: Callable[[Rows], bytes]) -> None:
    (sheet,) = sheets_of(write(ROWS))
    assert sheet.crossed_out == CROSSED_OUT
    assert [row.cells for row in sheet.rows] == [tuple("".join(w for w, _ in runs) for runs in row) for row in ROWS]


LETTERS = "Ana Réyes"
RUNS = [(0, 2), (4, 7)]
LISTED = b"".join(
    (
        struct.pack("<II", 3, 3),
        struct.pack("<HB", 3, 0) + b"One",
        struct.pack("<HBHI", len(LETTERS), 0x0D, len(RUNS), 5) + LETTERS.encode("utf-16-le"),
        b"".join(struct.pack("<HH", *run) for run in RUNS) + b"extra",
        struct.pack("<HB", 2, 1) + "Ωo".encode("utf-16-le"),
    )
)
BEGIN = LISTED.index(LETTERS.encode("utf-16-le"))


@pytest.mark.parametrize("place", range(8, len(LISTED)))
def test_a_list_of_texts_goes_on_in_another_record_anywhere(place: int) -> None:
    letters = range(BEGIN, BEGIN + 2 * len(LETTERS)), range(len(LISTED) - 4, len(LISTED))
    if any(place in wide and (place - wide.start) % 2 for wide in letters):
        place -= 1  # no letter is torn
    in_letters = place in range(11, 14) or any(place in wide for wide in letters)
    signs = bytes((place not in range(11, 14),)) * in_letters
    parts = [LISTED[:place], signs + LISTED[place:]]
    assert [*runs_of_xls(parts)] == [(3, []), (len(LETTERS), RUNS), (2, [])]


def test_a_run_without_letters_crosses_nothing_out() -> None:
    runs: tuple[list[tuple[int, int]], ...] = [(0, 1)], [(0, 0), (2, 1)], [(0, 0), (3, 1)], [(0, 1), (0, 0)]
    assert [is_struck(3, some, (False, True)) for some in runs] == [True, True, False, False]
