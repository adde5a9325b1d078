"""A minimal xls workbook of Excel 97, record by record, in its container; no program at hand writes one."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

SECTOR = 512
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Value = str | float | bool | bytes | None
"""Text, a number, a mark, an error's code as one byte, or nothing."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and the number format that shows it."""

    value: Value
    format: str = ""
    crossed_out: bool = False


def xls(
    rows: Sequence[Sequence[Cell]],
    *,
    merged: Sequence[tuple[int, int, int, int]] = (),
    stream: str = "Workbook",
    code_page: int = 1200,
) -> bytes:
    """Return a workbook with one sheet `Data`; `merged` are (top, bottom, left, right), all from 0."""
    looks = sorted({(cell.format, cell.crossed_out) for row in rows for cell in row} - {("", False)})
    formats = sorted({form for form, _ in looks if form})
    head = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + record(0x42, struct.pack("<H", code_page))
    head += b"".join(record(0x41E, struct.pack("<H", 164 + n) + text(one)) for n, one in enumerate(formats))
    head += b"".join(record(0x31, struct.pack("<HH", 200, signs) + bytes(12)) for signs in (0, 0, 0, 0, 8))
    head += record(0xE0, bytes(20))
    for form, crossed_out in looks:
        number = 164 + formats.index(form) if form else 0
        head += record(0xE0, struct.pack("<HH", 5 if crossed_out else 0, number) + bytes(16))
    start = len(head) + len(record(0x85, struct.pack("<IHBB", 0, 0, 4, 0) + b"Data")) + 4
    head += record(0x85, struct.pack("<IHBB", start, 0, 4, 0) + b"Data") + record(0x0A)
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            look = (cell.format, cell.crossed_out)
            style = 1 + looks.index(look) if look in looks else 0
            sheet += _cell(struct.pack("<HHH", number, column, style), cell.value)
    if merged:
        blocks = b"".join(struct.pack("<HHHH", *block) for block in merged)
        sheet += record(0xE5, struct.pack("<H", len(merged)) + blocks)
    return contained(head + sheet + record(0x0A), stream)


def _cell(head: bytes, value: Value) -> bytes:
    match value:
        case None:
            return b""
        case str():
            return record(0x204, head + text(value))
        case bytes():
            return record(0x205, head + value + b"\1")
        case bool():
            return record(0x205, head + bytes((value, 0)))
        case _:
            return record(0x203, head + struct.pack("<d", value))


def record(kind: int, body: bytes = b"") -> bytes:
    """Return one record."""
    return struct.pack("<HH", kind, len(body)) + body


def text(words: str) -> bytes:
    """Return text as Excel 97 keeps it: its length, a sign that it is UTF-16, its letters."""
    return struct.pack("<HB", len(words), 1) + words.encode("utf-16-le")


def contained(content: bytes, name: str) -> bytes:
    """Return a compound file of one stream, made long enough to stand in sectors of its own."""
    content = content.ljust(4096, b"\0")
    count = -(-len(content) // SECTOR)
    table = [TABLE, END, *range(3, count + 2), END]
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    )
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0) + b"\xff" * 4 * 108
    entries = _entry("Root Entry", 5, child=1) + _entry(name, 2, start=2, size=len(content)) + bytes(256)
    sectors = struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")
    return header + sectors + entries + content.ljust(count * SECTOR, b"\0")


def _entry(name: str, kind: int, *, child: int = FREE, start: int = END, size: int = 0) -> bytes:
    letters = f"{name}\0".encode("utf-16-le")
    head = letters.ljust(64, b"\0") + struct.pack("<HBBIII", len(letters), kind, 1, FREE, FREE, child)
    return head + bytes(36) + struct.pack("<III", start, size, 0)
