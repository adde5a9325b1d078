"""Which layouts at hand know a file already; which rows of a table tell of the same record."""

from collections.abc import Iterable, Sequence

from lms_sync.sources.spreadsheet.header import find_tables
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.tables.cells import Row, Sheet, text
from lms_sync.text import fold


def fitting(sheets: Sequence[Sheet], layouts: Iterable[Layout]) -> tuple[str, ...]:
    """Return the names of the layouts at hand that find their header in the file."""
    names = []
    for layout in layouts:
        try:
            find_tables(sheets, layout)
        except Misread:
            continue
        names.append(layout.name)
    return tuple(names)


def said_twice(rows: Sequence[Row], columns: Sequence[int]) -> tuple[int, int] | None:
    """Return the numbers of the first two rows whose cells in `columns` are the same; None when there are none."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(fold(text(row.cell(column))) for column in columns)
        if all(key) and key in seen:
            return seen[key], row.number
        seen.setdefault(key, row.number)
    return None
