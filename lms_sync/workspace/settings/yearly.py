"""The sections [documents] and [year] of lms_sync.toml: files that people hand in, and the district's own days."""

from datetime import date, timedelta

from pydantic import Field, field_validator, model_validator

from lms_sync.model.closed_days import ClosedDays
from lms_sync.workspace.settings.section import Section

LONGEST_BREAK = timedelta(days=150)
"""A longer range is a slip of the pen: a summer without students takes a quarter of a year."""


class BadgeIssuerSettings(Section):
    """Somebody whose Open Badges are believed. Get key and lists from the issuer itself: nothing is fetched."""

    name: str
    """What to call the issuer, such as `ESD 113`."""
    id: str
    """As its badges name it: `did:…`, or the address of its profile (2.0: of its key, or what that begins with)."""
    key_file: str = ""
    """Its public key (PEM); may be left out where the id is a `did:key:…`."""
    revoked_files: tuple[str, ...] = Field(default=(), strict=False)
    """Its lists of revoked badges, fetched by you; without, no badge that may be revoked checks out."""

    @model_validator(mode="after")
    def _has_a_key(self) -> "BadgeIssuerSettings":
        if not (self.key_file or self.id.startswith("did:key:")):
            raise ValueError("name key_file, the issuer's public key; only a did:key holds its own")
        return self


class DocumentSettings(Section):
    """Where documents of the ESD and other attachments are kept, and how large one may be."""

    folder: str = "documents"
    """Relative to the workspace; each file lies there under the hash of its content."""
    largest_mb: int = Field(default=25, ge=1, le=500)
    """A larger file is refused."""
    remind_after_days: int = Field(default=30, ge=1)
    """How long the ESD may take to answer a request before it is a finding."""
    badge_issuer: tuple[BadgeIssuerSettings, ...] = Field(default=(), strict=False)


class YearSettings(Section):
    """What the law leaves to the district: on which days its school year begins and its duties are due."""

    begins: str = "09-01"
    """First day of the school year, month-day."""
    duties_within_days: int = Field(default=30, ge=1, le=365)
    """Days after it by which presentations and notices are due; the law says "beginning of each school year"."""
    ospi_due: str = ""
    """Day of the yearly report to the state superintendent, month-day; the law names none."""

    closed: tuple[str, ...] = Field(default=(), strict=False)
    """Days without students, each `2026-11-27` or `2026-12-21..2027-01-01` with both ends included; proposed days of
    training pass them over, and nothing else does."""

    @property
    def closed_days(self) -> tuple[ClosedDays, ...]:
        """Return the days on which schools are closed, by their first day."""
        return tuple(sorted(map(_closed_days, self.closed)))

    @field_validator("closed")
    @classmethod
    def _are_ranges(cls, ranges: tuple[str, ...]) -> tuple[str, ...]:
        for text in ranges:
            _closed_days(text)
        return ranges

    @field_validator("begins", "ospi_due")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        if value:
            try:
                date.fromisoformat(f"2001-{value}")  # no leap year: the day must come every year
            except ValueError as error:
                raise ValueError('expected month-day, such as "09-01"') from error
        return value


def _closed_days(text: str) -> ClosedDays:
    """Return a range as it is written. Raises: ValueError, with what is expected, for anything else."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    try:
        days = ClosedDays(date.fromisoformat(first), date.fromisoformat(last if dots else first))
    except ValueError as error:
        raise ValueError(f'"{text}": expected a day or two days, such as "2026-12-21..2027-01-01"') from error
    if days.last < days.first:
        raise ValueError(f'"{text}": the range ends before it begins')
    if days.last - days.first > LONGEST_BREAK or not 2000 <= days.first.year <= 2100:
        raise ValueError(f'"{text}": the range is longer than {LONGEST_BREAK.days} days, or not of these years')
    return days
