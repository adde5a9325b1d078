import csv
import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.tables.cells import UNCALCULATED, CellCause, column_index
from lms_sync.tables.read import ErrorValue, Row, Unreadable, Value, address, read_sheets, sheets_of, text
from lms_sync.tables.signs import DENSE_LIMIT
from lms_sync.text import UNFIT, UNSEEN

ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def sheet() -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    return book, book.active


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(data: bytes, part: str, change: bytes) -> bytes:
    """Return a zip with one part replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change if name == part else old.read(name))
    return stream.getvalue()


def ods(rows: str, manifest: str = "<manifest/>") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            "content.xml",
            f"<office:document-content {ODS_NAMES}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return stream.getvalue()


def ods_cell(words: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>'


def test_rows_and_columns_keep_their_places_when_the_table_stands_away_from_the_corner() -> None:
    book, ws = sheet()
    ws["C3"], ws["D5"] = "x", 417
    (read,) = sheets_of(saved(book))
    assert read.rows == (Row(3, (None, None, "x", None)), Row(5, (None, None, None, 417.0)))


def test_ods_keeps_places_too() -> None:
    rows = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    rows += f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>{ods_cell("x")}</table:table-row>'
    (read,) = sheets_of(ods(rows))
    assert (read.name, read.rows) == ("S", (Row(3, (None, None, "x")),))


def test_values_come_with_their_kinds() -> None:
    book, ws = sheet()
    ws.append([date(2025, 9, 3), datetime(2025, 9, 3, 7, 5), time(3, 4), True, 1.5, " a "])
    (read,) = sheets_of(saved(book))
    assert read.rows[0].cells == (date(2025, 9, 3), datetime(2025, 9, 3, 7, 5), time(3, 4), True, 1.5, " a ")


def test_dates_of_the_1904_system_are_the_days_that_the_sheet_shows() -> None:
    book, ws = sheet()
    book.epoch = CALENDAR_MAC_1904
    ws["A1"] = date(2025, 9, 3)
    assert sheets_of(saved(book))[0].rows[0].cells == (date(2025, 9, 3),)


def test_error_cells_are_told_and_not_blank() -> None:
    book, ws = sheet()
    ws["A1"], ws["C2"], ws["B4"] = "x", "#N/A", "#REF!"
    ws["C2"].data_type = ws["B4"].data_type = "e"
    (read,) = sheets_of(saved(book))
    assert [(row.number, row.cell(1), row.cell(2)) for row in read.rows[1:]] == [
        (2, None, ErrorValue("#N/A")),
        (4, ErrorValue("#REF!"), None),
    ]


@pytest.mark.parametrize("piece", [7, 40, 333])
def test_error_cells_are_found_across_the_pieces_that_are_scanned(
    monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr("lms_sync.tables.archive.PIECE", piece)
    book, ws = sheet()
    for row in range(1, 8):
        for column, error in enumerate(("#N/A", "#REF!", "#DIV/0!"), start=1):
            ws.cell(row, column, error).data_type = "e"
    (read,) = sheets_of(saved(book))
    assert {row.cells for row in read.rows} == {(ErrorValue("#N/A"), ErrorValue("#REF!"), ErrorValue("#DIV/0!"))}
    assert len(read.rows) == 7


def test_error_cells_of_ods_are_told_also_beyond_the_last_value() -> None:
    error = '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value=""'
    error += ' calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
    rows = f"<table:table-row>{ods_cell('x')}</table:table-row>"
    rows += f"<table:table-row><table:table-cell/>{error}</table:table-row>"
    (read,) = sheets_of(ods(rows))
    assert read.rows[1].number == 2
    assert read.rows[1].cell(1) == ErrorValue("#N/A")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<table:table-cell office:value-type="percentage" office:value="0.85"/>', "85.00%"),
        ('<table:table-cell office:value-type="float" office:value="417"/>', 417.0),
        ('<table:table-cell table:formula="of:=A1"/>', UNCALCULATED),
        ('<table:table-cell table:formula="of:=A1" office:value-type="string" office:string-value=""/>', None),
    ],
)
def test_ods_cell_whose_file_does_not_say_what_it_shows(cell: str, value: Value) -> None:
    (read,) = sheets_of(ods(f"<table:table-row>{ods_cell('x')}{cell}</table:table-row>"))
    assert read.rows[0].cell(1) == value


def test_cells_without_addresses_follow_one_another() -> None:
    book, ws = sheet()
    ws.append(["x", "#N/A"])
    ws["B1"].data_type = "e"
    data = saved(book)
    part = "xl/worksheets/sheet1.xml"
    xml = zipfile.ZipFile(io.BytesIO(data)).read(part)
    changed = xml.replace(b' r="A1"', b"").replace(b' r="B1"', b"").replace(b'<row r="1"', b"<row")
    (read,) = sheets_of(with_part(data, part, changed))
    assert read.rows == (Row(1, ("x", ErrorValue("#N/A"))),)


def test_hidden_sheets_are_told() -> None:
    book, _ = sheet()
    book.create_sheet("Lists").sheet_state = "hidden"
    book.create_sheet("Deep").sheet_state = "veryHidden"
    assert [(one.name, one.hidden) for one in sheets_of(saved(book))] == [
        ("Sheet", False),
        ("Lists", True),
        ("Deep", True),
    ]


def test_sheet_of_blanks_has_no_rows() -> None:
    book, ws = sheet()
    ws["B2"] = "   "
    assert sheets_of(saved(book))[0].rows == ()


def test_stray_cell_far_away_is_refused_before_it_fills_the_memory() -> None:
    book, ws = sheet()
    ws["A1"], ws["XFD1048576"] = "x", "stray"
    with pytest.raises(Unreadable, match="from A1 to XFD1048576") as caught:
        sheets_of(saved(book))
    assert "stray cell" in caught.value.remedy


def test_stray_cell_of_ods_is_refused() -> None:
    far = f'<table:table-row table:number-rows-repeated="{DENSE_LIMIT + 1}">{ods_cell("x")}</table:table-row>'
    with pytest.raises(Unreadable, match="a sheet reaches"):
        sheets_of(ods(far))


def test_declared_dimension_of_a_million_rows_is_no_matter() -> None:
    book, ws = sheet()
    ws["A1"] = "x"
    data = saved(book)
    part = "xl/worksheets/sheet1.xml"
    xml = zipfile.ZipFile(io.BytesIO(data)).read(part)
    changed = with_part(data, part, xml.replace(b'ref="A1"', b'ref="A1:XFD1048576"'))
    assert changed != data
    assert sheets_of(changed)[0].rows == (Row(1, ("x",)),)


def test_zip_bomb_is_refused_by_its_declared_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms_sync.tables.archive.INFLATED_LIMIT", 100_000)
    book, ws = sheet()
    ws["A1"] = "x" * 30_000
    data = with_part(saved(book), "docProps/app.xml", b" " * 200_000)
    with pytest.raises(Unreadable, match="unpacks to"):
        sheets_of(data)


def test_cut_off_workbook_is_refused() -> None:
    book, ws = sheet()
    ws["A1"] = "x"
    data = saved(book)
    for end in (30, len(data) // 2, len(data) - 5):
        with pytest.raises(Unreadable, match="damaged or was cut off"):
            sheets_of(data[:end])


def test_part_with_flipped_bytes_is_refused() -> None:
    book, ws = sheet()
    for number in range(200):
        ws.append([f"row {number}"])
    data = saved(book)
    where = zipfile.ZipFile(io.BytesIO(data)).getinfo("xl/worksheets/sheet1.xml").header_offset + 200
    with pytest.raises(Unreadable, match="damaged"):
        sheets_of(data[:where] + bytes(byte ^ 255 for byte in data[where : where + 20]) + data[where + 20 :])


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "the file is empty"),
        (b"\r\n \x00", "the file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "an old Office file that holds no workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"%PDF-1.7", "no sheet"),
        (b"\n<!DOCTYPE html><html><body>Log in</body></html>", "a web page"),
        (b"\xef\xbb\xbf<table><tr><td>1</td></tr></table>", "a web page"),
        (ods("", manifest="<manifest:encryption-data/>"), "protected by a password"),
        (b"PK\x03\x04 and nothing more", "damaged"),
    ],
)
def test_what_is_no_readable_sheet_is_refused_with_a_remedy(data: bytes, found: str) -> None:
    with pytest.raises(Unreadable, match=found) as caught:
        sheets_of(data)
    assert caught.value.remedy
    assert caught.value.expected


def test_zip_without_a_workbook_is_refused() -> None:
    for part, found in (("photo.jpg", "no workbook"), ("xl/workbook.bin", "xlsb")):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(part, "x")
        with pytest.raises(Unreadable, match=found):
            sheets_of(stream.getvalue())


def test_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_bytes(b"a,b\r\n1,2\r\n")
    (read,) = read_sheets(path)
    assert read.rows[1] == Row(2, ("1", "2"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_told_by_the_content(encoding: str, separator: str) -> None:
    lines = [["Name", "Course", "Note"], ["Núñez", "Part 1, 2", "a"], ["Bråten", "De–escalation", ""]]
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(lines)
    (read,) = sheets_of(stream.getvalue().encode(encoding))
    assert [tuple(cell or "" for cell in row.cells) for row in read.rows] == [tuple(line) for line in lines]


def test_stated_encoding_and_separator_win() -> None:
    data = "a;b,c\nŁ;1,2\n".encode("cp1250")
    (read,) = sheets_of(data, encoding="cp1250", separator=";")
    assert read.rows[1].cells == ("Ł", "1,2")


def test_byte_that_the_stated_encoding_does_not_know_is_told_in_its_cell() -> None:
    (read,) = sheets_of("Núñez,1\n".encode("cp1252"), encoding="utf-8")
    assert read.rows[0].cells == (ErrorValue("N\\xfa\\xf1ez", CellCause.UNFIT), "1")


def test_unknown_encoding_is_refused() -> None:
    with pytest.raises(Unreadable, match="no text in the encoding nonsense"):
        sheets_of(b"a,b\n", encoding="nonsense")


def test_row_numbers_count_blank_and_many_lined_records() -> None:
    (read,) = sheets_of(b'a,b\r\n\r\n"two\r\nlines",2\r\n,\r\nlast,4\r\n')
    assert [(row.number, row.cells) for row in read.rows] == [
        (1, ("a", "b")),
        (3, ("two\r\nlines", "2")),
        (5, ("last", "4")),
    ]


def test_line_that_names_the_separator_is_row_one() -> None:
    (read,) = sheets_of(b"sep=;\r\na;b,b,b\r\n1;2,2,2\r\n")
    assert read.rows[1:] == (Row(2, ("a", "b,b,b")), Row(3, ("1", "2,2,2")))


@pytest.mark.parametrize(
    "data",
    [
        b'a,b\n1,"2\n3,4\n',
        b'a,b\n1,"2" x\n3,"4\n5,6\n',
        b'a,b\n1,"2" x\n3,"4\n5,6\n7,"8"\n',
        b"a,b,c\n1,2,3\n4,5,6\n7,8",
        b"a,b\n1,\x002\x00\n" + b"x" * 90,
    ],
)
def test_broken_csv_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        sheets_of(data)


def test_short_last_record_with_its_line_break_is_whole() -> None:
    assert len(sheets_of(b"a,b,c\n1,2,3\n4,5,6\nTotal,2\n")[0].rows) == 4


def test_addresses() -> None:
    assert [address(12, 0), address(1, 25), address(7, 26), address(1048576, 16383)] == [
        "A12",
        "Z1",
        "AA7",
        "XFD1048576",
    ]


@given(st.integers(0, 16383))
def test_letters_lead_back_to_their_column(column: int) -> None:
    assert column_index(address(1, column)[:-1]) == column


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (417.0, "417"),
        (4.17e20, "417000000000000000000"),
        (0.5, "0.5"),
        (True, "TRUE"),
        (date(2025, 9, 3), "2025-09-03"),
        (datetime(2025, 9, 3, 7, 5), "2025-09-03 07:05:00"),
        (time(7, 5), "07:05:00"),
        (ErrorValue("#N/A"), "#N/A"),
        (" a\xa0", " a\xa0"),
    ],
)
def test_text_is_as_a_person_reads_it(value: Value, words: str) -> None:
    assert text(value) == words


def cell() -> st.SearchStrategy[str]:
    """Return texts of the characters that come back from a cell as they were written."""
    every = "".join(map(chr, range(0x110000)))
    changed = "".join((*UNFIT.findall(every), *UNSEEN.findall(every), "='"))
    return st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters=changed), max_size=8
    )


CELL = st.deferred(cell)


@settings(max_examples=60)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6))
def test_csv_comes_back_as_written(lines: list[list[str]]) -> None:
    lines = [["head", "of", "table"], *lines]
    stream = io.StringIO()
    csv.writer(stream).writerows(lines)
    (read,) = sheets_of(stream.getvalue().encode(), separator=",")
    expected = {n: tuple(c or None for c in line) for n, line in enumerate(lines, 1) if any(c.strip() for c in line)}
    assert {row.number: row.cells for row in read.rows} == expected


def test_a_device_without_an_end_is_not_read() -> None:
    with pytest.raises(Unreadable, match="device"):
        read_sheets(Path("/dev/zero"))
