"""Which layouts at hand know a file already, and what in it speaks against them."""

import re
from collections.abc import Iterable, Iterator, Sequence

from lms_sync.model.evidence import Completion, Reading, Refused
from lms_sync.sources.propose.columns import ColumnProfile, KnownValues, profile
from lms_sync.sources.propose.denials import denies
from lms_sync.sources.propose.headings import heading_words, is_yes_or_no_of_something_else
from lms_sync.sources.propose.states import meaning
from lms_sync.sources.propose.vocabulary import vocabulary
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.header import Table, find_tables
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.sources.spreadsheet.remarks import SAYS_NOT_DONE
from lms_sync.tables.cells import Sheet, text
from lms_sync.text import plain

NOT_THERE = frozenset(("absent", "incomplete", "show", "not"))
"""Words of a heading whose yes denies a completion, besides those of days on which something was undone."""
_ROW = re.compile(r"\d+$")


def fitting(sheets: Sequence[Sheet], layouts: Iterable[Layout]) -> tuple[Layout, ...]:
    """Return the layouts at hand that find their header in the file; whether they can read it, a pull must show."""
    found = []
    for layout in layouts:
        try:
            find_tables(sheets, layout)
        except Misread:
            continue
        found.append(layout)
    return tuple(found)


def denied(sheets: Sequence[Sheet], layout: Layout, read: FileRead) -> str:
    """Return what denies a completion that a layout reads, in a column that it does not; empty where nothing does.

    An attendance report may be read by a layout that takes everybody on it for present, and have a column that says
    who was absent.
    """
    return next(_denials(sheets, layout, read), "") if layout.kind == "rows" else ""


def _denials(sheets: Sequence[Sheet], layout: Layout, read: FileRead) -> Iterator[str]:
    becomes = {
        (item.origin.sheet, int(number[0])): fate
        for item in read.items
        if (fate := _becomes(item.reading)) and (number := _ROW.search(item.origin.cell))
    }
    for table in find_tables(sheets, layout):
        columns = _unread(table)
        for row in table.rows:
            for column in columns if (table.sheet, row.number) in becomes else ():
                state = plain(text(row.cell(column.index)))
                if _says_no(column, state) if _is_flag(column) else denies(column, row, columns):
                    yield mask(
                        f"row {row.number} {becomes[table.sheet, row.number]} by it, and has “{state}” in"
                        f" “{column.heading}”, which it does not read"
                    )


def _becomes(reading: Reading) -> str:
    """Return what becomes of a row that may say in a column that is not read that it was not done."""
    if isinstance(reading, Completion):
        return "is a completion"
    return "is refused" if isinstance(reading, Refused) and reading.finding.code == SAYS_NOT_DONE else ""


def _is_flag(column: ColumnProfile) -> bool:
    """Tell whether the column answers yes or no to another question than whether somebody completed it."""
    return is_yes_or_no_of_something_else(column.heading)


def _says_no(column: ColumnProfile, state: str) -> bool:
    """Tell whether a yes of such a column denies a completion (`Cancelled?`), as most of them do not (`Active`)."""
    return meaning(state) == "done" and bool(set(heading_words(column.heading)) & (vocabulary().undone | NOT_THERE))


def _unread(table: Table) -> list[ColumnProfile]:
    """Return the columns that have a heading and no role."""
    used = set(table.columns.values())
    columns = (
        profile(index, heading, table.rows, known=KnownValues())
        for index, heading in enumerate(table.headings)
        if index not in used and not table.is_unnamed(index)
    )
    return [column for column in columns if not column.is_forbidden]
