"""What the demo's ESD answers: a list of those whose training it has verified, as a workbook."""

from collections.abc import Iterator
from datetime import date

from lms_sync.demo.cast import DEMO_DAY, CastMember, members
from lms_sync.documents.esd_list import DOCUMENTS_FORM
from lms_sync.tables.write import ColumnSpec, SheetSpec, write_workbook

ESD = "ESD 900"
ANSWERED = date(2026, 11, 20)
"""The day on which the ESD verified."""
NEED = {"SRO": (2, 0), "other": (2, 6)}
"""Class → on-the-job days and check-ins of the series."""


def esd_list() -> bytes:
    """Return the ESD's workbook: a row for each guard, officer and deputy who had finished by the day of its answer.

    One row has a mistake that such lists have: the number of somebody else.
    """
    lines = [_line(member, number) for number, member in enumerate(_finished(), start=1)]
    lines.append({**lines[0], "Person ID": lines[1]["Person ID"], "Number": "2026-099"})
    form = DOCUMENTS_FORM
    columns = tuple(ColumnSpec(c.heading, c.width, "date" if c.kind == "date" else "text") for c in form.columns)
    rows = tuple(tuple(line.get(column.heading) for column in form.columns) for line in lines)
    title = f"{ESD}: training series documentation"
    return write_workbook(None, [SheetSpec(form.title, columns, rows, intro=(title,))], title=title)


def _finished() -> Iterator[CastMember]:
    for member in members():
        days, check_ins = NEED.get(member.staff_class, (99, 99))
        by_then = all(done.day < ANSWERED for done in member.training) and all(
            d < ANSWERED for d, _ in member.mentoring
        )
        whole = len(member.topics) == 13 and member.on_the_job >= days and member.check_ins >= check_ins
        if member.partner != "fsd" and member.first_day and member.first_day <= DEMO_DAY and whole and by_then:
            yield member


def _line(member: CastMember, number: int) -> dict[str, str | date]:
    return {
        "Person ID": member.person_id,
        "Last name": member.last,
        "First name": member.first,
        "Component": "all",
        "Kind": "verified",
        "ESD": ESD,
        "Date": ANSWERED,
        "Number": f"2026-{number:03}",
    }
