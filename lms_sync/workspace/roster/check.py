"""The roster workbook → who works for whom, or everything that is wrong with it, by cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from lms_sync.errors import UsageError
from lms_sync.model.finding import Area, Finding
from lms_sync.model.roster import Roster
from lms_sync.tables.days_to_come import days_to_come, rests_on_today
from lms_sync.tables.fields import Column, Wrong
from lms_sync.tables.form import Entry, Filled, FormReader
from lms_sync.tables.form_cells import beyond_the_form
from lms_sync.tables.guard import read_guarded
from lms_sync.tables.read import Sheet, Unreadable, read_sheets
from lms_sync.tables.typed_days import DateOrder
from lms_sync.workspace.roster.buildings import KnownBuildings, building_findings, known_buildings
from lms_sync.workspace.roster.conflicts import Written, about_person, conflicts
from lms_sync.workspace.roster.contacts import WrittenContact, contact_findings, with_contacts, written_contacts
from lms_sync.workspace.roster.entries import Rows
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, BUILDINGS, CONTACTS, PARTNERS, PEOPLE
from lms_sync.workspace.roster.ids import lost_zeros, unfit_ids
from lms_sync.workspace.roster.open_elsewhere import how_to_open

Fact = TypeVar("Fact")
SHEETS = (PARTNERS, AGREEMENTS, PEOPLE, ASSIGNMENTS, BUILDINGS, CONTACTS)


@dataclass(frozen=True, slots=True)
class RosterCheck:
    """What checking the workbook gave."""

    roster: Roster | None
    """None when any finding blocks: the last good version stays in force."""
    findings: tuple[Finding, ...]
    written: Written | None = None
    """The rows as they are typed; None for a file that can't be read."""

    @property
    def rests_on_today(self) -> bool:
        """Tell whether another day may find something else of the same file."""
        return rests_on_today(self.findings)


def check_roster(
    path: Path, *, dates: DateOrder = "", known: frozenset[str] | None = None, today: date | None = None
) -> RosterCheck:
    """Return the roster, or None, and all findings; `dates` is the order in which HR writes days in digits.

    `known` are the ids that were ever on the roster: they stay, while a new one must be fit for file names and
    headers. None where nobody can tell which are new; then an unfit one is told, and keeps nothing from coming into
    force. Without `today` nothing is said of days in the future.
    """
    reader = FormReader(path.name, Area.ROSTER, ())
    try:
        sheets = read_sheets(path)
    except FileNotFoundError:
        wrong = Wrong(
            "no such file", "the roster workbook", "Put it back, or name it in lms_sync.toml, [roster] path."
        )
        return RosterCheck(None, (reader.finding("file-missing", path.name, wrong),))
    except Unreadable as error:
        wrong = Wrong(error.found, error.expected, error.remedy)
        return RosterCheck(None, (reader.finding("file-unreadable", path.name, wrong),))
    except OSError as error:
        wrong = Wrong(f"it cannot be opened ({error.strerror})", "the roster workbook", how_to_open(path))
        return RosterCheck(None, (reader.finding("file-unreadable", path.name, wrong),))
    try:
        return check_roster_sheets(sheets, file=path.name, dates=dates, known=known, today=today)
    except Exception as error:  # a workbook that nobody foresaw must not end the night: the last good one stays
        return RosterCheck(None, (reader.finding("file-unreadable", path.name, beyond_the_form(error)),))


def check_roster_content(
    content: bytes,
    *,
    file: str,
    dates: DateOrder = "",
    known: frozenset[str] | None = None,
    today: date | None = None,
) -> RosterCheck:
    """Return the same as `check_roster` for a workbook that came from outside, read in a process of its own.

    Raises: UsageError for what is no workbook.
    """
    try:
        return check_roster_sheets(read_guarded(content).sheets, file=file, dates=dates, known=known, today=today)
    except Unreadable as error:
        raise UsageError(f"{file}: {error.found}", hint=error.remedy) from error


