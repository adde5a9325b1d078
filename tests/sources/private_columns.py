"""Tables of one column, and what is left of them."""

from typing import Any

from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.privacy import Clean, without_forbidden
from lms_sync.tables.cells import Row, Value

PLAIN: dict[str, Any] = {
    "name": "acme",
    "kind": "rows",
    "columns": {
        "person_id": ["ID"],
        "name": ["Name"],
        "course": ["Course"],
        "completed_on": ["Done on"],
        "certificate": ["Certificate"],
    },
    "optional": ["person_id", "name", "course", "completed_on", "certificate"],
    "key": ["person_id", "course"],
    "keep": ["Kept"],
}
LAYOUT = Layout.model_validate(PLAIN)


def cleaned(heading: str, *values: Value) -> Clean:
    """Return what is left of a table of one column; headings of PLAIN play their role."""
    role = next((role for role, headings in LAYOUT.columns.items() if heading in headings), None)
    rows = tuple(Row(number, (value,)) for number, value in enumerate(values, start=2))
    return without_forbidden(Table("S", (heading,), {role: 0} if role else {}, rows), LAYOUT)


def left(heading: str, value: Value) -> Value:
    """Return what is left of one value among others that are harmless."""
    return cleaned(heading, value, "a", "b", "c").table.rows[0].cell(0)


def dropped(heading: str, *values: Value) -> bool:
    clean = cleaned(heading, *values)
    assert all(row.cells == (None,) for row in clean.table.rows) is bool(clean.columns)
    return bool(clean.columns)
