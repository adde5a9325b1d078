"""The prescan of an ods workbook: its one content.xml, parsed as a stream."""

import io
import zipfile

from lms_sync.tables.archive import check_all, pieces
from lms_sync.tables.cells import UNCALCULATED, Block, ErrorValue, Sign
from lms_sync.tables.crossed_out import CrossedOut
from lms_sync.tables.formats import Display, Percent, Words
from lms_sync.tables.kinds import ODS_TYPE, encrypted
from lms_sync.tables.signs import LAST_COLUMN, Rectangle, Scan, SheetSigns
from lms_sync.tables.xml_stream import as_utf8, feed, stream

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
CELLS = ("table:table-cell", "table:covered-table-cell")
MOST_HIDDEN = 100_000
"""Rows that one declaration of hidden rows can stand for."""
KEEPS = frozenset(("office:value-type", "table:formula"))
FORMULA = "formula"
"""Stands for the type of a value that no program has calculated."""
WITH_WORDS = ("percentage", "time", "float", FORMULA)
"""Types of values whose text may say something else than the number that the reader gives."""
LINE_THROUGH = "style:text-line-through-style", "style:text-line-through-type"
"""How the line is drawn through a text of a style: the one or the other is stated; `none` is no line."""
PERCENT = Percent(2)
"""How a percentage is shown whose file does not say it."""
NOTHING = Words("")
"""Of a cell that has a value, and a paragraph without any sign in it: `;;;` shows nothing."""
FRAME = frozenset(
    ("office:document-content", "office:body", "office:spreadsheet", "table:table", "table:table-row", *CELLS)
)
"""Elements in which blanks between others mean nothing."""


def scan_ods(archive: zipfile.ZipFile) -> Scan:
    """Return what the reader hides of an ods workbook.

    Raises: Unreadable for an encrypted or damaged workbook, or a sheet too wide and high to be laid out.
    """
    names = archive.namelist()
    if MANIFEST in names and b"encryption-data" in archive.read(MANIFEST):
        raise encrypted()
    check_all(archive, read=frozenset((CONTENT,)))
    content = as_utf8(b"".join(pieces(archive, CONTENT)))
    scanner = _Scanner()
    feed(scanner.parser, [content])
    if any(part.startswith(("Basic/", "Scripts/")) for part in names):
        scanner.scan.signs.add(Sign.MACROS)
    if scanner.blanks or "mimetype" not in names or names.count(CONTENT) > 1 or content[:4] != b"<?xm":
        scanner.scan.data = _rebuilt(_without(content, scanner.blanks))
    return scanner.scan


def _without(content: bytes, blanks: list[int]) -> bytes:
    """Return the content without the blanks that end at these places, which the reader takes for damage."""
    kept, last = [], 0
    for end in blanks:
        kept.append(content[last:end].rstrip())
        last = end
    return b"".join((*kept, content[last:]))


