"""Spreadsheet files → sheets whose rows know their number and whose cells know their column.

What a file is, its content says, not its name: an xlsx or ods workbook, or text with separators (csv, tsv). Old xls
and xlsb files are refused with a remedy.
"""

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum
from python_calamine import SheetVisibleEnum as Visible

from lms_sync.tables.cells import ErrorValue, Row, Sheet, Unreadable, Value, address, text
from lms_sync.tables.delimited import read_delimited
from lms_sync.tables.kinds import Kind, damaged, encrypted, kind_of
from lms_sync.tables.prescan import prescan

__all__ = ["ErrorValue", "Row", "Sheet", "Unreadable", "Value", "address", "read_sheets", "sheets_of", "text"]

RawValue = str | int | float | bool | date | datetime | time | timedelta
"""What the reader gives for a cell; an empty string for a blank one."""


def read_sheets(path: Path, *, encoding: str = "", separator: str = "") -> tuple[Sheet, ...]:
    """Return the file's sheets in their order; a csv file is one sheet without a name.

    `encoding` and `separator` tell how a csv file is written; empty means that its content decides.

    Raises: Unreadable when the file is empty, cut off, encrypted, too large, or no sheet at all; OSError when it
    cannot be opened.
    """
    return sheets_of(path.read_bytes(), encoding=encoding, separator=separator)


def sheets_of(data: bytes, *, encoding: str = "", separator: str = "") -> tuple[Sheet, ...]:
    """Return the sheets that a file's bytes hold; otherwise like `read_sheets`."""
    kind = kind_of(data)
    if kind is Kind.TEXT:
        return (Sheet("", hidden=False, rows=read_delimited(data, encoding=encoding, separator=separator)),)
    errors = prescan(data, kind)
    try:
        return _read_workbook(data, errors)
    except PasswordError as error:
        raise encrypted() from error
    except CalamineError as error:
        raise damaged(str(error)) from error


def _read_workbook(data: bytes, errors: Mapping[str, Mapping[tuple[int, int], str]]) -> tuple[Sheet, ...]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        tables = [meta for meta in book.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
        return tuple(
            Sheet(
                meta.name,
                hidden=meta.visible is not Visible.Visible,
                rows=_rows(book.get_sheet_by_name(meta.name), errors.get(meta.name, {})),
            )
            for meta in tables
        )


def _rows(sheet: CalamineSheet, errors: Mapping[tuple[int, int], str]) -> tuple[Row, ...]:
    failed: dict[int, dict[int, str]] = {}
    for (number, column), shown in errors.items():
        failed.setdefault(number, {})[column] = shown
    rows = []
    for number, values in enumerate(_values(sheet, max(failed, default=0)), start=1):
        cells = _with_errors(values, failed[number]) if number in failed else values
        if any(cell is not None and not (isinstance(cell, str) and cell.isspace()) for cell in cells):
            rows.append(Row(number, cells))
    return tuple(rows)


def _values(sheet: CalamineSheet, last_row: int) -> Iterator[tuple[Value, ...]]:
    """Give the cells of every row from row 1 to the sheet's end, and at least to `last_row`."""
    height = 0
    if sheet.start is not None:
        # The reader keeps blank rows above the first cell, and drops blank columns left of it.
        margin: tuple[Value, ...] = (None,) * sheet.start[1]
        for values in sheet.iter_rows():
            height += 1
            yield (*margin, *map(_value, values))
    yield from [()] * (last_row - height)


def _value(value: RawValue) -> Value:
    if isinstance(value, timedelta):
        return str(value)
    return None if value == "" else value


def _with_errors(cells: tuple[Value, ...], failed: Mapping[int, str]) -> tuple[Value, ...]:
    width = max(len(cells), max(failed) + 1)
    padded = (*cells, *(None,) * (width - len(cells)))
    return tuple(ErrorValue(failed[i]) if i in failed else cell for i, cell in enumerate(padded))
