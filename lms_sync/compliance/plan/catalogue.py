"""The course map → the offerings that can still be taken, each with what the map says of its course."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lms_sync.model.course_map import EVERY_SOURCE, CourseMap, CourseRow, Offering, topic_id
from lms_sync.text import fold


@dataclass(frozen=True, slots=True)
class Takeable:
    """An offering that can still be taken."""

    offering: Offering
    row: CourseRow
    """The map's row for its course: title, provider, hours, fee."""
    topics: tuple[str, ...]
    """`topic-01` … `topic-13`, ascending; never empty."""
    day: date
    """The day on which its topics count as done: its last day, or the first possible one if it is self-paced."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What can be taken from `as_of` on, by offering id."""

    as_of: date
    offerings: tuple[Takeable, ...]


def read_catalogue(course_map: CourseMap, *, as_of: date) -> Catalogue:
    """Return what can be taken from `as_of` on, that day included.

    Left out are offerings that began or ended before `as_of`, and those whose course has no decided row that teaches
    a topic and counts on the offering's day. An offering does not tell which source will report it. So where several
    sources have rows of their own for the course, only topics that all of them teach are promised. On-the-job days
    and check-ins that a course teaches are not promised either: the plan proposes dates for those.
    """
    rows = defaultdict(list)
    for row in course_map.rows:
        rows[fold(row.course), fold(row.unit)].append(row)
    found = (
        _takeable(offering, rows.get((fold(offering.course), fold(offering.unit)), []), as_of=as_of)
        for offering in course_map.offerings
    )
    return Catalogue(as_of, tuple(sorted((takeable for takeable in found if takeable), key=_order)))


def _takeable(offering: Offering, rows: Iterable[CourseRow], *, as_of: date) -> Takeable | None:
    day = _day(offering, as_of)
    if day is None:
        return None
    sources = {row.source for row in rows}
    counting = {row.source: row for row in rows if row.decided_on and row.counts_on(day)}
    if not sources or counting.keys() != sources:
        return None
    taught = set.intersection(*(set(row.topics) for row in counting.values()))
    first = counting[min(sources, key=lambda source: (source != EVERY_SOURCE, source))]
    topics = tuple(topic_id(number) for number in sorted(taught))
    return Takeable(offering, first, topics, day) if topics else None


def _day(offering: Offering, as_of: date) -> date | None:
    """Return the day on which the offering's topics count as done; None when it can't be taken any more."""
    if offering.ends is None:
        return max(as_of, offering.starts or as_of)
    begun = offering.starts is not None and offering.starts < as_of
    return None if begun or offering.ends < as_of else offering.ends


def _order(takeable: Takeable) -> tuple[str, date]:
    return (takeable.offering.offering_id, takeable.day)
