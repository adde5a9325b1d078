"""Rows that were read before are passed over; what else is said of them tonight decides whether that may be so. Pure.

A row is passed over only while everything that speaks of its record, and every row of its learner, says what it said
before. All others are read as if for the first time. Where several rows speak of a record, all of them are there.
"""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import lt

from lms_sync.model.evidence import Item
from lms_sync.model.known_rows import NONE_PASSED, KnownRows, RowsPassed, different
from lms_sync.model.row_memory import RowMemory
from lms_sync.sources.plain_rows import NONE, RowsOfFile
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.file_parts import FileParts, Passed


def settled(files: Sequence[tuple[FileRead, FileParts]], memory: RowMemory | None) -> tuple[FileRead, ...]:
    """Return the files with their items; rows are passed over of which nothing else of tonight speaks."""
    rows = memory.rows if memory else KnownRows()
    concerned = _concerned([parts for _, parts in files], memory) if memory else frozenset[int]()
    each_its_own = _OfTheirOwn(rows.twins)
    return tuple(_settled(file, parts, concerned, rows, each_its_own) for file, parts in files)


@dataclass(frozen=True, slots=True)
class _OfTheirOwn:
    """Gives to rows that are alike, and of which one stands for all as they are looked up, a place each."""

    twins: Mapping[int, Sequence[int]]
    taken: set[int] = field(default_factory=set)

    def places(self, of_file: "array[int]") -> "array[int]":
        """Return the places of the rows of a file; where more are alike than are known, one comes several times."""
        return array("I", map(self._place, of_file)) if self.twins else of_file

    def _place(self, place: int) -> int:
        if place not in self.twins:
            return place
        own = next((twin for twin in self.twins[place] if twin not in self.taken), place)
        self.taken.add(own)
        return own


def _settled(
    file: FileRead, parts: FileParts, concerned: AbstractSet[int], rows: KnownRows, each_its_own: _OfTheirOwn
) -> FileRead:
    lines = parts.lines
    each = zip(lines.numbers, lines.places, strict=True) if concerned else ()
    back = [number for number, place in each if place in concerned]
    if back and lines.read_anew:
        file, parts = lines.read_anew(back)
    items: list[Item] = []
    known, before = array("I", parts.lines.places), array("I", [0])
    for part in parts.others:
        if isinstance(part, Item):
            items.append(part)
        elif part.known in concerned:
            items.extend(part.read(part.row, rows.mark(part.known)))
        else:
            known.append(part.known)
        before.append(len(items))
    places = array("I", map(before.__getitem__, parts.places))
    plain = RowsOfFile(parts.columns, parts.records, parts.stated, parts.marks, places) if places else NONE
    passed = RowsPassed(rows, each_its_own.places(known)) if known else NONE_PASSED
    return replace(file, items=tuple(items), known=passed, plain=plain, lines=parts.lines.all)


def _concerned(files: Sequence[FileParts], memory: RowMemory) -> AbstractSet[int]:
    """Return which known rows something else of tonight speaks of, or of whose learners.

    Something else are items that were read, other rows of the same record, and rows that say of a learner what is not
    stored.
    """
    rows, each_its_own = memory.rows, _OfTheirOwn(memory.rows.twins)
    of_files = [each_its_own.places(_passed_over(file)) for file in files]
    known = array("I", chain.from_iterable(of_files))
    if not known:
        return frozenset()
    found = _several_times(known)
    items = [part for file in files for part in file.others if isinstance(part, Item)]
    read = [record for item in items for record in memory.records(item)]
    read.extend(chain.from_iterable([file.records for file in files]))
    if places := rows.records.places(read):
        found.update({*places}.intersection(known))
    stated = RowsPassed(rows, known).stated.union(*[different(file.stated) for file in files])
    stated |= {who for item in items if (who := memory.stated(item)) is not None}
    changed = {who.learner for who in stated if memory.current.get(who.learner) != who.who}
    theirs = {place for place, who in enumerate(rows.stated) if who.learner in changed} if changed else ()
    found.update([place for place in known if rows.says[place] in theirs] if theirs else ())
    return found | _not_together(rows.together, of_files, found)


def _passed_over(file: FileParts) -> "array[int]":
    """Return the places of a file's known rows."""
    known = array("I", [part.known for part in file.others if isinstance(part, Passed)])
    known.extend(file.lines.places)
    return known


def _not_together(
    together: Sequence[frozenset[int]], of_files: Sequence["array[int]"], concerned: AbstractSet[int]
) -> frozenset[int]:
    """Return the rows that speak of records of which not all known rows stand in one file, or one is concerned."""
    if not together:
        return frozenset()
    beside = frozenset().union(*together)
    there = [beside.intersection(places) for places in of_files]
    fit = [places for places in together if any(map(places.issubset, there)) and places.isdisjoint(concerned)]
    return beside.difference(*fit)


def _several_times(places: "array[int]") -> set[int]:
    """Return the places that stand there more than once."""
    if all(map(lt, places, places[1:])):  # as they are in a file that has grown
        return set()
    return {place for place, number in Counter(places).items() if number > 1}
