"""A cell that tells when → the district's calendar day, and the instant where a time of day is told."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lms_sync.sources.spreadsheet.day_formats import read_format, timed_formats
from lms_sync.sources.spreadsheet.layout import DateRules, has_time
from lms_sync.sources.spreadsheet.misread import Misread, ZoneMissing, quoted, refuse_error
from lms_sync.tables.cells import Value
from lms_sync.text import plain

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years in which a completion can lie, both included."""
SERIAL_START = date(1899, 12, 30)
"""Day 0 of spreadsheet dates since 1 March 1900 (the 1900 system, which counts a 29 February 1900)."""
SERIAL_START_1904 = date(1904, 1, 1)
SERIAL = re.compile(r"\d{5}(\.\d+)?")
"""A spreadsheet's number of a day since 1927, as a csv file has it."""
DIGITS = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Zones:
    """In which zone a file tells its times, and in which zone the district's days begin."""

    file: str
    """Empty when nobody has stated it."""
    district: str


class When(NamedTuple):
    """When something was completed."""

    day: date
    """The district's calendar day."""
    instant: datetime | None = None
    """UTC; None when no time is told, or the local time came twice that day."""
    zone: str = ""
    """The zone in which the text was read; empty for a plain day."""


def read_when(value: Value, rules: DateRules, zones: Zones) -> When | None:
    """Return when a cell says, None for a blank one.

    Raises: Misread for what is no day by the layout's rules, is on no calendar, or lies outside 1990–2100;
    ZoneMissing when a time of day is told and the file's zone is not stated.
    """
    if type(value) is str and rules.formats and (when := _quickly(value, rules, zones)):
        return when
    refuse_error(value)
    match value:
        case None:
            return None
        case datetime():
            return _when_at(value, zones, value)
        case date():
            return _plain_day(value, rules, zones)
        case str():
            return _from_sessions(value, rules, zones) if value and not value.isspace() else None
        case bool() | time():
            raise _no_day(value, rules, "which is no day (a zero, shown as 1900-01-00, comes so)")
        case int() | float() if rules.serials:
            return _from_serial(value, rules, zones)
        case _:
            raise _no_day(value, rules, "a bare number")


def _quickly(words: str, rules: DateRules, zones: Zones) -> When | None:
    """Return what `_from_text` makes of a day with its time in an hour that came once; None to have it do so."""
    formats = timed_formats(rules.formats)
    if formats is None or not zones.file or rules.separator or not words.isascii():
        return None
    read = formats.read(words)
    if read is None or not FIRST_YEAR < read[0].year < LAST_YEAR:
        return None
    day, (first, second) = read
    instant = datetime.combine(day, first, UTC)
    if zones.file != "UTC":
        zone = _zone(zones.file)
        ahead = zone.utcoffset(datetime.combine(day, first))
        if ahead is None or ahead != zone.utcoffset(datetime.combine(day, second)):
            return None
        instant -= ahead
    return When(instant.astimezone(_zone(zones.district)).date(), instant, zones.file)


def _plain_day(day: date, rules: DateRules, zones: Zones) -> When:
    """Return a day without a time; in a column of instants it may as well be midnight, so both must agree."""
    if rules.instant and zones.file and FIRST_YEAR <= day.year <= LAST_YEAR:
        midnight = _when_at(datetime.combine(day, time()), zones, day)
        if midnight.day != day:
            raise Misread(
                "day-or-midnight",
                f"{quoted(day)}, a day that is another one in the district's zone if midnight is meant",
                expected="a day with its time",
                remedy="Export the column with times, or with days only through a layout without instants.",
            )
    return When(_possible(day, day))


def _from_sessions(value: str, rules: DateRules, zones: Zones) -> When:
    """Return when the last of the sessions in a cell was; each must be readable."""
    if not rules.separator:
        return _from_text(value, rules, zones)
    sessions = [plain(part) for part in value.split(rules.separator) if plain(part)]
    read = [_from_text(session, rules, zones) for session in sessions]
    if not read:
        raise _no_day(value, rules, "no day between the separators")
    return max(read, key=lambda when: when.day)


