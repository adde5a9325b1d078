"""What vendors do to workbooks: headers of two rows, merged and hidden cells, formulas, days as numbers."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.model.evidence import ClaimReason, NotDone
from lms_sync.model.finding import Finding
from lms_sync.sources.pull import FileRead
from tests.sources.vendor_sheets import HEAD, days, done, items, read, refusal


def failed(folder: Path, words: str, **parts: Any) -> Finding:
    (folder / "acme.csv").write_text(words, encoding="utf-8")
    file = read(folder, "acme.csv", **parts)
    assert file.failed
    (finding,) = file.findings
    return finding


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., FileRead]:
    """Return what reads a workbook that `make` has filled."""

    def reads(make: Callable[[openpyxl.Workbook, Worksheet], None], **parts: Any) -> FileRead:
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        assert isinstance(sheet, Worksheet)
        make(workbook, sheet)
        workbook.save(tmp_path / "acme.xlsx")
        return read(tmp_path, "acme.xlsx", **parts)

    return reads


def table(sheet: Worksheet, *rows: Sequence[str | int | None]) -> None:
    for row in (["ID", "Course", "Done on"], *rows):
        sheet.append(list(row))


def test_header_of_two_rows_joins_merged_groups_with_what_stands_below(book: Callable[..., FileRead]) -> None:
    def make(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.append(["Acme training record"])
        sheet.append(["ID", "De-escalation", None, "Ethics", None])
        sheet.append([None, "Done on", "Score", "Done on", "Score"])
        sheet.append(["7", "09/03/2025", 80, "09/04/2025", 90])
        for cells in ("A2:A3", "B2:C2", "D2:E2"):
            sheet.merge_cells(cells)

    columns = {"person_id": ["ID"], "completed_on": ["Ethics  done on"], "score": ["Ethics Score"]}
    parts = {"constants": {"course": "Ethics"}, "keep": ["De-escalation Score"]}
    (item,) = book(make, sheet={"header_rows": 2}, columns=columns, **parts).items
    assert (str(done(item).day), str(done(item).score), item.origin.cell) == ("2025-09-04", "90", "A4")
    assert [heading for heading, _ in item.text] == [
        "ID",
        "De-escalation Score",
        "Ethics Done on",
        "Ethics Score",
    ]


def test_missing_heading_of_a_header_of_two_rows_is_told_with_what_is_there(tmp_path: Path) -> None:
    finding = failed(tmp_path, "ID,Course,Done\n,,at\n7,A,09/03/2025\n", sheet={"header_rows": 2})
    assert (finding.code, finding.found) == ("header-missing", "row 2 lacks 1 of 3 headings")
    assert 'Did you mean "Done at"?' in finding.remedy


def test_value_merged_over_several_rows_holds_for_each(book: Callable[..., FileRead]) -> None:
    def make(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        table(sheet, ["7", "A", "09/03/2025"], [None, "B", "09/04/2025"], [None, "C", "09/05/2025"])
        sheet.append([None, "D", "09/06/2025"])
        sheet.merge_cells("A2:A4")

    *merged, after = book(make).items
    assert [done(item).record for item in merged] == ["7\x1fa", "7\x1fb", "7\x1fc"]
    assert refusal(after).code in ("nobody", "no-key")


def test_remark_merged_across_a_row_is_no_date_in_each_column(book: Callable[..., FileRead]) -> None:
    def make(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        table(sheet, ["7", "moved away", None])
        sheet.merge_cells("B2:C2")

    (item,) = book(make).items
    assert done(item).claim is ClaimReason.NO_DATE


def test_hidden_rows_are_read_and_told(book: Callable[..., FileRead]) -> None:
    def make(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        table(sheet, *[[str(number), "A", "09/03/2025"] for number in range(2, 9)])
        for number in (1, 3, 4, 5, 8):
            sheet.row_dimensions[number].hidden = True

    file = book(make)
    (finding,) = file.findings
    assert len(file.items) == 7
    assert (finding.code, finding.where) == ("rows-hidden", "acme.xlsx, Sheet")
    assert "rows 3–5, 8;" in finding.found


def test_hidden_sheet_is_not_read_unless_the_layout_names_it(book: Callable[..., FileRead]) -> None:
    def make(workbook: openpyxl.Workbook, sheet: Worksheet) -> None:
        table(sheet, ["7", "A", "09/03/2025"])
        other = workbook.create_sheet("Archive")
        table(other, ["8", "A", "09/03/2025"])
        other.sheet_state = "hidden"

    file = book(make)
    assert [done(item).learner.key for item in file.items] == ["7"]
    assert [(one.code, one.where) for one in file.findings] == [("sheet-hidden", "acme.xlsx, Archive")]
    named = book(make, sheet={"name": "Archive"})
    assert [done(item).learner.key for item in named.items] == ["8"]


def test_formula_without_a_value_is_a_finding_and_never_blank(book: Callable[..., FileRead]) -> None:
    def make(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        table(sheet, ["7", "A", "=DATE(2025,9,3)"], ["8", "A", "09/03/2025"])

    first, second = book(make).items
    assert (refusal(first).code, refusal(first).where) == ("formula-without-value", "acme.xlsx, Sheet!C2")
    assert "save it" in refusal(first).remedy
    assert done(second).day


def test_numbers_are_days_only_where_the_layout_allows(book: Callable[..., FileRead]) -> None:
    def make(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        table(sheet, ["7", "A", 45903])

    assert refusal(book(make).items[0]).code == "bad-date"
    assert days(book(make, dates={"serials": True}).items) == ["2025-09-03"]


def test_workbook_from_1904_counts_its_numbers_from_there(book: Callable[..., FileRead]) -> None:
    def make(workbook: openpyxl.Workbook, sheet: Worksheet) -> None:
        workbook.epoch = CALENDAR_MAC_1904
        table(sheet, ["7", "A", 44441])

    assert days(book(make, dates={"serials": True}).items) == ["2025-09-03"]


def test_numbers_of_a_csv_file_are_text_and_days_all_the_same(tmp_path: Path) -> None:
    words = HEAD + "7,A,45903\n"
    assert refusal(items(tmp_path, words)[0]).code == "bad-date"
    assert days(items(tmp_path, words, dates={"serials": True})) == ["2025-09-03"]
    assert days(items(tmp_path, HEAD + "7,A,44441\n", dates={"serials": True, "epoch": 1904})) == ["2025-09-03"]


@pytest.mark.parametrize(
    ("dates", "words", "day"),
    [
        ({"order": "dmy"}, "03/09/2025", "2025-09-03"),
        ({"order": "dmy"}, "3.9.2025", "2025-09-03"),
        ({"order": "mdy"}, "09/03/2025", "2025-09-03"),
        ({"formats": ["%d-%b-%y"]}, "3-Sep-25", "2025-09-03"),
        ({"order": "mdy", "separator": ";"}, "09/10/2025; 09/03/2025;", "2025-09-10"),
    ],
)
def test_days_are_read_as_the_layout_says(tmp_path: Path, dates: dict[str, Any], words: str, day: str) -> None:
    assert days(items(tmp_path, HEAD + f"7,A,{words}\n", dates=dates)) == [day]


@pytest.mark.parametrize("words", ["09/03/2025; soon", ";", "31/02/2025", "13/13/2025", "09/03/2925", "3.9.25"])
def test_days_that_cannot_be_are_refused(tmp_path: Path, words: str) -> None:
    dates = {"order": "mdy", "separator": ";"}
    assert refusal(items(tmp_path, HEAD + f"7,A,{words}\n", dates=dates)[0]).code == "bad-date"


def test_row_without_a_day_is_not_done_where_the_layout_says_so(tmp_path: Path) -> None:
    (item,) = items(tmp_path, HEAD + "7,A,\n", dates={"blank": "not done"})
    assert isinstance(item.reading, NotDone)
