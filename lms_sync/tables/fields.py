"""One cell that a person filled in → its value, or what is wrong with it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal, assert_never

from lms_sync.tables.cells import CellCause, ErrorValue, Value, text
from lms_sync.tables.typed_days import DateOrder, days_of, has_short_year, true_weekday
from lms_sync.text import did_you_mean, fold, plain

Kind = Literal["text", "id", "date", "choice", "whole", "number", "list", "mark"]
Answer = str | date | int | Decimal | tuple[str, ...] | bool | None
"""What a sound cell says: `whole` gives int, `number` Decimal, `list` a tuple, `mark` bool; a blank one None."""

FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)
"""Days outside this range, both included, are typing errors."""
A_DATE, ISO_REMEDY = "a date, such as 2025-09-02", "Write the date as year-month-day."
DIGITS_OF_A_DAY = r"\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4}"
NOT_AHEAD = timedelta(0)
"""`ahead` of a column that tells when something was decided, adopted or done."""
CROSSED_OUT_REMEDY = "If it does not count, clear the cell or delete the row; otherwise take the line through it off."
EXACT_DIGITS = 15
"""A spreadsheet keeps no more digits of a number than these."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet that people fill in: what it holds, and how the program asks for it."""

    heading: str
    kind: Kind = "text"
    note: str = ""
    """Shown beside the cell while somebody fills it in; at most 255 characters."""
    aliases: tuple[str, ...] = ()
    """Other headings that people write for it."""
    choices: tuple[str, ...] = ()
    """For `choice`: the words, in the drop-down's order."""
    most: int | None = None
    """For `whole`: the largest lawful number; the smallest is 0."""
    units: tuple[str, ...] = ()
    """For `number`: what may stand before or behind it, in small letters (`%`, `hrs`)."""
    required: bool = False
    """True when no row may leave it blank."""
    optional: bool = False
    """True when the sheet may lack the column altogether."""
    width: int = 16
    """In characters."""
    ahead: timedelta | None = None
    """How far in the future a day may lie before it is asked about; None: it is not. See NOT_AHEAD."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a cell cannot be taken: what was found, what was expected, what to do."""

    found: str
    expected: str
    remedy: str


def answer(column: Column, value: Value, words: str, *, dates: DateOrder = "") -> Answer | Wrong:
    """Return what a cell of the column says, None for a blank one, or what is wrong with it.

    `words` is the value as plain text; `dates` is the order in which people here write days in digits.
    """
    if isinstance(value, ErrorValue):
        return _no_value(value)
    if not words:
        return _missing(column) if column.required else None
    match column.kind:
        case "text":
            return words
        case "id":
            return _id(value, words)
        case "date":
            return _day(value, words, dates)
        case "choice":
            return _choice(column, words)
        case "whole":
            return _whole(column, words)
        case "number":
            return _number(column, words)
        case "list":
            return tuple(part for part in map(plain, re.split(r"[;\n]", text(value))) if part)
        case "mark":
            return _mark(column, words)
        case _:
            assert_never(column.kind)


def _no_value(value: ErrorValue) -> Wrong:
    match value.cause:
        case CellCause.UNFIT:
            found = f'text with characters that are not allowed: "{value}"'
            return Wrong(found, "text that can be printed", "Clear the cell, and type the text again.")
        case CellCause.PICTURE:
            return Wrong("a picture, or a rich data type", "a value", "Type its meaning in its place.")
        case CellCause.CROSSED_OUT:
            return Wrong("a value that is crossed out", "a value that counts, or a blank cell", CROSSED_OUT_REMEDY)
        case _:
            return Wrong(f"the error {value}", "a value", "Type the value itself in place of the formula.")


