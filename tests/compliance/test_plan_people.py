"""Whole plans: what a person is told to take, on which days, and what is left open."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.compliance.gap_report import GapReport, PersonGaps, ReportedStanding
from lms_sync.compliance.gate import NOTHING, Gate, made_up
from lms_sync.compliance.plan.catalogue import read_catalogue
from lms_sync.compliance.plan.openings import Openings
from lms_sync.compliance.plan.partner_plan import (
    Planning,
    chooser,
    plan_partner,
    plan_person,
    unclosed_findings,
)
from lms_sync.compliance.plan.school_days import SchoolDays
from lms_sync.compliance.plan.training_plan import PersonPlan
from lms_sync.law.standing import MetBy, State
from lms_sync.model.course_map import CourseMap, CourseRow, Offering, course_map
from lms_sync.model.roster import Cadence, Partner, PartnerKind, StaffClass

AS_OF = date(2026, 11, 23)  # a Monday
DUE = date(2027, 2, 27)  # a Saturday
LAWFUL = date(2027, 3, 1)
OFFERED = Offering("o-1", "Summit", "", date(2026, 12, 3), date(2026, 12, 4), place="Yakima", seats=12)
COURSE = CourseRow(
    source="*",
    course="Summit",
    unit="",
    title="Safety summit",
    topics=(1, 2),
    on_the_job_days=0,
    check_ins=0,
    counts_from=None,
    counts_until=None,
    minimum_score=None,
    decided_by="Ada Park",
    decided_on=date(2026, 8, 1),
    provider="ESD",
    hours=Decimal(6),
    fee=Decimal(90),
    link="https://example.org/summit",
)


GATE = Gate("acme", {}, {}, {}, {}, everything=True)


def weekdays(start: date, end: date) -> Iterator[date]:
    for place in range((end - start).days + 1):
        day = start + timedelta(days=place)
        if day.weekday() < 5:
            yield day


def topic(number: int, due: date | None = DUE, last: date | None = LAWFUL) -> ReportedStanding:
    return replace(counted(f"topic-{number:02}", 1, due=due, last=last), component=made_up("classroom"))


def counted(
    name: str, need: int, have: int = 0, *, due: date | None = DUE, last: date | None = LAWFUL
) -> ReportedStanding:
    return ReportedStanding(
        requirement=made_up(name),
        component=made_up(name),
        need=need,
        have=have,
        met_by=None,
        on=None,
        due=due,
        last_lawful_day=last,
        late=False,
        credits=(),
        claims=(),
        notes=(),
    )


def gaps(*standings: ReportedStanding, state: State = State.ON_PLAN, person_id: str = "p-1") -> PersonGaps:
    name = made_up("Park, Ada")
    return PersonGaps(made_up(person_id), name, StaffClass.OTHER, None, NOTHING, (), state, (), standings, (), ())


def report(*people: PersonGaps) -> GapReport:
    partner = Partner("acme", "Acme Guards", PartnerKind.SECURITY_COMPANY, (), (), Cadence.WEEKLY)
    known = datetime(2026, 11, 23, tzinfo=UTC)
    district = made_up("District")
    return GapReport(district, NOTHING, partner, (), AS_OF, known, NOTHING, NOTHING, 60, people, (), None)


def plan(
    *standings: ReportedStanding,
    rows: Iterable[CourseRow] = (COURSE,),
    offerings: Iterable[Offering] = (OFFERED,),
    state: State = State.ON_PLAN,
    first_day: date | None = None,
) -> PersonPlan:
    catalogue = read_catalogue(course_map(rows, offerings), as_of=AS_OF)
    person = replace(gaps(*standings, state=state), first_day=first_day)
    return plan_person(
        person,
        Planning("acme", catalogue, Openings(), GATE, SchoolDays((), weekdays), chooser(catalogue, Openings())),
    )


def test_a_sitting_says_what_the_map_says_and_which_open_topics_it_closes() -> None:
    made = plan(topic(2), topic(3))

    (sitting,) = made.sittings
    assert (sitting.offering_id, sitting.title, sitting.provider) == ("o-1", "Safety summit", "ESD")
    assert (sitting.starts, sitting.ends, sitting.self_paced) == (OFFERED.starts, OFFERED.ends, False)
    assert (sitting.place, sitting.seats, sitting.link) == ("Yakima", 12, "https://example.org/summit")
    assert (sitting.fee, sitting.hours) == (Decimal(90), Decimal(6))
    assert (sitting.closes, sitting.late) == (("topic-02",), ())
    assert made.unclosed == ("topic-03",)


def test_course_and_unit_match_after_folding_and_only_together() -> None:
    written = replace(OFFERED, course="  SUMMIT ")

    assert plan(topic(1), offerings=[written]).sittings
    assert not plan(topic(1), offerings=[replace(OFFERED, unit="Day 1 of it")]).sittings


@pytest.mark.parametrize(
    ("starts", "ends", "takeable"),
    [
        (AS_OF, AS_OF, True),
        (date(2026, 11, 22), date(2026, 11, 24), False),
        (date(2026, 11, 20), date(2026, 11, 22), False),
        (None, date(2026, 11, 22), False),
        (None, AS_OF, True),
        (date(2020, 1, 1), None, True),
    ],
    ids=["on the day", "begun", "ended", "window closed", "window closes", "self-paced since 2020"],
)
def test_only_what_can_still_be_taken_is_planned(*, starts: date | None, ends: date | None, takeable: bool) -> None:
    made = plan(topic(1), offerings=[replace(OFFERED, starts=starts, ends=ends)])

    assert bool(made.sittings) is takeable


@pytest.mark.parametrize(
    "row",
    [
        replace(COURSE, decided_on=None),
        replace(COURSE, topics=()),
        replace(COURSE, counts_until=date(2026, 12, 3)),
        replace(COURSE, counts_from=date(2026, 12, 5)),
    ],
    ids=["undecided", "teaches none", "counts until the day before", "counts from the day after"],
)
def test_what_would_not_be_credited_is_not_planned(row: CourseRow) -> None:
    assert plan(topic(1), rows=[row]).unclosed == ("topic-01",)


def test_the_row_whose_days_hold_the_last_day_is_the_one_that_counts() -> None:
    old = replace(COURSE, topics=(1,), counts_until=date(2026, 12, 3))
    new = replace(COURSE, topics=(2,), counts_from=date(2026, 12, 4))

    assert plan(topic(1), topic(2), rows=[old, new]).unclosed == ("topic-01",)


def test_only_what_every_source_would_credit_is_promised() -> None:
    named = replace(COURSE, source="vector", topics=(2, 3))

    assert plan(topic(1), topic(2), topic(3), rows=[COURSE, named]).sittings[0].closes == ("topic-02",)
    undecided = replace(named, decided_on=None)
    assert not plan(topic(2), rows=[COURSE, undecided]).sittings


def test_late_is_said_after_the_last_lawful_day_only() -> None:
    monday = replace(OFFERED, offering_id="monday", starts=LAWFUL, ends=LAWFUL)
    tuesday = replace(OFFERED, offering_id="tuesday", starts=date(2027, 3, 2), ends=date(2027, 3, 2))

    assert plan(topic(1), offerings=[monday]).sittings[0].late == ()
    assert plan(topic(1), offerings=[tuesday]).sittings[0].late == ("topic-01",)


def test_a_self_paced_offering_is_to_be_finished_by_the_earliest_due_date_to_come() -> None:
    online = replace(OFFERED, starts=None, ends=None)
    past = date(2026, 11, 1)

    (sitting,) = plan(topic(1, past, past), topic(2), offerings=[online]).sittings
    assert (sitting.starts, sitting.ends, sitting.self_paced) == (None, DUE, True)
    assert (sitting.closes, sitting.late) == (("topic-01", "topic-02"), ("topic-01",))
    assert plan(topic(1, past, past), offerings=[online]).sittings[0].ends == AS_OF


def test_a_self_paced_offering_is_to_be_finished_while_the_map_counts_it() -> None:
    online, until = replace(OFFERED, starts=None, ends=None), date(2026, 12, 31)

    assert plan(topic(1), rows=[replace(COURSE, counts_until=until)], offerings=[online]).sittings[0].ends == until


def test_a_self_paced_offering_that_opens_later_says_from_when() -> None:
    opens = date(2027, 1, 4)
    (sitting,) = plan(topic(1), offerings=[replace(OFFERED, starts=opens, ends=None)]).sittings

    assert (sitting.starts, sitting.self_paced) == (opens, True)


def test_a_topic_is_closed_by_the_first_sitting_that_teaches_it() -> None:
    first = replace(OFFERED, offering_id="z", course="First", starts=date(2026, 12, 1), ends=date(2026, 12, 1))
    rows = [COURSE, replace(COURSE, course="First", topics=(1, 3))]
    made = plan(topic(1), topic(2), topic(3), rows=rows, offerings=[OFFERED, first])

    assert [(s.offering_id, s.closes) for s in made.sittings] == [
        ("z", ("topic-01", "topic-03")),
        ("o-1", ("topic-02",)),
    ]


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


def test_notes_tell_unknown_fees_shared_days_and_that_no_seat_is_reserved() -> None:
    other = replace(OFFERED, offering_id="o-2", course="Other", starts=OFFERED.ends, ends=OFFERED.ends, seats=None)
    rows = [COURSE, replace(COURSE, course="Other", title="Other class", topics=(3,), fee=None)]
    made = plan(topic(1), topic(3), rows=rows, offerings=[OFFERED, other])

    assert made.notes == (
        "The fee of “Other class” is not known; ask the provider.",
        "“Safety summit” and “Other class” have days in common; check the hours before signing up.",
        "Seats are as the provider states them; none is reserved.",
    )


def test_a_partners_plan_holds_everybody_with_something_open_in_the_reports_order() -> None:
    met = replace(topic(1), met_by=MetBy.CREDITS)
    people = (gaps(topic(1), person_id="b"), gaps(met, person_id="c"), gaps(topic(3), person_id="a"))
    made = plan_partner(
        report(*people), course_map([COURSE], [OFFERED]), GATE, openings=Openings(), school=SchoolDays((), weekdays)
    )

    assert (made.partner_id, made.as_of) == ("acme", AS_OF)
    assert [person.person_id for person in made.people] == ["b", "a"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_order_of_the_map_does_not_change_a_plan(data: st.DataObject) -> None:
    offerings = [replace(OFFERED, offering_id=f"o-{n}", place=f"Room {n}") for n in range(4)]
    rows = [COURSE, replace(COURSE, source="vector", fee=None), replace(COURSE, source="moodle", title="Another")]
    person = report(gaps(topic(1), topic(2), counted("on-the-job", 2)))

    def made(of: CourseMap) -> object:
        return plan_partner(person, of, GATE, openings=Openings(), school=SchoolDays((), weekdays))

    shuffled = CourseMap("", tuple(data.draw(st.permutations(rows))), tuple(data.draw(st.permutations(offerings))))
    assert made(shuffled) == made(course_map(rows, offerings))


def test_a_topic_that_nothing_closes_is_one_finding_however_many_people_lack_it() -> None:
    (finding,) = unclosed_findings([("b", "topic-03"), ("a", "topic-03")])
    assert (finding.code, finding.people) == ("topic-without-offering", ("a", "b"))
    assert "topic 3" in finding.found
    assert unclosed_findings([("b", "topic-03")])[0].id == finding.id
    assert unclosed_findings(()) == ()
