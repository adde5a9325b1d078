"""What headings and status words usually mean, learnt from the layouts at hand and from a list of our own."""

from collections.abc import Iterable

from lms_sync.sources.spreadsheet.layout import Layout, Role
from lms_sync.text import fold

_OWN: dict[Role, tuple[str, ...]] = {
    "person_id": (
        "person id",
        "employee id",
        "employee number",
        "employee no",
        "employee #",
        "emp id",
        "staff id",
        "personnel number",
    ),
    "learner": (
        *("id", "user id", "userid", "username", "user name", "login", "login id", "learner id", "student id"),
        *("trainee id", "account", "user", "idnumber", "id number", "badge", "badge number", "badge #", "sis id"),
    ),
    "email": (
        "email",
        "e-mail",
        "email address",
        "e-mail address",
        "work email",
        "user email",
        "mail",
        "primary email",
    ),
    "name": (
        *(
            "name",
            "full name",
            "student name",
            "learner name",
            "employee name",
            "officer name",
            "trainee",
            "participant",
        ),
        *(
            "student",
            "learner",
            "officer",
            "employee",
            "attendee",
            "participant name",
            "trainee name",
            "staff member",
        ),
    ),
    "first_name": ("first name", "firstname", "given name", "first", "fname", "forename"),
    "last_name": ("last name", "lastname", "surname", "family name", "last", "lname"),
    "employer": (
        *(
            "agency",
            "employer",
            "company",
            "department",
            "organization",
            "organisation",
            "location",
            "site",
            "school",
        ),
        *("district", "division", "institution", "organizational unit"),
    ),
    "course": (
        "course id",
        "course code",
        "course number",
        "course no",
        "event number",
        "courseid",
        "asset id",
        "item id",
        "activity id",
    ),
    "course_title": (
        *(
            "course",
            "course name",
            "course title",
            "coursename",
            "event title",
            "asset title",
            "content",
            "course full name",
            "fullname",
            "training",
            "training title",
            "training name",
            "class",
            "class title",
        ),
        *(
            "title",
            "activity",
            "activity name",
            "learning item",
            "item title",
            "topic",
            "subject",
            "event",
            "session",
        ),
    ),
    "unit_title": ("unit", "module", "module name", "unit name", "lesson", "section"),
    "completed_on": (
        *("completed", "completed on", "completion date", "date completed", "completed date", "date of completion"),
        *("date", "finish date", "finished", "end date", "completion", "training date", "class date", "date passed"),
        *(
            "completed at",
            "completion time",
            "completed date/time",
            "date attended",
            "timecompleted",
            "session dates",
            "class dates",
        ),
    ),
    "status": (
        "status",
        "completion status",
        "result",
        "state",
        "outcome",
        "attended",
        "attendance",
        "pass/fail",
        "signed",
    ),
    "score": ("score", "grade", "final score", "percent", "mark", "points", "final grade"),
    "hours": ("hours", "credit hours", "clock hours", "duration (hours)", "credits"),
    "certificate": ("certificate", "certificate number", "certificate no", "cert #", "certificate id", "cert number"),
    "host_school": ("host school", "school of the experienced staff", "host building"),
    "experienced_officer": (
        "experienced officer",
        "training officer",
        "mentor",
        "field training officer",
        "experienced staff",
    ),
    "assignment": ("due date", "class number", "assignment", "assigned", "date assigned", "due", "enrollment date"),
}
"""Role → folded headings, for what the layouts at hand do not tell."""

DONE = frozenset(
    (
        "complete",
        "completed",
        "passed",
        "pass",
        "done",
        "finished",
        "attended",
        "yes",
        "y",
        "x",
        "✓",
        "✔",
        "satisfactory",
    )
)
NOT_DONE = frozenset(
    (
        *(
            "not started",
            "in progress",
            "incomplete",
            "not complete",
            "not completed",
            "failed",
            "fail",
            "no",
            "n",
            "-",
        ),
        *(
            "no show",
            "absent",
            "enrolled",
            "registered",
            "assigned",
            "overdue",
            "past due",
            "withdrawn",
            "expired",
            "open",
        ),
        *("not attempted", "did not attend", "pending", "cancelled", "canceled", "dropped", "waitlisted"),
    )
)
CLAIM = frozenset(
    (
        "exempt",
        "exemption",
        "waived",
        "waiver",
        "equivalent",
        "equivalency",
        "excused",
        "transferred",
        "credit given",
        "n/a",
    )
)

UNSURE = frozenset(
    {"id", "user", "badge", "badge number", "badge #", "date", "title", "school", "class", "topic", "id number"}
)
"""Headings that may as well mean something else."""


def heading_roles(layouts: Iterable[Layout]) -> dict[str, Role]:
    """Return folded heading → role. Our own list goes first; layouts that disagree about a heading tell none."""
    found: dict[str, Role] = {}
    doubtful: set[str] = set()
    for layout in layouts:
        for role, headings in layout.columns.items():
            for heading in map(fold, headings):
                if found.setdefault(heading, role) != role:
                    doubtful.add(heading)
    learnt = {heading: role for heading, role in found.items() if heading not in doubtful}
    return learnt | {heading: role for role, headings in _OWN.items() for heading in headings}


def meaning(word: str) -> str:
    """Return `done`, `not_done` or `claim` for a status word that means it everywhere; empty for any other."""
    folded = fold(word)
    for name, words in (("done", DONE), ("not_done", NOT_DONE), ("claim", CLAIM)):
        if folded in words:
            return name
    return ""
