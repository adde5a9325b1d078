"""Made-up workspaces of any size, the same for the same seed: a roster, a map, and one export of a class.

Ten rows a person, ten columns, one row in ten of a course that the map does not know, and one in a hundred with a day
that cannot be read.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from lms_sync.demo.exports import xlsx
from lms_sync.files import shipped
from lms_sync.tables.write import write_workbook
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, PARTNERS, PEOPLE
from lms_sync.workspace.start.workbooks import Line, mapping_workbook, sheet_of

HEADINGS = (
    *("Username", "ID number", "Email address", "First name", "Last name", "Institution"),
    *("Course ID number", "Course full name", "Completed", "Time completed"),
)
ROWS_A_PERSON = 10
FORMAT = "%A, %d %B %Y, %I:%M %p"
SETTINGS = """\
[district]
id = "measured"
name = "Measured Schools"
zone = "America/Los_Angeles"
hr = ["hr@district.example.org"]
contact = "Human Resources, hr@district.example.org"

[[source]]
name = "class"
shown_as = "class"
kind = "spreadsheet"
export = "cumulative"
files = [{{ path = "inbox/*.{ending}", layout = "moodle-custom-report", zone = "UTC" }}]

[mail]
sender = "hr@district.example.org"
"""
SYLLABLES = ("ba", "cor", "del", "fen", "gar", "hol", "ick", "jun", "kel", "lom", "mer", "nor", "pal", "ros", "tam")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a made-up workspace is."""

    people: int
    partners: int = 2
    ending: Literal["csv", "xlsx"] = "csv"
    seed: int = 16
    not_done: float = 0.0
    """The share of the rows that say so; the others say that something is done."""


def name(number: int) -> str:
    """Return a made-up name; the same number gives the same one."""
    parts = []
    while number or not parts:
        number, place = divmod(number, len(SYLLABLES))
        parts.append(SYLLABLES[place])
    return "".join(parts).capitalize()


def address(number: int) -> str:
    """Return a person's made-up address."""
    return f"p{number:06}@staff.example.org"


def export(size: Size, *, more: int = 0) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the class's export; `more` rows at its end are those of a later export."""
    dice = random.Random(size.seed)
    for number in range(size.people):
        for place in range(ROWS_A_PERSON):
            yield _row(dice, number, place, size.not_done)
    for number in range(more):
        yield _row(dice, number % size.people, ROWS_A_PERSON + number // size.people, size.not_done)


def _row(dice: random.Random, number: int, place: int, not_done: float) -> tuple[str, ...]:
    known = dice.random() >= 0.1
    course, title = (f"T{place + 1}", f"Topic {place + 1}") if known else (f"U{place}", f"Unknown course {place}")
    done = datetime(2026, 9, 2, 15) + timedelta(minutes=dice.randrange(100_000))
    moment = done.strftime(FORMAT) if dice.random() >= 0.01 else "in autumn"
    who = (f"u{number:06}", f"E{number:06}", address(number), name(number), name(number * 7 + 3))
    when = ("No", "") if not_done and dice.random() < not_done else ("Yes", moment)
    return (*who, f"Company {number % 7}", course, title, *when)


def write_export(path: Path, size: Size, *, more: int = 0) -> None:
    """Write the class's export as csv or xlsx."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if size.ending == "csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows(export(size, more=more))
    else:
        path.write_bytes(xlsx("Class", [HEADINGS, *export(size, more=more)]))


def build(folder: Path, size: Size) -> None:
    """Write a workspace of this size; nothing of it has been taken in yet."""
    (folder / "mappings" / "layouts").mkdir(parents=True)
    (folder / "state").mkdir()
    (folder / "state" / "identity.key").write_bytes(b"the benchmarks have no secrets\n")
    (folder / "lms_sync.toml").write_text(SETTINGS.format(ending=size.ending))
    layout = "moodle-custom-report.toml"
    (folder / "mappings" / "layouts" / layout).write_bytes((shipped("mappings") / "layouts" / layout).read_bytes())
    (folder / "mappings" / "courses.xlsx").write_bytes(course_map())
    (folder / "roster.xlsx").write_bytes(roster(size))
    write_export(folder / "inbox" / f"class.{size.ending}", size)


def course_map() -> bytes:
    """Return courses.xlsx: a course for each topic, and dates on which four of them can be taken."""
    decided: Line = {"Decided by": "T", "Decided on": date(2026, 10, 9), "Hours": 2, "Fee": 0}
    lines: list[Line] = [
        {"Source": "*", "Course": f"T{topic}", "Title": f"Topic {topic}", str(topic): "x", **decided}
        for topic in range(1, 14)
    ]
    offered: list[Line] = [
        {"Course": f"T{topic}", "Starts": date(2027, 1, topic), "Ends": date(2027, 1, topic), "Place": "Online"}
        for topic in range(10, 14)
    ]
    return mapping_workbook(lines, offered)


def roster(size: Size) -> bytes:
    """Return roster.xlsx; person n works for partner n modulo their number."""
    sheets = (
        sheet_of(PARTNERS, (_partner(n) for n in range(size.partners))),
        sheet_of(AGREEMENTS, (_agreement(n) for n in range(size.partners))),
        sheet_of(PEOPLE, (_person(n) for n in range(size.people))),
        sheet_of(ASSIGNMENTS, (_assignment(n, size) for n in range(size.people))),
    )
    return write_workbook(None, sheets, title="Roster")


def _partner(number: int) -> Line:
    to = f"boss@company{number}.example.org"
    return {
        "Partner ID": f"C{number}",
        "Name": f"Company {name(number + 1000)}",
        "Kind": "security company",
        "Report to": to,
        "Cadence": "weekly",
    }


def _agreement(number: int) -> Line:
    days: Line = {"School year": "2026-27", "Starts": date(2026, 9, 1), "Ends": date(2027, 8, 31)}
    return {"Agreement ID": f"C{number}-26", "Partner ID": f"C{number}", **days}


def _person(number: int) -> Line:
    return {
        "Person ID": f"E{number:06}",
        "Last name": name(number * 7 + 3),
        "First name": name(number),
        "E-mails": address(number),
        "Class": "other",
        "Class decided by": "A. Roe",
        "Class decided on": date(2026, 8, 24),
        "First day with students": date(2026, 9, 2),
    }


def _assignment(number: int, size: Size) -> Line:
    return {
        "Person ID": f"E{number:06}",
        "Agreement ID": f"C{number % size.partners}-26",
        "Starts": date(2026, 9, 1),
        "Series": "required",
        "Decided by": "A. Roe",
        "Decided on": date(2026, 8, 24),
    }
