"""A sheet's values and places, whatever kind of file they were read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from lms_sync.errors import UsageError
from lms_sync.model.quickly_made import quickly_made
from lms_sync.text import escaped, is_fit, visible

KEPT_FROM_RUNNING = frozenset("0123456789=+-@")
"""What an apostrophe in front is put before, so that a spreadsheet keeps it as text."""


class CellCause(StrEnum):
    """Why a cell holds nothing that can be taken."""

    FAILED = "failed"
    """Its formula failed."""
    UNCALCULATED = "not calculated"
    """No program has calculated its formula."""
    PICTURE = "picture"
    """It holds a picture, or one of Excel's rich data types (Stocks, Geography, …)."""
    UNFIT = "unfit"
    """Its text holds a control character, or half a character."""
    CROSSED_OUT = "crossed out"
    """Somebody has crossed out what it holds."""

    def __reduce_ex__(self, _protocol: object) -> tuple[type["CellCause"], tuple[str]]:
        """Return how it is pickled: by its class and value. Python 3.11.0 to 3.11.3 would do so by `getattr`."""
        return CellCause, (self.value,)


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A cell that holds nothing that can be taken."""

    text: str
    """As the spreadsheet shows it, e.g. `#N/A`; of unfit text, what it holds with the unfit parts written out."""
    cause: CellCause = CellCause.FAILED

    def __str__(self) -> str:
        return self.text


UNCALCULATED = ErrorValue("(not calculated)", CellCause.UNCALCULATED)
"""A formula that no program has calculated: the file holds no value for it."""
PICTURE = ErrorValue("(a picture)", CellCause.PICTURE)
CROSSED_OUT = ErrorValue("(crossed out)", CellCause.CROSSED_OUT)
CROSSED_OUT_LABEL = ErrorValue("Crossed out: a label", CellCause.CROSSED_OUT)
"""Stands for a label that is crossed out, such as a title: what it said may be other than what stands above it."""

Value = str | int | float | bool | date | datetime | time | ErrorValue | None
"""What a cell holds; None (never an empty string) for a blank one. Every cell of a csv file is text."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds something."""

    number: int
    """1-based, as the spreadsheet shows it; a record of a csv file counts as one row."""
    cells: tuple[Value, ...]
    """`cells[0]` stands in column A; blank cells at the end may be missing."""

    def cell(self, column: int) -> Value:
        """Return the value in a 0-based column, None beyond the row's end."""
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of cells; rows 1-based, columns 0-based, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, blank rows left out."""

    name: str
    """Empty for a file that has no sheets (csv)."""
    hidden: bool
    rows: tuple[Row, ...]
    """In the sheet's order; hidden rows are among them."""
    merged: tuple[Block, ...] = ()
    """Cells joined to one; its value stands in the upper left cell alone."""
    covered: tuple[tuple[int, int], ...] = ()
    """(row, column) of cells below or beside a merged value that hold something nobody sees; it was left out."""
    hidden_rows: tuple[int, ...] = ()
    """The numbers of those `rows` that the spreadsheet does not show, ascending."""
    pictures: tuple[tuple[int, int], ...] = ()
    """(row, column) of cells over which a picture lies from its upper left corner on, of xlsx files."""
    from_1904: bool = False
    """True when the workbook counts its days from 1 January 1904."""
    crossed_out: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """Row → its columns whose cells hold something that is crossed out; their values stand in `rows`."""


class Sign(StrEnum):
    """What a workbook carries besides its cells; nothing of it is ever run or fetched."""

    MACROS = "macros"
    LINKS = "links to other workbooks"


@dataclass(frozen=True, slots=True)
class Book:
    """One file."""

    sheets: tuple[Sheet, ...]
    """In the file's order."""
    signs: frozenset[Sign] = frozenset()
    guessed: str = ""
    """The encoding in which a csv file was read, where it does not say so and is not UTF-8 throughout."""


class Unreadable(UsageError):
    """A file cannot be read as a sheet at all; its parts say what was found, what was expected and what to do."""

    def __init__(self, found: str, expected: str, remedy: str) -> None:
        super().__init__(f"{found}. Expected: {expected}.", hint=remedy)
        self.found = found
        self.expected = expected
        self.remedy = remedy


class Rewritten(str):
    """A cell's text where the reader once took other text, or a number: ids and keys were made of that."""

    former: Value

    def __new__(cls, words: str, former: Value) -> "Rewritten":
        """Return the text together with what was taken before."""
        cell = super().__new__(cls, words)
        cell.former = former
        return cell

    def __reduce__(self) -> tuple[type["Rewritten"], tuple[str, Value]]:
        """Return how it is pickled, since it comes from a child process."""
        return Rewritten, (str(self), self.former)


def text_cell(words: str) -> Value:
    """Return what a cell with this text says, None for a blank one.

    What nobody can see is left out, and so is what keeps a spreadsheet from taking an id for a number (`="00417"`,
    `'00417`). Text that holds control characters or half a character is an ErrorValue.
    """
    if not is_fit(words):
        return ErrorValue(escaped(words), CellCause.UNFIT)
    says = visible(words)
    if says.startswith(('="', "'")):
        says = _without_trick(says)
    return Rewritten(says, words) if says and says != words else says or None


def _without_trick(words: str) -> str:
    if words.startswith('="') and words.endswith('"') and len(words) > 3:
        inner = words[2:-1].replace('""', "\0")
        return words if '"' in inner else inner.replace("\0", '"')
    rest = words[1:]
    return rest if rest[:1] in KEPT_FROM_RUNNING and "'" not in rest and words[0] == "'" else words


def column_letters(column: int) -> str:
    """Return the letters of a 0-based column: 0 → `A`, 26 → `AA`."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the 0-based column of its letters: `A` → 0, `AA` → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def address(row: int, column: int) -> str:
    """Return a cell's address from its 1-based row and 0-based column: (12, 0) → `A12`."""
    return f"{column_letters(column)}{row}"


def text(value: Value) -> str:
    """Return a value as a person would write it: nothing lost, nothing trimmed.

    A whole number is written without a point (`417.0` → `417`) and without an exponent, a day as `2025-08-18`, a day
    with a time as `2025-08-18 07:03:00`, a blank cell as an empty string. Text comes back as it is.
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.0f}" if value.is_integer() else repr(value)
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)
