"""A sheet of many rows holds the cells of few: they are let go as soon as they are read."""

import gc
from collections import deque
from collections.abc import Sequence
from unittest.mock import patch

import pytest

from lms_sync.model.finding import Origin
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.row_memory import RowMemory
from lms_sync.sources.spreadsheet import known
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.spreadsheet.file_parts import FileParts
from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.items import reader_of
from lms_sync.sources.spreadsheet.known import read_table
from lms_sync.sources.spreadsheet.privacy import Sweep, cleaning_of
from lms_sync.sources.spreadsheet.record_form import form_of
from lms_sync.tables.cells import Row
from tests.sources.sample_files import PACIFIC
from tests.sources.test_quick_rows import DAYS, MOODLE


@pytest.mark.slow
def test_rows_are_let_go_as_soon_as_they_are_read() -> None:
    headings = ("Username", "Course ID number", "Completed", "Time completed")
    rows = deque(Row(n, (f"let go {n}", "T1", "Yes", DAYS[0])) for n in range(2, 72))
    table = Table("S", headings, {"learner": 0, "course": 1, "status": 2, "completed_on": 3}, ())
    cleaning, left = cleaning_of(table, MOODLE), list[int]()
    reader = reader_of(cleaning.headed, form_of("lms", MOODLE, Zones("UTC", PACIFIC)), Origin("a.csv", "5a"))

    def counted(_: Sweep, seen: Sequence[Row]) -> None:
        left.append(sum(type(found) is Row and str(found.cell(0)).startswith("let go") for found in gc.get_objects()))

    parts = FileParts()
    with patch.object(known, "AT_ONCE", 20), patch.object(Sweep, "see", counted):
        read_table(reader, cleaning, rows, RowMemory("lms", Pseudonyms(b"key")), parts)
    assert left == [70, 50, 30, 10]
    assert len(parts.records) == 70
