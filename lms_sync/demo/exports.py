"""Plain xlsx and ods files as other programs export them: bare cells, no styles to speak of, error values included.

Our own workbooks are made by `tables.write`, which is too well-behaved for this.
"""

import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape

from lms_sync.tables.cells import ErrorValue, address

Cell = str | int | float | date | ErrorValue | None
Rows = Sequence[Sequence[Cell]]

_SHEET_ONE = date(1899, 12, 30)
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def xlsx(sheet: str, rows: Rows) -> bytes:
    """Return an xlsx file with one sheet, whose first row is row 1; the same rows give the same bytes."""
    lines = "".join(
        f'<row r="{number}">{"".join(_xlsx_cell(c, address(number, n)) for n, c in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    relation = f'<Relationship Id="rId%d" Type="{_OFFICE}/%s" Target="%s"/>'
    relations = f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">%s</Relationships>'
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": relations % (relation % (1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations
        % (relation % (1, "worksheet", "worksheets/sheet1.xml") + relation % (2, "styles", "styles.xml")),
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>',
    }
    return _zipped(parts.items())


def ods(sheet: str, rows: Rows) -> bytes:
    """Return an ods file with one sheet; the same rows give the same bytes."""
    lines = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row)) or '<table:table-cell/>'}</table:table-row>" for row in rows
    )
    content = (
        f"{_HEAD}<office:document-content {_ODS_SPACES} office:version='1.3'><office:body><office:spreadsheet>"
        f'<table:table table:name="{escape(sheet)}">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f"{_HEAD}<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'>"
        f"<manifest:file-entry manifest:full-path='/' manifest:media-type='{_ODS_TYPE}'/>"
        "<manifest:file-entry manifest:full-path='content.xml' manifest:media-type='text/xml'/></manifest:manifest>"
    )
    # An ods file begins with its type, stored as it is.
    return _zipped((("mimetype", _ODS_TYPE), ("content.xml", content), ("META-INF/manifest.xml", manifest)))


def _xlsx_cell(value: Cell, place: str) -> str:
    match value:
        case None:
            return ""
        case ErrorValue():
            return f'<c r="{place}" t="e"><v>{escape(value.text)}</v></c>'
        case date():
            return f'<c r="{place}" s="1"><v>{(value - _SHEET_ONE).days}</v></c>'
        case str():
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        case _:
            return f'<c r="{place}"><v>{value}</v></c>'


def _ods_cell(value: Cell) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case date():
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
        case int() | float():
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        case _:
            words = f"<text:p>{escape(str(value))}</text:p>"
            return f'<table:table-cell office:value-type="string">{words}</table:table-cell>'


def _zipped(parts: Iterable[tuple[str, str]]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in parts:
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            file.writestr(entry, text)
    return buffer.getvalue()


_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_WORKBOOK_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_WORKBOOK_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_WORKBOOK_TYPE}.styles+xml"/></Types>'
)
# Style 1 is a date as spreadsheets of the United States show it.
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
_ODS_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
