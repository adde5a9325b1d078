"""Under which names sources have shown courses and units, of all completions that were ever stored."""

from sqlalchemy import Connection, func, null, select

from lms_sync.model.course_map import CourseSeen
from lms_sync.store.schema import completion


def courses_seen(connection: Connection, district_id: str, *, days: bool = True) -> tuple[CourseSeen, ...]:
    """Return every name under which a source has shown a course or unit, by those names, with the newest day.

    Without `days`, which take more than half of it, no day stands with any name.
    """
    columns = completion.c
    names = (columns.source, columns.course, columns.course_title, columns.unit, columns.unit_title)
    # The few names, or the few days of the few names, first: the database need not sort every completion.
    days_too = [columns.day] if days else []
    few = select(*names, *days_too).where(columns.district_id == district_id).distinct().subquery().c
    of_names, newest = [*few][: len(names)], func.max(few.day) if days else null()
    rows = connection.execute(select(*of_names, newest).group_by(*of_names).order_by(*of_names))
    return tuple(CourseSeen(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows)
