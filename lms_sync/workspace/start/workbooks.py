"""The workbooks that `lms-sync init` writes: styled sheets made of the very forms that the checks read."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from lms_sync.law.series import load
from lms_sync.model.course_map import CourseMap
from lms_sync.tables.fields import Column, Kind
from lms_sync.tables.form import Form
from lms_sync.tables.text_cells import Kind as CellKind
from lms_sync.tables.write import ColumnSpec, SheetSpec, write_workbook
from lms_sync.workspace.mapping.forms import COURSES, OFFERINGS
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, BUILDINGS, CONTACTS, FORMS, PARTNERS, PEOPLE

Cell = str | int | Decimal | date | None
Line = Mapping[str, Cell]
"""Heading → what stands in the cell; headings that are missing stay blank."""

CELL_KINDS: Mapping[Kind, CellKind] = {"date": "date", "whole": "number", "number": "number"}
"""All other kinds are text."""

EXAMPLES: Mapping[str, tuple[Line, ...]] = {
    PARTNERS.title: (
        {
            "Partner ID": "EXAMPLE-PD",
            "Name": "Example Police Department",
            "Kind": "law enforcement",
            "Report to": "chief@example.org; training@example.org",
            "Copy to": "liaison@example.org",
            "Cadence": "weekly",
        },
        {"Partner ID": "EXAMPLE-OWN", "Name": "Own officers", "Kind": "district", "Cadence": "none"},
    ),
    AGREEMENTS.title: (
        {
            "Agreement ID": "EXAMPLE-PD-2026",
            "Partner ID": "EXAMPLE-PD",
            "School year": "2026-27",
            "Starts": date(2026, 9, 1),
            "Ends": date(2027, 8, 31),
            "Review due": date(2027, 6, 1),
            "Adopted on": date(2026, 8, 20),
        },
    ),
    PEOPLE.title: (
        {
            "Person ID": "EXAMPLE-00417",
            "Last name": "Doe",
            "First name": "Josephine",
            "Preferred name": "Jo",
            "E-mails": "jo.doe@example.org; jdoe@example.com",
            "Class": "SRO",
            "Class decided by": "A. Roe, HR",
            "Class decided on": date(2026, 8, 24),
            "First day with students": date(2026, 9, 2),
            "Other IDs": "vector:00417",
        },
    ),
    ASSIGNMENTS.title: (
        {
            "Person ID": "EXAMPLE-00417",
            "Agreement ID": "EXAMPLE-PD-2026",
            "Starts": date(2026, 9, 1),
            "Position": "School resource officer",
            "Buildings": "Lincoln HS: 3; Stadium HS: 2",
            "Series": "required",
            "Decided by": "A. Roe, HR",
            "Decided on": date(2026, 8, 24),
        },
    ),
    BUILDINGS.title: ({"Building": "EXAMPLE Lincoln HS", "Also written": "Lincoln; LHS"},),
    CONTACTS.title: (
        {"Partner ID": "EXAMPLE-PD", "Address": "sergeant@example.org", "Buildings": "Lincoln HS; Stadium HS"},
    ),
    OFFERINGS.title: (
        {
            "Course": "EXAMPLE: S5: School Safety Staff State Summit",
            "Starts": date(2027, 6, 23),
            "Ends": date(2027, 6, 24),
            "Place": "Yakima",
            "Seats": "40",
            "Link": "https://example.org/register",
        },
    ),
}
INTROS: Mapping[str, str] = {
    PARTNERS.title: "Who supplies officers, and who is written to. Rows with an id of EXAMPLE… are passed over.",
    AGREEMENTS.title: "One row per partner and agreement year (RCW 28A.320.1242).",
    PEOPLE.title: "Everybody whose main duty is safety or security at a school, contractors included.",
    ASSIGNMENTS.title: "Who works for which partner, from when to when. One row per person and agreement.",
    BUILDINGS.title: "Not needed: what each building is called, so that another spelling of it is noticed.",
    CONTACTS.title: "Not needed: further contacts, who get a report about some of their partner's buildings only.",
    COURSES.title: "What each course teaches: x under the topic's number. See README.md beside this file.",
    OFFERINGS.title: "Dates on which courses can be taken; plans choose among them. EXAMPLE rows are passed over.",
}


def roster_workbook() -> bytes:
    """Return roster.xlsx with its examples and nobody on it."""
    sheets = [sheet_of(form, EXAMPLES[form.title]) for form in FORMS]
    return write_workbook(None, sheets, title="Roster of safety and security staff")


def mapping_workbook(
    courses: Iterable[Line], offerings: Iterable[Line], *, topics: Mapping[int, str] | None = None
) -> bytes:
    """Return courses.xlsx with these rows; `topics` by number, in the words of today's law where none are given."""
    topics = load().wordings if topics is None else topics
    sheets = (
        sheet_of(COURSES, courses, notes={str(number): wording for number, wording in topics.items()}),
        sheet_of(OFFERINGS, offerings),
        _topics(topics),
    )
    return write_workbook(None, sheets, title="What courses teach")


