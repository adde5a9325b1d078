"""The layout of a kind of sheet, as `mappings/layouts/NAME.toml` states it: data that operators write and check."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from lms_sync.errors import ConfigError
from lms_sync.sources.spreadsheet.layout_rules import (
    ATTRIBUTES,
    IDENTIFYING,
    READABLE,
    WHO,
    DateRules,
    LayoutSection,
    Matrix,
    Need,
    Role,
    Roles,
    SheetChoice,
    Skip,
    StatedRule,
    StatusWords,
    Tidy,
    Words,
    has_time,
)
from lms_sync.text import fold
from lms_sync.workspace.settings.problems import problems

NEEDS_RULES = "2"
"""Version of how a cell of [[needs]] is filled in; 2: neither by a word for nothing nor by the learner's name."""
ROLL_RULES = "2"
"""Version of how the names on a class roll are read; 2: not where it says beside one that somebody was not there."""
MATRIX_RULES = "2"
"""Version of where a matrix begins; 2: a title in another column is no row of its header, which may go on below."""
HEADER_RULES = "1"
"""Version of how headers between the rows, and lines that deny what stands below, are read; earlier: not at all."""

__all__ = [
    "ATTRIBUTES",
    "IDENTIFYING",
    "READABLE",
    "WHO",
    "DateRules",
    "Layout",
    "Matrix",
    "Role",
    "SheetChoice",
    "StatedRule",
    "Tidy",
    "counting_from_1904",
    "has_time",
    "read_layout",
]


class Layout(LayoutSection):
    """One kind of sheet."""

    name: str
    """The file's name without `.toml`."""
    kind: Literal["rows", "matrix"]
    sheet: SheetChoice = SheetChoice()
    columns: dict[Role, Words] = Field(min_length=1)
    """Role → its heading and other headings it may have."""
    optional: Roles = ()
    """Roles whose column the sheet may lack."""
    keep: Words = ()
    """Headings of further columns whose text is kept with each item; of the columns that nothing names nothing is."""
    constants: dict[Role, str] = Field(default_factory=dict)
    """Role → what every row says, e.g. the course where only the file's name tells it."""
    told: Annotated[tuple[StatedRule, ...], Field(strict=False)] = ()
    tidy: Annotated[tuple[Tidy, ...], Field(strict=False)] = ()
    digits: dict[Role, Annotated[int, Field(ge=2, le=15)]] = Field(default_factory=dict)
    """Role → how many digits its ids have; one of fewer digits has lost its leading zeros, and is refused."""
    key: Roles = Field(min_length=1)
    """What makes a record the same record, in whatever file it comes."""
    all_attended: bool = False
    """Of a class roll (its day stands in no column) without a column for a signature, an attendance or a status: true
    once somebody who knows has said that everybody on such a sheet was there; until then it is refused."""
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
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def rules(self) -> str:
        """Return what stands for all by which its sheets are read: another text makes each be read again."""
        versions = (
            f", needs {NEEDS_RULES}" if self.needs else "",
            f", roll {ROLL_RULES}" if self.is_roll else "",
            f", matrix {MATRIX_RULES}" if self.matrix else "",
        )
        return f"{self.hash}, header {HEADER_RULES}" + "".join(versions)

    @property
    def known(self) -> frozenset[Role]:
        """Return the roles that a column, a constant, the file's name or a title tells."""
        return frozenset((*self.columns, *self.constants, *(rule.role for rule in self.told)))

    @property
    def is_roll(self) -> bool:
        """Tell whether a sheet lists people of one class: its day stands in no column of its rows."""
        return self.kind == "rows" and "completed_on" not in self.columns

    @model_validator(mode="after")
    def _headings_differ(self) -> Self:
        seen: dict[str, str] = {}
        for role, headings in self.columns.items():
            for heading in headings:
                if (other := seen.setdefault(fold(heading), role)) != role:
                    raise ValueError(f"the heading {heading!r} is used for both {other} and {role}")
            if not headings:
                raise ValueError(f"columns.{role} names no heading")
        return self

    @model_validator(mode="after")
    def _keeps_no_role(self) -> Self:
        roles = {fold(heading): role for role, headings in self.columns.items() for heading in headings}
        for heading in self.keep:
            if role := roles.get(fold(heading)):
                raise ValueError(f"keep names {heading!r}, which is kept already: it is a heading of {role}")
        return self

    @model_validator(mode="after")
    def _key_is_stable(self) -> Self:
        if "status" in self.key:
            raise ValueError("key may not hold status: a record keeps its key when its status changes")
        known = {*self.known, *(("course", "unit") if self.kind == "matrix" else ())}
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
        known = self.known
        if not known & set(WHO):
            raise ValueError(f"columns names no person; add one of {', '.join(WHO)}")
        if self.kind == "rows" and not known & {"course", "course_title"}:
            raise ValueError("columns, constants or told must give course or course_title")
        if self.kind == "rows" and "completed_on" not in known:
            raise ValueError("columns or told must give completed_on")
        twice = sorted(role for role in self.known if [rule.role for rule in self.told].count(role) > 1)
        if twice:
            raise ValueError(f"two [[told]] rules give {twice[0]}; one pattern must do")
        if (self.kind == "matrix") != (self.matrix is not None):
            raise ValueError('a section [matrix] goes with kind = "matrix", and only with it')
        return self


def counting_from_1904(layout: Layout) -> Layout:
    """Return the layout for a workbook that counts its days from 1904."""
    return layout.model_copy(update={"dates": layout.dates.model_copy(update={"epoch": 1904})})


def read_layout(path: Path) -> Layout:
    """Return one layout.

    Raises: ConfigError that names the file and every wrong key at once.
    """
    hint = "docs and the shipped layouts show every key."
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: {error}", hint="Correct the file at that place.") from error
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}", hint="Put the layout there, or correct its name.") from error
    try:
        return Layout.model_validate({"name": path.stem, **data})
    except ValidationError as error:
        found = "\n".join(problems(error, Layout, file=path.name))
        raise ConfigError(found, hint=f"Correct these keys; {hint}") from error
