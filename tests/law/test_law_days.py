"""Deadlines and lawful days, against RCW 1.16.050 as written out here."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.holidays import page
from lms_sync.law.days import WRITTEN_OUT, due, last_lawful_day, lawful, working_days

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
DAY = timedelta(days=1)
JUNETEENTH_FROM = date(2021, 7, 25)


def nth(year: int, month: int, *, weekday: int, place: int) -> date:
    """Return the month's `place`th Monday (0) … Sunday (6)."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (place - 1))


def state_holidays(year: int) -> set[date]:
    """RCW 1.16.050(1)(b)–(l), and the days on which those that fall on a weekend are observed."""
    last_of_may = date(year, 5, 31)
    thanksgiving = nth(year, 11, weekday=3, place=4)
    # The next New Year's Day too: on a Saturday it is observed in this year.
    named = {
        date(year, 1, 1),
        nth(year, 1, weekday=0, place=3),
        nth(year, 2, weekday=0, place=3),
        last_of_may - last_of_may.weekday() * DAY,
        date(year, 6, 19),
        date(year, 7, 4),
        nth(year, 9, weekday=0, place=1),
        date(year, 11, 11),
        thanksgiving,
        thanksgiving + DAY,
        date(year, 12, 25),
        date(year + 1, 1, 1),
    }
    if date(year, 6, 19) < JUNETEENTH_FROM:
        named.remove(date(year, 6, 19))
    observed = {5: -DAY, 6: DAY}
    return {day + observed.get(day.weekday(), timedelta(0)) for day in named}


@pytest.mark.parametrize("year", range(2020, 2046))
def test_lawful_days_are_those_of_the_statute(year: int) -> None:
    days = [date(year, 1, 1) + n * DAY for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    holidays = state_holidays(year)
    expected = [day for day in days if day.weekday() < 5 and day not in holidays]
    assert [day for day in days if lawful(day)] == expected


def test_the_holidays_that_are_written_out_are_those_of_the_library() -> None:
    assert WRITTEN_OUT.read_text(encoding="utf-8") == page(), "python -m docs.holidays"
    assert lawful(date(2061, 7, 5))  # of a year that is not written out
    assert not lawful(date(2061, 7, 4))


def test_the_federal_juneteenth_of_2021_was_no_holiday_of_the_state() -> None:
    assert lawful(date(2021, 6, 18))
    assert not lawful(date(2022, 6, 20))


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 6, 30), 6, date(2025, 12, 30)),
        (date(2025, 7, 1), 6, date(2026, 1, 1)),
        (date(2025, 12, 31), 12, date(2026, 12, 31)),
    ],
)
def test_due_is_the_calendar_anniversary(start: date, months: int, expected: date) -> None:
    assert due(start, months) == expected


@given(DAYS, st.integers(0, 36))
def test_due_keeps_the_day_of_the_month_or_ends_the_month(start: date, months: int) -> None:
    end = due(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or end.day == monthrange(end.year, end.month)[1] < start.day


@given(DAYS, DAYS, st.integers(1, 24))
def test_who_starts_later_is_due_no_earlier(one: date, other: date, months: int) -> None:
    assert due(min(one, other), months) <= due(max(one, other), months)


@given(DAYS)
def test_the_last_lawful_day_is_the_first_lawful_one_from_the_deadline(deadline: date) -> None:
    last = last_lawful_day(deadline)
    assert lawful(last)
    assert deadline <= last <= deadline + 4 * DAY
    assert not any(lawful(deadline + n * DAY) for n in range((last - deadline).days))


@given(DAYS, st.integers(-3, 60))
def test_working_days_are_the_lawful_ones_between_both_ends(start: date, length: int) -> None:
    end = start + length * DAY
    assert list(working_days(start, end)) == [d for n in range(length + 1) if lawful(d := start + n * DAY)]


def test_working_days_hold_both_ends() -> None:
    thanksgiving_week = list(working_days(date(2025, 11, 26), date(2025, 12, 1)))
    assert thanksgiving_week == [date(2025, 11, 26), date(2025, 12, 1)]
