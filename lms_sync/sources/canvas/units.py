"""What Canvas told of one class tonight → its items, each with one reading. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from lms_sync.model.evidence import ClaimReason, Completion, Item, Learner, NotDone, Reading, Refused, Skipped
from lms_sync.model.finding import Area, Origin
from lms_sync.sources.canvas.answers import CanvasCourse, Enrolment, Module, Progress
from lms_sync.sources.canvas.view import COMPLETED, NOTHING_VISIBLE, OPEN, claim_in
from lms_sync.sources.spreadsheet.cell_dates import When, Zones, read_when
from lms_sync.sources.spreadsheet.layout import DateRules
from lms_sync.sources.spreadsheet.misread import Misread, finding_of, quoted
from lms_sync.sources.spreadsheet.records import SEPARATOR, split_name
from lms_sync.sources.spreadsheet.tried import tried
from lms_sync.text import plain

NOT_DONE = (*OPEN, NOTHING_VISIBLE)
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
WHO = ("Canvas user", "Name", "SIS user ID", "Login", "E-mail")
"""Headings of an item's text that say who it is."""
ABOUT = frozenset(("Course", "Module ID", "Module", "State"))
"""Those that say what it is."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A module of a class, as its teachers have it."""

    id: str
    title: str
    requirements: int
    """Items of which something is asked, drafts among them; with none Canvas calls the module completed by itself."""
    drafts: int = 0
    """How many of these are not published, so that no student can see them."""


@dataclass(frozen=True, slots=True)
class Student:
    """A learner of a class, and what was told of the progress."""

    learner: Learner
    mark: str
    """Stands for the learner in origins."""
    text: tuple[tuple[str, str], ...]
    """(heading, text) of who it is, as told."""
    units: Mapping[str, str]
    """Module id → when it was completed, as told; otherwise the word for its state. Empty where never told."""
    progress: Progress | None
    hidden: bool = False
    """True when Canvas does not tell the units any more, and the progress is not the one at which it last did."""


@dataclass(frozen=True, slots=True)
class ClassAnswers:
    """One class as told tonight."""

    source: str
    url: str
    """Of the class, as a person would open it."""
    course: CanvasCourse
    units: tuple[Unit, ...]
    """In the order of their places in the class."""
    students: tuple[Student, ...]
    zone: str
    """The zone whose calendar days count."""
    tells_excused: bool = True
    """False where Canvas does not tell what students were excused from."""


def units_of(modules: Iterable[Module]) -> tuple[Unit, ...]:
    """Return the modules that students may see."""
    return tuple(_unit(module) for module in modules if module.published is not False)


def _unit(module: Module) -> Unit:
    asked = [item for item in module.items or () if item.completion_requirement]
    drafts = sum(item.published is False for item in asked)
    return Unit(module.id, plain(module.name) or module.id, len(asked), drafts)


def learner_of(source: str, enrolment: Enrolment, *, sis_is_person: bool) -> Learner:
    """Return the learner; the login is an e-mail only where it is written as one."""
    user = enrolment.user
    first, last = split_name(user.sortable_name or user.name, last_first=False)
    given = (plain(user.email), plain(user.login_id))
    emails = tuple(dict.fromkeys(address for address in given if ADDRESS.fullmatch(address)))
    person_id = plain(user.sis_user_id or enrolment.sis_user_id) if sis_is_person else ""
    return Learner(source, enrolment.user_id, person_id, emails, first, last)


def text_of(enrolment: Enrolment) -> tuple[tuple[str, str], ...]:
    """Return (heading, text) of who it is, as told."""
    user = enrolment.user
    sis_id = user.sis_user_id or enrolment.sis_user_id
    values = (enrolment.user_id, user.sortable_name or user.name, sis_id, user.login_id, user.email)
    return tuple(zip(WHO, values, strict=True))


