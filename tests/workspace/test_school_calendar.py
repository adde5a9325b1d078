"""[year] closed: how it is written, and what the roster may not hold against it."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from lms_sync.model.closed_days import ClosedDays
from lms_sync.model.roster import Person, Roster, StaffClass
from lms_sync.workspace.roster.school_calendar import calendar_missing, closed_first_days
from lms_sync.workspace.settings.yearly import YearSettings

WINTER = ClosedDays(date(2026, 12, 21), date(2027, 1, 1))
ADA = Person("p-1", "Park", "Ada", "", (), StaffClass.SRO, "HR", date(2026, 8, 1), None)


def test_ranges_and_single_days_are_read_in_order() -> None:
    settings = YearSettings.model_validate(
        {"closed": ["2026-12-21..2027-01-01", "2026-11-27", "2026-11-11 .. 2026-11-11"]}
    )
    assert settings.closed_days == (
        ClosedDays(date(2026, 11, 11), date(2026, 11, 11)),
        ClosedDays(date(2026, 11, 27), date(2026, 11, 27)),
        WINTER,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12/21/2026..1/1/2027", "expected a day or two days"),
        ("2026-12-21..", "expected a day or two days"),
        ("2026-12-21-2027-01-01", "expected a day or two days"),
        ("2026-02-30", "expected a day or two days"),
        ("2027-01-01..2026-12-21", "ends before it begins"),
        ("2026-12-21..2072-01-01", "longer than 150 days"),
        ("2206-12-21", "not of these years"),
    ],
)
def test_anything_else_says_what_is_expected(text: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words) as refused:
        YearSettings.model_validate({"closed": [text]})
    assert f'"{text}"' in str(refused.value)


def test_no_calendar_is_said() -> None:
    assert [finding.code for finding in calendar_missing(())] == ["school-calendar-missing"]
    assert calendar_missing((WINTER,)) == ()


@pytest.mark.parametrize(
    ("first_day", "found"),
    [(None, 0), (WINTER.first, 1), (WINTER.last, 1), (date(2026, 12, 20), 0), (date(2027, 1, 2), 0)],
)
def test_a_first_day_on_a_closed_day_is_a_finding(first_day: date | None, found: int) -> None:
    roster = Roster({}, {}, {"p-1": replace(ADA, first_day=first_day)}, ())
    findings = closed_first_days(roster, (WINTER,))
    assert len(findings) == found
    assert all(finding.people == ("p-1",) and "Park" not in finding.where for finding in findings)
