"""Where many rows were read: each sheet of a file, and each address of an answer, is stored once and has an id."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, insert, select

from lms_sync.store.among import among
from lms_sync.store.schema import item, origin

SHARED = (origin.c.file, origin.c.sha256, origin.c.sheet, origin.c.url)
"""The columns of `SharedOrigin`."""


class SharedOrigin(NamedTuple):
    """What the origins of many rows have in common: all of an `Origin` but its cell and its item."""

    file: str
    sha256: str
    sheet: str
    url: str


def same_origin(table: Table) -> ColumnElement[bool]:
    """Return the condition for the origin of a row of items or of completions."""
    keys = ("district_id", "source", "origin_id")
    return and_(*(origin.c[key] == table.c[key] for key in keys))


def origins_of(connection: Connection, district_id: str) -> dict[tuple[str, int], SharedOrigin]:
    """Return (source, id) → every origin of a district."""
    query = select(origin.c.source, origin.c.origin_id, *SHARED).where(origin.c.district_id == district_id)
    return {(source, number): SharedOrigin(*shared) for source, number, *shared in connection.execute(query)}


def places_of(
    connection: Connection, district_id: str, source: str, item_ids: Iterable[str]
) -> dict[str, tuple[int, str, str]]:
    """Return item id → where it was read, as `evidence_rows.Place`; of those of some items that are stored."""
    asked_for = among(connection, item.c.item_id, item_ids)
    query = select(item.c.item_id, item.c.origin_id, item.c.cell, item.c.item)
    ours = item.c.district_id == district_id, item.c.source == source
    return {
        item_id: (number, cell, of) for item_id, number, cell, of in connection.execute(query.where(*ours, asked_for))
    }


@dataclass(slots=True)
class OriginIds:
    """The ids under which the origins of one source are stored; what is new is stored as it is asked for."""

    connection: Connection
    district_id: str
    source: str
    now: datetime
    _known: dict[SharedOrigin, int] = field(default_factory=dict)
    """All that are stored, once any was asked for."""
    _newest: int | None = None

    def id_of(self, shared: SharedOrigin) -> int:
        """Return the id of an origin."""
        found = self._known.get(shared)
        return self._id_of_other(shared) if found is None else found

    def _id_of_other(self, shared: SharedOrigin) -> int:
        if self._newest is None:
            self._newest = self._read()
            return self.id_of(shared)
        self._newest += 1
        key = {"district_id": self.district_id, "source": self.source, "origin_id": self._newest}
        self.connection.execute(insert(origin).values(**key, recorded_at=self.now, **shared._asdict()))
        self._known[shared] = self._newest
        return self._newest

    def _read(self) -> int:
        """Read what is stored, and return the newest id; 0 for none."""
        ours = and_(origin.c.district_id == self.district_id, origin.c.source == self.source)
        query = select(origin.c.origin_id, *SHARED).where(ours).order_by(origin.c.origin_id)
        newest = 0
        for newest, *shared in self.connection.execute(query):
            self._known.setdefault(SharedOrigin(*shared), newest)
        return newest
