"""One row, or one cell of a matrix → one reading, by the layout. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

from lms_sync.model.evidence import ClaimReason, Completion, FormerKey, Learner, NotDone, Reading, Revoked
from lms_sync.model.finding import Origin
from lms_sync.model.sign_up import SignUp
from lms_sync.sources.spreadsheet.cell_dates import When, Zones, read_when
from lms_sync.sources.spreadsheet.forbidden import MASK
from lms_sync.sources.spreadsheet.identifiers import identifier
from lms_sync.sources.spreadsheet.layout import ATTRIBUTES, WHO, Layout, Role
from lms_sync.sources.spreadsheet.misread import Misread, may_be_error, quoted, refuse_error
from lms_sync.sources.spreadsheet.scores import read_score
from lms_sync.tables.cells import Value, text
from lms_sync.text import did_you_mean, fold, plain

IDS: frozenset[Role] = frozenset(("learner", "person_id", "course", "unit"))
MAY_BE_BLANK: frozenset[Role] = frozenset(("unit", "assignment"))
"""Roles that a record key may hold blank; so may the day of what is not done."""
SEPARATOR = "\x1f"
"""Between the parts of a record key."""

State = Literal["done", "not done", "claim", "signed up", "revoked"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RecordForm:
    """What turns cells into readings: the layout, prepared for one source and one file."""

    source: str
    layout: Layout
    zones: Zones
    states: Mapping[str, State]
    """Folded status word → what it means."""
    patterns: tuple[tuple[re.Pattern[str], State], ...] = ()
    """The same for words with `*`."""

    def state_of(self, word: str) -> State | None:
        """Return what a status word means, None for an unknown one."""
        folded = fold(word)
        if folded in self.states:
            return self.states[folded]
        return next((state for pattern, state in self.patterns if pattern.fullmatch(folded)), None)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one item by role, constants among them, and where each stands."""

    values: Mapping[Role, Value]
    columns: Mapping[Role, int]
    """0-based; a constant has none."""
    origin: Origin
    headings: Sequence[str] = ()
    """Of every column of the sheet."""

    def heading(self, role: Role) -> str:
        """Return what the column of a role is called; the role itself where no column tells it."""
        column = self.columns.get(role)
        return role if column is None else self.headings[column]

    def text(self, role: Role) -> str:
        """Return the cell's text with blanks collapsed, an empty string for none."""
        value = self.values.get(role)
        return "" if value is None else plain(text(value))


def form_of(source: str, layout: Layout, zones: Zones) -> RecordForm:
    """Return the layout prepared for reading."""
    words = layout.status
    states: dict[str, State] = {fold(word): "not done" for word in words.not_done}
    states |= {fold(word): "not done" for word in words.failed}
    states |= {fold(word): "revoked" for word in words.revoked}
    states |= {fold(word): "claim" for word in words.claim}
    states |= {fold(word): "signed up" for word in words.signed_up}
    states |= {fold(word): "done" for word in words.done}  # last: `*` is every word that no other list has
    patterns = {word: re.compile(re.escape(word).replace(r"\*", ".*")) for word in states if "*" in word}
    return RecordForm(source, layout, zones, states, tuple((patterns[word], states[word]) for word in patterns))


def read_record(cells: Cells, form: RecordForm) -> Reading:
    """Return what the item says.

    Raises: Misread, with the column where one is to blame, for what cannot be read; ZoneMissing for the whole file.
    """
    ids = _ids(cells, form)
    learner = _learner(cells, ids, form)
    state = _state(cells, form)
    when = _at(cells, "completed_on", lambda value: read_when(value, form.layout.dates, form.zones))
    if when is None and "status" not in cells.values and form.layout.dates.blank == "not done":
        state = "not done"
    if state == "done" and when is None and "completed_on" in form.layout.key:
        raise _no_key("completed_on", cells, "blank")
    record = _record_key(cells, ids, form=form, when=when)
    status = cells.text("status")
    if state == "revoked":
        return Revoked(form.source, record, status)
    if state == "signed up":
        return NotDone(form.source, record, learner, status, _sign_up(cells, ids, when, form=form))
    if state == "not done":
        return NotDone(form.source, record, learner, status)
    attributes = tuple((role, words) for role in ATTRIBUTES if role in cells.values and (words := cells.text(role)))
    return Completion(
        source=form.source,
        record=record,
        learner=learner,
        course=ids["course"],
        course_title=cells.text("course_title") or ids["course"],
        day=when.day if when else None,
        origin=cells.origin,
        unit=ids["unit"],
        unit_title=cells.text("unit_title"),
        instant=when.instant if when else None,
        zone=when.zone if when else "",
        status=status,
        claim=_claim(state, when, ids["course"], dict(attributes), form),
        score=_at(cells, "score", read_score),
        attributes=attributes,
    )