def is_number(value: Value) -> bool:
    """Tell whether the spreadsheet holds the value as a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _missing(column: Column) -> Wrong:
    return Wrong(f"{column.heading} is blank", "a value", "Fill it in, or delete the whole row.")


def _id(value: Value, words: str) -> str | Wrong:
    remedy = "Format the cell as text and type the code as its owner writes it."
    if isinstance(value, date | time | bool):
        return Wrong(f"{words}, which the spreadsheet made of what was typed", "a code as text", remedy)
    digits = words.lstrip("-0").replace(".", "")
    if isinstance(value, float) and (not value.is_integer() or len(digits) > EXACT_DIGITS):
        return Wrong(f"the number {words}, whose digits may not be all there", "a code as text", remedy)
    if isinstance(value, str) and re.fullmatch(r"\d+\.0+|\d+([.,]\d+)?[eE][+-]?\d+", words):
        return Wrong(f'"{words}", a number that a spreadsheet rewrote', "a code as its owner writes it", remedy)
    return words


def _day(value: Value, words: str, dates: DateOrder) -> date | Wrong:
    if isinstance(value, datetime):
        if value.time() != time():
            return Wrong(f'"{words}", a day with a time', A_DATE, "Write the day alone.")
        value = value.date()
    elif isinstance(value, str):
        days = days_of(words, dates)
        if len(days) != 1:
            return _not_one_day(words, days, dates)
        value = days[0]
    if not isinstance(value, date):
        return Wrong(f'"{words}"', A_DATE, ISO_REMEDY)
    if not FIRST_DAY <= value <= LAST_DAY:
        return Wrong(f'"{words}"', f"a date from {FIRST_DAY.year} to {LAST_DAY.year}", "Check the year.")
    return value


def _not_one_day(words: str, days: tuple[date, ...], dates: DateOrder) -> Wrong:
    """Say why a text is no day, or which two it may be."""
    if days:
        first, second = (f"{day:%B} {day.day}, {day.year}" for day in days)
        found = f'"{words}", which is {first} or {second}'
        either = " or ".join(day.isoformat() for day in days)
        remedy = f"Write {either}; or state `dates` under [district] in lms_sync.toml, and it holds for all."
        return Wrong(found, "a date that can be read in one way only", remedy)
    if days_of(words):
        found = f'"{words}", while this workspace writes days {dates} ([district] dates)'
        return Wrong(found, A_DATE, f"{ISO_REMEDY} Check other dates typed by the same person.")
    if has_short_year(words):
        return Wrong(f'"{words}", a year in two digits', A_DATE, "Write the year in four digits.")
    if weekday := true_weekday(words):
        return Wrong(f'"{words}", which is a {weekday}', "a date whose weekday is its own", ISO_REMEDY)
    calendar = ", which no calendar has" if re.fullmatch(DIGITS_OF_A_DAY, words) else ""
    return Wrong(f'"{words}"{calendar}', A_DATE, ISO_REMEDY)


def _choice(column: Column, words: str) -> str | Wrong:
    for choice in column.choices:
        if fold(choice) == fold(words):
            return choice
    hint = did_you_mean(words, column.choices)
    return Wrong(f'"{words}"', "one of: " + ", ".join(column.choices), f"{hint}Choose from the list.")


def _whole(column: Column, words: str) -> int | Wrong:
    expected = "a whole number" if column.most is None else f"a whole number from 0 to {column.most}"
    if not re.fullmatch(r"[0-9]{1,9}", words) or (column.most is not None and int(words) > column.most):
        return Wrong(f'"{words}"', expected, column.note or "Write the number in digits.")
    return int(words)


def _number(column: Column, words: str) -> Decimal | Wrong:
    bare = fold(words)
    unit = next(
        (u for u in sorted(column.units, key=len, reverse=True) if bare.startswith(u) or bare.endswith(u)), ""
    )
    number = bare.removeprefix(unit).removesuffix(unit).strip()
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", number):
        return Wrong(f'"{words}"', "a number such as 12 or 12.50", "Write digits, with a point before decimals.")
    return Decimal(number)


def _mark(column: Column, words: str) -> bool | Wrong:
    if words.casefold() == "x":
        return True
    return Wrong(f'"{words}"', "an x or blank", "Mark the topic with x, or clear the cell.")
