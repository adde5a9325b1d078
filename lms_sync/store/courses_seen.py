"""Under which names sources have shown courses and units, of all completions that were ever stored."""

from sqlalchemy import Connection, func, select

from lms_sync.model.course_map import CourseSeen
from lms_sync.store.schema import completion


def courses_seen(connection: Connection, district_id: str, *, days: bool = True) -> tuple[CourseSeen, ...]:
    """Return every name under which a source has shown a course or unit, by those names, with the newest day.

    Without `days`, which take more than half of it, no day stands with any name.
    """
    columns = completion.c
    names = (columns.source, columns.course, columns.course_title, columns.unit, columns.unit_title)
    ours = columns.district_id == district_id
    if not days:
        return tuple(
            CourseSeen(source, course, course_title, unit, unit_title, None)
            for source, course, course_title, unit, unit_title in connection.execute(
                select(*names).where(ours).distinct().order_by(*names)
            )
        )
    # The few days of the few names first: the database need not sort every completion.
    *of_days, day = select(*names, columns.day).where(ours).distinct().subquery().c
    rows = connection.execute(select(*of_days, func.max(day)).group_by(*of_days).order_by(*of_days))
    return tuple(CourseSeen(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows)
