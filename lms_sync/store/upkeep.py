"""The database as a file: copied while it is in use, and looked over from end to end."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect, make_url, text

from lms_sync.errors import ConfigError
from lms_sync.store.engine import DRIVER, copy_file, opened_for_reading, sqlite_file
from lms_sync.store.schema import metadata
from lms_sync.store.store import Store

DUMPED = "database.dump"
COPIED = "database.db"


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
    address = make_url(url).set(drivername=DRIVER.partition("+")[0])
    command = [program, "--format=custom", f"--file={dump}", address.render_as_string(hide_password=True)]
    os.close(os.open(dump, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        dump.unlink(missing_ok=True)
        why = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise ConfigError(f"pg_dump made no copy: {why}", hint="An older pg_dump refuses a newer server.")
    return dump


def problems_of_file(place: Path, *, thorough: bool) -> tuple[str, ...]:
    """Return what is wrong inside a SQLite file, in its own words; empty for a sound one.

    The quick look finds damaged pages; the thorough one compares the indexes too, which takes ten times as long.
    """
    statement = "PRAGMA integrity_check(20)" if thorough else "PRAGMA quick_check(20)"
    try:
        with closing(opened_for_reading(place)) as connection:
            found = [str(row[0]) for row in connection.execute(statement) if row[0] != "ok"]
            broken = connection.execute("PRAGMA foreign_key_check").fetchmany(20)
    except sqlite3.Error as error:
        return (str(error),)
    return (*found, *(f"a row of {row[0]} refers to a row of {row[2]} that is not there" for row in broken))


def problems_of_tables(store: Store) -> tuple[str, ...]:
    """Return in what the tables differ from those of this program."""
    seen = inspect(store.connection)
    there = set(seen.get_table_names())
    found = [f"the table {name} is missing" for name in metadata.tables if name not in there]
    for name in sorted(there & set(metadata.tables)):
        columns = {column["name"] for column in seen.get_columns(name)}
        lacking = [column.name for column in metadata.tables[name].columns if column.name not in columns]
        found += [f"the column {name}.{column} is missing" for column in lacking]
    return tuple(found)


def revision_of(store: Store) -> str:
    """Return the revision of the tables."""
    return str(store.connection.scalar(text("SELECT version_num FROM alembic_version")))


def rows_of(store: Store, tables: Sequence[str] = ()) -> dict[str, int]:
    """Return table → how many rows it has."""
    names = tables or tuple(metadata.tables)
    return {name: int(store.connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0) for name in names}
