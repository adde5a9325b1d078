"""The sections [documents] and [year] of lms_sync.toml: files that people hand in, and the district's own days."""

from datetime import date

from pydantic import Field, field_validator

from lms_sync.workspace.settings.section import Section


class DocumentSettings(Section):
    """Where documents of the ESD and other attachments are kept, and how large one may be."""

    folder: str = "documents"
    """Relative to the workspace; each file lies there under the hash of its content."""
    largest_mb: int = Field(default=25, ge=1, le=500)
    remind_after_days: int = Field(default=30, ge=1)
    """How long the ESD may take to answer a request before it is a finding."""


class YearSettings(Section):
    """What the law leaves to the district: on which days its school year begins and its duties are due."""

    begins: str = "09-01"
    """First day of the school year, month-day."""
    duties_within_days: int = Field(default=30, ge=1, le=365)
    """Days after it by which presentations and notices are due; the law says "beginning of each school year"."""
    ospi_due: str = ""
    """Day of the yearly report to the state superintendent, month-day; the law names none."""

    @field_validator("begins", "ospi_due")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        if value:
            try:
                date.fromisoformat(f"2001-{value}")  # no leap year: the day must come every year
            except ValueError as error:
                raise ValueError('expected month-day, such as "09-01"') from error
        return value
