"""Sheets → one xlsx file: tables with filters, drop-downs, notes, print set-up; the only home of openpyxl.

What a person or a vendor wrote is stored as text: no spreadsheet runs it. The same sheets give the same bytes.
"""

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Literal, cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.files import write_whole
from lms_sync.tables.marks import add_marks
from lms_sync.tables.steady import steady_bytes

Kind = Literal["text", "date", "number", "money", "link"]
Tone = Literal["", "bad", "warn", "good", "quiet"]
Value = str | int | float | Decimal | date | None

FORMATS: dict[Kind, str] = {
    "text": "@",
    "date": "d mmm yyyy",
    "number": "General",
    "money": "$#,##0.00",
    "link": "@",
}
LAST_FORM_ROW = 5000
"""Drop-downs and notes reach down to this row of a sheet."""
LONGEST_TEXT = 32_767
"""Excel's limit of characters in a cell."""

_FIXED_DAY = date(2000, 1, 1)
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads `_x000D_` in a text as a character code; its own escape for the underscore keeps the text as it is.
_CODE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FONT = "Calibri"
_LINE_HEIGHT = 15.0  # points of one line of text
_HEADER_FILL = PatternFill("solid", fgColor="1F3864")
_LINE = Border(bottom=Side("thin", color="BFBFBF"))
COLOURS: dict[Tone, str] = {"bad": "F8D7DA", "warn": "FFF3CD", "good": "E2F0D9", "quiet": "EDEDED"}
_FILLS = {tone: PatternFill("solid", fgColor=colour) for tone, colour in COLOURS.items()}


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


@dataclass(frozen=True, slots=True)
class Toned:
    """A value with a background. The tone only repeats what the words say: colour never carries the meaning."""

    value: Value
    tone: Tone = ""
    suffix: str = ""
    """Shown after a date, which stays a real date: `3 Nov 2026 !`."""


Row = tuple[Value | Toned, ...]
Looks = dict[tuple[str, Tone], StyleArray]
"""(alignment, background) → how openpyxl keeps that look in one workbook."""
_HEADING: tuple[str, Tone] = ("heading", "")


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet: lines of introduction, then one table with a header row."""

    title: str
    """At most 31 characters, none of `[]:*?/\\`."""
    columns: tuple[ColumnSpec, ...]
    rows: tuple[Row, ...]
    """Cells in the columns' order. Instants are for the caller to write as text."""
    intro: tuple[str, ...] = ()
    """The first line is set as a heading."""
    table: str = ""
    """The Excel table's name: letters, digits and underscores, unique in the workbook; empty for no table."""
    freeze_columns: int = 0
    """Columns that stay while scrolling sideways, and that each printed page repeats; so does the header row."""
    landscape: bool = True
    pages_wide: int = 1
    """The print is shrunk to this many pages across."""
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
    title = _NOT_IN_XML.sub("\ufffd", title)
    book = Workbook()
    book.remove(book.worksheets[0])
    looks: Looks = {}
    for spec in sheets:
        _check(spec)
        _write_sheet(book.create_sheet(spec.title), spec, title, looks=looks)
    book.properties.title = title
    book.properties.creator = "lms_sync"
    book.properties.language = "en-US"
    book.properties.created = datetime.combine(day, time())
    content = steady_bytes(book)
    if path is not None:
        write_whole(path, content)
    return content


def neutral(text: str) -> str:
    """Return text for a csv cell, where only a leading apostrophe keeps a spreadsheet from running it."""
    return f"'{text}" if text.lstrip(" ").startswith(_RISKY) else text


def _check(spec: SheetSpec) -> None:
    headings = [column.heading.casefold() for column in spec.columns]
    if len(set(headings)) != len(headings):
        raise ValueError(f"sheet {spec.title}: two columns have the same heading")
    if len(spec.title) > 31:
        raise ValueError(f"sheet {spec.title}: a title holds at most 31 characters")
    for row in spec.rows:
        if len(row) != len(headings):
            raise ValueError(f"sheet {spec.title}: a row has {len(row)} cells for {len(headings)} columns")
    for column in spec.columns:
        if len(",".join(column.choices)) > 255 or any("," in choice for choice in column.choices):
            raise ValueError(f"sheet {spec.title}, {column.heading}: too long a drop-down, or a comma in a choice")
        if len(column.note) > 255:
            raise ValueError(f"sheet {spec.title}, {column.heading}: a note holds at most 255 characters")


def _write_sheet(sheet: Worksheet, spec: SheetSpec, title: str, *, looks: Looks) -> None:
    for number, line in enumerate(spec.intro, start=1):
        # Beside columns that every page repeats: there a page would repeat the beginnings of these lines, cut off.
        cell = _cell(sheet, number, spec.freeze_columns + 1 if spec.pages_wide > 1 else 1)
        set_text(cell, line)
        cell.font = Font(name=_FONT, bold=True, size=14) if number == 1 else Font(name=_FONT)
    _write_header(sheet, spec, looks)
    for number, row in enumerate(spec.rows, start=spec.header_row + 1):
        for index, (column, value) in enumerate(zip(spec.columns, row, strict=True), start=1):
            toned = value if isinstance(value, Toned) else Toned(value)
            _set_cell(_cell(sheet, number, index), toned, kind=column.kind, looks=looks)
        sheet.row_dimensions[number].height = _height(spec.columns, row)
    if spec.marks and spec.rows:
        area = f"A{spec.header_row + 1}:{get_column_letter(len(spec.columns))}{spec.header_row + len(spec.rows)}"
        add_marks(sheet, area, {sign: COLOURS[tone] for sign, tone in spec.marks if tone})
    _add_table(sheet, spec)
    _add_help(sheet, spec)
    _set_up_print(sheet, spec, title)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    # No sheet of ours merges cells, so it is never the other member of openpyxl's union.
    return cast(Cell, sheet.cell(row, column))


