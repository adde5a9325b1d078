"""How SQLite's file is laid out and written: new databases, those of earlier versions, what a night puts aside."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from lms_sync.store.engine import PAGE, copy_file, sqlite_file
from lms_sync.store.store import Opening, open_store

OPENING = Opening("tps", "key", datetime(2026, 11, 1, tzinfo=UTC), alone=True)


def pages(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        (size,) = database.execute("PRAGMA page_size").fetchone()
        return int(size)


def test_a_new_database_has_large_pages_and_so_has_a_copy_of_one_with_small_pages(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    file = sqlite_file(url)
    assert file is not None
    with closing(sqlite3.connect(file)) as database:  # as versions up to 0010 made it
        database.execute("PRAGMA page_size = 4096")
        database.execute("CREATE TABLE of_somebody (name)")
        database.execute("DROP TABLE of_somebody")
    with open_store(url, OPENING) as store, store.transaction():
        store.facts.put("note", "a", {"text": "kept"}, now=OPENING.now)
    assert pages(file) == 4096
    copy = copy_file(file, tmp_path / "copy.db")
    assert pages(copy) == PAGE
    with open_store(f"sqlite:///{copy}", OPENING) as store:
        assert store.facts.read("note") == {"a": {"text": "kept"}}
    with open_store(f"sqlite:///{tmp_path}/new.db", OPENING):
        pass
    assert pages(tmp_path / "new.db") == PAGE


def test_what_a_statement_puts_aside_stays_in_memory(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/x.db", OPENING) as store, store.transaction():
        in_memory = 2  # as SQLite numbers it
        assert store.connection.execute(text("PRAGMA temp_store")).scalar_one() == in_memory
