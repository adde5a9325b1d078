"""Lines of a made-up roster, and what is found of them."""

from collections.abc import Mapping
from datetime import date

from lms_sync.tables.form import Form
from lms_sync.tables.read import Row, Sheet, Value
from lms_sync.workspace.roster.check import RosterCheck, check_roster_sheets
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, PARTNERS, PEOPLE

Line = Mapping[str, Value]
POLICE: Line = {
    "Partner ID": "PD",
    "Name": "Police",
    "Kind": "Law Enforcement",
    "Report to": "chief@example.org",
    "Cadence": "weekly",
}
GUARDS: Line = {**POLICE, "Partner ID": "GC", "Kind": "security company", "Report to": "boss@example.com"}
YEAR: Line = {
    "Agreement ID": "PD-26",
    "Partner ID": "PD",
    "School year": "2026-27",
    "Starts": date(2026, 9, 1),
    "Ends": date(2027, 8, 31),
}
DOE: Line = {
    "Person ID": "00417",
    "Last name": "Doe",
    "First name": "Jo",
    "E-mails": "jo@example.org",
    "Class": "sro",
    "Class decided by": "A. Roe",
    "Class decided on": date(2026, 8, 1),
    "First day with students": date(2026, 9, 2),
}
ROE: Line = {**DOE, "Person ID": "00418", "Last name": "Roe", "E-mails": "roe@example.org"}
WORK: Line = {
    "Person ID": "00417",
    "Agreement ID": "PD-26",
    "Starts": date(2026, 9, 1),
    "Series": "required",
    "Decided by": "A. Roe",
    "Decided on": date(2026, 8, 1),
}


def sheet(form: Form, *lines: Line) -> Sheet:
    headings = tuple(column.heading for column in form.columns)
    rows = [Row(n, tuple(line.get(heading) for heading in headings)) for n, line in enumerate(lines, start=2)]
    return Sheet(form.title, hidden=False, rows=(Row(1, headings), *rows))


def check(
    *work: Line,
    partners: tuple[Line, ...] = (POLICE,),
    agreements: tuple[Line, ...] = (YEAR,),
    people: tuple[Line, ...] = (DOE,),
    known: frozenset[str] | None = None,
    today: date | None = None,
) -> RosterCheck:
    sheets = [
        sheet(PARTNERS, *partners),
        sheet(AGREEMENTS, *agreements),
        sheet(PEOPLE, *people),
        sheet(ASSIGNMENTS, *(work or (WORK,))),
    ]
    return check_roster_sheets(sheets, file="roster.xlsx", known=known, today=today)


def told(checked: RosterCheck) -> list[tuple[str, str, bool]]:
    return [(f.code, f.where.partition(", ")[2], f.blocks) for f in checked.findings]
