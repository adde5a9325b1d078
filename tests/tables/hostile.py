"""Workbooks that nobody should have to open, built on the spot: name → (content, what is said of it)."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

SHEET = "xl/worksheets/sheet1.xml"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def good() -> bytes:
    """Return a workbook without fault."""
    return saved([["ID", "Course", "Done on"], ["7", "A", "09/03/2025"]])


def saved(rows: list[list[str]], **cells: str) -> bytes:
    """Return a workbook of one sheet: rows from the top, and single cells by their addresses."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    for place, value in cells.items():
        sheet[place] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(data: bytes, parts: dict[str, bytes]) -> bytes:
    """Return a zip with parts replaced or added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in dict.fromkeys((*old.namelist(), *parts)):
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return stream.getvalue()


def part(data: bytes, name: str) -> bytes:
    """Return one part of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def zip_bomb() -> bytes:
    """Return a workbook one part of which says that it unpacks to 3 GiB."""
    return _with_size(changed(good(), {"xl/media/image1.bin": b"\0" * 2**16}), "xl/media/image1.bin", 3 * 2**30)


def lying_zip_bomb() -> bytes:
    """Return a workbook whose sheet unpacks to far more than it says."""
    text = part(good(), SHEET).replace(b"</sheetData>", b"</sheetData>" + b" " * 2**24)
    return _with_size(changed(good(), {SHEET: text}), SHEET, 1000)


def _with_size(data: bytes, name: str, size: int) -> bytes:
    """Return a zip that declares another size for a part, in its table of contents and before the part itself."""
    out = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        local = archive.getinfo(name).header_offset
        central = data.index(b"PK\1\2" + data[local + 4 : local + 4], archive.start_dir)
    while data[central + 46 : central + 46 + len(name)] != name.encode():
        central = data.index(b"PK\1\2", central + 4)
    struct.pack_into("<I", out, central + 24, size)
    struct.pack_into("<I", out, local + 22, size)
    return bytes(out)


def empty_rows() -> bytes:
    """Return a workbook that declares a million empty rows and styled empty cells below its table."""
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 1_000_001))
    return changed(good(), {SHEET: part(good(), SHEET).replace(b"</sheetData>", rows + b"</sheetData>")})


def one_giant_text() -> bytes:
    """Return a workbook with one cell of 16 MB, in which nothing tells where a cell begins."""
    cell = b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"x" * 16_000_000 + b"</t></is></c></row>"
    return changed(good(), {SHEET: part(good(), SHEET).replace(b"</sheetData>", cell + b"</sheetData>")})


def many_merged() -> bytes:
    """Return a workbook whose merged cells lie on one another, thousandfold."""
    row = "".join(f'<mergeCell ref="A1:XFD{n}"/>' for n in range(2, 3_000)).encode()
    text = part(good(), SHEET).replace(b"</sheetData>", b"</sheetData><mergeCells>" + row + b"</mergeCells>")
    return changed(good(), {SHEET: text})


def entities() -> bytes:
    """Return a workbook whose XML expands itself without end (a billion laughs)."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE w [<!ENTITY e0 "ha">{levels}]><workbook><sheets>&e9;</sheets></workbook>'
    return changed(good(), {"xl/workbook.xml": text.encode()})


def encrypted() -> bytes:
    """Return what Office saves when a password is asked for."""
    return OLD_OFFICE + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 1000


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "page.xlsx": (lambda: b"<html><body><table><tr><td>ID</td></tr></table></body></html>", "a web page"),
    "login.xls": (lambda: b"\xef\xbb\xbf\r\n<!DOCTYPE html><title>Sign in</title>", "a web page"),
    "encrypted.xlsx": (encrypted, "protected by a password"),
    "truncated.xlsx": (lambda: good()[:-200], "damaged or was cut off"),
    "truncated.xls": (
        lambda: (Path(__file__).parent / "books" / "made-in-1904.xls").read_bytes()[:3000],
        "cut off",
    ),
    "empty.xlsx": (lambda: b"", "the file is empty"),
    "zeros.xlsx": (lambda: b"\0" * 4096, "the file is empty"),
    "bomb.xlsx": (zip_bomb, "unpacks to 3,"),
    "lying.xlsx": (lying_zip_bomb, "damaged or was cut off"),
    "stray.xlsx": (lambda: saved([["ID", "Course", "Done on"]], XFD1048576="x"), "reaches from A1 to XFD1048576"),
    "merged.xlsx": (many_merged, "merged cells that cover"),
    "laughs.xlsx": (entities, "damaged or was cut off"),
    "picture.xlsx": (lambda: b"\x89PNG\r\n\x1a\n", "no sheet"),
    "photos.xlsx": (lambda: changed(b"PK\5\6" + bytes(18), {"a.jpg": b"x"}), "holds no workbook"),
}
"""Files that are refused, with words of the finding."""

READ: dict[str, tuple[Callable[[], bytes], str]] = {
    "plain.xlsx": (good, ""),
    "really-csv.xlsx": (lambda: b"ID,Course,Done on\n7,A,09/03/2025\n", ""),
    "starts-like-a-zip.csv": (lambda: b"PK,ID,Course,Done on\n1,7,A,09/03/2025\n", ""),
    "rows.xlsx": (empty_rows, ""),
    "macros.xlsm": (
        lambda: changed(good(), {"xl/vbaProject.bin": OLD_OFFICE + b"Sub Auto_Open()"}),
        "workbook-macros",
    ),
    "links.xlsx": (
        lambda: changed(good(), {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
        "workbook-links",
    ),
}
"""Files whose one record is read all the same, with the code of a finding that says what is odd."""
