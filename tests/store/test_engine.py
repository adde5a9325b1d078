"""From an address to a database: odd paths, servers that are away, drivers that are missing, one writer at a time."""

import builtins
import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from lms_sync.errors import ConfigError, Locked
from lms_sync.store import engine
from lms_sync.store.engine import make_engine, unusable
from lms_sync.store.locks import FolderLock, ServerLock
from lms_sync.store.store import Opening, open_store
from lms_sync.store.upkeep import problems_of_file
from tests.postgresql import Server, sweep

OPENING = Opening("tps", "key", datetime(2026, 11, 1, tzinfo=UTC), alone=True)


@pytest.mark.parametrize("name", ["a?b", "50%", "%41", "two words", "a#b", "é"])
def test_a_database_is_made_where_the_settings_say_whatever_the_folder_is_called(tmp_path: Path, name: str) -> None:
    with open_store(f"sqlite:///{tmp_path}/{name}/state/x.db", OPENING):
        pass
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.db")] == [f"{name}/state/x.db"]


@pytest.mark.parametrize("url", ["mysql://localhost/x", "postgresql+asyncpg://localhost/x", "nonsense", "sqlite3:x"])
def test_an_address_of_no_engine_we_know_says_which_there_are(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        make_engine(url)
    assert "postgresql+psycopg://" in caught.value.hint


def test_a_server_that_is_away_is_said_without_the_password(tmp_path: Path) -> None:
    opening = Opening("tps", "key", OPENING.now, password="hunter2hunter2")
    with (
        pytest.raises(ConfigError, match="PostgreSQL server") as caught,
        open_store(f"postgresql+psycopg://lms@/x?host={tmp_path}", opening),
    ):
        pass
    assert "hunter2" not in str(caught.value) + caught.value.hint + repr(opening)


def test_where_psycopg_is_not_installed_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: object, **kwargs: object) -> object:
        if name.split(".")[0] == "psycopg":
            raise ModuleNotFoundError(name)
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    for name in [name for name in sys.modules if name.split(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigError) as caught:
        make_engine("postgresql+psycopg://lms@localhost/x")
    assert "pip install" in caught.value.hint


def test_one_run_at_a_time_works_on_a_district_of_a_server(postgresql: Server) -> None:
    url = postgresql.fresh()
    with open_store(url, OPENING) as store:
        with pytest.raises(Locked, match="tps"), open_store(url, OPENING):
            pass
        with store.transaction():
            store.facts.record("person", {"E1": {}}, now=OPENING.now)
        store.connection.rollback()
        with pytest.raises(Locked), open_store(url, OPENING):
            pass
        with open_store(url, Opening("other", "key", OPENING.now, alone=True, beside_others=True)):
            pass
        with open_store(url, Opening("tps", "key", OPENING.now)) as reader:
            assert reader.facts.read("person") == {"E1": {}}
            locks = [ServerLock(reader.connection.engine, district) for district in ("tps", "other")]
            assert [lock.is_held() for lock in locks] == [True, False]
    with open_store(url, replace(OPENING, alone=False)) as reader:
        assert not ServerLock(reader.connection.engine, "tps").is_held()
    with open_store(url, OPENING):
        pass


@pytest.mark.parametrize("district", [f"district-{number}" for number in range(8)])  # keys above and below zero
def test_whoever_holds_a_servers_lock_is_seen(postgresql: Server, district: str) -> None:
    url = postgresql.fresh()
    with open_store(url, replace(OPENING, district_id=district)) as store:
        assert ServerLock(store.connection.engine, district).is_held()


def test_one_run_at_a_time_works_in_a_folder(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "lock")
    with lock.held(), pytest.raises(Locked, match="another run"), FolderLock(tmp_path / "lock").held():
        pass
    with lock.held():
        assert FolderLock(tmp_path / "lock").is_held()
    assert not lock.is_held()
    with lock.held():
        pass
    assert not FolderLock(tmp_path / "none").is_held()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("written_last", ["", "-wal"])
def test_a_database_is_read_where_nothing_may_be_written_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written_last: str
) -> None:
    """FAULTS: whoever reads in WAL mode makes two files beside the database, so a disk mounted read-only had none."""
    original, copy = tmp_path / "x.db", tmp_path / "copy" / "x.db"
    copy.parent.mkdir()
    with open_store(f"sqlite:///{original}", OPENING):
        pass
    with open_store(f"sqlite:///{original}", OPENING) as store:
        with store.transaction():
            store.facts.record("person", {"E1": {}}, now=OPENING.now)
        if not written_last:
            store.connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        for ending in {"", written_last}:
            shutil.copy(tmp_path / f"x.db{ending}", copy.with_name(f"x.db{ending}"))
    before = sorted(path.name for path in copy.parent.iterdir())
    monkeypatch.setattr(engine, "in_unwritable_folder", lambda _: True)
    with open_store(f"sqlite:///{copy}", replace(OPENING, alone=False)) as store:
        assert store.facts.read("person") == {"E1": {}}
        with pytest.raises(OperationalError, match="readonly"), store.transaction():
            store.facts.record("person", {"E2": {}}, now=OPENING.now)
    assert problems_of_file(copy, thorough=True) == ()
    assert engine.copy_file(copy, tmp_path / "taken.db").stat().st_size
    assert sorted(path.name for path in copy.parent.iterdir()) == before


def test_a_full_disk_is_called_so_and_what_cannot_be_looked_at_is_not_called_damaged(tmp_path: Path) -> None:
    full = unusable(
        "sqlite:///x.db", OperationalError("", None, sqlite3.OperationalError("database or disk is full"))
    )
    assert (str(full), full.hint[:9]) == ("the disk of the database is full", "Make room")
    with pytest.raises(ConfigError, match="cannot be looked at: ") as caught:
        problems_of_file(tmp_path, thorough=False)
    assert "the disk full" in caught.value.hint
    (tmp_path / "text.db").write_text("no database" * 100)
    assert problems_of_file(tmp_path / "text.db", thorough=False) == ("file is not a database",)


def test_a_killed_runs_server_leaves_no_folder_for_long(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    folders = [tmp_path / f"lms-pg-{owner}" for owner in (f"{gone.pid}-abc", f"{os.getpid()}-abc", "1-abc")]
    for folder in folders:
        (folder / "data").mkdir(parents=True)
    sweep(tmp_path)
    assert [folder.exists() for folder in folders] == [False, True, True]


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_disk_without_locks_is_said_and_gives_no_false_safety(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """FAULTS: a file took the lock's place, which a killed run would have left for ever."""

    def refused(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refused)
    with pytest.raises(ConfigError, match="knows no locks"), FolderLock(tmp_path / "lock").held():
        pass
    monkeypatch.undo()
    with FolderLock(tmp_path / "lock").held():
        pass
