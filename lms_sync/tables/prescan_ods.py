"""The prescan of an ods workbook: its one content.xml, parsed as a stream."""

import zipfile
from xml.parsers import expat

from lms_sync.tables.archive import pieces
from lms_sync.tables.cells import Block, ErrorValue, Sign
from lms_sync.tables.kinds import damaged, encrypted
from lms_sync.tables.signs import Rectangle, Scan, SheetSigns

CELLS = ("table:table-cell", "table:covered-table-cell")
MOST_HIDDEN = 100_000
"""Rows that one declaration of hidden rows can stand for."""
KEEPS = frozenset(("office:value-type", "table:formula"))


def scan_ods(archive: zipfile.ZipFile) -> Scan:
    """Return what the reader hides of an ods workbook.

    Raises: Unreadable for an encrypted or damaged workbook, or a sheet too wide and high to be laid out.
    """
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise encrypted()
    scanner = _Scanner()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = scanner.start
    parser.EndElementHandler = scanner.end
    parser.CharacterDataHandler = scanner.characters
    try:
        for piece in pieces(archive, "content.xml"):
            parser.Parse(piece)
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, ValueError) as error:
        raise damaged(str(error)) from error
    if any(part.startswith(("Basic/", "Scripts/")) for part in archive.namelist()):
        scanner.scan.signs.add(Sign.MACROS)
    return scanner.scan


class _Scanner:
    """Follows the cells of one content.xml; rows 1-based, columns 0-based."""

    def __init__(self) -> None:
        self.scan = Scan()
        self._sheet = SheetSigns()
        self._rectangle = Rectangle()
        self._row = 1
        self._row_repeat = 1
        self._column = 0
        self._cell_repeat = 1
        self._shown: str | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in CELLS:
            self._start_cell(attributes)
        elif tag == "table:table-row":
            self._row_repeat = int(attributes.get("table:number-rows-repeated", "1"))
            self._column = 0
            if attributes.get("table:visibility", "visible") != "visible":
                # Blank rows to the sheet's end are often declared hidden in one go.
                last = min(self._row + self._row_repeat, self._row + MOST_HIDDEN)
                self._sheet.hidden_rows.update(range(self._row, last))
        elif tag == "table:table":
            self._sheet, self._rectangle, self._row = SheetSigns(), Rectangle(), 1
            self.scan.sheets[attributes.get("table:name", "")] = self._sheet
        elif tag == "table:null-date":
            self.scan.from_1904 = attributes.get("table:date-value", "").startswith("1904")
        elif tag == "table:table-source":
            self.scan.signs.add(Sign.LINKS)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cell_repeat = int(attributes.get("table:number-columns-repeated", "1"))
        if not KEEPS.isdisjoint(attributes):
            last_row, last_column = self._row + self._row_repeat - 1, self._column + self._cell_repeat - 1
            self._rectangle.add((self._row, last_row), (self._column, last_column))
            self._shown = "" if attributes.get("calcext:value-type") == "error" else None
        wide = int(attributes.get("table:number-columns-spanned", "1"))
        high = int(attributes.get("table:number-rows-spanned", "1"))
        if wide > 1 or high > 1:
            block = Block(self._row, self._column, self._row + high - 1, self._column + wide - 1)
            self._sheet.merged.append(block)

    def characters(self, data: str) -> None:
        if self._shown is not None:
            self._shown += data

    def end(self, tag: str) -> None:
        if tag in CELLS:
            if self._shown is not None:
                self._note(ErrorValue(self._shown or "#ERROR"))
                self._shown = None
            self._column += self._cell_repeat
        elif tag == "table:table-row":
            self._row += self._row_repeat

    def _note(self, error: ErrorValue) -> None:
        for row in range(self._row, self._row + self._row_repeat):
            for column in range(self._column, self._column + self._cell_repeat):
                self._sheet.errors[row, column] = error
