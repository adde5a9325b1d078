"""What a careful person sees in a cell is what is read of it: formats, check boxes, pictures, lines through it."""

import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.model.evidence import ClaimReason, Completion, NotDone, Refused
from lms_sync.sources.spreadsheet.layout import Layout
from tests.sources.read_sheets import ANA, CSV, HEAD, done, of_csv, of_xlsx, read, refused
from tests.sources.sample_files import layout_named
from tests.tables.hostile import SHEET, changed, part

MATRIX: dict[str, Any] = {
    "name": "matrix",
    "kind": "matrix",
    "key": ["person_id", "course"],
    "columns": {"person_id": ["Employee ID"], "name": ["Name"]},
    "matrix": {},
    "status": {"done": ["TRUE", "1", "100%"], "not_done": ["FALSE", "0"]},
    "dates": {"order": "mdy"},
}


def test_percentage_is_the_score_that_the_csv_of_the_same_sheet_has(tmp_path: Path) -> None:
    (sheet,) = of_xlsx(tmp_path, [HEAD, (*ANA, 0.85)], {"G2": "0%"}).items
    (text,) = of_csv(tmp_path, ",".join(HEAD) + "\n" + ",".join((*ANA, "85%")) + "\n").items
    assert done(sheet).score == done(text).score == Decimal(85)


def test_id_keeps_the_zeros_that_its_format_shows(tmp_path: Path) -> None:
    (item,) = of_xlsx(tmp_path, [HEAD, ("Reyes", "Ana", 417, *ANA[3:], None)], {"C2": "00000"}).items
    assert done(item).learner.person_id == "00417"


def test_number_in_the_format_of_social_security_numbers_is_one(tmp_path: Path) -> None:
    rows = [(*ANA[:2], f"E{n}", *ANA[3:], 123456780 + n) for n in range(3)]
    file = of_xlsx(tmp_path, [(*HEAD[:6], "Ref"), *rows], {f"G{n}": "000-00-0000" for n in (2, 3, 4)})
    assert [(one.code, one.where) for one in file.findings] == [("column-dropped", "in.xlsx, Sheet!G")]
    assert file.dropped == ("Ref",)
    assert not any("6780" in text for item in file.items for _, text in item.text)


def test_duration_is_told_in_hours(tmp_path: Path) -> None:
    layout = Layout.model_validate({**layout_named("safeschools").model_dump(), "optional": [], "columns": HOURS})
    (item,) = of_xlsx(tmp_path, [(*HEAD[:6], "Hours"), (*ANA, 1.25)], {"G2": "[h]:mm"}, layout).items
    assert dict(done(item).attributes) == {"hours": "30:00:00"}


HOURS = {
    "person_id": ["Employee ID"], "course_title": ["Course"], "completed_on": ["Completed Date"], "hours": ["Hours"],
    "assignment": ["Status"],
}  # fmt: skip


def test_check_boxes_and_numbers_are_status_words_of_a_matrix(tmp_path: Path) -> None:
    rows = [("Employee ID", "Name", "Trauma", "FERPA", "Ethics", "Law"), ("E100", "Reyes, Ana", True, False, 1, 1)]
    items = of_xlsx(tmp_path, rows, {"F2": "0%"}, Layout.model_validate(MATRIX)).items
    assert [type(item.reading) for item in items] == [Completion, NotDone, Completion, Completion]
    assert {done(item).claim for item in (items[0], items[2], items[3])} == {ClaimReason.NO_DATE}


def test_check_box_that_the_layout_does_not_know_is_an_unknown_word(tmp_path: Path) -> None:
    layout = Layout.model_validate({**MATRIX, "status": {"done": ["x"]}})
    (item,) = of_xlsx(tmp_path, [("Employee ID", "Name", "Trauma"), ("E100", "Ana", True)], {}, layout).items
    assert refused(item) == ("unknown-status", "in.xlsx, Sheet!C2", 'the status "TRUE"')


def test_picture_in_a_cell_of_a_matrix_is_told_as_one(tmp_path: Path) -> None:
    of_xlsx(tmp_path, [("Employee ID", "Name", "Trauma"), ("E100", "Ana", 1)], {})
    data = (tmp_path / "in.xlsx").read_bytes()
    sheet = part(data, SHEET)
    old, new = b'<c r="C2" t="n"><v>1</v></c>', b'<c r="C2" t="e" vm="1"><v>#VALUE!</v></c>'
    assert old in sheet
    (tmp_path / "in.xlsx").write_bytes(changed(data, {SHEET: sheet.replace(old, new)}))
    (item,) = read(tmp_path, "in.xlsx", Layout.model_validate(MATRIX)).items
    assert refused(item)[:2] == ("picture-cell", "in.xlsx, Sheet!C2")


def with_line_through(folder: Path, *places: str) -> None:
    """Cross out cells of the workbook that lies there."""
    book = openpyxl.load_workbook(folder / "in.xlsx")
    for place in places:
        (cell,) = book.worksheets[0][f"{place}:{place}"][0]
        cell.font = Font(strike=True)
    book.save(folder / "in.xlsx")


