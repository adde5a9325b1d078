"""Databases as earlier versions left them, cut down to a few rows of each kind (tests/store/earlier)."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import JSON, Boolean, Column, Connection, Date, DateTime, Engine, MetaData, Table, insert, null

from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.store.engine import make_engine
from lms_sync.store.migrations.upgrade import alembic_settings
from lms_sync.store.store import Opening, Store, open_store

FOLDER = Path(__file__).parent / "earlier"
REVISIONS = {
    **{"175ae5a": "0001", "11fbaba": "0002", "7f9f7b0": "0003"},
    **{"4de176a": "0004", "dcad49f": "0005", "873bb89": "0006", "0af13ef": "0007"},
    **{"7c37227": "0008", "1b75641": "0009", "6cd9468": "0010"},
}
"""The commits whose databases are kept → the revision of their tables."""
SELDOM = ("4de176a", "dcad49f", "873bb89", "0af13ef", "7c37227", "1b75641", "6cd9468")
"""Those that hold what 7f9f7b0 left, and what their own tables have besides: for `make test-slow`."""
VERSIONS = tuple(
    pytest.param(version, marks=pytest.mark.slow) if version in SELDOM else version for version in REVISIONS
)
WITH_LOG = ("11fbaba", "7f9f7b0")
OF_SEVERAL_SHEETS = "1b75641"
"""The version with completions of several files, sheets and answers (one has ended), and with a refused row."""
WITH_DOCUMENTS = "7f9f7b0"
"""The version that has filed documents of an ESD and issued one of its own."""
PSEUDONYMS = Pseudonyms(b"the demo has no secrets")
LATER = datetime(2026, 12, 1, tzinfo=UTC)


@contextmanager
def earlier(version: str, folder: Path) -> Iterator[Store]:
    """Open a version's database with this program, which brings its tables up to date."""
    with brought_up_to_date(written(version, folder)) as store:
        yield store


@contextmanager
def brought_up_to_date(path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{path}", Opening("fernwick", _key_check(path), LATER)) as store:
        yield store


@contextmanager
def earlier_on_server(version: str, folder: Path, url: str) -> Iterator[Store]:
    """Open the same as a version would have left it in an empty database of a server."""
    path = written(version, folder / "server")
    with closing_engine(url) as engine:
        with engine.begin() as connection:
            command.upgrade(alembic_settings(connection), REVISIONS[version])
        with engine.begin() as connection, closing(sqlite3.connect(path)) as rows:
            tables = MetaData()
            tables.reflect(connection)
            for table in tables.sorted_tables:
                if table.name != "alembic_version":
                    _fill(connection, table, rows)
    with open_store(url, Opening("fernwick", _key_check(path), LATER)) as store:
        yield store


def written(version: str, folder: Path) -> Path:
    """Write a version's database into a folder, and return its file."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{version}.db"
    path.write_bytes(_content(version))
    return path


@cache
def _content(version: str) -> bytes:
    """Return a version's database, made once a process; in memory, no row waits for the disk."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript((FOLDER / f"{version}.sql").read_text(encoding="utf-8"))
        return connection.serialize()


def _key_check(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT key_check FROM district").fetchone()[0])


@contextmanager
def closing_engine(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _fill(connection: Connection, table: Table, rows: sqlite3.Connection) -> None:
    found = rows.execute(f'SELECT * FROM "{table.name}"')
    names = [column[0] for column in found.description]
    assert set(names) == set(table.columns.keys()), table.name
    values = [{name: _value(table.columns[name], row[i]) for i, name in enumerate(names)} for row in found]
    if values:
        connection.execute(insert(table), values)


def _value(column: Column[Any], kept: Any) -> Any:
    """Return what the server's driver takes for a value as SQLite keeps it."""
    match column.type:
        case _ if kept is None:
            return null() if isinstance(column.type, JSON) else None
        case DateTime():
            return datetime.fromisoformat(kept).replace(tzinfo=UTC)
        case Date():
            return date.fromisoformat(kept)
        case JSON():
            return json.loads(kept)
        case Boolean():
            return bool(kept)
    return kept
