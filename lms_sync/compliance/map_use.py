"""The map against what the sources have shown: ids that now mean another course, courses nobody takes. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from lms_sync.model.course_map import EVERY_SOURCE, CourseMap, CourseRow, CourseSeen
from lms_sync.model.finding import Area, Finding
from lms_sync.text import fold
from lms_sync.workspace.mapping.file_names import in_file_name

LONG_AGO = timedelta(days=365)
_SMALL = "a an and at by course for from in into module of on or part school the to training unit with your youth"
SMALL_WORDS = frozenset(_SMALL.split())
"""Words of so many titles that sharing one says nothing."""


def shown_findings(course_map: CourseMap, courses: Sequence[CourseSeen], *, file: str) -> tuple[Finding, ...]:
    """Return a finding for each row whose id its source now calls something else. `file` names the workbook.

    An id that a source has given to another course credits the wrong topic, so the night tells of it too.
    """
    return tuple(found for row in course_map.rows for found in _renamed(row, courses, file=file))


def days_decide(course_map: CourseMap, courses: Sequence[CourseSeen]) -> bool:
    """Tell whether `shown_findings` needs the days of the courses: an id that had several titles has the newest."""
    return any(len({course.title for course in _seen(row, courses)}) > 1 for row in course_map.rows)


def unshown_findings(
    course_map: CourseMap, courses: Sequence[CourseSeen], *, file: str, today: date
) -> tuple[Finding, ...]:
    """Return a finding for each decided row in force that no source has shown in a year; none before any pull.

    A row decided, or in force, for less than a year has time; so has one that an offering to come names.
    """
    if not courses:
        return ()
    to_come = {(fold(o.course), fold(o.unit)) for o in course_map.offerings if o.ends is None or o.ends >= today}
    return tuple(
        _unshown(row, last, file=file)
        for row in course_map.rows
        if row.decided_on
        and (row.counts_until is None or row.counts_until >= today)
        and (fold(row.course), fold(row.unit)) not in to_come
        and max(row.decided_on, row.counts_from or row.decided_on) < today - LONG_AGO
        and ((last := _last(row, courses)) is None or last < today - LONG_AGO)
    )


def _last(row: CourseRow, courses: Iterable[CourseSeen]) -> date | None:
    return max((course.last for course in courses if course.last and _is_of(row, course)), default=None)


def _is_of(row: CourseRow, course: CourseSeen) -> bool:
    """Tell whether the row speaks of the course, by the same names as `MapIndex.match`."""
    if row.source not in (EVERY_SOURCE, course.source):
        return False
    courses = {fold(course.course)} | ({fold(course.course_title)} if row.source == EVERY_SOURCE else set())
    units = {fold(course.unit), fold(course.unit_title)} - {""} or {""}
    is_course = fold(row.course) in courses or in_file_name(row.course) == course.course
    return is_course and fold(row.unit) in units


def _renamed(row: CourseRow, courses: Iterable[CourseSeen], *, file: str) -> Iterable[Finding]:
    """Yield a finding when the newest title under the row's id shares no word with the row's own title."""
    seen = _seen(row, courses)
    if not seen or not row.title:
        return
    newest = max(seen, key=lambda course: (course.last or date.min, course.title))
    if _words(newest.title) & _words(row.title) or fold(newest.title) == fold(row.title):
        return
    yield Finding(
        Area.MAPPING,
        "title-changed",
        where=f"{file}, {row.cell}",
        found=f'{newest.source} now calls {row.unit or row.course} "{newest.title}"; the row says "{row.title}"',
        expected="an id that still means the course that was decided about",
        remedy="Look at the course. If it is another one, end this row (Counts until) and add one for the new course;"
        " if it was only renamed, write the new title into the row.",
        source=newest.source,
        subject=row.subject,
    )


def _seen(row: CourseRow, courses: Iterable[CourseSeen]) -> list[CourseSeen]:
    """Return the courses that stand under the row's id and have a title."""
    return [course for course in courses if course.title and _by_id(row, course)]


def _by_id(row: CourseRow, course: CourseSeen) -> bool:
    """Tell whether the row finds the course by an id, which a source may give to another course."""
    if row.source != course.source or not _is_of(row, course):
        return False
    name, title = (course.unit, course.unit_title) if row.unit else (course.course, course.course_title)
    return fold(row.unit or row.course) == fold(name) and fold(name) != fold(title)


def _words(title: str) -> set[str]:
    plain = "".join(c if c.isalnum() else " " for c in fold(title))
    return {word.rstrip("s") for word in plain.split()} - SMALL_WORDS


def _unshown(row: CourseRow, last: date | None, *, file: str) -> Finding:
    named = row.title or row.course
    seen = f"last completed on {last}" if last else "never completed by anybody in what is stored"
    return Finding(
        Area.MAPPING,
        "course-not-shown",
        where=f"{file}, {row.cell}",
        found=f'"{named}": {seen}',
        expected="a completion within a year",
        remedy="Is the course still given, and under this name or id? If not, write the last day into Counts until."
        " What was credited stays.",
        subject=row.subject,
    )
