"""The rules that a layout is made of: which sheet, which days, which words; strict, each wrong key told by name."""

import re
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lms_sync.text import fold

Role = Literal[
    "learner",
    "person_id",
    "email",
    "name",
    "first_name",
    "last_name",
    "employer",
    "course",
    "course_title",
    "unit",
    "unit_title",
    "assignment",
    "completed_on",
    "class_on",
    "status",
    "score",
    "host_school",
    "experienced_officer",
    "certificate",
    "hours",
    "instructor",
    "place",
    "course_in_file_name",
]
"""What a column tells. `learner` is the source's account id; `person_id` only where it is the *person's* id;
`assignment` tells apart several assignments of one course to one person: their number, or the day they are due;
`instructor` and `place` are those of a class, as a hearing asks for them;
`class_on` is the day of the class, for whom the sheet says that they have signed up and not yet completed it;
`course_in_file_name`, where it is told, says that `course` is a short name as Moodle writes it in a file's name."""

WHO: tuple[Role, ...] = ("learner", "person_id", "email", "name", "first_name", "last_name")
"""Roles that tell who completed something."""
IDENTIFYING: frozenset[Role] = frozenset((*WHO, "experienced_officer", "certificate", "instructor"))
"""Roles whose cells identify a person."""
READABLE: frozenset[Role] = frozenset(
    (
        *("course", "course_title", "unit", "unit_title", "assignment", "completed_on", "status", "score"),
        *("hours", "host_school", "course_in_file_name", "place"),
    )
)
"""Roles whose cells say nothing of who it was: they stay readable also of people who are not on the roster."""
ATTRIBUTES: tuple[Role, ...] = (
    *("certificate", "course_in_file_name", "experienced_officer", "host_school", "hours", "instructor", "place"),
)

Words = Annotated[tuple[str, ...], Field(strict=False)]
Roles = Annotated[tuple[Role, ...], Field(strict=False)]


class LayoutSection(BaseModel):
    """A part of a layout; a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class SheetChoice(LayoutSection):
    """Which sheet is read and how its file is written."""

    name: str = ""
    """This sheet only, even when it is hidden."""
    pattern: str = ""
    """Every visible sheet whose name fits, e.g. `Training *`. Without name and pattern: the first with the header."""
    header_within: int = Field(default=20, ge=1, le=200)
    """The header begins in one of this many first rows."""
    header_rows: int = Field(default=1, ge=1, le=3)
    """Rows that make up the header: a heading is their cells from top to bottom with a blank between, and a cell that
    is merged over several columns stands in each of them (`De-escalation Completed on`)."""
    encoding: str = ""
    """Of csv files; empty: told by the content."""
    separator: str = ""
    """Of csv files; empty: told by the content."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.name and self.pattern:
            raise ValueError("state name or pattern, not both")
        return self


class DateRules(LayoutSection):
    """How days are written where they are text; true date cells need no rule."""

    formats: Words = ()
    """In the notation of strptime, with English names: `%A, %d %B %Y, %I:%M %p`."""
    order: Literal["", "dmy", "mdy", "ymd"] = ""
    """Order of day, month and four-digit year written in digits: 09/03/2025 or 3.9.2025."""
    instant: bool = False
    """True when the days carry a time of day; the file's zone must then be stated with its path."""
    serials: bool = False
    """True when numbers are days counted by a spreadsheet (45903 is 3 September 2025)."""
    epoch: Literal[1900, 1904] = 1900
    """The year from which `serials` of a csv file are counted; a workbook tells its own."""
    separator: str = ""
    """Between the days of several sessions in one cell; the last of them is the day of completion."""
    blank: Literal["claim", "not done"] = "claim"
    """What a row without a day is, where no status word tells."""

    @property
    def needs_zone(self) -> bool:
        """Tell whether instants can only be read once the file's zone is stated."""
        timed = [form for form in self.formats if has_time(form)]
        return self.instant and not (timed and all("%z" in form for form in timed))

    @model_validator(mode="after")
    def _instants_are_declared(self) -> Self:
        timed = [form for form in self.formats if has_time(form)]
        if timed and not self.instant:
            raise ValueError(f"{timed[0]!r} carries a time of day; state instant = true")
        return self


