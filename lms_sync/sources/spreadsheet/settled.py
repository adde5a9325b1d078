"""Rows that were read before are passed over; what else is said of them tonight decides whether that may be so. Pure.

A row is passed over only while everything that speaks of its record, and every row of its learner, says what it said
before. All others are read as if for the first time.
"""

from array import array
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import chain
from operator import lt

from lms_sync.model.evidence import Item
from lms_sync.model.known_rows import NONE_PASSED, KnownRows, RowsPassed, different
from lms_sync.model.row_memory import RowMemory
from lms_sync.sources.plain_rows import NONE, RowsOfFile
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.known import FileParts, Passed


def settled(files: Sequence[tuple[FileRead, FileParts]], memory: RowMemory | None) -> tuple[FileRead, ...]:
    """Return the files with their items; rows are passed over of which nothing else of tonight speaks."""
    rows = memory.rows if memory else KnownRows()
    concerned = _concerned([parts for _, parts in files], memory) if memory else frozenset[int]()
    return tuple(_settled(file, parts, concerned, rows) for file, parts in files)


def _settled(file: FileRead, parts: FileParts, concerned: AbstractSet[int], rows: KnownRows) -> FileRead:
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
    passed = RowsPassed(rows, known) if known else NONE_PASSED
    return replace(file, items=tuple(items), known=passed, plain=plain, lines=parts.lines.all)


def _concerned(files: Sequence[FileParts], memory: RowMemory) -> AbstractSet[int]:
    """Return which known rows something else of tonight speaks of, or of whose learners.

    Something else are items that were read, other rows of the same record, and rows that say of a learner what is not
    stored.
    """
    rows, known = memory.rows, array("I")
    for file in files:
        known.extend([part.known for part in file.others if isinstance(part, Passed)])
        known.extend(file.lines.places)
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
    return found


def _several_times(places: "array[int]") -> set[int]:
    """Return the places that stand there more than once."""
    if all(map(lt, places, places[1:])):  # as they are in a file that has grown
        return set()
    return {place for place, number in Counter(places).items() if number > 1}
