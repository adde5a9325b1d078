"""A district of two partners and three people, its workspace, and a way to type commands in it."""

import csv
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import time_machine
from click.testing import CliRunner, Result

from lms_sync.cli.edge import OURS
from lms_sync.cli.main import main
from lms_sync.files import shipped
from lms_sync.law.series import load
from lms_sync.tables.write import write_workbook
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, PARTNERS, PEOPLE
from lms_sync.workspace.start.workbooks import Line, mapping_workbook, sheet_of

NIGHT = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
"""Ten past two, where the district is."""
NOW = datetime(2026, 11, 23, 16, 10, tzinfo=UTC)
"""When each test begins: in the morning."""
EARLIER = timedelta(hours=1)
"""How long before a test its district was prepared."""
SETTINGS = """
[district]
id = "pinehill"
name = "Pinehill School District"
zone = "America/Los_Angeles"
hr = ["hr@pinehill.example.org"]
contact = "Human Resources, hr@pinehill.example.org"

[[source]]
name = "vendor"
kind = "spreadsheet"
export = "cumulative"
files = [{ path = "inbox/*.csv", layout = "vector-completions" }]

[year]
closed = ["2026-12-21..2027-01-01"]

[mail]
sender = "hr@pinehill.example.org"
"""
INBOX = "inbox/export.csv"
LAYOUTS = ("acadis.toml", "moodle-custom-report.toml", "vector-completions.toml")
"""Those of the small districts; a workspace has all."""
HEADINGS = ("Employee ID", "Last Name", "First Name", "Email", "Course", "Completed Date", "Status")
COURSES = tuple(f"Topic course {number}" for number in range(1, 14))
OFFICER = ("00101", "Marsh", "Ada", "ada@quarry.example.org")
GUARD = ("00201", "Brook", "Ben", "ben@heron.example.com")

DONE = tuple((*OFFICER, course, "09/15/2026", "Completed") for course in COURSES[:9])
CLAIMED = (*GUARD, COURSES[0], "", "Waived")
UNMAPPED = (*GUARD, "First Aid", "10/05/2026", "Completed")
UNREADABLE = (*GUARD, COURSES[1], "02/30/2026", "Completed")
ROWS = (*DONE, CLAIMED, UNMAPPED, UNREADABLE)

_PARTNERS: tuple[Line, ...] = (
    {
        "Partner ID": "QPD",
        "Name": "Quarry Police",
        "Kind": "law enforcement",
        "Report to": "chief@quarry.example.org",
        "Cadence": "on change",
    },
    {
        "Partner ID": "HERON",
        "Name": "Heron Guards",
        "Kind": "security company",
        "Report to": "boss@heron.example.com",
        "Cadence": "on change",
    },
)


def _agreement(partner: str) -> Line:
    return {
        "Agreement ID": f"{partner}-26",
        "Partner ID": partner,
        "School year": "2026-27",
        "Starts": date(2026, 9, 1),
        "Ends": date(2027, 8, 31),
    }


def _person(who: Sequence[str], staff_class: str) -> Line:
    return {
        "Person ID": who[0],
        "Last name": who[1],
        "First name": who[2],
        "E-mails": who[3],
        "Class": staff_class,
        "Class decided by": "A. Roe, HR",
        "Class decided on": date(2026, 8, 20),
        "First day with students": date(2026, 9, 2),
    }


def _assignment(who: Sequence[str], partner: str) -> Line:
    return {
        "Person ID": who[0],
        "Agreement ID": f"{partner}-26",
        "Starts": date(2026, 9, 1),
        "Buildings": "Pinehill HS: 5",
        "Series": "required",
        "Decided by": "A. Roe, HR",
        "Decided on": date(2026, 8, 20),
    }


def roster_book() -> bytes:
    """Return roster.xlsx."""
    sheets = (
        sheet_of(PARTNERS, _PARTNERS),
        sheet_of(AGREEMENTS, (_agreement("QPD"), _agreement("HERON"))),
        sheet_of(PEOPLE, (_person(OFFICER, "SRO"), _person(GUARD, "other"))),
        sheet_of(ASSIGNMENTS, (_assignment(OFFICER, "QPD"), _assignment(GUARD, "HERON"))),
    )
    return write_workbook(None, sheets, title="Roster")


