"""The columns of mappings/courses.xlsx."""

from lms_sync.tables.fields import NOT_AHEAD, Column
from lms_sync.tables.form import Form

TOPICS = range(1, 14)
MOST_ON_THE_JOB = 1
"""One record stands for one day at most: two on-the-job days are two dates."""
MOST_CHECK_INS = 6

FOR_PARTNERS = "For partners"
"""Heading of the column of *Offerings* that says to whom one is open."""
ONE_DAY = "0 or 1: a record counts as one day; two on-the-job days are two records with two dates."
SIX_CHECK_INS = "0 to 6: how many check-in trainings one record counts as."

COURSES = Form(
    "Courses",
    (
        Column(
            "Source",
            required=True,
            width=10,
            note="The source's name in lms_sync.toml, or * for every source that has no row of its own.",
        ),
        Column(
            "Course",
            "id",
            required=True,
            aliases=("Course ID",),
            width=36,
            note="The source's id of the course; with *, or where there is no id, its title as the source writes it.",
        ),
        Column("Unit", "id", width=30, note="A unit's id or title. Blank: completion of the whole course only."),
        Column("Title", width=24, aliases=("Course title",), note="What reports call it. Blank: as the source does."),
        *(Column(str(number), "mark", aliases=(f"Topic {number}",), width=5) for number in TOPICS),
        Column("On-the-job days", "whole", most=MOST_ON_THE_JOB, width=11, note=ONE_DAY),
        Column("Check-ins", "whole", most=MOST_CHECK_INS, width=11, note=SIX_CHECK_INS),
        Column("Counts from", "date", width=13, note="First day of completion that counts. Blank: always."),
        Column("Counts until", "date", width=13, note="Last day of completion that counts. Blank: no end."),
        Column(
            "Minimum score",
            "number",
            width=11,
            note="Completions under this score, or without one, don't count.",
            units=("%", "percent", "points"),
        ),
        Column(
            "Decided by", width=20, note="Who decided what the course teaches. Blank: the row does not count yet."
        ),
        Column(
            "Decided on",
            "date",
            width=13,
            note="The day of the decision. Blank: the row does not count yet.",
            ahead=NOT_AHEAD,
        ),
        Column("Note", width=60, note="Why it was decided so."),
        Column("Provider", width=22),
        Column("Hours", "number", width=9, units=("h", "hr", "hrs", "hour", "hours")),
        Column(
            "Fee",
            "number",
            width=10,
            note="US dollars for one person; 0 when free, blank when not known.",
            units=("$", "usd"),
        ),
        Column("Link", width=34, note="https://…, where people register."),
    ),
)
OFFERINGS = Form(
    "Offerings",
    (
        Column("Course", "id", required=True, width=44, note="As in the sheet Courses."),
        Column("Unit", "id", width=34, note="As in the sheet Courses; blank for the whole course."),
        Column("Starts", "date", width=13, note="First day. Blank: can be started on any day."),
        Column("Ends", "date", width=13, note="Last day. Blank: self-paced."),
        Column("Place", width=30),
        Column("Seats", "whole", width=10, note="A number, as the provider states it; shown, not allocated."),
        Column("Link", width=34, note="https://…, where people register for this date."),
        Column(
            FOR_PARTNERS,
            width=22,
            optional=True,
            note="Partner IDs that may take it, separated by ;. Blank: everybody may. ?: nobody, until you know.",
        ),
    ),
    optional=True,
)
