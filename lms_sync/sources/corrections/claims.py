"""A workbook that came back → its entries as claims, or why it is refused as a whole."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from lms_sync.model.address import fold_address
from lms_sync.model.evidence import ClaimReason, Completion, Item, Learner, Refused, Skipped
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Partner, Roster
from lms_sync.sources.corrections.sheet_form import (
    FORM,
    INPUTS,
    MARK,
    TITLE,
    VALID_DAYS,
    day_of,
    partner_of,
    row_code,
)
from lms_sync.sources.pull import FileRead
from lms_sync.tables.cells import Sheet, Unreadable
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry, FormReader
from lms_sync.tables.form_cells import beyond_the_form
from lms_sync.tables.guard import read_guarded
from lms_sync.tables.typed_days import DateOrder
from lms_sync.text import fold, plain, written_day
from lms_sync.workspace.settings.corrections import CORRECTIONS

LAW_SINCE = date(2021, 7, 25)
"""The act's first day, by lms_sync/law/topics.toml: a day long before it is a typing error."""
RULES = "2"
"""Version of how returned workbooks are read; another one makes them be read again."""
COUNTED = ("on-the-job", "check-in")
"""Requirements of which several days count: each day is a record of its own."""


@dataclass(frozen=True, slots=True)
class Returned:
    """One workbook that came back."""

    name: str
    """The file's name, or the message and its attachment."""
    content: bytes
    sender: str
    """The address it came from; empty for a workbook that the district itself put into the folder."""
    doubt: str = ""
    """Why the sender's address can't be relied on; empty when nothing speaks against it."""
    verified: str = ""
    """What was verified of the sender, in words for the person who decides; empty where there is none."""
    enclosed: tuple[str, ...] = ()
    """Names and hashes of the certificates that came with it."""


@dataclass(frozen=True, slots=True)
class FormContext:
    """What a returned workbook is held against."""

    pseudonyms: Pseudonyms
    roster: Roster
    today: date
    dates: DateOrder = ""
    """The order in which partners write days in digits."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Requirement → what the law calls it: what the returned sheet calls it is anybody's word."""

    @property
    def contacts(self) -> frozenset[str]:
        """Return the addresses of every partner's contacts, folded."""
        return frozenset(address for partner in self.roster.partners.values() for address in _contacts(partner))


def fingerprint_of(content: bytes, dates: DateOrder = "") -> str:
    """Return what must be unchanged for a workbook to be skipped."""
    return hashlib.sha256(f"{RULES}{dates}".encode() + hashlib.sha256(content).digest()).hexdigest()


def recognise(returned: Returned, counter: FormContext) -> FileRead:
    """Return the workbook's entries: claims, refused rows; a foreign or tampered one is one refused item.

    Nothing of a workbook counts unless every code in it is right.
    """
    sha256 = hashlib.sha256(returned.content).hexdigest()
    origin = Origin(file=returned.name, sha256=sha256)
    found = _entries(returned, counter)
    if isinstance(found, Finding):
        items: Sequence[Item] = (Item(origin, (), Refused(found)),)
    else:
        partner_id, entries = found
        read = (_item(entry, origin, partner_id, returned, counter) for entry in entries)
        items = tuple(item for item in read if item is not None)
    return FileRead(returned.name, sha256, fingerprint_of(returned.content, counter.dates), tuple(items), ())


def _entries(returned: Returned, counter: FormContext) -> tuple[str, tuple[Entry, ...]] | Finding:
    try:
        sheets = read_guarded(returned.content).sheets
    except Unreadable as error:
        return _refused("correction-unreadable", returned.name, Wrong(error.found, error.expected, error.remedy))
    sheet = next((s for s in sheets if fold(s.name) == fold(TITLE)), None)
    form = _form_id(sheet) if sheet else ""
    partner_id = partner_of(form, counter.pseudonyms)
    if sheet is None or not partner_id or partner_id not in counter.roster.partners:
        wrong = Wrong(
            "no form of this district" if not form else f"the form {form[:60]}, which this district has not made",
            "a workbook as the district sent it, for a partner on the roster",
            "It may be a preview or a copy from elsewhere: ask for the last report's workbook. Nothing counts.",
        )
        return _refused("correction-foreign", returned.name, wrong)
    if why := _untrusted(returned, partner_id, counter):
        wrong = Wrong(why, f"a contact of {partner_id}", "Ask the partner's contact to send it; nothing counts.")
        return _refused("correction-sender", returned.name, wrong)
    made_on = day_of(form)
    if made_on is None or (counter.today - made_on).days > VALID_DAYS:
        wrong = Wrong(
            f"the form of {written_day(made_on)}, which was good for {VALID_DAYS} days",
            "a form of the last report",
            "Ask for the entries in the workbook of the last report; nothing of this one counts.",
        )
        return _refused("correction-expired", returned.name, wrong)
    filled = FormReader(returned.name, Area.CLAIM, (sheet,), counter.dates).read(FORM)
    if not filled.whole or any(
        f.code.startswith(("heading-doubled", "heading-missing", "header")) for f in filled.findings
    ):
        wrong = Wrong("columns are missing or doubled", "the sheet as it was sent", "Fill in a fresh copy.")
        return _refused("correction-tampered", returned.name, wrong)
    for entry in filled.entries:
        if _tampered(entry, form, counter.pseudonyms):
            where = entry.where("Code")
            wrong = Wrong(
                "a row that the district did not write, or a person or requirement that was changed",
                "rows as they were sent, with only the yellow cells filled in",
                "Fill in a fresh copy of the workbook; nothing of this one counts.",
            )
            return _refused("correction-tampered", where, wrong)
    return partner_id, filled.entries


