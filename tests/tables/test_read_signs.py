"""What stands in a workbook beside its values, and the reader would hide: found in xlsx and ods."""

import io
import zipfile

import pytest

from lms_sync.tables.cells import UNCALCULATED, Block, ErrorValue, Sheet, Sign, Value
from lms_sync.tables.kinds import Kind
from lms_sync.tables.workbook import workbook_of
from tests.tables.hostile import SHEET, changed, good, part

ODS_START = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
ODS_END = "</office:spreadsheet></office:body></office:document-content>"


def xlsx(rows: str, after: str = "") -> Sheet:
    """Return the sheet whose rows (and what follows them) are this XML."""
    text = part(good(), SHEET).decode()
    start, end = text.index("<sheetData>") + 11, text.index("</sheetData>")
    text = text[:start] + rows + "</sheetData>" + after + text[end + 12 :]
    (sheet,) = workbook_of(changed(good(), {SHEET: text.encode()}), Kind.XLSX).sheets
    return sheet


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="B1"><f>1+1</f><v></v></c>', UNCALCULATED),
        ('<c r="B1"><f>1+1</f><v/></c>', UNCALCULATED),
        ('<c r="B1" s="0"><f>1+1</f></c>', UNCALCULATED),
        ('<c r="B1"><f t="shared" si="0"/></c>', UNCALCULATED),
        ('<c r="B1" t="n"><f>1+1</f></c>', UNCALCULATED),
        ('<x:c xmlns:x="u" r="B1"><x:f>1+1</x:f></x:c>', UNCALCULATED),
        ('<c r="B1"><f>1+1</f><v>2</v></c>', 2.0),
        ('<c r="B1" t="str"><f>IF(A1="","","x")</f><v></v></c>', None),
        ('<c r="B1" t="e"><f>NA()</f><v>#N/A</v></c>', ErrorValue("#N/A")),
    ],
)
def test_formula_tells_its_last_value_or_that_it_has_none(cell: str, value: Value) -> None:
    sheet = xlsx(f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>')
    assert sheet.rows[0].cell(1) == value


def test_xlsx_tells_hidden_rows_and_merged_cells() -> None:
    cells = '<c r="A{0}"><v>1</v></c></row>'
    rows = '<row r="1">' + cells.format(1) + '<row r="2" spans="1:3" hidden="1" ht="15">' + cells.format(2)
    rows += '<row hidden="true" r="3">' + cells.format(3) + '<row r="4" hidden="0">' + cells.format(4)
    merged = '<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="C2:C4"/></mergeCells>'
    sheet = xlsx(rows, merged)
    assert sheet.hidden_rows == (2, 3)
    assert sheet.merged == (Block(1, 0, 1, 2), Block(2, 2, 4, 2))


@pytest.mark.parametrize("size", [5, 60, 400])
def test_signs_are_found_across_the_pieces_that_are_scanned(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("lms_sync.tables.archive.PIECE", size)
    rows = "".join(f'<row r="{n}" hidden="1"><c r="A{n}"><f>{n}+1</f></c></row>' for n in range(1, 30))
    merged = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 30))
    sheet = xlsx(rows, f"<mergeCells>{merged}</mergeCells>")
    assert sheet.hidden_rows == tuple(range(1, 30))
    assert {row.cell(0) for row in sheet.rows} == {UNCALCULATED}
    assert len(sheet.merged) == 29


def test_ods_tells_hidden_rows_merged_cells_date_system_and_macros() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"{}><text:p>1</text:p></table:table-cell>'
    tall = ' table:number-rows-spanned="2" table:number-columns-spanned="1"'
    rows = (
        f"<table:table-row>{cell.format(tall)}{cell.format('')}</table:table-row>"
        f'<table:table-row table:visibility="filter"><table:covered-table-cell/>{cell.format("")}</table:table-row>'
        '<table:table-row table:visibility="collapse" table:number-rows-repeated="1048574"><table:table-cell/>'
        "</table:table-row>"
    )
    settings = '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/>'
    content = f'{settings}</table:calculation-settings><table:table table:name="S">{rows}</table:table>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("Basic/script-lc.xml", "<library/>")
        archive.writestr("content.xml", ODS_START + content + ODS_END)
    book = workbook_of(stream.getvalue(), Kind.ODS)
    (sheet,) = book.sheets
    assert (sheet.hidden_rows, sheet.merged, sheet.from_1904) == ((2,), (Block(1, 0, 2, 0),), True)
    assert book.signs == {Sign.MACROS}
