"""From the address in the settings to a database that can be asked: SQLite in a file, or a PostgreSQL server."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from lms_sync.errors import ConfigError, full_disk
from lms_sync.files import narrow, private_file, private_folder
from lms_sync.model.stored.stored_type import stored_json

SQLITE = "sqlite:///"
WAIT_FOR_WRITER = 10
"""Seconds for which a writer waits while another one writes."""
PAGE = 16_384
"""Bytes of a page of SQLite's: of a night's rows many lie side by side, and each page is written by itself."""
DRIVER = "postgresql+psycopg"
# A server whose client's machine vanished lets go of its locks after a minute instead of two hours.
_POSTGRESQL: Mapping[str, object] = {
    "application_name": "lms-sync",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "options": "-c client_connection_check_interval=500ms -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10"
    " -c tcp_keepalives_count=3 -c timezone=UTC",
}


def make_engine(url: str, password: str = "", *, begin: str = "BEGIN") -> Engine:
    """Return the engine of a database's address; nothing is connected yet, a SQLite file's folder is made.

    `password` goes beside an address that names none; `begin` is how SQLite begins a transaction.

    Raises: ConfigError for an address of no engine we know, or where the driver is not installed.
    """
    if url.startswith("sqlite:"):
        return _sqlite(url, begin)
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise ConfigError("[store] url is no address of a database", hint=_SHAPES) from error
    if address.drivername not in ("postgresql", DRIVER):
        raise ConfigError(f"[store] url: {address.drivername} is no database that lms-sync knows", hint=_SHAPES)
    address = address.set(drivername=DRIVER)
    try:
        return create_engine(address.set(password=password) if password else address, connect_args=dict(_POSTGRESQL))
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigError(
            "[store] url names a PostgreSQL server, and psycopg, which talks to it, is not installed",
            hint="Install it beside lms-sync: python -m pip install 'psycopg[binary]'.",
        ) from error


_SHAPES = "Write sqlite:///state/lms_sync.db, or postgresql+psycopg://USER@HOST/DATABASE with password_file."


def sqlite_file(url: str) -> Path | None:
    """Return where a SQLite database lies; None for another engine, or one in memory."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) and len(url) > len(SQLITE) else None


def copy_file(source: Path, copy: Path) -> Path:
    """Copy a SQLite database as it stands at one instant, while others write; return the copy.

    Raises: ConfigError where it can't be copied; FileExistsError where there is a file of that name.
    """
    # One statement, one instant: a copy in steps begins anew whenever somebody writes. Source: SQLite, VACUUM INTO.
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(opened_for_reading(source)) as connection:
            connection.execute(f"PRAGMA page_size = {PAGE}")
            connection.execute("VACUUM INTO ?", (str(copy),))
    except sqlite3.Error as error:
        copy.unlink(missing_ok=True)
        raise ConfigError(f"the database cannot be copied: {error}", hint="Is there room on the disk?") from error
    return copy


def opened_for_reading(file: Path) -> sqlite3.Connection:
    """Open a SQLite database that is only read, also where nothing may be written beside it.

    Raises: sqlite3.Error.
    """
    # The path as an address: in one written by hand, `?`, `#` and `%` would mean something else.
    address = f"{file.absolute().as_uri()}?mode=ro"
    if not in_unwritable_folder(file):
        return sqlite3.connect(address, uri=True, timeout=60)
    if not file.with_name(f"{file.name}-wal").exists():
        return sqlite3.connect(f"{address}&immutable=1", uri=True)
    # What was written last lies in that file. Those who read it share it by another one, which can't be made here;
    # who takes the database for its own alone needs none, and `unix-none` asks no lock of a disk that gives none.
    # Source: SQLite, Write-Ahead Logging, "Use of WAL Without Shared-Memory".
    connection = sqlite3.connect(f"{address}&vfs=unix-none", uri=True)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    return connection


def in_unwritable_folder(file: Path) -> bool:
    """Tell whether a database is there, nobody works on it, and nothing may be written beside it."""
    return (
        os.name == "posix"
        and file.is_file()
        and not file.with_name(f"{file.name}-shm").exists()
        and not os.access(file.parent, os.W_OK)
    )


