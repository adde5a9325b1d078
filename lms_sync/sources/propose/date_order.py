"""How a column writes its days: what the cells themselves prove, and what they leave open."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lms_sync.tables.cells import Value
from lms_sync.text import plain

_DIGITS = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{2,4})")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_FORMATS = (
    *("%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%y", "%A, %d %B %Y", "%A, %B %d, %Y"),
    *("%Y%m%d", "%b %d %Y", "%B %d %Y"),
)
_TIMED = (
    *(
        "%Y-%m-%d %H:%M:%S %z",
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%dT%H:%M:%S%z",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
    ),
    *("%A, %d %B %Y, %I:%M %p", "%d %B %Y, %I:%M %p", "%d %b %Y, %H:%M", "%b %d, %Y %I:%M %p", "%B %d, %Y, %I:%M %p"),
)
_TIMED_MDY = ("%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%y, %H:%M")
_TIMED_DMY = ("%d/%m/%Y %I:%M %p", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d/%m/%y, %H:%M")
Cell = tuple[str, Value]
"""(A1 address, value)."""


@dataclass(frozen=True, slots=True)
class DateFinding:
    """What is known of a column of days."""

    formats: tuple[str, ...] = ()
    order: str = ""
    """`mdy`, `dmy`, `ymd` or empty."""
    instant: bool = False
    serials: bool = False
    why: str = ""
    """Which cell proves the order; or how the days are written."""
    open_cell: str = ""
    """A cell that may be read both ways, where nothing in the column decides; empty when the order is settled."""
    unread: tuple[Cell, ...] = ()
    """Cells that fit nothing."""


def looks_like_days(values: Iterable[Value]) -> bool:
    """Tell whether most of the filled cells are days, or texts that can be days."""
    filled = [value for value in values if value not in (None, "")]
    return bool(filled) and sum(map(_is_day, filled)) >= 0.6 * len(filled)


def _is_day(value: Value) -> bool:
    if isinstance(value, date | datetime):
        return True
    return isinstance(value, str) and (bool(_DIGITS.fullmatch(plain(value))) or any(_parsed(value, _every_format())))


def _every_format() -> tuple[str, ...]:
    return (*_FORMATS, *_TIMED, *_TIMED_MDY, *_TIMED_DMY)


def holds_days(value: Value) -> bool:
    """Tell whether a cell of a matrix tells a day: alone, behind a word (`x 09/03/2025`), or as a bare number."""
    words = plain(str(value))
    return _is_day(value) or bool(_SERIAL.fullmatch(words.removesuffix(".0"))) or bool(_DIGITS.search(words))


def study(cells: Sequence[Cell], *, beside: Sequence[Cell] = (), order: str = "") -> DateFinding:
    """Return how the days of a column are written; `order` (`mdy` or `dmy`) is what a person said, if anybody did.

    `beside` are the sheet's other days: they may prove the order that this column leaves open.
    """
    formats: dict[str, None] = {}
    unread: list[Cell] = []
    digits: list[tuple[str, re.Match[str]]] = []
    timed: list[Cell] = []
    serials = instant = False
    for where, value in cells:
        if value in (None, "") or (isinstance(value, date) and not isinstance(value, datetime)):
            continue
        if isinstance(value, datetime):
            instant = instant or bool(value.hour or value.minute)
            continue
        words = plain(str(value))
        if isinstance(value, int | float) or _SERIAL.fullmatch(words):
            serials = True
        elif match := _DIGITS.fullmatch(words.split(" ")[-1]):
            digits.append((where, match))
        elif form := next(_parsed(words, (*_FORMATS, *_TIMED)), ""):
            formats[form] = None
        elif any(_parsed(words, (*_TIMED_MDY, *_TIMED_DMY))):
            timed.append((where, words))
        else:
            unread.append((where, value))
    settled, why, open_cell = _order(digits, (*cells, *beside) if digits or timed else (), order)
    for _, value in timed:
        choice = _TIMED_DMY if settled == "dmy" else _TIMED_MDY
        formats |= dict.fromkeys(list(_parsed(str(value), choice))[:1])
    if settled in ("mdy", "dmy") and any(len(match[4]) == 2 for _, match in digits):
        formats["%m/%d/%y" if settled == "mdy" else "%d/%m/%y"] = None
    instant = instant or any("%H" in form or "%I" in form for form in formats)
    return DateFinding(tuple(formats), settled, instant, serials, why, open_cell, tuple(unread))


def _pairs(cells: Iterable[Cell]) -> Iterator[tuple[str, int, int]]:
    """Yield (place, first, second number) of each text that is a day on some calendar, whichever comes first."""
    for where, value in cells:
        words = plain(value) if isinstance(value, str) else ""
        match = _DIGITS.search(words)
        if match is None or len(match[1]) > 2:
            continue
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        year = year if year > 99 else 2000 + year
        if _on_calendar(year, first, second) or _on_calendar(year, second, first):
            yield where, first, second


def _on_calendar(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def _order(digits: list[tuple[str, re.Match[str]]], cells: Iterable[Cell], said: str) -> tuple[str, str, str]:
    """Return (order, why, a cell that leaves it open)."""
    if digits and all(len(match[1]) == 4 for _, match in digits):
        return "ymd", "the year stands first", ""
    pairs = list(_pairs(cells))
    days_first = [where for where, first, _ in pairs if first > 12]
    months_first = [where for where, _, second in pairs if second > 12]
    if days_first and not months_first:
        return "dmy", f"{days_first[0]} has a day over 12 in first place", ""
    if months_first and not days_first:
        return "mdy", f"{months_first[0]} has a day over 12 in second place", ""
    if not pairs:
        return "", "", ""
    if said:
        return said, "you said so", ""
    why = "some cells have the day first and some the month" if days_first else "every day fits both ways"
    return "", why, pairs[0][0]


def _parsed(words: str, formats: Iterable[str]) -> Iterator[str]:
    for form in formats:
        try:
            datetime.strptime(words, form)
        except ValueError:
            continue
        yield form
