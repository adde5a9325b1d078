"""How a column writes its days: what the cells themselves prove, and what they leave open."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lms_sync.tables.cells import Value, text
from lms_sync.text import plain

_DIGITS = re.compile(r"(\d{4}|\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d(:\d\d)?([.,]\d{1,6})?(?:( ?)(Z|[+-]\d\d:?\d\d))?")
_COMPACT = re.compile(r"20\d{6}")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_FORMATS = (
    *("%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%y", "%A, %d %B %Y", "%A, %B %d, %Y"),
    *("%Y%m%d", "%b %d %Y", "%B %d %Y"),
)
_CLOCKS = ("%I:%M %p", "%H:%M", "%H:%M:%S", "%I:%M:%S %p", "%I:%M%p")


def _timed(*days: str) -> tuple[str, ...]:
    """Return the formats of days with a time of day behind them, with a blank or a comma between."""
    return tuple(f"{day}{between}{clock}" for day in days for between in (" ", ", ") for clock in _CLOCKS)


_TIMED = _timed(
    *("%A, %d %B %Y", "%A, %B %d, %Y", "%d %B %Y", "%d %b %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%b-%d-%Y"),
    *("%Y-%m-%d", "%Y/%m/%d"),
)
_TIMED_MDY = _timed("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y")
_TIMED_DMY = _timed("%d/%m/%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%Y")
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
    """Some cells are bare numbers among days: days as a spreadsheet counts them."""
    why: str = ""
    """Which cell proves the order; or how the days are written."""
    separator: str = ""
    """What stands between the days of several sessions in one cell."""
    open_cell: str = ""
    """A cell that may be read both ways, where nothing in the column decides; empty when the order is settled."""
    unread: tuple[Cell, ...] = ()
    """Cells that fit nothing."""


def is_day(value: Value) -> bool:
    """Tell whether a cell is a day, or a text that can be one. A bare number is none: it may be anybody's id."""
    if isinstance(value, date | datetime):
        return True
    if not isinstance(value, str) or not any(c.isdigit() for c in value):
        return False
    words = plain(value)
    match = _DIGITS.fullmatch(words)
    if match:
        return bool(list(_pairs([("", words)]))) or len(match[1]) == 4
    if words.isdecimal() and not _COMPACT.fullmatch(words):
        return False
    return bool(_iso_format(words)) or any(_parsed(words, _every_format() if ":" in words else _FORMATS))


def _iso_format(words: str) -> str:
    """Return the format of an ISO day with a time, in whatever of its forms; empty for anything else."""
    match = _ISO.fullmatch(words)
    if match is None:
        return ""
    seconds = (":%S" if match[2] else "") + (match[3][0] + "%f" if match[3] else "")
    form = f"%Y-%m-%d{match[1]}%H:%M{seconds}" + (f"{match[4]}%z" if match[5] else "")
    return next(_parsed(words, (form,)), "")


def _every_format() -> tuple[str, ...]:
    return (*_FORMATS, *_TIMED, *_TIMED_MDY, *_TIMED_DMY)


def holds_day(value: Value) -> bool:
    """Tell whether a cell of a matrix tells a day: alone, or behind a word (`x 09/03/2025`)."""
    if is_day(value):
        return True
    *_, last = plain(value).split(" ") if isinstance(value, str) else [""]
    return bool(_DIGITS.fullmatch(last))


def tells_time(value: Value) -> bool:
    """Tell whether a cell is a day with a time of day."""
    if isinstance(value, datetime):
        return bool(value.hour or value.minute)
    return isinstance(value, str) and ":" in value and is_day(value)


