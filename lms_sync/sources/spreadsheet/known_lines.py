"""A csv file of which most lines were read before: only the others become rows.

What a sheet is like as a whole (its header, its columns that must not be kept) is told by those rows. So some of its
first lines are always read; and where the lines that are read tell anything else than those that were passed over
rested on, the file is read as a whole.
"""

import csv
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise

from lms_sync.model.known_rows import MARK, NO_ROW, KnownRows, LinesOfFile
from lms_sync.model.row_memory import RowMemory
from lms_sync.sources.spreadsheet.forbidden import is_birth_day
from lms_sync.sources.spreadsheet.misread import Misread, ZoneMissing
from lms_sync.sources.spreadsheet.privacy import Cleaning, Sweep
from lms_sync.tables.cells import Book, Row, Sheet, Unreadable, Value, text_cell
from lms_sync.tables.text_lines import TextLines

SAMPLE = 100
"""So many lines below those in which the header may stand are always read."""


class NotAlike(Exception):
    """The lines that are read do not tell what the file is like as a whole."""


@dataclass(frozen=True, slots=True)
class KnownLines:
    """The lines of a csv file, those that are known among them.

    Most are told by one look at the hash of a group of lines that stood together before; others each by its own.
    """

    text: TextLines
    rests_on: object
    """What the reading of each line rests on besides the line itself."""
    mark: Callable[[bytes], bytes]
    """Makes the keyed hash of a line."""
    rows: KnownRows
    marks: bytearray = field(default_factory=bytearray)
    """The keyed hashes of all groups, one behind the other."""
    numbers: "array[int]" = field(default_factory=lambda: array("I"))
    """Of the lines that are passed over, from 1."""
    places: "array[int]" = field(default_factory=lambda: array("I"))
    """Which of the known rows they are."""
    to_read: "array[int]" = field(default_factory=lambda: array("I"))
    """The numbers of all others, ascending."""
    read: Mapping[int, int] = field(default_factory=dict)
    """Of those that are known and read all the same: number → which of the known rows it is."""
    looked_for: bytes = b""
    """By number, the keyed hash of each line that was looked for by itself, and zeros for the others; else empty."""

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
        by = text.form, rests_on
        found = cls(text, rests_on, memory.line_marks(by), memory.rows)
        return found._looked_up(memory.group_marks(by), first)

    def _looked_up(self, mark_of_group: Callable[[bytes], bytes], first: int) -> "KnownLines":
        """Return the lines with those told that are known behind the `first`.

        The last one only where a line break follows it.
        """
        end = len(self.text) + (1 if self.text.ends_with_line else 0)
        read: dict[int, int] = {}
        alone: list[range] = []
        for (before, last), group in zip(pairwise(self.text.groups), self.text.each_group(), strict=True):
            numbers, mark = range(before + 1, last + 1), mark_of_group(group)
            self.marks.extend(mark)
            places = self.rows.groups.get(mark, ())
            if len(places) == len(numbers):
                self._take(numbers, places, read, first, end)
            else:
                alone.append(numbers)
        others = self.rows.places_without(chain(self.places, read.values())) if alone else {}
        looked_for = bytearray(len(self.text) * MARK if others else 0)
        for numbers in alone:
            if others:
                marks = [*map(self.mark, self.text.lines(numbers))]
                looked_for[(numbers[0] - 1) * MARK : numbers[-1] * MARK] = b"".join(marks)
                self._take(numbers, [others.get(mark, NO_ROW) for mark in marks], read, first, end)
            else:
                self.to_read.extend(numbers)
        return replace(self, to_read=array("I", sorted(self.to_read)), read=read, looked_for=bytes(looked_for))

    def _take(self, numbers: range, places: Sequence[int], read: dict[int, int], first: int, end: int) -> None:
        """Pass over the lines of a group that are rows of tonight's memory; not the `first`, nor one at the `end`."""
        offered = self.rows.offered
        inside = first < numbers[0] and end not in numbers and NO_ROW not in places
        if inside and (self.rows.all_offered or all(map(offered.__getitem__, places))):
            self.numbers.extend(numbers)
            self.places.extend(places)
            return
        for number, place in zip(numbers, places, strict=True):
            if place == NO_ROW or not offered[place]:
                self.to_read.append(number)
            elif first < number != end:
                self.numbers.append(number)
                self.places.append(place)
            else:
                self.to_read.append(number)
                read[number] = place

    def with_rows(self, numbers: Sequence[int]) -> "KnownLines":
        """Return them with some of the lines read that were passed over."""
        back = {*numbers}
        each = [*zip(self.numbers, self.places, strict=True)]
        left = [(n, place) for n, place in each if n not in back]
        return replace(
            self,
            numbers=array("I", [n for n, _ in left]),
            places=array("I", [place for _, place in left]),
            to_read=array("I", sorted([*self.to_read, *back])),
            read={**self.read, **{n: place for n, place in each if n in back}},
        )

    def known(self) -> LinesOfFile:
        """Return what is known of the lines tonight."""
        numbers, places = array("I", self.numbers), array("I", self.places)
        numbers.extend(self.read)
        places.extend(self.read.values())
        return LinesOfFile(self.text.groups, bytes(self.marks), numbers, places)

    def book(self) -> Book:
        """Return the lines that are to be read as a book. Raises: NotAlike where one does not stand by itself."""
        rows = self.text.rows(self.to_read)
        if rows is None:
            raise NotAlike
        return Book((_sheet(rows),), guessed=self.text.guessed)

    def marks_of(self, rows: Sequence[Row]) -> list[bytes]:
        """Return the keyed hash of the line of each row."""
        numbers = [row.number for row in rows]
        found = [self.looked_for[(number - 1) * MARK : number * MARK] for number in numbers]
        if all(map(any, found)):
            return found
        return [*map(self.mark, self.text.lines(numbers))]

    def known_of(self, rows: Sequence[Row]) -> list[int | None]:
        """Return which known row each is of those that are read."""
        return [self.read.get(row.number) for row in rows]

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
