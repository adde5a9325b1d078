"""Days and times as `strptime` reads them, read quicker where they are written in the usual way. Pure.

What is read here is what `strptime` would read; what is not is left to it.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from itertools import pairwise

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_BY_NAME = {name: number for number, name in enumerate(MONTHS, start=1)}
_BY_BEGINNING = {name[:3]: number for number, name in enumerate(MONTHS, start=1)}
_FIELDS = {
    "%Y": r"(?P<Y>[0-9]{4})",
    "%m": r"(?P<m>[0-9]{1,2})",
    "%d": r"(?P<d>[0-9]{1,2})",
    "%H": r"(?P<H>[0-9]{1,2})",
    "%I": r"(?P<I>[0-9]{1,2})",
    "%M": r"(?P<M>[0-9]{1,2})",
    "%S": r"(?P<S>[0-9]{1,2})",
    "%p": r"(?P<p>AM|PM|am|pm)",
    "%A": r"(?P<A>[A-Za-z]+)",
    "%B": r"(?P<B>[A-Za-z]+)",
    "%b": r"(?P<b>[A-Za-z]+)",
}
_PARTS = re.compile(r"(%.)|([^%]+)")


def read_format(words: str, form: str) -> datetime | None:
    """Return what text says by a format of `strptime`, None where it does not, or tells another day of the week."""
    quick = _quick(form)
    read = quick(words) if quick else None
    if read is not None:
        return read
    try:
        read = datetime.strptime(words, form)
    except ValueError:
        return None
    # strptime reads a weekday's name and believes anything.
    if "%A" in form and read.strftime("%A").casefold() not in words.casefold():
        return None
    return read


@cache
def _quick(form: str) -> Callable[[str], datetime | None] | None:
    """Return what reads a format whose parts something else than a digit or letter holds apart; None for others."""
    parts = _PARTS.findall(form)
    fields = [field for field, _ in parts if field]
    apart = all(field or not re.search(r"\w", between) for field, between in parts)
    beside = any(first[0] and second[0] for first, second in pairwise(parts))
    known = all(field in _FIELDS for field in fields) and len(set(fields)) == len(fields)
    day = {"%Y", "%d"} <= set(fields) and len({"%m", "%B", "%b"} & set(fields)) == 1
    hour = len({"%H", "%I"} & set(fields)) < 2 and ("%I" in fields) == ("%p" in fields)
    if not (apart and known and day and hour) or beside:
        return None
    pattern = re.compile("".join(_FIELDS[field] if field else re.escape(between) for field, between in parts))
    return lambda words: _told_by(pattern.fullmatch(words))


def _told_by(match: re.Match[str] | None) -> datetime | None:
    if match is None:
        return None
    found = match.groupdict()
    hour = int(found.get("H") or found.get("I") or 0)
    if "I" in found:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["p"].lower() == "pm" else 0)
    month = int(found["m"]) if "m" in found else _month(found)
    try:
        minute, second = int(found.get("M") or 0), int(found.get("S") or 0)
        read = datetime(int(found["Y"]), month, int(found["d"]), hour, minute, second)
    except ValueError:
        return None
    return read if "A" not in found or found["A"] == DAYS[read.weekday()] else None


def _month(found: dict[str, str]) -> int:
    """Return a month by its English name or the beginning of it; 0, which is none, for what is neither."""
    return _BY_NAME.get(found["B"], 0) if "B" in found else _BY_BEGINNING.get(found["b"], 0)
