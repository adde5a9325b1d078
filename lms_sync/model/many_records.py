"""Records as they are kept where there may be a million: none is a text of its own until it is asked for. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

RECORD = 16
"""Bytes of a record as the evidence has it: twice as many hexadecimal digits."""
_LAST = "00"
"""How the last record of a piece of text ends: one of 256 does."""


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

    def places(self, records: Collection[str]) -> list[int]:
        """Return the places of those that are among some `records`."""
        if not (self.packed and records):
            return []
        if len(self) < len(records):
            there = {*self}.intersection(records)
        else:
            heads = {bytes.fromhex(record)[:8] for record in records}
            of_rows = memoryview(self.packed).cast("Q")[::2]  # a number for the first half of each: quick to look for
            there = set() if {*memoryview(b"".join(heads)).cast("Q")}.isdisjoint(of_rows) else {*records}
        return [place for place, record in enumerate(self) if record in there] if there else []


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
        """Return those that are not among others: quick where most of both texts is alike, as from night to night."""
        end = len(self.text)
        if not end or (other.text.startswith(self.text) and other.text[end : end + 1] in ("", " ")):
            return frozenset()
        pieces, others = self._pieces(), other._pieces()
        left, right = (" ".join(several).split() for several in (pieces - others, others - pieces))
        return frozenset(left).difference(right)

    def _pieces(self) -> frozenset[str]:
        """Return pieces of the text: a record that comes or goes changes the one in which it is, and no other."""
        return frozenset(self.text.replace(f"{_LAST} ", f"{_LAST}\n").split("\n"))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RecordsOfFile) or len(self.text) != len(other.text):
            return False
        return self.text == other.text or self.each == other.each

    def __hash__(self) -> int:
        return hash(self.each)
