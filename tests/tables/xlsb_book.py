"""A minimal xlsb workbook, record by record, since no program at hand writes one."""

import io
import struct
import zipfile
from collections.abc import Sequence

RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.bin"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
)
Cell = str | float | bytes | None
"""Text, a number, an error's code as one byte, or nothing."""


def xlsb(rows: Sequence[Sequence[Cell]], *, hidden: int = 0, merged: bytes = b"", from_1904: bool = False) -> bytes:
    """Return a workbook with one sheet `Data`; `hidden` is the number of a hidden row, 0 for none."""
    sheet = record(129) + record(148, struct.pack("<IIII", 0, len(rows), 0, 20)) + record(145)
    for number, cells in enumerate(rows):
        flags = bytes((0, 0x10 if number + 1 == hidden else 0, 0))
        sheet += record(0, struct.pack("<IIH", number, 0, 300) + flags + struct.pack("<I", 0))
        sheet += b"".join(cell(column, value) for column, value in enumerate(cells) if value is not None)
    sheet += record(146) + (record(176, merged) if merged else b"") + record(130)
    book = record(131) + record(153, struct.pack("<III", int(from_1904), 0, 0)) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + text("rId1") + text("Data")) + record(144) + record(132)
    return packed({"xl/workbook.bin": book, "xl/worksheets/sheet1.bin": sheet})


def cell(column: int, value: Cell) -> bytes:
    """Return the record of one cell."""
    head = struct.pack("<II", column, 0)
    match value:
        case str():
            return record(6, head + text(value))
        case bytes():
            return record(3, head + value)
        case _:
            return record(5, head + struct.pack("<d", value))


def record(kind: int, body: bytes = b"") -> bytes:
    """Return a record: its kind and its length in groups of seven bits."""
    return groups(kind) + groups(len(body)) + body


def groups(number: int) -> bytes:
    """Return a number in groups of seven bits, the lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))


def text(words: str) -> bytes:
    """Return a text with its length before it."""
    return struct.pack("<I", len(words)) + words.encode("utf-16-le")


def packed(parts: dict[str, bytes]) -> bytes:
    """Return the zip around the parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/_rels/workbook.bin.rels", RELATIONS)
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()
