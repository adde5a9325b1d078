"""A judgement that is kept stands until the day that it names: before it the same facts are judged alike."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lms_sync.compliance.judge_person import Judging
from lms_sync.model.evidence import ClaimReason, Completion, Documentation, claim_id
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.person_names import PersonNames
from lms_sync.model.roster import ClockDecision, Person, StaffClass
from lms_sync.store.known.judged_people import JudgedPerson
from lms_sync.store.known.snapshot import Snapshot
from tests.compliance.person_facts import ME, PEOPLE, claim, done, knowledge_of, roster

START = date(2026, 9, 1)
AHEAD = 1100
"""Days that are looked at: longer than everything that is due, and that any case dates."""
SATURDAY = date(2026, 5, 28)
"""Six months after it are a Saturday, on which no period ends."""
UNDATED = claim("All", ClaimReason.WAIVER)
ACCEPTED = ClaimDecision(
    claim_id(UNDATED),
    accepted=True,
    reason="letter seen",
    decided_by="A. Roe",
    decided_on=START,
    training_day=date(2026, 12, 9),
)
TRAINED = tuple(done(course, date(2026, 8, 3)) for course in ("All", "Check-in x3"))


def somebody(**more: object) -> Person:
    return replace(PEOPLE[ME], **more)  # type: ignore[arg-type]


def facts(person: Person, *documents: Documentation, decisions: tuple[ClaimDecision, ...] = ()) -> Snapshot:
    known = knowledge_of(people=replace(roster(), people={**PEOPLE, ME: person}), decisions=decisions)
    return replace(known, documents={ME: documents} if documents else {})


def judged(known: Snapshot, completions: Iterable[Completion], on: date) -> JudgedPerson:
    return Judging.of(known, PersonNames.of({}), as_of=on).judged(ME, completions).person


CASES = {
    "due on a Saturday": (facts(somebody(first_day=SATURDAY)), ()),
    "one day of check-ins still to come": (facts(somebody()), (*TRAINED, done("Check-in x3", date(2027, 2, 1)))),
    "a first day to come": (facts(somebody(first_day=date(2026, 12, 7))), TRAINED),
    "a decided clock": (
        facts(somebody(first_day=date(2018, 9, 5), clock=ClockDecision(date(2026, 10, 1), "A", START, "minutes"))),
        (),
    ),
    "a decided clock to come": (
        facts(somebody(first_day=date(2018, 9, 5), clock=ClockDecision(date(2027, 1, 4), "A", START, "minutes"))),
        (),
    ),
    "no class": (facts(somebody(staff_class=None, first_day=date(2026, 12, 7))), TRAINED),
    "training to come of which one is claimed": (
        facts(somebody(staff_class=StaffClass.SRO)),
        (done("Rights", date(2026, 12, 1)), claim("All", ClaimReason.WAIVER, date(2026, 11, 2))),
    ),
    "a waiver without a day that counts from a day to come": (
        facts(somebody(staff_class=StaffClass.SRO), decisions=(ACCEPTED,)),
        (UNDATED,),
    ),
    "what nobody has mapped to come": (
        facts(somebody()),
        (*TRAINED, done("Knitting", date(2026, 12, 15), source="vendor")),
    ),
    "documents to come": (
        facts(
            somebody(staff_class=StaffClass.SRO),
            Documentation("classroom", "verified", "ESD 900", date(2026, 10, 12)),
            Documentation("on-the-job", "verified", "ESD 900", date(2027, 3, 1)),
        ),
        (),
    ),
}


@pytest.mark.parametrize(("known", "completions"), CASES.values(), ids=CASES)
def test_on_no_day_before_the_one_that_is_named_anything_is_judged_otherwise(
    known: Snapshot, completions: tuple[Completion, ...]
) -> None:
    kept, states = judged(known, completions, START), set()
    for day in (START + timedelta(days=number) for number in range(1, AHEAD)):
        states.add(kept.judgement.state)
        new = judged(known, completions, day)
        assert new.changes_on is None or new.changes_on > day
        if kept.changes_on is not None and day >= kept.changes_on:
            kept = new
        assert replace(new, changes_on=None) == replace(kept, changes_on=None), f"on {day}"
    assert kept.changes_on is None, "nothing changes any more"
    assert len(states) > 1 or kept.judgement.reasons, "a case in which nothing happens shows nothing"
