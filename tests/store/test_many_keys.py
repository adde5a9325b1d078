"""Questions about more keys than a statement takes: an export of which every record, or learner, gets another key."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lms_sync.store.store import Opening, Store, open_store

T0 = datetime(2026, 11, 1, tzinfo=UTC)
OPENING = Opening("tps", "key", T0, alone=True)
MOST = 999
"""Values that a statement of the oldest SQLite takes."""
MANY = tuple(f"{number:032x}" for number in range(2 * MOST))


def limited(store: Store) -> None:
    """Let a statement of this connection take no more values than the oldest SQLite."""
    driver: Any = store.connection.connection.driver_connection
    driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, MOST)


def test_learners_and_agreed_absences_get_other_keys_however_many_they_are(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/x.db", OPENING) as store, store.transaction():
        limited(store)
        store.renaming("class").end_learners(MANY, now=T0)
        store.evidence.accept_absences("class", MANY, by="A. Roe", now=T0)
        store.renaming("class").absences({key: f"new{key}" for key in MANY}, now=T0 + timedelta(days=1))
        assert store.evidence.accepted_absences("class") == {f"new{key}" for key in MANY}
