"""Documented is who has an ESD document for each component of the class, on file by the day judged; nobody else."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from lms_sync.agreements.clause_c.status import ClauseC, clause_c, lacking
from lms_sync.model.evidence import Completion, Documentation
from lms_sync.model.roster import StaffClass
from lms_sync.store.known.snapshot import Snapshot
from tests.compliance.person_facts import DAY, ME, PEOPLE, done, judged, knowledge_of, roster

ALL = ("classroom", "on-the-job", "check-in")
ON, AFTER = DAY, DAY + timedelta(days=1)


def facts(documents: dict[str, date], *found: Completion, **more: object) -> Snapshot:
    """Return what is known with ESD documents of one person: component → the document's day; `more` of the person."""
    person = replace(PEOPLE[ME], **more)  # type: ignore[arg-type]
    known = knowledge_of(*found, people=replace(roster(), people={**PEOPLE, ME: person}))
    filed: Any = {c: SimpleNamespace(origin="", file=SimpleNamespace(sha256="ab")) for c in documents}
    several = tuple(Documentation(c, "verified", "ESD 900", day, document_id=c) for c, day in documents.items())
    return replace(known, documents={ME: several}, filed=filed)


def clause(known: Snapshot) -> ClauseC:
    return clause_c(known, judged(known), known.roster.agreements["quarry-26"])


@pytest.mark.parametrize(
    ("documents", "staff_class", "missing"),
    [
        (dict.fromkeys(ALL, ON), StaffClass.OTHER, []),
        (dict.fromkeys(ALL[:2], ON), StaffClass.SRO, []),
        (dict.fromkeys(ALL[:2], ON), StaffClass.OTHER, ["check-in trainings (0 of 6 finished)"]),
        ({"classroom": ON, "on-the-job": AFTER}, StaffClass.SRO, ["on-the-job training days (0 of 2 finished)"]),
        ({"on-the-job": ON}, StaffClass.SRO, ["classroom topics (0 of 13 finished)"]),
    ],
)
def test_who_lacks_what(documents: dict[str, date], staff_class: StaffClass, missing: list[str]) -> None:
    known = facts(documents, staff_class=staff_class)
    lacks = tuple(f"no ESD document for the {component}" for component in missing)
    (person,) = clause(known).people
    assert (person.lacks, person.documented) == (lacks, not missing)
    assert lacking(known, judged(known), ME, required_then=ALL) == lacks
    assert [covered.gaps.person_id for covered in clause(known).undocumented] == ([ME] if missing else [])


def test_what_is_finished_can_be_asked_for_and_what_is_half_done_cannot() -> None:
    known = facts({"on-the-job": ON}, done("All"), done("Check-in x3"))
    (person,) = clause(known).people
    assert person.to_request == ("classroom",)
    assert person.lacks == (
        "no ESD document for the classroom topics (finished: the ESD can be asked)",
        "no ESD document for the check-in trainings (3 of 6 finished)",
    )


def test_one_topic_of_thirteen_is_no_component_to_ask_for() -> None:
    (person,) = clause(facts({}, done("Rights"), staff_class=StaffClass.SRO)).people
    assert person.to_request == ()
    assert person.lacks[0] == "no ESD document for the classroom topics (1 of 13 finished)"


def test_of_two_documents_the_first_is_shown_and_of_one_day_the_verified_one() -> None:
    known = facts(dict.fromkeys(ALL, ON))
    verified = known.documents[ME][0]
    waived = replace(verified, kind="waived")
    for several, kind in (
        ((waived, verified), "verified"),
        ((replace(waived, day=date(2026, 9, 9)), verified), "waived"),
    ):
        (person,) = clause(replace(known, documents={ME: several})).people
        assert [document.kind for document in person.documents] == [kind]


def test_who_has_not_started_is_told_by_when_what_is_missing_will_be_due_and_nobody_else_is() -> None:
    (to_start,) = clause(facts({"on-the-job": ON}, first_day=date(2026, 12, 1))).people
    assert to_start.deadlines == (("classroom", date(2027, 6, 1)), ("check-in", date(2027, 12, 1)))
    (started,) = clause(facts({"on-the-job": ON})).people
    assert started.deadlines == ()


def test_nobody_without_a_class_is_documented() -> None:
    known = facts(dict.fromkeys(ALL, ON), staff_class=None)
    (person,) = clause(known).people
    assert person.lacks == ("The class is not recorded",)
    to_come = facts(dict.fromkeys(ALL, ON), staff_class=None, first_day=AFTER)
    (person,) = clause(to_come).people
    assert person.lacks == ("the class is not recorded, so nobody can say what is required",)


@pytest.mark.parametrize(("decided", "asked"), [(ON, True), (AFTER, False)])
def test_a_class_decided_after_the_day_judged_asks_for_no_more_than_was_required_then(
    decided: date, *, asked: bool
) -> None:
    known = facts(dict.fromkeys(ALL[:2], ON), class_decided_on=decided)
    lacks = lacking(known, judged(known), ME, required_then=ALL[:2])
    assert bool(lacks) == asked
    assert lacking(known, judged(known), ME, required_then=ALL)
