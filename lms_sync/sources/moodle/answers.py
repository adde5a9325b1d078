"""The fields of Moodle's answers that are read; all others are left behind, `userprivateaccesskey` among them."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

FIRST_SECOND, LAST_SECOND = -631_152_000, 7_258_118_400
"""Epoch seconds of the beginning of 1950 and of 2200: what lies beyond is no time at which somebody did something."""


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Function(_Answer):
    """A function of the token's service."""

    name: str


class SiteInfo(_Answer):
    """core_webservice_get_site_info."""

    username: str
    """Of the service user."""
    siteurl: str
    release: str = ""
    """E.g. `4.5.6 (Build: 20250811)`."""
    functions: tuple[Function, ...] = ()
    userissiteadmin: bool = False

    @property
    def offered(self) -> frozenset[str]:
        """Return the names of the functions that the token may call."""
        return frozenset(function.name for function in self.functions)


class NamedValue(_Answer):
    """A report's number and name."""

    id: int
    name: str


class ReportList(_Answer):
    """core_reportbuilder_list_reports."""

    reports: tuple[NamedValue, ...]


class ReportRow(_Answer):
    """One row; the cells are HTML."""

    columns: tuple[str | None, ...]


class ReportData(_Answer):
    """The rows of one page."""

    headers: tuple[str, ...]
    rows: tuple[ReportRow, ...]
    total: Annotated[int, Field(alias="totalrowcount", ge=0)]
    """Of all pages."""


class ReportPage(_Answer):
    """core_reportbuilder_retrieve_report."""

    details: NamedValue
    data: ReportData


class MoodleCourse(_Answer):
    """A course of core_course_get_courses_by_field."""

    id: int
    idnumber: str = ""
    """Absent for users who may not edit the course; we ask by it."""
    fullname: str
    enablecompletion: bool | None = None
    """Whether completion is tracked; None without the right to enter the course."""
    visible: bool = True
    """False for a course that students do not see; Moodle then tells nobody's completion of it."""


class Courses(_Answer):
    """core_course_get_courses_by_field."""

    courses: tuple[MoodleCourse, ...]


class MoodleMember(_Answer):
    """One of core_enrol_get_enrolled_users."""

    id: int
    username: str = ""
    """Only with moodle/user:viewalldetails."""
    idnumber: str = ""
    email: str = ""
    firstname: str = ""
    lastname: str = ""


class Taken(_Answer):
    """A course of core_enrol_get_users_courses."""

    id: int
    completed: bool | None = None
    """None where the course does not track completion, and where the right to see it is missing."""


def _possible(seconds: object) -> object:
    """Return None for a time that cannot be, as Moodle tells none: nobody can then say on which day it was."""
    return None if isinstance(seconds, int | float) and not FIRST_SECOND <= seconds < LAST_SECOND else seconds


class Criterion(_Answer):
    """One criterion of a course's completion."""

    kind: Annotated[int, Field(alias="type")] = 0
    """1 self, 2 date, 3 unenrolment, 4 activity, 5 duration, 6 grade, 7 role, 8 course."""
    complete: bool
    timecompleted: Annotated[int | None, BeforeValidator(_possible)] = None
    """Epoch seconds, UTC; None or 0 for none."""


class Status(_Answer):
    """Whether a course is complete, by its criteria."""

    completed: bool
    aggregation: int
    """1: all criteria count, 2: any one is enough."""
    completions: tuple[Criterion, ...]


class CompletionStatus(_Answer):
    """core_completion_get_course_completion_status."""

    completionstatus: Status
