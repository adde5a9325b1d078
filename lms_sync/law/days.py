"""Deadlines and the days that can be a last day: calendar anniversaries, weekends and the state's legal holidays."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path

DAY = timedelta(days=1)
SATURDAY = 5
WRITTEN_OUT = Path(__file__).with_name("holidays.txt")
"""The holidays on weekdays of many years, as the library tells them."""

# Juneteenth is the state's since 25 July 2021 (chapter 295, Laws of 2021); the library has that June's federal one.
_NOT_YET = date(2021, 6, 18)


def due(start: date, months: int) -> date:
    """Return the same day of the month `months` later; the month's last day where it has no such day.

    Source: our reading of “within the first six months” and “the first year” in RCW 28A.400.345(2).
    """
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def state_holidays(year: int) -> frozenset[date]:
    """Return the state's holidays of a year, with the days on which a weekend's holiday is observed."""
    # Imported here: the library takes an eighth of a second to begin, and hardly any year is asked for that is not
    # written out.
    from holidays import country_holidays

    return frozenset(country_holidays("US", subdiv="WA", observed=True, years=year))


@cache
def _holidays_on_weekdays(year: int) -> frozenset[date]:
    for line in WRITTEN_OUT.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{year}:"):
            return frozenset(date.fromisoformat(f"{year}-{day}") for day in line.split()[1:])
    return state_holidays(year)


@cache
def lawful(day: date) -> bool:
    """Tell whether a period can end on `day`: it is no Saturday, Sunday or legal holiday of the state.

    Exact from 2014 on. Source: RCW 1.12.040; RCW 1.16.050, by which a holiday on a Sunday is observed on the Monday
    after it and one on a Saturday on the Friday before it (both from memory).
    """
    return day.weekday() < SATURDAY and (day not in _holidays_on_weekdays(day.year) or day == _NOT_YET)


@lru_cache(maxsize=8_192)  # people begin on the same days
def last_lawful_day(deadline: date) -> date:
    """Return `deadline`, or the next day on which a period can end."""
    day = deadline
    while not lawful(day):
        day += DAY
    return day


def working_days(start: date, end: date) -> Iterator[date]:
    """Yield in order the days from `start` to `end`, both included, that are no Saturday, Sunday or legal holiday."""
    for number in range((end - start).days + 1):
        day = start + number * DAY
        if lawful(day):
            yield day
