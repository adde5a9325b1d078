"""A minimal xlsb workbook, record by record, since no program at hand writes one."""

import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Target="worksheets/sheet1.bin" Type="{KIND}/worksheet"/>'
    f'<Relationship Id="rId2" Target="styles.bin" Type="{KIND}/styles"/>'
    f'<Relationship Id="rId3" Target="sharedStrings.bin" Type="{KIND}/sharedStrings"/></Relationships>'
)


@dataclass(frozen=True, slots=True)
class Shared:
    """The number of a text that sheets share."""

    number: int


Cell = str | float | bool | bytes | Shared | None
"""Text, a number, a mark, an error's code as one byte, a text that sheets share, or nothing."""


def xlsb(
    rows: Sequence[Sequence[Cell]],
    *,
    formats: Sequence[Sequence[str]] = (),
    crossed_out: Sequence[Sequence[bool]] = (),
    hidden: int = 0,
    merged: bytes = b"",
    from_1904: bool = False,
    shared: Sequence[bytes] = (),
) -> bytes:
    """Return a workbook with one sheet `Data`; `hidden` is the number of a hidden row, 0 for none.

    `formats` are the cells' number formats, row by row, empty for none; so is `crossed_out`, whether they are.
    `shared` are the records of texts that sheets share; font 1 crosses out.
    """
    formats = formats or [[""] * len(row) for row in rows]
    crossed_out = crossed_out or [[False] * len(row) for row in rows]
    looks = [list(zip(*pair, strict=True)) for pair in zip(formats, crossed_out, strict=True)]
    known = sorted({look for row in looks for look in row} - {("", False)})
    sheet = record(129) + record(148, struct.pack("<IIII", 0, len(rows), 0, 20)) + record(145)
    for number, cells in enumerate(rows):
        flags = bytes((0, 0x10 if number + 1 == hidden else 0, 0))
        sheet += record(0, struct.pack("<IIH", number, 0, 300) + flags + struct.pack("<I", 0))
        styles = [1 + known.index(look) if look in known else 0 for look in looks[number]]
        shown = zip(cells, styles, strict=True)
        sheet += b"".join(
            cell(column, value, style) for column, (value, style) in enumerate(shown) if value is not None
        )
    sheet += record(146) + (record(176, merged) if merged else b"") + record(130)
    book = record(131) + record(153, struct.pack("<III", int(from_1904), 0, 0)) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + text("rId1") + text("Data")) + record(144) + record(132)
    parts = {"xl/workbook.bin": book, "xl/worksheets/sheet1.bin": sheet, "xl/styles.bin": styles_of(known)}
    texts = struct.pack("<II", len(shared), len(shared))
    texts = record(159, texts) + b"".join(record(19, body) for body in shared) + record(160)
    return packed(parts | ({"xl/sharedStrings.bin": texts} if shared else {}))


def styles_of(looks: Sequence[tuple[str, bool]]) -> bytes:
    """Return the styles: one without a format, then one of each look: a number format, and whether it crosses out."""
    numbers = range(164, 164 + len(looks))
    styles = record(278) + record(615, struct.pack("<I", len(looks)))
    for number, (form, _) in zip(numbers, looks, strict=True):
        styles += record(44, struct.pack("<H", number) + text(form))
    styles += record(616) + b"".join(record(43, struct.pack("<HH", 200, signs) + bytes(20)) for signs in (0, 8))
    styles += record(617, struct.pack("<I", 1 + len(looks))) + record(47, bytes(16))
    for number, (_, crossed_out) in zip(numbers, looks, strict=True):
        styles += record(47, struct.pack("<HHH", 0, number, crossed_out) + bytes(10))
    return styles + record(618) + record(279)


def cell(column: int, value: Cell, style: int = 0) -> bytes:
    """Return the record of one cell."""
    head = struct.pack("<II", column, style)
    match value:
        case str():
            return record(6, head + text(value))
        case bool():
            return record(4, head + bytes((value,)))
        case bytes():
            return record(3, head + value)
        case Shared():
            return record(7, head + struct.pack("<I", value.number))
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
