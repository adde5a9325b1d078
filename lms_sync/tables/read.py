"""Spreadsheet files → sheets whose rows know their number and whose cells know their column.

What a file is, its content says, not its name: an xlsx, xlsm, xlsb, xls or ods workbook, or text with separators.
This reads in the process that asks; files from outside go through `guard.read_guarded`.
"""

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
)
from python_calamine import SheetVisibleEnum as Visible

from lms_sync.tables.cells import Book, ErrorValue, Row, Sheet, Unreadable, Value, address, text
from lms_sync.tables.delimited import read_delimited
from lms_sync.tables.kinds import Kind, damaged, encrypted, kind_of
from lms_sync.tables.prescan import prescan
from lms_sync.tables.signs import Scan, SheetSigns, check_merged

__all__ = ["ErrorValue", "Row", "Sheet", "Unreadable", "Value", "address", "read_sheets", "sheets_of", "text"]

RawValue = str | int | float | bool | date | datetime | time | timedelta
"""What the reader gives for a cell; an empty string for a blank one."""
FILE_LIMIT = 2**28
"""Bytes that a file may have."""


def read_sheets(path: Path, *, encoding: str = "", separator: str = "") -> tuple[Sheet, ...]:
    """Return the file's sheets in their order; a csv file is one sheet without a name.

    `encoding` and `separator` tell how a csv file is written; empty means that its content decides.

    Raises: Unreadable when the file is empty, cut off, encrypted, too large, or no sheet at all; OSError when it
    cannot be opened.
    """
    return sheets_of(bytes_of(path), encoding=encoding, separator=separator)


def bytes_of(path: Path) -> bytes:
    """Return a file's content. Raises: Unreadable when it is too large, OSError when it cannot be opened."""
    found = path.stat()
    if not (S_ISREG(found.st_mode) or S_ISDIR(found.st_mode)):
        raise Unreadable("no file, but a device or a pipe", "a file", "Save the export as a file and name that.")
    size = found.st_size
    if size > FILE_LIMIT:
        raise Unreadable(
            f"the file has {size:,} bytes",
            f"at most {FILE_LIMIT:,} bytes",
            "Export fewer columns, or split the export by year.",
        )
    return path.read_bytes()


def sheets_of(data: bytes, *, encoding: str = "", separator: str = "") -> tuple[Sheet, ...]:
    """Return the sheets that a file's bytes hold; otherwise like `read_sheets`."""
    kind = kind_of(data)
    if kind is Kind.TEXT:
        return text_book(data, encoding=encoding, separator=separator).sheets
    return workbook_of(data, kind).sheets


def text_book(data: bytes, *, encoding: str, separator: str) -> Book:
    """Return a csv file as a book of one sheet without a name. Raises: Unreadable."""
    rows = read_delimited(data, encoding=encoding, separator=separator)
    return Book((Sheet("", hidden=False, rows=rows),))


def workbook_of(data: bytes, kind: Kind) -> Book:
    """Return the workbook of a kind that is no text. Raises: Unreadable."""
    scan = prescan(data, kind)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            tables = [meta for meta in book.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
            sheets = tuple(_sheet(book, meta, scan) for meta in tables)
    except PasswordError as error:
        raise encrypted() from error
    except (CalamineError, OSError) as error:  # an OSError is the reader's word for bytes that are not there
        raise damaged(str(error)) from error
    return Book(sheets, frozenset(scan.signs))


def _sheet(book: CalamineWorkbook, meta: SheetMetadata, scan: Scan) -> Sheet:
    signs = scan.sheets.get(meta.name, SheetSigns())
    rows = _rows(book.get_sheet_by_name(meta.name), signs.errors)
    check_merged(signs.merged, rows[-1].number if rows else 0)
    return Sheet(
        meta.name,
        hidden=meta.visible is not Visible.Visible,
        rows=rows,
        merged=tuple(signs.merged),
        hidden_rows=tuple(row.number for row in rows if row.number in signs.hidden_rows),
        from_1904=scan.from_1904,
    )


def _rows(sheet: CalamineSheet, errors: Mapping[tuple[int, int], ErrorValue]) -> tuple[Row, ...]:
    failed: dict[int, dict[int, ErrorValue]] = {}
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


def _with_errors(cells: tuple[Value, ...], failed: Mapping[int, ErrorValue]) -> tuple[Value, ...]:
    width = max(len(cells), max(failed) + 1)
    padded = (*cells, *(None,) * (width - len(cells)))
    return tuple(failed.get(i, cell) for i, cell in enumerate(padded))