def course_book() -> bytes:
    """Return courses.xlsx: thirteen courses, one a topic, and what the district logs."""
    decided: Line = {"Source": "*", "Decided by": "A trainer", "Decided on": date(2026, 8, 1)}
    lines: list[Line] = [
        {**decided, "Course": name, str(number): "x"} for number, name in enumerate(COURSES, start=1)
    ]
    lines.append({**decided, "Course": "On-the-job day", "On-the-job days": 1})
    lines.append({**decided, "Course": "Check-in", "Check-ins": 1})
    return mapping_workbook(lines, [], topics={topic.number: topic.name for topic in load().topics})


def export(rows: Iterable[Sequence[str]]) -> str:
    """Return the vendor's file with these rows."""
    out = StringIO()
    csv.writer(out).writerows((HEADINGS, *rows))
    return out.getvalue()


@dataclass(frozen=True)
class District:
    """A workspace, and commands typed in it."""

    folder: Path

    def run(self, *args: str, stdin: str | None = None) -> Result:
        """Type `lms-sync -w FOLDER …`, without a terminal."""
        return run("-w", str(self.folder), *args, stdin=stdin)

    def json(self, *args: str) -> Any:
        """Return what a command says in JSON."""
        return json.loads(self.run(*args).stdout)

    def export(self, *rows: Sequence[str]) -> None:
        """Put a new file of the vendor into the inbox."""
        (self.folder / INBOX).write_text(export(rows), encoding="utf-8")

    def settings(self, before: str, after: str) -> None:
        """Change lms_sync.toml."""
        path = self.folder / "lms_sync.toml"
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    def whole_id(self, word: str) -> str:
        """Return the id of the finding that says `word`, with all its signs; the worklist shows fewer."""
        (found,) = (finding for finding in self.json("worklist", "--format", "json") if word in str(finding))
        return str(found["id"])

    def ids(self, command: str, word: str) -> list[str]:
        """Return the first words of the lines of `command` that hold `word`."""
        lines = self.run(*command.split()).stdout.splitlines()
        return [line.split()[0] for line in lines if word in line]


def run(*args: str, stdin: str | None = None) -> Result:
    """Type `lms-sync …`, without a terminal."""
    try:
        return CliRunner().invoke(main, args, input=stdin)
    finally:
        root = logging.getLogger()
        for handler in [one for one in root.handlers if isinstance(one, OURS)]:
            root.removeHandler(handler)
            handler.close()


@contextmanager
def district(
    folder: Path, *, nights: int, prepare: Callable[[District], object] | None = None, at: datetime = NOW
) -> Iterator[District]:
    """Write the district's workspace as it is before its first night (0) or after it (1); the clock tells `at`.

    What `prepare` does to it first is done once a process, and copied from then on.
    """
    for name, content in _prepared(nights, prepare).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    with time_machine.travel(at):
        yield District(folder)


@cache
def _prepared(nights: int, prepare: Callable[[District], object] | None) -> Mapping[str, bytes]:
    """Return path → content, as `prepare` leaves it."""
    if prepare is None:
        return _after_a_night() if nights else _filled_in()
    with TemporaryDirectory() as name, district(Path(name), nights=nights, at=NOW - EARLIER) as new:
        prepare(new)
        return _files(new)


@cache
def _filled_in() -> Mapping[str, bytes]:
    """Return path → content, as HR and the trainer fill it in."""
    layouts = shipped("mappings") / "layouts"
    return {
        "lms_sync.toml": SETTINGS.encode(),
        "roster.xlsx": roster_book(),
        "mappings/courses.xlsx": course_book(),
        **{f"mappings/layouts/{name}": (layouts / name).read_bytes() for name in LAYOUTS},
        "state/identity.key": b"a key for tests, of some length\n",
        INBOX: export(ROWS).encode(),
    }


@cache
def _after_a_night() -> Mapping[str, bytes]:
    """Return path → content, as the first night leaves it."""
    with TemporaryDirectory() as name, district(Path(name), nights=0) as new, time_machine.travel(NIGHT):
        night = new.run("nightly")
        assert night.exit_code == 1, night.output
        return _files(new)


def _files(district: District) -> Mapping[str, bytes]:
    files = [path for path in district.folder.rglob("*") if path.is_file() and "backups" not in path.parts]
    return {str(path.relative_to(district.folder)): path.read_bytes() for path in files}
