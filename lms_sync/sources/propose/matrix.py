"""Whether a sheet has people down and courses across, and which of its columns are courses. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lms_sync.sources.propose.candidate import LIKELY, SURE
from lms_sync.sources.propose.columns import MOST, ColumnProfile
from lms_sync.sources.propose.date_order import holds_day, tells_time
from lms_sync.sources.propose.headings import speaks_of_course
from lms_sync.sources.propose.roles import ChosenColumns
from lms_sync.sources.propose.states import meaning
from lms_sync.sources.spreadsheet.layout_rules import Role
from lms_sync.tables.cells import text

FEWEST = 3
"""Columns that make a matrix."""
FEWEST_KNOWN = 2
"""The same, of columns whose headings are courses of the map."""
_ROWS: tuple[Role, ...] = ("course", "course_title")


@dataclass(frozen=True, slots=True)
class MatrixCourses:
    """The courses of a matrix."""

    columns: tuple[ColumnProfile, ...]
    cells: Literal["days", "scores"]
    """Marks without days are read as days are: each done one is then a claim, for nobody knows when it was."""


def courses_of(columns: Sequence[ColumnProfile], choice: ChosenColumns) -> MatrixCourses | None:
    """Return the courses; None for a sheet whose rows tell of one course each."""
    if any(role in choice.by_role and choice.by_role[role].score >= LIKELY for role in _ROWS):
        return None
    day = choice.by_role.get("completed_on")
    if day is not None and day.score == SURE:
        return None
    taken = {
        candidate.column.index
        for role, candidate in choice.by_role.items()
        if candidate.score >= LIKELY and role not in ("status", "score")
    }
    free = [
        column
        for column in columns
        if column.heading and column.filled and column.index not in taken and not column.is_forbidden
    ]
    days = tuple(column for column in free if speaks_of_course(column.heading) and _tells_states(column))
    if len(days) >= FEWEST or sum(column.is_course for column in days) >= FEWEST_KNOWN:
        return MatrixCourses(days, "days")
    scores = tuple(
        column
        for column in free
        if speaks_of_course(column.heading) and column.numbers >= MOST and "score" not in column.ideas
    )
    return MatrixCourses(scores, "scores") if len(scores) >= FEWEST else None


def _tells_states(column: ColumnProfile) -> bool:
    values = [value for _, value in column.cells]
    if any(tells_time(value) for value in values):
        return False  # when somebody came or went, or answered
    return sum(holds_day(value) or meaning(text(value)) is not None for value in values) * 2 >= len(values)
