"""A copy of a workbook with remarks on its cells."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from lms_sync.errors import UsageError
from lms_sync.tables.annotate import Remark, annotate

BAD = Remark("Courses", "B3", "=HYPERLINK is not a course. Expected: a title.", serious=True)
SHEET = Remark("courses", "", "no row teaches topic 4", serious=False)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Courses"
    sheet["B3"] = "10:30"
    sheet["B3"].comment = Comment("ask Kim", "T. Rainer")
    book.save(tmp_path / "courses.xlsx")
    return tmp_path / "courses.xlsx"


def test_the_copy_has_comments_and_a_list_and_the_file_stays_as_it_was(workbook: Path) -> None:
    before = workbook.read_bytes()
    target = workbook.with_name("courses.checked.xlsx")
    annotate(workbook, target, [BAD, SHEET])
    annotate(workbook, target, [BAD, SHEET])

    assert workbook.read_bytes() == before
    book = load_workbook(target)
    assert book.sheetnames == ["To correct", "Courses"]
    assert book["Courses"]["B3"].comment.text == f"ask Kim\n\n{BAD.text}"
    assert book["Courses"]["B3"].value == "10:30"
    rows = [[cell.value for cell in row] for row in book["To correct"].iter_rows()]
    assert rows[1:] == [["Courses!B3", "yes", BAD.text], ["courses", None, SHEET.text]]
    assert book["To correct"]["C2"].data_type == "s", "what was found in a cell is never run"
    assert book["To correct"]["A2"].hyperlink.location or book["To correct"]["A2"].hyperlink.ref


def test_a_copy_of_a_copy_keeps_both_lists(workbook: Path) -> None:
    annotate(workbook, workbook, [BAD])
    annotate(workbook, workbook, [SHEET])
    assert load_workbook(workbook).sheetnames == ["To correct 2", "To correct", "Courses"]


@pytest.mark.parametrize(
    ("content", "way_out"),
    [
        (b"", "save it again"),
        (b"Source,Course\n*,x\n", "save it as .xlsx"),
        (b"PK\x03\x04 not a zip", "save it again"),
    ],
)
def test_what_is_no_xlsx_is_refused_with_the_way_out(tmp_path: Path, content: bytes, way_out: str) -> None:
    (tmp_path / "courses.xlsx").write_bytes(content)
    with pytest.raises(UsageError, match="xlsx") as refused:
        annotate(tmp_path / "courses.xlsx", tmp_path / "out.xlsx", [BAD])
    assert way_out in refused.value.hint
    assert not (tmp_path / "out.xlsx").exists()
