"""People who stand as others do: what is made of them is what is made of everybody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.compliance.judge_person import Judging
from lms_sync.compliance.trained_once import JudgedAnew, PeopleAlike
from lms_sync.model.completion_rows import by_learner
from lms_sync.model.doubt import Verdict
from lms_sync.model.evidence import ClaimReason, Completion, Documentation, claim_id
from lms_sync.model.finding import UNNAMED, ClaimDecision, Origin
from lms_sync.model.person_names import PersonNames
from lms_sync.model.roster import ClockDecision, Person, StaffClass
from lms_sync.workspace.settings.corrections import CORRECTIONS
from tests.compliance.person_facts import DAY, PEOPLE, ROWS, done, knowledge_of, roster
from tests.compliance.test_doubted import doubt

FIRST_DAYS = (None, DAY - timedelta(days=400), DAY - timedelta(days=60), DAY, DAY + timedelta(days=1))
DECIDED = (None, ClockDecision(DAY - timedelta(days=300), "HR", DAY, "the law"))
STAFF = [
    Person(f"p{number}", "Fen", "Ba", staff_class=staff_class, first_day=first_day, clock=clock)
    for number, (staff_class, first_day, clock) in enumerate(
        (staff_class, first_day, clock)
        for staff_class in (*StaffClass, None)
        for first_day in FIRST_DAYS
        for clock in DECIDED
    )
]
DOCUMENTED = replace(STAFF[2], person_id="documented")
PLACES = (
    Origin("class.xlsx", "ab", "Done", "A7"),
    Origin("class.xlsx", "ab", "Done", "A8"),
    Origin("class.csv", "cd", "", "A7"),
    Origin(f"{UNNAMED} 1 May 2026", "ef", "", "A7"),
    Origin(url="https://lms.example.org/1", item="7"),
)
DOUBTED, DECIDABLE = done("Rights", record="doubted"), done("Rights", record="decided")


@cache
def judging() -> Judging:
    """Return what people are judged by: with one document, one decision and one doubt that was answered."""
    decision = ClaimDecision(claim_id(DECIDABLE), accepted=True, reason="seen", decided_by="A. Roe", decided_on=DAY)
    people = replace(roster(), people=PEOPLE | {person.person_id: person for person in (*STAFF, DOCUMENTED)})
    snapshot = replace(
        knowledge_of(decisions=(decision,), people=people),
        documents={DOCUMENTED.person_id: (Documentation("classroom", "verified", "ESD 112", DAY),)},
        doubts=(replace(doubt(DOUBTED), record="doubted", verdict=Verdict.KEEP),),
    )
    return Judging.of(snapshot, PersonNames.of({}), as_of=DAY)


def by_law(person: Person, completions: Sequence[Completion]) -> JudgedAnew:
    return JudgedAnew.of(judging().judged(person.person_id, completions))


def trained(*courses: str, **more: object) -> list[Completion]:
    return [done(course, record=course, **more) for course in courses]  # type: ignore[arg-type]


PLAIN = st.builds(
    lambda course, number, **more: replace(done(course), record=f"r{number}", **more),
    st.sampled_from([row.course for row in ROWS] + ["Knitting"]),
    st.integers(0, 99),
    day=st.dates(DAY - timedelta(days=420), DAY),
    origin=st.sampled_from(PLACES),
    source=st.sampled_from(("class", "class", "vendor")),
    score=st.sampled_from((None, Decimal(70), Decimal(90))),
    attributes=st.sampled_from(((), (), (("hours", "2"),), (("host_school", "Fir ES"),))),
)
ODD = st.one_of(
    PLAIN.map(lambda completion: replace(completion, day=None)),
    PLAIN.map(lambda completion: replace(completion, day=DAY + timedelta(days=3))),
    PLAIN.map(lambda completion: replace(completion, claim=ClaimReason.WAIVER)),
    PLAIN.map(lambda completion: replace(completion, source=CORRECTIONS)),
    st.sampled_from((DOUBTED, DECIDABLE, *trained("All", "Day"))),
)
COMPLETIONS = st.lists(PLAIN, max_size=6) | st.lists(PLAIN | ODD, max_size=4)


@pytest.mark.slow
@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from((*STAFF, DOCUMENTED)), COMPLETIONS), min_size=20, max_size=40))
def test_whoever_stands_like_others_is_judged_as_everybody_is(people: list[tuple[Person, list[Completion]]]) -> None:
    alike = PeopleAlike(judging())
    for person, completions in people * 2:  # nobody stands like others before there are any
        assert alike.judged(person.person_id, by_learner(completions)) == by_law(person, completions)


ODD_ONES = {
    "twice": (*trained("Rights"), done("All", record="x")),
    "one record on two days": [done("Rights", record="x"), done("Minds", date(2026, 9, 9), record="x")],
    "a day at work": trained("Day", attributes=(("experienced_officer", "A. Reed"), ("host_school", "Fir ES"))),
    "a claim": trained("Day"),
    "waived": trained("Rights", claim=ClaimReason.WAIVER),
    "no day": trained("Rights", day=None),
    "a day to come": trained("Rights", day=DAY + timedelta(days=1)),
    "reported": trained("topic-01", source=CORRECTIONS, claim=ClaimReason.CORRECTION),
    "doubted": [DOUBTED],
    "decided": [DECIDABLE],
}


@pytest.mark.parametrize("completions", ODD_ONES.values(), ids=ODD_ONES)
def test_of_whom_there_is_more_to_say_is_judged_by_the_law(completions: list[Completion]) -> None:
    alike, somebody = PeopleAlike(judging()), STAFF[2]
    for _ in range(2):
        assert alike.judged(somebody.person_id, by_learner(completions)) == by_law(somebody, completions)


def test_so_is_who_has_a_document_on_file_and_whose_class_is_not_recorded() -> None:
    alike, completions = PeopleAlike(judging()), trained("Rights")
    without_class = next(person for person in STAFF if person.staff_class is None and person.first_day)
    for person in (STAFF[2], DOCUMENTED, without_class) * 2:
        assert alike.judged(person.person_id, by_learner(completions)) == by_law(person, completions)


def test_the_law_is_asked_once_for_all_who_stand_alike() -> None:
    alike, somebody = PeopleAlike(judging()), STAFF[2]
    found = [trained("Rights", "Minds", "Calm", day=DAY - timedelta(days=days)) for days in range(300, 305)]
    expected = [by_law(somebody, completions) for completions in found]
    with patch.object(Judging, "judged", autospec=True, side_effect=Judging.judged) as asked:
        assert [alike.judged(somebody.person_id, by_learner(completions)) for completions in found] == expected
        assert asked.call_count == 1
        alike.judged(somebody.person_id, by_learner(trained("Rights", "Minds", "Calm", day=DAY)))  # late
        assert asked.call_count == 2
