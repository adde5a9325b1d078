"""Whatever a sheet came in, the same is read of it: kinds of cells × kinds of files."""

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import product
from typing import cast

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.tables.cells import CellCause, ErrorValue, Sheet, Unreadable, Value, text
from lms_sync.tables.read import sheets_of
from tests.tables.xls_book import Cell as XlsCell
from tests.tables.xls_book import xls
from tests.tables.xlsb_book import xlsb

ODS_NAMES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)
ODS_STYLES = "".join(
    f'<style:style style:name="{name}" style:family="table-cell">'
    f'<style:text-properties style:text-line-through-style="{line}"/></style:style>'
    for name, line in (("plain", "none"), ("crossed", "solid"))
)
ERROR_CODES = {"#N/A": b"\x2a", "#REF!": b"\x17"}


@dataclass(frozen=True, slots=True)
class Case:
    """One cell: what it holds, how it is formatted and shown, and what is read of it."""

    value: str | float | bool
    format: str
    shown: str
    """What a person sees; a csv file holds this."""
    read: str | ErrorValue
    """As text; an ErrorValue for what can't be taken."""
    crossed_out: bool = False

    @property
    def is_error(self) -> bool:
        return self.value in ERROR_CODES


CASES = {
    "percent": Case(0.85, "0%", "85%", "85%"),
    "percent with decimals": Case(0.8555, "0.0%", "85.6%", "85.6%"),
    "zeros by format": Case(417.0, "00000", "00417", "00417"),
    "zeros in text": Case("00417", "", "00417", "00417"),
    "social security number": Case(12345678.0, "000-00-0000", "012-34-5678", "012-34-5678"),
    "letters by format": Case(17.0, '"E"000', "E017", "E017"),
    "percent by condition": Case(0.85, "[Green][>=0.8]0%;[Red]0%", "85%", "85%"),
    "word by value": Case(1.0, '"Passed";;"Failed"', "Passed", "Passed"),
    "text of which nothing is shown": Case("Passed", ";;;", "", ""),
    "text between words": Case("417", '0;0;0;"Unit "@', "Unit 417", "Unit 417"),
    "a word in the text's place": Case("417", '0;0;0;"Passed"', "Passed", "Passed"),
    "number of which nothing is shown": Case(417.0, ";;;", "", ""),
    "zero that is not shown": Case(0.0, "0%;;", "", ""),
    "duration": Case(1.25, "[h]:mm:ss", "30:00:00", "30:00:00"),
    "thousands": Case(1234.0, "#,##0", "1234", "1234"),
    "plain number": Case(417.0, "", "417", "417"),
    "check-box": Case(value=True, format="", shown="TRUE", read="TRUE"),
    "id kept by a formula": Case('="00417"', "", '="00417"', "00417"),
    "id kept by an apostrophe": Case("'00417", "", "'00417", "00417"),
    "name with an apostrophe": Case("'t Hooft", "", "'t Hooft", "'t Hooft"),
    "zero width": Case("00105\u200b", "", "00105\u200b", "00105"),
    "soft hyphen": Case("Trau\u00adma", "", "Trau\u00adma", "Trauma"),
    "turned around": Case("a\u202eb", "", "a\u202eb", ErrorValue("a\\u202eb", CellCause.UNFIT)),
    "formula that failed": Case("#N/A", "", "#N/A", ErrorValue("#N/A")),
}
Rows = Sequence[Sequence[Case]]