def _rebuilt(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", ODS_TYPE)
        archive.writestr(MANIFEST, "<manifest/>")
        archive.writestr(CONTENT, content)
    return stream.getvalue()


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
        self._words: str | None = None
        self._type = ""
        self._value: str | None = None
        """Of a text of which the sheet shows something else."""
        self._has_paragraph = False
        self._is_crossed_out = False
        self._muted = 0
        self._path: list[str] = [""]
        self._formats: dict[str, Display] = {}
        self._style = ""
        self._crossed_out: set[str] = set()
        """Styles of cells, and of words within them, that are crossed out."""
        self._defaults: list[str] = []
        """By column, the style of cells that name none."""
        self.blanks: list[int] = []
        """Where blanks between rows and cells end."""
        self.parser = stream(self.start, self.end)
        self.parser.CharacterDataHandler = self.characters

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        if tag in CELLS:
            self._start_cell(attributes)
        elif tag == "text:span":
            if not self._muted and attributes.get("text:style-name", "") in self._crossed_out:
                self._is_crossed_out, self._words = True, self._words or ""
        elif tag == "text:p":
            self._has_paragraph = self._has_paragraph or not self._muted
        elif tag == "office:annotation":
            self._muted += 1
        elif tag == "table:table-row":
            self._row_repeat = int(attributes.get("table:number-rows-repeated", "1"))
            self._column = 0
            if attributes.get("table:visibility", "visible") != "visible":
                # Blank rows to the sheet's end are often declared hidden in one go.
                last = min(self._row + self._row_repeat, self._row + MOST_HIDDEN)
                self._sheet.hidden_rows.update(range(self._row, last))
        elif tag == "table:table-column":
            columns = int(attributes.get("table:number-columns-repeated", "1"))
            style = attributes.get("table:default-cell-style-name", "")
            self._defaults += [style] * min(columns, LAST_COLUMN - len(self._defaults))
        elif tag == "style:style":
            self._style = attributes.get("style:name", "")
        elif tag == "style:text-properties":
            if next(filter(None, map(attributes.get, LINE_THROUGH)), "none") != "none":
                self._crossed_out.add(self._style)
        elif tag == "table:table":
            self._sheet, self._rectangle, self._row, self._defaults = SheetSigns(), Rectangle(), 1, []
            self.scan.sheets.append((attributes.get("table:name", ""), self._sheet))
        elif tag == "table:null-date":
            self.scan.from_1904 = attributes.get("table:date-value", "").startswith("1904")
        elif tag == "table:table-source":
            self.scan.signs.add(Sign.LINKS)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cell_repeat = int(attributes.get("table:number-columns-repeated", "1"))
        if not KEEPS.isdisjoint(attributes):
            last_row, last_column = self._row + self._row_repeat - 1, self._column + self._cell_repeat - 1
            self._rectangle.add((self._row, last_row), (self._column, last_column))
            failed = attributes.get("calcext:value-type") == "error"
            self._type = "error" if failed else attributes.get("office:value-type", FORMULA)
            self._is_crossed_out = bool(self._crossed_out) and self._cell_style(attributes) in self._crossed_out
            self._value, self._has_paragraph = attributes.get("office:string-value"), False
            self._words = None if self._type == "string" and self._value is None and not self._is_crossed_out else ""
        wide = int(attributes.get("table:number-columns-spanned", "1"))
        high = int(attributes.get("table:number-rows-spanned", "1"))
        if wide > 1 or high > 1:
            block = Block(self._row, self._column, self._row + high - 1, self._column + wide - 1)
            self._sheet.merged.append(block)

    def characters(self, data: str) -> None:
        if self._path[-1] in FRAME:
            # Text is given when the next tag begins, so this is where the blanks end.
            self.blanks += [self.parser.CurrentByteIndex] if data.isspace() else []
        elif self._words is not None and not self._muted:
            self._words += data

    def end(self, tag: str) -> None:
        self._path.pop()
        if tag in CELLS:
            if self._words is not None:
                self._note(self._words.strip())
                self._words = None
            self._column += self._cell_repeat
        elif tag == "table:table-row":
            self._row += self._row_repeat
        elif tag == "office:annotation":
            self._muted -= 1

    def _note(self, words: str) -> None:
        """Note what the cell that ends here shows, for each of the cells that it stands for."""
        columns = range(self._column, self._column + self._cell_repeat)
        rows = range(self._row, self._row + self._row_repeat)
        error = ErrorValue(words or "#ERROR") if self._type == "error" else None
        if error or (self._type == FORMULA and not words):
            self._sheet.errors |= {(row, column): error or UNCALCULATED for row in rows for column in columns}
        elif display := self._cell_display(words):
            for row in rows:
                before = self._sheet.displays.get(row, ())
                self._sheet.displays[row] = before + tuple((column, display) for column in columns)

    def _cell_style(self, attributes: dict[str, str]) -> str:
        default = self._defaults[self._column] if self._column < len(self._defaults) else ""
        return attributes.get("table:style-name", default)

    def _cell_display(self, words: str) -> Display | None:
        """Return what is shown of the cell that ends here, None where it is the value and counts."""
        display = self._display(words)
        return CrossedOut(display) if self._is_crossed_out else display

    def _display(self, words: str) -> Display | None:
        """Return what is shown of the value of the cell that ends here, None where it is the value."""
        if not words:
            is_hidden = self._has_paragraph and (self._type != "string" or bool(self._value))
            return NOTHING if is_hidden else PERCENT if self._type == "percentage" else None
        if self._type == "string":
            same = self._value is None or _letters(self._value) == _letters(words)
        else:
            same = self._type not in WITH_WORDS or (self._type in ("float", FORMULA) and not _says_more(words))
        if same:
            return None
        return self._formats.setdefault(words, Words(words))


def _says_more(words: str) -> bool:
    """Tell whether a number's text says more: zeros in front, dashes or letters among its digits, a word instead."""
    digits = "".join(sign for sign in words if sign.isdecimal())
    others = set(words) - set(digits)
    if not digits:
        return any(map(str.isalpha, words))
    if not digits.isascii():
        return False
    if not others:
        return len(words) > 1 and words.startswith("0")
    return ("-" in words[1:] and others == {"-"}) or words.isalnum() or (words.isprintable() and _has_letters(words))


def _letters(words: str) -> list[str]:
    """Return what a format must add to a text so that the cell says something else."""
    return [sign for sign in words if sign.isalnum() or sign == "%"]


def _has_letters(words: str) -> bool:
    """Tell whether letters stand among the digits, other than the power of ten of `1.2E+05`."""
    return any(sign.isalpha() for sign in words.casefold().replace("e+", "").replace("e-", ""))
