"""The layout of a kind of sheet, as `mappings/layouts/NAME.toml` states it: data that operators write and check."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lms_sync.errors import ConfigError
from lms_sync.tables.fields import fold

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
    "status",
    "score",
    "host_school",
    "experienced_officer",
    "certificate",
    "hours",
]
"""What a column tells. `learner` is the source's account id; `person_id` only where it is the *person's* id;
`assignment` tells apart several assignments of one course to one person: their number, or the day they are due."""

WHO: tuple[Role, ...] = ("learner", "person_id", "email", "name", "first_name", "last_name")
"""Roles that tell who completed something."""
IDENTIFYING: frozenset[Role] = frozenset((*WHO, "experienced_officer", "certificate"))
"""Roles whose cells identify a person."""
ATTRIBUTES: tuple[Role, ...] = ("certificate", "experienced_officer", "host_school", "hours")

Words = Annotated[tuple[str, ...], Field(strict=False)]
Roles = Annotated[tuple[Role, ...], Field(strict=False)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class SheetChoice(_Section):
    """Which sheet is read and how its file is written."""

    name: str = ""
    """This sheet only, even when it is hidden."""
    pattern: str = ""
    """Every visible sheet whose name fits, e.g. `Training *`. Without name and pattern: the first with the header."""
    header_within: int = Field(default=20, ge=1, le=200)
    """The header stands in one of this many first rows."""
    encoding: str = ""
    """Of csv files; empty: told by the content."""
    separator: str = ""
    """Of csv files; empty: told by the content."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.name and self.pattern:
            raise ValueError("state name or pattern, not both")
        return self


class DateRules(_Section):
    """How days are written where they are text; true date cells need no rule."""

    formats: Words = ()
    """In the notation of strptime, with English names: `%A, %d %B %Y, %I:%M %p`."""
    order: Literal["", "dmy", "mdy", "ymd"] = ""
    """Order of day, month and four-digit year written in digits: 09/03/2025 or 3.9.2025."""
    instant: bool = False
    """True when the days carry a time of day; the file's zone must then be stated with its path."""
    serials: bool = False
    """True when numbers are days counted by a spreadsheet (45903 is 3 September 2025)."""

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


def has_time(form: str) -> bool:
    """Tell whether a strptime format carries a time of day."""
    return any(directive in form for directive in ("%H", "%I", "%X", "%c"))


class StatusWords(_Section):
    """What the source's words for a state mean; each is matched as a whole, never by its beginning."""

    done: Words = ()
    not_done: Words = ()
    claim: Words = ()
    """Exempt, waived and the like: only a person may accept them."""

    @model_validator(mode="after")
    def _one_meaning_each(self) -> Self:
        words = [fold(word) for word in (*self.done, *self.not_done, *self.claim)]
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise ValueError(f"{twice[0]!r} stands in two lists; a word has one meaning")
        return self


class Skip(_Section):
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


class Need(_Section):
    """Columns that must be filled in for these courses; where one is blank, the completion is a claim."""

    courses: Words = Field(min_length=1)
    filled: Annotated[tuple[Literal["host_school", "experienced_officer"], ...], Field(strict=False, min_length=1)]


class Matrix(_Section):
    """A sheet with people down and courses across: every column without a role is a course."""

    ignore: Words = ()
    """Headings of columns that are no courses."""
    as_units_of: str = ""
    """When the columns are units of one course: that course; empty when each is a course."""


class Layout(_Section):
    """One kind of sheet."""

    name: str
    """The file's name without `.toml`."""
    kind: Literal["rows", "matrix"]
    sheet: SheetChoice = SheetChoice()
    columns: dict[Role, Words] = Field(min_length=1)
    """Role → its heading and other headings it may have."""
    optional: Roles = ()
    """Roles whose column the sheet may lack."""
    constants: dict[Role, str] = {}
    """Role → what every row says, e.g. the course where only the file's name tells it."""
    key: Roles = Field(min_length=1)
    """What makes a record the same record, in whatever file it comes."""
    attempts: bool = False
    """True when every day is a record of its own; only then may the key hold the day."""
    name_order: Literal["last, first", "first last"] = "last, first"
    """For the role `name`; a comma in a cell always ends the last name."""
    dates: DateRules = DateRules()
    status: StatusWords = StatusWords()
    skip: Annotated[tuple[Skip, ...], Field(strict=False)] = ()
    needs: Annotated[tuple[Need, ...], Field(strict=False)] = ()
    matrix: Matrix | None = None

    @property
    def hash(self) -> str:
        """Return a hash of what the layout says; comments and the order of keys do not change it."""
        said = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(said.encode()).hexdigest()

    @model_validator(mode="after")
    def _headings_differ(self) -> Self:
        seen: dict[str, str] = {}
        for role, headings in self.columns.items():
            for heading in headings:
                if (other := seen.setdefault(fold(heading), role)) != role:
                    raise ValueError(f"the heading {heading!r} stands for both {other} and {role}")
            if not headings:
                raise ValueError(f"columns.{role} names no heading")
        return self

    @model_validator(mode="after")
    def _key_is_stable(self) -> Self:
        if "status" in self.key:
            raise ValueError("key may not hold status: a record keeps its key when its status changes")
        known = {*self.columns, *self.constants, *(("course", "unit") if self.kind == "matrix" else ())}
        for role in self.key:
            if role not in known and not (role == "course" and "course_title" in known):
                raise ValueError(f"key names {role}, which has neither a column nor a constant")
        if "completed_on" in self.key and not self.attempts:
            raise ValueError("key holds completed_on: state attempts = true if every day is a record of its own")
        if not set(self.key) & set(WHO):
            raise ValueError(f"key names nobody; add one of {', '.join(WHO)}")
        return self

    @model_validator(mode="after")
    def _tells_enough(self) -> Self:
        known = {*self.columns, *self.constants}
        if not known & set(WHO):
            raise ValueError(f"columns tells nobody; add one of {', '.join(WHO)}")
        if self.kind == "rows" and not known & {"course", "course_title"}:
            raise ValueError("columns or constants must tell course or course_title")
        if self.kind == "rows" and "completed_on" not in known:
            raise ValueError("columns must tell completed_on")
        if (self.kind == "matrix") != (self.matrix is not None):
            raise ValueError('a section [matrix] goes with kind = "matrix", and only with it')
        return self


def read_layout(path: Path) -> Layout:
    """Return one layout.

    Raises: ConfigError that names the file and every wrong key at once.
    """
    hint = "docs and the shipped layouts show every key."
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: {error}", hint="Mend the file at that place.") from error
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}", hint="Put the layout there, or correct its name.") from error
    try:
        return Layout.model_validate({"name": path.stem, **data})
    except ValidationError as error:
        problems = [f"{path.name}, {_place(one['loc'])}: {one['msg']}" for one in error.errors()]
        raise ConfigError("\n".join(problems), hint=f"Correct these keys; {hint}") from error


def _place(parts: tuple[int | str, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in parts) or "the file"
