"""Files that spreadsheet programs open and that are not as our reader wants them: read right, or refused with why."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from xlsxwriter import Workbook

from lms_sync.tables.cells import PICTURE, CellCause, ErrorValue, Unreadable, Value
from lms_sync.tables.not_sheets import check_text
from lms_sync.tables.prescan_xlsx_sheet import with_texts_that_are_there
from lms_sync.tables.read import sheets_of
from tests.tables.hostile import SHEET, changed, good, part
from tests.tables.xls_book import Cell, contained, xls

BOOK, ROOT, RELATIONS = "xl/workbook.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"
NAMES = "http://schemas.openxmlformats.org/"
STRICT = "http://purl.oclc.org/ooxml/"
EMPTY_ZIP = b"PK\5\6" + bytes(18)


def renamed(data: bytes, rename: Callable[[str], str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(rename(name), old.read(name))
    return stream.getvalue()


def with_sheet(*replacements: tuple[str, str], encoding: str = "utf-8", declared: str = "") -> bytes:
    text = part(good(), SHEET).decode()
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return changed(good(), {SHEET: (head + text).encode(encoding)})


def with_another_book() -> bytes:
    """Return a workbook whose main part has another name, in the root, as the package says."""
    data = renamed(good(), lambda name: name.replace("xl/", "").replace("workbook", "Book7"))
    root = part(good(), ROOT).replace(b"xl/workbook", b"Book7")
    relations = part(good(), RELATIONS).replace(b"/xl/", b"/")
    return changed(data, {ROOT: root, "_rels/Book7.xml.rels": relations})


def strict() -> bytes:
    parts = {}
    for name in (BOOK, SHEET, ROOT, RELATIONS):
        words = part(good(), name).decode()
        words = words.replace(f"{NAMES}officeDocument/2006", f"{STRICT}officeDocument")
        parts[name] = words.replace(f"{NAMES}spreadsheetml/2006", f"{STRICT}spreadsheetml").encode()
    return changed(good(), parts)


def prefixed() -> bytes:
    text = re.sub(r"<(/?)(\w)", r"<\1x:\2", part(good(), SHEET).decode()).replace("xmlns=", "xmlns:x=")
    return changed(good(), {SHEET: text.replace("A1:C2", "A0").encode()})


def old_workbook(**rest: object) -> bytes:
    words = [["ID", "Course", "Done on"], ["7", "A", "09/03/2025"]]
    return xls([[Cell(one) for one in row] for row in words], **rest)  # type: ignore[arg-type]


AS_GOOD: dict[str, Callable[[], bytes]] = {
    "names in capitals": lambda: renamed(good(), str.upper),
    "names with the other slash": lambda: renamed(good(), lambda name: name.replace("/", "\\")),
    "names from the root": lambda: renamed(good(), lambda name: f"/{name}"),
    "names from here": lambda: renamed(good(), lambda name: f"./{name}"),
    "sheet's name in another case": lambda: renamed(good(), lambda name: name.replace("sheet1", "Sheet1")),
    "another workbook part": with_another_book,
    "targets that go up": lambda: changed(
        good(), {RELATIONS: part(good(), RELATIONS).replace(b'"/xl/worksheets', b'"../xl/./worksheets')}
    ),
    "strict": strict,
    "prefixes": prefixed,
    "dimension in row 0": lambda: with_sheet(('ref="A1:C2"', 'ref="A0:F2"')),
    "dimension with an end tag": lambda: with_sheet(('<dimension ref="A1:C2"/>', '<dimension ref="A0"></dimension>')),
    "whole column merged": lambda: with_sheet(
        ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="H:H"/></mergeCells>')
    ),
    "small letters": lambda: with_sheet(*((f'r="{one}2"', f'r="{one.lower()}2"') for one in "ABC")),
    "UTF-16": lambda: with_sheet(encoding="utf-16", declared="UTF-16"),
    "UTF-16 without a mark": lambda: with_sheet(encoding="utf-16-le", declared="UTF-16"),
    "windows-1252": lambda: with_sheet(encoding="cp1252", declared="windows-1252"),
    "xls of Crystal Reports": lambda: old_workbook(stream="WORKBOOK"),
    "xls, BOOK": lambda: old_workbook(stream="BOOK"),
    "xls with a code page": lambda: old_workbook(code_page=1252),
}


@pytest.mark.parametrize("kind", AS_GOOD)
def test_odd_workbook_reads_as_the_usual_one(kind: str) -> None:
    (sheet,) = sheets_of(AS_GOOD[kind]())
    assert [row.cells for row in sheet.rows] == [row.cells for row in sheets_of(good())[0].rows]


NAMED = {
    'encoding="utf8"': "utf-8",
    'encoding="us-ascii"': "utf-8",
    "encoding='windows-1252'": "cp1252",
    'encoding = "windows-1252"': "cp1252",
}


@pytest.mark.parametrize(("named", "encoding"), NAMED.items())
def test_an_accent_is_read_however_the_sheet_names_its_encoding(named: str, encoding: str) -> None:
    cell = '<c r="A1" t="inlineStr"><is><t>Zoë</t></is></c>'
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    head = f'<?xml version="1.0" {named}?><worksheet {names}>'
    text = f'{head}<sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    (sheet,) = sheets_of(changed(good(), {SHEET: text.encode(encoding)}))
    assert [row.cells for row in sheet.rows] == [("Zoë",)]


@pytest.mark.parametrize(
    ("rename", "drop"), [("same", ()), ("same", ("mimetype",)), ("same", ("mimetype", "META-INF/manifest.xml"))]
)
@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
def test_indented_ods_reads_with_or_without_its_type(rename: str, drop: tuple[str, ...], encoding: str) -> None:
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    cells = "\n   ".join(
        f'<table:table-cell office:value-type="string">\r\n\t<text:p>{one}</text:p>\n </table:table-cell>'
        for one in ("7", "De – escalation", "a\n b")
    )
    content = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<office:document-content{names}>\n<office:body>\n'
        f'<office:spreadsheet>\n<table:table table:name="S">\n<table:table-row>\n {cells}\n</table:table-row>\n'
        "</table:table>\n</office:spreadsheet>\n</office:body>\n</office:document-content>\n"
    )
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": b"<manifest/>",
        "content.xml": content.encode(encoding),
    }
    (sheet,) = sheets_of(changed(EMPTY_ZIP, {name: data for name, data in parts.items() if name not in drop}))
    assert [row.cells for row in sheet.rows] == [("7", "De – escalation", "a\n b")]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="C2" t="e" vm="1"><v>#VALUE!</v></c>', PICTURE),
        ('<c r="C2" t="e"><f>NA()</f><v>#N/A</v></c>', ErrorValue("#N/A")),
        ('<c r="C2" t="inlineStr"><is><t>Tr_x0000_auma</t></is></c>', ErrorValue("Tr\\x00auma", CellCause.UNFIT)),
        ('<c r="C2" t="inlineStr"><is><t>E_x001B_[5m</t></is></c>', ErrorValue("E\\x1b[5m", CellCause.UNFIT)),
    ],
)
def test_cell_that_says_nothing_is_told_by_its_cause(cell: str, value: Value) -> None:
    usual = '<c r="C2" t="inlineStr"><is><t>09/03/2025</t></is></c>'
    assert sheets_of(with_sheet((usual, cell)))[0].rows[1].cell(2) == value


REFUSED: dict[str, tuple[bytes, str]] = {
    "session": (b"Your session has expired. Please sign in again.\n", "a message"),
    "error": (b"Error\r\nThe report is not available\r\n", "a message"),
    "JSON": (b' {"rows": [1, 2]}\n', "JSON"),
    "JSON list": (b'[{"id": 1}]', "JSON"),
    "web archive": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; b=x\r\n\r\n<html>", "a web archive"),
    "span": (b"<span>Log in</span>", "a web page"),
    "comment first": (b"\xef\xbb\xbf\r\n<!-- made by -->\r\n<p>", "a web page"),
    "script in UTF-16": ("<script>var a</script>".encode("utf-16"), "a web page"),
    "SpreadsheetML": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "an XML spreadsheet of Excel 2003",
    ),
    "XML": (b'<?xml version="1.0"?><rows/>', "XML"),
    "Excel 2": (b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(50), "too old"),
    "Excel 3": (b"\x09\x02\x06\x00\x00\x00\x10\x00" + bytes(50), "too old"),
    "Excel 4": (b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(50), "too old"),
    "SYLK": (b'ID;PWXL;N;E\r\nC;Y1;X1;K"a"\r\nE\r\n', "a SYLK file"),
    "RTF": (rb"{\rtf1 a}", "a text document (RTF), which is no sheet"),
    "PDF": (b"%PDF-1.7\n", "a PDF, which is no sheet"),
    "end that was not written": (b"ID,Course\n1,A\n" * 20 + bytes(5000), "ends in 5,000 bytes of zeros"),
    "end that was not written, in UTF-16": ("ID,Course\n1,A\n".encode("utf-16") + bytes(512), "ends in 513 bytes"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(20), "a compressed file"),
    "JSON, an object a line": (b'{"ID": 1}\n{"ID": 2}\n', "JSON"),
    "Word": (contained(b"x" * 5000, "WordDocument"), "a Word document"),
    "Word of today": (changed(EMPTY_ZIP, {"word/document.xml": b"<x/>"}), "a Word document"),
    "Numbers": (changed(EMPTY_ZIP, {"Index/Document.iwa": b"x"}), "Numbers"),
    "Excel 3 in a container": (contained(b"\x09\x02\x06\x00\x00\x00\x10\x00", "Book"), "this program cannot read"),
    "sheet that is not there": (
        changed(good(), {RELATIONS: part(good(), RELATIONS).replace(b"sheet1", b"sheet9")}),
        'names a sheet "Sheet" whose part is not in the file',
    ),
    "row without end": (with_sheet(('r="A2"', 'r="A99999999999"')), "it is in A99999999999"),
    "row's number without end": (with_sheet(('<row r="2"', '<row r="99999999999"')), "it is in A99999999999"),
    "column without end": (with_sheet(('r="A2"', 'r="AAAA2"')), "it is in AAAA2"),
}


@pytest.mark.parametrize("words", ["-1", "abc", "1.5", " 1 "])
def test_a_text_that_is_named_by_no_number_is_not_taken_for_the_first_of_the_list(words: str) -> None:
    """The reader takes it for that: a heading stood in place of a name, or *Completed* in place of *Failed*."""
    book = io.BytesIO()
    with Workbook(book) as written:
        written.add_worksheet().write_row("A1", ["Completed", "Failed", "Failed"])
    number = re.compile(rb'(<c r="B1" t="s"><v>)1')
    broken = number.sub(rb"\g<1>" + words.encode(), part(book.getvalue(), SHEET))
    with pytest.raises(Unreadable, match=f'a cell names the text "{words}"'):
        sheets_of(changed(book.getvalue(), {SHEET: broken}))
    assert sheets_of(book.getvalue())[0].rows[0].cells == ("Completed", "Failed", "Failed")


@pytest.mark.parametrize("size", [1, 7, 64, 200])
def test_a_sheet_is_looked_at_in_whatever_pieces_it_comes(size: int) -> None:
    cells = b"".join(b'<c r="A%d" t="s"><v>%d</v></c>' % (n, n * 12345) for n in range(1, 40))
    pieces = [cells[n : n + size] for n in range(0, len(cells), size)]
    assert b"".join(with_texts_that_are_there(pieces)) == cells
    broken = cells.replace(b"<v>12345<", b"<v>x12345<")
    with pytest.raises(Unreadable):
        list(with_texts_that_are_there([broken[n : n + size] for n in range(0, len(cells) + 1, size)]))


@pytest.mark.parametrize("kind", REFUSED)
def test_what_can_not_be_read_is_refused_with_the_true_reason(kind: str) -> None:
    data, found = REFUSED[kind]
    with pytest.raises(Unreadable, match=re.escape(found)) as caught:
        sheets_of(data)
    assert caught.value.remedy
    assert "damaged" not in caught.value.found


@pytest.mark.parametrize(
    "words", ["ID;Person\n1;2\n", "[Report]\nID,Course\n", "Error,Course\n1,A\n", "Note\nerror, mended\n", "a<b,c\n"]
)
def test_text_that_may_be_a_table_is_not_refused(words: str) -> None:
    check_text(words.encode())


def test_a_sheet_that_the_scan_has_not_seen_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms_sync.tables.prescan_xlsx.elements", lambda _: [])
    with pytest.raises(Unreadable, match="the sheet Sheet is not where the workbook says"):
        sheets_of(good())


@pytest.mark.parametrize(
    ("start", "rest"),
    [("sep=;", "a;b,c"), ('"sep=;"', "a;b,c"), ("SEP=|", "a|b,c"), ("sep=\t", "a\tb,c"), ("sep=;;;", "a;b,c")],
)
def test_line_that_names_the_separator_is_known_however_it_is_written(start: str, rest: str) -> None:
    (sheet,) = sheets_of(f"{start}\r\n{rest}\r\n".encode())
    assert sheet.rows[1].cells == ("a", "b,c")


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('E100,"Trauma, basics" ,x', ("E100", "Trauma, basics ", "x")),
        ('E100,"5" pipe",x', ("E100", '5 pipe"', "x")),
        ('E100,"He said ""no""",x', ("E100", 'He said "no"', "x")),
        ('"E100", "Trauma, basics" , "x"', ("E100", "Trauma, basics ", "x")),
    ],
)
def test_quotes_are_read_as_a_spreadsheet_reads_them(line: str, cells: tuple[str, ...]) -> None:
    (sheet,) = sheets_of(f'ID,Course,Note\n{line}\nE101,A,"two\nlines"\n'.encode())
    assert [row.cells for row in sheet.rows[1:]] == [cells, ("E101", "A", "two\nlines")]


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        ("Reyé,a\nPe".encode() + b"\xf1a,b\n", [("Reyé", "a"), (ErrorValue("Pe\\xf1a", CellCause.UNFIT), "b")]),
        (b"Reye,a\nPe\xf1a,b\n", [("Reye", "a"), ("Peña", "b")]),
        (b"Pe\xf1a,\x81\n", [("Peña", ErrorValue("\\x81", CellCause.UNFIT))]),
        (b"\xef\xbb\xbfPe\xf1a,b\n", [(ErrorValue("Pe\\xf1a", CellCause.UNFIT), "b")]),
        (b"a,b\r\n\x1a", [("a", "b")]),
        ("Peña,b\n".encode("utf-32"), [("Peña", "b")]),
        (b"a,b\x00c\n" + b"x,y\n" * 50, [("a", ErrorValue("b\\x00c", CellCause.UNFIT))] + [("x", "y")] * 50),
        (
            "a,\ud83dx\n".encode("utf-16-le", "surrogatepass"),
            [("a", ErrorValue("\\ud83dx", CellCause.UNFIT))],
        ),
    ],
)
def test_bytes_that_are_no_text_are_told_in_their_cells(data: bytes, cells: list[tuple[Value, ...]]) -> None:
    (sheet,) = sheets_of(data)
    assert [row.cells for row in sheet.rows] == cells
