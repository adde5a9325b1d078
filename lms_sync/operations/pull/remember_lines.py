"""Which lines of csv files are known together by the next night: in groups, as they stand in the files. Pure."""

from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_uppercase

from lms_sync.model.known_rows import NO_ROW, KnownRow, KnownRows, LinesOfFile
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.store.known_rows import GroupsKept, PackedRows


@dataclass(frozen=True, slots=True)
class RowsBefore:
    """Where the rows that were known tonight stand among those that are kept."""

    number: int
    """How many of them are kept: all others come behind."""
    places: Sequence[int] | None
    """Where each stands, or `NO_ROW`; None where each stays in its place."""

    @classmethod
    def of(cls, before: PackedRows | None, known: Sequence[int]) -> "RowsBefore":
        """Return it of rows that are kept as they were `before`; else of those still `known`, in their new order."""
        if before is not None:
            return cls(before.number, None)
        places = array("I", [NO_ROW]) * (max(known, default=-1) + 1)
        for new, old in enumerate(known):
            places[old] = new
        return cls(len(known), places)

    def now(self, places: Sequence[int]) -> Sequence[int]:
        """Return where rows stand that were at some places, or `NO_ROW`."""
        new = self.places
        if new is None:
            return places
        return [new[place] if place < len(new) else NO_ROW for place in places]


def kept_groups(
    pull: Pull, rows: KnownRows, before: RowsBefore, new: Collection[KnownRow], *, whole: bool
) -> list[GroupsKept]:
    """Return the groups of lines of tonight's files, and those of other files where not the `whole` source was read.

    Behind the known `rows` that are kept come the plain rows of each file, and behind these the `new` ones.
    """
    begin = before.number
    by_mark = {row.row: place for place, row in enumerate(new, begin + sum(len(file.plain) for file in pull.files))}
    found: list[GroupsKept] = []
    for file in pull.files:
        if file.lines is not None:
            lines = _rows_of_lines(file, file.lines, before, by_mark, begin)
            counts = [end - start for start, end in pairwise(file.lines.groups)]
            found.append(GroupsKept(file.lines.marks, counts, lines))
        begin += len(file.plain)
    return found if whole else [*_others(rows, before, found), *found]


def _rows_of_lines(
    file: FileRead, lines: LinesOfFile, before: RowsBefore, by_mark: dict[bytes, int], begin: int
) -> Sequence[int]:
    """Return which row each line of a file is; its plain rows `begin` at a place."""
    found = array("I", [NO_ROW]) * (lines.groups[-1] + 1)
    for number, place in zip(lines.numbers, before.now(lines.places), strict=True):
        found[number] = place
    for item in file.items:
        if item.row:
            found[int(item.origin.cell.lstrip(ascii_uppercase))] = by_mark.get(item.row, NO_ROW)
    for place, number in enumerate(file.plain.columns.number if file.plain else (), begin):
        found[number] = place
    return found[1:]


def _others(rows: KnownRows, before: RowsBefore, found: Sequence[GroupsKept]) -> Iterator[GroupsKept]:
    """Yield the groups of files that were not read tonight: their rows are all kept, and in no group of tonight.

    A file that has changed leaves its former groups behind; they would be more each night.
    """
    here = {place for several in found for place in several.places}
    for mark, places in rows.groups.items():
        now = [*before.now(places)]
        kept = {*now} - {NO_ROW}
        if kept and here.isdisjoint(kept) and now.count(NO_ROW) == [*places].count(NO_ROW):
            yield GroupsKept(mark, [len(places)], now)
