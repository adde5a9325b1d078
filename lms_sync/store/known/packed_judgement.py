"""A judged person as the store keeps it: lines of JSON, each read by itself.

    what a night needs of everybody     `JudgedInShort`, and how each requirement stands
    a course                            one line each
    the evidence                        credits, claims and notes: read of those whose judgement is asked for

Rows stand without the names of their fields, days are numbers, and what several requirements or credits have alike
is written once: a third of the text, read and written in half of the time. Nobody reads a form that another
version wrote, since a judgement can be made anew: a change of what stands here takes another `FORM`.
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from lms_sync.law.standing import Judgement, MetBy, State
from lms_sync.model.finding import Area, Finding
from lms_sync.model.stored.stored_type import quick_json
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
_COURSES_KNOWN = 10_000
"""So many courses' lines are kept at hand: a district has a few hundred."""
_AT_HAND = 200
"""So many people's judgements are kept unpacked."""
_read = json.JSONDecoder().decode
_STATES = {state.value: state for state in State}
_MET_BY: dict[str | None, MetBy | None] = {None: None, **{met_by.value: met_by for met_by in MetBy}}
_AREAS = {area.value: area for area in Area}
_DAMAGED = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
"""What comes of reading something else."""
_Row = list[Any]


def packed(person: JudgedPerson) -> bytes:
    """Return a judged person as text."""
    return packed_with(person.in_short, person)


def packed_with(short: JudgedInShort, person: JudgedPerson) -> bytes:
    """Return the same where the person is known in short already."""
    first = quick_json(_short_row(short, person.judgement.reasons))
    return b"\n".join((first, *map(course_line, person.courses), quick_json(evidence_row(person.judgement))))


def unpacked(data: bytes) -> JudgedPerson:
    """Return the judged person that `packed` made a text of. Raises: ValueError for anything else."""
    short = short_of(data)
    return JudgedPerson(
        judgement_of(data),
        short.sources,
        short.undecided,
        short.claims,
        short.future,
        tuple(map(course_of, courses_of(data))),
        short.decidable,
        short.reported,
        short.changes_on,
    )


def short_of(data: bytes) -> JudgedInShort:
    """Return what a night needs of everybody. Raises: ValueError for any other text."""
    try:
        return _short(*_read(data[: data.index(b"\n")].decode()))
    except _DAMAGED as error:
        raise ValueError("no stored judgement") from error


def courses_of(data: bytes) -> list[bytes]:
    """Return the lines of the courses of which the person has a completion."""
    return data.split(b"\n")[1:-1]


def judgement_of(data: bytes) -> Judgement:
    """Return the judgement alone. Raises: ValueError for any other text."""
    try:
        form, state, reasons, _, alike, *_ = _read(data[: data.index(b"\n")].decode())
        common, rows = _read(data[data.rindex(b"\n") + 1 :].decode())
        standings = tuple(standings_of(map(_alike, alike), rows, common)) if form == FORM else ()
        return Judgement(_STATES[state], tuple(reasons), standings)
    except _DAMAGED as error:
        raise ValueError("no stored judgement") from error


class PackedJudgements(Mapping[str, Judgement]):
    """Person ID → judgement, unpacked when it is asked for: of a large district not all have room as objects."""

    __slots__ = ("_at_hand", "_packed")

    def __init__(self, packed_people: Mapping[str, bytes]) -> None:
        """Take Person ID → what `packed` made of the person."""
        self._packed = packed_people
        self._at_hand: dict[str, Judgement] = {}
        """Those that were asked for last, since most are asked for several times in a row."""

    def __getitem__(self, person_id: str) -> Judgement:
        """Return one person's judgement."""
        if person_id not in self._at_hand:
            if len(self._at_hand) >= _AT_HAND:
                self._at_hand.clear()
            self._at_hand[person_id] = judgement_of(self._packed[person_id])
        return self._at_hand[person_id]

    def __iter__(self) -> Iterator[str]:
        """Yield the Person IDs."""
        return iter(self._packed)

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self._packed)

    def __contains__(self, person_id: object) -> bool:
        """Tell whether the person was judged."""
        return person_id in self._packed


@lru_cache(_COURSES_KNOWN)
def course_line(names: CourseNames) -> bytes:
    """Return a course as a line that no other course has."""
    return quick_json(names)


@lru_cache(_COURSES_KNOWN)
def course_of(line: bytes) -> CourseNames:
    """Return the course that `course_line` made a line of. Raises: ValueError for anything else."""
    try:
        source, course, course_title, unit, unit_title, in_file_name = _read(line.decode())
    except _DAMAGED as error:
        raise ValueError("no stored judgement") from error
    return source, course, course_title, unit, unit_title, in_file_name


def _short_row(short: JudgedInShort, reasons: tuple[str, ...]) -> _Row:
    return [
        FORM,
        short.state,
        reasons,
        day_number(short.changes_on),
        [_alike_row(alike) for alike in short.standings],
        [(source, day_number(day)) for source, day in short.sources],
        short.decidable,
        [_undecided_row(completion) for completion in short.undecided],
        [_finding_row(claim) for claim in short.claims],
        [_finding_row(future) for future in short.future],
        [(reported.requirement, day_number(reported.day), reported.claim) for reported in short.reported],
    ]


def _short(
    form: int, state: str, reasons: list[str], changes_on: int | None, standings: list[_Row], *rows: _Row
) -> JudgedInShort:
    if form != FORM:
        raise ValueError("another form")
    sources, decidable, undecided, claims, future, reported = rows
    return JudgedInShort(
        _STATES[state],
        tuple([_alike(row) for row in standings]),
        day_of(changes_on),
        tuple([(source, day_of(day)) for source, day in sources]),
        tuple(decidable),
        tuple(
            [UndecidedCompletion(source, record, day_of(day), *names) for source, record, day, *names in undecided]
        ),
        tuple([_finding(*row) for row in claims]),
        tuple([_finding(*row) for row in future]),
        tuple([ReportedCompletion(requirement, day_of(day), claim) for requirement, day, claim in reported]),
    )


def _alike_row(alike: RequirementsAlike) -> tuple[Any, ...]:
    days = day_number(alike.due), day_number(alike.last_lawful_day), day_number(alike.doubted)
    return alike.requirements, alike.component, alike.need, alike.have, alike.met_by, alike.late, *days


def _alike(row: _Row) -> RequirementsAlike:
    requirements, component, need, have, met_by, late, due, last, doubted = row
    met = _MET_BY[met_by]
    return RequirementsAlike(
        tuple(requirements), component, need, have, met, day_of(due), day_of(last), late, day_of(doubted)
    )


def _undecided_row(completion: UndecidedCompletion) -> tuple[Any, ...]:
    names = completion.course, completion.course_title, completion.unit, completion.unit_title, completion.alike
    return completion.source, completion.record, day_number(completion.day), *names


def _finding_row(finding: Finding) -> tuple[Any, ...]:
    words = finding.found, finding.expected, finding.remedy
    more = finding.source, finding.blocks, finding.handle, finding.weight, finding.leads, finding.subject
    return finding.area, finding.code, finding.where, finding.people, *words, *more


def _finding(area: str, code: str, where: str, people: list[str], *rest: Any) -> Finding:
    found, expected, remedy, *more = rest
    return Finding(_AREAS[area], code, where, found, expected, remedy, tuple(people), *more)
