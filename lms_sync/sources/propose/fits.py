"""Which layouts at hand know a file already."""

from collections.abc import Iterable, Sequence

from lms_sync.sources.spreadsheet.header import find_tables
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.tables.cells import Sheet


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