def sheet_of(form: Form, lines: Iterable[Line], *, notes: Mapping[str, str] | None = None) -> SheetSpec:
    """Return a form's sheet with rows; `notes` replace the notes of some headings."""
    notes = notes or {}
    return SheetSpec(
        title=form.title,
        columns=tuple(_column(column, notes.get(column.heading, column.note)) for column in form.columns),
        rows=tuple(tuple(line.get(column.heading) for column in form.columns) for line in lines),
        intro=(form.title, INTROS[form.title]),
        table=form.title,
        freeze_columns=_frozen(form),
    )


def _column(column: Column, note: str) -> ColumnSpec:
    choices = ("x",) if column.kind == "mark" else column.choices
    short = note if len(note) <= 255 else note[:254].rsplit(" ", 1)[0] + "…"
    return ColumnSpec(column.heading, column.width, CELL_KINDS.get(column.kind, "text"), short, choices)


def _frozen(form: Form) -> int:
    """Return how many columns stay while scrolling sideways: those that tell which row it is."""
    return {COURSES.title: 3, PEOPLE.title: 3}.get(form.title, 1)


def _topics(topics: Mapping[int, str]) -> SheetSpec:
    columns = (ColumnSpec("Topic", 8, "number"), ColumnSpec("Subject, RCW 28A.310.515(2)", 110))
    return SheetSpec(
        title="Topics",
        columns=columns,
        rows=tuple((number, wording) for number, wording in topics.items()),
        intro=(
            "Topics",
            "The thirteen subjects in the law's order, for reference. The program does not read this sheet.",
        ),
        table="Topics",
    )


def map_lines(course_map: CourseMap) -> tuple[list[Line], list[Line]]:
    """Return the lines of the sheets Courses and Offerings that give this map when they are read again."""
    courses: list[Line] = [
        {
            "Source": row.source,
            "Course": row.course,
            "Unit": row.unit,
            "Title": row.title,
            **{str(number): "x" for number in row.topics},
            "On-the-job days": row.on_the_job_days or None,
            "Check-ins": row.check_ins or None,
            "Counts from": row.counts_from,
            "Counts until": row.counts_until,
            "Minimum score": row.minimum_score,
            "Decided by": row.decided_by,
            "Decided on": row.decided_on,
            "Note": row.note,
            "Provider": row.provider,
            "Hours": row.hours,
            "Fee": row.fee,
            "Link": row.link,
        }
        for row in course_map.rows
    ]
    offered: list[Line] = [
        {
            "Course": offering.course,
            "Unit": offering.unit,
            "Starts": offering.starts,
            "Ends": offering.ends,
            "Place": offering.place,
            "Seats": offering.seats,
            "For partners": "; ".join(offering.for_partners or ()),
            "Link": offering.link,
        }
        for offering in course_map.offerings
    ]
    return courses, offered
