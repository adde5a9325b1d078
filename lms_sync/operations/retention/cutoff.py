"""How old something must be before a purge may take it. Pure."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from lms_sync.errors import UsageError
from lms_sync.law.days import due
from lms_sync.text import written_day

LEAST_YEARS = 5
"""Nothing younger may be purged: reviewers must be able to show five years later why they could close a year."""


def cutoff_of(text: str, today: date) -> date:
    """Return the day before which history may go, of `7y` (years before today) or `2019-07-01`.

    Raises: UsageError for anything else, and for a day less than LEAST_YEARS ago.
    """
    cutoff, latest = _day(text.strip(), today), due(today, -12 * LEAST_YEARS)
    if cutoff > latest:
        raise UsageError(
            f"--older-than {text}: {written_day(cutoff)} is less than {LEAST_YEARS} years ago",
            hint=f"Reviewers must show {LEAST_YEARS} years later why a year was closed. Name {latest} at the latest.",
        )
    return cutoff


def _day(text: str, today: date) -> date:
    years = re.fullmatch(r"(\d{1,2})\s*y(?:ears?)?", text.lower())
    try:
        return due(today, -12 * int(years[1])) if years else date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"--older-than {text}: neither years nor a day", hint="Write it like 7y or 2019-07-01."
        ) from error


def beginning(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a day where the district is."""
    return datetime.combine(day, time(), zone)
