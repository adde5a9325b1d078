import csv
import html
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from lms_sync.tables.text_cells import LONGEST_TEXT
from lms_sync.tables.write import ColumnSpec, Row, SheetSpec, Toned, neutral, write_workbook

DANGEROUS = (
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    '=HYPERLINK("http://example.org")',
    "=cmd|' /C'!A0",
)

COLUMNS = (
    ColumnSpec("Person ID", 12, note="Your own id, as text."),
    ColumnSpec("Class", 10, choices=("SRO", "other")),
    ColumnSpec("First day", 14, "date"),
    ColumnSpec("Days", 8, "number"),
    ColumnSpec("Fee", 10, "money"),
    ColumnSpec("Link", 30, "link"),
)


def one_sheet(*rows: Row, title: str = "People") -> SheetSpec:
    return SheetSpec(
        title, COLUMNS, rows, intro=("Who is on the roster", "One row a person"), table="People", freeze_columns=1
    )


ROW: Row = ("0012", "SRO", date(2026, 11, 3), 2, Decimal("75.5"), "https://example.org/a")


def test_values_come_back_as_they_are_meant() -> None:
    sheet = load_workbook(BytesIO(write_workbook(None, [one_sheet(ROW)], title="Roster")))["People"]
    values = [cell.value for cell in sheet[5]]
    assert values == ["0012", "SRO", datetime(2026, 11, 3), 2, 75.5, "https://example.org/a"]
    assert [cell.value for cell in sheet[4]] == [column.heading for column in COLUMNS]
    assert sheet["F5"].hyperlink.target == "https://example.org/a"


def test_header_stays_and_repeats_and_filters() -> None:
    sheet = load_workbook(BytesIO(write_workbook(None, [one_sheet(ROW)], title="Roster")))["People"]
    assert sheet.freeze_panes == "B5"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.tables["People"].ref == "A4:F5"


def test_an_empty_table_keeps_one_blank_row_as_excel_asks() -> None:
    sheet = load_workbook(BytesIO(write_workbook(None, [one_sheet()], title="Roster")))["People"]
    assert sheet.tables["People"].ref == "A4:F5"


def test_drop_downs_notes_and_text_columns_reach_rows_not_filled_in_yet() -> None:
    sheet = load_workbook(BytesIO(write_workbook(None, [one_sheet()], title="Roster")))["People"]
    note, choice = sorted(sheet.data_validations.dataValidation, key=lambda rule: str(rule.sqref))
    assert (note.prompt, str(note.sqref)) == ("Your own id, as text.", "A5:A5000")
    assert (choice.type, choice.formula1, str(choice.sqref)) == ("list", '"SRO,other"', "B5:B5000")
    assert sheet.column_dimensions["A"].number_format == "@"


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_is_never_a_formula(text: str) -> None:
    sheet = load_workbook(
        BytesIO(write_workbook(None, [one_sheet((text, None, None, None, None, text))], title="x"))
    )["People"]
    for cell in (sheet["A5"], sheet["F5"]):
        assert cell.data_type == "s"
        assert cell.quotePrefix
        assert cell.hyperlink is None


