"""Rows of sheets that state one completion each, or that one is not done, and of which nothing needs a closer look.

They are kept as what they share.

A row is put together to an item only where something else speaks of its record; all others go to the store as rows.
They are many: what is kept of them stands in columns, and a row of them is made only where one is asked for.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from lms_sync.model.evidence import Item
from lms_sync.model.known_rows import MARK, Stated

T = TypeVar("T")


def at_places(places: Sequence[int]) -> Callable[[Sequence[T]], Sequence[T]]:
    """Return what gives those values of a column that stand at some places, in their order."""
    return itemgetter(*places) if len(places) > 1 else lambda values: [values[place] for place in places]


class PlainRow(NamedTuple):
    """A row that is kept as it is, and has a hash by which it is known again."""

    record: str
    """As the evidence has it."""
    stated: Stated
    """What it says of whom."""
    mark: bytes
    """Its keyed hash."""
    row: Any
    """What it says, as the `columns` of its file have it."""

    def item(self) -> Item:
        """Return it put together."""
        item: Item = self.row.item(self.mark)
        return item


@dataclass(frozen=True)
class RowsOfFile:
    """The plain rows of a file, in its order."""

    columns: Any = None
    """What they say: the `QuickColumns` of a sheet; None where there are none."""
    records: list[str] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    """What they say of whom: the rows of one learner share one value."""
    marks: bytearray = field(default_factory=bytearray)
    """Their keyed hashes, one behind the other."""
    places: Sequence[int] = ()
    """How many of the file's items stand before each."""

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[PlainRow]:
        rows = self.columns.rows() if self.records else ()
        return map(PlainRow, self.records, self.stated, self.each_mark(), rows)

    def __getitem__(self, place: int) -> PlainRow:
        return PlainRow(self.records[place], self.stated[place], self._mark(place), self.columns.row(place))

    def by_record(self, number: int) -> Iterator["RowsOfFile"]:
        """Give all rows in the order of their records, so many at a time, without their hashes."""
        order = array("I", sorted(range(len(self.records)), key=self.records.__getitem__))
        for begin in range(0, len(order), number):
            chosen = order[begin : begin + number].tolist()
            of_each = at_places(chosen)
            yield RowsOfFile(self.columns.at(chosen), [*of_each(self.records)], [*of_each(self.stated)])

    @cached_property
    def done(self) -> bytes:
        """Tell of each whether it states a completion; else it states that something is not done."""
        return bytes(self.columns.done() if self.records else ())

    def those(self, *, done: bool) -> "RowsOfFile":
        """Return those that are done, or those that are not, without their places among the items."""
        if (not done) not in self.done:
            return self
        return self.at([n for n, kind in enumerate(self.done) if kind == done])

    def each_mark(self) -> Iterator[bytes]:
        """Give the keyed hash of each."""
        return map(self._mark, range(len(self.records)))

    def _mark(self, place: int) -> bytes:
        return bytes(self.marks[place * MARK : (place + 1) * MARK])

    def divided(self, items: Sequence[Item], to_items: Sequence[bool]) -> tuple[list[Item], "RowsOfFile"]:
        """Return the items with those rows among them that are `to_items`, in the file's order; and the others."""
        if not any(to_items):
            return [*items], self
        whole: list[Item] = []
        places = array("I")
        chosen = iter(zip(range(len(self)), to_items, strict=True))
        for item in self.among(items, chosen):
            if isinstance(item, Item):
                whole.append(item)
            elif item[1]:
                whole.append(self[item[0]].item())
            else:
                places.append(len(whole))
        return whole, self.at([n for n, whether in enumerate(to_items) if not whether], places)

    def at(self, chosen: Sequence[int], places: Sequence[int] = ()) -> "RowsOfFile":
        """Return the `chosen` rows, in that order; `places` are theirs among the items of the file."""
        of_each = at_places(chosen)
        records, stated = [*of_each(self.records)], [*of_each(self.stated)]
        marks = bytearray(b"".join(map(self._mark, chosen)))
        return RowsOfFile(self.columns.at(chosen), records, stated, marks, places)

    def among(self, items: Sequence[Item], of_rows: Iterable[T]) -> Iterator[Item | T]:
        """Yield the file's items and, each in its place, what is `of_rows`, in the file's order."""
        begin = 0
        for row, place in zip(of_rows, self.places, strict=True):
            if place > begin:
                yield from items[begin:place]
                begin = place
            yield row
        yield from items[begin:]


NONE = RowsOfFile()
"""Of a file that has none."""
