"""The cells of a matrix that were read before are passed over.

A cell is known by itself and all that its row says of whom: of somebody who has done one course more, only that cell
is read.
"""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial

from lms_sync.model.evidence import Completion, Item, NotDone
from lms_sync.sources.spreadsheet.file_parts import Passed
from lms_sync.sources.spreadsheet.items import RowReader, cell_item, columns_of_cell, filled_courses, items_of
from lms_sync.tables.cells import Rewritten, Row


@dataclass(frozen=True, slots=True)
class KnownCells:
    """Tells the cells of a matrix that were read before from the others."""

    mark_of: Callable[[object], bytes]
    """Makes the keyed hash of what a cell says, and of whom."""
    place_of: Callable[[bytes], int | None]
    """Gives which of the known rows one is, by its hash."""
    dropped: AbstractSet[int]
    """The numbers of the rows of which something must not be kept: they are read each time."""

    def of(self, row: Row, reader: RowReader, skipped: str) -> Iterator[Item | Passed]:
        """Give what becomes of the cells of a row that may be kept; `skipped` tells why it is passed over, if so."""
        if skipped or row.number in self.dropped or any(isinstance(value, Rewritten) for value in row.cells):
            yield from items_of(row, reader, skipped)
            return
        of_whom = tuple(sorted(reader.stated.items())), [row.cell(column) for column in sorted(reader.kept)]
        for column in filled_courses(row, reader):
            says = column, [row.cell(of_cell) for of_cell in columns_of_cell(column, reader)]
            mark = self.mark_of((of_whom, says))
            place, read = self.place_of(mark), partial(_read, column, reader)
            if place is None:
                yield from read(row, mark)
            else:
                yield Passed(place, row, read)


def _read(column: int, reader: RowReader, row: Row, mark: bytes) -> Iterator[Item]:
    yield remembered(cell_item(row, column, reader), mark)


def remembered(item: Item, mark: bytes) -> Item:
    """Return an item with the hash of what it was read from, where that need not be read again.

    Not so a sign-up, which ends with its day.
    """
    reading = item.reading
    says = isinstance(reading, Completion) or (isinstance(reading, NotDone) and reading.sign_up is None)
    if item.former or not says:
        return item
    return Item(item.origin, item.text, reading, item.identifying, item.readable, item.former, mark)