def items_of(answers: ClassAnswers) -> Iterator[Item]:
    """Give an item for each unit of each student, in the order of students and units.

    A student whose units are hidden has one for the class as a whole as well: all that Canvas still tells.
    """
    for student in answers.students:
        for unit in answers.units:
            if unit.id in student.units:
                yield _unit_item(answers, student, unit)
        if student.hidden:
            yield _whole_item(answers, student)


def _unit_item(answers: ClassAnswers, student: Student, unit: Unit) -> Item:
    value = student.units[unit.id]
    origin = Origin(url=answers.url, item=f"module {unit.id}, learner {student.mark}")
    if not unit.requirements:
        return _item(answers, student, Skipped("a module that asks for nothing"), origin=origin, what=(unit, value))
    record = SEPARATOR.join((student.learner.key, answers.course.id, unit.id))
    reading: Reading
    if value in NOT_DONE:
        reading = NotDone(answers.source, record, student.learner, value)
    else:
        what = unit, value
        read = partial(_completion, answers, student, record, origin=origin, what=what)
        reading = tried(read, origin, source=answers.source)
    return _item(answers, student, reading, origin=origin, what=(unit, value))


def _whole_item(answers: ClassAnswers, student: Student) -> Item:
    whole = Unit("", "", 0)
    progress = student.progress
    origin = Origin(url=answers.url, item=f"whole class, learner {student.mark}")
    record = SEPARATOR.join((student.learner.key, answers.course.id, ""))
    reading: Reading
    value = ""
    if progress is None:
        reading = Skipped("a learner whose progress is not reported")
    elif progress.complete:
        value = progress.completed_at or COMPLETED
        read = partial(_completion, answers, student, record, origin=origin, what=(whole, value))
        reading = tried(read, origin, source=answers.source)
    elif progress.requirement_completed_count:
        reading = Skipped("a learner whose completed units are not reported")
    else:
        reading = NotDone(answers.source, record, student.learner, "nothing completed")
    return _item(answers, student, reading, origin=origin, what=(whole, value))


def _item(
    answers: ClassAnswers, student: Student, reading: Reading, *, origin: Origin, what: tuple[Unit, str]
) -> Item:
    unit, value = what
    about = (("Course", answers.course.title), ("Module ID", unit.id), ("Module", unit.title), ("State", value))
    return Item(origin, (*student.text, *about), reading, frozenset(WHO), ABOUT)


def _completion(
    answers: ClassAnswers, student: Student, record: str, *, origin: Origin, what: tuple[Unit, str]
) -> Completion | Refused:
    unit, (claim, value) = what[0], claim_in(what[1])
    try:
        when = _when(value, answers.zone)
    except Misread as misread:
        return Refused(finding_of(misread, str(origin), source=answers.source, area=Area.ROW))
    return Completion(
        source=answers.source,
        record=record,
        learner=student.learner,
        course=answers.course.id,
        course_title=answers.course.title,
        day=when.day if when else None,
        origin=origin,
        unit=unit.id,
        unit_title=unit.title,
        instant=when.instant if when else None,
        zone=when.zone if when else "",
        status=COMPLETED,
        claim=claim if claim or when else ClaimReason.NO_DATE,
    )


def _when(value: str, zone: str) -> When | None:
    """Return when a unit was completed; None when it was and no day is told. Raises: Misread."""
    if value == COMPLETED:
        return None
    instant = _instant(value)
    if instant is None:
        raise Misread(
            "unreadable-state",
            f"{quoted(value)} as the state of a module",
            expected=f"one of {', '.join(OPEN)}, {COMPLETED}, or the instant of its completion with its offset",
            remedy="If Canvas was just upgraded, lms_sync has to follow; what was stored before stays.",
        )
    return read_when(instant, DateRules(), Zones("UTC", zone))


def _instant(value: str) -> datetime | None:
    """Return an instant in ISO 8601; None for what is none or tells no offset, as its day could be another."""
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant if instant.tzinfo else None