@cache
def has_time(form: str) -> bool:
    """Tell whether a strptime format carries a time of day."""
    return any(directive in form for directive in ("%H", "%I", "%X", "%c"))


class StatusWords(LayoutSection):
    """What the source's words for a state mean; each is matched as a whole, never by its beginning.

    `*` stands for any text: `Completed (set by *)`. A pattern of `done` comes after those of the other lists.
    """

    done: Words = ()
    not_done: Words = ()
    claim: Words = ()
    """Exempt, waived and the like: only a person may accept them."""
    signed_up: Words = ()
    """Registered, enrolled, waitlisted: nothing was done yet, and nothing speaks against what was done before."""
    failed: Words = ()
    """An attempt that was not passed: nothing was done, and what was done before is in doubt, as after `not_done`."""
    revoked: Words = ()
    """What was done is void by the source's own word: it counts no longer."""

    @property
    def every(self) -> tuple[str, ...]:
        """Return the words of all lists."""
        return (*self.done, *self.not_done, *self.claim, *self.signed_up, *self.failed, *self.revoked)

    @model_validator(mode="after")
    def _one_meaning_each(self) -> Self:
        words = [fold(word) for word in self.every]
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise ValueError(f"{twice[0]!r} is in two lists; a word has one meaning")
        return self


class Skip(LayoutSection):
    """Rows to pass over: those that fit everything which is stated here."""

    reason: str
    blank: Roles = ()
    """All these columns are blank (columns that the sheet lacks count as blank)."""
    first: Words = ()
    """The row's first cell that is not blank begins with one of these words or phrases."""

    @model_validator(mode="after")
    def _states_something(self) -> Self:
        if not self.blank and not self.first:
            raise ValueError("state blank, first or both; this rule would pass over every row")
        return self


class Need(LayoutSection):
    """Columns that must be filled in for these courses; where one is blank, the completion is a claim."""

    courses: Words = Field(min_length=1)
    filled: Annotated[tuple[Literal["host_school", "experienced_officer"], ...], Field(strict=False, min_length=1)]


class Matrix(LayoutSection):
    """A sheet with people down and courses across: every column without a role is a course."""

    ignore: Words = ()
    """Headings of columns that are no courses."""
    fits: str = ""
    """A regular expression that the headings of courses fit; empty: all that are not ignored."""
    cells: Literal["days", "scores", "words"] = "days"
    """What a cell holds: a day (also a status word, or a word and a day); a score, which tells no day and so is a
    claim; or a status word, whose day stands in the next column to the right."""
    as_units_of: str = ""
    """When the columns are units of one course: that course; empty when each is a course, or [[told]] tells it."""

    @model_validator(mode="after")
    def _is_regular(self) -> Self:
        _regular(self.fits)
        return self


class StatedRule(LayoutSection):
    """What the file's name or a title above the header tells about every row."""

    role: Role
    where: Literal["file name", "title"]
    pattern: str
    """A regular expression, found anywhere in the name or in one cell of the title; its one group is the value."""

    @model_validator(mode="after")
    def _has_one_group(self) -> Self:
        if _regular(self.pattern).groups != 1:
            raise ValueError("pattern needs one group in parentheses: the part that is the value")
        return self


class Tidy(LayoutSection):
    """A part of a title that does not belong to it, such as the district's name in front."""

    role: Literal["course_title", "unit_title"]
    remove: str
    """A regular expression; what it finds is taken out before the title serves as the course. The title as read is
    kept beside it."""

    @model_validator(mode="after")
    def _is_regular(self) -> Self:
        _regular(self.remove)
        return self


def _regular(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression ({error})") from error
