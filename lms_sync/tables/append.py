"""Rows put below those of a workbook that people keep: their styles, drop-downs and tables stay."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import cast

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.errors import UsageError
from lms_sync.tables.added_text import set_text
from lms_sync.tables.text_cells import FORMATS
from lms_sync.text import fold

_LOST = ("xl/media/", "xl/charts/", "xl/pivotTables/", "xl/vbaProject", "xl/slicers/")
"""Parts of a workbook that are not kept when it is written again."""


@dataclass(frozen=True, slots=True)
class RowsBelow:
    """Rows to be put below those of one sheet."""

    sheet: str
    header: int
    """The number of the row with the headings."""
    columns: Mapping[str, int]
    """Heading → 0-based column."""
    rows: Sequence[Mapping[str, str | date]]
    """Heading → what to write; cells that are not named stay blank."""


def append_rows(content: bytes, below: RowsBelow) -> bytes:
    """Return an xlsx file's bytes with rows below the last one of a sheet that holds anything.

    Each new row looks as the last one does. What `content` is was read behind the guard before.
    Raises: UsageError for a workbook of which something would be lost: pictures, charts, pivot tables, macros.
    """
    _expect_whole(content)
    book = load_workbook(BytesIO(content))
    sheet = next(sheet for sheet in book.worksheets if fold(sheet.title) == fold(below.sheet))
    last = _last_row(sheet, below)
    for number, row in enumerate(below.rows, start=last + 1):
        _put(sheet, number, row, below=below, like=last if last > below.header else 0)
    _lengthen(sheet, last=last, by=len(below.rows), header=below.header)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _expect_whole(content: bytes) -> None:
    hint = "Add the rows by hand: `lms-sync mappings suggest -o new-rows.xlsx` writes them to copy."
    if not zipfile.is_zipfile(BytesIO(content)):
        raise UsageError("rows can be added to an xlsx workbook only", hint=f"Save it as .xlsx. {hint}")
    with zipfile.ZipFile(BytesIO(content)) as parts:
        lost = sorted({name.split("/")[1] for name in parts.namelist() if name.startswith(_LOST)})
    if lost:
        raise UsageError(f"the workbook holds {', '.join(lost)}, which would be lost", hint=hint)


def _last_row(sheet: Worksheet, below: RowsBelow) -> int:
    """Return the number of the last row that holds anything, at least the header's."""
    for number in range(sheet.max_row, below.header, -1):
        if any(sheet.cell(number, column + 1).value not in (None, "") for column in below.columns.values()):
            return number
    return below.header


def _put(sheet: Worksheet, number: int, row: Mapping[str, str | date], *, below: RowsBelow, like: int) -> None:
    """Write one row; `like` is the number of the row that it is to look like, 0 for none."""
    for column in range(1, sheet.max_column + 1 if like else 1):
        pattern, cell = sheet.cell(like, column), _cell(sheet, number, column)
        cell._style = copy(pattern._style)  # type: ignore[attr-defined, union-attr]  # the stubs leave it out
    for heading, value in row.items():
        cell = _cell(sheet, number, below.columns[heading] + 1)
        if isinstance(value, str):
            set_text(cell, value)
        else:
            general = cell.number_format in ("General", "@")
            cell.value = value
            cell.number_format = FORMATS["date"] if general else cell.number_format


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    # Below the last row nothing is merged, so it is never the other member of openpyxl's union.
    return cast(Cell, sheet.cell(row, column))


def _lengthen(sheet: Worksheet, *, last: int, by: int, header: int) -> None:
    """Let tables, filters and drop-downs that end at the last row take the new ones in."""
    for table in sheet.tables.values():
        left, top, right, bottom = range_boundaries(table.ref)
        if top == header and bottom is not None and bottom < last + by:
            table.ref = f"{get_column_letter(left or 1)}{top}:{get_column_letter(right or 1)}{last + by}"
            if table.autoFilter is not None:
                table.autoFilter.ref = table.ref
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = re.sub(rf"(?<=[A-Z]){last}$", str(last + by), sheet.auto_filter.ref)
    for rule in sheet.data_validations.dataValidation:
        ending = [part for part in rule.sqref.ranges if part.max_row == last and part.min_row > header]
        for part in ending:
            part.expand(down=by)
