"""The prescan of an xlsx workbook, by patterns over its sheets' XML: parsing it would cost more than reading it."""

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from lms_sync.tables.archive import pieces
from lms_sync.tables.cells import UNCALCULATED, Block, ErrorValue, Sign, Unreadable, column_index
from lms_sync.tables.kinds import damaged
from lms_sync.tables.signs import Rectangle, Scan, SheetSigns

CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^>]*(?<!/)>")
"""A cell that is not empty: its column's letters and its row."""
ERROR_TYPE = re.compile(rb"<(?:\w+:)?c\s(?=[^>]*?\bt=[\"']e[\"'])[^>]*>")
ERROR_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
SHOWN = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
FORMULA_WITHOUT_VALUE = re.compile(
    rb"<(?:\w+:)?c\s(?![^>]*?\bt=[\"'](?:str|e|b|s|inlineStr|d)[\"'])[^>]*>\s*"
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A formula whose result is an empty text says so by its type; one without type and value was never calculated."""
HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s(?=[^>]*?\bhidden=[\"'](?:1|true)[\"'])[^>]*?\br=[\"']([0-9]{1,7})[\"']")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']")
START = re.compile(rb"<(?:\w+:)?(?:c|row|mergeCell)[\s>]")
"""Where a piece may be cut: nothing that is looked for spans one of these."""
WINDOW = 2**17
"""Bytes at a piece's end in which a place for the cut is looked for; no cell that matters here is longer."""
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def scan_xlsx(archive: zipfile.ZipFile) -> Scan:
    """Return what the reader hides of an xlsx workbook.

    Raises: Unreadable for a sheet too wide and high to be laid out, or an error cell that does not tell its place.
    """
    names = set(archive.namelist())
    book = parsed(archive, "xl/workbook.xml")
    sheets = {name: _scan_sheet(archive, part) for name, part in _sheet_parts(archive, book).items() if part in names}
    properties = [element for element in book.iter() if element.tag.rpartition("}")[2] == "workbookPr"]
    from_1904 = any(element.get("date1904") in ("1", "true") for element in properties)
    return Scan(sheets, package_signs(names), from_1904)


def package_signs(names: set[str]) -> set[Sign]:
    """Return what an Office package carries besides cells, by the names of its parts."""
    signs = set()
    if any(name.endswith("vbaProject.bin") for name in names):
        signs.add(Sign.MACROS)
    if any(name.startswith("xl/externalLinks/") for name in names):
        signs.add(Sign.LINKS)
    return signs


def parsed(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    """Return one small XML part of an Office package. Raises: Unreadable when it is damaged."""
    try:
        return ElementTree.fromstring(archive.read(part))
    except ElementTree.ParseError as error:
        raise damaged(str(error)) from error


def targets(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return relation id → part of the zip, from a part that lists the workbook's relations."""
    relations = parsed(archive, part)
    return {relation.get("Id", ""): _part(relation.get("Target", "")) for relation in relations}


def _sheet_parts(archive: zipfile.ZipFile, book: ElementTree.Element) -> dict[str, str]:
    """Return sheet name → the part of the zip that holds its cells."""
    parts = targets(archive, "xl/_rels/workbook.xml.rels")
    sheets = [element for element in book.iter() if element.tag.rpartition("}")[2] == "sheet"]
    return {sheet.get("name", ""): parts.get(_relation_id(sheet), "") for sheet in sheets}


def _relation_id(sheet: ElementTree.Element) -> str:
    return next((value for key, value in sheet.attrib.items() if key == RELATION or key.endswith("}id")), "")


def _part(target: str) -> str:
    return target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _scan_sheet(archive: zipfile.ZipFile, part: str) -> SheetSigns:
    rectangle = Rectangle()
    signs = SheetSigns()
    for text in _whole_cells(pieces(archive, part)):
        _widen(rectangle, CELL.findall(text))
        # A search for plain bytes costs a tenth of a pattern, and most sheets have nothing of the kind.
        if b'"e"' in text or b"'e'" in text:
            errors = ERROR_TYPE.finditer(text)
            signs.errors |= {_place(match[0]): ErrorValue(_shown(text, match.end())) for match in errors}
        if b"<f" in text or b":f" in text:
            signs.errors |= {_place(match[0]): UNCALCULATED for match in FORMULA_WITHOUT_VALUE.finditer(text)}
        if b"hidden" in text:
            signs.hidden_rows.update(int(match[1]) for match in HIDDEN_ROW.finditer(text))
        if b"mergeCell" in text:
            signs.merged.extend(_block(*match.groups()) for match in MERGED.finditer(text))
    return signs


def _block(left: bytes, top: bytes, right: bytes, bottom: bytes) -> Block:
    return Block(int(top), column_index(left.decode()), int(bottom), column_index(right.decode()))


def _whole_cells(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Give the XML in pieces none of which ends inside a cell, and none much longer than the given ones."""
    rest = b""
    for part in parts:
        text = rest + part
        cut = _cut(text)
        rest = text[cut:]
        yield text[:cut]
    yield rest


def _cut(text: bytes) -> int:
    window = max(0, len(text) - WINDOW)
    last = max((match.start() for match in START.finditer(text, window)), default=None)
    if last is not None:
        return last
    tag = text.rfind(b"<", 0, window)
    return tag if tag > 0 else window


def _widen(rectangle: Rectangle, cells: list[tuple[bytes, bytes]]) -> None:
    if cells:
        columns = {column_index(letters.decode()) for letters in {letters for letters, _ in cells}}
        rows = [int(row) for row in {row for _, row in cells}]
        rectangle.add((min(rows), max(rows)), (min(columns), max(columns)))


def _place(tag: bytes) -> tuple[int, int]:
    match = ERROR_PLACE.search(tag)
    if match is None:
        raise Unreadable(
            "a cell that holds an error does not tell its address",
            "a workbook as spreadsheet programs write it",
            "Open it in a spreadsheet program, save it again, and put that file in its place.",
        )
    return int(match[2]), column_index(match[1].decode())


def _shown(text: bytes, start: int) -> str:
    match = SHOWN.search(text, start)
    return html.unescape(match[1].decode("utf-8", "replace")) if match else "#ERROR"
