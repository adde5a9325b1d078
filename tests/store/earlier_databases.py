"""Databases as earlier versions left them, cut down to a few rows of each kind (tests/store/earlier)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.store.store import Opening, Store, open_store

FOLDER = Path(__file__).parent / "earlier"
VERSIONS = tuple(sorted(path.stem for path in FOLDER.glob("*.sql")))
"""The commits whose databases are kept."""
WITH_LOG = ("11fbaba", "7f9f7b0")
WITH_DOCUMENTS = "7f9f7b0"
"""The version that has filed documents of an ESD and issued one of its own."""
PSEUDONYMS = Pseudonyms(b"the demo has no secrets")
LATER = datetime(2026, 12, 1, tzinfo=UTC)


@contextmanager
def earlier(version: str, folder: Path) -> Iterator[Store]:
    """Open a version's database with this program, which brings its tables up to date."""
    path = folder / f"{version}.db"
    written = sqlite3.connect(path)
    written.executescript((FOLDER / f"{version}.sql").read_text(encoding="utf-8"))
    (key_check,) = written.execute("SELECT key_check FROM district").fetchone()
    written.close()
    with open_store(f"sqlite:///{path}", Opening("fernwick", key_check, LATER)) as store:
        yield store
