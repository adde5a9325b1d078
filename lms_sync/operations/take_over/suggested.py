"""Suggestions for unmapped courses → the course map's workbook with their rows, decided by who accepts them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms_sync.compliance.unmapped import UnmappedCourse
from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.course_map import CourseMap, CourseRow
from lms_sync.operations.take_over.course_map import RowSaid, decided_row, good_map, map_file
from lms_sync.operations.take_over.version import opened_elsewhere
from lms_sync.store.workspace import Workspace
from lms_sync.text import fold
from lms_sync.workspace.mapping.accept import with_courses

LEAST_SIGNS = 4
"""Of an id that is not typed whole."""


@dataclass(frozen=True, slots=True)
class SuggestedRows:
    """A workbook with rows as they were suggested; `take_over_map` makes it the map."""

    courses: tuple[UnmappedCourse, ...]
    content: bytes
    seen: str
    """The hash of the workbook that the rows were added to."""


def suggested_rows(
    workspace: Workspace, *, author: Author, waiting: Sequence[UnmappedCourse], ids: Iterable[str]
) -> SuggestedRows:
    """Return courses.xlsx with a decided row for each course, with the suggested topics; nothing is written.

    A course of which no topic is suggested is decided to teach none.
    Raises: UsageError for an id that no unmapped course has, for a course that has a row already, while somebody has
    the workbook open, and where something in it would be lost; WrongCells where it can't be the map as it is.
    """
    courses = tuple(dict.fromkeys(_named(course_id, waiting) for course_id in ids))
    read = map_file(workspace)
    if opened_elsewhere(read.path):
        raise UsageError(
            f"{read.path.name} is open in Excel or LibreOffice; nothing was written",
            hint="Close it there and try again. If nobody has it open, delete the ~$ or .~lock file beside it.",
        )
    before, _ = good_map(workspace, read.content)
    on = workspace.day(author.at)
    rows = [_row(course, before, author, file=read.path.name) for course in courses]
    decided = [decided_row(row, None, by=author.by, on=on) for row in rows]
    content = with_courses(read.content, decided, file=read.path.name)
    _expect_there(good_map(workspace, content)[0], before, decided)
    return SuggestedRows(courses, content, read.sha256)


def _named(course_id: str, waiting: Sequence[UnmappedCourse]) -> UnmappedCourse:
    wanted = course_id.strip().lower()
    found = [course for course in waiting if course.handle.startswith(wanted)] if len(wanted) >= LEAST_SIGNS else []
    if len(found) != 1:
        what = "is the beginning of several ids" if found else "is not the id of a course that waits for a trainer"
        raise UsageError(f"{course_id} {what}", hint="`lms-sync mappings suggest` lists them.")
    if found[0].alike:
        raise UsageError(
            f"“{found[0].title}” may be a course of the map already: {found[0].alike}",
            hint=f"Add a row for source {found[0].source} by hand, if it is another one.",
        )
    return found[0]


def _row(course: UnmappedCourse, before: CourseMap, author: Author, *, file: str) -> RowSaid:
    for row in before.rows:
        same = (fold(row.course), fold(row.unit)) == (fold(course.course), fold(course.unit))
        if same and fold(row.source) in (fold(course.source), "*"):
            raise UsageError(
                f"“{course.title}” has a row already: {file}, {row.cell}",
                hint="Set each x there, and write Decided by and Decided on.",
            )
    topics = course.suggestion.topics
    return RowSaid(course.source, course.course, course.unit, course.title, topics, note=author.reason)


def _expect_there(after: CourseMap, before: CourseMap, rows: Sequence[CourseRow]) -> None:
    """Check that the workbook says what it said and the new rows, and nothing else. Raises: UsageError."""
    if len(after.rows) != len(before.rows) + len(rows) or after.offerings != before.offerings:
        raise UsageError(
            "the rows could not be put below the others of courses.xlsx; nothing was written",
            hint="Add them by hand: `lms-sync mappings suggest -o new-rows.xlsx` writes them to copy.",
        )
