"""The planner's laws: what a pull changes about stored evidence."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.errors import SafetyStop
from lms_sync.model.doubt import DoubtCause
from lms_sync.model.evidence import ClaimReason, Completion, Learner, NotDone, Reading, Refused, Revoked, Skipped
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.model.sign_up import SignUp
from lms_sync.operations.pull.changes import (
    Add,
    ChangePlan,
    Correct,
    ItemOutcome,
    PulledItem,
    Withdraw,
    plan_changes,
)
from lms_sync.operations.pull.doubts import Question, Settle
from lms_sync.operations.pull.plausible import check_plausible

TONIGHT = datetime(2026, 11, 23, 3, tzinfo=UTC)
ORIGIN = Origin("export.csv", "abc", "", "A2")
LEARNER = Learner("moodle", "emp1")
DONE = Completion("moodle", "r1", LEARNER, "SSS-10", "De-escalation", date(2026, 3, 5), ORIGIN, status="Yes")


def seen(reading: Reading, *, first_read: datetime = TONIGHT) -> PulledItem:
    return PulledItem(reading, ORIGIN, first_read)


def not_done(record: str = "r1") -> NotDone:
    return NotDone("moodle", record, LEARNER, "No")


def signed_up(record: str = "r1") -> NotDone:
    return NotDone("moodle", record, LEARNER, "Registered", SignUp("De-escalation", "De-escalation", None))


def after(stored: dict[str, Completion], plan: ChangePlan) -> dict[str, Completion]:
    result = dict(stored)
    for change in plan.changes:
        match change:
            case Add(completion, _):
                before = result.get(completion.record)
                assert before is None or (before.day and completion.day and before.day < completion.day)
                result[completion.record] = completion
            case Correct(old, new, _):
                assert result.pop(old.record) == old
                if new:
                    result[new.record] = new
            case Withdraw(old, _):
                assert result.pop(old.record) == old
            case Question(about):
                assert about.record in stored
            case Settle():
                raise AssertionError("nothing was in doubt")
    return result


def test_a_record_seen_for_the_first_time_is_added() -> None:
    plan = plan_changes({}, [seen(DONE)])
    assert plan.changes == (Add(DONE, 0),)
    assert plan.outcomes == (ItemOutcome.ADDED,)


def test_the_same_record_again_changes_nothing_whatever_file_it_came_in() -> None:
    elsewhere = replace(DONE, origin=Origin("other.xlsx", "def", "Sheet1", "A9"), zone="UTC", status="Completed")
    plan = plan_changes({"r1": DONE}, [seen(elsewhere)])
    assert (plan.changes, plan.outcomes) == ((), (ItemOutcome.UNCHANGED,))


def test_who_has_signed_up_is_no_completion_and_nothing_speaks_against_an_earlier_one() -> None:
    alone = plan_changes({}, [seen(signed_up())])
    again = plan_changes({"r1": DONE}, [seen(signed_up())])
    assert (alone.changes, alone.outcomes) == ((), (ItemOutcome.NOT_A_COMPLETION,))
    assert (again.changes, again.outcomes, again.findings) == ((), (ItemOutcome.NOT_A_COMPLETION,), ())
    both = plan_changes({"r1": DONE}, [seen(signed_up()), seen(not_done())])
    assert both.outcomes == (ItemOutcome.NOT_A_COMPLETION, ItemOutcome.NOT_A_COMPLETION)
    assert both.doubted == {"r1"}


def test_the_same_record_on_another_day_is_a_correction() -> None:
    moved = replace(DONE, day=date(2026, 3, 6))
    plan = plan_changes({"r1": DONE}, [seen(moved)])
    assert plan.changes == (Correct(DONE, moved, 0),)
    assert plan.outcomes == (ItemOutcome.CORRECTED,)


def test_a_record_that_is_no_longer_done_ends_nothing_and_asks_hr() -> None:
    plan = plan_changes({"r1": DONE}, [seen(not_done())])
    assert plan.changes == (Question(DONE, DoubtCause.NOT_DONE, 0, "No"),)
    assert plan.outcomes == (ItemOutcome.NOT_A_COMPLETION,)
    assert plan.findings == ()
    assert plan.doubted == {"r1"}


def test_a_record_that_was_never_done_is_not_a_completion() -> None:
    plan = plan_changes({}, [seen(not_done())])
    assert (plan.changes, plan.outcomes, plan.findings) == ((), (ItemOutcome.NOT_A_COMPLETION,), ())


def test_a_failed_attempt_beside_the_passed_one_does_not_end_it() -> None:
    plan = plan_changes({}, [seen(not_done()), seen(DONE)])
    assert plan.changes == (Add(DONE, 1),)
    assert plan.outcomes == (ItemOutcome.NOT_A_COMPLETION, ItemOutcome.ADDED)


def test_exact_duplicates_are_superseded() -> None:
    plan = plan_changes({}, [seen(DONE), seen(DONE), seen(DONE)])
    assert plan.outcomes == (ItemOutcome.ADDED, ItemOutcome.SUPERSEDED, ItemOutcome.SUPERSEDED)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (replace(DONE, day=date(2026, 3, 6)), "and 6 Mar 2026"),
        (replace(DONE, day=None, claim=ClaimReason.WAIVER), "and waiver"),
        (replace(DONE, claim=ClaimReason.WAIVER, status="Exempt"), f"and other details (Exempt, {DONE.status})"),
        (replace(DONE, attributes=(("host_school", "Lincoln HS"),)), "and other details"),
    ],
)
def test_two_statements_about_one_record_are_a_conflict_and_the_stored_one_stays(
    other: Completion, words: str
) -> None:
    plan = plan_changes({"r1": DONE}, [seen(DONE), seen(other)])
    assert plan.changes == ()
    assert plan.outcomes == (ItemOutcome.REFUSED, ItemOutcome.REFUSED)
    assert [finding.code for _, finding in plan.findings] == ["contradicting-rows"]
    assert plan.findings[0][1].found.endswith(words)


def test_a_later_export_speaks_for_its_source() -> None:
    old_export = seen(replace(DONE, day=date(2026, 1, 1)), first_read=TONIGHT - timedelta(days=7))
    plan = plan_changes({"r1": DONE}, [old_export, seen(DONE)])
    assert plan.changes == ()
    assert plan.outcomes == (ItemOutcome.SUPERSEDED, ItemOutcome.UNCHANGED)


def test_only_the_source_itself_withdraws_a_record() -> None:
    plan = plan_changes({"r1": DONE}, [seen(Revoked("moodle", "r1", "voided")), seen(DONE)])
    assert plan.changes == (Withdraw(DONE, 0),)
    assert plan.outcomes == (ItemOutcome.WITHDRAWN, ItemOutcome.SUPERSEDED)
    assert plan_changes({}, [seen(Revoked("moodle", "r1", "voided"))]).outcomes == (ItemOutcome.NOT_A_COMPLETION,)


def test_absence_is_not_withdrawal() -> None:
    assert plan_changes({"r1": DONE}, []).changes == ()


def test_a_cumulative_source_that_misses_too_much_is_stopped() -> None:
    stored = frozenset(f"r{number}" for number in range(100))
    assert len(check_plausible(stored, stored - {f"r{n}" for n in range(10)}, source="moodle")) == 10
    with pytest.raises(SafetyStop) as stop:
        check_plausible(stored, stored - {f"r{n}" for n in range(11)}, source="moodle")
    assert "11 of 100" in str(stop.value)
    assert "--accept-drop moodle" in stop.value.hint


def test_a_small_source_may_miss_five() -> None:
    few = frozenset("abcdef")
    assert check_plausible(few, frozenset("a"), source="x") == frozenset("bcdef")
    with pytest.raises(SafetyStop):
        check_plausible(few, frozenset(), source="x")


FINDING = Finding(Area.ROW, "x", "here", "a", "b", "c")
records = st.sampled_from(["r1", "r2", "r3", "r4"])
days = st.dates(date(2026, 1, 1), date(2026, 1, 3))
completions = st.builds(lambda record, day: replace(DONE, record=record, day=day), records, days)
readings: st.SearchStrategy[Reading] = st.one_of(
    completions,
    st.builds(not_done, records),
    st.builds(lambda record: Revoked("moodle", record, "voided"), records),
    st.just(Refused(FINDING)),
    st.just(Skipped("totals row")),
)
sightings = st.lists(
    st.builds(seen, readings, first_read=st.sampled_from([TONIGHT, TONIGHT - timedelta(days=1)])), max_size=12
)
stores = st.dictionaries(records, days).map(
    lambda found: {record: replace(DONE, record=record, day=day) for record, day in found.items()}
)


@given(stores, sightings)
def test_every_item_has_one_outcome_and_changes_and_outcomes_agree(
    stored: dict[str, Completion], items: list[PulledItem]
) -> None:
    plan = plan_changes(stored, items)
    assert len(plan.outcomes) == len(items)
    counts = Counter(plan.outcomes)
    assert counts[ItemOutcome.ADDED] == sum(isinstance(c, Add) for c in plan.changes)
    assert counts[ItemOutcome.CORRECTED] == sum(isinstance(c, Correct) for c in plan.changes)
    assert counts[ItemOutcome.WITHDRAWN] == sum(isinstance(c, Withdraw) for c in plan.changes)
    assert counts[ItemOutcome.SKIPPED] == sum(isinstance(s.reading, Skipped) for s in items)


@given(stores, sightings)
def test_the_same_pull_again_changes_nothing(stored: dict[str, Completion], items: list[PulledItem]) -> None:
    once = after(stored, plan_changes(stored, items))
    assert after(once, plan_changes(once, items)) == once


@given(stores, sightings, st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(
    stored: dict[str, Completion], items: list[PulledItem], random: object
) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert after(stored, plan_changes(stored, items)) == after(stored, plan_changes(stored, shuffled))


@given(stores, sightings)
def test_records_that_the_pull_does_not_speak_of_stay(stored: dict[str, Completion], items: list[PulledItem]) -> None:
    plan = plan_changes(stored, items)
    result = after(stored, plan)
    seen_tonight = {getattr(item.reading, "record", "") for item in items}
    assert all(result[record] == one for record, one in stored.items() if record not in seen_tonight)
