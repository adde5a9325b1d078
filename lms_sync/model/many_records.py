"""Records as they are kept where there may be a million: none is a text of its own until it is asked for. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import overload

RECORD = 16
"""Bytes of a record as the evidence has it: twice as many hexadecimal digits."""
_AT_ONCE = 33_000
"""Characters of two texts that are compared at once."""


@dataclass(frozen=True, slots=True)
class RecordsOfRows(Sequence[str]):
    """The record of each of many rows."""

    packed: bytes = b""
    """One behind the other."""

    def __len__(self) -> int:
        return len(self.packed) // RECORD

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return [*self][place]
        return self.packed[place * RECORD : (place + 1) * RECORD].hex()

    def __iter__(self) -> Iterator[str]:
        return iter(self.text.split())

    @property
    def text(self) -> str:
        """Return all of them, with a blank between two."""
        return self.packed.hex(" ", RECORD) if self.packed else ""

    def places(self, records: AbstractSet[str]) -> list[int]:
        """Return the places of those that are among some `records`."""
        heads = {bytes.fromhex(record)[:8] for record in records}
        of_rows = memoryview(self.packed).cast("Q")[::2]  # a number for the first half of each: quick to look for
        if {*memoryview(b"".join(heads)).cast("Q")}.isdisjoint(of_rows):
            return []
        return [place for place, record in enumerate(self) if record in records]


@dataclass(frozen=True, eq=False)
class RecordsOfFile:
    """The records of which a file speaks: a set, kept as one text."""

    text: str = ""
    """Each once, with a blank between two, in any order."""

    @classmethod
    def of(cls, records: Iterable[str]) -> "RecordsOfFile":
        """Return them as they are kept."""
        return cls(" ".join(records))

    @classmethod
    def joined(cls, texts: Iterable[str]) -> "RecordsOfFile":
        """Return the records of several such texts."""
        return cls(" ".join(filter(None, texts)))

    def __len__(self) -> int:
        return self.text.count(" ") + 1 if self.text else 0

    @cached_property
    def each(self) -> frozenset[str]:
        """Return the set."""
        return frozenset(self.text.split())

    def without(self, other: "RecordsOfFile") -> frozenset[str]:
        """Return those that are not among others: quick where both texts begin alike, as from night to night."""
        end, begin = len(self.text), 0
        while begin < end and self.text[begin : begin + _AT_ONCE] == other.text[begin : begin + _AT_ONCE]:
            begin += _AT_ONCE
        begin = self.text.rfind(" ", 0, begin) + 1  # what stands before is the same in both
        if begin == 0:
            return self.each - other.each if self.text else frozenset()
        return frozenset(self.text[begin:].split()).difference(other.text[begin:].split())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RecordsOfFile) or len(self.text) != len(other.text):
            return False
        return self.text == other.text or self.each == other.each

    def __hash__(self) -> int:
        return hash(self.each)