def _write_header(sheet: Worksheet, spec: SheetSpec, looks: Looks) -> None:
    for index, column in enumerate(spec.columns, start=1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = column.width
        # Cells that are still empty take the column's format, so an id typed later keeps its leading zeros.
        sheet.column_dimensions[letter].number_format = FORMATS[column.kind]
        cell = _cell(sheet, spec.header_row, index)
        _look_as_heading(cell, looks)
        set_text(cell, column.heading)
    headings = tuple(column.heading for column in spec.columns)
    sheet.row_dimensions[spec.header_row].height = _height(spec.columns, headings)
    sheet.freeze_panes = f"{get_column_letter(spec.freeze_columns + 1)}{spec.header_row + 1}"


def _height(columns: tuple[ColumnSpec, ...], row: Row) -> float:
    """Return the height in points that shows wrapped text whole: not every program works it out when it opens."""
    values = [value.value if isinstance(value, Toned) else value for value in row]
    lines = [
        sum(max(1, ceil(len(line) * 1.1 / column.width)) for line in value.split("\n"))
        for column, value in zip(columns, values, strict=True)
        if isinstance(value, str)
    ]
    return _LINE_HEIGHT * min(max(lines, default=1), 25)


def set_text(cell: Cell, text: str) -> None:
    """Write text as text: never a formula, whatever it starts with, also after someone edits the cell."""
    clean = _CODE_LIKE.sub("_x005F_", _NOT_IN_XML.sub("\ufffd", text))
    cell.value = clean if len(clean) <= LONGEST_TEXT else clean[: LONGEST_TEXT - 1] + "…"
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = clean.startswith(_RISKY)


def _look(cell: Cell, *, side: str, tone: Tone, looks: Looks) -> None:
    """Give a cell its line, alignment and background. openpyxl takes long over each, so equal ones are made once."""
    if (side, tone) in looks:
        cell._style = copy(looks[side, tone])  # type: ignore[attr-defined]  # the stubs leave it out
        return
    cell.border = _LINE
    cell.alignment = Alignment(horizontal=side, vertical="top", wrap_text=True)
    if tone:
        cell.fill = _FILLS[tone]
    looks[side, tone] = copy(cell._style)  # type: ignore[attr-defined]


def _look_as_heading(cell: Cell, looks: Looks) -> None:
    if _HEADING in looks:
        cell._style = copy(looks[_HEADING])  # type: ignore[attr-defined]
        return
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    cell.font, cell.fill = Font(name=_FONT, bold=True, color="FFFFFF"), _HEADER_FILL
    looks[_HEADING] = copy(cell._style)  # type: ignore[attr-defined]


def _set_cell(cell: Cell, toned: Toned, *, kind: Kind, looks: Looks) -> None:
    value = toned.value
    _look(cell, side="right" if kind == "money" else "left", tone=toned.tone, looks=looks)
    match value:
        case None | "":
            cell.number_format = FORMATS[kind]
        case str():
            set_text(cell, value)
            if kind == "link" and re.match(r"https?://\S+$", value):
                cell.hyperlink = value
                cell.font = Font(name=_FONT, color="0563C1", underline="single")
        case date():
            cell.value = value
            cell.number_format = FORMATS["date"] + (f'"{toned.suffix}"' if toned.suffix else "")
        case _:
            cell.value = value
            cell.number_format = FORMATS["money" if kind == "money" else "number"]


def _add_table(sheet: Worksheet, spec: SheetSpec) -> None:
    if not spec.table:
        return
    last = spec.header_row + max(len(spec.rows), 1)
    table = Table(displayName=spec.table, ref=f"A{spec.header_row}:{get_column_letter(len(spec.columns))}{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(table)


def _add_help(sheet: Worksheet, spec: SheetSpec) -> None:
    for index, column in enumerate(spec.columns, start=1):
        if not (column.note or column.choices):
            continue
        words = f'"{",".join(column.choices)}"' if column.choices else None
        rule = DataValidation(type="list" if words else None, formula1=words, allow_blank=True)
        if column.note:
            rule.promptTitle, rule.prompt, rule.showInputMessage = column.heading[:32], column.note, True
        if column.choices:
            rule.errorTitle, rule.showErrorMessage = column.heading[:32], True
            rule.error = "Choose one of: " + ", ".join(column.choices)[:200]
        letter = get_column_letter(index)
        rule.add(f"{letter}{spec.header_row + 1}:{letter}{LAST_FORM_ROW}")
        sheet.add_data_validation(rule)


def _set_up_print(sheet: Worksheet, spec: SheetSpec, title: str) -> None:
    sheet.page_setup.orientation = "landscape" if spec.landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_LETTER
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = spec.pages_wide, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{spec.header_row}:{spec.header_row}"
    if spec.freeze_columns:
        sheet.print_title_cols = f"A:{get_column_letter(spec.freeze_columns)}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.75
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(text=title[:100].replace("&", "&&")),
        right=_HeaderFooterPart(text="&A, page &P of &N"),
    )
