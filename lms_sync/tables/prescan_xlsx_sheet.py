"""The prescan of one sheet of an xlsx workbook."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress

from lms_sync.tables.cells import PICTURE, UNCALCULATED, Block, ErrorValue, Unreadable
from lms_sync.tables.crossed_out import CrossedOut
from lms_sync.tables.crossed_out_texts import is_struck
from lms_sync.tables.formats import Display
from lms_sync.tables.kinds import damaged
from lms_sync.tables.package import Package
from lms_sync.tables.prescan_value_rows import ValueRows
from lms_sync.tables.signs import LAST_ROW, Rectangle, SheetSigns, read_address
from lms_sync.tables.xml_stream import Attributes, feed, local, stream

HOLDS = frozenset(("v", "is", "f"))
"""Elements of a cell that holds something."""
WHOLE_VALUES = frozenset(("str", "e", "b", "s", "inlineStr", "d"))
"""Types of a formula's last result; one of another type, without a value, was never calculated."""
LONGEST_ERROR = 100
DIGITS = "0123456789"
NO_TEXT = re.compile(rb't="s"><(?:\w++:)?v>(?!\d{0,10}+(?:<|\Z))([^<]{0,20})')
"""A cell that names a text of the list that sheets share, and not by its number: the reader would take the first."""
LONGEST_NAME = 100
"""So many bytes of a piece are looked at once more with the next."""
Place = tuple[int, int]


def scan_sheet(
    package: Package, part: str, styles: Mapping[str, Display], texts: AbstractSet[str] = frozenset()
) -> SheetSigns:
    """Return what the reader hides of one sheet; `styles` tells which numbers are shown as something else.

    `texts` are the numbers of those that sheets share in which words are crossed out. What the reader stumbles over
    is taken out of the part. Raises: Unreadable.
    """
    try:
        scanner = _scanned(package, part, _Scanner(styles, texts), every_row=bool(texts))
    except Unreadable:  # once more, to tell where
        scanner = _scanned(package, part, _Scanner(styles, texts), every_row=True)
    if scanner.odd:
        package.changed[part] = _without(package.read(part), scanner.odd)
    return scanner.signs


def _scanned(package: Package, part: str, scanner: "_Scanner", *, every_row: bool) -> "_Scanner":
    """Have a sheet's elements followed: of every row, or only of those that are more than plain values."""
    pieces = with_texts_that_are_there(package.pieces(part))
    feed(scanner.parser, pieces if every_row else scanner.value_rows.left_of(pieces))
    scanner.end_row()
    return scanner


