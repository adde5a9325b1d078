"""What stands in a file as it is read: items, plain rows, and what was read before, each in its place."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lms_sync.model.evidence import Item
from lms_sync.model.known_rows import LinesOfFile, Stated
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.quick_row import QuickColumns
from lms_sync.tables.cells import Row


class Passed(NamedTuple):
    """A row, or a cell of a matrix, that was read before."""

    known: int
    """Which of the rows of the memory it is."""
    row: Row
    read: Callable[[Row, bytes], Iterable[Item]]
    """Reads it all the same, and gives its items its keyed hash."""


@dataclass(frozen=True, slots=True)
class LinesPassed:
    """Lines of a csv file that were read before and have not become rows."""

    numbers: Sequence[int] = ()
    places: Sequence[int] = ()
    """Which of the rows of the memory they are."""
    read_anew: Callable[[Sequence[int]], "tuple[FileRead, FileParts]"] | None = None
    """Reads the file with some of these lines, by their numbers; None where there are none."""
    all: LinesOfFile | None = None
    """The lines of the file; None where they were not told apart."""


@dataclass(frozen=True, slots=True)
class FileParts:
    """What stands in a file, in its order."""

    lines: LinesPassed = field(default_factory=LinesPassed)
    """Lines that are none of what follows."""

    others: list[Item | Passed] = field(default_factory=list)
    """All but the plain rows."""
    columns: QuickColumns = field(default_factory=QuickColumns.empty)
    """What the plain rows say."""
    records: list[str] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    marks: bytearray = field(default_factory=bytearray)
    """Of the plain rows, as `RowsOfFile` has them."""
    places: "array[int]" = field(default_factory=lambda: array("I"))
    """How many of the `others` stand before each plain row."""
