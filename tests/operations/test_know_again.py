"""New rules give records other keys: what is known again, and what people decided about it stays."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.doubt import Doubt, DoubtCause, Verdict
from lms_sync.model.evidence import Completion, FormerKey, Item, NotDone, claim_id
from lms_sync.model.finding import Area, ClaimDecision, Finding
from lms_sync.model.links import Link
from lms_sync.model.pseudonyms import learner_hash, record_hash
from lms_sync.operations.pull.rekey import SeenKey, renamed
from lms_sync.operations.upgrade.reread import read_otherwise
from lms_sync.store.known.readers import learner_key, read_readers
from lms_sync.store.known.registers import DOUBTS, RULE_CHANGES, joined
from lms_sync.store.known.who_is_who import read_links, record_link
from tests.operations.known_again import (
    SEAL,
    SPELLINGS,
    T0,
    T1,
    as_before,
    earlier,
    opened,
    pulled,
    read,
    record_of,
    row,
)


def learner_of(item: Item) -> str:
    assert isinstance(item.reading, Completion | NotDone)
    return learner_hash("acme", item.reading.learner.key, SEAL)


@pytest.mark.parametrize("spelling", [name for name in SPELLINGS if name != "as it is"])
def test_a_row_tells_the_key_that_it_had(spelling: str) -> None:
    (item,) = read([row(417, spelling)])
    assert isinstance(item.reading, Completion)
    assert item.reading.record == "00417\x1fcalm"
    (former,) = item.former
    assert former.record != item.reading.record
    assert read([row(417, "as it is")])[0].former == ()


@given(
    people=st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from(sorted(SPELLINGS)), st.sampled_from(("Calm", "Minds"))),
        min_size=1,
        max_size=12,
        unique_by=lambda one: (one[0], one[2]),
    ),
    content=st.sampled_from(("ab", "cd")),
)
def test_the_same_items_before_and_after_are_no_drop_and_no_add(
    people: list[tuple[int, str, str]], content: str
) -> None:
    """By the key that the row had in another file; by its cell in one of the same content."""
    items = read([row(*one) for one in people])
    if content == "ab":
        items = tuple(replace(item, former=()) for item in items)
    with opened() as store:
        earlier(store, read([row(*one) for one in people]))
        before = store.evidence.completions()
        result = pulled(store, items, now=T1, sha256=content, rules="new")
        after = store.evidence.completions()
        assert {one.record for one in after} == {record_of(item) for item in items}
        assert {one.learner.key for one in after} == {learner_of(item) for item in items}
        assert {learner.learner for learner in store.evidence.learners()} == {learner_of(item) for item in items}
        assert {outcome for file in result.files for outcome in file.outcomes} <= {"unchanged", "corrected"}
        assert len(after) == len(before) == len(people)
        assert store.evidence.completions(known_at=T0) == before, "what was known then is told as it was"
        assert read_otherwise(before, after, known_files={"ab"}) == ()
        assert RULE_CHANGES.read(store) == {}
        again = pulled(store, items, now=T1 + timedelta(days=1), sha256="ef")
        assert {outcome for file in again.files for outcome in file.outcomes} == {"unchanged"}


def test_what_people_decided_stays_in_force() -> None:
    waived = row(1, "as a formula", "Minds", "Waived")
    items = read([row(1, "as a formula"), waived, row(2, "behind an apostrophe"), row(3, "as it is")])
    done, _, other, _ = as_before(items)
    with opened() as store:
        earlier(store, items)
        for sealed in store.evidence.completions():
            if sealed.claim:
                accepted = ClaimDecision(claim_id(sealed)[:8], True, "letter 88", "A. Roe", T0.date())  # noqa: FBT003
                waiting = Finding(Area.CLAIM, "claim", "a", "b", "", "", handle=claim_id(sealed))
        store.findings.decide(accepted, now=T0)
        store.findings.see({"judging": [waiting]}, now=T0)
        no = Link("acme", learner_of(done), "", ("00009",), "Ada", "A. Roe", T0.date(), "another person")
        record_link(store, no, now=T0)
        doubt = Doubt(
            *("acme", record_of(done), date(2025, 9, 3), DoubtCause.NOT_DONE, learner_of(done), "Calm", "Calm"),
            *(date(2026, 11, 1), T0),
            finding_id="5b7e90aa",
            verdict=Verdict.END,
        )
        DOUBTS.put(store, joined(*doubt.key), doubt, now=T0)
        store.evidence.accept_absences("acme", [record_of(other)], by="A. Roe", now=T0)

        pulled(store, [item for item in items if item is not items[2]], now=T1, sha256="cd")

        decided = store.findings.decisions()
        (live,) = [one for one in store.evidence.completions() if one.claim]
        assert (decided[claim_id(live)].reason, decided[claim_id(live)].decided_by) == ("letter 88", "A. Roe")
        assert [one.finding.id for one in store.findings.open()] == [claim_id(live)]
        (link,) = read_links(store)
        assert (link.learner, link.refused, link.by) == (learner_of(items[0]), ("00009",), "A. Roe")
        (kept,) = DOUBTS.read(store).values()
        assert (kept.record, kept.learner, kept.verdict) == (record_of(items[0]), learner_of(items[0]), Verdict.END)
        assert store.evidence.accepted_absences("acme") == {record_of(other)}, "it is still missing"
        kinds = [entry.kind for entry in store.audit.entries()]
        assert sorted(kinds) == ["claim", "link", "link"], "the log has what the state has"
        pulled(store, items, now=T1 + timedelta(days=1), sha256="ef")
        assert store.evidence.accepted_absences("acme") == frozenset()
        assert len(store.evidence.completions()) == len(items)


def test_an_accepted_drop_holds_for_the_key_that_the_record_has_now() -> None:
    items = read([row(1, "as a formula"), row(2, "as it is")])
    with opened() as store:
        earlier(store, items)
        store.evidence.accept_absences("acme", [record_of(as_before(items)[0])], by="A. Roe", now=T0)
        moved = renamed(store.evidence.completions(), [_seen(item) for item in items], by_place=False)
        store.renaming("acme").absences(moved.records, now=T1)
        assert store.evidence.accepted_absences("acme") == {record_of(items[0])}


def _seen(item: Item) -> SeenKey:
    former = (
        FormerKey(record_hash("acme", k.record, SEAL), learner_hash("acme", k.learner, SEAL)) for k in item.former
    )
    return SeenKey(record_of(item), learner_of(item), tuple(former), item.origin)


def test_what_was_read_under_a_name_is_read_of_the_same_learner() -> None:
    items = read([row(1, "as a formula")])
    with opened() as store:
        earlier(store, items)
        pulled(store, items, now=T1, sha256="cd")
        learners = frozenset().union(*read_readers(store).values())
    assert learners == {learner_key("acme", learner_of(items[0]))}
