"""Lines that are passed over, and rows without a readable day: put together from parts as they are read with care."""

from collections.abc import Mapping
from typing import Any

import pytest

from lms_sync.model.evidence import Completion, Item, Refused, Skipped
from lms_sync.model.finding import Origin
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.spreadsheet.header import find_tables
from lms_sync.sources.spreadsheet.items import reader_of
from lms_sync.sources.spreadsheet.privacy import cleaning_of
from lms_sync.sources.spreadsheet.quick_rows import QuickRows
from lms_sync.sources.spreadsheet.record_form import form_of
from lms_sync.tables.cells import Row, Sheet, Value
from tests.sources.sample_files import PACIFIC
from tests.sources.test_quick_rows import DAYS, changed, check, with_care

ANY_STATUS = {"done": ("*",)}
COLUMNS = {"name": ("Name",), "employer": ("Employer",), "status": ("Status",), "completed_on": ("Day",)}
ROLL = {"columns": COLUMNS, "constants": {"course": "T1"}, "key": ("name", "course"), "optional": ()}
LINES: dict[str, tuple[dict[str, Any], tuple[Value, ...]]] = {
    "the header once more": ({"status": ANY_STATUS}, ("Name", None, "Status", None)),
    "a total": ({"status": ANY_STATUS}, ("Total: 3", None, "Yes", None)),
    "a first word to skip": (
        {"skip": ({"first": ("Staff",), "reason": "a line"},)},
        ("Staff of May", "x", "Yes", ""),
    ),
    "a blank to skip": ({"skip": ({"blank": ("employer",), "reason": "none"},)}, ("Ann", None, "Yes", DAYS[0])),
    "a blank to skip, of spaces": (
        {"skip": ({"blank": ("employer",), "reason": "none"},)},
        ("Ann", " ", "Yes", None),
    ),
}


@pytest.mark.parametrize(("more", "line"), LINES.values(), ids=LINES)
def test_lines_that_are_passed_over_are_so_either_way(more: dict[str, Any], line: tuple[Value, ...]) -> None:
    layout = changed("moodle-custom-report", **{"skip": (), **ROLL, **more})
    usual = ("Ben Bell", "Acme", "Yes", DAYS[0])
    rows = (tuple(words[0] for words in COLUMNS.values()), usual, line, usual, line)
    sheet = Sheet("", hidden=False, rows=tuple(Row(n, cells) for n, cells in enumerate(rows, 1)))
    check([sheet], layout, "UTC")
    (table,) = find_tables([sheet], layout)
    items, _ = with_care(table, layout, "UTC")
    assert [type(item.reading) for item in items if isinstance(item, Item)] == [Completion, Skipped] * 2


NO_DAYS: tuple[Value, ...] = (
    *("in autumn", "in  autumn ", "#N/A", "Err:502", "30/30/2025", "Total", "Day", "x" * 300, "9" * 9, "0"),
    *("\u200b", "in\u200bautumn", "im Frühling", "\x07", "123-45-6789", "born 3/4/1985", 12.5, True, None),
)
STATES = {"done": ("Yes",), "not_done": ("No",), "revoked": ("Void",), "signed_up": ("Booked",), "claim": ("Waived",)}
BY_DAY: Mapping[str, dict[str, Any]] = {
    "the day is no part of the key": {},
    "the day is a part of the key": {"key": ("name", "course", "completed_on"), "attempts": True},
    "rows without a day are passed over": {"skip": ({"blank": ("completed_on",), "reason": "no day"},)},
    "of several days": {"dates": {"order": "mdy", "separator": ";"}},
}


@pytest.mark.parametrize("more", BY_DAY.values(), ids=BY_DAY)
def test_rows_of_which_the_day_cannot_be_read_are_refused_alike(more: dict[str, Any]) -> None:
    layout = changed("moodle-custom-report", **{"skip": (), **ROLL, "status": STATES, **more})
    states = [word for words in STATES.values() for word in words]
    people: list[tuple[Value, Value]] = [("Ann Bell", "Acme"), ("Ann", "Acme"), (None, "Acme"), ("N/A", None)]
    rows = [(*who, state, day) for who in people for state in (*states, "Maybe", None) for day in NO_DAYS]
    headings = tuple(words[0] for words in COLUMNS.values())
    sheet = Sheet("", hidden=False, rows=tuple(Row(n, cells) for n, cells in enumerate((headings, *rows), 1)))
    check([sheet], layout, "UTC")
    (table,) = find_tables([sheet], layout)
    refused = [item for item in with_care(table, layout, "UTC")[0] if isinstance(item, Item) and is_bad_day(item)]
    cleaning = cleaning_of(table, layout)
    reader = reader_of(cleaning.headed, form_of("lms", layout, Zones("UTC", PACIFIC)), Origin("acme.csv", "5a"))
    quick = QuickRows.of(reader, cleaning, has_plain=True)
    read = quick.read([tuple(map(type, row.cells)) for row in table.rows], table.rows)
    by_parts = [item for found in read.others.values() if found and is_bad_day(item := found.item(b"mark"))]
    assert len(refused) > len(by_parts) > len(refused) / 3, (
        "some, such as those with unseen signs, are read with care"
    )
    assert {item.row for item in by_parts} == {b""}, "they are read each time"


def is_bad_day(item: Item) -> bool:
    return isinstance(item.reading, Refused) and item.reading.finding.code in ("bad-date", "error-cell")