def _sqlite(url: str, begin: str) -> Engine:
    # The path is taken as it stands: in an address, `?` and `%` would mean something else.
    name = url.removeprefix(SQLITE) if url.startswith(SQLITE) else ""
    if name:
        _keep_private(Path(name))
    address = URL.create("sqlite", database=name or None)
    if name and in_unwritable_folder(Path(name)):
        engine = create_engine(
            address,
            creator=lambda: opened_for_reading(Path(name)),
            poolclass=StaticPool,
            json_deserializer=stored_json,
        )
    else:
        engine = create_engine(address, json_deserializer=stored_json)
    # The driver's own transaction handling commits before DDL; with it off, BEGIN is ours and failed migrations leave
    # nothing behind.
    event.listen(engine, "connect", _plain_sqlite)
    event.listen(engine, "begin", lambda connection: _begin(connection, reading=begin))
    return engine


def _keep_private(path: Path) -> None:
    """Make the database's file before SQLite does, by the umask; what SQLite writes beside it gets the same mode."""
    with suppress(OSError):  # whoever opens the database next says so, with the remedy
        if not path.parent.is_dir():
            private_folder(path.parent)
        private_file(path)
        for beside in ("-wal", "-shm", "-journal"):
            narrow(path.with_name(path.name + beside))


def _plain_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA page_size = {PAGE}")  # of a database that is made now; another keeps its own
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA busy_timeout = {WAIT_FOR_WRITER * 1000}")
    # Who reads holds no writer up. The switch needs the file for a moment, and writes to it: later openings switch
    # where it is busy, or empty still.
    with suppress(sqlite3.DatabaseError):
        if connection.execute("PRAGMA page_count").fetchone()[0]:
            connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA cache_size = -98304")  # KiB: many rows at once fill the keys in no order
    # With every statement for many rows SQLite puts aside what each page was like before: in a file, that is twice as
    # much to write as the rows. What it sorts stays in memory too: of a million completions some 125 MB.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA synchronous = FULL")  # a message that was sent must not be forgotten


def _begin(connection: Connection, *, reading: str) -> None:
    """Begin a transaction; one that writes says so at once, since what it read may be old when it first writes."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info.get("writing") else reading)


class DamagedDatabase(ConfigError):
    """The database's file is damaged, or is none of a database."""


class NoneOfOurs(ConfigError):
    """The database holds another program's tables, or nothing of the district that had one before."""


def unusable(url: str, error: DatabaseError) -> ConfigError:
    """Return what to tell of a database that could not be used."""
    if any(words in str(error.orig) for words in ("malformed", "not a database", "disk image")):
        return DamagedDatabase(
            f"the database is damaged, or is no database: {error.orig}",
            hint="Put a backup back: docs/operators.md, Backup.",
        )
    if full_disk(error):
        return ConfigError(
            "the disk of the database is full",
            hint="Make room, and run the command again. Nothing of this run's last step was stored.",
        )
    if "readonly" in str(error.orig):
        return ConfigError(
            "the database can only be read, and this command writes",
            hint="Whose are the file and its folder, and is the disk mounted for reading only?",
        )
    if url.startswith("sqlite:") and "locked" in str(error.orig):
        return ConfigError(
            f"another program has been writing to the database for {WAIT_FOR_WRITER} seconds",
            hint="Nothing of this run's last step was stored. Close what writes to the file (another lms-sync, a"
            " database browser, a copy that is being made), and run the command again.",
        )
    if url.startswith("sqlite:"):
        hint = "See [store] url in lms_sync.toml: does the folder exist, is it writable, is the disk full?"
        return ConfigError(f"the database cannot be used: {error.orig}", hint=hint)
    first = str(error.orig).strip().splitlines()
    return ConfigError(
        f"the PostgreSQL server of [store] url cannot be used: {first[0] if first else 'it does not answer'}",
        hint="Is it up, may this account log in, does the database exist? Try the same address with `psql`.",
    )
