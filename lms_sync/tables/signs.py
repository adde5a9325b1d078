"""What a look into a workbook finds that the reader would hide, and what would kill the reader."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lms_sync.tables.cells import Block, ErrorValue, Sign, Unreadable, address, column_index
from lms_sync.tables.formats import Display

DENSE_LIMIT = 20_000_000
"""Cells in the rectangle around everything that a sheet holds; of a csv file, all its cells."""


LAST_ROW, LAST_COLUMN = 1_048_576, 16_383
"""The last row (1-based) and column (0-based) that a spreadsheet has."""


@dataclass(slots=True)
class SheetSigns:
    """What the reader hides of one sheet; rows 1-based, columns 0-based."""

    errors: dict[tuple[int, int], ErrorValue] = field(default_factory=dict)
    """(row, column) → what the cell shows in place of a value."""
    displays: dict[int, tuple[tuple[int, Display], ...]] = field(default_factory=dict)
    """Row → its cells by column whose format says something else than the value that the reader gives."""
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[Block] = field(default_factory=list)
    pictures: list[tuple[int, int]] = field(default_factory=list)
    """(row, column) of the cells in which pictures begin that lie over the sheet."""


@dataclass(slots=True)
class Scan:
    """What the reader hides of one workbook."""

    sheets: list[tuple[str, SheetSigns]] = field(default_factory=list)
    """(name, signs) in the workbook's order, sheets of charts among them."""
    signs: set[Sign] = field(default_factory=set)
    from_1904: bool = False
    data: bytes | None = None
    """The workbook as the reader can read it, where it can't read it as it came; None where it can."""


@dataclass(slots=True)
class Rectangle:
    """What the cells of one sheet span; rows 1-based, columns 0-based, both ends included."""

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0

    def add(self, rows: tuple[int, int], columns: tuple[int, int]) -> None:
        """Widen the rectangle by a block of cells, given as (first, last) both ways.

        Raises: Unreadable when it has grown beyond what can be held in memory.
        """
        fresh = not self.bottom
        self.top = rows[0] if fresh else min(self.top, rows[0])
        self.left = columns[0] if fresh else min(self.left, columns[0])
        self.bottom, self.right = max(self.bottom, rows[1]), max(self.right, columns[1])
        if (self.bottom - self.top + 1) * (self.right - self.left + 1) > DENSE_LIMIT:
            raise Unreadable(
                f"a sheet reaches from {address(self.top, self.left)} to {address(self.bottom, self.right)}",
                f"at most {DENSE_LIMIT:,} cells from corner to corner",
                "Delete what is far away from the table (often one stray cell), and save the workbook again.",
            )


def read_address(place: str) -> tuple[int, int]:
    """Return the 1-based row and 0-based column of an address such as `B12`.

    Raises: Unreadable for one that no sheet has.
    """
    letters = place.rstrip("0123456789").upper()
    digits = place[len(letters) :]
    if letters.isascii() and letters.isalpha() and len(letters) <= 3 and 0 < len(digits) <= 7:
        row, column = int(digits), column_index(letters)
        if 1 <= row <= LAST_ROW and column <= LAST_COLUMN:
            return row, column
    raise Unreadable(
        f"a cell says that it is in {place[:40]}, where no sheet has one",
        f"cells from A1 to {address(LAST_ROW, LAST_COLUMN)}",
        "Open the workbook in a spreadsheet program, save it again, and put that file in its place.",
    )


def check_merged(merged: Sequence[Block], last_row: int) -> None:
    """Raise Unreadable when merged cells, which never overlap in an honest file, cover more than a sheet can hold."""
    covered = sum(max(0, min(box.bottom, last_row) - box.top + 1) * (box.right - box.left + 1) for box in merged)
    if covered > DENSE_LIMIT:
        raise Unreadable(
            f"a sheet has merged cells that cover {covered:,} cells",
            f"at most {DENSE_LIMIT:,}",
            "Take the merging off the whole sheet, and save the workbook again.",
        )
