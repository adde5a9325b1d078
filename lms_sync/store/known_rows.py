"""The rows of a source's sheets that were read before, as they are kept: packed, since they are many."""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from lms_sync.model.known_rows import KnownRow, Stated
from lms_sync.store.schema import known_rows

_STATED = struct.Struct("<16s16s16s?")
"""Learner, who, identity, and whether the store has just that of the learner."""
_ROW = struct.Struct("<16s16sI?")
"""Row, record, number of what is stated, in the clear."""


@dataclass(frozen=True, slots=True)
class RowsKept:
    """What is kept of the rows of one source."""

    recorded_at: datetime
    people: str
    """A hash of the roster and of what was decided about people, by which strangers were told."""
    rows: Iterable[KnownRow]
    """One of a record at most; gone through once."""
    current: Mapping[str, bytes]
    """Learner → `Stated.who`, of those of whom the store has just that."""


@dataclass(frozen=True, slots=True)
class KnownRowsStore:
    """One district's rows that are known again."""

    connection: Connection
    district_id: str

    def read(self, source: str) -> RowsKept | None:
        """Return what is kept of a source's rows; None where nothing is, or nothing that can be read."""
        row = self.connection.execute(select(known_rows).where(self._of(source))).mappings().one_or_none()
        try:
            return _kept(row) if row else None
        except (struct.error, LookupError):
            return None

    def write(self, source: str, kept: RowsKept) -> None:
        """Keep these rows of a source, and no others."""
        self.connection.execute(delete(known_rows).where(self._of(source)))
        row = {"recorded_at": kept.recorded_at, "people": kept.people, **_packed(kept)}
        self.connection.execute(insert(known_rows).values(district_id=self.district_id, source=source, **row))

    def forget(self) -> None:
        """Keep nothing of any source: every row is read anew the next time."""
        self.connection.execute(delete(known_rows).where(known_rows.c.district_id == self.district_id))

    def _of(self, source: str) -> ColumnElement[bool]:
        return (known_rows.c.district_id == self.district_id) & (known_rows.c.source == source)


def _packed(kept: RowsKept) -> dict[str, bytes]:
    numbers: dict[Stated, int] = {}
    known: dict[int, tuple[Stated, int]] = {}  # the rows of a learner share what they state
    rows = bytearray()
    for row in kept.rows:
        who = row.stated
        if id(who) not in known:
            known[id(who)] = who, numbers.setdefault(who, len(numbers))
        rows += _ROW.pack(row.row, bytes.fromhex(row.record), known[id(who)][1], row.in_clear)
    learners = (
        _STATED.pack(
            bytes.fromhex(stated.learner),
            stated.who,
            stated.identity,
            kept.current.get(stated.learner) == stated.who,
        )
        for stated in numbers
    )
    return {"learners": b"".join(learners), "rows": bytes(rows)}


def _kept(row: Any) -> RowsKept:
    who_is_stated, current = [], {}
    for learner, who, identity, is_current in _STATED.iter_unpack(row["learners"]):
        stated = Stated(learner.hex(), who, identity)
        who_is_stated.append(stated)
        if is_current:
            current[stated.learner] = who
    rows = [
        KnownRow(mark, record.hex(), who_is_stated[number], in_clear)
        for mark, record, number, in_clear in _ROW.iter_unpack(row["rows"])
    ]
    return RowsKept(row["recorded_at"], row["people"], rows, current)
