"""Rows of sheets that state one completion each, and of which nothing needs a closer look: kept as what they share.

A row is put together to an item only where something else speaks of its record; all others go to the store as rows.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from lms_sync.model.evidence import Item
from lms_sync.model.known_rows import Stated


class RowParts(Protocol):
    """What a row says, not put together yet."""

    def item(self) -> Item:
        """Return it put together."""


Parts = TypeVar("Parts", bound=RowParts)


class PlainRow(NamedTuple, Generic[Parts]):
    """A row that states one completion, is kept as it is, and has a hash by which it is known again."""

    record: str
    """As the evidence has it."""
    stated: Stated
    """What it says of whom."""
    row: Parts


@dataclass(frozen=True, slots=True)
class RowsOfFile:
    """The plain rows of a file, in its order."""

    rows: Sequence[PlainRow[Any]] = ()
    places: Sequence[int] = ()
    """How many of the file's items stand before each."""

    def __len__(self) -> int:
        return len(self.rows)

    def divided(
        self, items: Sequence[Item], to_items: Callable[[PlainRow[Any]], bool]
    ) -> tuple[list[Item], "RowsOfFile"]:
        """Return the items with those rows among them that are `to_items`, in the file's order; and the others."""
        whole: list[Item] = []
        rows: list[PlainRow[Any]] = []
        places = array("I")
        for part in self.among(items):
            if isinstance(part, Item):
                whole.append(part)
            elif to_items(part):
                whole.append(part.row.item())
            else:
                rows.append(part)
                places.append(len(whole))
        return whole, RowsOfFile(rows, places)

    def among(self, items: Sequence[Item]) -> Iterator[Item | PlainRow[Any]]:
        """Yield the rows and the file's items, in its order."""
        begin = 0
        for row, place in zip(self.rows, self.places, strict=True):
            if place > begin:
                yield from items[begin:place]
                begin = place
            yield row
        yield from items[begin:]


NONE = RowsOfFile()
"""Of a file that has none."""
