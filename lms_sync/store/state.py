"""The state of a district's data in short, by which a night tells that nothing has changed since the last one."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, Text, cast, func, select

from lms_sync.store.instant import Instant
from lms_sync.store.schema import fact, metadata

_OF_EVERY_NIGHT = ("district", "run", "pull", "finding", "recipient", "item", "origin", "judgement", "known_rows")
"""Tables that a night writes whether or not anything changed, or whose rows come and go with others'."""
_LARGE = ("fact", "audit", "learner", "completion")
_AT_ONCE = 1000
"""So many facts are hashed at once."""


@dataclass(frozen=True, slots=True)
class StoredState:
    """One district's data as they are now."""

    connection: Connection
    district_id: str

    def marks(self, *, without: Collection[str] = ()) -> Iterator[str]:
        """Yield a hash of each table that is another once a row of it was added, ended or removed.

        Facts of these kinds aside. Those of large tables come last: who needs one difference only looks no further.
        A hash rests on how many rows there are and on the newest instant of each kind: nothing is ever rewritten. Of
        the log, where somebody might have, a caller looks at every word besides (`Audit.words`).
        """
        tables = [table for table in metadata.sorted_tables if table.name not in _OF_EVERY_NIGHT]
        for table in sorted(tables, key=lambda table: table.name in _LARGE):
            part = (table.name, *self._of(table, fact.c.kind.not_in(without)))
            yield hashlib.sha256(repr(part).encode()).hexdigest()

    def of_facts(self, kinds: Collection[str], *, in_short: Collection[str] = ()) -> str:
        """Return the same of the facts of these kinds alone, and of every word of those that count.

        Of the kinds `in_short` without their words.
        """
        which = fact.c.kind.in_((*kinds, *in_short))
        found = hashlib.sha256(repr(tuple(self._of(fact, which))).encode())
        line = fact.c.kind + "\x1f" + fact.c.key + "\x1f" + cast(fact.c.payload, Text)
        counting = fact.c.district_id == self.district_id, fact.c.kind.in_(kinds), fact.c.ended_at.is_(None)
        words = select(line).where(*counting).order_by(fact.c.kind, fact.c.key)
        for lines in self.connection.scalars(words).partitions(_AT_ONCE):
            found.update("".join(lines).encode())
        return found.hexdigest()

    def _of(self, table: Table, which_facts: ColumnElement[bool]) -> Iterator[str]:
        instants = [func.max(column) for column in table.c if isinstance(column.type, Instant)]
        query = select(func.count(), *instants).where(table.c.district_id == self.district_id)
        yield from map(str, self.connection.execute(query.where(which_facts) if table is fact else query).one())
