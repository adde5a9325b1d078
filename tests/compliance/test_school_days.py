"""Proposed days are days on which schools are open; what is due never depends on them."""

from datetime import date

import pytest

from lms_sync.compliance.gap_report import ReportedStanding
from lms_sync.compliance.plan.school_days import SchoolDays
from lms_sync.compliance.plan.spread import Availability, propose_days
from lms_sync.model.closed_days import ClosedDays
from tests.compliance.planned_people import counted, weekdays

THANKSGIVING = ClosedDays(date(2026, 11, 26), date(2026, 11, 27))
WINTER = ClosedDays(date(2026, 12, 21), date(2027, 1, 1))
SUMMER = ClosedDays(date(2027, 6, 18), date(2027, 8, 31))
SCHOOL = SchoolDays((THANKSGIVING, WINTER, SUMMER), weekdays)
MONDAY = date(2026, 11, 23)


def proposed(
    standing: ReportedStanding, *, first: date, school: SchoolDays = SCHOOL
) -> list[tuple[date, bool, bool]]:
    """Return (day, late, whether the calendar reaches it) of what is proposed."""
    days = propose_days([standing], Availability(first, frozenset(), school))
    return [(day.on, day.late, day.calendar_known) for day in days]


def missing(number: int, due: date | None) -> ReportedStanding:
    return counted("check-in", number, due=due, last=due)


@pytest.mark.parametrize(
    ("first", "number", "due", "days"),
    [
        # Spread over the open days that are left; the break's own days never.
        (date(2026, 12, 17), 3, date(2027, 1, 4), [date(2026, 12, 17), date(2026, 12, 18), date(2027, 1, 4)]),
        # Both ends of a range are closed.
        (WINTER.first, 1, date(2027, 1, 8), [date(2027, 1, 6)]),
        (WINTER.last, 1, date(2027, 1, 4), [date(2027, 1, 4)]),
        # None is left before the due date: the next open ones.
        (WINTER.first, 2, date(2026, 12, 31), [date(2027, 1, 4), date(2027, 1, 5)]),
        # Too few are left: those, then the next ones, a long break passed over.
        (date(2027, 6, 17), 2, date(2027, 7, 1), [date(2027, 6, 17), date(2027, 9, 1)]),
        # No due date is known: one a week, from the first open day on.
        (date(2026, 12, 21), 2, None, [date(2027, 1, 6), date(2027, 1, 13)]),
    ],
)
def test_proposed_days_are_open_days(first: date, number: int, due: date | None, days: list[date]) -> None:
    found = proposed(missing(number, due), first=first)

    assert [day for day, _, _ in found] == days
    assert [late for _, late, _ in found] == [due is not None and day > due for day in days]


def test_what_lies_beyond_the_stated_calendar_is_said() -> None:
    found = proposed(missing(2, date(2027, 7, 1)), first=date(2027, 6, 17))
    assert [known for _, _, known in found] == [True, False]
    assert [known for _, _, known in proposed(missing(1, None), first=MONDAY, school=SchoolDays((), weekdays))] == [
        False
    ]


def test_legal_holidays_and_weekends_are_no_school_days_either() -> None:
    assert SchoolDays().between(date(2026, 11, 25), date(2026, 11, 30)) == (date(2026, 11, 25), date(2026, 11, 30))
