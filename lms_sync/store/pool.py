"""The database of one district kept open for many readers at once: each is given a connection of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from lms_sync.store.engine import make_engine, unusable
from lms_sync.store.store import Opening, Store, held_alone

_SQLITE_MARK = text("PRAGMA data_version")
_POSTGRESQL_MARK = text("SELECT pg_snapshot_xmax(pg_current_snapshot())")


@dataclass(frozen=True, slots=True)
class StorePool:
    """An open database, and one connection that watches whether anybody has written to it."""

    url: str
    engine: Engine
    opening: Opening
    watching: Connection
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def store(self, *, alone: bool = False) -> Iterator[Store]:
        """Yield the district's store on a connection of its own; `alone` to write, where other machines may, too.

        Raises: ConfigError when the database does not answer; Locked when another machine works on the district.
        """
        opening = replace(self.opening, alone=alone)
        try:
            with held_alone(self.engine, opening), self.engine.connect() as connection:
                yield Store(connection, self.opening.district_id, rehearsal=False, keyed_hash=self.opening.keyed_hash)
        except OperationalError as error:
            raise unusable(self.url, error) from error

    def mark(self) -> str:
        """Return a text that is another one as soon as anybody has written; an equal one means: nothing is new."""
        sqlite = self.engine.dialect.name == "sqlite"
        with self.one_at_a_time:
            mark = self.watching.execute(_SQLITE_MARK if sqlite else _POSTGRESQL_MARK).scalar()
            self.watching.rollback()
        return str(mark)


@contextmanager
def open_pool(url: str, opening: Opening) -> Iterator[StorePool]:
    """Open the district's database for many, its tables are up to date.

    Raises: ConfigError when it cannot be opened.
    """
    engine = make_engine(url, opening.password)
    try:
        with engine.connect() as connection:
            yield StorePool(url, engine, opening, connection)
    except OperationalError as error:
        raise unusable(url, error) from error
    finally:
        engine.dispose()
