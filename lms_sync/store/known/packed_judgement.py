"""A judged person as the store keeps it: lines of JSON, each read by itself.

    what a night needs of everybody     `JudgedInShort`
    how the requirements stand          by those that stand alike: many people's line is the same, and is read once
    a course                            one line each, sorted: many people have taken the same ones
    the evidence                        credits, claims and notes: read of those whose judgement is asked for

Rows stand without the names of their fields, days are numbers, and what several requirements or credits have alike
is written once: a third of the text, read and written in half of the time. Nobody reads a form that another
version wrote, since a judgement can be made anew: a change of what stands here takes another `FORM`.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from lms_sync.law.standing import Judgement, MetBy, State
from lms_sync.model.finding import Area, Finding
from lms_sync.model.quickly_made import maker
from lms_sync.model.stored.stored_type import quick_json, read_json
from lms_sync.store.known.judged_people import (
    CourseNames,
    JudgedInShort,
    JudgedPerson,
    ReportedCompletion,
    RequirementsAlike,
    UndecidedCompletion,
)
from lms_sync.store.known.packed_evidence import day_number, day_of, evidence_row, standings_of

FORM = 1
_LINES_KNOWN = 10_000
"""So many lines of each kind are kept at hand with what was read of them: a district has a few hundred."""
_STATES = {state.value: state for state in State}
_MET_BY: dict[str | None, MetBy | None] = {None: None, **{met_by.value: met_by for met_by in MetBy}}
_AREAS = {area.value: area for area in Area}
_DAMAGED = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
"""What comes of reading something else."""
_Row = list[Any]
_new_in_short, _new_undecided = maker(JudgedInShort), maker(UndecidedCompletion)


def packed(person: JudgedPerson) -> bytes:
    """Return a judged person as text."""
    return packed_with(person.in_short, person)


def packed_with(short: JudgedInShort, person: JudgedPerson) -> bytes:
    """Return the same where the person is known in short already."""
    courses = course_lines(person.courses)
    return in_lines(short, line_of(short.standings), courses, evidence_row(person.judgement))


def in_lines(short: JudgedInShort, alike: bytes, courses: bytes, evidence: list[Any]) -> bytes:
    """Return the same by the line of its requirements, the lines of its courses, and its row of evidence."""
    return b"%b\n%b\n%b%b" % (quick_json(_short_row(short)), alike, courses, quick_json(evidence))


def course_lines(courses: Iterable[CourseNames]) -> bytes:
    """Return courses as lines, each with its end: the same for all people who have taken the same ones."""
    return b"".join([line + b"\n" for line in sorted(map(course_line, courses))])


def line_of(standings: Iterable[RequirementsAlike]) -> bytes:
    """Return how requirements stand as a line: the same for all people whose requirements stand alike."""
    return quick_json([_alike_row(alike) for alike in standings])


def unpacked(data: bytes) -> JudgedPerson:
    """Return the judged person that `packed` made a text of. Raises: ValueError for anything else."""
    short = short_of(data)
    return JudgedPerson(
        judgement_of(data),
        short.sources,
        short.undecided,
        short.claims,
        short.future,
        courses_in(courses_of(data)),
        short.decidable,
        short.reported,
        short.changes_on,
    )


def short_of(data: bytes) -> JudgedInShort:
    """Return what a night needs of everybody. Raises: ValueError for any other text."""
    return short_and_courses(data)[0]


def short_and_courses(data: bytes) -> tuple[JudgedInShort, bytes]:
    """Return the same with `courses_of`. Raises: ValueError for any other text."""
    try:
        first = data.index(b"\n")
        second = data.index(b"\n", first + 1)
        alike, courses = data[first + 1 : second], data[second + 1 : data.rindex(b"\n")]
        return _short(_all_alike(alike), *read_json(data[:first])), courses
    except _DAMAGED as error:
        raise ValueError("no stored judgement") from error


def courses_of(data: bytes) -> bytes:
    """Return the lines of the courses of which the person has a completion, as one text: of nobody an empty one."""
    second = data.index(b"\n", data.index(b"\n") + 1)
    return data[second + 1 : data.rindex(b"\n")]


def courses_in(lines: bytes) -> tuple[CourseNames, ...]:
    """Return the courses that `courses_of` gives the lines of. Raises: ValueError for anything else."""
    return tuple(map(course_of, lines.split(b"\n"))) if lines else ()


def judgement_of(data: bytes) -> Judgement:
    """Return the judgement alone. Raises: ValueError for any other text."""
    try:
        common, rows = read_json(data[data.rindex(b"\n") + 1 :])
        short = short_of(data)
        return Judgement(short.state, short.reasons, tuple(standings_of(short, rows, common)))
    except _DAMAGED as error:
        raise ValueError("no stored judgement") from error


@lru_cache(_LINES_KNOWN)
def course_line(names: CourseNames) -> bytes:
    """Return a course as a line that no other course has."""
    return quick_json(names)


@lru_cache(_LINES_KNOWN)
def course_of(line: bytes) -> CourseNames:
    """Return the course that `course_line` made a line of. Raises: ValueError for anything else."""
    try:
        source, course, course_title, unit, unit_title, in_file_name = read_json(line)
    except _DAMAGED as error:
        raise ValueError("no stored judgement") from error
    return source, course, course_title, unit, unit_title, in_file_name


def _short_row(short: JudgedInShort) -> _Row:
    return [
        FORM,
        short.state,
        short.reasons,
        day_number(short.changes_on),
        [day_number(day) for day in short.on],
        [(source, day_number(day)) for source, day in short.sources],
        short.decidable,
        [_undecided_row(completion) for completion in short.undecided],
        [_finding_row(claim) for claim in short.claims],
        [_finding_row(future) for future in short.future],
        [(reported.requirement, day_number(reported.day), reported.claim) for reported in short.reported],
    ]


def _short(
    standings: tuple[RequirementsAlike, ...], form: int, state: str, reasons: list[str], *rows: Any
) -> JudgedInShort:
    if form != FORM:
        raise ValueError("another form")
    changes_on, on, sources, decidable, undecided, claims, future, reported = rows
    return _new_in_short(
        _STATES[state],
        tuple(reasons),
        standings,
        tuple(map(day_of, on)),
        day_of(changes_on),
        tuple([_source(source, day) for source, day in sources]),
        tuple(decidable),
        tuple([_undecided(row) for row in undecided]),
        tuple(map(_finding, claims)) if claims else (),
        tuple(map(_finding, future)) if future else (),
        tuple(map(_reported, reported)) if reported else (),
    )


def _alike_row(alike: RequirementsAlike) -> tuple[Any, ...]:
    days = day_number(alike.due), day_number(alike.last_lawful_day), day_number(alike.doubted)
    return alike.requirements, alike.component, alike.need, alike.have, alike.met_by, alike.late, *days


@lru_cache(_LINES_KNOWN)
def _all_alike(line: bytes) -> tuple[RequirementsAlike, ...]:
    return tuple(map(_alike, read_json(line)))


@lru_cache(_LINES_KNOWN)
def _source(source: str, day: int | None) -> tuple[str, date | None]:
    return source, day_of(day)


def _alike(row: _Row) -> RequirementsAlike:
    requirements, component, need, have, met_by, late, due, last, doubted = row
    return RequirementsAlike(
        tuple(requirements),
        component,
        need,
        have,
        _MET_BY[met_by],
        day_of(due),
        day_of(last),
        late,
        day_of(doubted),
    )


def _undecided_row(completion: UndecidedCompletion) -> tuple[Any, ...]:
    names = completion.course, completion.course_title, completion.unit, completion.unit_title, completion.alike
    return completion.source, completion.record, day_number(completion.day), *names


def _undecided(row: _Row) -> UndecidedCompletion:
    source, record, day, course, course_title, unit, unit_title, alike = row
    return _new_undecided(source, record, day_of(day), course, course_title, unit, unit_title, alike)


def _finding_row(finding: Finding) -> tuple[Any, ...]:
    words = finding.found, finding.expected, finding.remedy
    more = finding.source, finding.blocks, finding.handle, finding.weight, finding.leads, finding.subject
    return finding.area, finding.code, finding.where, finding.people, *words, *more


def _finding(row: _Row) -> Finding:
    area, code, where, people, found, expected, remedy, *more = row
    return Finding(_AREAS[area], code, where, found, expected, remedy, tuple(people), *more)


def _reported(row: _Row) -> ReportedCompletion:
    requirement, day, claim = row
    return ReportedCompletion(requirement, day_of(day), claim)
