"""What can't be read is refused with a remedy: far cells, bombs, damage, other files."""

import io
import zipfile
from pathlib import Path

import pytest

from lms_sync.tables.read import Row, Unreadable, read_sheets, sheets_of
from lms_sync.tables.signs import DENSE_LIMIT
from tests.tables.book_bytes import ods, ods_cell, saved, sheet, with_part


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


def test_a_device_without_an_end_is_not_read() -> None:
    with pytest.raises(Unreadable, match="device"):
        read_sheets(Path("/dev/zero"))
