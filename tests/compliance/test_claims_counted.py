"""What a claim would count for: just what map or partner says, and nothing before a person has accepted it."""

from dataclasses import replace
from datetime import date

import pytest

from lms_sync.compliance.credits import (
    REVIEWED,
    Claimed,
    Credited,
    Mapped,
    NotCounted,
    NotCountedReason,
    expected_of,
)
from lms_sync.compliance.map_index import MapIndex
from lms_sync.model.course_map import CourseRow, course_map
from lms_sync.model.evidence import ClaimReason, Completion, claim_id
from lms_sync.model.sign_up import KnownSignUp, SignUp
from tests.compliance import mapped
from tests.compliance.mapped import DAY, EVIDENCE, credits_of, index

ACCEPTED_ON = date(2026, 12, 1)
ROW = replace(mapped.ROW, course="101")
DONE = replace(mapped.DONE, course_title="Bias")
REPORTED = replace(DONE, source="corrections", course_title="", claim=ClaimReason.CORRECTION)


def counted(completion: Completion, *rows: CourseRow, accepted: bool = False) -> Mapped:
    by_claim = {claim_id(completion): ACCEPTED_ON} if accepted else {}
    return credits_of(completion, index(*rows), accepted=by_claim)


def claims(completion: Completion, *rows: CourseRow) -> list[tuple[str, str]]:
    found = counted(completion, *rows)
    assert isinstance(found, Claimed), found
    return [(claim.requirement, claim.reason) for claim in found.claims]


def credits(completion: Completion, *rows: CourseRow) -> list[tuple[str, int, date]]:
    found = counted(completion, *rows, accepted=True)
    assert isinstance(found, Credited), found
    return [(credit.requirement, credit.amount, credit.day) for credit in found.credits]


@pytest.mark.parametrize("requirement", ["topic-01", "topic-06", "topic-13", "on-the-job", "check-in"])
def test_what_a_partner_reports_is_a_claim_of_that_requirement_and_once_accepted_counts_for_it_alone(
    requirement: str,
) -> None:
    reported = replace(REPORTED, course=requirement, attributes=EVIDENCE)
    elsewhere = replace(ROW, source="corrections", course=requirement, topics=(2, 3))
    for rows in ((), (elsewhere,)):
        assert claims(reported, *rows) == [(requirement, ClaimReason.CORRECTION)]
        assert credits(reported, *rows) == [(requirement, 1, DAY)]


@pytest.mark.parametrize("reason", [ClaimReason.WAIVER, ClaimReason.CORRECTION])
def test_a_claim_of_an_on_the_job_day_waits_also_where_school_and_officer_are_named(reason: ClaimReason) -> None:
    course = "on-the-job" if reason is ClaimReason.CORRECTION else "101"
    claimed = replace(DONE, course=course, claim=reason, attributes=EVIDENCE)
    assert claims(claimed, replace(ROW, topics=(), on_the_job_days=1)) == [("on-the-job", reason)]


def test_what_has_no_day_is_a_claim_that_says_so_by_the_newest_row() -> None:
    undated = replace(DONE, day=None)
    old = replace(ROW, topics=(1,), counts_until=date(2026, 8, 31))
    between = replace(ROW, topics=(2,), counts_from=date(2026, 9, 1), counts_until=date(2026, 9, 30))
    new = replace(ROW, topics=(3,), counts_from=date(2026, 10, 1), counts_until=date(2026, 10, 31))
    for rows in ((old, between, new), (new, between, old), (between, new, old)):
        assert claims(undated, *rows) == [("topic-03", ClaimReason.NO_DATE)]
    assert claims(undated, new) == [("topic-03", ClaimReason.NO_DATE)]


