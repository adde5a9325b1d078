"""The rows of a source's sheets that were read before, as they are kept: packed, since they are many."""

import struct
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise
from operator import and_, eq, gt, or_
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from lms_sync.model.known_rows import MARK, NO_ROW, KnownRow, KnownRows, RowKind, Stated
from lms_sync.model.many_records import RecordsOfRows
from lms_sync.store.schema import known_rows

_STATED = struct.Struct("<16s16s16s?")
"""Learner, who, identity, and whether the store has just that of the learner."""
MarkOf = Callable[[Iterable[bytes]], bytes]
"""Makes a keyed hash of what is kept, by which damage to it is noticed."""
_ROW = struct.Struct("<16s16sIB")
"""Row, record, number of what is stated, and the bits of what is so of it."""
_IN_CLEAR, _SEVERAL = 1, 8
_BITS_OF = {RowKind.DONE: 0, RowKind.NOT_DONE: 2, RowKind.AGAIN: 4}  # earlier versions kept only what is done
_HAS_IN_CLEAR = bytes(bool(bits & _IN_CLEAR) for bits in range(256))
_HAS_SEVERAL = bytes(bool(bits & _SEVERAL) for bits in range(256))
_KINDS = bytes(next((kind for kind, bit in _BITS_OF.items() if bits & bit), RowKind.DONE) for bits in range(256))


@dataclass(frozen=True, slots=True)
class PackedRows:
    """What was kept of the rows of one source; the rows are unpacked when they are asked for."""

    recorded_at: datetime
    people: str
    """See `RowsKept`."""
    stated: Sequence[Stated]
    """What the rows say of whom, once."""
    packed: bytes
    current: Mapping[str, bytes]
    """See `RowsKept`."""
    groups: bytes
    """What `_packed_groups` made of the groups of lines."""

    @property
    def number(self) -> int:
        """Return how many rows there are."""
        return len(self.packed) // _ROW.size

    def rows(self, in_clear: Set[str], *, strangers: bool, without: Set[str]) -> KnownRows | None:
        """Return the rows; to be known are those whose text would be kept as it was.

        These are of learners who are kept `in_clear` now; of all others only where `strangers` are to be known, and
        then those too who may be on the roster and of whom nothing is done, since nothing else is kept of them. No
        rows of the records `without` are among them. None where what is kept can't be read.
        """
        count, width = self.number, _ROW.size
        if len(self.packed) != count * width:
            return None
        marks, of_records, of_stated, bits = (
            _column(self.packed, begin, end, width) for begin, end in ((0, 16), (16, 32), (32, 36), (36, 37))
        )
        records = RecordsOfRows(of_records)
        says = _numbers(of_stated)
        if says and max(says) >= len(self.stated):
            return None
        was, kinds, several = map(bits.translate, (_HAS_IN_CLEAR, _KINDS, _HAS_SEVERAL))
        clear = [person.learner in in_clear for person in self.stated]
        offered = map(eq, map(clear.__getitem__, says), was)
        if not strangers:
            offered = map(and_, offered, was)
        elif RowKind.NOT_DONE in kinds:
            offered = map(or_, offered, map(gt, was, kinds))
        if without:
            offered = map(and_, offered, [record not in without for record in records])
        groups = _groups(self.groups, count)
        return KnownRows(marks, records, self.stated, says, was, kinds, several, bytes(offered), groups)


