"""The prescan of an old xls workbook: the records of its one stream.

A sheet of such a file has at most 65,536 rows and 256 columns, so none is too large to be laid out.

Source: [MS-XLS] Excel Binary File Format (records BoundSheet8, BoolErr, Formula, Row, MergeCells, Date1904, SupBook,
CodePage, Font, Format, XF, Number, RK, MulRk, LabelSst, Label; RString of earlier versions).
"""

import struct
from collections.abc import Iterator

from lms_sync.tables.cells import Block, ErrorValue, Sign
from lms_sync.tables.compound import Compound
from lms_sync.tables.crossed_out import CrossedOut
from lms_sync.tables.formats import Display, display_numbered
from lms_sync.tables.kinds import damaged, encrypted
from lms_sync.tables.signs import Scan, SheetSigns
from lms_sync.tables.text_runs import is_struck, runs_of_xls

FORMULA, DATE_1904, FILE_PASS, BOUND_SHEET, MERGED, SUP_BOOK = 0x06, 0x22, 0x2F, 0x85, 0xE5, 0x1AE
CODE_PAGE, FONT, FORMAT, STYLE = 0x42, 0x31, 0x41E, 0xE0
CROSSES_OUT = 0x08
"""Among the signs of a font, of all binary workbooks."""
NO_FONT = 4
"""Fonts are counted from 0, and none has this number."""
MANY_NUMBERS, TEXT, TEXTS, CONTINUED = 0xBD, 0xFD, 0xFC, 0x3C
SHOWN_BY_FORMAT = (FORMULA, MANY_NUMBERS, 0x203, 0x27E, 0x205, TEXT, 0x204, 0xD6)
"""Records of cells that hold numbers, marks or texts."""
EXCEL_97 = 0x600
UTF_16 = b"\xb0\x04"
"""The number of the code page of all text since Excel 97."""
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
    scanner = _Scanner()
    if "_vba_project_cur" in streams:
        scanner.scan.signs.add(Sign.MACROS)
    try:
        for at, kind, body in _records(compound.stream(entry)):
            scanner.take(at, kind, body)
        if scanner.code_page is not None:
            scanner.scan.data = compound.changed(entry, scanner.code_page, UTF_16)
    except (struct.error, IndexError) as error:
        raise damaged(str(error)) from error
    return scanner.scan


class _Scanner:
    """Follows the records of a workbook: what they say of it as a whole, and of each of its sheets."""

    def __init__(self) -> None:
        self.scan = Scan()
        self.code_page: int | None = None
        """Where a code page stands that would mislead the reader: since Excel 97 all text is UTF-16."""
        self._starts: dict[int, SheetSigns] = {}
        self._sheet: SheetSigns | None = None
        self._depth = 0
        self._version = 0
        self._numbers: dict[int, str] = {}
        self._fonts: list[bool] = []
        """Of each font, whether it crosses out."""
        self._styles: list[Display | None] = []
        self._texts: list[bytes] = []
        """The record of the texts that sheets share, and those that continue it."""
        self._are_texts = False
        """True while the records follow that may continue them."""
        self._crossed_out: frozenset[int] | None = None
        """The numbers of the texts in which words are crossed out; None until a cell asks."""

    def take(self, at: int, kind: int, body: bytes) -> None:
        """Take one record: the place of its head, its kind, what it holds."""
        if kind == BEGINS:
            self._depth = 1 if at in self._starts else self._depth + 1
            self._version = self._version or struct.unpack_from("<H", body)[0]
            self._sheet = self._starts.get(at) if self._depth == 1 else self._sheet
        elif kind == ENDS:
            self._depth -= 1
        elif self._depth == 1 and self._sheet is not None:
            _scan_sheet_record(kind, body, self._sheet)
            self._note_displays(kind, body, self._sheet)
            self._note_words(kind, body, self._sheet)
        elif self._depth == 1:
            self._take_common(at, kind, body)

    def _take_common(self, at: int, kind: int, body: bytes) -> None:
        self._are_texts = kind == TEXTS or (kind == CONTINUED and self._are_texts)
        if self._are_texts and any(self._fonts):
            self._texts.append(body)
        elif kind == BOUND_SHEET:
            sheet = self._starts[struct.unpack_from("<I", body)[0]] = SheetSigns()
            self.scan.sheets.append((_name(body), sheet))
        elif kind == FILE_PASS:
            raise encrypted()
        elif kind == DATE_1904:
            self.scan.from_1904 = body[:1] == b"\1"
        elif kind == SUP_BOOK and struct.unpack_from("<H", body, 2)[0] not in (OWN_BOOK, ADD_INS):
            self.scan.signs.add(Sign.LINKS)
        elif kind == CODE_PAGE and self._version == EXCEL_97 and body != UTF_16:
            self.code_page = at + 4
        elif kind == FORMAT:
            self._numbers[struct.unpack_from("<H", body)[0]] = self._format(body)
        elif kind == STYLE:
            font, number = struct.unpack_from("<HH", body)
            place = font - 1 if font > NO_FONT else font
            display = display_numbered(self._numbers, number)
            crosses_out = place < len(self._fonts) and self._fonts[place]
            self._styles.append(CrossedOut(display) if crosses_out else display)
        elif kind == FONT:
            self._fonts.append(bool(body[2] & CROSSES_OUT))

    def _note_words(self, kind: int, body: bytes, sheet: SheetSigns) -> None:
        """Note a cell in whose text words are crossed out."""
        if kind != TEXT or not self._texts:
            return
        if self._crossed_out is None:
            # Fonts are counted from 0, and none has the number 4.
            fonts = [*self._fonts[:NO_FONT], False, *self._fonts[NO_FONT:]]
            texts = enumerate(runs_of_xls(self._texts))
            self._crossed_out = frozenset(number for number, text in texts if is_struck(*text, fonts))
        row, column, _, number = struct.unpack_from("<HHHI", body)
        if number in self._crossed_out:
            sheet.displays[row + 1] = (*sheet.displays.get(row + 1, ()), (column, CrossedOut(None)))

    def _format(self, body: bytes) -> str:
        """Return the format of a record: before Excel 97 its letters follow one byte that counts them."""
        if self._version != EXCEL_97:
            return body[3 : 3 + body[2]].decode("latin-1")
        length, wide = struct.unpack_from("<HB", body, 2)
        letters = body[5 : 5 + length * (1 + (wide & 1))]
        return letters.decode("utf-16-le" if wide & 1 else "latin-1", "replace")

    def _note_displays(self, kind: int, body: bytes, sheet: SheetSigns) -> None:
        """Note the cells of a record whose format says something else than the value."""
        if kind not in SHOWN_BY_FORMAT or not any(self._styles):
            return
        row, column, style = struct.unpack_from("<HHH", body)
        styles = [style]
        if kind == MANY_NUMBERS:
            styles = [struct.unpack_from("<H", body, place)[0] for place in range(4, len(body) - 2, 6)]
        displays = [
            (column + number, self._styles[style]) for number, style in enumerate(styles) if style < len(self._styles)
        ]
        if some := tuple((place, display) for place, display in displays if display is not None):
            sheet.displays[row + 1] = sheet.displays.get(row + 1, ()) + some


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
