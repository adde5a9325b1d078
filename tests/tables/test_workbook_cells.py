"""Cells that are read by column hold what each of them holds by itself."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.tables.cells import Value
from lms_sync.tables.signs import SheetSigns
from lms_sync.tables.values_by_text import ValuesByText
from lms_sync.tables.workbook import RawValue, _cells, _value

WORDS = ("", "7", "Ann", "Ann", "'007", '="7"', "\u200b", "\x1f", " ", "two\nlines", "é")
OTHERS = (0.0, -0.0, 1.0, 1, True, False, date(2026, 1, 1), datetime(2026, 1, 1), time(7), timedelta(hours=30))
VALUES = st.sampled_from((*WORDS, *OTHERS))


@given(
    st.integers(0, 4).flatmap(lambda width: st.lists(st.lists(VALUES, min_size=width, max_size=width), max_size=8))
)
def test_cells_by_column_are_those_one_by_one(group: Sequence[Sequence[RawValue]]) -> None:
    found = list(_cells(group, 1, SheetSigns(), ValuesByText()))
    assert [*map(_written, found)] == [_written([_value(value) for value in values]) for values in group]


def _written(cells: Sequence[Value]) -> list[str]:
    """Return the cells so that 1 is not 1.0, nor True, and text is not text that was rewritten."""
    return [f"{type(cell).__name__} {cell!r} {getattr(cell, 'former', '')!r}" for cell in cells]