def as_xlsx(rows: Rows, merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = cast(Worksheet, book.active)
    for number, row in enumerate(rows, 1):
        for column, case in enumerate(row, 1):
            cell = sheet.cell(number, column, case.value)
            if isinstance(case.value, str):
                cell.data_type = "e" if case.is_error else "s"
            if case.format:
                cell.number_format = case.format
            if case.crossed_out:
                cell.font = Font(strike=True)
    stream = io.BytesIO()
    book.save(stream)
    if not merged:
        return stream.getvalue()
    return with_merged(stream.getvalue(), merged)


def with_merged(data: bytes, merged: str) -> bytes:
    """Return a workbook with merged cells below which the values stay, as openpyxl would not leave them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            block = f'</sheetData><mergeCells><mergeCell ref="{merged}"/></mergeCells>'.encode()
            new.writestr(name, old.read(name).replace(b"</sheetData>", block))
    return stream.getvalue()


def as_xls(rows: Rows, merged: str = "") -> bytes:
    cells = [[XlsCell(binary(case), case.format, case.crossed_out) for case in row] for row in rows]
    return xls(cells, merged=[(1, 2, 0, 0)] if merged else ())


def as_xlsb(rows: Rows, merged: str = "") -> bytes:
    formats = [[case.format for case in row] for row in rows]
    values = [[binary(case) for case in row] for row in rows]
    crossed_out = [[case.crossed_out for case in row] for row in rows]
    return xlsb(
        values, formats=formats, crossed_out=crossed_out, merged=struct.pack("<IIII", 1, 2, 0, 0) if merged else b""
    )


def binary(case: Case) -> str | float | bool | bytes:
    return ERROR_CODES[str(case.value)] if case.is_error else case.value


def as_ods(rows: Rows, merged: str = "") -> bytes:
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(ods_cell(case, tall=bool(merged) and number == 2 and case is row[0]) for case in row)
        lines.append(f"<table:table-row>{cells}</table:table-row>")
    return ods_of("".join(lines))


def ods_of(lines: str, styles: str = "") -> bytes:
    """Return a workbook of one sheet with these rows and, beside those for cells, these styles."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content{ODS_NAMES} xmlns:calcext="urn:calcext">'
            f"<office:automatic-styles>{ODS_STYLES}{styles}</office:automatic-styles><office:body>"
            f'<office:spreadsheet><table:table table:name="Data">{lines}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return stream.getvalue()


def ods_cell(case: Case, *, tall: bool) -> str:
    match case.value:
        case bool():
            kind = f'office:value-type="boolean" office:boolean-value="{str(case.value).lower()}"'
        case float() if ":" in case.format:
            kind = 'office:value-type="time" office:time-value="PT30H00M00S"'
        case float():
            kind = (
                f'office:value-type="{"percentage" if "%" in case.format else "float"}" office:value="{case.value}"'
            )
        case _:
            kind = 'office:value-type="string"' + (' calcext:value-type="error"' if case.is_error else "")
            kind += f' office:string-value="{case.value}"' if case.format else ""
    spanned = ' table:number-rows-spanned="2" table:number-columns-spanned="1"' if tall else ""
    kind += f' table:style-name="{"crossed" if case.crossed_out else "plain"}"'
    return f"<table:table-cell {kind}{spanned}><text:p>{escape(case.shown)}</text:p></table:table-cell>"


def as_csv(rows: Rows, merged: str = "") -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([[case.shown for case in row] for row in rows])
    return stream.getvalue().encode()


WRITERS: dict[str, Callable[..., bytes]] = {
    "xlsx": as_xlsx, "xls": as_xls, "xlsb": as_xlsb, "ods": as_ods, "csv": as_csv,
}  # fmt: skip
HEAD = Case("ID", "", "ID", "ID"), Case("Course", "", "Course", "Course")
COURSE = Case("Ethics", "", "Ethics", "Ethics")


def read(data: bytes) -> Sheet:
    (sheet,) = sheets_of(data)
    return sheet


def said(value: Value) -> str | ErrorValue:
    return value if isinstance(value, ErrorValue) else text(value)


@pytest.mark.parametrize(("kind", "form"), list(product(CASES, WRITERS)))
def test_cell_says_what_the_sheet_shows(kind: str, form: str) -> None:
    case = CASES[kind]
    if form == "csv" and case.is_error:
        pytest.skip("a csv file holds an error as text, and the layout refuses it")
    sheet = read(WRITERS[form]([HEAD, (case, COURSE)]))
    assert [said(cell) for cell in sheet.rows[1].cells] == [case.read, "Ethics"]


@pytest.mark.parametrize("form", [form for form in WRITERS if form != "csv"])
def test_what_lies_below_merged_cells_is_not_read_and_is_told(form: str) -> None:
    ana, bo = Case("E100", "", "E100", ""), Case("E200", "", "E200", "")
    sheet = read(WRITERS[form]([HEAD, (ana, COURSE), (bo, COURSE)], merged="A2:A3"))
    assert [row.cells for row in sheet.rows[1:]] == [("E100", "Ethics"), (None, "Ethics")]
    assert sheet.covered == ((3, 0),)


@pytest.mark.parametrize("form", [form for form in WRITERS if form != "csv"])
def test_cells_that_are_crossed_out_are_told(form: str) -> None:
    row = [
        Case("E100", "", "E100", "E100", crossed_out=True),
        Case(0.85, "0%", "85%", "85%", crossed_out=True),
        COURSE,
        Case(value=True, format="", shown="TRUE", read="TRUE", crossed_out=True),
    ]
    sheet = read(WRITERS[form]([[HEAD[0], *row[1:]], [COURSE] * 4, row]))
    assert [said(cell) for cell in sheet.rows[2].cells] == [case.read for case in row]
    assert sheet.crossed_out == {1: (1, 3), 3: (0, 1, 3)}


@pytest.mark.parametrize("kind", CASES)
def test_web_page_with_any_cell_is_refused_as_one(kind: str) -> None:
    page = f"<div>\r\n<table><tr><th>ID</th></tr><tr><td>{escape(CASES[kind].shown)}</td></tr></table></div>"
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(Unreadable, match="a web page, whatever its name says"):
            sheets_of(page.encode(encoding))