def check_roster_sheets(
    sheets: Sequence[Sheet],
    *,
    file: str,
    dates: DateOrder = "",
    known: frozenset[str] | None = None,
    today: date | None = None,
) -> RosterCheck:
    """Return the same as `check_roster` for sheets that have been read already; `file` is the workbook's name."""
    reader = FormReader(file, Area.ROSTER, sheets, dates)
    filled = {form.title: reader.read(form) for form in SHEETS}
    buildings = known_buildings(filled["Buildings"].entries)
    rows = Rows(reader, buildings)
    agreements = _each(rows.agreement, filled["Agreements"].entries)
    by_id = {agreement.agreement_id: agreement for _, agreement in agreements}
    contacts = written_contacts(rows, filled["Contacts"].entries, buildings)
    written = Written(
        partners=with_contacts(_each(rows.partner, filled["Partners"].entries), contacts),
        agreements=agreements,
        people=_each(rows.person, filled["People"].entries),
        assignments=_each(lambda entry: rows.assignment(entry, by_id), filled["Assignments"].entries),
        ids={form.title: _ids(filled[form.title], form.columns[0]) for form in (PARTNERS, AGREEMENTS, PEOPLE)},
        assigned=_ids(filled["Assignments"], ASSIGNMENTS.columns[0]),
    )
    read = [finding for sheet in filled.values() for finding in sheet.findings]
    # A sheet or column that is gone would make every row that refers to it look wrong.
    whole = all(sheet.whole for sheet in filled.values())
    between = _between(reader, written, buildings, contacts) if whole else ()
    torn = {f"{file}, {form.title}" for form in SHEETS if not filled[form.title].whole}
    in_rows = [finding for finding in rows.findings if finding.where.rpartition("!")[0] not in torn]
    unfit = () if torn else tuple(unfit_ids(reader, written, known=known))
    zeros = () if torn else tuple(lost_zeros(reader, written, known=known))
    lost = {finding.subject for finding in zeros}
    read = [f for f in read if not (f.code == "code-is-number" and f.subject in lost)]
    asked = {finding.where for finding in (*read, *in_rows, *between)}
    to_come = [
        about_person(*found)
        for form in SHEETS
        for found in days_to_come(reader, form, filled[form.title], today=today, asked=asked)
    ]
    findings = (*read, *in_rows, *unfit, *zeros, *between, *to_come)
    blocked = any(finding.blocks for finding in findings)
    return RosterCheck(None if blocked else _roster(written), findings, written)


def _between(
    reader: FormReader, written: Written, buildings: KnownBuildings, contacts: Sequence[WrittenContact]
) -> tuple[Finding, ...]:
    """Return what rows say against each other."""
    partners = {partner.partner_id: partner for _, partner in written.partners}
    assignments = [assignment for _, assignment in written.assignments]
    return (
        *conflicts(reader, written),
        *building_findings(reader, written.assignments, buildings),
        *contact_findings(reader, contacts, partners, assignments),
    )


def _ids(filled: Filled, column: Column) -> frozenset[str]:
    written = {entry.text(column.heading) for entry in filled.entries}
    crossed_out = {entry.ids[0] for entry in filled.entries if entry.ids and not entry.answers}
    return frozenset(filter(None, (*written, *crossed_out)))


def _each(make: Callable[[Entry], Fact | None], entries: Sequence[Entry]) -> list[tuple[Entry, Fact]]:
    pairs = [(entry, make(entry)) for entry in entries]
    return [(entry, fact) for entry, fact in pairs if fact is not None]


def _roster(written: Written) -> Roster:
    return Roster(
        partners={partner.partner_id: partner for _, partner in written.partners},
        agreements={agreement.agreement_id: agreement for _, agreement in written.agreements},
        people={person.person_id: person for _, person in written.people},
        assignments=tuple(assignment for _, assignment in written.assignments),
    )


__all__ = ["RosterCheck", "check_roster", "check_roster_content", "check_roster_sheets"]
