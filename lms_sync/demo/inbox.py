"""The demo's inbox: four sources' files made from the cast, with what goes wrong in such files planted among them.

Everything planted stands in a list of its own, with the reason beside it; `tests/demo` looks for each.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from io import StringIO
from zoneinfo import ZoneInfo

from lms_sync.demo.books import REFRESHED, REFRESHED_FROM
from lms_sync.demo.cast import CastMember, TopicDone, members, rows
from lms_sync.demo.exports import Cell, ods, xlsx
from lms_sync.tables.cells import ErrorValue

LOCAL = ZoneInfo("America/Los_Angeles")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
PARTNER_NAMES = {
    "fpd": "Fernwick Police Department",
    "acso": "Alder County Sheriff's Office",
    "nps": "Northpass Guard Services LLC",
    "fsd": "Fernwick School District",
}
MATRIX_COURSES = (
    "Constitutional & Civil Rights of Children in School",
    "Child Adolescent Development (Adolescent Brain Development)",
    "Trauma Informed Approaches",
    "Recognition and Responding to Youth Mental Health Issues",
    "Disability and Behavior",
    "Bias Free Policing; Cultural Competency; Diversity Training",
    "Disparities in Force",
    "Collateral Consequences of Arrest, Referral for Prosecution & Court Involvement",
    "Alternatives to Arrest",
    "De-escalation with Youth",
    "Restraint and Isolation",
    "FERPA (Family Educational Rights and Privacy Act)",
    "Restorative Justice Principles and Practices",
)
"""The guard company's headings in the law's order; those of the ESD's class are in the starter map."""


@cache
def courses_of(source: str) -> tuple[tuple[str, str], ...]:
    """Return (course, title) of the demo's courses of this source: the topics' in the law's order, then others."""
    return tuple((row["course"], row["title"]) for row in rows("courses.csv") if row["source"] == source)


def inbox() -> Mapping[str, bytes]:
    """Return path in the workspace → content."""
    return {
        "inbox/moodle/course-participants.csv": moodle_csv(),
        "inbox/vector/completions-2026-11-20.xlsx": xlsx("Completions", list(vector_rows())),
        "inbox/northpass/training-matrix.xlsx": xlsx("Guards", list(matrix_rows())),
        "inbox/district-log/on-the-job-2026.ods": ods("Log", list(log_rows())),
    }


MOODLE_HEADINGS = (
    *("Course ID number", "Course full name with link", "Full name with link", "ID number", "Username"),
    *("Email address", "Agency", "Method", "Completed", "Time completed"),
)


def moodle_csv() -> bytes:
    """Return the ESD's custom report on all its course participants: UTF-8 with a mark, times in UTC."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(MOODLE_HEADINGS)
    for course, title in courses_of("moodle"):
        # Each course has an enrolment method that nobody uses; the report has a line for it.
        writer.writerow((course, title, "", "", "", "", "", "Guest access", "", ""))
    for member in members():
        writer.writerows(_moodle_rows(member))
    writer.writerows(_planted_moodle_rows())
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _moodle_rows(member: CastMember) -> Iterator[tuple[str, ...]]:
    training = [topic_done for topic_done in member.training if topic_done.via in ("moodle", "summit")]
    who = (f"{member.first} {member.last}", member.person_id, f"u{member.person_id}", member.email)
    agency = PARTNER_NAMES[member.partner]
    for topic_done in training:
        if topic_done.via == "summit" and topic_done is not training[0]:
            continue  # a summit is one course
        course, title = _moodle_course(topic_done)
        yield (
            course,
            title,
            *who,
            agency,
            "Manual enrolments",
            "Yes",
            moodle_time(topic_done.day, hour=7 + topic_done.topic),
        )
    if training and training[-1].topic < 13:
        course, title = courses_of("moodle")[training[-1].topic]
        yield (course, title, *who, agency, "Manual enrolments", "No", "")


def _moodle_course(topic_done: TopicDone) -> tuple[str, str]:
    if topic_done.via == "summit":
        return courses_of("moodle")[-1]
    if topic_done.topic == 11 and topic_done.day >= REFRESHED_FROM:
        return REFRESHED, "Restraint and Isolation (refreshed)"
    return courses_of("moodle")[topic_done.topic - 1]


def moodle_time(day: date, *, hour: int) -> str:
    """Return a district's local hour as Moodle writes it in UTC; from 16 or 17 o'clock on that is the next day."""
    at = datetime.combine(day, time(hour, 40), LOCAL).astimezone(UTC)
    clock = f"{(at.hour - 1) % 12 + 1}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"
    return f"{DAYS[at.weekday()]}, {at.day} {MONTHS[at.month - 1]} {at.year}, {clock}"


ELSEWHERE = (
    *("Quinn Abara", "Marta Lisowska", "Jude Okonedo", "Tess Vanterpool"),
    *("Ravi Menon", "Ulla Bergstrom", "Omar Saleh", "Ivy Tran"),
)
"""Officers of another district in the ESD's class: not ours."""


