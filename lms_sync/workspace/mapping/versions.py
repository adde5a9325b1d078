"""Versions of the course map that were ever in force, and what a version changed. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from lms_sync.model.course_map import CourseMap, CourseRow, Offering
from lms_sync.text import fold, written_day

_SILENT = frozenset({"cell", "offering_id", "topics"})
_HEADINGS = {
    "source": "Source",
    "course": "Course",
    "unit": "Unit",
    "title": "Title",
    "on_the_job_days": "On-the-job days",
    "check_ins": "Check-ins",
    "counts_from": "Counts from",
    "counts_until": "Counts until",
    "minimum_score": "Minimum score",
    "decided_by": "Decided by",
    "decided_on": "Decided on",
    "note": "Note",
    "provider": "Provider",
    "hours": "Hours",
    "fee": "Fee",
    "link": "Link",
    "starts": "Starts",
    "ends": "Ends",
    "place": "Place",
    "seats": "Seats",
    "for_partners": "For partners",
}
"""Field → the workbook's heading."""


@dataclass(frozen=True, slots=True)
class Period:
    """A version of the map while it was in force. A version that came back has a period of its own."""

    course_map: CourseMap
    since: datetime
    until: datetime | None
    """Not included; None while it is in force."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the workbook as its reader sees it."""

    key: tuple[str, ...]
    name: str
    cells: tuple[tuple[str, str], ...]
    """(heading, text); a topic's x stands under its number."""


def difference(before: CourseMap | None, after: CourseMap) -> tuple[str, ...]:
    """Return what `after` changed, a line each, courses before offerings; empty for nothing.

    A row that is the same course from another day on, or under another title, is a changed row; order does not count.
    """
    courses = _changes(_courses(before), _courses(after))
    return (*courses, *_changes(_offerings(before), _offerings(after)))


def deciders(before: CourseMap | None, after: CourseMap) -> tuple[str, ...]:
    """Return who decided the rows that `after` added or changed, as they stand under Decided by."""
    old = {line.cells for line in _courses(before)}
    new = (dict(line.cells).get("Decided by", "") for line in _courses(after) if line.cells not in old)
    return tuple(sorted({by for by in new if by}))


def _courses(course_map: CourseMap | None) -> list[_Line]:
    rows = course_map.rows if course_map else ()
    return [
        _Line((r.source, fold(r.course), fold(r.unit), str(r.counts_from or "")), _named(r), _cells(r)) for r in rows
    ]


def _offerings(course_map: CourseMap | None) -> list[_Line]:
    offered = course_map.offerings if course_map else ()
    return [
        _Line(
            (o.offering_id,),
            f"offering of {_named(o)}, {written_day(o.starts, 'any day')}",
            _cells(o),
        )
        for o in offered
    ]


def _named(fact: CourseRow | Offering) -> str:
    name = f"{fact.course}{f' / {fact.unit}' if fact.unit else ''}"
    return f"{fact.source}: {name}" if isinstance(fact, CourseRow) else name


def _cells(fact: CourseRow | Offering) -> tuple[tuple[str, str], ...]:
    values = {f.name: getattr(fact, f.name) for f in fields(fact) if f.name not in _SILENT}
    cells = [(_HEADINGS[name], _written(value)) for name, value in values.items() if value not in (None, "", 0, ())]
    topics = fact.topics if isinstance(fact, CourseRow) else ()
    return (*cells, *((f"topic {number}", "x") for number in topics))


def _written(value: object) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def _changes(before: Sequence[_Line], after: Sequence[_Line]) -> Iterator[str]:
    old, new = {line.key: line for line in before}, {line.key: line for line in after}
    for key, line in new.items():
        if key not in old:
            teaches = ", ".join(heading for heading, _ in line.cells if heading.startswith("topic "))
            yield f"added {line.name}" + (f": {teaches}" if teaches else "")
        elif old[key].cells != line.cells:
            yield f"changed {line.name}: {'; '.join(_differences(dict(old[key].cells), dict(line.cells)))}"
    yield from (f"removed {line.name}" for key, line in old.items() if key not in new)


def _differences(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for heading in dict.fromkeys((*old, *new)):
        was, now = old.get(heading, ""), new.get(heading, "")
        if was == now:
            continue
        if heading.startswith("topic "):
            yield f"{heading} {'added' if now else 'taken out'}"
        else:
            yield f"{heading} {was or 'blank'} → {now or 'blank'}"
