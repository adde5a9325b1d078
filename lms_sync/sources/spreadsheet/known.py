"""The rows of one table are read; those that were read before are told apart, and may be passed over."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat

from lms_sync.model.evidence import Item
from lms_sync.model.known_rows import Stated
from lms_sync.model.row_memory import RowMemory
from lms_sync.sources.pull import READER_RULES
from lms_sync.sources.spreadsheet.denying_lines import DenyingLines, says_nothing_of_attendance
from lms_sync.sources.spreadsheet.each_row import read_each, read_items, skip_reason
from lms_sync.sources.spreadsheet.file_parts import FileParts, Passed
from lms_sync.sources.spreadsheet.items import RowReader, items_of
from lms_sync.sources.spreadsheet.known_cells import KnownCells, remembered
from lms_sync.sources.spreadsheet.known_lines import KnownLines, NotAlike
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.privacy import Clean, Cleaning, Sweep
from lms_sync.sources.spreadsheet.quick_row import QuickColumns, QuickRow
from lms_sync.sources.spreadsheet.quick_rows import QuickRows
from lms_sync.tables.cells import Rewritten, Row

AT_ONCE = 2_000
"""Rows that are read at once; the cells of those before are let go."""


def may_be_known(layout: Layout) -> bool:
    """Tell whether each row of a layout's sheets says of a record what it is: not so where lines above tell more.

    Of a matrix each cell does, unless a line above its row says otherwise.
    """
    if layout.matrix is not None or says_nothing_of_attendance(layout):
        return False
    return all(rule.where != "title" for rule in layout.told)


def rests_on(reader: RowReader, cleaning: Cleaning) -> object:
    """Return all that the reading of each row of a table rests on besides its cells."""
    table, form = reader.table, reader.form
    columns = tuple(sorted(table.columns.items()))
    forbidden = tuple(column.column for column in cleaning.forbidden)
    stated = tuple(sorted(reader.stated.items()))
    by = (READER_RULES, form.layout.rules, form.zones, table.from_1904)
    return by, table.sheet, table.headings, table.header_rows, columns, forbidden, stated


def read_table(
    reader: RowReader,
    cleaning: Cleaning,
    rows: deque[Row],
    memory: RowMemory | None,
    into: FileParts,
    lines: KnownLines | None = None,
) -> Clean:
    """Put what stands in a table's rows `into` what stands in its file; return what must never be kept of it.

    `reader` has the headings that may be kept. Rows of which no titles tell are taken out of `rows` as they are read.
    `lines` are those of a csv file whose other lines are `rows`.

    Raises: NotAlike where the `rows` do not tell what the `lines` are like, or a line above tells about some.
    """
    by_row = may_be_known(reader.layout)
    if by_row and DenyingLines(reader.layout, reader.table, reader.courses).stand_in(rows):
        if lines:
            raise NotAlike  # what was passed over may stand below such a line
        by_row = False
    if not by_row:
        clean = cleaning.clean(rows)
        clean_reader = replace(reader, table=clean.table)
        if memory is None or reader.layout.matrix is None:
            into.others.extend(read_items(clean_reader))
        else:
            known = KnownCells(memory.marks(rests_on(reader, cleaning)), memory.rows.places.get, clean.dropped)
            into.others.extend(read_each(clean_reader, known.of))
        return clean
    read = _Rows.of(reader, cleaning, memory, into, lines)
    if lines:
        lines.check(rests_on(reader, cleaning), cleaning, read.careful.sweep, rows)
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
            yield remembered(item, mark) if mark else item

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
    marks_of: Callable[[Sequence[Row]], list[bytes]] | None
    """Gives the keyed hash of each row."""
    known_of: Callable[[Sequence[Row], Sequence[bytes]], list[int | None]]
    """Gives which of the known rows each is, by the row or its hash."""
    record: Callable[[str], str] = str
    """Gives a record by its key."""
    _stated: dict[tuple[int, int], Stated] = field(default_factory=dict)
    """What the rows say of whom that have the same parts; these stay as long as the rows do."""

    @classmethod
    def of(
        cls,
        reader: RowReader,
        cleaning: Cleaning,
        memory: RowMemory | None,
        into: FileParts,
        lines: KnownLines | None,
    ) -> "_Rows":
        """Return what reads the rows of a table."""
        careful = _WithCare(reader, cleaning.sweep())
        quick = QuickRows.of(reader, cleaning, has_plain=memory is not None)
        if memory is None:
            return cls(careful, quick, into, None, None, lambda rows, _: [None] * len(rows))
        record = memory.records_by_key()
        if lines:
            return cls(careful, quick, into, memory, lines.marks_of, lambda rows, _: lines.known_of(rows), record)
        marks_of, place_of = _by_cells(memory, rests_on(reader, cleaning)), memory.rows.places.get
        return cls(careful, quick, into, memory, marks_of, lambda _, marks: [*map(place_of, marks)], record)

    def take(self, rows: Sequence[Row]) -> None:
        """Read some rows: known ones are passed over."""
        types = [tuple(map(type, row.cells)) for row in rows]
        marks = self._marks(rows, types)
        known = self.known_of(rows, marks)
        new = [n for n, place in enumerate(known) if place is None]
        with_remark = [new[n] for n in self.careful.reader.remarks.among(rows[n] for n in new)]
        if with_remark:
            new = [n for n in new if n not in {*with_remark}]
        quick = self.quick.read([types[n] for n in new], [rows[n] for n in new])
        others = {new[n]: row for n, row in quick.others.items()} | dict.fromkeys(with_remark)
        into, kept, end = self.into, [*rows], 0
        for n in [n for n, place in enumerate(known) if place is not None or n in others]:
            self._keep_marks(marks[end:n])
            end = n + 1
            place, row = known[n], others.get(n)
            if place is not None:
                into.others.append(Passed(place, rows[n], self.careful.swept))
            elif row is not None:
                into.others.append(row.item(marks[n]))
            else:
                kept[n] = self.careful.sweep.row(rows[n])
                is_whole = kept[n].number not in self.careful.sweep.rows
                into.others.extend(self.careful.items(kept[n], marks[n] if is_whole else b""))
        self._keep_marks(marks[end:])
        self._keep(quick.plain)
        self.careful.sweep.see(kept)

    def _marks(self, rows: Sequence[Row], types: Sequence[tuple[type, ...]]) -> list[bytes]:
        """Return the keyed hash of each row; empty for one that is to be read each time."""
        if self.marks_of is None:
            return [b""] * len(rows)
        marks = self.marks_of(rows)
        if any(Rewritten in kinds for kinds in set(types)):
            marks = [b"" if Rewritten in kinds else mark for mark, kinds in zip(marks, types, strict=True)]
        return marks

    def _keep_marks(self, marks: Sequence[bytes]) -> None:
        """Keep the hashes of plain rows that stand behind all other rows so far."""
        self.into.places.extend(repeat(len(self.into.others), len(marks)))
        self.into.marks.extend(b"".join(marks))

    def _keep(self, plain: QuickColumns) -> None:
        """Keep plain rows, whose hashes and places are kept already."""
        into, stated = self.into, self._stated.get
        into.columns.extend(plain)
        into.records.extend(map(self.record, plain.keys()))
        parts = zip(map(id, plain.whose), map(id, plain.rest), strict=True)
        into.stated.extend([stated(pair) or self._state(plain.row(n)) for n, pair in enumerate(parts)])

    def _state(self, row: QuickRow) -> Stated:
        assert self.memory is not None
        stated = self._stated[id(row.whose), id(row.rest)] = self.memory.stated_of(row.whose.says, row.identity)
        return stated


def _by_cells(memory: RowMemory, rests_on: object) -> Callable[[Sequence[Row]], list[bytes]]:
    """Return what makes the keyed hash of each row from its cells."""
    mark = memory.marks(rests_on)
    return lambda rows: [mark(row.cells) for row in rows]
