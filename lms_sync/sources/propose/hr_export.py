"""An HR system's export beside the roster: who joined, who left, what changed. Nothing is decided."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms_sync.errors import UsageError
from lms_sync.model.names import plain_words
from lms_sync.model.roster import PartnerKind, Person, Roster
from lms_sync.sources.propose.columns import bare_id
from lms_sync.sources.propose.headings import heading_words, ideas_of
from lms_sync.tables.annotate import Remark
from lms_sync.tables.cells import Row, Sheet, address, text
from lms_sync.tables.form import Entry
from lms_sync.tables.typed_days import DateOrder, days_of
from lms_sync.text import fold, plain
from lms_sync.workspace.roster.conflicts import Written

SEARCHED_ROWS = 20
GONE = frozenset(plain_words("terminated inactive separated resigned retired left former ended"))
ENDINGS = frozenset(
    plain_words(
        "termination terminated separation separated resignation resigned retirement retired end ended left leaving"
        " exit"
    )
)
NOT_ENDED = frozenset(("", *plain_words("na none null no n false active current present open ongoing tbd unknown")))
"""What people write below such a heading of somebody who is still there."""
DAYS = frozenset(plain_words("date dt day days year years updated modified changed"))
OTHER_SPANS = frozenset(
    plain_words("probation leave benefit benefits insurance license certification visa clearance marital")
)
"""What else ends, or has a status, than somebody's employment."""
OTHER_PEOPLE = frozenset(plain_words("supervisor manager mentor principal approver emergency spouse"))
OTHER_NAMES = frozenset(
    plain_words(
        "preferred middle job position location department dept building school company employer agency vendor"
        " contact center national ssn social tax organization org division site room"
    )
)
"""Whose or what name or number a heading speaks of, when it is not the person's."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One row of the export."""

    person_id: str
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    ended: str = ""
    """Why the export says that the person is gone; empty while it does not."""


@dataclass(frozen=True, slots=True)
class HrExport:
    """What an export holds."""

    people: tuple[Exported, ...]
    """Each once: of two rows of one person the one who still works counts."""
    without_id: tuple[str, ...]
    """The names in rows that name somebody and have no id: they can't be compared."""


@dataclass(frozen=True, slots=True)
class HrDays:
    """How the export's days are read."""

    today: date
    order: DateOrder = ""

    def to_come(self, words: str) -> bool:
        """Tell whether a day is today or later, however it is read; a word that is no day is none to come."""
        days = days_of(words, self.order) or days_of(words.partition(" ")[0], self.order)
        return bool(days) and min(days) >= self.today


@dataclass(frozen=True, slots=True)
class RosterProposal:
    """What a person is to confirm."""

    joiners: tuple[Exported, ...]
    leavers: tuple[Remark, ...]
    changes: tuple[Remark, ...]

    @property
    def rows(self) -> tuple[dict[str, str], ...]:
        """Return the rows to add to *People*: never a class, a first day or a decision."""
        return tuple(
            {
                "Person ID": joiner.person_id,
                "Last name": joiner.last_name,
                "First name": joiner.first_name,
                "E-mails": joiner.email,
            }
            for joiner in self.joiners
        )


def role_of(heading: str) -> str:
    """Return what a heading of an HR system tells: a field of `Exported`, `name`, `status`, or nothing."""
    words, ideas = set(heading_words(heading)), ideas_of(heading)
    if words & OTHER_PEOPLE:
        return ""
    if "mail" in ideas:
        return "email"
    if words & ENDINGS or {"last", "day"} <= words or ("term" in words and words & DAYS):
        return "" if words & OTHER_SPANS else "ended"
    if words & (DAYS | OTHER_NAMES | OTHER_SPANS):
        return ""
    if "status" in words:
        return "status"
    for idea, role in (("last", "last_name"), ("first", "first_name"), ("id", "person_id"), ("name", "name")):
        if idea in ideas:
            return role
    return ""


def exported(sheets: Sequence[Sheet], days: HrDays, *, only: str = "") -> HrExport:
    """Return the people of an export, each once; with `only`, those of rows that hold the word in any cell.

    Raises: UsageError where no header names ids and names.
    """
    for sheet in sheets:
        for header in sheet.rows[:SEARCHED_ROWS]:
            columns = _columns(header)
            if "person_id" in columns and ({"last_name", "name"} & columns.keys()):
                rows = [row for row in sheet.rows if row.number > header.number and _holds(row, only)]
                return _each_once([_person(row, columns, days) for row in rows])
    raise UsageError(
        "no row names an id and a name, as a header would",
        hint="The export needs a column of ids (Employee ID) and one of names (Last name, First name, or Name).",
    )


