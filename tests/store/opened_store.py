"""A store that a test opens, and a completion to keep in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from lms_sync.model.evidence import Completion, Learner, StoredItem
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.store.store import Opening, Store, open_store

T0 = datetime(2026, 11, 1, 9, tzinfo=UTC)
T1 = T0 + timedelta(days=1)
T2 = T0 + timedelta(days=2)
DONE = Completion(
    "moodle",
    "r1",
    Learner("moodle", "l1"),
    "SSS-10",
    "De-escalation",
    date(2026, 3, 5),
    Origin("a.csv", "ab", "", "A2"),
)
ITEM = StoredItem("i1", DONE.origin, "r1", "added", (("Name", "x"),), "0" * 32)


@contextmanager
def opened(url: str, **changes: object) -> Iterator[Store]:
    with open_store(url, replace(Opening("tps", "key", T0), **changes)) as store:  # type: ignore[arg-type]
        yield store


FINDING = Finding(Area.ROW, "bad-date", "a.csv!B7", "31/02/2024", "a day", "mend it")
