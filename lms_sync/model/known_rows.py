"""Rows of sheets that were read before: known again by a keyed hash of all that their reading rests on.

Known are only rows that state one completion as it is stored, or that one is not done of which nothing is stored.
Where several rows of a file speak of one record, all of them are known or none is. Nothing of them can be read from
what is kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from itertools import chain, compress
from typing import NamedTuple

from lms_sync.model.many_records import RecordsOfRows
from lms_sync.model.quickly_made import quickly_made

Identity = tuple[tuple[str, str], ...]
"""(heading, text) of an item's cells that identify somebody."""
MARK = 16
"""Bytes of the keyed hash of a row, or of a group of lines."""
NO_ROW = 2**32 - 1
"""Stands for the row that a line is, where it is none that is known."""


class RowKind(IntEnum):
    """What a known row comes to, each night in which it is passed over."""

    NOT_DONE = 0
    """It states that something is not done."""
    DONE = 1
    """It states the completion that is stored of its record."""
    AGAIN = 2
    """It states once more what another row of its record states."""


class Stated(NamedTuple):
    """What a row says of who it was, as keyed hashes; the rows of one learner say the same as a rule."""

    learner: str
    """As the evidence has it."""
    who: bytes
    """Of the learner's identifiers and names as read."""
    identity: bytes
    """Of the texts that identify a person."""


@quickly_made
@dataclass(frozen=True, slots=True)
class KnownRow:
    """A row that was read before."""

    row: bytes
    """Keyed hash of its cells and of all else that its reading rests on."""
    record: str
    """As the evidence has it."""
    stated: Stated
    in_clear: bool
    """Whether its text was kept in the clear."""
    kind: RowKind
    several: bool = False
    """Whether other rows of its file speak of its record too."""


@dataclass(frozen=True)
class KnownRows:
    """Rows of a source that were read before, in columns: there may be a million of them."""

    marks: bytes = b""
    """Their keyed hashes, one behind the other: see `KnownRow.row`."""
    records: RecordsOfRows = field(default_factory=RecordsOfRows)
    stated: Sequence[Stated] = ()
    """What they say of whom, once."""
    says: Sequence[int] = ()
    """Which of the `stated` each row says."""
    in_clear: bytes = b""
    kinds: bytes = b""
    several: bytes = b""
    offered: bytes = b""
    """Whether each may be known tonight."""
    groups: Mapping[bytes, Sequence[int]] = field(default_factory=dict)
    """By the keyed hash of a group of lines: which row each line is, or `NO_ROW`."""

    def mark(self, place: int) -> bytes:
        """Return a row's keyed hash."""
        return self.marks[place * MARK : (place + 1) * MARK]

    def row(self, place: int) -> KnownRow:
        """Return the row at a place."""
        stated = self.stated[self.says[place]]
        in_clear, kind, several = bool(self.in_clear[place]), RowKind(self.kinds[place]), bool(self.several[place])
        return KnownRow(self.mark(place), self.records[place], stated, in_clear, kind, several)

    @property
    def number_offered(self) -> int:
        """Return how many may be known tonight."""
        return sum(self.offered)

    @cached_property
    def all_offered(self) -> bool:
        """Tell whether all may be known tonight."""
        return b"\0" not in self.offered

    @cached_property
    def learners_in_clear(self) -> frozenset[str]:
        """Return the learners of whom a row's text was kept in the clear."""
        return frozenset([self.stated[number].learner for number in {*compress(self.says, self.in_clear)}])

    @cached_property
    def places(self) -> Mapping[bytes, int]:
        """By their keyed hashes the places of those that may be known tonight."""
        return self.places_without(())

    def places_without(self, places: Iterable[int]) -> dict[bytes, int]:
        """Return the same without some rows."""
        which = bytearray(self.offered)
        for place in places:
            which[place] = False
        return {self.mark(place): place for place in compress(range(len(which)), which)}

    @cached_property
    def together(self) -> Sequence[frozenset[int]]:
        """Return the places of rows that speak of one record, for each record of which several do."""
        found: dict[str, list[int]] = defaultdict(list)
        for place in compress(range(len(self.several)), self.several):
            found[self.records[place]].append(place)
        return [*map(frozenset, found.values())]

    @cached_property
    def twins(self) -> Mapping[int, Sequence[int]]:
        """By its place the places of all rows that are like one, itself among them; of those that have any."""
        found: dict[bytes, list[int]] = defaultdict(list)
        for place in sorted(chain.from_iterable(self.together)):
            found[self.mark(place)].append(place)
        return {place: alike for alike in found.values() if len(alike) > 1 for place in alike}

    def all(self) -> "RowsPassed":
        """Return those that may be known tonight."""
        return RowsPassed(self, [*compress(range(len(self.offered)), self.offered)])


@dataclass(frozen=True)
class RowsPassed:
    """Some known rows: those that were passed over in a file."""

    rows: KnownRows = field(default_factory=KnownRows)
    places: Sequence[int] = ()

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[KnownRow]:
        return map(self.rows.row, self.places)

    @cached_property
    def done(self) -> "RowsPassed":
        """Return those that state the completion that is stored of their record: one of a record."""
        return self._of(RowKind.DONE)

    @cached_property
    def again(self) -> "RowsPassed":
        """Return those that state it once more."""
        return self._of(RowKind.AGAIN)

    @cached_property
    def not_done(self) -> "RowsPassed":
        """Return those that state that something is not done."""
        return self._of(RowKind.NOT_DONE)

    def _of(self, kind: RowKind) -> "RowsPassed":
        kinds = self.rows.kinds
        if kinds.count(kind) == len(kinds):
            return self
        places = self.places if kind in kinds else ()
        return RowsPassed(self.rows, [place for place in places if kinds[place] == kind])

    @property
    def done_beside(self) -> frozenset[str]:
        """Return the records of which one states a completion and others something else."""
        several = self.rows.several
        places = self.done.places if True in several else ()
        return frozenset([self.rows.records[place] for place in places if several[place]])

    @property
    def records(self) -> list[str]:
        """Return the records of which they speak."""
        return self.records_text.split()

    @property
    def records_text(self) -> str:
        """Return the same as one text, in the order of the rows: another night's begins alike."""
        records = self.rows.records
        if len(self) == len(records):  # no row is passed over two times
            return records.text
        return " ".join(map(records.__getitem__, sorted(self.places)))

    @cached_property
    def stated(self) -> frozenset[Stated]:
        """Return what they say of whom, once."""
        says = self.rows.says
        theirs = says if len(self) == len(says) else map(says.__getitem__, self.places)
        return frozenset(map(self.rows.stated.__getitem__, {*theirs}))


NONE_PASSED = RowsPassed()
"""No row."""


@dataclass(frozen=True, slots=True)
class LinesOfFile:
    """The lines of a csv file, as far as they are to be known again by the next night."""

    groups: Sequence[int]
    """How many lines stand before each group of them, and behind these the number of all."""
    marks: bytes
    """The keyed hashes of the groups, one behind the other."""
    numbers: Sequence[int]
    """Of the lines that are known tonight, from 1."""
    places: Sequence[int]
    """Which of the known rows they are."""


def different(stated: Iterable[Stated]) -> set[Stated]:
    """Return what rows state, once: those of a learner share one value, which is compared with others only once."""
    return set({id(who): who for who in stated}.values())
