"""One row, or one cell of a matrix → one reading, by the layout. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from lms_sync.model.evidence import ClaimReason, Completion, FormerKey, Learner, NotDone, Reading, Revoked
from lms_sync.model.finding import Origin
from lms_sync.model.own_name import is_filled
from lms_sync.model.sign_up import SignUp
from lms_sync.sources.spreadsheet.cell_dates import When, read_when
from lms_sync.sources.spreadsheet.forbidden import MASK
from lms_sync.sources.spreadsheet.identifiers import identifier, is_nobodys
from lms_sync.sources.spreadsheet.layout import ATTRIBUTES, WHO, Role
from lms_sync.sources.spreadsheet.misread import Misread, may_be_error, quoted, refuse_error
from lms_sync.sources.spreadsheet.record_form import Cells, RecordForm, State, read_at
from lms_sync.sources.spreadsheet.roll_names import refuse_remarks
from lms_sync.sources.spreadsheet.scores import read_score
from lms_sync.sources.spreadsheet.states import read_state
from lms_sync.tables.cells import Value, text
from lms_sync.text import fold, plain

IDS: frozenset[Role] = frozenset(("learner", "person_id", "course", "unit"))
WHOSE_IDS: tuple[Role, ...] = ("learner", "person_id")
MAY_BE_BLANK: frozenset[Role] = frozenset(("unit", "assignment"))
"""Roles that a record key may hold blank; so may the day of what is not done."""
WITHOUT_DAY: frozenset[State] = frozenset(("not done", "signed up", "revoked"))
"""What a status word may say that a day of completion adds nothing to: exports write `N/A` or 1/1/1900 there."""
SEPARATOR = "\x1f"
"""Between the parts of a record key."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an item is about, and how it stands with that."""

    course: str
    course_title: str
    unit: str
    unit_title: str
    status: str
    state: State
    """What the status word means."""


@dataclass(frozen=True, slots=True)
class Details:
    """What else an item says of a completion."""

    score: Decimal | None
    attributes: tuple[tuple[str, str], ...]


class RecordRead(NamedTuple):
    """All that an item says of a completion."""

    record: str
    learner: Learner
    subject: Subject
    details: Details
    when: When | None


def read_record(cells: Cells, form: RecordForm) -> Reading:
    """Return what the item says.

    Raises: Misread, with the column where one is to blame, for what cannot be read; ZoneMissing for the whole file.
    """
    ids = ids_of(cells, form)
    learner = learner_of(cells, ids, form)
    subject = subject_of(cells, ids, form)
    when = _when_as_far_as_told(cells, subject, form)
    state = state_on(when, subject, form, has_status="status" in cells.values)
    if state == "done" and when is None and "completed_on" in form.layout.key:
        raise _no_key("completed_on", cells, "blank")
    record = _record_key(cells, ids, form=form, when=when)
    match state:
        case "revoked":
            return Revoked(form.source, record, subject.status)
        case "signed up":
            sign_up = _sign_up(cells, subject, when, form=form)
            return NotDone(form.source, record, learner, subject.status, sign_up)
        case "not done":
            return NotDone(form.source, record, learner, subject.status)
        case _:
            found = RecordRead(record, learner, subject, details_of(cells), when)
            return completion_of(found, cells.origin, form)


def when_of(cells: Cells, form: RecordForm) -> When | None:
    """Return when it was completed. Raises: as `read_when`."""
    return read_at(cells, "completed_on", lambda value: read_when(value, form.layout.dates, form.zones))


def _when_as_far_as_told(cells: Cells, subject: Subject, form: RecordForm) -> When | None:
    """Return when it was completed; None also for what is no day (`N/A`) where the status says that it was not.

    Raises: as `when_of` does for everything else, and where the day is a part of the record's key.
    """
    try:
        return when_of(cells, form)
    except Misread:
        if subject.state in WITHOUT_DAY and "completed_on" not in form.layout.key:
            return None
        raise


def subject_of(cells: Cells, ids: Mapping[Role, str], form: RecordForm) -> Subject:
    """Return what an item is about. Raises: Misread for a status word that the layout does not know."""
    return Subject(
        ids["course"],
        cells.text("course_title") or ids["course"],
        ids["unit"],
        cells.text("unit_title"),
        cells.text("status"),
        read_state(cells, form),
    )


def details_of(cells: Cells) -> Details:
    """Return what else an item says. Raises: Misread for what is no score."""
    attributes = tuple((role, words) for role in ATTRIBUTES if role in cells.values and (words := cells.text(role)))
    return Details(read_at(cells, "score", read_score), attributes)


def state_on(when: When | None, subject: Subject, form: RecordForm, *, has_status: bool) -> State:
    """Return how it stands: where nothing tells a status, a blank day may say that it was not done."""
    if when is None and not has_status and form.layout.dates.blank == "not done":
        return "not done"
    return subject.state


def completion_of(found: RecordRead, origin: Origin, form: RecordForm) -> Completion:
    """Return the completion, or the claim, that an item states."""
    record, learner, subject, details, when = found
    return Completion(
        form.source,
        record,
        learner,
        subject.course,
        subject.course_title,
        when.day if when else None,
        origin,
        subject.unit,
        subject.unit_title,
        when.instant if when else None,
        when.zone if when else "",
        subject.status,
        claim_of(found, form),
        details.score,
        details.attributes,
    )


def _sign_up(cells: Cells, subject: Subject, when: When | None, *, form: RecordForm) -> SignUp:
    """Return the class that somebody has signed up for, on the day that the sheet has for it."""
    booked = read_at(cells, "class_on", lambda value: read_when(value, form.layout.dates, form.zones)) or when
    return SignUp(
        course=subject.course,
        course_title=subject.course_title,
        day=booked.day if booked else None,
        unit=subject.unit,
        unit_title=subject.unit_title,
        status=subject.status,
        origin=cells.origin,
    )