def _form_id(sheet: Sheet) -> str:
    for row in sheet.rows[:20]:
        for cell in row.cells:
            if isinstance(cell, str) and plain(cell).startswith(MARK.strip()):
                return plain(cell).removeprefix(MARK.strip()).strip()
    return ""


def _untrusted(returned: Returned, partner_id: str, counter: FormContext) -> str:
    """Return why the sender is not believed; empty for a contact, and for the district's own folder."""
    if not returned.sender:
        return ""
    if fold_address(returned.sender) not in _contacts(counter.roster.partners[partner_id]):
        return "it came from an address that is no contact of this partner"
    return returned.doubt


def _contacts(partner: Partner) -> frozenset[str]:
    return frozenset(fold_address(address) for address in partner.addresses)


def _tampered(entry: Entry, form: str, pseudonyms: Pseudonyms) -> bool:
    """Tell whether a row that says anything is none that the district wrote."""
    person_id, requirement = entry.text("Person ID"), entry.text("Requirement")
    filled = person_id or requirement or entry.text("Code") or any(heading in entry.answers for heading in INPUTS)
    return bool(filled) and entry.text("Code") != row_code(form, person_id, requirement, pseudonyms)


def _item(entry: Entry, origin: Origin, partner_id: str, returned: Returned, counter: FormContext) -> Item | None:
    """Return what a row says; None for one that was not filled in."""
    given = {heading: entry.text(heading) for heading in INPUTS if entry.text(heading) not in ("", "not needed")}
    day = entry.day("Completed on")
    bad_day = "Completed on" in entry.wrong
    if not (given or day or bad_day):
        return None
    place = Origin(origin.file, origin.sha256, TITLE, entry.cell("Completed on").rpartition("!")[2])
    words = tuple((h, str(entry.answers[h])) for h in ("Person ID", "Requirement", *INPUTS) if h in entry.answers)
    reading = _reading(entry, place, partner_id, returned, counter)
    return Item(place, words, reading, frozenset({"Person ID"}), frozenset({"Requirement", "Completed on"}))


def _reading(
    entry: Entry, place: Origin, partner_id: str, returned: Returned, counter: FormContext
) -> Completion | Refused | Skipped:
    person_id, requirement, day = entry.text("Person ID"), entry.text("Requirement"), entry.day("Completed on")
    if problem := _tried_problem(entry, partner_id, counter):
        return Refused(_refused("correction-row", str(place), problem))
    attributes = {
        "certificate": entry.text("Certificate number"),
        "experienced_officer": entry.text("Experienced officer"),
        "host_school": entry.text("Host school"),
        "provider": entry.text("Provider"),
        "reported_by": returned.sender or "the district's inbox",
        "sender": returned.verified,
        "enclosed": "; ".join(returned.enclosed),
    }
    return Completion(
        source=CORRECTIONS,
        record=record_of(person_id, requirement, day),
        learner=Learner(CORRECTIONS, person_id, person_id),
        course=requirement,
        course_title=counter.titles.get(requirement, requirement),
        day=day,
        origin=place,
        status="reported by the partner",
        claim=ClaimReason.CORRECTION,
        attributes=tuple(sorted((k, v) for k, v in attributes.items() if v and v != "not needed")),
    )


def record_of(person_id: str, requirement: str, day: date | None) -> str:
    """Return the key of a row: each day of what is counted has its own; of all else a later row replaces it."""
    return "\x1f".join((person_id, requirement, *((str(day),) if requirement in COUNTED else ())))


def _tried_problem(entry: Entry, partner_id: str, counter: FormContext) -> Wrong | None:
    """Return what is wrong with a row, also where it holds what nobody foresaw."""
    try:
        return _problem(entry, partner_id, counter)
    except Exception as error:  # one row must not cost the others
        return beyond_the_form(error)


def _problem(entry: Entry, partner_id: str, counter: FormContext) -> Wrong | None:
    day, person_id = entry.day("Completed on"), entry.text("Person ID")
    if day is None:
        wrong = entry.wrong.get("Completed on", Wrong("no day", "the day of completion", ""))
        return replace(wrong, remedy="Ask the partner for the day.")
    if day > counter.today:
        return Wrong(
            f"{written_day(day)}, a day in the future", "a day that has passed", "Ask the partner for the right day."
        )
    if day.year < LAW_SINCE.year - 20:
        return Wrong(
            f"{written_day(day)}, long before the law", "the day of completion", "Ask the partner for the right day."
        )
    assigned: Mapping[str, object] = {a.person_id: a for a in counter.roster.assigned(partner_id, counter.today)}
    if person_id not in assigned:
        return Wrong(
            "somebody who is not assigned to this partner today",
            "a person of this partner",
            "See the roster's sheet Assignments; nothing counts until it is settled.",
        )
    return None


def _refused(code: str, where: str, wrong: Wrong) -> Finding:
    return Finding(Area.CLAIM, code, where, wrong.found, wrong.expected, wrong.remedy, source=CORRECTIONS)
