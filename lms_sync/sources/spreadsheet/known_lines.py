"""A csv file of which most lines were read before: only the others become rows.

What a sheet is like as a whole (its header, its columns that must not be kept) is told by those rows. So some of its
first lines are always read; and where the lines that are read tell anything else than those that were passed over
rested on, the file is read as a whole.
"""

import csv
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import compress, islice
from operator import not_

from lms_sync.model.known_rows import MARK, RowMemory
from lms_sync.sources.spreadsheet.forbidden import is_birth_day
from lms_sync.sources.spreadsheet.misread import Misread, ZoneMissing
from lms_sync.sources.spreadsheet.privacy import Cleaning, Sweep
from lms_sync.tables.cells import Book, Row, Sheet, Unreadable, Value, text_cell
from lms_sync.tables.text_lines import TextLines

SAMPLE = 100
"""So many lines below those in which the header may stand are always read."""
AT_ONCE = 2_000
"""Lines whose hashes are made at once."""


class NotAlike(Exception):
    """The lines that are read do not tell what the file is like as a whole."""


@dataclass(frozen=True, slots=True)
class KnownLines:
    """The lines of a csv file, those that are known among them."""

    text: TextLines
    rests_on: object
    """What the reading of each line rests on besides the line itself."""
    marks: bytearray
    """The keyed hashes of all lines, one behind the other."""
    numbers: "array[int]"
    """Of the lines that are passed over, from 1."""
    places: "array[int]"
    """Which of the rows of the memory they are."""
    to_read: "array[int]"
    """The numbers of all others."""

    @classmethod
    def of(
        cls, text: TextLines, memory: RowMemory, like: Callable[[Sheet], object], *, first: int
    ) -> "KnownLines | None":
        """Return the lines of a file; None where its first lines don't tell what it is like.

        `like` returns what the reading of each row of a sheet rests on; the `first` lines may hold its header.
        """
        first = min(first + SAMPLE, len(text))
        sample = text.rows(range(1, first + 1))
        try:
            rests_on = like(_sheet(sample)) if sample else None
        except (Misread, Unreadable, ZoneMissing):
            return None
        if rests_on is None:
            return None
        found = cls(text, rests_on, bytearray(), array("I"), array("I"), array("I"))
        found._look_up(memory, (text.form, rests_on), first)
        return found

    def _look_up(self, memory: RowMemory, rests_on: object, first: int) -> None:
        """Tell which lines behind the `first` are known; the last one only where a line break follows it."""
        hashed, place_of = memory.line_marks(rests_on), memory.rows.places.get
        last = len(self.text) + (1 if self.text.ends_with_line else 0)
        lines, begin = self.text.each(), 1
        while group := [*map(hashed, islice(lines, AT_ONCE))]:
            self.marks.extend(b"".join(group))
            numbers, places = range(begin, begin + len(group)), [*map(place_of, group)]
            passed = [place is not None for place in places]
            if begin <= first or last in numbers:
                passed = [is_known and first < n != last for n, is_known in zip(numbers, passed, strict=True)]
            self.numbers.extend(compress(numbers, passed))
            self.places.extend([place for place in compress(places, passed) if place is not None])
            self.to_read.extend(compress(numbers, map(not_, passed)))
            begin += len(group)

    def with_rows(self, numbers: Sequence[int]) -> "KnownLines":
        """Return them with some of the lines read that were passed over."""
        back = {*numbers}
        left = [(n, place) for n, place in zip(self.numbers, self.places, strict=True) if n not in back]
        return replace(
            self,
            numbers=array("I", [n for n, _ in left]),
            places=array("I", [place for _, place in left]),
            to_read=array("I", sorted([*self.to_read, *back])),
        )

    def book(self) -> Book:
        """Return the lines that are to be read as a book. Raises: NotAlike where one does not stand by itself."""
        rows = self.text.rows(self.to_read)
        if rows is None:
            raise NotAlike
        return Book((_sheet(rows),), guessed=self.text.guessed)

    def marks_of(self, rows: Sequence[Row]) -> list[bytes]:
        """Return the keyed hash of the line of each row."""
        marks = self.marks
        return [bytes(marks[(row.number - 1) * MARK : row.number * MARK]) for row in rows]

    def check(self, rests_on: object, cleaning: Cleaning, sweep: Sweep, rows: Sequence[Row]) -> None:
        """Tell `sweep` which columns hold something in the lines that were passed over; `rows` are all others.

        Raises: NotAlike where not all that is told of the file by `rows` is sure to be so of the whole of it.
        """
        if rests_on != self.rests_on or not (self.text.ends_with_line or self._last_is_whole(cleaning, rows)):
            raise NotAlike
        if not self.numbers:
            return
        if cleaning.has_ssns_unnamed:
            raise NotAlike
        open_columns = [column for column in sweep.filled if not any(_is_no_birth(row.cell(column)) for row in rows)]
        if open_columns:
            self._look_into(open_columns, sweep)

    def _last_is_whole(self, cleaning: Cleaning, rows: Sequence[Row]) -> bool:
        """Tell whether the last line, behind which the file may be cut off, has all of its cells."""
        last = rows[-1] if rows else None
        return last is not None and last.number == len(self.text) and len(last.cells) >= len(cleaning.columns)

    def _look_into(self, columns: Sequence[int], sweep: Sweep) -> None:
        """Look for the columns that are blank in all rows, or hold birth dates only, in the lines passed over."""
        left, births = {*columns}, set[int]()
        try:
            for record in self.text.records(self.numbers):
                for column in [column for column in left if column < len(record) and record[column]]:
                    value = text_cell(record[column])
                    if _is_no_birth(value):
                        sweep.filled[column] = True
                        left.remove(column)
                    elif value is not None:
                        births.add(column)
                if not left:
                    break
        except csv.Error as error:
            raise NotAlike from error
        if births & left:
            raise NotAlike


def _sheet(rows: tuple[Row, ...]) -> Sheet:
    return Sheet("", hidden=False, rows=rows)


def _is_no_birth(value: Value) -> bool:
    return value is not None and not is_birth_day(value)
