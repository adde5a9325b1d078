"""The prescan of an old xls workbook: the records of its one stream.

A sheet of such a file has at most 65,536 rows and 256 columns, so none is too large to be laid out.

Source: [MS-XLS] Excel Binary File Format (records BoundSheet8, BoolErr, Formula, Row, MergeCells, Date1904, SupBook).
"""

import struct
from collections.abc import Iterator

from lms_sync.tables.cells import Block, ErrorValue, Sign
from lms_sync.tables.compound import Compound
from lms_sync.tables.kinds import damaged, encrypted
from lms_sync.tables.signs import Scan, SheetSigns

FORMULA, DATE_1904, FILE_PASS, BOUND_SHEET, MERGED, SUP_BOOK = 0x06, 0x22, 0x2F, 0x85, 0xE5, 0x1AE
BOOL_ERR, ROW, BEGINS, ENDS = 0x205, 0x208, 0x809, 0x0A
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
"""Error codes of all binary workbooks."""
OWN_BOOK, ADD_INS = 0x0401, 0x3A01
"""What stands in a SupBook record for the workbook itself and for add-in functions."""


def error_of(code: int) -> ErrorValue:
    """Return what a binary workbook's error code shows."""
    return ErrorValue(ERRORS.get(code, "#ERROR"))


def scan_xls(data: bytes) -> Scan:
    """Return what the reader hides of an xls workbook. Raises: Unreadable when it is damaged or encrypted."""
    compound = Compound(data)
    streams = {entry.name.casefold(): entry for entry in compound.entries}
    entry = streams.get("workbook") or streams.get("book")
    if entry is None:
        raise damaged("no workbook in it")
    scan = Scan()
    if "_vba_project_cur" in streams:
        scan.signs.add(Sign.MACROS)
    try:
        _scan_records(compound.stream(entry), scan)
    except (struct.error, IndexError) as error:
        raise damaged(str(error)) from error
    return scan


def _scan_records(stream: bytes, scan: Scan) -> None:
    starts: dict[int, SheetSigns] = {}
    sheet: SheetSigns | None = None
    for at, kind, body in _records(stream):
        if kind == BEGINS:
            sheet = starts.get(at, sheet)
        elif kind == BOUND_SHEET:
            starts[struct.unpack_from("<I", body)[0]] = scan.sheets.setdefault(_name(body), SheetSigns())
        elif kind == FILE_PASS:
            raise encrypted()
        elif kind == DATE_1904:
            scan.from_1904 = body[:1] == b"\1"
        elif kind == SUP_BOOK and struct.unpack_from("<H", body, 2)[0] not in (OWN_BOOK, ADD_INS):
            scan.signs.add(Sign.LINKS)
        elif sheet is not None:
            _scan_sheet_record(kind, body, sheet)


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Give (offset, kind, body) of every record."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _name(body: bytes) -> str:
    length, wide = body[6], body[7]
    if wide > 1:  # before Excel 97 the name's letters follow at once
        return body[7 : 7 + length].decode("cp1252", "replace")
    letters = body[8 : 8 + length * (1 + wide)]
    return letters.decode("utf-16-le" if wide else "latin-1", "replace")


def _scan_sheet_record(kind: int, body: bytes, sheet: SheetSigns) -> None:
    if kind == BOOL_ERR and body[7]:
        row, column = struct.unpack_from("<HH", body)
        sheet.errors[row + 1, column] = error_of(body[6])
    elif kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        row, column = struct.unpack_from("<HH", body)
        sheet.errors[row + 1, column] = error_of(body[8])
    elif kind == ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
        sheet.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
    elif kind == MERGED:
        for number in range(struct.unpack_from("<H", body)[0]):
            top, bottom, left, right = struct.unpack_from("<HHHH", body, 2 + 8 * number)
            sheet.merged.append(Block(top + 1, left, bottom + 1, right))
