"""New rules give records other keys: what can't be proven the same waits, and what a purge removed stays away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Row as StoredRow
from sqlalchemy import Table, select

from lms_sync.errors import SafetyStop
from lms_sync.model.evidence import Completion
from lms_sync.model.finding import Origin
from lms_sync.operations.pull import know_again
from lms_sync.operations.pull.rekey import SeenKey, renamed
from lms_sync.operations.retention.record import Purge, record_purge
from lms_sync.store.known.registers import RULE_CHANGES
from lms_sync.store.purge import Purging
from lms_sync.store.schema import completion, item, learner
from lms_sync.store.store import Store
from tests.operations.known_again import T0, T1, earlier, opened, pulled, read, record_of, row


def test_what_may_be_two_records_is_not_known_again_and_waits_for_hr() -> None:
    """Two learners, 417 and 00417: an old key that today's data show under itself is never given away."""
    number, words = read([row(417, "a number in the format 00000"), ("417", "Calm", "09/03/2025", "Completed")])
    with opened() as store:
        earlier(store, [words])
        pulled(store, [number, words], now=T1, sha256="cd")
        assert {one.record for one in store.evidence.completions()} == {record_of(number), record_of(words)}
        assert RULE_CHANGES.read(store) == {}


def test_what_neither_way_proves_waits_for_hr_and_stays_evidence() -> None:
    items = read([row(n, "as a formula") for n in (1, 2)])
    unlike = tuple(replace(item, former=()) for item in items)
    with opened() as store:
        earlier(store, items)
        pulled(store, unlike, now=T1, sha256="cd")
        (change,) = RULE_CHANGES.read(store).values()
        assert len(store.evidence.completions()) == 4
        assert change.lines == ("a.csv, A2: “Calm”", "a.csv, A3: “Calm”")
        assert len(change.finding_id) == 16
        RULE_CHANGES.end(store, change.finding_id, now=T1)
        pulled(store, unlike, now=T1 + timedelta(days=1), sha256="ef")
        assert RULE_CHANGES.read(store) == {}, "asked once"


def test_what_was_missing_before_the_upgrade_is_not_asked_about() -> None:
    items = read([row(n, "as it is") for n in (1, 2, 3)])
    with opened() as store:
        pulled(store, items, now=T0)
        pulled(store, items[:2], now=T0 + timedelta(hours=1), sha256="cd")
        store.facts.end(know_again.KIND, "acme", now=T0 + timedelta(hours=2))
        pulled(store, items[:2], now=T1, sha256="ef")
        assert RULE_CHANGES.read(store) == {}


def test_a_cut_export_on_the_night_of_an_upgrade_still_stops() -> None:
    items = read([row(n, "as a formula") for n in range(1, 31)])
    with opened() as store:
        earlier(store, items)
        with pytest.raises(SafetyStop):
            pulled(store, items[:3], now=T1, sha256="cd")


def test_records_of_one_learner_that_would_go_to_two_are_not_known_again() -> None:
    old = Completion(
        "acme",
        "r1",
        learner=replace(_completion().learner, key="l"),
        course="",
        course_title="",
        day=None,
        origin=Origin(sha256="ab", cell="A2"),
    )
    two = [replace(old, record="r2", origin=Origin(sha256="ab", cell="A3")), old]
    seen = [
        SeenKey("n1", "ada", (), Origin(sha256="ab", cell="A2")),
        SeenKey("n2", "bea", (), Origin(sha256="ab", cell="A3")),
    ]
    assert renamed(two, seen, by_place=True).records == {}
    assert renamed([old], seen, by_place=True).records == {"r1": "n1"}
    assert renamed([old], seen, by_place=False).records == {}
    assert renamed([old], [replace(seen[0], origin=Origin(sha256="cd", cell="A2"))], by_place=True).records == {}


def _completion() -> Completion:
    (item,) = read([row(1, "as it is")])
    assert isinstance(item.reading, Completion)
    return item.reading


def test_a_re_reading_takes_in_nothing_that_a_purge_removed() -> None:
    """The rules are others, the file is the same: what is gone from the tables is not read out of it again."""
    items = read([row(1, "as it is"), row(2, "as it is"), row(3, "as it is", status="Open")])
    with opened() as store:
        earlier(store, items)
        begun = len(store.evidence.learners())
        purged_of(store, record_of(items[1]))
        result = pulled(store, items, now=T1, rules="new")
        assert [dict(file.outcomes) for file in result.files] == [
            {"unchanged": 1, "skipped: purged": 1, "not a completion": 1}
        ]
        assert [one.record for one in store.evidence.completions()] == [record_of(items[0])]
        assert len(store.evidence.learners()) == begun - 1
        assert all(record_of(items[1]) not in file.spoken.each for file in store.evidence.files("acme"))
        assert len(store.of_source("acme").places()) == 2
        newer = pulled(store, items, now=T1 + timedelta(days=1), sha256="cd")
        assert newer.files[0].outcomes["added"] == 1, "another export speaks for itself"


def test_without_a_purge_a_row_that_is_read_for_the_first_time_is_taken_in() -> None:
    items = read([row(1, "as it is"), row(2, "as it is")])
    with opened() as store:
        earlier(store, items[:1])
        assert pulled(store, items, now=T1, rules="new").files[0].outcomes["added"] == 1


def purged_of(store: Store, record: str) -> None:
    """Remove what is stored of a record, as a purge does, and record one."""
    (gone,) = [one for one in store.evidence.completions() if one.record == record]
    purging = Purging(store.connection, store.district_id)
    (key,) = [(i.source, i.record, i.recorded_at) for i in _rows(store, completion) if i.record == record]
    purging.remove("completion", [key])
    purging.remove("item", [(i.source, i.item_id) for i in _rows(store, item) if i.record == record])
    (who,) = [(i.source, i.learner, i.recorded_at) for i in _rows(store, learner) if i.learner == gone.learner.key]
    purging.remove("learner", [who])
    purge = Purge(date(2026, 10, 1), T0, T0.date(), "A. Roe", "schedule", {})
    record_purge(store, purge, now=T0 + timedelta(hours=1))


def _rows(store: Store, table: Table) -> Sequence[StoredRow[Any]]:
    return store.connection.execute(select(table)).all()
