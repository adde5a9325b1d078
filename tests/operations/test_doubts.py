"""A "no" after a "yes" is a question for HR, and the training goes on counting until it is answered."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.doubt import Doubt, DoubtCause, Verdict
from lms_sync.model.evidence import Completion, Learner, NotDone, Reading, Revoked
from lms_sync.model.finding import Origin
from lms_sync.operations.pull.beside import StoredBeside
from lms_sync.operations.pull.changes import Add, ChangePlan, Correct, ItemOutcome, PulledItem, Withdraw, plan_changes
from lms_sync.operations.pull.doubts import Asking, Question, Settle, doubts_of

TONIGHT = datetime(2026, 11, 23, 3, tzinfo=UTC)
ASKING = Asking(TONIGHT, date(2026, 11, 22))
ORIGIN = Origin("export.csv", "abc", "", "A2")
LEARNER = Learner("moodle", "emp1")
DONE = Completion("moodle", "r1", LEARNER, "SSS-05", "De-escalation", date(2025, 9, 3), ORIGIN, status="Yes")
NEXT_YEAR = replace(DONE, day=date(2026, 9, 2))


class Waits:
    """Standings that every correction would worsen."""

    def take(self, ended: Sequence[Completion], added: Sequence[Completion]) -> None:
        return None

    def worsened_by(self, ended: Sequence[Completion], added: Sequence[Completion]) -> bool:
        return bool(ended)


def no(status: str = "No", record: str = "r1") -> NotDone:
    return NotDone("moodle", record, LEARNER, status)


def doubt(about: Completion = DONE, cause: DoubtCause = DoubtCause.NOT_DONE, **more: object) -> Doubt:
    asked = Question(about, cause, 0, "No", **more)  # type: ignore[arg-type]
    (found,) = doubts_of([asked], ["i1"], ASKING)
    return found


def plan(reading: Reading, *doubts: Doubt, stored: Completion = DONE, **more: object) -> ChangePlan:
    beside = StoredBeside(doubts={"r1": doubts}, **more)  # type: ignore[arg-type]
    return plan_changes({"r1": stored}, [PulledItem(reading, ORIGIN, TONIGHT)], beside=beside)


def test_a_blank_state_is_absence_and_raises_no_doubt() -> None:
    assert plan(no(" ")).changes == ()
    assert plan(no(" ")).outcomes == (ItemOutcome.NOT_A_COMPLETION,)


def test_a_no_that_is_said_every_night_is_asked_once() -> None:
    assert plan(no(), doubt()).changes == ()
    assert plan(no(), replace(doubt(), verdict=Verdict.KEEP)).changes == ()


def test_done_again_with_the_same_day_lifts_the_doubt_and_ends_what_was_kept() -> None:
    for verdict in (Verdict.OPEN, Verdict.KEEP):
        asked = replace(doubt(), verdict=verdict)
        assert plan(DONE, asked).changes == (Settle(asked),)
        assert plan(DONE, asked).outcomes == (ItemOutcome.UNCHANGED,)


def test_only_a_revocation_ends_what_is_stored_and_with_it_the_question() -> None:
    asked = doubt()
    assert plan(Revoked("moodle", "r1", "void"), asked).changes == (Withdraw(DONE, 0), Settle(asked))


def test_a_later_day_after_a_doubt_is_stored_beside_the_first_and_puts_no_day_in_question() -> None:
    soon = replace(DONE, day=date(2025, 9, 10))
    add, question = plan(soon, doubt()).changes
    assert add == Add(soon, 0)
    assert isinstance(question, Question)
    assert question.after_reset


def test_a_day_more_than_sixty_days_later_is_stored_beside_the_first_which_is_in_question() -> None:
    found = plan(NEXT_YEAR)
    assert found.outcomes == (ItemOutcome.ADDED,)
    assert found.changes == (
        Add(NEXT_YEAR, 0),
        Question(DONE, DoubtCause.DONE_AGAIN, 0, "Yes", instead=NEXT_YEAR),
    )
    sixty = replace(DONE, day=date(2025, 11, 2))
    assert plan(sixty).changes == (Correct(DONE, sixty, 0),)


def test_a_no_after_two_completions_puts_both_in_doubt() -> None:
    found = plan(no(), stored=NEXT_YEAR, earlier={"r1": (DONE,)})
    assert [change.about for change in found.changes if isinstance(change, Question)] == [DONE, NEXT_YEAR]


def test_a_source_that_goes_back_to_the_earlier_day_ends_the_later_one() -> None:
    asked = doubt(cause=DoubtCause.DONE_AGAIN, instead=NEXT_YEAR)
    found = plan(DONE, asked, stored=NEXT_YEAR, earlier={"r1": (DONE,)})
    assert found.changes == (Correct(NEXT_YEAR, None, 0), Settle(asked))


def test_a_correction_that_would_make_something_late_waits_and_is_asked_once() -> None:
    moved = replace(DONE, day=date(2025, 9, 20))
    question = Question(DONE, DoubtCause.CORRECTION, 0, "Yes", instead=moved)
    found = plan(moved, standings=Waits)
    assert (found.changes, found.outcomes) == ((question,), (ItemOutcome.REFUSED,))
    asked = doubt(cause=DoubtCause.CORRECTION, instead=moved)
    assert plan(moved, asked, standings=Waits).changes == ()
    kept = plan(moved, replace(asked, verdict=Verdict.KEEP), standings=Waits)
    assert (kept.changes, kept.outcomes) == ((), (ItemOutcome.UNCHANGED,))
    other = replace(DONE, day=date(2025, 9, 21))
    assert plan(other, asked, standings=Waits).changes == (
        Settle(asked),
        replace(question, instead=other),
    )


def test_three_of_one_course_in_one_pull_are_one_question_and_two_are_two() -> None:
    questions = [
        Question(replace(DONE, record=f"r{number}"), DoubtCause.NOT_DONE, number, "No") for number in range(3)
    ]
    elsewhere = Question(replace(DONE, record="r9", course="SSS-06"), DoubtCause.NOT_DONE, 9, "No")
    ids = [found.finding_id for found in doubts_of([*questions, elsewhere], ["i"] * 4, ASKING)]
    assert len(set(ids[:3])) == 1
    assert ids[3] not in ids[:3]
    assert len({found.finding_id for found in doubts_of(questions[:2], ["i"] * 2, ASKING)}) == 2


READINGS = st.one_of(
    st.sampled_from(["No", "", "Failed"]).map(no),
    st.dates(date(2025, 1, 1), date(2027, 1, 1)).map(lambda day: replace(DONE, day=day)),
)


@given(st.lists(READINGS, max_size=8))
def test_whatever_a_source_says_short_of_a_revocation_a_credit_stays(nights: list[Reading]) -> None:
    """Each night's plan is applied; what was done once always leaves something that counts, and asks once."""
    live: list[Completion] = [DONE]
    doubts: dict[tuple[str, str, str, str], Doubt] = {}
    for reading in nights:
        beside = StoredBeside({"r1": tuple(live[:-1])}, {"r1": tuple(doubts.values())})
        found = plan_changes({"r1": live[-1]}, [PulledItem(reading, ORIGIN, TONIGHT)], beside=beside)
        for change in found.changes:
            match change:
                case Add(completion, _):
                    live.append(completion)
                case Correct(old, new, _):
                    live.remove(old)
                    live += [new] if new else []
                case Settle(settled):
                    del doubts[settled.key]
                case Question():
                    (asked,) = doubts_of([change], ["i"], ASKING)
                    assert asked.key not in doubts
                    doubts[asked.key] = asked
                case Withdraw():
                    raise AssertionError("nothing was revoked")
        live.sort(key=lambda completion: completion.day or date.max)
        assert live
        assert len({completion.day for completion in live}) == len(live)
        if isinstance(reading, NotDone) and reading.status:
            assert all(any(d.concerns(c) and d.casts_doubt for d in doubts.values()) for c in live)


