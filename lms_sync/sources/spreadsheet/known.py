"""Rows that were read before are passed over; what else is said of them tonight decides whether that may be so.

A row is passed over only while everything that speaks of its record, and every row of its learner, says what it said
before. All others are read as if for the first time.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lms_sync.model.evidence import Completion, Item
from lms_sync.model.known_rows import KnownRow, RowMemory, Stated, stated_by
from lms_sync.sources.plain_rows import NONE, PlainRow, RowsOfFile
from lms_sync.sources.pull import READER_RULES, FileRead
from lms_sync.sources.spreadsheet.items import RowReader, items_of, read_items, skip_reason
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.privacy import Clean, Cleaning
from lms_sync.sources.spreadsheet.quick_rows import QuickRow, QuickRows
from lms_sync.tables.cells import Rewritten, Row


class Passed(NamedTuple):
    """A row that was read before."""

    known: KnownRow
    row: Row
    mark: bytes
    """The row's keyed hash."""
    read: Callable[[Row, bytes], Iterable[Item]]
    """Reads it all the same."""


Part = Item | Passed | PlainRow[QuickRow]
"""What stands in a file, in its order."""


@dataclass(frozen=True, slots=True)
class RowMarks:
    """The keyed hashes of a table's rows, and which of them are known; both in the order of its rows."""

    of_rows: Sequence[bytes]
    """Empty for a row that is to be read each time."""
    known: Sequence[KnownRow | None]


def may_be_known(layout: Layout) -> bool:
    """Tell whether the rows of a layout's sheets say each of one record what it is: not so where titles tell more."""
    return layout.matrix is None and all(rule.where != "title" for rule in layout.told)


def marks_of(reader: RowReader, cleaning: Cleaning, memory: RowMemory) -> RowMarks:
    """Return the hashes of a table's rows, made of their cells and of all else that their reading rests on."""
    table, form = reader.table, reader.form
    columns = tuple(sorted(table.columns.items()))
    forbidden = tuple(column.column for column in cleaning.forbidden)
    stated = tuple(sorted(reader.stated.items()))
    by = (READER_RULES, form.layout.hash, form.zones, table.from_1904)
    marked = memory.marks((by, table.sheet, table.headings, table.header_rows, columns, forbidden, stated))
    marks = [b"" if Rewritten in map(type, row.cells) else marked(row.cells) for row in table.rows]
    return RowMarks(marks, [*map(memory.rows.get, marks)])


def parts_of(reader: RowReader, cleaning: Cleaning, memory: RowMemory | None) -> tuple[Clean, Iterator[Part]]:
    """Return a table without what must never be kept, and what stands in it: known rows, and the items of all others.

    `reader` has the table as it came, with the headings that may be kept; items are read as they are asked for.
    """
    if not may_be_known(reader.layout):
        clean = cleaning.clean()
        return clean, read_items(replace(reader, table=clean.table))
    rows = reader.table.rows
    marks = marks_of(reader, cleaning, memory) if memory else RowMarks([b""] * len(rows), [None] * len(rows))
    quick = _quick_rows(reader, cleaning, marks)
    clean = cleaning.clean([known or found for known, found in zip(marks.known, quick, strict=True)])
    return clean, _parts(replace(reader, table=clean.table), clean, marks, _Read(quick, memory))


def _quick_rows(reader: RowReader, cleaning: Cleaning, marks: RowMarks) -> list[QuickRow | None]:
    """Return each row that is not known and of the usual kind, in the order of the table's rows."""
    read = QuickRows.of(reader, cleaning).read
    several = zip(reader.table.rows, marks.of_rows, marks.known, strict=True)
    return [None if known else read(row, mark) for row, mark, known in several]


