"""The prescan of an ods workbook: its one content.xml, parsed as a stream."""

import zipfile
from xml.parsers import expat

from lms_sync.tables.archive import Errors, Rectangle, pieces
from lms_sync.tables.kinds import damaged, encrypted

CELLS = ("table:table-cell", "table:covered-table-cell")
KEEPS = frozenset(("office:value-type", "table:formula"))


def scan_ods(archive: zipfile.ZipFile) -> Errors:
    """Return the error cells of every sheet.

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
    except expat.ExpatError as error:
        raise damaged(str(error)) from error
    return scanner.errors


class _Scanner:
    """Follows the cells of one content.xml; rows 1-based, columns 0-based."""

    def __init__(self) -> None:
        self.errors: Errors = {}
        self._sheet: dict[tuple[int, int], str] = {}
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
        elif tag == "table:table":
            self._sheet, self._rectangle, self._row = {}, Rectangle(), 1
            self.errors[attributes.get("table:name", "")] = self._sheet

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cell_repeat = int(attributes.get("table:number-columns-repeated", "1"))
        if not KEEPS.isdisjoint(attributes):
            last_row, last_column = self._row + self._row_repeat - 1, self._column + self._cell_repeat - 1
            self._rectangle.add((self._row, last_row), (self._column, last_column))
            self._shown = "" if attributes.get("calcext:value-type") == "error" else None

    def characters(self, data: str) -> None:
        if self._shown is not None:
            self._shown += data

    def end(self, tag: str) -> None:
        if tag in CELLS:
            if self._shown is not None:
                self._note_error(self._shown)
                self._shown = None
            self._column += self._cell_repeat
        elif tag == "table:table-row":
            self._row += self._row_repeat

    def _note_error(self, shown: str) -> None:
        for row in range(self._row, self._row + self._row_repeat):
            for column in range(self._column, self._column + self._cell_repeat):
                self._sheet[row, column] = shown or "#ERROR"