def may_be_day(value: Value) -> bool:
    """Tell whether a cell of a matrix holds a day, or a bare number that is one if those beside it are."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return holds_day(value) or number or bool(_SERIAL.fullmatch(plain(text(value))))


_Written = Literal["day", "instant", "number", "digits", "format", "timed", "unread"]


def _written(value: Value) -> tuple[_Written, str]:
    """Return how a filled cell is written, and its format or its digits where these tell more."""
    if isinstance(value, datetime):
        return ("instant" if value.hour or value.minute else "day"), ""
    if isinstance(value, date):
        return "day", ""
    words = plain(text(value))
    if isinstance(value, int | float) or _SERIAL.fullmatch(words):
        return "number", words
    if _DIGITS.fullmatch(words.split(" ")[-1]):
        return "digits", words.split(" ")[-1]
    if form := _iso_format(words) or next(_parsed(words, (*_FORMATS, *_TIMED)), ""):
        return "format", form
    return ("timed" if any(_parsed(words, (*_TIMED_MDY, *_TIMED_DMY))) else "unread"), words


def study(cells: Sequence[Cell], *, beside: Sequence[Cell] = (), order: str = "") -> DateFinding:
    """Return how the days of a column are written; `order` (`mdy` or `dmy`) is what a person said, if anybody did.

    `beside` are the sheet's other days: they may prove the order that this column leaves open.
    """
    sessions = [(where, part) for where, value in cells for part in _sessions(value)]
    written = [(cell, *_written(cell[1])) for cell in sessions if cell[1] not in (None, "")]

    def of_kind(kind: _Written) -> list[tuple[Cell, str]]:
        return [(cell, more) for cell, written_as, more in written if written_as == kind]

    digits = [(cell[0], match) for cell, words in of_kind("digits") if (match := _DIGITS.fullmatch(words))]
    timed = [words for _, words in of_kind("timed")]
    settled, why, open_cell = _order(digits, (*sessions, *beside) if digits or timed else (), order)
    short = settled in ("mdy", "dmy") and any(len(match[4]) == 2 for _, match in digits)
    formats = dict.fromkeys(
        [
            *(form for _, form in of_kind("format")),
            *(next(_parsed(words, _TIMED_DMY if settled == "dmy" else _TIMED_MDY), "") for words in timed),
            *(["%m/%d/%y" if settled == "mdy" else "%d/%m/%y"] if short else []),
        ]
    )
    numbers = [cell for cell, _ in of_kind("number")]
    serials = bool(numbers) and len(numbers) * 2 < len(written)
    return DateFinding(
        formats=tuple(filter(None, formats)),
        order=settled,
        instant=bool(of_kind("instant")) or any("%H" in form or "%I" in form for form in formats),
        serials=serials,
        why=why,
        separator=";" if len(sessions) > len(cells) else "",
        open_cell=open_cell,
        unread=(*(cell for cell, _ in of_kind("unread")), *(() if serials else numbers)),
    )


def _sessions(value: Value) -> list[Value]:
    """Return the days of a cell that names those of several sessions; any other cell as it is."""
    if isinstance(value, str) and ";" in value:
        return [part for part in map(plain, value.split(";")) if part]
    return [value]


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


def _order(digits: list[tuple[str, re.Match[str]]], cells: Iterable[Cell], stated: str) -> tuple[str, str, str]:
    """Return (order, why, a cell that leaves it open)."""
    if digits and all(len(match[1]) == 4 for _, match in digits):
        return "ymd", "the year comes first", ""
    pairs = list(_pairs(cells))
    days_first = [where for where, first, _ in pairs if first > 12]
    months_first = [where for where, _, second in pairs if second > 12]
    if days_first and not months_first:
        return "dmy", f"{days_first[0]} has a day over 12 in first place", ""
    if months_first and not days_first:
        return "mdy", f"{months_first[0]} has a day over 12 in second place", ""
    if not pairs:
        return "", "", ""
    if stated:
        return stated, "you said so", ""
    why = "some cells have the day first and some the month" if days_first else "every day fits both ways"
    return "", why, pairs[0][0]


def _parsed(words: str, formats: Iterable[str]) -> Iterator[str]:
    for form in formats:
        try:
            datetime.strptime(words, form)
        except ValueError:
            continue
        yield form
