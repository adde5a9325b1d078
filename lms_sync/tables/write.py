"""Sheets → one xlsx file: tables with filters, drop-downs, notes, print set-up.

What a person or a vendor wrote is stored as text: no spreadsheet runs it. The same sheets give the same bytes.
Workbooks that are filled in, annotated or added to are openpyxl's (`annotate.py`, `append.py`).
"""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

from lms_sync.files import write_whole
from lms_sync.tables.looks import Looks, Tone
from lms_sync.tables.quick_book import QuickWorkbook
from lms_sync.tables.quick_cells import QuickSheet
from lms_sync.tables.sheet_cells import CellSpec, SheetCells, Value, write_text
from lms_sync.tables.text_cells import Kind, fit_text, is_risky

LAST_FORM_ROW = 5000
"""Drop-downs and notes reach down to this row of a sheet."""
_FIXED_DAY = date(2000, 1, 1)
_LINE_HEIGHT = 15.0  # points of one line of text
_LETTER = 1  # paper
_PRINTED_HEIGHT = 504.0  # points of Letter landscape between the margins
_SMALLEST_PRINT = 0.65
"""A sheet is not made smaller than this for the sake of one page."""
_WIDE = 60
"""From this width on a line holds more signs than the column says: most are narrower than a digit."""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column of a sheet."""

    heading: str
    """Unique in its sheet."""
    width: float
    """In characters of the normal font."""
    kind: Kind = "text"
    note: str = ""
    """Shown beside a cell while it is being filled in; at most 255 characters."""
    choices: tuple[str, ...] = ()
    """The drop-down's words, without commas; together at most 255 characters."""


class Toned(NamedTuple):
    """A value with a background. The tone only repeats what the words say: colour never carries the meaning."""

    value: Value
    tone: Tone = ""
    suffix: str = ""
    """Shown after a date, which stays a real date: `3 Nov 2026 !`."""


Row = tuple[Value | Toned, ...]


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet: lines of introduction, then one table with a header row."""

    title: str
    """At most 31 characters, none of `[]:*?/\\`."""
    columns: tuple[ColumnSpec, ...]
    rows: Iterable[Row]
    """Cells in the columns' order, gone through once. Instants are for the caller to write as text."""
    intro: tuple[str, ...] = ()
    """The first line is set as a heading."""
    table: str = ""
    """The Excel table's name: letters, digits and underscores, unique in the workbook; empty for no table."""
    freeze_columns: int = 0
    """Columns that stay while scrolling sideways; each printed page is one across, and repeats the header row."""
    landscape: bool = True
    one_page: bool = False
    """Printed smaller, down to two thirds, where that brings it on one page."""
    marks: tuple[tuple[str, Tone], ...] = ()
    """(sign with which a text begins, tone): conditional formats of the whole table."""

    @property
    def header_row(self) -> int:
        """Return the header's row number, counted from 1: below the introduction and a blank row."""
        return len(self.intro) + 2 if self.intro else 1


def write_workbook(path: Path | None, sheets: Iterable[SheetSpec], *, title: str, day: date = _FIXED_DAY) -> bytes:
    """Return the xlsx file's bytes; with a path also write it there, whole or not at all.

    `title` and `day` become the file's properties (title, created). Raises: ValueError for a specification that
    Excel would repair: a doubled heading, a row of another length, too long a drop-down.
    """
    content = BytesIO()
    title = fit_text(title)
    book = QuickWorkbook(content)
    cells = SheetCells(book, _cell)
    book.set_properties({"title": title, "author": "lms_sync", "created": datetime.combine(day, time())})
    with ExitStack() as rows_out:
        for spec in sheets:
            _check(spec)
            sheet = book.add_worksheet(spec.title, QuickSheet)
            rows_out.enter_context(sheet.rows_out)
            height = _write_sheet(sheet, spec, cells)
            _set_up_print(sheet, spec, title, height=height)
        book.close()
    if path is not None:
        write_whole(path, content.getvalue())
    return content.getvalue()


def neutral(text: str) -> str:
    """Return text for a csv cell, where only a leading apostrophe keeps a spreadsheet from running it."""
    return f"'{text}" if is_risky(text.lstrip(" ")) else text


def _check(spec: SheetSpec) -> None:
    headings = [column.heading.casefold() for column in spec.columns]
    if len(set(headings)) != len(headings):
        raise ValueError(f"sheet {spec.title}: two columns have the same heading")
    if len(spec.title) > 31:
        raise ValueError(f"sheet {spec.title}: a title holds at most 31 characters")
    for column in spec.columns:
        if len(",".join(column.choices)) > 255 or any("," in choice for choice in column.choices):
            raise ValueError(f"sheet {spec.title}, {column.heading}: too long a drop-down, or a comma in a choice")
        if len(column.note) > 255:
            raise ValueError(f"sheet {spec.title}, {column.heading}: a note holds at most 255 characters")


