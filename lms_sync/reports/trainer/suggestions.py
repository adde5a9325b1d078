"""Suggested rows for the course map, as a workbook whose rows count for nothing until a trainer decides them."""

from collections.abc import Sequence

from lms_sync.compliance.unmapped import UnmappedCourse
from lms_sync.tables.fields import Column
from lms_sync.tables.write import ColumnSpec, Row, SheetSpec, Toned, write_workbook
from lms_sync.workspace.mapping.forms import COURSES, TOPICS

_INTRO = (
    "Courses",
    "Look at each course, set each x, write Decided by and Decided on, and copy the rows into courses.xlsx.",
    "An x here is a suggestion. Without a decision a row counts for nothing. No x and a decision: it teaches none.",
)
_EXTRA = (
    ColumnSpec("People", 9, "number"),
    ColumnSpec("Gaps it covers", 11, "number"),
    ColumnSpec("Why", 70),
    ColumnSpec("Id", 12, note="lms-sync mappings accept ID takes the row over as it is suggested."),
)


def suggestions_workbook(courses: Sequence[UnmappedCourse]) -> bytes:
    """Return an xlsx file: rows in the form of the sheet Courses, the most useful first, and a sheet of reasons."""
    columns = tuple(_column(column) for column in COURSES.columns)
    rows = SheetSpec(COURSES.title, columns, tuple(map(_row, courses)), _INTRO, table=COURSES.title, freeze_columns=3)
    why = SheetSpec(
        "Why",
        (ColumnSpec("Course", 44), *_EXTRA),
        tuple(
            (course.title, len(course.people), course.closes, why_words(course), course.handle) for course in courses
        ),
        ("Why these are suggested", "Most useful first: the gaps that a decision would cover, then the people."),
        table="Why",
    )
    return write_workbook(None, [rows, why], title="Courses to decide")


def _column(column: Column) -> ColumnSpec:
    choices = ("x",) if column.kind == "mark" else column.choices
    return ColumnSpec(column.heading, column.width, "date" if column.kind == "date" else "text", column.note, choices)


def _row(course: UnmappedCourse) -> Row:
    marks = {str(number): Toned("x", "warn") for number in course.suggestion.topics}
    cells: dict[str, str | Toned] = {
        "Source": course.source,
        "Course": course.course,
        "Unit": course.unit,
        "Title": course.title,
    }
    cells |= {heading: marks[heading] for heading in map(str, TOPICS) if heading in marks}
    return tuple(cells.get(column.heading) for column in COURSES.columns)


def why_words(course: UnmappedCourse) -> str:
    """Return the reasons, a line for each ranked topic (three at most), or why none is suggested."""
    ranked = [f"{r.topic}: {'; '.join(r.reasons)}" for r in course.suggestion.ranked[:3] if r.reasons]
    if course.suggestion.no_topic:
        ranked = [f"no topic: {course.suggestion.no_topic}", *(f"else {line}" for line in ranked[:2])]
    return "\n".join(ranked)
