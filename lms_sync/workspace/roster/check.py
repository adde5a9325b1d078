"""The roster workbook → who works for whom, or everything that is wrong with it, by cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lms_sync.model.finding import Area, Finding
from lms_sync.model.roster import Roster
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry, FormReader
from lms_sync.tables.read import Sheet, Unreadable, read_sheets
from lms_sync.workspace.roster.conflicts import Written, conflicts
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, PARTNERS, PEOPLE
from lms_sync.workspace.roster.rows import Rows

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class RosterCheck:
    """What checking the workbook gave."""

    roster: Roster | None
    """None when any finding blocks: the last good version stays in force."""
    findings: tuple[Finding, ...]


def check_roster(path: Path) -> RosterCheck:
    """Return the roster, or None, and all findings."""
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
    return check_roster_sheets(sheets, file=path.name)


def check_roster_sheets(sheets: Sequence[Sheet], *, file: str) -> RosterCheck:
    """Return the same as `check_roster` for sheets that have been read already; `file` is the workbook's name."""
    reader = FormReader(file, Area.ROSTER, sheets)
    filled = {form.title: reader.read(form) for form in (PARTNERS, AGREEMENTS, PEOPLE, ASSIGNMENTS)}
    rows = Rows(reader)
    agreements = _each(rows.agreement, filled["Agreements"].entries)
    by_id = {agreement.agreement_id: agreement for _, agreement in agreements}
    written = Written(
        partners=_each(rows.partner, filled["Partners"].entries),
        agreements=agreements,
        people=_each(rows.person, filled["People"].entries),
        assignments=_each(lambda entry: rows.assignment(entry, by_id), filled["Assignments"].entries),
        agreement_ids=frozenset(entry.text("Agreement ID") for entry in filled["Agreements"].entries),
    )
    read = [finding for sheet in filled.values() for finding in sheet.findings]
    # A sheet or column that is gone would make every row that refers to it look wrong.
    between = conflicts(reader, written) if all(sheet.whole for sheet in filled.values()) else ()
    findings = (*read, *rows.findings, *between)
    blocked = any(finding.blocks for finding in findings)
    return RosterCheck(None if blocked else _roster(written), findings)


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


__all__ = ["RosterCheck", "check_roster", "check_roster_sheets"]