class Needed:
    """Standings in time as long as one of the records is done on its first day."""

    def __init__(self, *needed: Completion) -> None:
        self.in_time = list(needed)

    def take(self, ended: Sequence[Completion], added: Sequence[Completion]) -> None:
        self.in_time = [completion for completion in self.in_time if completion not in ended]

    def worsened_by(self, ended: Sequence[Completion], added: Sequence[Completion]) -> bool:
        return bool(self.in_time) and all(completion in ended for completion in self.in_time)


SECOND = replace(DONE, record="r2")


def plan_two(*readings: Reading) -> list[object]:
    """Return what becomes of two completions, either of which is enough, when a pull says this of them."""
    beside = StoredBeside(standings=lambda: Needed(DONE, SECOND))
    items = [PulledItem(reading, ORIGIN, TONIGHT) for reading in readings]
    return list(plan_changes({"r1": DONE, "r2": SECOND}, items, beside=beside).changes)


def test_of_two_corrections_that_do_harm_together_the_second_waits() -> None:
    moved = [replace(completion, day=date(2025, 9, 20)) for completion in (DONE, SECOND)]
    assert plan_two(*moved) == [
        Correct(DONE, moved[0], 0),
        Question(SECOND, DoubtCause.CORRECTION, 1, "Yes", instead=moved[1]),
    ]


def test_a_correction_is_judged_without_what_the_same_pull_revokes_wherever_that_stands() -> None:
    moved = replace(DONE, day=date(2025, 9, 20))
    assert plan_two(moved, Revoked("moodle", "r2", "void")) == [
        Withdraw(SECOND, 1),
        Question(DONE, DoubtCause.CORRECTION, 0, "Yes", instead=moved),
    ]


def test_a_source_that_goes_back_to_an_earlier_day_waits_where_that_would_open_something() -> None:
    beside = StoredBeside({"r1": (DONE,)}, standings=lambda: Needed(NEXT_YEAR))
    found = plan_changes({"r1": NEXT_YEAR}, [PulledItem(DONE, ORIGIN, TONIGHT)], beside=beside)
    assert found.changes == (Question(NEXT_YEAR, DoubtCause.CORRECTION, 0, "Yes", instead=DONE),)


def test_the_same_correction_is_asked_anew_after_hr_let_it_come_and_the_source_took_it_back() -> None:
    moved = replace(DONE, day=date(2025, 9, 20))
    ended = replace(doubt(cause=DoubtCause.CORRECTION, instead=moved), verdict=Verdict.END)
    question = Question(DONE, DoubtCause.CORRECTION, 0, "Yes", instead=moved)
    assert plan(moved, ended, standings=Waits).changes == (Settle(ended), question)


def test_the_same_day_with_other_details_lifts_the_doubt_also_where_the_details_wait() -> None:
    asked, scored = doubt(), replace(DONE, attributes=(("host_school", ""),))
    assert Settle(asked) in plan(scored, asked, standings=Waits).changes


def test_several_days_of_one_record_are_one_question() -> None:
    asked = [Question(about, DoubtCause.NOT_DONE, 0, "No") for about in (DONE, NEXT_YEAR, replace(DONE, day=None))]
    assert len({found.finding_id for found in doubts_of(asked, ["i"] * 3, ASKING)}) == 1
