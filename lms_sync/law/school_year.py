"""Which school year a day falls in, by the month and day on which the district's school year begins. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from lms_sync.errors import UsageError

_WRITTEN = re.compile(r"(20\d\d)\s*[-–/]\s*(20)?(\d\d)")


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """A school year of the district."""

    first: date
    last: date
    """Inclusive: the day before the next one's first."""

    @property
    def name(self) -> str:
        """Return it as people write it, `2026-27`, by the year in which it begins."""
        return f"{self.first.year}-{(self.first.year + 1) % 100:02}"

    def contains(self, day: date) -> bool:
        """Tell whether `day` falls in it."""
        return self.first <= day <= self.last

    def day(self, month_day: str) -> date:
        """Return the day of this school year that has a month and day, such as `07-15`."""
        named = date.fromisoformat(f"{self.first.year}-{month_day}")
        return named if named >= self.first else date.fromisoformat(f"{self.first.year + 1}-{month_day}")


def school_year_beginning(year: int, begins: str) -> SchoolYear:
    """Return the school year that begins in a calendar year; `begins` is month-day, such as `09-01`."""
    first, following = (date.fromisoformat(f"{calendar_year}-{begins}") for calendar_year in (year, year + 1))
    return SchoolYear(first, following - timedelta(days=1))


def school_year_of(day: date, begins: str) -> SchoolYear:
    """Return the school year in which `day` falls; `begins` is month-day, such as `09-01`."""
    this = school_year_beginning(day.year, begins)
    return this if this.contains(day) else school_year_beginning(day.year - 1, begins)


def school_years(first: date, last: date, begins: str) -> tuple[SchoolYear, ...]:
    """Return the school years in which the days from `first` to `last` fall, both included, in order."""
    start, end = school_year_of(first, begins).first.year, school_year_of(last, begins).first.year
    return tuple(school_year_beginning(year, begins) for year in range(start, end + 1))


def school_year_named(text: str, begins: str) -> SchoolYear:
    """Return the school year that is written `2026-27` (or `2026-2027`). Raises: UsageError for anything else."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or int(found[3]) != (int(found[1]) + 1) % 100:
        raise UsageError(f"{text}: not a school year", hint="Write it like 2026-27.")
    return school_year_beginning(int(found[1]), begins)
