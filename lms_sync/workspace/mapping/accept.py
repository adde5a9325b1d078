"""Decided rows → the course map's workbook with them below the others; styles, drop-downs and tables stay."""

from collections.abc import Mapping, Sequence
from datetime import date

from lms_sync.model.course_map import CourseRow
from lms_sync.model.finding import Area
from lms_sync.tables.append import RowsBelow, append_rows
from lms_sync.tables.form import FormReader
from lms_sync.tables.guard import read_guarded
from lms_sync.workspace.mapping.forms import COURSES


def with_courses(content: bytes, rows: Sequence[CourseRow], *, file: str) -> bytes:
    """Return the workbook, which is a good map as it is, with `rows` below its own.

    Of a row source, course, unit, title, topics, who decided it, when and the note are written: a suggestion has no
    more. Raises: UsageError where something else in the workbook would be lost.
    """
    header, columns = FormReader(file, Area.MAPPING, read_guarded(content).sheets).header(COURSES)
    cells = [{heading: value for heading, value in _cells(row).items() if heading in columns} for row in rows]
    return append_rows(content, RowsBelow(COURSES.title, header, columns, cells))


def _cells(row: CourseRow) -> Mapping[str, str | date]:
    texts = {
        "Source": row.source,
        "Course": row.course,
        "Unit": row.unit,
        "Title": row.title,
        "Decided by": row.decided_by,
        "Note": row.note,
        **{str(number): "x" for number in row.topics},
    }
    days = {"Decided on": row.decided_on} if row.decided_on else {}
    return {heading: text for heading, text in texts.items() if text} | days