@dataclass(frozen=True, slots=True)
class _Read:
    """The rows of a table that were read as those of the usual kind."""

    rows: Sequence[QuickRow | None]
    """In the order of the table's rows; None for all others."""
    memory: RowMemory | None
    """None where each row is to become an item."""
    _stated: dict[tuple[int, int], tuple[QuickRow, Stated | None]] = field(default_factory=dict)
    """What the rows say of whom that have the same parts; with one of these rows, so that the parts stay."""

    def part(self, row: QuickRow) -> Part:
        """Return what stands in a row: itself where it is plain, else its item."""
        memory = self.memory
        if memory is None or not row.table.is_plain(row):
            return row.item()
        key = id(row.whose), id(row.rest)
        if key not in self._stated:
            self._stated[key] = row, memory.stated(row.item())
        stated = self._stated[key][1]
        return row.item() if stated is None else PlainRow(memory.record(row.key), stated, row)


def _parts(reader: RowReader, clean: Clean, marks: RowMarks, read: _Read) -> Iterator[Part]:
    def read_anew(row: Row, mark: bytes) -> Iterator[Item]:
        return _marked(clean.sweep(row), reader, mark)

    for row, mark, known, quick in zip(reader.table.rows, marks.of_rows, marks.known, read.rows, strict=True):
        if known:
            yield Passed(known, row, mark, read_anew)
        elif quick:
            yield read.part(quick)
        elif row.number in clean.dropped:
            yield from items_of(row, reader, skip_reason(row, reader))
        else:
            yield from _marked(row, reader, mark)


def _marked(row: Row, reader: RowReader, mark: bytes) -> Iterator[Item]:
    """Give the items of a row with its hash, those left out that are to be read each time."""
    for item in items_of(row, reader, skip_reason(row, reader)):
        yield _with(item, mark) if mark and isinstance(item.reading, Completion) and not item.former else item


def _with(item: Item, mark: bytes) -> Item:
    return Item(item.origin, item.text, item.reading, item.identifying, item.readable, item.former, mark)


def settled(files: Sequence[tuple[FileRead, Sequence[Part]]], memory: RowMemory | None) -> tuple[FileRead, ...]:
    """Return the files with their items; rows are passed over of which nothing else of tonight speaks."""
    concerned = _Concerned.of([part for _, parts in files for part in parts], memory) if memory else NOTHING
    return tuple(_settled(file, parts, concerned) if parts else file for file, parts in files)


def _settled(file: FileRead, parts: Sequence[Part], concerned: "_Concerned") -> FileRead:
    items: list[Item] = []
    known: list[KnownRow] = []
    plain: list[PlainRow[QuickRow]] = []
    places = array("I")
    for part in parts:
        if isinstance(part, PlainRow):
            plain.append(part)
            places.append(len(items))
        elif isinstance(part, Item):
            items.append(part)
        elif concerned.has(part.known):
            items.extend(part.read(part.row, part.mark))
        else:
            known.append(part.known)
    rows = RowsOfFile(plain, places) if plain else NONE
    return replace(file, items=tuple(items), known=tuple(known), plain=rows)


@dataclass(frozen=True, slots=True)
class _Concerned:
    """Tells of which rows something else of tonight speaks."""

    records: AbstractSet[str]
    """Those of items that were read, and those that several rows speak of."""
    learners: frozenset[str]
    """Those of whom tonight's rows do not all say what is stored."""

    @classmethod
    def of(cls, parts: Sequence[Part], memory: RowMemory) -> "_Concerned":
        known = [part.known for part in parts if isinstance(part, Passed)]
        if not known:
            return NOTHING
        items = [part for part in parts if isinstance(part, Item)]
        several = (record for record, number in Counter(row.record for row in known).items() if number > 1)
        plain = [part for part in parts if isinstance(part, PlainRow)]
        read = {record for item in items for record in memory.records(item)}.union(row.record for row in plain)
        stated = stated_by(known) | stated_by(plain)
        stated |= {found for item in items if (found := memory.stated(item)) is not None}
        changed = (who.learner for who in stated if memory.current.get(who.learner) != who.who)
        return cls(read.union(several), frozenset(changed))

    def has(self, row: KnownRow) -> bool:
        """Tell whether something else of tonight speaks of a row's record, or of its learner otherwise."""
        return row.record in self.records or row.stated.learner in self.learners


NOTHING = _Concerned(frozenset(), frozenset())