def test_of_a_day_that_no_row_holds_the_newest_row_says_that_it_does_not_count() -> None:
    old = replace(ROW, counts_until=date(2026, 8, 31), cell="Courses!B2")
    new = replace(ROW, counts_from=date(2026, 10, 1), cell="Courses!B3")
    for rows in ((old, new), (new, old)):
        found = counted(replace(DONE, day=date(2026, 9, 15)), *rows)
        assert found == NotCounted(NotCountedReason.OUTSIDE_DATES, "Courses!B3")


def test_an_accepted_claim_without_a_day_counts_by_the_row_of_the_day_that_was_named() -> None:
    old = replace(ROW, topics=(1,), counts_until=date(2026, 11, 30))
    new = replace(ROW, topics=(2,), counts_from=ACCEPTED_ON)
    assert credits(replace(DONE, day=None), old, new) == [("topic-02", 1, ACCEPTED_ON)]


TYPED = replace(REPORTED, course="topic-06", course_title="Typed by a partner")


@pytest.mark.parametrize(
    ("completion", "row", "title", "as_read"),
    [
        (DONE, replace(ROW, title="Bias free policing"), "Bias free policing", False),
        (replace(DONE, unit="u1", unit_title="Bias I"), replace(ROW, unit="u1"), "Bias I", True),
        (DONE, ROW, "Bias", True),
        (replace(DONE, course_title=""), ROW, "101", True),
        (TYPED, ROW, "Typed by a partner", True),
    ],
)
def test_what_counts_is_called_as_the_map_calls_it_else_as_the_source_does_and_then_says_so(
    completion: Completion, row: CourseRow, title: str, *, as_read: bool
) -> None:
    """What a source or a partner wrote may name somebody else: the gate looks at it."""
    claimed, credited = counted(replace(completion, day=None), row), counted(completion, row, accepted=True)
    assert isinstance(claimed, Claimed)
    assert isinstance(credited, Credited)
    assert [(claim.title, claim.as_read) for claim in claimed.claims] == [(title, as_read)]
    assert [(credit.title, credit.as_read) for credit in credited.credits] == [(title, as_read)]


@pytest.mark.parametrize(
    ("attributes", "named"),
    [
        (EVIDENCE, ("Lincoln HS", "B. Roe")),
        (EVIDENCE[:1], (REVIEWED, "B. Roe")),
        (EVIDENCE[1:], ("Lincoln HS", REVIEWED)),
        ((("experienced_officer", ""), ("host_school", "")), (REVIEWED, REVIEWED)),
        ((), (REVIEWED, REVIEWED)),
    ],
)
def test_an_accepted_on_the_job_day_keeps_the_school_and_the_officer_that_are_named(
    attributes: tuple[tuple[str, str], ...], named: tuple[str, str]
) -> None:
    found = counted(replace(DONE, attributes=attributes), replace(ROW, on_the_job_days=1), accepted=True)
    assert isinstance(found, Credited)
    told = {credit.requirement: (credit.host_school, credit.experienced_officer) for credit in found.credits}
    of_source = dict(attributes)
    topic = of_source.get("host_school", ""), of_source.get("experienced_officer", "")
    assert told == {"topic-06": topic, "on-the-job": named}


@pytest.mark.parametrize(
    ("day", "row", "expected"),
    [
        (DAY, ROW, ["topic-06"]),
        (None, ROW, []),
        (DAY, replace(ROW, decided_on=None), []),
        (DAY, replace(ROW, counts_from=DAY, counts_until=DAY), ["topic-06"]),
        (DAY, replace(ROW, counts_from=date(2026, 10, 6)), []),
        (DAY, replace(ROW, counts_until=date(2026, 10, 4)), []),
        (DAY, replace(ROW, course="102"), []),
    ],
)
def test_a_class_signed_up_for_is_expected_to_teach_what_the_map_counts_on_its_day(
    day: date | None, row: CourseRow, expected: list[str]
) -> None:
    booked = KnownSignUp("canvas", "r1", "1", SignUp("101", "Bias", day))
    found = expected_of(booked, MapIndex.of(course_map((row,), ())))
    assert [training.requirement for training in found] == expected