def test_a_heading_or_introduction_is_never_a_formula() -> None:
    spec = SheetSpec("S", (ColumnSpec("=1+1", 9),), (), intro=("=2+2",))
    sheet = load_workbook(BytesIO(write_workbook(None, [spec], title="x")))["S"]
    assert [sheet["A1"].data_type, sheet["A3"].data_type] == ["s", "s"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_spreadsheet_program_does_not_run_any_text(tmp_path: Path) -> None:
    dangerous = tuple(text for text in DANGEROUS if not text[0].isspace())
    path = tmp_path / "x.xlsx"
    write_workbook(path, [SheetSpec("S", (ColumnSpec("Text", 9),), tuple((text,) for text in dangerous))], title="x")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["Text", *dangerous]


def test_a_late_day_stays_a_real_date() -> None:
    row: Row = (None, None, Toned(date(2026, 3, 3), "warn", " !"), None, None, None)
    sheet = load_workbook(BytesIO(write_workbook(None, [one_sheet(row)], title="x")))["People"]
    assert sheet["C5"].value == datetime(2026, 3, 3)
    assert sheet["C5"].number_format == 'd mmm yyyy" !"'


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_makes_a_file_that_opens(text: str) -> None:
    spec = SheetSpec("S", (ColumnSpec("T", 9),), ((text,), ("last",)))
    sheet = load_workbook(BytesIO(write_workbook(None, [spec], title=text)))["S"]
    assert sheet["A3"].value == "last"
    assert sheet["A2"].data_type == ("s" if text else "n")


def test_text_that_looks_like_a_code_of_excel_is_kept() -> None:
    spec = SheetSpec("S", (ColumnSpec("T", 9),), (("A_x0041_B",),))
    content = write_workbook(None, [spec], title="x")
    with zipfile.ZipFile(BytesIO(content)) as parts:
        assert b"A_x005F_x0041_B" in parts.read("xl/sharedStrings.xml")


@pytest.mark.parametrize(
    "text", ["<r><t>a & b</t></r>", "<r>&<</r>", "_x000D_x000D_", "a_x0041_x0042_x0043_b", "_x000D"]
)
def test_text_that_the_writer_would_take_for_markup_is_kept(text: str) -> None:
    """XlsxWriter passes `<r>…</r>` through as markup, and marks only the first of two codes that share a sign."""
    spec = SheetSpec("S", (ColumnSpec("T", 30),), ((text,), ("=1+1",)))
    content = write_workbook(None, [spec], title="x")
    sheet = load_workbook(BytesIO(content), rich_text=True)["S"]
    with zipfile.ZipFile(BytesIO(content)) as parts:
        stored = re.findall(r"<si>(.*?)</si>", parts.read("xl/sharedStrings.xml").decode())
    pieces = re.findall(r"<t[^>]*>(.*?)</t>", next(words for words in stored if words != "<t>T</t>"))
    assert "".join(_as_excel_reads(html.unescape(piece)) for piece in pieces) == text
    assert sheet["A3"].quotePrefix


def _as_excel_reads(words: str) -> str:
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), words)


def test_too_long_a_text_is_cut_where_excel_would_repair_the_file() -> None:
    spec = SheetSpec("S", (ColumnSpec("T", 9),), (("x" * 40_000,),))
    value = load_workbook(BytesIO(write_workbook(None, [spec], title="x")))["S"]["A2"].value
    assert isinstance(value, str)
    assert len(value) == LONGEST_TEXT
    assert value.endswith("…")


def test_the_same_sheets_give_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from lms_sync.tables.write import *\n"
        "c = tuple(ColumnSpec(h, 9, choices=('a', 'b'), note='n') for h in 'AB')\n"
        "write_workbook(Path(sys.argv[1]), [SheetSpec('S', c, (('x', 'y'),), table='T')], title='t')"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", program, str(tmp_path / seed)], check=True, env=environment, timeout=60)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_no_time_of_writing_is_in_the_file() -> None:
    content = write_workbook(None, [one_sheet(ROW)], title="Roster", day=date(2026, 11, 23))
    with zipfile.ZipFile(BytesIO(content)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = load_workbook(BytesIO(content)).properties
    assert properties.created == properties.modified == datetime(2026, 11, 23)


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(b"old")
    assert write_workbook(path, [one_sheet(ROW)], title="Roster") == path.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["roster.xlsx"]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (SheetSpec("S", (ColumnSpec("A", 9), ColumnSpec("a", 9)), ()), "same heading"),
        (SheetSpec("S" * 32, (ColumnSpec("A", 9),), ()), "31 characters"),
        (SheetSpec("S", (ColumnSpec("A", 9),), (("x", "y"),)), "2 cells for 1 columns"),
        (SheetSpec("S", (ColumnSpec("A", 9, choices=("a,b",)),), ()), "comma in a choice"),
        (SheetSpec("S", (ColumnSpec("A", 9, note="n" * 256),), ()), "255 characters"),
    ],
)
def test_what_excel_would_repair_is_refused(spec: SheetSpec, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        write_workbook(None, [spec], title="x")


@pytest.mark.parametrize("text", [*DANGEROUS, "  =1+1"])
def test_csv_text_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["Lincoln HS", "3 Nov 2026", "", "O'Neil", "a=b"])
def test_harmless_csv_text_is_left_alone(text: str) -> None:
    assert neutral(text) == text
