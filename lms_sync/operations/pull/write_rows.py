"""Plain rows that are new to the evidence → what is stored of each, as a tuple for the driver. Pure.

What is stored is what `stored_items` and `write_plan` would store of the same rows as items.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from lms_sync.model.item_text import pair_json, pair_repr, short_sha256, text_hash
from lms_sync.operations.pull.changes import ItemOutcome
from lms_sync.operations.pull.readable import FileName, Ours, hidden_text
from lms_sync.sources.plain_rows import PlainRow
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.sources.spreadsheet.quick_rows import QuickRow
from lms_sync.sources.spreadsheet.row_parts import Part
from lms_sync.store.new_rows import NewRow

Pairs = tuple[tuple[str, str], ...]


class WrittenCells(NamedTuple):
    """The cells of a part, each written out."""

    part: Any
    """The part itself, so that it stays as long as this."""
    cells: tuple[tuple[str, str], ...]
    """(as it is hashed, as it is stored) of each."""
    hashed: str
    """All of them, with commas between."""
    stored: str


class InCommon(NamedTuple):
    """What is stored of a completion's course and details: rows of a class have it in common."""

    parts: tuple[Any, Any]
    """The parts themselves, so that they stay as long as this."""
    course: tuple[str, str, str, str]
    """Course, its title, unit, its title."""
    rest: tuple[str, None, str | None, str]
    """Status, claim, score, attributes."""


def rows_to_store(pull: Pull, ours: Ours, names: Mapping[str, FileName]) -> Iterator[NewRow]:
    """Yield what is stored of the plain rows of a pull; `names` are of its files, as they are kept."""
    writer = _Writer(ours)
    for file in pull.files:
        if file.plain:
            yield from writer.rows(file, names[file.name])


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes out what rows share once; it lives as long as one pull is stored."""

    ours: Ours
    in_clear: dict[int, WrittenCells] = field(default_factory=dict)
    """By part, of those who may be on the roster."""
    hidden: dict[int, WrittenCells] = field(default_factory=dict)
    """By part, of others."""
    known: dict[tuple[int, int], InCommon] = field(default_factory=dict)

    def rows(self, file: FileRead, name: FileName) -> Iterator[NewRow]:
        """Yield what is stored of a file's rows, by record, as the table of completions is in order: quicker."""
        around: dict[int, tuple[str, str]] = {}
        for plain in sorted(file.plain.rows, key=attrgetter("record")):
            table = plain.row.table
            at = around.get(id(table)) or around.setdefault(id(table), _around(plain.row))
            origin = table.reader.origin
            yield self._row(plain, at, name.origin if origin.file and not name.named else origin.file)

    def _row(self, plain: PlainRow[QuickRow], at: tuple[str, str], file: str) -> NewRow:
        record, learner, row = plain.record, plain.stated.learner, plain.row
        hashed, stored = self._text(row, ours=learner in self.ours.learners)
        cell, origin, sheet = f"A{row.number}", row.table.reader.origin, row.table.reader.table.sheet
        item_id = short_sha256(f"({at[0]}{cell}{at[1]}, {record!r}, {hashed})")
        place = (file, origin.sha256, sheet, cell, origin.url, origin.item)
        when, alike = row.on.says, self._in_common(row)
        assert when is not None  # or it would be no plain row
        completion = (record, learner, *alike.course, *when, *alike.rest, item_id)
        return NewRow(
            (item_id, record, ItemOutcome.ADDED.value, stored, text_hash(record, hashed), *place), completion
        )

    def _text(self, row: QuickRow, *, ours: bool) -> tuple[str, str]:
        """Return a row's text as it is hashed and as it is stored."""
        written = self.in_clear if ours else self.hidden
        of_parts = [written.get(id(part)) or self._write(part, row, ours=ours) for part in row.parts]
        if row.by.text_order is not None:
            of_parts = [_in_order(row, of_parts)]
        if row.table.stated:
            of_parts.append(self._write_pairs(row.table.stated, row, ours=ours))
        hashed = ", ".join([part.hashed for part in of_parts if part.cells])
        stored = ", ".join([part.stored for part in of_parts if part.cells])
        return f"({hashed},)" if row.by.columns == 1 else f"({hashed})", f"[{stored}]"

    def _write(self, part: Part[Any], row: QuickRow, *, ours: bool) -> WrittenCells:
        written = self.in_clear if ours else self.hidden
        written[id(part)] = found = self._write_pairs(part.pairs, row, ours=ours, part=part)
        return found

    def _write_pairs(self, pairs: Pairs, row: QuickRow, *, ours: bool, part: Part[Any] | None = None) -> WrittenCells:
        """Write out (heading, words); of strangers what is kept of them."""
        if not ours:
            readable, pseudonyms = row.by.readable, self.ours.pseudonyms
            pairs = tuple((h, words if h in readable else hidden_text(words, pseudonyms)) for h, words in pairs)
        return _written(tuple([(pair_repr(*pair), pair_json(*pair)) for pair in pairs]), part)

    def _in_common(self, row: QuickRow) -> InCommon:
        key = id(row.about), id(row.rest)
        found = self.known.get(key)
        if found is None:
            subject, details = row.about.says, row.rest.says
            score = None if details.score is None else str(details.score)
            course = (subject.course, subject.course_title, subject.unit, subject.unit_title)
            rest = (subject.status, None, score, json.dumps(dict(details.attributes)))
            found = self.known[key] = InCommon((row.about, row.rest), course, rest)
        return found


def _written(cells: tuple[tuple[str, str], ...], part: Part[Any] | None = None) -> WrittenCells:
    return WrittenCells(part, cells, ", ".join([h for h, _ in cells]), ", ".join([s for _, s in cells]))


def _in_order(row: QuickRow, parts: Sequence[WrittenCells]) -> WrittenCells:
    """Return the cells of a row's parts in the order of its text."""
    return _written(row.in_text_order(tuple(chain.from_iterable([part.cells for part in parts]))))


def _around(row: QuickRow) -> tuple[str, str]:
    """Return what stands before and behind the cell in the place of a table's rows, as an item's id is made of it."""
    origin, sheet = row.table.reader.origin, row.table.reader.table.sheet
    return f"({origin.sha256!r}, {sheet!r}, '", f"', {origin.url!r}, {origin.item!r})"
