"""Who is signed in, in a small database of its own: a night that holds the district's never keeps anybody waiting.

Nothing in it lasts: sessions, links that work once, codes, devices, counts of tries. Secrets are kept as hashes.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    event,
    func,
    insert,
    select,
    update,
)

from lms_sync.files import private_file
from lms_sync.store.engine import make_engine

_metadata = MetaData()
_secret = Table(
    "secret",
    _metadata,
    Column("kind", String, primary_key=True),
    Column("hash", String, primary_key=True),
    Column("about", Text, nullable=False),
    Column("seen", Float, nullable=False),
    Column("expires", Float, nullable=False),
)
"""Whatever a browser or a letter holds and we know again: a session, a start link, a device, a code."""
_bucket = Table(
    "bucket",
    _metadata,
    Column("name", String, primary_key=True),
    Column("spent", Integer, nullable=False),
    Column("since", Float, nullable=False),
)
"""One try a row: the hash of what was tried with random signs behind it, 1, and when."""

LONGEST_COUNT = timedelta(days=1)
"""No count of tries reaches further back."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a secret that somebody presented."""

    about: dict[str, str]
    seen: datetime


@dataclass(frozen=True, slots=True)
class SignIns:
    """Sessions, links, devices, codes and counts of tries."""

    engine: Engine

    def new(self, kind: str, about: dict[str, str], *, at: datetime, lasts: timedelta) -> str:
        """Keep a new random secret, and return it; only its hash is stored."""
        token = secrets.token_urlsafe(32)
        self.keep(kind, token, about, at=at, lasts=lasts)
        return token

    def keep(self, kind: str, token: str, about: dict[str, str], *, at: datetime, lasts: timedelta) -> None:
        """Keep a secret of the caller's, in place of what was kept of it before."""
        row = {"about": json.dumps(about), "seen": at.timestamp(), "expires": (at + lasts).timestamp()}
        with self.engine.begin() as connection:
            _forget(connection, kind, _hash(token))
            connection.execute(delete(_secret).where(_secret.c.expires < at.timestamp()))
            connection.execute(insert(_secret).values(kind=kind, hash=_hash(token), **row))

    def find(self, kind: str, token: str, *, at: datetime) -> Kept | None:
        """Return what is known of a secret; None for an unknown or expired one."""
        with self.engine.connect() as connection:
            row = connection.execute(
                select(_secret).where(_secret.c.kind == kind, _secret.c.hash == _hash(token))
            ).one_or_none()
        if row is None or row.expires <= at.timestamp():
            return None
        return Kept(json.loads(row.about), datetime.fromtimestamp(row.seen, at.tzinfo))

    def touch(self, kind: str, token: str, *, at: datetime) -> None:
        """Record that a secret was used."""
        with self.engine.begin() as connection:
            same = (_secret.c.kind == kind) & (_secret.c.hash == _hash(token))
            connection.execute(update(_secret).where(same).values(seen=at.timestamp()))

    def use_up(self, kind: str, token: str, *, at: datetime) -> Kept | None:
        """Return what is known of a secret that works once, and forget it; of two at once only one is answered."""
        kept = self.find(kind, token, at=at)
        with self.engine.begin() as connection:
            gone = _forget(connection, kind, _hash(token))
        return kept if gone else None

    def replace(self, kind: str, token: str, about: dict[str, str]) -> None:
        """Keep something else of a secret; until when it works stays."""
        with self.engine.begin() as connection:
            same = (_secret.c.kind == kind) & (_secret.c.hash == _hash(token))
            connection.execute(update(_secret).where(same).values(about=json.dumps(about)))

    def forget_hash(self, kind: str, hashed: str) -> None:
        """Forget a secret of which only the hash is known here."""
        with self.engine.begin() as connection:
            _forget(connection, kind, hashed)

    def forget(self, kind: str, token: str) -> None:
        """Forget a secret: a session that was signed out."""
        with self.engine.begin() as connection:
            _forget(connection, kind, _hash(token))

    def allowed(self, name: str, *, at: datetime, most: int, per: timedelta) -> bool:
        """Tell whether one more try under a name is within `most` in any stretch of `per`; if so, count it."""
        key, now = _hash(name), at.timestamp()
        with self.engine.begin() as connection:
            lately = _bucket.c.since > now - per.total_seconds()
            tries = connection.scalar(select(func.count()).select_from(_bucket).where(_tries_of(key), lately)) or 0
            if tries == 0:
                # Those that count for nothing any more go, or a visitor of many networks would fill the disk.
                old = _bucket.c.since < now - LONGEST_COUNT.total_seconds()
                connection.execute(delete(_bucket).where(old))
            if tries < most:
                row = {"name": f"{key}-{secrets.token_hex(8)}", "spent": 1, "since": now}
                connection.execute(insert(_bucket).values(**row))
        return tries < most

    def give_back(self, name: str) -> None:
        """Take back the last try that was counted under a name, since it was none."""
        with self.engine.begin() as connection:
            newest_first = select(_bucket.c.name).where(_tries_of(_hash(name))).order_by(_bucket.c.since.desc())
            connection.execute(delete(_bucket).where(_bucket.c.name == connection.scalar(newest_first.limit(1))))


def _tries_of(key: str) -> ColumnElement[bool]:
    """Return the condition that a row is a try under a name; the sign after `-` is `.`."""
    return (_bucket.c.name > f"{key}-") & (_bucket.c.name < f"{key}.")


def _forget(connection: Connection, kind: str, hashed: str) -> bool:
    gone = connection.execute(delete(_secret).where(_secret.c.kind == kind, _secret.c.hash == hashed))
    return gone.rowcount > 0


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@contextmanager
def open_sign_ins(path: Path) -> Iterator[SignIns]:
    """Open the database of sign-ins in this file; only its owner can read it."""
    private_file(path)
    # A transaction that reads and then writes takes its turn at its start, or another's write would make it fail.
    engine = make_engine(f"sqlite:///{path}", begin="BEGIN IMMEDIATE")
    event.listen(engine, "connect", _let_readers_and_writers_work_at_once)
    try:
        _metadata.create_all(engine)
        yield SignIns(engine)
    finally:
        engine.dispose()


def _let_readers_and_writers_work_at_once(connection: object, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[attr-defined]
