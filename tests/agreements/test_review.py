"""How far a review is: what adoption needs, which clause C document stands, what is due, what HR is told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lms_sync.agreements.review.status import Recorded, Review, listed, review_findings, review_of
from lms_sync.law.yearly import load_yearly
from lms_sync.model.agreement import Adoption, ReviewedPoint
from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.model.roster import Agreement, Assignment, Cadence, Partner, PartnerKind, Roster
from lms_sync.store.known.registers import joined

STARTS, ENDS, TODAY = date(2026, 9, 1), date(2027, 8, 31), date(2026, 8, 1)
HERON = Agreement("HERON-26", "HERON", "2026-27", STARTS, ENDS)
BEFORE = Agreement("HERON-25", "HERON", "2025-26", date(2025, 9, 1), date(2026, 8, 31), adopted_on=date(2025, 8, 20))
NOTHING = Recorded({}, {}, (), load_yearly())
POINTS = load_yearly().on(STARTS).points
FILLED = [point.id for point in POINTS if point.kind != "series"]


def roster(*agreements: Agreement) -> Roster:
    partners = {
        name: Partner(name, name.title(), kind, (), (), Cadence.NONE)
        for name, kind in (("HERON", PartnerKind.SECURITY_COMPANY), ("OWN", PartnerKind.DISTRICT))
    }
    people = [("E1", None), ("E2", date(2026, 1, 31)), ("E3", None)]
    assignments = tuple(Assignment(p, "HERON", "HERON-26", STARTS, ends) for p, ends in people)
    again = Assignment("E1", "HERON", "HERON-26", STARTS + timedelta(days=90), None)
    return Roster(partners, {a.agreement_id: a for a in agreements}, {}, (*assignments, again))


def point(name: str, agreement: str = "HERON-26") -> ReviewedPoint:
    told: dict[str, Any] = {
        "on": date(2026, 7, 1),
        "how": "a meeting",
        "who": "the council",
        "note": "",
        "file": None,
    }
    return ReviewedPoint(agreement, name, done=True, **told, recorded_by="A. Roe", recorded_on=TODAY)


def document(**changes: Any) -> Issued:
    told = Issued(
        "TP-2026-0001",
        IssuedKind.PLAN,
        "HERON-26",
        "HERON",
        date(2026, 7, 2),
        datetime(2026, 7, 2, tzinfo=UTC),
        datetime(2026, 7, 2, tzinfo=UTC),
        "A. Roe",
        "0.1",
        "law",
        "map",
        "CODE",
        "0" * 64,
        {},
    )
    return replace(told, **changes)


def recorded(*points: ReviewedPoint, issued: tuple[Issued, ...] = (), adopted: date | None = None) -> Recorded:
    adoptions = {"HERON-26": Adoption("HERON-26", adopted, "", None, "A. Roe", TODAY)} if adopted else {}
    return Recorded({joined(p.agreement_id, p.point): p for p in points}, adoptions, issued, load_yearly())


WHOLE = recorded(*(point(name) for name in FILLED), issued=(document(),))


def review(facts: Recorded, agreement: Agreement = HERON, as_of: date = TODAY) -> Review:
    return review_of(roster(BEFORE, agreement), facts, agreement, as_of=as_of)


def missing(facts: Recorded) -> list[str]:
    return [lack.point.id for lack in review(facts).lacks]


def without(name: str, **changes: Any) -> Recorded:
    """Return a whole review in which one point is recorded otherwise, or not at all."""
    others = (point(one) for one in FILLED if one != name)
    changed = [replace(point(name), **changes)] if changes else []
    return recorded(*others, *changed, issued=(document(),))


def test_nothing_recorded_lacks_every_point_of_the_law_in_its_order() -> None:
    assert missing(NOTHING) == ["A1", "A2", "A3", "A4", "A5", "B1", "B2", "C", "parents", "students", "community"]
    assert all(lack.found and "lms-sync agreements" in lack.remedy for lack in review(NOTHING).lacks)


def test_a_whole_review_lacks_nothing() -> None:
    assert missing(WHOLE) == []


@pytest.mark.parametrize("name", FILLED)
def test_each_point_is_missed_alone(name: str) -> None:
    assert missing(without(name)) == [name]
    assert missing(without(name, done=False)) == [name]
    assert missing(without(name, on=None)) == [name]


@pytest.mark.parametrize("name", ["parents", "students", "community"])
@pytest.mark.parametrize(("field", "word"), [("how", "how"), ("who", "who")])
def test_an_involvement_needs_how_and_who(name: str, field: str, word: str) -> None:
    (lack,) = review(without(name, **{field: ""})).lacks

    assert lack.point.id == name
    assert lack.found == f"done, but not recorded: {word}"


def test_a_text_point_needs_neither_how_nor_who() -> None:
    assert missing(without("A1", how="", who="")) == []


def test_points_of_last_years_agreement_do_not_count() -> None:
    last = recorded(*(point(name, "HERON-25") for name in FILLED), issued=(document(agreement_id="HERON-25"),))

    assert len(missing(last)) == len(POINTS)


@pytest.mark.parametrize(
    ("issued", "stands", "told"),
    [
        ((), "", "no training confirmation and no training plan was issued"),
        ((document(withdrawn_at=datetime(2026, 7, 9, tzinfo=UTC), withdrawn_because="a wrong name"),), "", "a wrong"),
        ((document(as_of=date(2025, 8, 31)),), "", "before this review's period"),
        ((document(as_of=date(2025, 9, 1)),), "TP-2026-0001", ""),
        ((document(), document(number="TC-2026-0002", kind=IssuedKind.CONFIRMATION)), "TC-2026-0002", ""),
        ((document(), document(number="TP-9", withdrawn_at=datetime(2026, 7, 9, tzinfo=UTC))), "TP-2026-0001", ""),
    ],
)
def test_clause_c_is_the_newest_document_of_the_period_that_nobody_withdrew(
    issued: tuple[Issued, ...], stands: str, told: str
) -> None:
    one = review(replace(WHOLE, issued=issued))

    assert (one.clause_c.number if one.clause_c else "") == stands
    assert [lack.found for lack in one.lacks if told not in lack.found] == []
    assert bool(one.lacks) is not bool(stands)


def test_each_person_is_covered_once_and_who_has_left_is_not() -> None:
    assert review(NOTHING, as_of=date(2026, 10, 1)).staff == ("E1", "E3")


@pytest.mark.parametrize(
    ("as_of", "adopted", "expected"),
    [
        (date(2026, 8, 20), None, False),  # a year after the last adoption with this partner
        (date(2026, 8, 21), None, True),
        (date(2026, 8, 21), date(2026, 8, 21), False),
        (date(2027, 8, 21), date(2026, 8, 21), False),
        (date(2027, 8, 22), date(2026, 8, 21), True),  # a year later, and the roster has no next agreement
    ],
)
def test_it_is_overdue_the_day_after_it_was_due(as_of: date, adopted: date | None, *, expected: bool) -> None:
    assert review(recorded(adopted=adopted), as_of=as_of).overdue is expected


def test_a_review_due_that_lies_at_the_end_of_an_adopted_year_is_the_next_one() -> None:
    told = replace(HERON, adopted_on=date(2026, 8, 20), review_due=date(2027, 6, 1))
    early = replace(HERON, adopted_on=date(2026, 8, 20), review_due=date(2026, 9, 1))
    after = replace(HERON, agreement_id="HERON-27", starts=date(2027, 9, 1))

    assert review(NOTHING, told).again == date(2027, 6, 1)
    assert review(NOTHING, early).again == date(2027, 8, 20)
    assert review_of(roster(told, after), NOTHING, told, as_of=TODAY).again is None


@pytest.mark.parametrize("due", [None, date(2026, 6, 1), date(2027, 6, 1)])
def test_the_period_begins_a_year_before_the_first_day_whenever_the_review_is_due(due: date | None) -> None:
    assert review(NOTHING, replace(HERON, review_due=due)).begins == date(2025, 9, 1)


def test_the_list_begins_with_what_waits_longest_and_leaves_the_districts_own_out() -> None:
    adopted = Agreement("A-26", "HERON", "2026-27", STARTS, ENDS, adopted_on=date(2026, 7, 1))
    soon = Agreement("B-26", "HERON", "2026-27", STARTS, ENDS, review_due=date(2026, 7, 1))
    later = Agreement("C-26", "HERON", "2026-27", STARTS, ENDS, review_due=date(2026, 12, 1))
    own = Agreement("OWN-26", "OWN", "2026-27", STARTS, ENDS)

    order = listed(roster(adopted, later, soon, own), NOTHING, as_of=date(2026, 10, 1))
    assert [one.agreement.agreement_id for one in order] == ["B-26", "C-26", "A-26"]


def codes(facts: Recorded, agreement: Agreement = HERON, as_of: date = date(2026, 10, 1)) -> list[str]:
    return [f"{f.code} {f.where}" for f in review_findings(roster(agreement), facts, as_of=as_of)]


ROSTER_SAYS = replace(HERON, adopted_on=date(2026, 8, 20))


def adopted_earlier(on: date) -> Recorded:
    """Return a whole review with the adoption that was recorded of a day."""
    return replace(WHOLE, adoptions=recorded(adopted=on).adoptions)


@pytest.mark.parametrize(
    ("agreement", "facts", "expected"),
    [
        (HERON, NOTHING, ["review-overdue"]),
        (HERON, WHOLE, ["review-overdue"]),
        (ROSTER_SAYS, NOTHING, ["adoption-unrecorded"]),
        (ROSTER_SAYS, replace(WHOLE, adoptions=recorded(adopted=date(2026, 8, 20)).adoptions), []),
        (ROSTER_SAYS, replace(WHOLE, adoptions=recorded(adopted=date(2026, 8, 27)).adoptions), ["adoption-differs"]),
        # Half a year before the day that the roster says, and a day more: that adoption closed an earlier review.
        (ROSTER_SAYS, adopted_earlier(date(2026, 2, 20)), ["adoption-differs"]),
        (ROSTER_SAYS, adopted_earlier(date(2026, 2, 19)), ["adoption-unrecorded"]),
        (HERON, recorded(*WHOLE.points.values(), adopted=date(2026, 8, 20)), ["adoption-incomplete"]),
    ],
)
def test_hr_is_told_what_it_must_do(agreement: Agreement, facts: Recorded, expected: list[str]) -> None:
    assert codes(facts, agreement) == [f"{code} agreement HERON-26" for code in expected]


def test_an_agreement_that_has_ended_is_no_finding_the_day_after() -> None:
    assert codes(NOTHING, as_of=ENDS) == ["review-overdue agreement HERON-26"]
    assert codes(NOTHING, as_of=ENDS + timedelta(days=1)) == []


def test_a_finding_keeps_its_id_from_night_to_night() -> None:
    nights = [review_findings(roster(HERON), NOTHING, as_of=date(2026, 10, day)) for day in (1, 2)]

    assert nights[0][0].id == nights[1][0].id


def test_what_was_recorded_for_an_earlier_year_under_the_same_id_no_longer_counts() -> None:
    later = replace(HERON, starts=date(2028, 9, 1), ends=date(2029, 8, 31))
    old = recorded(*(point(name) for name in FILLED), issued=(document(),), adopted=date(2026, 8, 20))
    found = review(old, later, as_of=date(2028, 8, 1))

    assert [lack.point.id for lack in found.lacks] == [one.id for one in POINTS]
    assert "before this review's period, which began on 1 Sep 2027" in found.lacks[0].found
    assert (found.adoption, found.adopted_on) == (None, None)
