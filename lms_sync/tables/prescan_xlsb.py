"""The prescan of an xlsb workbook: the binary records of its sheets.

Source: [MS-XLSB] Excel Binary File Format (records BrtBundleSh, BrtWbProp, BrtRowHdr, BrtCell…, BrtMergeCell,
BrtFont, BrtFmt, BrtBeginCellXFs, BrtXF).
"""

import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from lms_sync.tables.cells import Block
from lms_sync.tables.crossed_out import CrossedOut
from lms_sync.tables.formats import Display
from lms_sync.tables.kinds import damaged
from lms_sync.tables.package import Package, Relation
from lms_sync.tables.prescan_xls import CROSSES_OUT, error_of
from lms_sync.tables.prescan_xlsx import displays_of, sheet_part
from lms_sync.tables.signs import Rectangle, Scan, SheetSigns
from lms_sync.tables.text_runs import is_struck, runs_of_xlsb

ROW, NUMBER, ERROR, TEXT, FORMULA_ERROR = 0, 2, 3, 7, 11
CELLS = range(NUMBER, FORMULA_ERROR + 1)
"""Records that hold a cell with a value."""
BOOK_PROPERTIES, SHEET, MERGED = 153, 156, 176
SHARED_TEXT = 19
FONT, FORMAT, STYLE, STYLES_BEGIN, STYLES_END = 43, 44, 47, 617, 618
HIDDEN = 0x10
"""In the second byte of a row's flags."""


def scan_xlsb(archive: zipfile.ZipFile) -> Scan:
    """Return what the reader hides of an xlsb workbook. Raises: Unreadable when it is damaged or too large."""
    package = Package(archive)
    book = package.book()
    scan = Scan(signs=package.signs())
    relations = {part.id: part for part in package.relations(book)}
    sheets: list[Relation] = []
    try:
        styles, fonts = _styles(package, book)
        texts = _crossed_out_texts(package, book, fonts)
        for kind, body in _records(package.read(book)):
            if kind == BOOK_PROPERTIES:
                scan.from_1904 = bool(body[0] & 1)
            elif kind == SHEET:
                relation, rest = _text(body[8:])
                name = _text(rest)[0]
                sheet = sheet_part(package, name, relations.get(relation))
                sheets.append(sheet)
                scan.sheets.append((name, _scan_sheet(package.read(sheet.target), styles, texts)))
    except (struct.error, IndexError) as error:
        raise damaged(str(error)) from error
    package.check_rest()
    scan.data = package.as_the_reader_wants_it(book, sheets)
    return scan


def _styles(package: Package, book: str) -> tuple[dict[int, Display], list[bool]]:
    """Return style → what it makes of values, where it changes what they say; of each font, whether it strikes."""
    part = _part(package, book, "styles")
    if not package.has(part):
        return {}, []
    numbers: dict[int, str] = {}
    styles: list[tuple[int, int]] = []
    fonts: list[bool] = []
    in_cells = False
    for kind, body in _records(package.read(part)):
        if kind == FORMAT:
            numbers[struct.unpack_from("<H", body)[0]] = _text(body[2:])[0]
        elif kind in (STYLES_BEGIN, STYLES_END):
            in_cells = kind == STYLES_BEGIN
        elif kind == STYLE and in_cells:
            number, font = struct.unpack_from("<HH", body, 2)
            styles.append((number, font))
        elif kind == FONT:
            fonts.append(bool(body[2] & CROSSES_OUT))
    return displays_of(numbers, styles, fonts), fonts


def _part(package: Package, book: str, kind: str) -> str:
    return next((relation.target for relation in package.relations(book) if relation.kind == kind), "")


def _crossed_out_texts(package: Package, book: str, fonts: Sequence[bool]) -> frozenset[int]:
    """Return the numbers of the texts that sheets share in which words are crossed out."""
    part = _part(package, book, "sharedStrings")
    if not (any(fonts) and package.has(part)):
        return frozenset()
    texts = (body for kind, body in _records(package.read(part)) if kind == SHARED_TEXT)
    return frozenset(number for number, body in enumerate(texts) if is_struck(*runs_of_xlsb(body), fonts))


def _scan_sheet(data: bytes, styles: Mapping[int, Display], texts: AbstractSet[int]) -> SheetSigns:
    sheet, rectangle, row = SheetSigns(), Rectangle(), 0
    for kind, body in _records(data):
        if kind == ROW:
            row = struct.unpack_from("<I", body)[0] + 1
            if body[11] & HIDDEN:
                sheet.hidden_rows.add(row)
        elif kind in CELLS:
            column, style = struct.unpack_from("<II", body)
            rectangle.add((row, row), (column, column))
            display = styles.get(style & 0xFFFFFF)
            if kind == TEXT and struct.unpack_from("<I", body, 8)[0] in texts:
                display = CrossedOut(display)
            if kind in (ERROR, FORMULA_ERROR):
                sheet.errors[row, column] = error_of(body[8])
            elif display is not None:
                sheet.displays[row] = (*sheet.displays.get(row, ()), (column, display))
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
