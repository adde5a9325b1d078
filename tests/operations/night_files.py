"""The files that people edit in the tests' small town, and the exports that its sources send."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO

from lms_sync.law.series import load
from lms_sync.tables.write import write_workbook
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, PARTNERS, PEOPLE
from lms_sync.workspace.start.workbooks import Line, mapping_workbook, sheet_of

HR, CHIEF, BOSS, OWN = (
    *("hr@district.example.org", "chief@quarry.example.org"),
    *("boss@heron.example.com", "safety@district.example.org"),
)
NAMES = {
    "70101": ("Quillfeather", "Adabelle"),
    "70102": ("Rookhurst", "Benedetta"),
    "80201": ("Marshbane", "Cleodora"),
    "80202": ("Lindqvist", "Dovid"),
    "90301": ("Stonewell", "Evandra"),
}
"""Person ID → last and first name."""
EMPLOYERS = {"7": "quarry", "8": "heron", "9": "own"}
"""First digit of a Person ID → Partner ID."""
COURSES: Mapping[str, Sequence[int]] = {
    "Rights": (1,),
    "Minds": (4,),
    "Calm": (10,),
    "Everything": tuple(range(1, 14)),
    "Bystanders": (),
}
"""Title → topics, in the map of the first night."""
SETTINGS = f"""
[district]
id = "quarry-sd"
name = "Pinehill Schools"
zone = "America/Los_Angeles"
hr = ["{HR}"]
contact = "Human Resources, {HR}"

[[source]]
name = "class"
shown_as = "class"
kind = "spreadsheet"
export = "cumulative"
files = [{{ path = "inbox/class/*.csv", layout = "vector-completions" }}]

[[source]]
name = "log"
shown_as = "log"
kind = "spreadsheet"
export = "cumulative"
files = [{{ path = "inbox/log/*.csv", layout = "log" }}]

[backup]
every_days = 0

[mail]
sender = "{HR}"
"""
"""The section of mail stands last, so that a test may add to it."""
HEADINGS = ("Last Name", "First Name", "Employee ID", "Email", "Course", "Completed Date", "Status")
CLASS, LOG = "inbox/class/class.csv", "inbox/log/log.csv"
MAPPED = date(2026, 10, 9)
VENDOR = "vector-completions"
DONE = "Completed"


def address(person_id: str) -> str:
    return f"{NAMES[person_id][0].lower()}@staff.example.org"


def done(person_id: str, course: str, day: str, status: str = DONE) -> tuple[str, ...]:
    """Return a row for somebody on the roster; `day` as 09/30/2026."""
    last, first = NAMES[person_id]
    return (last, first, person_id, address(person_id), course, day, status)


def many(person_id: str, count: int) -> list[tuple[str, ...]]:
    """Return completions of as many different courses, which the map says teach nothing."""
    return [done(person_id, f"Drill {number}", "10/05/2026") for number in range(count)]


CLASS_ROWS = [
    *(done("70101", "Everything", "10/05/2026"), done("70102", "Rights", "10/06/2026")),
    *many("70102", 20),
]
LOG_ROWS = [done("80201", "Calm", "10/07/2026"), done("90301", "Minds", "10/08/2026")]


def roster(**changes: Sequence[Line]) -> bytes:
    """Return roster.xlsx; `changes` replace whole sheets by their title in small letters."""
    lines = {**_lines(), **changes}
    forms = (PARTNERS, AGREEMENTS, PEOPLE, ASSIGNMENTS)
    return write_workbook(None, [sheet_of(form, lines[form.title.lower()]) for form in forms], title="Roster")


def partner_lines(**cadence: str) -> list[Line]:
    """Return the sheet Partners; all are written to weekly unless `cadence` says otherwise."""
    kinds = {"quarry": "law enforcement", "heron": "security company", "own": "district"}
    names = {"quarry": "Quarryville Police", "heron": "Heronmere Guards", "own": "Pinehill Schools"}
    to = {"quarry": CHIEF, "heron": BOSS, "own": OWN}
    return [
        {"Partner ID": i, "Name": names[i], "Kind": kinds[i], "Report to": to[i], "Cadence": cadence.get(i, "weekly")}
        for i in kinds
    ]


def person_line(person_id: str, **more: str | date) -> Line:
    """Return a line of the sheet People: an SRO or (guards) other, since September."""
    last, first = NAMES[person_id]
    staff_class = "other" if person_id.startswith("8") else "SRO"
    return {
        "Person ID": person_id,
        "Last name": last,
        "First name": first,
        "E-mails": address(person_id),
        "Class": staff_class,
        "Class decided by": "A. Roe",
        "Class decided on": date(2026, 8, 24),
        "First day with students": date(2026, 9, 2),
        **{heading.replace("_", " "): value for heading, value in more.items()},
    }


def assignment_line(person_id: str, employer: str = "") -> Line:
    whose = employer or EMPLOYERS[person_id[0]]
    under = {"Partner ID": whose} if whose == "own" else {"Agreement ID": f"{whose}-26"}
    return {"Person ID": person_id, **under, "Starts": date(2026, 9, 1)}


def _lines() -> dict[str, Sequence[Line]]:
    year: Line = {"School year": "2026-27", "Starts": date(2026, 9, 1), "Ends": date(2027, 8, 31)}
    return {
        "partners": partner_lines(),
        "agreements": [{"Agreement ID": f"{i}-26", "Partner ID": i, **year} for i in ("quarry", "heron")],
        "people": [person_line(i) for i in NAMES],
        "assignments": [assignment_line(i) for i in NAMES],
    }


def _marks(topics: Sequence[int]) -> Line:
    return {str(number): "x" for number in topics}


def course_map(courses: Mapping[str, Sequence[int]] = COURSES) -> bytes:
    """Return courses.xlsx with a decided row for each course, for every source."""
    drills = {f"Drill {number}": () for number in range(60)}
    lines: list[Line] = [
        {"Source": "*", "Course": title, **_marks(topics), "Decided by": "T", "Decided on": MAPPED}
        for title, topics in {**courses, **drills}.items()
    ]
    return mapping_workbook(lines, [], topics=load().wordings)


def sheet(rows: Sequence[Sequence[str]]) -> bytes:
    """Return an export with these rows."""
    text = StringIO()
    csv.writer(text).writerows([HEADINGS, *rows])
    return text.getvalue().encode()