def _planted_moodle_rows() -> Iterator[tuple[str, ...]]:
    done, (course, title) = ("Manual enrolments", "Yes"), courses_of("moodle")[0]
    at = moodle_time(date(2026, 4, 20), hour=10)
    # One ID number, once with a blank behind it, held by two accounts: a conflict, nobody is credited.
    for user, number in (("ipetrov", "00105"), ("ipetrov2", "00105 ")):
        who = ("Ilya Petrov", number, user, f"{user}@mail.example.com")
        yield (course, title, *who, PARTNER_NAMES["fpd"], *done, at)
    # Only the name is one that we know: a candidate, whom a person confirms.
    who = ("Orville Quimby", "", "oquimby", "orville.q@mail.example.com")
    for course, title in courses_of("moodle")[:6]:
        yield (course, title, *who, "", *done, at)
    # Enrolled twice in one course: one record.
    first = members()[0]
    known = (f"{first.first} {first.last}", first.person_id, f"u{first.person_id}", first.email)
    course, title = courses_of("moodle")[0]
    again = moodle_time(first.training[0].day, hour=8)
    yield (course, title, *known, PARTNER_NAMES[first.partner], "Self enrolment", "Yes", again)
    # A course that no map knows.
    for member in members()[1:4]:
        known = (f"{member.first} {member.last}", member.person_id, f"u{member.person_id}", member.email)
        yield ("BYSTANDER-1", "Active Bystandership", *known, PARTNER_NAMES[member.partner], *done, at)
    for place, name in enumerate(ELSEWHERE):
        stranger = (name, f"Q{place:04}", f"q{place:04}", f"q{place:04}@quillwater.example.com")
        for course, title in courses_of("moodle")[: place + 3]:
            yield (course, title, *stranger, "Quillwater School District", *done, at)


VECTOR_HEADINGS = (
    *("Employee ID", "Last Name", "First Name", "Email", "SSN", "Location", "Course", "Due Date"),
    *("Completed Date", "Status", "Score"),
)
NUMBER_ID = "00403"
"""The export turned this person's id into the number 403; the e-mail still tells who it is."""


def vector_rows() -> Iterator[tuple[Cell, ...]]:
    """Yield the vendor's report: title lines, header, completions, a total."""
    yield ("Training completions by employee",)
    yield ("Fernwick School District", None, "Printed 11/20/2026")
    yield ()
    yield VECTOR_HEADINGS
    count = 0
    for member in members():
        for topic_done in member.training:
            if topic_done.via == "vector":
                count += 1
                yield _vector_row(member, topic_done)
    planted = list(_planted_vector_rows())
    yield from planted
    yield ("Total completions", count + len(planted))
    yield ("End of report",)


def _vector_row(member: CastMember, topic_done: TopicDone) -> tuple[Cell, ...]:
    person_id: Cell = int(member.person_id) if member.person_id == NUMBER_ID else member.person_id
    # Numbers of this form were never issued.
    number = f"000-{topic_done.topic:02}-{int(member.person_id):04}"
    who = (person_id, member.last, member.first, member.email, number, PARTNER_NAMES[member.partner])
    return (
        *who,
        courses_of("vector")[topic_done.topic - 1][0],
        None,
        _american(topic_done.day),
        "Complete",
        80 + topic_done.topic,
    )


