"""Courses that people on the roster completed and the map has not decided, the most useful decision first. Pure."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from lms_sync.compliance.judge import Judged
from lms_sync.model.course_map import topic_id
from lms_sync.model.finding import Area, Finding, short_hash
from lms_sync.store.known.judged_people import UndecidedCompletion
from lms_sync.text import fold
from lms_sync.workspace.mapping.suggest import Suggester, Suggestion


@dataclass(frozen=True, slots=True)
class UnmappedCourse:
    """A course, or a unit of it, that waits for a trainer's decision."""

    source: str
    course: str
    unit: str
    title: str
    """What a person would call it: course and unit title."""
    people: tuple[str, ...]
    """Person IDs of those who completed it."""
    suggestion: Suggestion
    closes: int
    """How many open requirements of people assigned today the suggested topics would close."""
    alike: str = ""
    """The rows of the map that the course's form in a file's name may stand for; empty: the map has none."""

    @property
    def handle(self) -> str:
        """Return the id on the worklist."""
        key = (self.source, fold(self.course), fold(self.unit))
        return short_hash(repr(key))


def unmapped_courses(judged: Judged, suggest: Suggester, *, assigned: AbstractSet[str]) -> tuple[UnmappedCourse, ...]:
    """Return the courses without a decision, by gaps that the suggestion closes, then by people, then by name.

    `assigned` are the people whose gaps count: those assigned on the day judged.
    """
    several = sorted(_by_course(judged).values(), key=lambda same: _place(same.first))
    courses = [_course(same, judged, suggest, assigned) for same in several]
    return tuple(
        sorted(courses, key=lambda course: (-course.closes, -len(course.people), course.title, course.source))
    )


@dataclass(slots=True)
class _Waiting:
    """The completions of one course that nobody has decided."""

    first: UndecidedCompletion
    """In the order of the evidence."""
    people: set[str]
    alike: str = ""


def _by_course(judged: Judged) -> dict[tuple[str, str, str], _Waiting]:
    """Return source, folded course and folded unit → the completions; each spelling is folded once."""
    found: dict[tuple[str, str, str], _Waiting] = {}
    spelled: dict[tuple[str, str, str], _Waiting] = {}
    for person_id, several in judged.undecided.items():
        for completion in several:
            spelling = completion.source, completion.course, completion.unit
            same = spelled.get(spelling)
            if same is None:
                key = completion.source, fold(completion.course), fold(completion.unit)
                same = spelled[spelling] = found.setdefault(key, _Waiting(completion, set()))
            same.people.add(person_id)
            same.alike = completion.alike or same.alike
            if completion.record <= same.first.record and _place(completion) < _place(same.first):
                same.first = completion
    return found


def _place(completion: UndecidedCompletion) -> tuple[str, str, date]:
    """Return what puts completions in the order of the evidence."""
    return completion.source, completion.record, completion.day or date.min


def _course(same: _Waiting, judged: Judged, suggest: Suggester, assigned: AbstractSet[str]) -> UnmappedCourse:
    completion, people = same.first, tuple(sorted(same.people))
    title = " / ".join(
        filter(None, (completion.course_title or completion.course, completion.unit_title or completion.unit))
    )
    # A unit tells more than the course it is part of.
    suggestion = suggest.of(completion.unit_title or completion.unit or completion.course_title or completion.course)
    closed = {topic_id(number) for number in suggestion.topics}
    closes = sum(
        requirement in closed
        for person_id in (people if closed else ())
        if person_id in assigned
        for gap in judged.short[person_id].gaps
        for requirement in gap.requirements
    )
    return UnmappedCourse(
        completion.source, completion.course, completion.unit, title, people, suggestion, closes, same.alike
    )


def unmapped_findings(courses: Sequence[UnmappedCourse]) -> tuple[Finding, ...]:
    """Return a finding for each course; the worklist keeps their order by their weight."""
    return tuple(_finding(course, len(courses) - place) for place, course in enumerate(courses))


def _finding(course: UnmappedCourse, weight: int) -> Finding:
    text = f"“{course.title}” has no decided row in the course map; people on the roster who completed it: "
    if course.alike:
        text = f"only the file's name says what course it is: “{course.course}”, which may be {course.alike} of the"
        text += " course map; people on the roster who completed it: "
    text += str(len(course.people))
    if course.closes:
        topics = ", ".join(map(str, course.suggestion.topics))
        text += f"; if it teaches topic {topics}, as its title suggests, {course.closes} gaps close"
    return Finding(
        Area.COURSE,
        "unmapped-course",
        where=f"source {course.source}, course {course.course}{f', unit {course.unit}' if course.unit else ''}",
        found=text,
        expected="a decided row in mappings/courses.xlsx",
        remedy=f"Add a row for source {course.source} with “{course.course}” as its Course: it comes before those."
        if course.alike
        else "Add the course with an x for each topic that it teaches, or decide the row without any x;"
        " lms-sync mappings suggest -o new-rows.xlsx writes the rows to decide.",
        people=course.people,
        source=course.source,
        handle=course.handle,
        weight=weight,
    )