def with_texts_that_are_there(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Give the pieces of a sheet. Raises: Unreadable where a cell names a text by anything but its number."""
    before = b""
    for piece in pieces:
        yield piece
        before += piece
        if found := NO_TEXT.search(before):
            words = found[1].decode("utf-8", "replace")
            raise damaged(f'a cell names the text "{words}" of the list of texts, which goes by numbers')
        before = before[-LONGEST_NAME:]


def _without(data: bytes, odd: list[tuple[int, int]]) -> bytes:
    """Return a part with other names for the elements at these places, so that the reader passes them over."""
    changed = bytearray(data)
    for start, length in odd:
        changed[start + length - 1 : start + length] = b"_"
    return bytes(changed)


class _Scanner:
    """Follows the cells of one sheet; rows 1-based, columns 0-based."""

    def __init__(self, styles: Mapping[str, Display], texts: AbstractSet[str] = frozenset()) -> None:
        self.signs = SheetSigns()
        self.odd: list[tuple[int, int]] = []
        """(offset, length) of names of elements that the reader can't read and need not."""
        self.texts = texts
        """Numbers of shared texts in which words are crossed out."""
        self.parser = stream(_start_of(self, styles))
        self.columns: dict[str, int] = {}
        """Letters → column, of the columns that hold something."""
        self.holds = False
        """True once a cell of the row holds something."""
        self.is_listening = False
        """True while the text of a cell is taken."""
        self.value_rows = ValueRows(self.columns, styles, self._pass_rows)
        self._styles = styles
        self._rectangle = Rectangle()
        self._row = 0
        self._column = -1
        self._displays: list[tuple[int, Display]] = []
        self._kinds: dict[tuple[tuple[int, Display], ...], tuple[tuple[int, Display], ...]] = {}
        self._cell: Attributes = {}
        self._formula: Place | None = None
        self._error: Place | None = None
        self._words = ""

    def _pass_rows(self, numbers: tuple[int, int]) -> None:
        """Note rows of plain values in known columns, from one number to another."""
        self._rectangle.add(numbers, (self._rectangle.left, self._rectangle.left))

    def start_row(self, attributes: Attributes) -> str:
        """Return the digits in which the row's cells name it."""
        self.end_row()
        number = attributes.get("r")
        self._row = read_address(f"A{number}")[0] if number else self._row + 1
        self._column = -1
        if attributes.get("hidden") in ("1", "true"):
            self.signs.hidden_rows.add(self._row)
        return str(self._row)

    def follow(self, before: Attributes) -> None:
        """Note that a cell without an address begins, to the right of the one before."""
        if place := before.get("r"):
            self._column = read_address(place)[1]
        self._column += 1

    def hold(self, cell: Attributes) -> None:
        """Note that a cell holds something, and whether it is more, or less, than a plain value in a known column."""
        self._cell = cell
        if place := cell.get("r"):
            row, self._column = read_address(place)
            self.columns[place.rstrip(DIGITS)] = self._column
            if row != self._row:
                self.end_row()
                self._row = row
        self._rectangle.add((self._row, self._row), (self._column, self._column))
        display = self._styles.get(cell.get("s", ""))
        if display is not None:
            self._displays.append((self._column, display))

    def value(self) -> None:
        """Note that the value of the cell that holds something begins here."""
        kind = self._cell.get("t")
        if self._formula or kind == "e" or (kind == "s" and self.texts):
            self._listen()

    def formula(self) -> None:
        """Note that the cell has a formula."""
        if self._cell.get("t") not in WHOLE_VALUES:
            self._formula = (self._row, self._column)

    def _listen(self) -> None:
        """Take the text of the value that begins here."""
        self._words = ""
        if self._formula is None and self._cell.get("t") == "e":
            self._error = (self._row, self._column)
        self.parser.CharacterDataHandler = self._hear
        self.is_listening = True

    def _hear(self, words: str) -> None:
        if len(self._words) < LONGEST_ERROR:
            self._words += words

    def cross_out(self, cell: Attributes) -> None:
        """Note that words of the text that stands in a cell are crossed out."""
        place = cell.get("r")
        crossed_out = (read_address(place)[1] if place else self._column), CrossedOut(None)
        if crossed_out not in self._displays:
            self._displays.append(crossed_out)

    def end_cell(self) -> None:
        """Note what the cell that ends here shows in place of a value."""
        words = self._words.strip()
        if self.is_listening:
            self.parser.CharacterDataHandler = None
            self.is_listening = False
            if words in self.texts and self._cell.get("t") == "s":
                self.cross_out(self._cell)
        if self._error:
            rich = "vm" in self._cell
            self.signs.errors[self._error] = PICTURE if rich else ErrorValue(words[:LONGEST_ERROR] or "#ERROR")
        elif self._formula and not words:
            self.signs.errors[self._formula] = UNCALCULATED
        self._formula, self._error, self._words = None, None, ""

    def end_row(self) -> None:
        """Note what the row that ends here held."""
        self.end_cell()
        if self.holds:
            self._rectangle.add((self._row, self._row), (self._rectangle.left, self._rectangle.left))
            self.holds = False
        if self._displays:
            # Most rows of a sheet are formatted alike: one tuple serves them all.
            displays = tuple(self._displays)
            before = self.signs.displays.get(self._row, ())
            self.signs.displays[self._row] = before + self._kinds.setdefault(displays, displays)
            self._displays = []

    def merge(self, tag: str, attributes: Attributes) -> None:
        """Note merged cells."""
        reference = attributes.get("ref", "")
        if _is_plain(reference) and ":" in reference:
            self.signs.merged.append(_block(reference))
            return
        self._pass_over(tag)
        with suppress(Unreadable):
            self.signs.merged.append(_block(reference))

    def dimension(self, tag: str, attributes: Attributes) -> None:
        """Note what the sheet says of its size; nothing rests on it, and the reader fails on a wrong one."""
        if not _is_plain(attributes.get("ref", "")):
            self._pass_over(tag)

    def _pass_over(self, tag: str) -> None:
        self.odd.append((self.parser.CurrentByteIndex + self.value_rows.taken + 1, len(tag.encode())))


def _start_of(scanner: _Scanner, styles: Mapping[str, Display]) -> Callable[[str, Attributes], None]:
    """Return what is called with each element: twice a cell, so what most cells are is dealt with here, and fast."""
    names: dict[str, str] = {}
    cell: Attributes | None = None
    before: Attributes = {}
    digits = ""
    followed = ("e", "s") if scanner.texts else ("e",)

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal cell, before, digits
        name = names.get(tag) or names.setdefault(tag, local(tag))
        if name == "c":
            if "r" not in attributes:
                scanner.follow(before)
            if scanner.is_listening:
                scanner.end_cell()
            cell = before = attributes
        elif name in HOLDS:
            if cell is not None:
                scanner.holds = True
                place = cell.get("r", "")
                letters = place.rstrip(DIGITS)
                is_plain = letters in scanner.columns and letters + digits == place
                is_plain = is_plain and cell.get("t") not in followed
                if not is_plain or name == "f" or cell.get("s", "") in styles:
                    scanner.end_cell()
                    scanner.hold(cell)
                    (scanner.formula if name == "f" else scanner.value)()
                cell = None
            elif name == "v":
                scanner.value()
        elif name == "row":
            digits, before = scanner.start_row(attributes), {}
        elif name == "strike" and is_struck(attributes):
            scanner.cross_out(before)
        elif name == "mergeCell":
            scanner.merge(tag, attributes)
        elif name == "dimension":
            scanner.dimension(tag, attributes)

    return start


def _is_plain(reference: str) -> bool:
    """Tell whether a reference is one cell, or two with a colon between."""
    try:
        return len([read_address(place) for place in reference.split(":")]) <= 2
    except Unreadable:
        return False


def _block(reference: str) -> Block:
    """Return the cells that a reference stands for: `A1:C3`, whole columns `H:H`, whole rows `3:4`."""
    first, _, last = reference.partition(":")
    last = last or first
    if first.isalpha() and last.isalpha():
        first, last = f"{first}1", f"{last}{LAST_ROW}"
    elif first.isdecimal() and last.isdecimal():
        first, last = f"A{first}", f"XFD{last}"
    (top, left), (bottom, right) = read_address(first), read_address(last)
    return Block(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
