"""A vendor's files with what is wrong in them on the cells, to hand back to whoever made them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from lms_sync.model.evidence import Refused
from lms_sync.model.finding import Finding
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.source import Spreadsheet
from lms_sync.tables.annotate import commented_copy, remark_of
from lms_sync.tables.cells import Row, Sheet, Unreadable, Value, text
from lms_sync.tables.guard import read_guarded
from lms_sync.text import fold


@dataclass(frozen=True, slots=True)
class CommentedFile:
    """One file's copy."""

    name: str
    """`acme.checked.xlsx`, of acme.csv too."""
    content: bytes
    """An xlsx file with the cells as text, columns that may not be kept left blank."""
    findings: int


def commented_files(source: Spreadsheet) -> Iterator[CommentedFile]:
    """Give a copy of each file of a source in which something is wrong, read as if for the first time.

    A file that can't be read as a sheet has no cells to write on, and no copy.
    """
    for name, data, layout, read in source.readings():
        refused = [item.reading.finding for item in read.items if isinstance(item.reading, Refused)]
        findings = dict.fromkeys((*read.findings, *refused))
        if not findings:
            continue
        try:
            book = read_guarded(data, encoding=layout.sheet.encoding, separator=layout.sheet.separator)
        except Unreadable:
            continue
        sheets = [_without(sheet, read) for sheet in book.sheets]
        yield CommentedFile(f"{PurePath(name).stem}.checked.xlsx", _content(sheets, findings, name), len(findings))


def _content(sheets: Sequence[Sheet], findings: Iterable[Finding], name: str) -> bytes:
    return commented_copy(sheets, [remark_of(finding, name) for finding in findings])


def _without(sheet: Sheet, read: FileRead) -> Sheet:
    """Return the sheet without the columns that were dropped when it was read, and social security numbers masked."""
    dropped = {fold(heading) for heading in read.dropped}
    blank = {
        column
        for row in sheet.rows
        for column, value in enumerate(row.cells)
        if dropped and fold(text(value)) in dropped
    }
    rows = tuple(Row(row.number, tuple(_kept(row.cells, blank))) for row in sheet.rows)
    return Sheet(sheet.name, sheet.hidden, rows)


def _kept(cells: Sequence[Value], blank: set[int]) -> Iterator[Value]:
    for column, value in enumerate(cells):
        yield None if column in blank else mask(value) if isinstance(value, str) else value
