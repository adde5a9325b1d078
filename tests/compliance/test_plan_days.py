"""Days on the job and check-ins: spread, proposed, late."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.compliance.gate import made_up
from lms_sync.law.standing import State
from tests.compliance.planned_people import AS_OF, DUE, OFFERED, counted, plan, topic, weekdays


def test_counts_are_spread_over_the_working_days_up_to_the_due_date() -> None:
    days = [day.on for day in plan(counted("check-in", 6, 2)).days]

    steps = [(later - sooner).days for sooner, later in pairwise(days)]
    assert len(days) == 4
    assert days[0] > AS_OF
    assert days[-1] <= DUE
    assert max(steps) - min(steps) <= 2  # weekends
    assert all(day.weekday() < 5 for day in days)


def test_days_without_a_sitting_are_proposed_as_long_as_there_are_enough() -> None:
    tuesday, wednesday = date(2026, 11, 24), date(2026, 11, 25)
    sits = replace(OFFERED, starts=tuesday, ends=tuesday)

    free = plan(topic(1), counted("on-the-job", 2, 1, due=wednesday), offerings=[sits])
    tight = plan(topic(1), counted("on-the-job", 2, due=wednesday), offerings=[sits])

    assert [day.on for day in free.days] == [wednesday]
    assert [day.on for day in tight.days] == [tuesday, wednesday]


def test_what_does_not_fit_goes_on_the_next_working_days_and_is_late_after_the_last_lawful_day() -> None:
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    made = plan(counted("check-in", 6, due=date(2026, 11, 28), last=monday))

    assert [day.on for day in made.days[3:]] == [friday, monday, date(2026, 12, 1)]
    assert [day.late for day in made.days] == [False, False, False, False, False, True]


def test_what_is_overdue_goes_on_the_next_working_days() -> None:
    past = date(2026, 10, 1)
    made = plan(counted("on-the-job", 2, 1, due=past, last=past), counted("check-in", 6, 4, due=past, last=past))

    assert [day.on for day in made.days] == [date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)]
    assert [day.requirement for day in made.days] == ["on-the-job", "check-in", "check-in"]
    assert all(day.late for day in made.days)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1), st.integers(0, 5), st.none() | st.integers(-400, 400), st.integers(0, 3))
def test_as_many_different_days_are_proposed_as_are_missing(
    have_days: int, have_check_ins: int, due_in: int | None, lawful_after: int
) -> None:
    due = None if due_in is None else AS_OF + timedelta(days=due_in)
    last = due and due + timedelta(days=lawful_after)
    made = plan(
        counted("on-the-job", 2, have_days, due=due, last=last),
        counted("check-in", 6, have_check_ins, due=due, last=last),
    )

    on = [day.on for day in made.days]
    names = [day.requirement for day in made.days]
    counts = names.count(made_up("on-the-job")), names.count(made_up("check-in"))
    assert counts == (2 - have_days, 6 - have_check_ins)
    assert on == sorted(set(on))
    assert min(on) > AS_OF
    assert all(day.late is (last is not None and day.on > last) for day in made.days)
    if due is not None:
        in_time = list(weekdays(AS_OF + timedelta(days=1), due))
        assert sum(day <= due for day in on) == min(len(on), len(in_time))


def test_an_undetermined_person_gets_a_plan_without_anything_late() -> None:
    made = plan(topic(1, None, None), counted("on-the-job", 2, due=None, last=None), state=State.UNDETERMINED)

    assert made.sittings[0].late == ()
    assert [(day.on, day.late) for day in made.days] == [(date(2026, 11, 26), False), (date(2026, 12, 2), False)]
    assert made.notes[0].startswith("The district first records what is not known yet")


def test_days_of_somebody_who_has_not_started_begin_with_the_first_day() -> None:
    begins = date(2027, 1, 4)
    made = plan(counted("check-in", 6, due=None, last=None), state=State.NOT_STARTED, first_day=begins)

    assert [(day.on - begins).days // 7 for day in made.days] == [0, 1, 2, 3, 4, 5]