def _each_once(rows: Sequence[Exported]) -> HrExport:
    people: dict[str, Exported] = {}
    for row in rows:
        before = people.get(bare_id(row.person_id))
        if row.person_id and (before is None or before.ended):
            people[bare_id(row.person_id)] = row
    names = (", ".join(filter(None, (row.last_name, row.first_name))) for row in rows if not row.person_id)
    return HrExport(tuple(people.values()), tuple(filter(None, names)))


def _columns(header: Row) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, value in enumerate(header.cells):
        if role := role_of(plain(text(value))):
            columns.setdefault(role, index)
    return columns


def _holds(row: Row, word: str) -> bool:
    return any(fold(word) in fold(text(value)) for value in row.cells if value is not None)


def _person(row: Row, columns: Mapping[str, int], days: HrDays) -> Exported:
    cells = {role: plain(text(row.cell(index))) for role, index in columns.items()}
    last, first = cells.get("last_name", ""), cells.get("first_name", "")
    if name := cells.get("name", ""):
        before, comma, after = name.partition(",")
        whole = (before, after) if comma else (name.rpartition(" ")[2], name.rpartition(" ")[0])
        last, first = last or plain(whole[0]), first or plain(whole[1])
    status = cells.get("status", "")
    gone = set(heading_words(status)) & GONE
    left = "" if _still_there(cells.get("ended", "")) else cells["ended"]
    ended = (status if gone else "") if days.to_come(left) else left or (status if gone else "")
    return Exported(cells["person_id"].removesuffix(".0"), last, first, cells.get("email", ""), ended)


def _still_there(words: str) -> bool:
    """Tell whether what stands below a heading of an end says that there is none: a dash, `N`, `00/00/0000`."""
    signs = "".join(sign for sign in fold(words) if sign.isalnum())
    return signs in NOT_ENDED or not signs.strip("0")


@dataclass(frozen=True, slots=True)
class Beside:
    """What the export is compared with: the roster as it is typed."""

    roster: Roster
    written: Written
    """Its rows."""


def compare(beside: Beside, export: Sequence[Exported], *, partners: frozenset[str]) -> RosterProposal:
    """Return who joined, left or changed; only people of these partners can be missing from the export.

    No partners: the district's own people, whom its HR system knows.
    """
    own = partners or {p.partner_id for p in beside.roster.partners.values() if p.kind is PartnerKind.DISTRICT}
    rows = {person.person_id: entry for entry, person in beside.written.people}
    known = {bare_id(person_id): person for person_id, person in beside.roster.people.items()}
    listed = {bare_id(row.person_id): row for row in export}
    joiners = tuple(row for bare, row in listed.items() if bare not in known and not row.ended)
    changes = [
        remark
        for bare, row in listed.items()
        if bare in known and not row.ended
        for remark in _changes(known[bare], row, rows[known[bare].person_id])
    ]
    return RosterProposal(joiners, tuple(_leavers(beside, listed, own)), tuple(changes))


def _leavers(beside: Beside, listed: Mapping[str, Exported], own: frozenset[str] | set[str]) -> Iterator[Remark]:
    for entry, assignment in beside.written.assignments:
        row = listed.get(bare_id(assignment.person_id))
        if assignment.ends is not None or (row is None and assignment.partner_id not in own):
            continue
        if row is None:
            why = "is not in the export"
        elif row.ended:
            why = f"has left by the export ({row.ended})"
        else:
            continue
        words = f"{assignment.person_id} {why}. If so, write the last day of work here; if not, leave it blank."
        yield Remark("Assignments", entry.cell("Ends").partition("!")[2], words, serious=False)


def _changes(person: Person, row: Exported, entry: Entry) -> Iterator[Remark]:
    names = (("Last name", person.last_name, row.last_name), ("First name", person.first_name, row.first_name))
    for heading, held, exported_name in names:
        if exported_name and fold(held) != fold(exported_name):
            yield _change(entry, heading, exported_name)
    known = {fold(email) for email in person.emails}
    if row.email and re.search(r"@", row.email) and fold(row.email) not in known:
        yield _change(entry, "E-mails", row.email)


def _change(entry: Entry, heading: str, words: str) -> Remark:
    where = address(entry.row, entry.columns[heading]) if heading in entry.columns else ""
    remark = f"{entry.text('Person ID')}: the export says “{words}” ({heading}). Take it over if it is right."
    return Remark("People", where, remark, serious=False)
