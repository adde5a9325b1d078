"""Rows that were read before are passed over; what else is said of them tonight decides whether that may be so.

A row is passed over only while everything that speaks of its record, and every row of its learner, says what it said
before. All others are read as if for the first time.
"""

from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import NamedTuple

from lms_sync.model.evidence import Completion, Item
from lms_sync.model.known_rows import KnownRow, RowMemory, Stated, different, stated_by
from lms_sync.sources.plain_rows import NONE, RowsOfFile
from lms_sync.sources.pull import READER_RULES, FileRead
from lms_sync.sources.spreadsheet.items import RowReader, items_of, read_items, skip_reason
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.privacy import Clean, Cleaning, Sweep
from lms_sync.sources.spreadsheet.quick_row import QuickColumns, QuickRow
from lms_sync.sources.spreadsheet.quick_rows import QuickRows
from lms_sync.tables.cells import Rewritten, Row

AT_ONCE = 2_000
"""Rows that are read at once; the cells of those before are let go."""


class Passed(NamedTuple):
    """A row that was read before."""

    known: KnownRow
    row: Row
    read: Callable[[Row, bytes], Iterable[Item]]
    """Reads it all the same, and gives its items its keyed hash."""


@dataclass(frozen=True, slots=True)
class FileParts:
    """What stands in a file, in its order."""

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


def may_be_known(layout: Layout) -> bool:
    """Tell whether the rows of a layout's sheets say each of one record what it is: not so where titles tell more."""
    return layout.matrix is None and all(rule.where != "title" for rule in layout.told)


def marking(reader: RowReader, cleaning: Cleaning, memory: RowMemory) -> Callable[[object], bytes]:
    """Return what makes the hash of a row of a table: of its cells, and of all else that its reading rests on."""
    table, form = reader.table, reader.form
    columns = tuple(sorted(table.columns.items()))
    forbidden = tuple(column.column for column in cleaning.forbidden)
    stated = tuple(sorted(reader.stated.items()))
    by = (READER_RULES, form.layout.hash, form.zones, table.from_1904)
    return memory.marks((by, table.sheet, table.headings, table.header_rows, columns, forbidden, stated))


def read_table(
    reader: RowReader, cleaning: Cleaning, rows: deque[Row], memory: RowMemory | None, into: FileParts
) -> Clean:
    """Put what stands in a table's rows `into` what stands in its file; return what must never be kept of it.

    `reader` has the headings that may be kept. Rows of which no titles tell are taken out of `rows` as they are read.
    """
    if not may_be_known(reader.layout):
        clean = cleaning.clean(rows)
        into.others.extend(read_items(replace(reader, table=clean.table)))
        return clean
    read = _Rows.of(reader, cleaning, memory, into)
    while rows:
        read.take([rows.popleft() for _ in range(min(AT_ONCE, len(rows)))])
    return read.careful.sweep.clean()


