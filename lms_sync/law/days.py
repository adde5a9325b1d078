"""Deadlines and the days that can be a last day: calendar anniversaries, weekends and the state's legal holidays."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

DAY = timedelta(days=1)
SATURDAY = 5

# Juneteenth is the state's since 25 July 2021 (chapter 295, Laws of 2021); the library has that June's federal one.
_NOT_YET = date(2021, 6, 18)


def due(start: date, months: int) -> date:
    """Return the same day of the month `months` later; the month's last day where it has no such day.

    Source: our reading of “within the first six months” and “the first year” in RCW 28A.400.345(2).
    """
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


@cache
def _holidays() -> HolidayBase:
    """Return the state's holidays, with the days on which a weekend's holiday is observed.

    It fills itself year by year as days are asked for.
    """
    # Imported here: the library reads its translations when it is imported.
    from holidays import country_holidays

    return country_holidays("US", subdiv="WA", observed=True)


@cache
def lawful(day: date) -> bool:
    """Tell whether a period can end on `day`: it is no Saturday, Sunday or legal holiday of the state.

    Exact from 2014 on. Source: RCW 1.12.040; RCW 1.16.050, by which a holiday on a Sunday is observed on the Monday
    after it and one on a Saturday on the Friday before it (both from memory).
    """
    return day.weekday() < SATURDAY and (day not in _holidays() or day == _NOT_YET)


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
