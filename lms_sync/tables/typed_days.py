"""A day as people type it → the days that it may mean. Pure."""

import re
from datetime import date
from itertools import chain
from typing import Literal

from lms_sync.text import fold

DateOrder = Literal["", "month-first", "day-first"]
"""How a workspace's people write days in digits; empty where nobody has said."""

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
SHORT_YEAR = re.compile(r"(\d{1,2}|[a-z]{3,9})[-/. ](\d{1,2}|[a-z]{3,9})[-/., ]+'?\d{2}")
WEEKDAY = re.compile(r"([a-z]{3,9})\.?,? +(?=.*\d{4})")
MONTH_DAY = re.compile(r"([a-z]{3,9})\.?[- ]+(\d{1,2})(?:st|nd|rd|th)?,?[- ]+(\d{4})")
DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?[- ]+(?:of )?([a-z]{3,9})\.?,?[- ]+(\d{4})")


def days_of(words: str, order: DateOrder = "") -> tuple[date, ...]:
    """Return the days that a text may mean: one, none, or two where day and month can be exchanged.

    Where `order` is stated, digits are read in that order alone. A weekday must be that of the day.
    """
    text = fold(words)
    weekday = _starts(WEEKDAY.match(text), WEEKDAYS)
    days = _days(text if weekday is None else WEEKDAY.sub("", text, count=1), order)
    return tuple(day for day in dict.fromkeys(days) if weekday in (None, day.weekday()))


def true_weekday(words: str) -> str:
    """Return the weekday of a day that is typed with another one, an empty string for any other text."""
    text = fold(words)
    if _starts(WEEKDAY.match(text), WEEKDAYS) is None:
        return ""
    days = tuple(_days(WEEKDAY.sub("", text, count=1), ""))
    return WEEKDAYS[days[0].weekday()].capitalize() if len(days) == 1 and not days_of(words) else ""


def has_short_year(words: str) -> bool:
    """Tell whether a text is a day whose year has two digits: nobody knows which one is the year's."""
    return SHORT_YEAR.fullmatch(fold(words)) is not None


def _days(text: str, order: DateOrder) -> chain[date]:
    if match := YEAR_FIRST.fullmatch(text):
        return chain(_day(match[1], match[3], match[4]))
    if match := MONTH_DAY.fullmatch(text):
        return chain(_named(match[3], match[1], match[2]))
    if match := DAY_MONTH.fullmatch(text):
        return chain(_named(match[3], match[2], match[1]))
    match = YEAR_LAST.fullmatch(text)
    if match is None:
        return chain()
    month_first, day_first = _day(match[4], match[1], match[3]), _day(match[4], match[3], match[1])
    return chain(() if order == "day-first" else month_first, () if order == "month-first" else day_first)


def _named(year: str, month: str, day: str) -> tuple[date, ...]:
    number = _starting(month, MONTHS)
    return () if number is None else _day(year, str(number + 1), day)


def _day(year: str, month: str, day: str) -> tuple[date, ...]:
    try:
        return (date(int(year), int(month), int(day)),)
    except ValueError:
        return ()


def _starts(match: re.Match[str] | None, names: tuple[str, ...]) -> int | None:
    return _starting(match[1], names) if match else None


def _starting(word: str, names: tuple[str, ...]) -> int | None:
    """Return the place of the one name that begins with a word (three letters or more), None for none."""
    return next((place for place, name in enumerate(names) if len(word) > 2 and name.startswith(word)), None)