def key_of(cells: Cells, form: RecordForm) -> FormerKey:
    """Return the record's key and the learner's, as `read_record` makes them. Raises: Misread where it would."""
    ids = ids_of(cells, form)
    learner = learner_of(cells, ids, form)
    when = _when_as_far_as_told(cells, subject_of(cells, ids, form), form)
    return FormerKey(_record_key(cells, ids, form=form, when=when), learner.key)


def ids_of(cells: Cells, form: RecordForm) -> dict[Role, str]:
    """Return the ids of the item; a title stands in where a course or unit has no id of its own."""
    values = cells.values
    for role, value in values.items():
        if value is not None and may_be_error(value):
            read_at(cells, role, refuse_error)
    digits = form.layout.digits
    try:
        ids = {role: identifier(values[role], digits=digits.get(role, 0)) for role in values if role in IDS}
    except Misread:  # once more, to tell where
        ids = {role: read_at(cells, role, partial(_id, role=role, form=form)) for role in values if role in IDS}
    ids |= {role: "" for role in WHOSE_IDS if role in ids and is_nobodys(ids[role])}
    ids["course"] = ids.get("course", "") or _tidied(cells, "course_title", form)
    ids["unit"] = ids.get("unit", "") or _tidied(cells, "unit_title", form)
    ids["assignment"] = ""
    if "assignment" in values:
        ids["assignment"] = read_at(cells, "assignment", lambda value: _assignment(value, form))
    return ids


def _id(value: Value, *, role: Role, form: RecordForm) -> str:
    return identifier(value, digits=form.layout.digits.get(role, 0))


def _tidied(cells: Cells, role: Role, form: RecordForm) -> str:
    """Return a title without the parts that the layout takes out."""
    title = cells.text(role)
    for rule in form.layout.tidy:
        if rule.role == role:
            title = plain(re.sub(rule.remove, "", title))
    return title


def learner_of(cells: Cells, ids: Mapping[Role, str], form: RecordForm) -> Learner:
    """Return who it was. Raises: Misread where nothing tells."""
    if form.layout.is_roll:
        refuse_remarks(cells)
    first, last = cells.text("first_name"), cells.text("last_name")
    if name := cells.text("name"):
        first, last = split_name(name, last_first=form.layout.name_order == "last, first")
    written = text(cells.values.get("email")).replace(";", " ").replace(",", " ").split()
    emails = tuple([address for address in written if not is_nobodys(address)])
    candidates = (ids.get("learner", ""), ids.get("person_id", ""), " ".join(emails), f"{last}, {first}".strip(", "))
    key = next((fold(candidate) for candidate in candidates if candidate), "")
    if not key:
        raise Misread(
            "nobody",
            "nothing says who it was",
            expected=f"one of {', '.join(cells.heading(role) for role in WHO if role in cells.values)}",
            remedy="Fill it in; if the row is no completion, add a [[skip]] rule to the layout.",
        )
    employer = cells.text("employer")
    return Learner(form.source, key, ids.get("person_id", ""), emails, first, last, employer)


def _assignment(value: Value, form: RecordForm) -> str:
    """Return an assignment's number, or its due day in the same words whatever kind of file told it."""
    try:
        due = read_when(value, form.layout.dates, form.zones)
    except Misread:
        return identifier(value)
    return due.day.isoformat() if due else ""


def split_name(name: str, *, last_first: bool) -> tuple[str, str]:
    """Return (first, last) of a whole name; a comma ends the last name whatever the order is said to be.

    Without a comma, the last word of `First Last` is the last name; a name said to be `Last, First` that has no comma
    is all last name. Names only ever make candidates for a person to confirm.
    """
    before, comma, after = name.partition(",")
    if comma:
        return plain(after), plain(before)
    if last_first:
        return "", plain(name)
    first, _, last = name.rpartition(" ")
    return plain(first), plain(last)


def _record_key(cells: Cells, ids: Mapping[Role, str], *, form: RecordForm, when: When | None) -> str:
    return SEPARATOR.join([key_part(role, cells, ids, when) for role in form.layout.key])


def key_part(role: Role, cells: Cells, ids: Mapping[Role, str], when: When | None) -> str:
    """Return what one role gives to the record's key. Raises: Misread where it is blank and may not be, or masked."""
    if role == "completed_on":
        return when.day.isoformat() if when else ""
    part = fold(ids[role] if role in ids else cells.text(role))
    part = "" if role == "email" and is_nobodys(part) else part
    if MASK in part or (not part and role not in MAY_BE_BLANK):
        raise _no_key(role, cells, "masked" if part else quoted(cells.text(role)) if cells.text(role) else "blank")
    return part


def _no_key(role: Role, cells: Cells, how: str) -> Misread:
    heading = cells.heading(role)
    misread = Misread(
        "no-key",
        f"{heading} is {how}, and the record's key needs it",
        expected=f"a value for {heading}",
        remedy="Fill it in; if the row is no completion, add a [[skip]] rule to the layout.",
    )
    misread.column = cells.columns.get(role)
    return misread


def claim_of(found: RecordRead, form: RecordForm) -> ClaimReason | None:
    """Return why only a person may accept what an item states; None for a completion."""
    if found.subject.state == "claim":
        return ClaimReason.WAIVER
    if found.when is None:
        return ClaimReason.NO_DATE
    own = found.learner.first_name, found.learner.last_name
    for need in form.layout.needs:
        fits = fold(found.subject.course) in map(fold, need.courses)
        named = dict(found.details.attributes)
        if fits and not all(is_filled(role, named.get(role, ""), (own,)) for role in need.filled):
            return ClaimReason.NO_HOST
    return None