def _sign_up(cells: Cells, ids: Mapping[Role, str], when: When | None, *, form: RecordForm) -> SignUp:
    """Return the class that somebody has signed up for, on the day that the sheet has for it."""
    booked = _at(cells, "class_on", lambda value: read_when(value, form.layout.dates, form.zones)) or when
    return SignUp(
        course=ids["course"],
        course_title=cells.text("course_title") or ids["course"],
        day=booked.day if booked else None,
        unit=ids["unit"],
        unit_title=cells.text("unit_title"),
        status=cells.text("status"),
        origin=cells.origin,
    )


def key_of(cells: Cells, form: RecordForm) -> FormerKey:
    """Return the record's key and the learner's, as `read_record` makes them. Raises: Misread where it would."""
    ids = _ids(cells, form)
    learner = _learner(cells, ids, form)
    when = _at(cells, "completed_on", lambda value: read_when(value, form.layout.dates, form.zones))
    return FormerKey(_record_key(cells, ids, form=form, when=when), learner.key)


def _ids(cells: Cells, form: RecordForm) -> dict[Role, str]:
    """Return the ids of the item; a title stands in where a course or unit has no id of its own."""
    values = cells.values
    for role, value in values.items():
        if value is not None and may_be_error(value):
            _at(cells, role, refuse_error)
    digits = form.layout.digits
    try:
        ids = {role: identifier(values[role], digits=digits.get(role, 0)) for role in values if role in IDS}
    except Misread:  # once more, to tell where
        ids = {role: _at(cells, role, partial(_id, role=role, form=form)) for role in values if role in IDS}
    ids["course"] = ids.get("course", "") or _tidied(cells, "course_title", form)
    ids["unit"] = ids.get("unit", "") or _tidied(cells, "unit_title", form)
    ids["assignment"] = ""
    if "assignment" in values:
        ids["assignment"] = _at(cells, "assignment", lambda value: _assignment(value, form))
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


def _at(cells: Cells, role: Role, read: Callable[[Value], T]) -> T:
    """Return what `read` makes of a role's cell; a Misread is told at that cell's column."""
    try:
        return read(cells.values.get(role))
    except Misread as misread:
        misread.column = cells.columns.get(role)
        raise


def _learner(cells: Cells, ids: Mapping[Role, str], form: RecordForm) -> Learner:
    first, last = cells.text("first_name"), cells.text("last_name")
    if name := cells.text("name"):
        first, last = split_name(name, last_first=form.layout.name_order == "last, first")
    emails = tuple(text(cells.values.get("email")).replace(";", " ").replace(",", " ").split())
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


def _state(cells: Cells, form: RecordForm) -> State:
    if "status" not in cells.values:
        return "done"
    word = cells.text("status")
    state = form.state_of(word)
    if state is not None:
        return state
    layout = form.layout
    words = layout.status
    known = [*filter(None, words.every)]
    misread = Misread(
        "unknown-status",
        f"the status {quoted(word)}",
        expected=f"one of {', '.join(known)}",
        remedy=f"{did_you_mean(word, known)}If it is a new word, add it to [status] of the layout {layout.name}.",
    )
    misread.column = cells.columns.get("status")
    raise misread


def _record_key(cells: Cells, ids: Mapping[Role, str], *, form: RecordForm, when: When | None) -> str:
    parts = []
    for role in form.layout.key:
        if role == "completed_on":
            parts.append(when.day.isoformat() if when else "")
            continue
        part = fold(ids[role] if role in ids else cells.text(role))
        if MASK in part or (not part and role not in MAY_BE_BLANK):
            raise _no_key(role, cells, "masked" if part else "blank")
        parts.append(part)
    return SEPARATOR.join(parts)


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


def _claim(
    state: State, when: When | None, course: str, attributes: Mapping[str, str], form: RecordForm
) -> ClaimReason | None:
    if state == "claim":
        return ClaimReason.WAIVER
    if when is None:
        return ClaimReason.NO_DATE
    for need in form.layout.needs:
        if fold(course) in map(fold, need.courses) and not all(map(attributes.get, need.filled)):
            return ClaimReason.NO_HOST
    return None
