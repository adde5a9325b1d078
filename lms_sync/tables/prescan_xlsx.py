"""The prescan of an xlsx workbook, by patterns over its sheets' XML: parsing it would cost more than reading it."""

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from lms_sync.tables.archive import Errors, Rectangle, pieces
from lms_sync.tables.cells import Unreadable, column_index
from lms_sync.tables.kinds import damaged

CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^>]*(?<!/)>")
"""A cell that is not empty: its column's letters and its row."""
ERROR_TYPE = re.compile(rb"<(?:\w+:)?c\s(?=[^>]*?\bt=[\"']e[\"'])[^>]*>")
ERROR_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
SHOWN = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
CELL_START = re.compile(rb"<(?:\w+:)?c[\s>]")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def scan_xlsx(archive: zipfile.ZipFile) -> Errors:
    """Return the error cells of every sheet.

    Raises: Unreadable for a sheet too wide and high to be laid out, or an error cell that does not tell its place.
    """
    parts = sheet_parts(archive)
    return {name: _scan_sheet(archive, part) for name, part in parts.items() if part in archive.namelist()}


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet name → the part of the zip that holds its cells."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except ElementTree.ParseError as error:
        raise damaged(str(error)) from error
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = [element for element in book.iter() if element.tag.rpartition("}")[2] == "sheet"]
    return {sheet.get("name", ""): _part(targets.get(_relation_id(sheet), "")) for sheet in sheets}


def _relation_id(sheet: ElementTree.Element) -> str | None:
    return next((value for key, value in sheet.attrib.items() if key == RELATION or key.endswith("}id")), None)


def _part(target: str) -> str:
    return target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _scan_sheet(archive: zipfile.ZipFile, part: str) -> dict[tuple[int, int], str]:
    rectangle = Rectangle()
    errors: dict[tuple[int, int], str] = {}
    for text in _whole_cells(pieces(archive, part)):
        _widen(rectangle, CELL.findall(text))
        for match in ERROR_TYPE.finditer(text):
            errors[_place(match[0])] = _shown(text, match.end())
    return errors


def _whole_cells(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Give the XML in pieces none of which ends inside a cell."""
    rest = b""
    for part in parts:
        text = rest + part
        last = max((match.start() for match in CELL_START.finditer(text, max(0, len(text) - 2**17))), default=0)
        rest = text[last:]
        yield text[:last]
    yield rest


def _widen(rectangle: Rectangle, cells: list[tuple[bytes, bytes]]) -> None:
    if cells:
        columns = {column_index(letters.decode()) for letters in {letters for letters, _ in cells}}
        rows = [int(row) for row in {row for _, row in cells}]
        rectangle.add((min(rows), max(rows)), (min(columns), max(columns)))


def _place(tag: bytes) -> tuple[int, int]:
    match = ERROR_PLACE.search(tag)
    if match is None:
        raise Unreadable(
            "a cell holds an error value and does not tell its address",
            "a workbook as spreadsheet programs write it",
            "Open it in a spreadsheet program, save it again, and put that file in its place.",
        )
    return int(match[2]), column_index(match[1].decode())


def _shown(text: bytes, start: int) -> str:
    match = SHOWN.search(text, start)
    return html.unescape(match[1].decode("utf-8", "replace")) if match else "#ERROR"
