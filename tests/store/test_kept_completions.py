"""Completions keep their history and origin, and are told as of every time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from lms_sync.model.evidence import ClaimReason, Completion, Learner, StoredCompletion, StoredItem
from lms_sync.model.finding import ClaimDecision, Origin
from lms_sync.store.evidence_rows import completion_of, completion_values, item_values
from lms_sync.store.judgements import LearnerEvidence
from lms_sync.store.new_rows import RowsToStore, Shared
from lms_sync.store.origins import same_origin
from lms_sync.store.rows import ROWS_AT_ONCE
from lms_sync.store.schema import completion, item, origin
from tests.store.opened_store import DONE, ITEM, T0, T1, T2, opened


def test_completions_keep_their_history_and_their_origin(url: str) -> None:
    moved = replace(DONE, day=date(2026, 3, 6))
    with opened(url) as store, store.transaction():
        store.evidence.add_items("moodle", [ITEM], now=T0)
        store.evidence.add([StoredCompletion(DONE, "i1")], now=T0)
        store.evidence.end("moodle", ["r1"], reason="corrected", now=T1)
        store.evidence.add([StoredCompletion(moved, "i1")], now=T1)
        store.evidence.end("moodle", ["r1"], reason="withdrawn", now=T2)
        assert store.evidence.completions(known_at=T0) == (DONE,)
        assert store.evidence.completions(known_at=T1) == (moved,)
        assert store.evidence.completions() == ()
        assert [[*map(list, store.evidence.of_each_learner(then))] for then in (T0, T1, T2)] == [
            [[DONE]],
            [[moved]],
            [],
        ]
        others = [replace(ITEM, item_id=f"i{n}") for n in range(2, 9)]
        store.evidence.add_items("moodle", others, now=T2)  # of few of the items is there a completion
        assert [[*map(list, store.evidence.of_each_learner(then))] for then in (T0, T1, T2)] == [
            [[DONE]],
            [[moved]],
            [],
        ]


def test_completions_read_by_the_thousand_are_those_read_one_by_one(url: str) -> None:
    """Every kind of cell, more rows than are fetched at once, and rows that share some of their cells only."""
    claims, scores = (None, *ClaimReason), (None, Decimal("87.50"), Decimal(0))
    attributes = ((), (("host_school", "North “High”"), ("hours", "2")), (("hours", "2"),))
    origins = [Origin("a.csv", "ab", "", f"A{n}") for n in range(5)] + [
        Origin(url="https://lms.example.org/1", item="7")
    ]
    numbers = range(ROWS_AT_ONCE + 30)
    stored = [
        Completion(
            source := ("moodle", "canvas")[n % 2],
            f"r{n:05}",
            Learner(source, f"l{n % 7}"),
            f"C{n % 3}",
            ("", "Course ü")[n % 5 == 0],
            None if n % 4 == 0 else date(2026, 3, 1) + timedelta(days=n % 9),
            origins[n % 6],
            *(("", "unit")[n % 2], ("", "Unit")[n % 2], T0 if n % 3 else None, "UTC", "Yes"),
            *(claims[n % len(claims)], scores[n % 3], attributes[n % 5 % 3]),
        )
        for n in numbers
    ]
    with opened(url) as store, store.transaction():
        for source in ("canvas", "moodle"):
            items = [StoredItem(f"i{n}", origin, "r", "added", (), "h") for n, origin in enumerate(origins)]
            store.evidence.add_items(source, items, now=T0)
        store.evidence.add([StoredCompletion(c, f"i{n % 6}") for n, c in enumerate(stored)], now=T0)
        read = store.evidence.completions()
        rows = store.connection.execute(
            select(completion, origin, item.c.cell, item.c.item)
            .join(item, (completion.c.item_id == item.c.item_id) & (completion.c.source == item.c.source))
            .join(origin, same_origin(item))
        ).mappings()
        assert {c.record: c for c in read} == {row["record"]: completion_of(row) for row in rows}
        assert read == tuple(sorted(stored, key=lambda c: (c.source, c.record)))
        learners = list(store.evidence.of_each_learner(T0))
        assert len(learners) == len({theirs[0].learner for theirs in learners})
        assert all(len({completion.learner for completion in theirs}) == 1 for theirs in learners)
        judged = sorted((c for theirs in learners for c in theirs), key=lambda c: (c.source, c.record))
        assert judged == [replace(c, instant=None) for c in read]


def test_a_completion_stands_where_its_item_was_read_first(url: str) -> None:
    """A copy of a file has the same items: the name under which they were stored is that of their completions too."""
    copied = replace(ITEM, origin=replace(ITEM.origin, file="copy of a.csv"))
    other = replace(DONE, record="r2", origin=replace(DONE.origin, cell="A3"))
    new = replace(ITEM, item_id="i2", origin=replace(copied.origin, cell="A3"), record="r2")
    with opened(url) as store, store.transaction():
        store.evidence.add_items("moodle", [ITEM], now=T0)

        def rows(shared: Shared) -> Iterator[RowsToStore]:
            items = [(*row[:-3], shared.origin(row[-3]), *row[-2:]) for row in map(item_values, (copied, new))]
            completions = (StoredCompletion(DONE, "i1"), StoredCompletion(other, "i2"))
            stored = [completion_values(each, row[-3:]) for each, row in zip(completions, items, strict=True)]
            yield RowsToStore(items, [(*c[:6], shared.day(c[6]), shared.instant(c[7]), *c[8:]) for c in stored])

        store.of_source("moodle").add_rows(rows, now=T1)
        later = replace(DONE, record="r3")
        store.evidence.add([StoredCompletion(replace(later, origin=copied.origin), "i1")], now=T1)
        in_copy = replace(other, origin=new.origin)
        assert store.evidence.completions() == (DONE, in_copy, later)
        assert [*map(list, store.evidence.of_each_learner(T1))] == [[DONE, in_copy, later]]
        of_item = store.evidence.item_of_record("moodle", "r1")
    assert of_item is not None
    assert of_item[0] == DONE.origin


def test_no_completion_is_stored_without_its_item(url: str) -> None:
    with opened(url) as store, store.transaction():
        store.evidence.add_items("moodle", [ITEM], now=T0)
        with pytest.raises(KeyError, match="i2"):
            store.evidence.add([StoredCompletion(DONE, "i1"), StoredCompletion(DONE, "i2")], now=T0)
        assert store.evidence.completions() == ()


def test_a_second_decision_ends_the_first_and_both_can_be_replayed(url: str) -> None:
    yes = ClaimDecision("c1", accepted=True, reason="letter", decided_by="kim", decided_on=date(2026, 11, 1))
    no = replace(yes, accepted=False, reason="letter was for someone else")
    with opened(url) as store, store.transaction():
        store.findings.decide(yes, now=T0)
        store.findings.decide(no, now=T1)
        assert store.findings.decisions(T0) == {"c1": yes}
        assert store.findings.decisions() == {"c1": no}


def test_the_completions_of_each_learner_are_told_in_short_as_of_every_time(url: str) -> None:
    other = replace(DONE, record="r2", day=date(2026, 4, 1))
    another = replace(DONE, record="r3", learner=Learner("moodle", "l2"))
    with opened(url) as store, store.transaction():
        store.evidence.add_items("moodle", [ITEM], now=T0)
        store.evidence.add([StoredCompletion(DONE, "i1"), StoredCompletion(another, "i1")], now=T0)
        store.evidence.add([StoredCompletion(other, "i1")], now=T1)
        store.evidence.end_all([DONE], reason="corrected", now=T2)
        l1, l2 = ("moodle", "l1"), ("moodle", "l2")
        unchanged = LearnerEvidence(1, f"1 1 {T0} None", T0)
        assert store.judgements.evidence(T0) == {l1: unchanged, l2: unchanged}
        assert store.judgements.evidence(T1) == {l1: LearnerEvidence(2, f"2 2 {T1} None", T1), l2: unchanged}
        assert store.judgements.evidence(T2) == {l1: LearnerEvidence(1, f"2 1 {T1} {T2}", T2), l2: unchanged}
        assert store.judgements.evidence(T0 - timedelta(days=1)) == {}
