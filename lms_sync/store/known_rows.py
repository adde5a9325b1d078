"""The rows of a source's sheets that were read before, as they are kept: packed, since they are many."""

import struct
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from operator import and_, eq
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from lms_sync.model.known_rows import MARK, KnownRow, KnownRows, RowsPassed, Stated
from lms_sync.store.schema import known_rows

_STATED = struct.Struct("<16s16s16s?")
"""Learner, who, identity, and whether the store has just that of the learner."""
_ROW = struct.Struct("<16s16sI?")
"""Row, record, number of what is stated, in the clear."""


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

    @property
    def number(self) -> int:
        """Return how many rows there are."""
        return len(self.packed) // _ROW.size

    def rows(self, in_clear: Set[str], *, strangers: bool, without: Set[str]) -> KnownRows | None:
        """Return the rows; to be known are those whose text would be kept as it was.

        These are of learners who are kept `in_clear` now; of all others only where `strangers` are to be known.
        No rows of the records `without` are among them. None where what is kept can't be read.
        """
        count, width = self.number, _ROW.size
        if len(self.packed) != count * width:
            return None
        marks, records, of_stated, was = (
            _column(self.packed, begin, end, width) for begin, end in ((0, 16), (16, 32), (32, 36), (36, 37))
        )
        says = array("I", of_stated)
        if sys.byteorder != "little":
            says.byteswap()
        if says and max(says) >= len(self.stated):
            return None
        clear = [person.learner in in_clear for person in self.stated]
        in_hex = records.hex()
        keys = [in_hex[place : place + 32] for place in range(0, len(in_hex), 32)]
        offered = map(eq, map(clear.__getitem__, says), was)
        if not strangers:
            offered = map(and_, offered, was)
        if without:
            offered = map(and_, offered, [key not in without for key in keys])
        each = [marks[place : place + MARK] for place in range(0, len(marks), MARK)]
        places = dict(compress(zip(each, range(count), strict=True), offered))
        return KnownRows(marks, keys, self.stated, says, was, places)


def _column(packed: bytes, begin: int, end: int, width: int) -> bytes:
    """Return what stands between two places of each row, one behind the other."""
    found = bytearray(len(packed) // width * (end - begin))
    for place in range(end - begin):
        found[place :: end - begin] = packed[begin + place :: width]
    return bytes(found)


@dataclass(frozen=True, slots=True)
class KnownColumns:
    """Rows that are to be kept, in columns: see `KnownRow`."""

    rows: bytes | bytearray
    """One behind the other."""
    records: Sequence[str]
    stated: Sequence[Stated]
    """The rows of a learner share what they state."""
    in_clear: Sequence[bool]

    @classmethod
    def of(cls, rows: Sequence[KnownRow]) -> "KnownColumns":
        """Return the columns of some rows."""
        records, stated = [row.record for row in rows], [row.stated for row in rows]
        return cls(b"".join([row.row for row in rows]), records, stated, [row.in_clear for row in rows])

    @classmethod
    def of_passed(cls, passed: RowsPassed, *, without: Set[str]) -> "KnownColumns":
        """Return the columns of known rows, but for those of some records."""
        rows = passed.rows
        places = [place for place in passed.places if rows.records[place] not in without]
        return cls(
            b"".join(map(rows.mark, places)),
            [*map(rows.records.__getitem__, places)],
            [rows.stated[rows.says[place]] for place in places],
            [bool(rows.in_clear[place]) for place in places],
        )


@dataclass(frozen=True, slots=True)
class RowsKept:
    """What is to be kept of the rows of one source."""

    recorded_at: datetime
    people: str
    """A hash of the roster and of what was decided about people, by which strangers were told."""
    rows: Sequence[KnownColumns]
    """One of a record at most."""
    current: Mapping[str, bytes]
    """Learner → `Stated.who`, of those of whom the store has just that."""
    before: PackedRows | None = None
    """Rows that stay as they were kept, of other records."""


@dataclass(frozen=True, slots=True)
class KnownRowsStore:
    """One district's rows that are known again."""

    connection: Connection
    district_id: str

    def read(self, source: str) -> PackedRows | None:
        """Return what is kept of a source's rows; None where nothing is, or nothing that can be read."""
        row = self.connection.execute(select(known_rows).where(self._of(source))).mappings().one_or_none()
        try:
            return _kept(row) if row else None
        except struct.error:
            return None

    def write(self, source: str, kept: RowsKept) -> None:
        """Keep these rows of a source, and no others."""
        self.connection.execute(delete(known_rows).where(self._of(source)))
        of = {"district_id": self.district_id, "source": source}
        row = of | {"recorded_at": kept.recorded_at, "people": kept.people, **_packed(kept)}
        # Beside the statement: what stands in it SQLAlchemy keeps as long as the statement, and there are many rows.
        self.connection.execute(insert(known_rows), row)

    def forget(self) -> None:
        """Keep nothing of any source: every row is read anew the next time."""
        self.connection.execute(delete(known_rows).where(known_rows.c.district_id == self.district_id))

    def _of(self, source: str) -> ColumnElement[bool]:
        return (known_rows.c.district_id == self.district_id) & (known_rows.c.source == source)


def _packed(kept: RowsKept) -> dict[str, bytes]:
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
    return {"learners": b"".join(learners), "rows": b"".join(rows)}


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
    yield bytes(columns.in_clear)


def _kept(row: Any) -> PackedRows:
    stated, current = [], {}
    for learner, who, identity, is_current in _STATED.iter_unpack(row["learners"]):
        person = Stated(learner.hex(), who, identity)
        stated.append(person)
        if is_current:
            current[person.learner] = who
    return PackedRows(row["recorded_at"], row["people"], stated, row["rows"], current)
