"""Who reads a SQLite database holds nobody up who writes to it, and two who write are told so in words."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lms_sync.errors import ConfigError
from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.store import engine
from lms_sync.store.audit import mac_of
from lms_sync.store.pool import open_pool
from lms_sync.store.store import Opening, open_store

NOW = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
OPENING = Opening("tps", "key", NOW)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "lms_sync.db"
    with open_store(f"sqlite:///{path}", OPENING) as store, store.transaction():
        people = {f"E{number}": {"name": "x" * 500} for number in range(200)}
        store.facts.put_all("person", people, now=NOW)
    with open_store(f"sqlite:///{path}", OPENING):
        pass  # the first opening makes the file, the second one has something to switch
    return path


def write(base: Path, hour: int = 11) -> None:
    with open_store(f"sqlite:///{base}", OPENING) as store, store.transaction():
        store.facts.put("person", "E0", {"name": "new"}, now=NOW.replace(hour=hour))


def test_a_reader_that_is_left_half_way_holds_no_writer_up(base: Path) -> None:
    with closing(sqlite3.connect(base)) as reader:
        half_read = reader.execute("SELECT * FROM fact")
        half_read.fetchone()
        write(base)
        assert half_read.fetchone()


def test_a_reader_opens_while_somebody_writes(base: Path) -> None:
    with closing(sqlite3.connect(base, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with open_store(f"sqlite:///{base}", OPENING) as store:
            assert len(store.facts.read("person")) == 200


def test_a_writer_that_waits_too_long_is_told_in_words(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WAIT_FOR_WRITER", 0)
    with closing(sqlite3.connect(base, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConfigError, match="another program has been writing"):
            write(base)


def test_a_commit_that_finds_the_file_busy_leaves_no_transaction_open(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WAIT_FOR_WRITER", 0)
    with closing(sqlite3.connect(base, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")  # as versions before this one opened it
        reader = other.execute("SELECT * FROM fact")
        reader.fetchone()
        with pytest.raises(ConfigError, match="another program has been writing"):
            write(base)
        reader.close()
        with open_store(f"sqlite:///{base}", OPENING) as store:
            assert store.facts.read("person")["E0"] != {"name": "new"}
        write(base)


def test_what_is_decided_on_a_connection_of_the_pool_carries_its_code(base: Path) -> None:
    seal = Pseudonyms(b"k" * 32)
    with open_pool(f"sqlite:///{base}", replace(OPENING, keyed_hash=seal.of)) as pool, pool.store() as store:
        with store.transaction():
            entry = store.audit.add(DecisionKind.MAP, "1", Author("Kim", "so", NOW), before=None, after=None)
        assert entry.mac == mac_of(entry.hash, seal.of)
