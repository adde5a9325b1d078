"""The prescan of an xlsx workbook: its sheets, parsed as streams."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence

from lms_sync.tables.cells import UNCALCULATED, Block, ErrorValue, Unreadable
from lms_sync.tables.crossed_out import CrossedOut
from lms_sync.tables.crossed_out_texts import crossed_out_texts, is_struck
from lms_sync.tables.formats import Display, display_numbered
from lms_sync.tables.package import Package, Relation
from lms_sync.tables.pictures import pictures_over
from lms_sync.tables.prescan_xlsx_sheet import scan_sheet
from lms_sync.tables.signs import Scan, SheetSigns
from lms_sync.tables.xml_stream import elements

__all__ = ["UNCALCULATED", "Block", "ErrorValue", "scan_xlsx"]

WORKSHEET = "worksheet"


def scan_xlsx(archive: zipfile.ZipFile) -> Scan:
    """Return what the reader hides of an xlsx workbook.

    Raises: Unreadable when it is damaged, or a sheet too wide and high to be laid out.
    """
    package = Package(archive)
    book = package.book()
    scan = Scan(signs=package.signs())
    relations = {relation.id: relation for relation in package.relations(book)}
    styles, texts = _styles(package, book), crossed_out_texts(package, book)
    sheets: list[Relation] = []
    for _, name, found in elements(package.pieces(book)):
        if name == "workbookPr":
            scan.from_1904 = found.get("date1904") in ("1", "true")
        elif name == "sheet":
            sheet = sheet_part(package, found.get("name", ""), relations.get(found.get("id", "")))
            sheets.append(sheet)
            signs = scan_sheet(package, sheet.target, styles, texts) if sheet.kind == WORKSHEET else SheetSigns()
            signs.pictures = pictures_over(package, sheet.target)
            scan.sheets.append((found.get("name", ""), signs))
    package.check_rest()
    scan.data = package.as_the_reader_wants_it(book, sheets)
    return scan


def sheet_part(package: Package, name: str, relation: Relation | None) -> Relation:
    """Return where a sheet lies. Raises: Unreadable when the package does not hold it."""
    if relation is None or not package.has(relation.target):
        raise Unreadable(
            f'the workbook names a sheet "{name}" whose part is not in the file',
            "a workbook with all of its sheets",
            "Open it in a spreadsheet program, save it again, and put that file in its place.",
        )
    return relation


def _styles(package: Package, book: str) -> dict[str, Display]:
    """Return style number → what it makes of values, for the styles that change what a value says."""
    part = next((relation.target for relation in package.relations(book) if relation.kind == "styles"), "")
    if not package.has(part):
        return {}
    numbers: dict[int, str] = {}
    styles: list[tuple[int, int]] = []
    fonts: list[bool] = []
    """Of each font of the cells, whether it crosses out."""
    in_cells = False
    for parent, name, found in elements(package.pieces(part)):
        if name == "numFmt" and parent == "numFmts":
            numbers[_number(found.get("numFmtId", ""))] = found.get("formatCode", "")
        elif name == "xf" and parent == "cellXfs":
            styles.append((_number(found.get("numFmtId", "")), _number(found.get("fontId", ""))))
        elif name == "font" and (in_cells := parent == "fonts"):
            fonts.append(False)
        elif name == "strike" and parent == "font" and in_cells:
            fonts[-1] = is_struck(found)
    return {str(style): display for style, display in displays_of(numbers, styles, fonts).items()}


def displays_of(
    numbers: Mapping[int, str], styles: Iterable[tuple[int, int]], fonts: Sequence[bool]
) -> dict[int, Display]:
    """Return style → what it makes of values, where it makes anything of them.

    `styles` are pairs of a number format and a font, `fonts` tell which of these cross out.
    """
    found: dict[int, Display] = {}
    for style, (number, font) in enumerate(styles):
        display = display_numbered(numbers, number)
        if font < len(fonts) and fonts[font]:
            found[style] = CrossedOut(display)
        elif display is not None:
            found[style] = display
    return found


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 10 else 0