def _from_text(value: str, rules: DateRules, zones: Zones) -> When:
    # Not by `plain` alone, which remembers what it was asked: days with their times are many.
    words = " ".join(value.split()) if value.isascii() else plain(value)
    for form in rules.formats:
        read = read_format(words, form)
        if read is not None:
            return _when_at(read, zones, value) if has_time(form) else When(_possible(read.date(), value))
    if rules.serials and SERIAL.fullmatch(words):
        return _from_serial(float(words), rules, zones)
    match = DIGITS.fullmatch(words) if rules.order else None
    if match is None:
        raise _no_day(value, rules, "not written as the layout says")
    parts = dict(zip(rules.order, (match[1], match[3], match[4]), strict=True))
    if len(parts["y"]) != 4:
        raise _no_day(value, rules, "without a year of four digits where the layout has it")
    try:
        return _plain_day(date(int(parts["y"]), int(parts["m"]), int(parts["d"])), rules, zones)
    except ValueError as error:
        raise _no_day(value, rules, "on no calendar") from error


def _from_serial(value: float, rules: DateRules, zones: Zones) -> When:
    try:
        start = SERIAL_START_1904 if rules.epoch == 1904 else SERIAL_START
        at = datetime.combine(start, time()) + timedelta(seconds=round(value * 86400))
    except (OverflowError, ValueError) as error:
        raise _no_day(value, rules, "on no calendar") from error
    return _plain_day(at.date(), rules, zones) if at.time() == time() else _when_at(at, zones, value)


def _when_at(at: datetime, zones: Zones, value: Value) -> When:
    """Return the district's day of an instant; `at` is local to the file's zone unless it tells its own."""
    if not FIRST_YEAR - 1 <= at.year <= LAST_YEAR + 1:  # beyond them, a zone's clock may show a time that has no date
        _possible(at.date(), value)
    if at.tzinfo is not None:
        return _of_instant(at.astimezone(UTC), zones, value)
    if not zones.file:
        if at.time() != time():
            raise ZoneMissing(f"{quoted(value)} includes a time of day")
        return When(_possible(at.date(), value))
    if zones.file == "UTC":  # where no clock is ever changed
        return _of_instant(at.replace(tzinfo=UTC), zones, value)
    zone = _zone(zones.file)
    early, late = (at.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early == late:
        return _of_instant(early, zones, value)
    if early.astimezone(zone).replace(tzinfo=None) != at:
        raise Misread(
            "no-such-time",
            f"{quoted(value)}, a time that {zones.file} skipped when its clocks went forward",
            expected=f"a time of day in {zones.file}",
            remedy="The file's zone is probably another; correct `zone` beside its path in lms_sync.toml.",
        )
    return _of_repeated_hour(early, late, zones, value)


@cache
def _zone(name: str) -> ZoneInfo:
    """Return a time zone; a night has few."""
    return ZoneInfo(name)


def _of_repeated_hour(early: datetime, late: datetime, zones: Zones, value: Value) -> When:
    first, second = _of_instant(early, zones, value), _of_instant(late, zones, value)
    if first.day == second.day:
        return When(first.day, None, zones.file)
    raise Misread(
        "ambiguous-time",
        f"{quoted(value)}, a time that came twice in {zones.file}, on two of the district's days",
        expected="a time that came once",
        remedy="Export the report in UTC or in the district's own zone.",
    )


def _of_instant(instant: datetime, zones: Zones, value: Value) -> When:
    day = instant.astimezone(_zone(zones.district)).date()
    return When(_possible(day, value), instant, zones.file or "UTC")


def _possible(day: date, value: Value) -> date:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    raise Misread(
        "bad-date",
        f"{quoted(value)}, a day in the year {day.year}",
        expected=f"a day from {FIRST_YEAR} to {LAST_YEAR}",
        remedy="Correct the year; if every day of the file is wrong, its format in the layout is.",
    )


def _no_day(value: Value, rules: DateRules, why: str) -> Misread:
    names = {"d": "day", "m": "month", "y": "year of four digits"}
    ways = [*rules.formats, *(["/".join(names[part] for part in rules.order)] if rules.order else [])]
    return Misread(
        "bad-date",
        f"{quoted(value)}, {why}",
        expected=f"a date cell, or text as {' or '.join(ways)}" if ways else "a date cell",
        remedy="Correct the cell, or state how the layout's dates are written (order or formats).",
    )
