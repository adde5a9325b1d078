"""Spreadsheet files → sheets whose rows know their number and whose cells know their column.

What a file is, its content says, not its name: an xlsx, xlsm, xlsb, xls or ods workbook, or text with separators.
"""

from pathlib import Path
from stat import S_ISDIR, S_ISREG

from lms_sync.tables.cells import ErrorValue, Row, Sheet, Unreadable, Value, address, text
from lms_sync.tables.guard import read_guarded
from lms_sync.tables.kinds import Kind, kind_of
from lms_sync.tables.workbook import text_book, workbook_of

__all__ = ["ErrorValue", "Row", "Sheet", "Unreadable", "Value", "address", "read_sheets", "sheets_of", "text"]

FILE_LIMIT = 2**28
"""Bytes that a file may have."""


def read_sheets(path: Path, *, encoding: str = "", separator: str = "") -> tuple[Sheet, ...]:
    """Return the file's sheets in their order, read behind the guard; a csv file is one sheet without a name.

    `encoding` and `separator` tell how a csv file is written; empty means that its content decides.

    Raises: Unreadable when the file is empty, cut off, encrypted, too large, or no sheet at all; OSError when it
    cannot be opened.
    """
    return read_guarded(bytes_of(path), encoding=encoding, separator=separator).sheets


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
    """Return the sheets that our own bytes hold, read in this process; otherwise like `read_sheets`."""
    kind = kind_of(data)
    if kind is Kind.TEXT:
        return text_book(data, encoding=encoding, separator=separator).sheets
    return workbook_of(data, kind).sheets
