"""Days and times as `strptime` reads them, read quicker where they are written in the usual way. Pure.

What is read here is what `strptime` would read; what is not is left to it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache, lru_cache
from itertools import pairwise, takewhile

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
_DAY_AND_TIME = re.compile(r"((?:[^%]|%[YmdBbA])*%[YmdBbA])([^%]+)(%[HI](?:[^%]|%[MSp])*)")
"""A format of a day, what stands behind it, and a time of day."""
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ])[0-9]{2}:[0-9]{2}(:[0-9]{2})?(?:( ?)(?:Z|[+-][0-9]{2}:?[0-5][0-9]))?"
)
"""A day and a time as ISO 8601 writes them, also with a blank between its parts."""
_ISO_FORMS = {
    f"%Y-%m-%d{between}%H:%M{seconds}{zone}": (between, bool(seconds), gap)
    for between in ("T", " ")
    for seconds in ("", ":%S")
    for zone, gap in (("", None), ("%z", ""), (" %z", " "))
}
"""Format → what tells its texts from those of the others: no text is written by two of them."""
_NUMBERS = ("%Y", "%y", "%m", "%d", "%H", "%I", "%M", "%S")
MOST_DAYS = 50_000
"""Texts of days that are remembered: a hundred years have fewer days."""
MOST_TIMES = 100_000
"""Texts of times of day that are remembered: a day has fewer seconds."""
TwoTimes = tuple[time, time]
"""A time of day, and the same where clocks show it for the second time that day."""


_DIGIT = re.compile(r"\d")


def read_format(words: str, form: str) -> datetime | None:
    """Return what text says by a format of `strptime`, None where it does not, or tells another day of the week."""
    if (words[:1].isalpha() and form.startswith(_NUMBERS)) or not _DIGIT.search(words):
        return None
    iso = _ISO_FORMS.get(form)
    if iso and (match := _ISO.fullmatch(words)):
        return _of_iso(words) if (match[1], match[2] is not None, match[3]) == iso else None
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


def _of_iso(words: str) -> datetime | None:
    try:
        return datetime.fromisoformat(words[:11] + words[11:].replace(" ", ""))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class TimedFormats:
    """Formats that differ in how they write the day alone: each day, and each time of day, is read once."""

    days: tuple[str, ...]
    """How the day is written, in the formats' order."""
    time: str
    """How the time of day is written."""
    split: Callable[[str, str], tuple[str, str, str]]
    between: str
    """What stands between them; `split` parts a text there."""
    _days: dict[str, date | None] = field(default_factory=dict)
    _times: dict[str, TwoTimes | None] = field(default_factory=dict)

    def read(self, words: str) -> tuple[date, TwoTimes] | None:
        """Return what the first of the formats that reads a text makes of it; None to have it read with care."""
        day_words, _, time_words = self.split(words, self.between)
        try:
            day, times = self._days[day_words], self._times[time_words]
        except KeyError:
            day, times = self._day(day_words), self._time(time_words)
        return (day, times) if day and times else None

    def _day(self, words: str) -> date | None:
        if words not in self._days:
            if len(self._days) >= MOST_DAYS:
                self._days.clear()
            read = next((read for form in self.days if (read := read_format(words, form))), None)
            self._days[words] = read.date() if read else None
        return self._days[words]

    def _time(self, words: str) -> TwoTimes | None:
        if words not in self._times:
            if len(self._times) >= MOST_TIMES:
                self._times.clear()
            read = read_format(f"2000-01-01 {words}", f"%Y-%m-%d {self.time}")
            self._times[words] = _two_times(read) if read else None
        return self._times[words]


def _two_times(at: datetime) -> TwoTimes:
    return at.time(), time(at.hour, at.minute, at.second, fold=1)


@lru_cache(maxsize=64)
def timed_formats(forms: tuple[str, ...]) -> TimedFormats | None:
    """Return what reads a text by the first of these formats, and by those behind it that write the time alike.

    None where it cannot be told of every text in which place its time begins. Among formats that write the time alike
    the day alone decides which of them reads a text.
    """
    parts = [_day_and_time(form) for form in forms]
    if not parts or parts[0] is None:
        return None
    _, between, at = parts[0]
    alike = takewhile(lambda part: part is not None and part[1:] == (between, at), parts)
    days = tuple([part[0] for part in alike if part])
    if between not in at:
        return TimedFormats(days, at, str.rpartition, between)
    return None if any(between in day for day in days) else TimedFormats(days, at, str.partition, between)


def _day_and_time(form: str) -> tuple[str, str, str] | None:
    """Return how a format writes the day, what stands between, and how it writes the time; None for others."""
    match = _DAY_AND_TIME.fullmatch(form)
    return (match[1], match[2], match[3]) if match and _quick(form) else None


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