def _column(packed: bytes, begin: int, end: int, width: int) -> bytes:
    """Return what stands between two places of each row, one behind the other."""
    found = bytearray(len(packed) // width * (end - begin))
    for place in range(end - begin):
        found[place :: end - begin] = packed[begin + place :: width]
    return bytes(found)


def _numbers(data: bytes | memoryview) -> "array[int]":
    """Return numbers of four bytes each."""
    numbers = array("I", data)
    if sys.byteorder != "little":
        numbers.byteswap()
    return numbers


def _groups(packed: bytes, rows: int) -> "dict[bytes, array[int]]":
    """Return by its keyed hash which of so many `rows` each line of a group is; none where they can't be read."""
    number = int.from_bytes(packed[:4], "little")
    counts_begin = 4 + number * MARK
    places_begin = counts_begin + number * 4
    if len(packed) < places_begin or len(packed) % 4:
        return {}
    counts, places = _numbers(packed[counts_begin:places_begin]), _numbers(packed[places_begin:])
    if sum(counts) != len(places) or max(filter(NO_ROW.__ne__, places), default=-1) >= rows:
        return {}
    marks = (packed[place : place + MARK] for place in range(4, counts_begin, MARK))
    spans = pairwise(accumulate(counts, initial=0))
    return {mark: places[begin:end] for mark, (begin, end) in zip(marks, spans, strict=True)}


@dataclass(frozen=True, slots=True)
class GroupsKept:
    """Groups of lines that are to be kept."""

    marks: bytes
    """Their keyed hashes, one behind the other."""
    counts: Sequence[int]
    """How many lines each has."""
    places: Sequence[int]
    """Which of the rows that are kept each line is, or `NO_ROW`."""


@dataclass(frozen=True, slots=True)
class KnownColumns:
    """Rows that are to be kept, in columns: see `KnownRow`."""

    rows: bytes | bytearray
    """One behind the other."""
    records: Sequence[str]
    stated: Sequence[Stated]
    """The rows of a learner share what they state."""
    in_clear: Sequence[bool]
    kinds: Sequence[RowKind]
    several: Sequence[bool]

    @classmethod
    def of(cls, rows: Sequence[KnownRow]) -> "KnownColumns":
        """Return the columns of some rows."""
        records, stated = [row.record for row in rows], [row.stated for row in rows]
        in_clear, kinds = [row.in_clear for row in rows], [row.kind for row in rows]
        several = [row.several for row in rows]
        return cls(b"".join([row.row for row in rows]), records, stated, in_clear, kinds, several)

    @classmethod
    def of_places(cls, rows: KnownRows, places: Sequence[int]) -> "KnownColumns":
        """Return the columns of some known rows, by their places."""
        return cls(
            b"".join(map(rows.mark, places)),
            [*map(rows.records.__getitem__, places)],
            [rows.stated[rows.says[place]] for place in places],
            [bool(rows.in_clear[place]) for place in places],
            [RowKind(rows.kinds[place]) for place in places],
            [bool(rows.several[place]) for place in places],
        )


@dataclass(frozen=True, slots=True)
class RowsKept:
    """What is to be kept of the rows of one source."""

    recorded_at: datetime
    people: str
    """A hash of the roster and of what was decided about people, by which strangers were told."""
    rows: Sequence[KnownColumns]
    """Of a record one, or all rows of a file that speak of it."""
    current: Mapping[str, bytes]
    """Learner → `Stated.who`, of those of whom the store has just that."""
    before: PackedRows | None = None
    """Rows that stay as they were kept, of other records; they come before the others."""
    groups: Sequence[GroupsKept] = ()
    """The lines of csv files, in groups."""


@dataclass(frozen=True, slots=True)
class KnownRowsStore:
    """One district's rows that are known again."""

    connection: Connection
    district_id: str

    def read(self, source: str, mark_of: MarkOf) -> PackedRows | None:
        """Return what is kept of a source's rows; None where nothing is, or not what was written."""
        row = self.connection.execute(select(known_rows).where(self._of(source))).mappings().one_or_none()
        try:
            return _kept(row, mark_of) if row else None
        except struct.error:
            return None

    def kept_at(self, source: str) -> datetime | None:
        """Return when a source's rows were kept; None where none are."""
        when: datetime | None = self.connection.scalar(select(known_rows.c.recorded_at).where(self._of(source)))
        return when

    def write(self, source: str, kept: RowsKept, mark_of: MarkOf) -> None:
        """Keep these rows of a source, and no others."""
        self.connection.execute(delete(known_rows).where(self._of(source)))
        of = {"district_id": self.district_id, "source": source}
        row = of | {"recorded_at": kept.recorded_at, "people": kept.people, **_packed(kept, mark_of)}
        # Beside the statement: what stands in it SQLAlchemy keeps as long as the statement, and there are many rows.
        self.connection.execute(insert(known_rows), row)

    def forget(self) -> None:
        """Keep nothing of any source: every row is read anew the next time."""
        self.connection.execute(delete(known_rows).where(known_rows.c.district_id == self.district_id))

    def _of(self, source: str) -> ColumnElement[bool]:
        return (known_rows.c.district_id == self.district_id) & (known_rows.c.source == source)


def _packed(kept: RowsKept, mark_of: MarkOf) -> dict[str, bytes]:
    before = kept.before
    stated = [*before.stated] if before else []
    numbers = {person: number for number, person in enumerate(stated)}
    rows: list[bytes | bytearray] = [before.packed if before else b""]
    for columns in kept.rows:
        known: dict[int, int] = {}
        for person in {id(who): who for who in columns.stated}.values():
            if person not in numbers:
                numbers[person] = len(stated)
                stated.append(person)
            known[id(person)] = numbers[person]
        rows.append(_packed_rows(columns, [known[id(who)] for who in columns.stated]))
    current = kept.current
    learners = (
        _STATED.pack(bytes.fromhex(p.learner), p.who, p.identity, current.get(p.learner) == p.who) for p in stated
    )
    parts = b"".join(learners), b"".join(rows), _packed_groups(kept.groups)
    return {"learners": parts[0], "rows": parts[1], "groups": mark_of(parts) + parts[2]}


def _packed_groups(groups: Sequence[GroupsKept]) -> bytes:
    """Return how many groups there are, the hashes of all, how many lines each has, and which rows these are."""
    counts = [number for several in groups for number in several.counts]
    places = [struct.pack(f"<{len(several.places)}I", *several.places) for several in groups]
    head = len(counts).to_bytes(4, "little"), *[several.marks for several in groups]
    return b"".join((*head, struct.pack(f"<{len(counts)}I", *counts), *places))


def _packed_rows(columns: KnownColumns, numbers: Sequence[int]) -> bytearray:
    """Return rows as `_ROW` packs each: quicker, the first bytes of all rows, then the second ones, and so on."""
    number, place = len(numbers), 0
    found = bytearray(_ROW.size * number)
    for column in _as_bytes(columns, numbers):
        width = len(column) // number if number else 0
        for byte in range(width):
            found[place + byte :: _ROW.size] = column[byte::width]
        place += width
    return found


def _as_bytes(columns: KnownColumns, numbers: Sequence[int]) -> Iterator[bytes | bytearray]:
    yield columns.rows
    yield bytes.fromhex("".join(columns.records))
    yield struct.pack(f"<{len(numbers)}I", *numbers)
    each = zip(columns.in_clear, columns.several, map(_BITS_OF.__getitem__, columns.kinds), strict=True)
    yield bytes([_IN_CLEAR * in_clear + _SEVERAL * several + bits for in_clear, several, bits in each])


def _kept(row: Any, mark_of: MarkOf) -> PackedRows | None:
    """Return what a row of the table holds; None where its keyed hash is another one. Earlier versions kept none."""
    mark, groups = (row["groups"][:MARK], row["groups"][MARK:]) if row["groups"] is not None else (None, b"")
    if mark is not None and mark != mark_of((row["learners"], row["rows"], groups)):
        return None
    stated, current = [], {}
    for learner, who, identity, is_current in _STATED.iter_unpack(row["learners"]):
        person = Stated(learner.hex(), who, identity)
        stated.append(person)
        if is_current:
            current[person.learner] = who
    return PackedRows(row["recorded_at"], row["people"], stated, row["rows"], current, groups)
