"""The demo's roster and course map, as HR and a trainer would have filled them in."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from lms_sync.demo.cast import DEMO_DAY, DOMAINS, CastMember, day, members, numbers, rows
from lms_sync.tables.write import write_workbook
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, PARTNERS, PEOPLE
from lms_sync.workspace.start.starter import read_starter
from lms_sync.workspace.start.workbooks import Line, mapping_workbook, sheet_of

HR = "Robin Ames, HR"
TRAINER = "Jo Whitlock, training"
YEAR_STARTS, YEAR_ENDS = date(2026, 9, 1), date(2027, 8, 31)
HIRED = date(2026, 11, 16)
"""When those began who meet students only next year."""
MOVED, MOVED_ON = "00110", date(2026, 10, 1)
"""Came from the guard company to the police department on that day."""
EVENTS, AT_EVENTS = "NPS-EVENTS-2026", ("00301", "00302", "00305")
"""The guard company's second agreement, and its guards; the ESD's list documents all of them."""
BUILDINGS = (
    "Fernwick HS: 5",
    "Alder MS: 3; Birch ES: 2",
    "Cedar MS: 5",
    "Fernwick HS: 2; Dogwood ES: 3",
    "Elm ES: 2.5; Fir ES: 2.5",
)
POSITIONS = {
    "fpd": "School resource officer",
    "acso": "School deputy",
    "nps": "School guard",
    "fsd": "Campus security officer",
}
MISTAKEN = "De-Escalation Strategies (Full Course)"
"""The first map credits it with topic 4 as well; the corrected one with topic 10 only."""
REFRESHED = "SSO-RESTRAINT-26"
"""The refreshed module that the first map does not know."""
REFRESHED_FROM = date(2026, 9, 1)


def roster_book() -> bytes:
    """Return roster.xlsx."""
    sheets = (
        sheet_of(PARTNERS, PARTNER_LINES),
        sheet_of(AGREEMENTS, (_agreement(*pair) for pair in AGREED)),
        sheet_of(PEOPLE, map(_person, members())),
        sheet_of(ASSIGNMENTS, (line for member in members() for line in _assignments(member))),
    )
    return write_workbook(None, sheets, title="Roster of safety and security staff")


PARTNER_LINES: tuple[Line, ...] = (
    {
        "Partner ID": "fpd",
        "Name": "Fernwick Police Department",
        "Kind": "law enforcement",
        "Report to": f"chief@{DOMAINS['fpd']}; training@{DOMAINS['fpd']}",
        "Cadence": "weekly",
    },
    {
        "Partner ID": "acso",
        "Name": "Alder County Sheriff's Office",
        "Kind": "law enforcement",
        "Report to": f"schools@{DOMAINS['acso']}",
        "Copy to": f"undersheriff@{DOMAINS['acso']}",
        "Cadence": "monthly",
    },
    {
        "Partner ID": "nps",
        "Name": "Northpass Guard Services LLC",
        "Kind": "security company",
        "Report to": f"compliance@{DOMAINS['nps']}",
        "Cadence": "weekly",
    },
    {
        "Partner ID": "fsd",
        "Name": "Fernwick School District",
        "Kind": "district",
        "Report to": f"hr@{DOMAINS['fsd']}",
        "Cadence": "on change",
    },
)


AGREED = (("FPD-2026", "fpd"), ("ACSO-2026", "acso"), ("NPS-2026", "nps"), (EVENTS, "nps"))
"""(Agreement ID, Partner ID)."""


def _agreement(agreement_id: str, partner: str) -> Line:
    return {
        "Agreement ID": agreement_id,
        "Partner ID": partner,
        "School year": "2026-27",
        "Starts": YEAR_STARTS,
        "Ends": YEAR_ENDS,
        "Review due": date(2027, 6, 1),
        "Adopted on": date(2026, 8, 20),
    }


def _agreement_id(member: CastMember, partner: str) -> str:
    return EVENTS if member.person_id in AT_EVENTS else f"{partner.upper()}-2026"


def _person(member: CastMember) -> Line:
    decided: Line = {"Class decided by": HR, "Class decided on": date(2026, 8, 24)} if member.staff_class else {}
    clock: Line = {
        "Clock starts": member.clock,
        "Clock decided by": HR,
        "Clock decided on": date(2026, 1, 20),
        "Clock citing": "Minutes of the training committee, 20 January 2026",
    }
    return {
        "Person ID": member.person_id,
        "Last name": member.last,
        "First name": member.first,
        "Preferred name": member.preferred,
        "E-mails": member.email,
        "Class": member.staff_class,
        "First day with students": member.first_day,
        **decided,
        **(clock if member.clock else {}),
    }


def _assignments(member: CastMember) -> Iterator[Line]:
    if member.person_id == MOVED:
        last = MOVED_ON - timedelta(days=1)
        yield _assignment(member, "nps", YEAR_STARTS) | {"Ends": last, "Position": POSITIONS["nps"]}
        yield _assignment(member, member.partner, MOVED_ON)
    else:
        starts_later = member.first_day is not None and member.first_day > DEMO_DAY
        yield _assignment(member, member.partner, HIRED if starts_later else YEAR_STARTS)


def _assignment(member: CastMember, partner: str, starts: date) -> dict[str, str | date]:
    whom = {"Partner ID": partner} if partner == "fsd" else {"Agreement ID": _agreement_id(member, partner)}
    return {
        "Person ID": member.person_id,
        **whom,
        "Starts": starts,
        "Position": POSITIONS[partner],
        "Buildings": BUILDINGS[int(member.person_id) % len(BUILDINGS)],
        "Series": "required",
        "Decided by": HR,
        "Decided on": starts - timedelta(days=7),
    }


def course_book(*, corrected: bool = False) -> bytes:
    """Return courses.xlsx: the starter map, the demo's courses and offerings; `corrected` as the trainer left it.

    The correction takes topic 4 from MISTAKEN and adds the refreshed module on restraint with an offering.
    """
    courses = [*read_starter().lines(), *(_course(row) for row in rows("courses.csv"))]
    offerings = [_offering(row) for row in rows("offerings.csv")]
    if corrected:
        courses = [_corrected(line) for line in courses] + [_refreshed()]
        offerings.append({"Course": REFRESHED, "Place": "Online"})
    return mapping_workbook(courses, offerings)


def _course(row: dict[str, str]) -> Line:
    return {
        "Source": row["source"],
        "Course": row["course"],
        "Title": row["title"],
        **_marks(numbers(row["topics"])),
        "Decided by": TRAINER,
        "Decided on": date(2026, 10, 9),
        "Note": row["note"],
        "Provider": row["provider"],
        "Hours": Decimal(row["hours"]),
        "Fee": Decimal(row["fee"]) if row["fee"] else None,
        "Link": "https://esd.example.org/register" if row["source"] == "*" else None,
    }


def _marks(topics: tuple[int, ...]) -> dict[str, str]:
    return {str(number): "x" for number in topics}


def _offering(row: dict[str, str]) -> Line:
    return {
        "Course": row["course"],
        "Starts": day(row["starts"]),
        "Ends": day(row["ends"]),
        "Place": row["place"],
        "Seats": int(row["seats"]) if row["seats"] else None,
    }


def _corrected(line: Line) -> Line:
    if line.get("Course") != MISTAKEN:
        return line
    note = "Watched it: de-escalation only, nothing on recognizing mental health issues."
    return {**line, "4": None, "Decided on": DEMO_DAY, "Note": note}


def _refreshed() -> Line:
    return {
        "Source": "moodle",
        "Course": REFRESHED,
        "Title": "Restraint and Isolation (refreshed)",
        **_marks((11,)),
        "Counts from": REFRESHED_FROM,
        "Decided by": TRAINER,
        "Decided on": DEMO_DAY,
        "Note": "The ESD's refreshed module.",
        "Provider": "Canyon ESD",
        "Hours": Decimal(1),
        "Fee": Decimal(0),
        "Link": "https://esd.example.org/register",
    }