def _planted_vector_rows() -> Iterator[tuple[Cell, ...]]:
    by_id = {member.person_id: member for member in members()}

    def row(person_id: str, topic: int, completed: Cell, status: str, *, written_id: Cell = "") -> tuple[Cell, ...]:
        member = by_id[person_id]
        who = (written_id or person_id, member.last, member.first, member.email, None, PARTNER_NAMES[member.partner])
        return (*who, courses_of("vector")[topic - 1][0], None, completed, status, None)

    yield row("00410", 1, None, "Exempt")  # a claim: only an ESD can waive
    yield row("00411", 11, "10/19/2026", "Audited")  # a word that the layout does not know
    yield row("00412", 6, "02/30/2026", "Complete")  # a day on no calendar
    yield row("00408", 8, ErrorValue("#N/A"), "Complete")  # a formula that failed
    yield row("00414", 1, "11/05/2026", "Complete", written_id=ErrorValue("#REF!"))
    yield row("00416", 4, None, "Complete")  # done, but no day: a claim
    yield row("00405", 12, None, "In Progress")
    yield row("00401", 14, "09/30/2025", "Complete")  # reviewed, teaches none
    yield row("00409", 13, "11/31/2026", "Complete")  # a day on no calendar, and the last topic that is missing


def _american(day: date) -> str:
    return f"{day:%m/%d/%Y}"


def matrix_rows() -> Iterator[tuple[Cell, ...]]:
    """Yield the guard company's matrix: people down, courses across, days in the cells."""
    yield ("Northpass Guard Services LLC: school contract, classroom training",)
    yield ("x = attended; fill in the date. Last change 11/19/2026",)
    yield ()
    yield ("Person ID", "Name", "E-mail", "Position", *MATRIX_COURSES, "Notes")
    guards = [member for member in members() if member.partner == "nps"]
    for member in guards:
        yield _matrix_row(member)
    yield ("Trained", None, None, None, *(_trained(guards, topic) for topic in range(1, 14)))


def _matrix_row(member: CastMember) -> tuple[Cell, ...]:
    cells: dict[int, Cell] = {
        topic_done.topic: _matrix_day(topic_done) for topic_done in member.training if topic_done.via == "matrix"
    }
    cells |= PLANTED_IN_MATRIX.get(member.person_id, {})
    who = (member.person_id, f"{member.last}, {member.first}", member.email, "Guard")
    return (*who, *(cells.get(topic) for topic in range(1, 14)), "on leave" if member.person_id == "00310" else None)


PLANTED_IN_MATRIX: Mapping[str, Mapping[int, Cell]] = {
    "00307": {8: "Waived"},  # a claim
    "00309": {10: "x"},  # attended, but no day: a claim
    "00310": {5: "31/02/2026"},  # a day on no calendar
    "00313": {4: "pending", 5: "n/a"},  # not done
    "00316": {3: "see Dana"},  # no day and no known word
    "00319": {9: ErrorValue("#VALUE!")},
}


def _matrix_day(topic_done: TopicDone) -> Cell:
    """Return the day as different hands wrote it: a date, text, or a mark with a date."""
    by_hand: tuple[Callable[[date], Cell], ...] = (lambda d: d, _american, lambda d: f"x {_american(d)}")
    return by_hand[topic_done.topic % 3](topic_done.day)


def _trained(guards: Iterable[CastMember], topic: int) -> int:
    return sum(topic in member.topics for member in guards)


LOG_HEADINGS = (
    *("Date", "Officer", "Person ID", "Agency", "Activity", "Experienced officer", "Host school", "Hours"),
    "Signature",
)
EXPERIENCED = ("Delgado, Ruth", "Moreau, Cyril", "Tanaka, Yoko")
HOSTS = ("Quillwater High School", "Alder Middle School", "Fernwick High School")
NO_HOST = ("00104", "00206", "00309", "00405")
"""On their first on-the-job day nobody wrote down where it was: a claim."""


def log_rows() -> Iterator[tuple[Cell, ...]]:
    """Yield the district's log of on-the-job days and check-ins, a line for each, and lines for signing."""
    yield ("Fernwick School District: on-the-job training and check-ins",)
    yield ()
    yield LOG_HEADINGS
    lines = [line for member in members() for line in _log_rows(member)]
    yield from sorted(lines, key=lambda line: (str(line[0]), str(line[2])))
    yield ("Signature of the coordinator:",)


def _log_rows(member: CastMember) -> Iterator[tuple[Cell, ...]]:
    for place, (day, activity) in enumerate(member.mentoring):
        turn = (int(member.person_id) + place) % len(HOSTS)
        hidden = activity == "Check-in" or (place == 0 and member.person_id in NO_HOST)
        who = (f"{member.last}, {member.first}", member.person_id, PARTNER_NAMES[member.partner])
        hours = 1 if activity == "Check-in" else 7.5
        yield (day, *who, activity, EXPERIENCED[turn], None if hidden else HOSTS[turn], hours, "RD")
