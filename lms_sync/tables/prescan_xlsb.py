"""The prescan of an xlsb workbook: the binary records of its sheets.

Source: [MS-XLSB] Excel Binary File Format (records BrtBundleSh, BrtWbProp, BrtRowHdr, BrtCell…, BrtMergeCell).
"""

import struct
import zipfile
from collections.abc import Iterator

from lms_sync.tables.cells import Block
from lms_sync.tables.kinds import damaged
from lms_sync.tables.prescan_xls import error_of
from lms_sync.tables.prescan_xlsx import package_signs, targets
from lms_sync.tables.signs import Rectangle, Scan, SheetSigns

ROW, NUMBER, ERROR, FORMULA_ERROR = 0, 2, 3, 11
CELLS = range(NUMBER, FORMULA_ERROR + 1)
"""Records that hold a cell with a value."""
BOOK_PROPERTIES, SHEET, MERGED = 153, 156, 176
HIDDEN = 0x10
"""In the second byte of a row's flags."""


def scan_xlsb(archive: zipfile.ZipFile) -> Scan:
    """Return what the reader hides of an xlsb workbook. Raises: Unreadable when it is damaged or too large."""
    scan = Scan(signs=package_signs(set(archive.namelist())))
    parts = targets(archive, "xl/_rels/workbook.bin.rels")
    try:
        for kind, body in _records(archive.read("xl/workbook.bin")):
            if kind == BOOK_PROPERTIES:
                scan.from_1904 = bool(body[0] & 1)
            elif kind == SHEET:
                relation, rest = _text(body[8:])
                scan.sheets[_text(rest)[0]] = _scan_sheet(archive.read(parts.get(relation, "")))
    except (struct.error, IndexError) as error:
        raise damaged(str(error)) from error
    return scan


def _scan_sheet(data: bytes) -> SheetSigns:
    sheet, rectangle, row = SheetSigns(), Rectangle(), 0
    for kind, body in _records(data):
        if kind == ROW:
            row = struct.unpack_from("<I", body)[0] + 1
            if body[11] & HIDDEN:
                sheet.hidden_rows.add(row)
        elif kind in CELLS:
            column = struct.unpack_from("<I", body)[0]
            rectangle.add((row, row), (column, column))
            if kind in (ERROR, FORMULA_ERROR):
                sheet.errors[row, column] = error_of(body[8])
        elif kind == MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            sheet.merged.append(Block(top + 1, left, bottom + 1, right))
    return sheet


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give (kind, body) of every record: its kind has one or two bytes, its length up to four."""
    at = 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        length, at = _number(data, at, 4)
        yield kind, data[at : at + length]
        at += length


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number in groups of seven bits, and where the next byte stands."""
    number = 0
    for place in range(most):
        byte = data[at + place]
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return number, at + place + 1
    return number, at + most


def _text(body: bytes) -> tuple[str, bytes]:
    length = struct.unpack_from("<I", body)[0]
    return body[4 : 4 + 2 * length].decode("utf-16-le", "replace"), body[4 + 2 * length :]
