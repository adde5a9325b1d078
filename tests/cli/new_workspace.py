"""A workspace that was begun a minute ago."""

from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from tests.cli.small_district import COURSES, GUARD, District, roster_book, run

NAMED = ("--name", "Pinehill School District", "--hr", "hr@pinehill.example.org", "--telephone", "360-555-0100")


def started(folder: Path) -> District:
    assert run("init", str(folder), *NAMED).exit_code == 0
    (folder / "roster.xlsx").write_bytes(roster_book())
    return District(folder)


def guard_sheet() -> bytes:
    """Return a sheet that no shipped layout knows, with a line of totals."""
    book, out = Workbook(), BytesIO()
    sheet = book.worksheets[0]
    sheet.append(["Heron Guards, training record"])
    sheet.append(["Badge", "Officer", "Class taken", "When", "Result"])
    for course in COURSES[:6]:
        sheet.append([GUARD[0], f"{GUARD[1]}, {GUARD[2]}", course, "10/14/2026", "OK"])
    book.save(out)
    return out.getvalue()
