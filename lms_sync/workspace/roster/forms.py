"""The columns of roster.xlsx."""

from datetime import timedelta

from lms_sync.model.roster import Cadence, PartnerKind, StaffClass
from lms_sync.tables.fields import NOT_AHEAD, Column
from lms_sync.tables.form import Form

SERIES = ("confirmed", "required")

HALF_A_YEAR = timedelta(days=183)
"""So long may somebody be assigned before the first day with students: a summer, or a leave. No clock is decided on
further ahead."""

PARTNERS = Form(
    "Partners",
    (
        Column("Partner ID", "id", required=True, note="A short code of your own, such as TPD. It never changes."),
        Column("Name", required=True, width=32, note="As reports shall call it."),
        Column("Kind", "choice", required=True, width=18, choices=tuple(PartnerKind), note="Choose from the list."),
        Column("Report to", "list", width=36, note="E-mail addresses that get the report, separated by semicolons."),
        Column(
            "Copy to",
            "list",
            optional=True,
            width=30,
            note="E-mail addresses that get a copy, separated by semicolons.",
        ),
        Column(
            "Cadence", "choice", required=True, width=12, choices=tuple(Cadence), note="How often it is written to."
        ),
    ),
)
AGREEMENTS = Form(
    "Agreements",
    (
        Column("Agreement ID", "id", required=True, width=20, note="A short code of your own, such as TPD-2026."),
        Column("Partner ID", "id", required=True, note="As in the sheet Partners."),
        Column("School year", "id", required=True, width=13, note="Such as 2026-27."),
        Column("Starts", "date", required=True, width=13, note="First day of the agreement."),
        Column("Ends", "date", width=13, note="Last day of the agreement. Blank: open."),
        Column("Review due", "date", optional=True, width=13, note="By when this year's review shall be done."),
        Column("Adopted on", "date", optional=True, width=13, note="When the board adopted it.", ahead=NOT_AHEAD),
    ),
)
PEOPLE = Form(
    "People",
    (
        Column("Person ID", "id", required=True, note="The person's own number, as text: 00417 keeps its zeros."),
        Column("Last name", required=True, width=18),
        Column("First name", required=True, width=16),
        Column("Preferred name", optional=True, width=14),
        Column(
            "E-mails",
            "list",
            aliases=("Emails", "E-mail", "Email"),
            width=34,
            note="All of the person's addresses that a training site may know, separated by semicolons.",
        ),
        Column(
            "Class",
            "choice",
            width=9,
            choices=tuple(StaffClass),
            note="A recorded decision, not a guess from the title. Blank: not decided yet.",
        ),
        Column("Class decided by", width=20, note="Who decided the class."),
        Column("Class decided on", "date", width=13, note="When the class was decided.", ahead=NOT_AHEAD),
        Column(
            "First day with students",
            "date",
            width=13,
            note="First day of work on school property when students are expected; never the hire date.",
        ),
        Column(
            "Other IDs",
            "list",
            optional=True,
            width=28,
            note="Confirmed accounts, source:id, separated by semicolons. Example: canvas:4417; vector:00417",
        ),
        Column(
            "Clock starts",
            "date",
            optional=True,
            width=13,
            note="Only for a first day before 25 July 2021: the day from which the district counts.",
            ahead=HALF_A_YEAR,
        ),
        Column("Clock decided by", optional=True, width=20, note="Who decided when the clock starts."),
        Column("Clock decided on", "date", optional=True, width=13, note="When that was decided.", ahead=NOT_AHEAD),
        Column(
            "Clock citing",
            optional=True,
            width=30,
            note="What the decision rests on: a letter, minutes, a section of law.",
        ),
    ),
)
ASSIGNMENTS = Form(
    "Assignments",
    (
        Column("Person ID", "id", required=True, note="As in the sheet People."),
        Column(
            "Agreement ID", "id", width=20, note="As in the sheet Agreements. Blank for the district's own officers."
        ),
        Column(
            "Partner ID",
            "id",
            optional=True,
            note="For the district's own officers; otherwise the agreement says it.",
        ),
        Column("Starts", "date", required=True, width=13, note="First day of the assignment."),
        Column("Ends", "date", width=13, note="Last day of the assignment. Blank: it goes on."),
        Column("Position", optional=True, width=24),
        Column(
            "Buildings",
            "list",
            optional=True,
            width=36,
            note="Each building with days a week: Lincoln HS: 3; Stadium HS: 2",
        ),
        Column(
            "Series",
            "choice",
            aliases=("Series confirmed or required",),
            width=12,
            choices=SERIES,
            note="Before assignment: documentation was confirmed, or the series was required (RCW 28A.400.345).",
        ),
        Column("Decided by", width=20, note="Who confirmed or required it."),
        Column("Decided on", "date", width=13, note="When; before the assignment starts.", ahead=NOT_AHEAD),
    ),
)
BUILDINGS = Form(
    "Buildings",
    (
        Column("Building", "id", required=True, width=32, note="As reports and the export to OSPI shall call it."),
        Column(
            "Also written",
            "list",
            optional=True,
            width=40,
            note="Other spellings, separated by semicolons: CHS; Cascade",
        ),
    ),
    optional=True,
)
CONTACTS = Form(
    "Contacts",
    (
        Column("Partner ID", "id", required=True, note="As in the sheet Partners."),
        Column("Address", "list", required=True, width=36, note="Who gets a report about these buildings only."),
        Column(
            "Buildings",
            "list",
            required=True,
            width=40,
            note="As in Assignments, separated by semicolons. Contacts for all buildings go into Partners instead.",
        ),
    ),
    optional=True,
)
FORMS = (PARTNERS, AGREEMENTS, PEOPLE, ASSIGNMENTS, BUILDINGS, CONTACTS)