@dataclass(frozen=True, slots=True)
class _WithCare:
    """Reads rows of one table each as a whole."""

    reader: RowReader
    sweep: Sweep

    def items(self, row: Row, mark: bytes) -> Iterator[Item]:
        """Give the items of a row that may be kept, with its hash; those left out that are to be read each time."""
        for item in items_of(row, self.reader, skip_reason(row, self.reader)):
            yield _with(item, mark) if mark and isinstance(item.reading, Completion) and not item.former else item

    def swept(self, row: Row, mark: bytes) -> Iterator[Item]:
        """Give the items of a row as it came."""
        return self.items(self.sweep.row(row), mark)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Reads the rows of one table into which no titles tell."""

    careful: _WithCare
    quick: QuickRows
    into: FileParts
    memory: RowMemory | None
    """None where each row is to become an item."""
    mark: Callable[[object], bytes] | None
    record: Callable[[str], str] = str
    """Gives a record by its key."""
    _stated: dict[tuple[int, int], Stated] = field(default_factory=dict)
    """What the rows say of whom that have the same parts; these stay as long as the rows do."""

    @classmethod
    def of(cls, reader: RowReader, cleaning: Cleaning, memory: RowMemory | None, into: FileParts) -> "_Rows":
        """Return what reads the rows of a table."""
        careful, quick = _WithCare(reader, cleaning.sweep()), QuickRows.of(reader, cleaning)
        if memory is None:
            return cls(careful, quick, into, None, None)
        return cls(careful, quick, into, memory, marking(reader, cleaning, memory), memory.records_by_key())

    def take(self, rows: Sequence[Row]) -> None:
        """Read some rows: known ones are passed over."""
        types = [tuple(map(type, row.cells)) for row in rows]
        marks = self._marks(rows, types)
        known = [*map(self.memory.rows.get, marks)] if self.memory else [None] * len(rows)
        quick = self.quick.read(compress(zip(types, rows, strict=True), [not row for row in known]))
        sweep, items, read_anew = self.careful.sweep, self.careful.items, self.careful.swept
        others, places, plain, seen = self.into.others, self.into.places, list[QuickRow](), list[Row]()
        for row, mark, before in zip(rows, marks, known, strict=True):
            if before:
                others.append(Passed(before, row, read_anew))
            elif (found := next(quick)) is None:
                row = sweep.row(row)
                others.extend(items(row, b"" if row.number in sweep.rows else mark))
            elif found.is_plain and self.memory:
                plain.append(found)
                places.append(len(others))
                self.into.marks.extend(mark)
            else:
                others.append(found.item(mark))
            seen.append(row)
        sweep.see(seen)
        self._keep(plain)

    def _marks(self, rows: Sequence[Row], types: Sequence[tuple[type, ...]]) -> list[bytes]:
        """Return the keyed hash of each row; empty for one that is to be read each time."""
        if self.mark is None:
            return [b""] * len(rows)
        marks = [self.mark(row.cells) for row in rows]
        if any(Rewritten in kinds for kinds in set(types)):
            marks = [b"" if Rewritten in kinds else mark for mark, kinds in zip(marks, types, strict=True)]
        return marks

    def _keep(self, plain: Sequence[QuickRow]) -> None:
        """Keep plain rows, whose hashes and places are kept already."""
        into, stated = self.into, self._stated
        into.columns.extend(plain)
        into.records.extend(map(self.record, [row.key for row in plain]))
        into.stated.extend([stated.get((id(row.whose), id(row.rest))) or self._state(row) for row in plain])

    def _state(self, row: QuickRow) -> Stated:
        assert self.memory is not None
        stated = self._stated[id(row.whose), id(row.rest)] = self.memory.stated_of(row.whose.says, row.identity)
        return stated


def _with(item: Item, mark: bytes) -> Item:
    return Item(item.origin, item.text, item.reading, item.identifying, item.readable, item.former, mark)


def settled(files: Sequence[tuple[FileRead, FileParts]], memory: RowMemory | None) -> tuple[FileRead, ...]:
    """Return the files with their items; rows are passed over of which nothing else of tonight speaks."""
    concerned = _Concerned.of([parts for _, parts in files], memory) if memory else NOTHING
    return tuple(_settled(file, parts, concerned) for file, parts in files)


def _settled(file: FileRead, parts: FileParts, concerned: "_Concerned") -> FileRead:
    items: list[Item] = []
    known: list[KnownRow] = []
    before = array("I", [0])
    for part in parts.others:
        if isinstance(part, Item):
            items.append(part)
        elif concerned.has(part.known):
            items.extend(part.read(part.row, part.known.row))
        else:
            known.append(part.known)
        before.append(len(items))
    places = array("I", map(before.__getitem__, parts.places))
    plain = RowsOfFile(parts.columns, parts.records, parts.stated, parts.marks, places) if places else NONE
    return replace(file, items=tuple(items), known=tuple(known), plain=plain)


@dataclass(frozen=True, slots=True)
class _Concerned:
    """Tells of which rows something else of tonight speaks."""

    records: AbstractSet[str]
    """Those of items that were read, and those that several rows speak of."""
    learners: frozenset[str]
    """Those of whom tonight's rows do not all say what is stored."""

    @classmethod
    def of(cls, files: Sequence[FileParts], memory: RowMemory) -> "_Concerned":
        others = [part for file in files for part in file.others]
        known = [part.known for part in others if isinstance(part, Passed)]
        if not known:
            return NOTHING
        items = [part for part in others if isinstance(part, Item)]
        several = (record for record, number in Counter(row.record for row in known).items() if number > 1)
        read = {record for item in items for record in memory.records(item)}.union(*[file.records for file in files])
        stated = stated_by(known).union(*[different(file.stated) for file in files])
        stated |= {found for item in items if (found := memory.stated(item)) is not None}
        changed = (who.learner for who in stated if memory.current.get(who.learner) != who.who)
        return cls(read.union(several), frozenset(changed))

    def has(self, row: KnownRow) -> bool:
        """Tell whether something else of tonight speaks of a row's record, or of its learner otherwise."""
        return row.record in self.records or row.stated.learner in self.learners


NOTHING = _Concerned(frozenset(), frozenset())
