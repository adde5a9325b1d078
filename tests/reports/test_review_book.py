"""The checklist as a workbook: what its cells ask for, and that it says the same when it is read back."""

import random
from datetime import UTC, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from lms_sync.agreements.review.checklist import ASKS, ChecklistVersion, checklist_id, copy_of, rows_of, said_of
from lms_sync.agreements.review.workbook import review_workbook
from lms_sync.model.finding import Area
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.tables.form import FormReader
from lms_sync.tables.guard import read_guarded
from tests.reports.golden_books import SEAL, sample_review

REVIEW = sample_review()
COPY = ChecklistVersion("HERON/26 a", datetime(2026, 11, 24, 8, 1, 2, 345678, tzinfo=UTC), "0a1b2c3d")


def written() -> bytes:
    return review_workbook(REVIEW, checklist=checklist_id(COPY, SEAL))


def shuffled(content: bytes) -> bytes:
    """Return the workbook with its rows in another order, as a person may sort them."""
    book = load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    (header,) = (row for row in range(1, 20) if sheet.cell(row, 2).value == ASKS)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=header + 1)]
    random.Random(1).shuffle(rows)
    for number, row in enumerate(rows, start=header + 1):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
            if isinstance(value, str):
                sheet.cell(number, column).data_type = "s"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes) -> FormReader:
    return FormReader("checklist.xlsx", Area.FILE, read_guarded(content).sheets)


@pytest.mark.parametrize("content", [written(), shuffled(written())], ids=["as written", "sorted"])
def test_it_says_the_same_when_it_is_read_back(content: bytes) -> None:
    rows, findings = rows_of(read(content), REVIEW)

    assert findings == ()
    assert {p.id: said_of(found) for p, found in REVIEW.points if p.kind != "series"} == {
        name: row.point_entry for name, row in rows.items()
    }


def test_it_is_recognised_by_its_line_and_by_this_workspace_only() -> None:
    sheets = read(written()).sheets

    assert copy_of(sheets, SEAL) == COPY
    assert copy_of(sheets, Pseudonyms(b"another workspace")) is None


def test_the_same_review_gives_the_same_bytes() -> None:
    assert written() == written()