def _write_sheet(sheet: QuickSheet, spec: SheetSpec, cells: SheetCells) -> float:
    """Write a sheet and return how high it is, in points."""
    looks = cells.looks
    for number, line in enumerate(map(fit_text, spec.intro)):
        write_text(sheet, (number, 0), line, looks.introduction(first=number == 0, risky=is_risky(line)))
    _write_header(sheet, spec, looks)
    number, height = _write_rows(sheet, spec, cells)
    if spec.table:
        sheet.end_table(spec.header_row - 1, spec.header_row - 1 + max(number, 1), len(spec.columns))
    if number:
        _add_marks(sheet, spec, looks, last=spec.header_row + number - 1)
    _add_help(sheet, spec)
    return height + spec.header_row * _LINE_HEIGHT


def _write_rows(sheet: QuickSheet, spec: SheetSpec, cells: SheetCells) -> tuple[int, float]:
    """Write the table's rows, each let go as soon as it stands; return how many there are, and their height."""
    kinds, number, whole = [column.kind for column in spec.columns], 0, 0.0
    for row in spec.rows:
        if len(row) != len(kinds):
            raise ValueError(f"sheet {spec.title}: a row has {len(row)} cells for {len(kinds)} columns")
        place = spec.header_row + number
        height = _height(spec.columns, row)
        sheet.set_row(place, height)
        cells.write_row(sheet, place, row, kinds)
        sheet.end_row(place)
        number, whole = number + 1, whole + height
    return number, whole


def _cell(value: Value | Toned, kind: Kind) -> CellSpec:
    if isinstance(value, Toned):
        return CellSpec(value.value, value.tone, value.suffix, kind)
    return CellSpec(value, "", "", kind)


def _write_header(sheet: Any, spec: SheetSpec, looks: Looks) -> None:
    for index, column in enumerate(spec.columns):
        # Cells that are still empty take the column's format, so an id typed later keeps its leading zeros.
        sheet.set_column(index, index, _width(column.width), looks.column(column.kind))
    headings = tuple(fit_text(column.heading) for column in spec.columns)
    sheet.set_row(spec.header_row - 1, _height(spec.columns, headings))
    sheet.freeze_panes(spec.header_row, spec.freeze_columns)
    _add_table(sheet, spec, headings)
    for index, heading in enumerate(headings):
        write_text(sheet, (spec.header_row - 1, index), heading, looks.heading(risky=is_risky(heading)))


def _width(characters: float) -> float:
    """Return the width to ask for, so that the file says `characters`: XlsxWriter adds five pixels of seven each."""
    return (characters * 7 - 5) / 7


def _height(columns: tuple[ColumnSpec, ...], row: Row) -> float:
    """Return the height in points that shows wrapped text whole: not every program works it out when it opens."""
    most = 1
    for column, value in zip(columns, row, strict=True):
        words = value.value if isinstance(value, Toned) else value
        share = (0.92 if column.width >= _WIDE else 1.1) / column.width
        if isinstance(words, str) and (len(words) * share > 1 or "\n" in words):
            most = max(most, sum(max(1, ceil(len(line) * share)) for line in words.split("\n")))
    return _LINE_HEIGHT * min(most, 25)


def _add_table(sheet: QuickSheet, spec: SheetSpec, headings: tuple[str, ...]) -> None:
    if spec.table:
        columns = [{"header": heading} for heading in headings]
        style = {"name": spec.table, "style": "Table Style Light 1", "columns": columns}
        sheet.put_table(spec.header_row - 1, style)


def _add_marks(sheet: Any, spec: SheetSpec, looks: Looks, *, last: int) -> None:
    """Colour cells by the sign with which their text begins: a person who corrects one sees its colour follow."""
    first = spec.header_row
    for sign, tone in spec.marks:
        if tone:
            criteria = f'=LEFT(A{first + 1},{len(sign)})="{sign}"'
            rule = {"type": "formula", "criteria": criteria, "format": looks.mark(tone)}
            sheet.conditional_format(first, 0, last, len(spec.columns) - 1, rule)


def _add_help(sheet: Any, spec: SheetSpec) -> None:
    for index, column in enumerate(spec.columns):
        if not (column.note or column.choices):
            continue
        rule: dict[str, object] = {"validate": "any"}
        if column.choices:
            rule = {"validate": "list", "source": list(column.choices), "error_title": column.heading[:32]}
            rule["error_message"] = "Choose one of: " + ", ".join(column.choices)[:200]
        if column.note:
            rule |= {"input_title": column.heading[:32], "input_message": column.note}
        sheet.data_validation(spec.header_row, index, LAST_FORM_ROW - 1, index, rule)


def _set_up_print(sheet: Any, spec: SheetSpec, title: str, *, height: float) -> None:
    sheet.set_landscape() if spec.landscape else sheet.set_portrait()
    sheet.set_paper(_LETTER)
    sheet.fit_to_pages(1, 1 if spec.one_page and height * _SMALLEST_PRINT <= _PRINTED_HEIGHT else 0)
    sheet.repeat_rows(spec.header_row - 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.75)
    sheet.set_header("", {"margin": 0.3})
    sheet.set_footer("&L" + title[:100].replace("&", "&&") + "&R&A, page &P of &N", {"margin": 0.3})
