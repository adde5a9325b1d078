"""The database as a file: copied while it is in use, and looked over from end to end."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import DatabaseError

from lms_sync.errors import ConfigError, UsageError
from lms_sync.store.engine import DRIVER, copy_file, make_engine, opened_for_reading, sqlite_file, unusable
from lms_sync.store.schema import metadata
from lms_sync.store.store import Store
from lms_sync.text import in_shell

DUMPED = "database.dump"
COPIED = "database.db"
_ITEMS_LOST = """
    SELECT count(*) FROM completion AS c WHERE NOT EXISTS (
        SELECT 1 FROM item AS i WHERE i.district_id = c.district_id AND i.source = c.source AND i.item_id = c.item_id
    )
"""
"""No key of the tables holds a completion to its item: to look that up for each would cost a night as much again."""


def copy_database(url: str, password: str, folder: Path) -> Path:
    """Copy the database as it stands at one instant into `folder`, while others write; return the copy.

    Raises: ConfigError where it can't be copied.
    """
    source = sqlite_file(url)
    if source is not None:
        return copy_file(source, folder / COPIED)
    return _dumped(url, password, folder / DUMPED)


def _dumped(url: str, password: str, dump: Path) -> Path:
    program = shutil.which("pg_dump")
    if program is None:
        raise ConfigError(
            "the database cannot be copied: pg_dump is not installed here",
            hint="Install PostgreSQL's client programs of the server's version, or let the server make the backups.",
        )
    os.close(os.open(dump, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if why := _refused([program, "--format=custom", f"--file={dump}", _address(url)], password):
        dump.unlink(missing_ok=True)
        raise ConfigError(f"pg_dump made no copy: {why}", hint="An older pg_dump refuses a newer server.")
    return dump


def fill_database(url: str, password: str, dump: Path) -> None:
    """Put what `copy_database` took from a server into an empty database of a server, all of it or nothing.

    Raises: UsageError for a database that holds tables; ConfigError where it can't be done, with the command by hand.
    """
    options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    command = ["pg_restore", *options, f"--dbname={_address(url)}", str(dump)]
    expect_empty(url, password)
    program = shutil.which("pg_restore")
    by_hand = " ".join(map(in_shell, command))
    if program is None:
        raise ConfigError(
            "the database cannot be put back: pg_restore is not installed here",
            hint=f"Where it is, and the server is reached from: {by_hand}",
        )
    if why := _refused([program, *command[1:]], password):
        raise ConfigError(
            f"pg_restore put nothing back: {why}",
            hint=f"One of the version that made the copy, or newer, is needed. By hand: {by_hand}",
        )


def expect_empty(url: str, password: str) -> None:
    """Refuse a server's database that holds tables. Raises: UsageError; ConfigError where it can't be asked."""
    engine = make_engine(url, password)
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
    except DatabaseError as error:
        raise unusable(url, error) from error
    finally:
        engine.dispose()
    if tables:
        raise UsageError(
            f"the database of [store] url is not empty: it has {len(tables)} tables",
            hint="Make a new one (docs/operators.md, PostgreSQL), name it in [store] url, and restore into that one; "
            "the one that is there stays as it is.",
        )


def _address(url: str) -> str:
    """Return a server's address as PostgreSQL's own programs take it, without a password."""
    return make_url(url).set(drivername=DRIVER.partition("+")[0]).render_as_string(hide_password=True)


def _refused(command: Sequence[str], password: str) -> str:
    """Run one of PostgreSQL's programs, and return the first line of its trouble; empty for none."""
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return (done.stderr.strip().splitlines() or ["no reason given"])[0] if done.returncode else ""


def problems_of_file(place: Path, *, thorough: bool) -> tuple[str, ...]:
    """Return what is wrong inside a SQLite file, in its own words; empty for a sound one.

    The quick look finds damaged pages; the thorough one compares the indexes too, which takes ten times as long.

    Raises: ConfigError where it can't be looked at, which says nothing of what is in it.
    """
    statement = "PRAGMA integrity_check(20)" if thorough else "PRAGMA quick_check(20)"
    try:
        with closing(opened_for_reading(place)) as connection:
            found = [str(row[0]) for row in connection.execute(statement) if row[0] != "ok"]
            broken = connection.execute("PRAGMA foreign_key_check").fetchmany(20)
            there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            lost = connection.execute(_ITEMS_LOST).fetchone()[0] if {"completion", "item"} <= there else 0
    except sqlite3.Error as error:
        if _is_damage(error):
            return (str(error),)
        raise ConfigError(
            f"{place} cannot be looked at: {error}",
            hint="Is the disk full or failing, or is the file in use elsewhere? That says nothing of its content.",
        ) from error
    found += [f"a row of {row[0]} refers to a row of {row[2]} that is not there" for row in broken]
    return (*found, *_of_lost(lost))


def _of_lost(items: int) -> tuple[str, ...]:
    return (f"{items} of the rows of completion refer to a row of item that is not there",) if items else ()


def _is_damage(error: sqlite3.Error) -> bool:
    """Tell whether it is the file's content that is wrong, and not the disk or whoever else uses it."""
    # The low byte of a code says what it is, the rest where. Source: SQLite, Result and Error Codes.
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def problems_of_tables(store: Store) -> tuple[str, ...]:
    """Return in what the tables differ from those of this program."""
    seen = inspect(store.connection)
    there = set(seen.get_table_names())
    found = [f"the table {name} is missing" for name in metadata.tables if name not in there]
    for name in sorted(there & set(metadata.tables)):
        columns = {column["name"] for column in seen.get_columns(name)}
        lacking = [column.name for column in metadata.tables[name].columns if column.name not in columns]
        found += [f"the column {name}.{column} is missing" for column in lacking]
    if not found and store.connection.dialect.name == "postgresql":  # of a file `problems_of_file` tells it
        found += _of_lost(store.connection.scalar(text(_ITEMS_LOST)) or 0)
    return tuple(found)


def revision_of(store: Store) -> str:
    """Return the revision of the tables."""
    return str(store.connection.scalar(text("SELECT version_num FROM alembic_version")))


def rows_of(store: Store, tables: Sequence[str] = ()) -> dict[str, int]:
    """Return table → how many rows it has."""
    names = tables or tuple(metadata.tables)
    return {name: int(store.connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0) for name in names}
