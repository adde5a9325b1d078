"""The audit log: whatever is changed, removed, exchanged or put in between is found; a purge is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind, LogEntry
from lms_sync.store.audit import Decided, broken, chain
from lms_sync.store.store import Opening, Store, open_store

T0 = datetime(2026, 11, 1, 9, tzinfo=UTC)


@contextmanager
def opened(*, rehearsal: bool = False) -> Iterator[Store]:
    with open_store("sqlite://", Opening("tps", "key", T0, rehearsal)) as store:
        yield store


def log_of(count: int) -> tuple[LogEntry, ...]:
    with opened() as store, store.transaction():
        for number in range(count):
            author = Author("A. Roe", f"reason {number} – “ü”", T0 + timedelta(microseconds=number))
            store.audit.add(
                DecisionKind.CLAIM, f"c{number}", author, before=None, after={"n": number, "x": [1.5, None]}
            )
        return store.audit.entries()


LOG = log_of(6)


def test_a_log_as_it_was_written_is_whole() -> None:
    assert broken(LOG) == ()
    assert broken(()) == ()
    assert [one.number for one in LOG] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("number", [0, 1, 2, 3, 5])
def test_decisions_that_are_logged_some_at_a_time_are_one_log(number: int) -> None:
    author = Author("A. Roe", "recorded in the roster", T0)
    decided = [Decided(DecisionKind.CLASS, f"p{n}", author, None, {"n": str(n)}) for n in range(number)]
    with opened() as store, store.transaction(), patch("lms_sync.store.audit._AT_ONCE", 2):
        store.audit.add(DecisionKind.CLAIM, "c0", author, before=None, after=None)
        store.audit.add_all(iter(decided))
        entries = store.audit.entries()
    assert broken(entries) == ()
    assert [entry.decision.subject for entry in entries] == ["c0", *(each.subject for each in decided)]


@given(at=st.integers(0, 5), field=st.sampled_from(["at", "kind", "payload", "payload_hash", "previous", "hash"]))
def test_any_change_of_an_entry_is_found(at: int, field: str) -> None:
    one = LOG[at]
    changes = {
        "at": one.at + timedelta(seconds=1),
        "kind": "release",
        "payload": {**one.payload, "by": "somebody else"},
        "payload_hash": "0" * 64,
        "previous": "1" * 64,
        "hash": "2" * 64,
    }
    changed = replace(one, **{field: changes[field]})  # type: ignore[arg-type]
    assert broken((*LOG[:at], changed, *LOG[at + 1 :]))


@given(at=st.integers(0, 5))
def test_an_entry_rewritten_with_its_hashes_breaks_the_next_one_or_the_anchor(at: int) -> None:
    forged = replace(LOG[at], kind="release")
    forged = replace(forged, hash=chain(forged))
    log = (*LOG[:at], forged, *LOG[at + 1 :])
    assert broken(log, (6, LOG[5].hash[:16]))
    assert bool(broken(log)) is (at < 5)


@given(st.permutations(LOG))
def test_any_other_order_is_found(log: list[LogEntry]) -> None:
    assert bool(broken(log)) is (tuple(log) != LOG)


@given(at=st.integers(0, 5), again=st.integers(0, 5))
def test_a_hole_or_a_doubled_entry_is_found_but_at_the_end_only_by_an_anchor(at: int, again: int) -> None:
    holed = LOG[:at] + LOG[at + 1 :]
    assert bool(broken(holed)) is (at < 5)
    assert broken(holed, (6, LOG[5].hash))
    assert broken((*LOG[:at], LOG[again], *LOG[at:]))


@given(st.sets(st.integers(0, 5)))
def test_a_purge_leaves_the_log_whole(purged: set[int]) -> None:
    log = [replace(one, payload={"purged": "2031-07-01"}) if n in purged else one for n, one in enumerate(LOG)]
    assert broken(log, (6, LOG[5].hash[:16])) == ()


def test_a_decision_without_a_name_or_a_reason_is_not_taken() -> None:
    with opened() as store, store.transaction(), pytest.raises(UsageError, match="a name and a reason"):
        store.audit.add(DecisionKind.CLAIM, "c1", Author(" ", "x", T0), before=None, after=None)
