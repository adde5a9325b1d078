"""One writer at a time: a lock in the workspace's folder, and on a server one that other machines see too.

Both are let go by themselves when their holder dies, however it dies.
"""

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text

from lms_sync.errors import ConfigError, Locked
from lms_sync.files import private_file, write_private

_NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP)
_WAIT = "Wait until it is done; a run that was killed lets go of the lock by itself."


class FolderLock:
    """The lock of everybody who works in one folder on one machine."""

    def __init__(self, path: Path, *, who: str = "a run", patience: float = 0) -> None:
        self.path = path
        self.who = who
        """Who holds it, for those who wait."""
        self.patience = patience
        """Seconds to wait for another run."""

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for a block.

        Raises: Locked, with who holds it and since when, where another run does; ConfigError on a disk without locks.
        """
        from filelock import FileLock, Timeout  # a command that only reads takes no lock

        private_file(self.path)
        # Where there are no locks, a file that is there or not would be none: a killed run leaves it for ever.
        lock = FileLock(self.path, timeout=self.patience, fallback_to_soft=False)
        try:
            lock.acquire()
        except Timeout as error:
            raise Locked(f"another run holds {self.path}{self._held_by()}", hint=_WAIT) from error
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            raise ConfigError(
                f"the disk of {self.path} knows no locks ({error.strerror})",
                hint="Two runs would not know of each other there. Put the workspace on a disk of this machine.",
            ) from error
        try:
            holder = {"who": self.who, "since": datetime.now(UTC).isoformat(), "process": os.getpid()}
            write_private(self._holder, json.dumps(holder).encode())
            yield
        finally:
            self._holder.unlink(missing_ok=True)
            lock.release()

    def is_held(self) -> bool:
        """Tell whether a run holds the lock; where nobody may look, one may."""
        from filelock import FileLock, Timeout  # as above

        if not self.path.exists():
            return False
        try:
            with FileLock(self.path, timeout=0, fallback_to_soft=False):
                return False
        except (Timeout, OSError):
            return True

    @property
    def _holder(self) -> Path:
        """Return the file in which the holder says who it is."""
        return self.path.with_name(f"{self.path.name}-holder.json")

    def _held_by(self) -> str:
        """Return who holds the lock, as the end of a sentence; empty where nobody has said so."""
        try:
            holder = json.loads(self._holder.read_text(encoding="utf-8"))
            since = datetime.fromisoformat(holder["since"]).astimezone()
            return f": {holder['who']}, since {since:%H:%M} (process {holder['process']})"
        except (OSError, ValueError, KeyError, TypeError):
            return ""


class ServerLock:
    """The lock of everybody who works on one district in one PostgreSQL database, from whatever machine."""

    def __init__(self, engine: Engine, district_id: str) -> None:
        self.engine = engine
        self.district_id = district_id
        digest = hashlib.sha256(f"lms-sync run\x1f{district_id}".encode()).digest()
        self.key = int.from_bytes(digest[:8], signed=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for a block, on a connection of its own: a rollback of the work must not let it go.

        Raises: Locked when another run holds it.
        """
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": self.key}):
                raise Locked(f"another run works on district {self.district_id} in this database", hint=_WAIT)
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": self.key})

    def is_held(self) -> bool:
        """Tell whether a run holds the lock, from whatever machine."""
        # Source of the two halves of the key: PostgreSQL's documentation of pg_locks.
        asked = """SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND (classid::bigint << 32) + objid::bigint = :key)"""
        with self.engine.connect() as connection:
            return bool(connection.scalar(text(asked), {"key": self.key}))