def test_row_in_which_something_that_counts_is_crossed_out_is_refused(tmp_path: Path) -> None:
    rows = [(*HEAD, "Note")] + [(*ANA[:2], f"E{number}", *ANA[3:], 90, "moved") for number in range(2, 7)]
    of_xlsx(tmp_path, rows, {})
    with_line_through(tmp_path, "A3", "B3", "C3", "D3", "E3", "F3", "G3", "E4", "H5", "G1", "Z9")
    items = read(tmp_path, "in.xlsx").items
    assert [isinstance(item.reading, Refused) for item in items] == [False, True, True, False, False]
    assert refused(items[1])[0] == refused(items[2])[0] == "crossed-out"
    assert refused(items[2]) == ("crossed-out", "in.xlsx, Sheet!E4", "a value that is crossed out")
    assert "09/03/2025" not in dict(items[2].text).values()


def test_cell_of_a_matrix_that_is_crossed_out_is_refused_and_a_merged_one_in_each_of_its_rows(tmp_path: Path) -> None:
    rows = [
        ("Employee ID", "Name", "Trauma", "FERPA"),
        ("E100", "Ana", 1, 1),
        ("E200", "Bo", 1, 1),
        ("E300", "Cy", 1),
    ]
    of_xlsx(tmp_path, rows, {})
    with_line_through(tmp_path, "D2", "C3")
    data = (tmp_path / "in.xlsx").read_bytes()
    merged = part(data, SHEET).replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="C3:C4"/></mergeCells>'
    )
    (tmp_path / "in.xlsx").write_bytes(changed(data, {SHEET: merged}))
    items = read(tmp_path, "in.xlsx", Layout.model_validate(MATRIX)).items
    assert [(item.origin.cell, isinstance(item.reading, Refused)) for item in items] == [
        ("C2", False), ("D2", True), ("C3", True), ("D3", False), ("C4", True),
    ]  # fmt: skip


def test_values_below_merged_cells_do_not_count_and_are_told(tmp_path: Path) -> None:
    bo = ("Smith", "Bo", "E200", "FERPA", "09/03/2025", "Completed")
    of_xlsx(tmp_path, [HEAD[:6], ANA, bo], {})
    data = (tmp_path / "in.xlsx").read_bytes()
    blocks = "".join(f'<mergeCell ref="{column}2:{column}3"/>' for column in "ABC")
    merged = part(data, SHEET).replace(b"</sheetData>", f"</sheetData><mergeCells>{blocks}</mergeCells>".encode())
    (tmp_path / "in.xlsx").write_bytes(changed(data, {SHEET: merged}))
    file = read(tmp_path, "in.xlsx")
    assert [done(item).learner.person_id for item in file.items] == ["E100", "E100"]
    (finding,) = file.findings
    assert (finding.code, "(A3, B3, C3)" in finding.found) == ("values-below-merge", True)


def test_letters_of_a_far_column_are_no_heading(tmp_path: Path) -> None:
    book_rows = [HEAD[:6], ANA]
    of_xlsx(tmp_path, book_rows, {})
    book = openpyxl.load_workbook(tmp_path / "in.xlsx")
    assert isinstance(book.active, Worksheet)
    book.active["XFD1"] = "."
    book.active["SSN2"] = book.active["DOB2"] = "x"
    book.save(tmp_path / "in.xlsx")
    file = read(tmp_path, "in.xlsx")
    assert (file.findings, file.dropped, len(file.items)) == ((), ("column DOB", "column SSN"), 1)


def test_column_that_is_called_so_is_dropped(tmp_path: Path) -> None:
    file = of_csv(tmp_path, CSV.replace("\n", ",column SSN\n") + ",".join((*ANA, "1")) + "\n")
    assert file.dropped == ("column SSN",)


ANCHOR = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>{col}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
    "<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:{what}/></xdr:twoCellAnchor>"
)
DRAWING = "xl/drawings/drawing1.xml"


def test_pictures_over_the_rows_are_told_and_a_logo_above_them_is_not(tmp_path: Path) -> None:
    rows = [("A logo",), HEAD, ANA, ANA]
    of_xlsx(tmp_path, rows, {})
    anchors = "".join(
        ANCHOR.format(col=col, row=row, what=what)
        for col, row, what in ((0, 0, "pic"), (5, 2, "pic"), (5, 3, "pic"), (2, 2, "sp"))
    )
    lists = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
    relation = f'<Relationship Id="r1" Type="{kind}" Target="../drawings/drawing1.xml"/>'
    path = tmp_path / "in.xlsx"
    with zipfile.ZipFile(path, "a") as book:
        book.writestr(DRAWING, f"<xdr:wsDr>{anchors}</xdr:wsDr>")
        book.writestr(
            "xl/worksheets/_rels/sheet1.xml.rels", f'<Relationships xmlns="{lists}">{relation}</Relationships>'
        )
    (found,) = read(tmp_path, "in.xlsx").findings
    assert found.code == "pictures-over-cells"
    assert "(F3, F4)" in found.found
