"""Plain rows that are new to the evidence → what is stored of each, as a tuple for the driver. Pure.

What is stored is what `stored_items` and `write_plan` would store of the same rows as items.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lms_sync.model.item_text import short_sha256
from lms_sync.operations.pull.changes import ItemOutcome
from lms_sync.operations.pull.readable import FileName, Ours, hidden_text
from lms_sync.operations.pull.row_texts import MOST_KEPT, RowTexts
from lms_sync.sources.plain_rows import RowsOfFile
from lms_sync.sources.pull import Pull
from lms_sync.sources.spreadsheet.cell_dates import When
from lms_sync.sources.spreadsheet.quick_row import QuickColumns, QuickRow
from lms_sync.sources.spreadsheet.records import Details, Subject
from lms_sync.sources.spreadsheet.row_parts import Part
from lms_sync.store.new_rows import RowsToStore, Shared
from lms_sync.store.origins import SharedOrigin

_ADDED, _NOT_DONE = ItemOutcome.ADDED.value, ItemOutcome.NOT_A_COMPLETION.value
_AT_ONCE = 2_000
"""Rows that are written out together: their texts are long."""
Time = tuple[Any, Any, str]
"""What is stored of when a completion was: day, instant, zone."""


class InCommon(NamedTuple):
    """What is stored of a completion's course and details: rows of a class have it in common."""

    parts: tuple[Any, Any]
    """The parts themselves, so that they stay as long as this."""
    course: tuple[str, str, str, str]
    """Course, its title, unit, its title."""
    rest: tuple[str, None, str | None, str]
    """Status, claim, score, attributes."""


class Place(NamedTuple):
    """Where the rows of a table were read, as it is stored of each."""

    before: str
    """What stands before the cell in a place, as an item's id is made of it."""
    behind: str
    origin: int
    item: str


def rows_to_store(pull: Pull, ours: Ours, names: Mapping[str, FileName], shared: Shared) -> Iterator[RowsToStore]:
    """Yield what is stored of a pull's plain rows, some at a time; `names` are of its files, as they are kept."""
    writer = _Writer(ours, shared)
    for file in pull.files:
        # By record, as the table of completions is in order: quicker.
        for rows in file.plain.by_record(_AT_ONCE):
            yield writer.written(rows, names[file.name])


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes out what rows share once; it lives as long as one pull is stored."""

    ours: Ours
    shared: Shared
    texts: dict[tuple[int, bool], RowTexts] = field(default_factory=dict)
    """(`RowForm` of rows, whether they are in the clear) → what writes out their texts."""
    known: dict[tuple[int, int], InCommon] = field(default_factory=dict)
    times: dict[int, Time] = field(default_factory=dict)
    """A part that tells when → what is stored of it."""

    def written(self, rows: RowsOfFile, name: FileName) -> RowsToStore:
        """Return what is stored of some rows of a file."""
        ours = self.ours.learners
        in_clear = [who.learner in ours for who in rows.stated]
        forms = [*zip(map(id, rows.columns.by), in_clear, rows.done, strict=True)]
        found = RowsToStore([], [])
        for form in dict.fromkeys(forms):
            alike = forms.count(form) == len(forms)  # as nearly always
            several = rows if alike else rows.at([n for n, other in enumerate(forms) if other == form])
            self._add(found, several, form, name)
        return found

    def _add(self, to: RowsToStore, rows: RowsOfFile, form: tuple[int, bool, int], name: FileName) -> None:
        """Add what is stored of rows of one form: done rows, or others, of one kind of learners."""
        columns: QuickColumns = rows.columns
        by, in_clear, done = form
        hashed, stored = self._texts((by, in_clear), columns.row(0)).written(columns)
        of_records = [f"{record!r}, {text}" for record, text in zip(rows.records, hashed, strict=True)]
        text_hashes = [short_sha256(f"({of_record})") for of_record in of_records]  # item_text.text_hash
        if not done and (kept := self.shared.kept(text_hashes, _NOT_DONE)):
            if left := [n for n, text in enumerate(text_hashes) if text not in kept]:
                self._add(to, rows.at(left), form, name)
            return
        place, cells = self._place(columns.row(0), name), [f"A{number}" for number in columns.number]
        begin, behind = f"({place.before}", f"{place.behind}, "
        at = zip(cells, of_records, strict=True)
        ids = [short_sha256(f"{begin}{cell}{behind}{of_record})") for cell, of_record in at]
        number = len(ids)
        read = rows.records, [_ADDED if done else _NOT_DONE] * number, stored, text_hashes
        where = [place.origin] * number, cells, [place.item] * number
        to.items.extend(zip(ids, *read, *where, strict=True))
        if done:
            to.completions.extend(zip(*self._completions(rows), ids, *where, strict=True))

    def _completions(self, rows: RowsOfFile) -> Iterator[Sequence[Any]]:
        """Yield the columns of what is stored of the rows' completions, up to where their items are told."""
        columns, known, times = rows.columns, self.known, self.times
        alike = [
            known.get((id(about), id(rest))) or self._in_common(about, rest)
            for about, rest in zip(columns.about, columns.rest, strict=True)
        ]
        yield rows.records
        yield [who.learner for who in rows.stated]
        yield from zip(*[common.course for common in alike], strict=True)
        yield from zip(*[times.get(id(part)) or self._time(part) for part in columns.on], strict=True)
        yield from zip(*[common.rest for common in alike], strict=True)

    def _texts(self, form: tuple[int, bool], row: QuickRow) -> RowTexts:
        """Return what writes out the texts of rows like one of a form."""
        found = self.texts.get(form)
        if found is None:
            _, in_clear = form
            found = self.texts[form] = RowTexts.of(row, None if in_clear else self._hidden)
        return found

    def _hidden(self, words: str) -> str:
        return hidden_text(words, self.ours.pseudonyms)

    def _in_common(self, about: Part[Subject], rest: Part[Details]) -> InCommon:
        subject, details = about.says, rest.says
        score = None if details.score is None else str(details.score)
        course = (subject.course, subject.course_title, subject.unit, subject.unit_title)
        last = (subject.status, None, score, json.dumps(dict(details.attributes)))
        found = self.known[id(about), id(rest)] = InCommon((about, rest), course, last)
        return found

    def _time(self, part: Part[When]) -> Time:
        when = part.says
        found = self.shared.day(when.day), self.shared.instant(when.instant), when.zone
        if len(self.times) < MOST_KEPT:  # else of a million rows a million
            self.times[id(part)] = found
        return found

    def _place(self, row: QuickRow, name: FileName) -> Place:
        """Return where the rows of a row's table were read; `name` is of their file."""
        origin, sheet = row.table.reader.origin, row.table.reader.table.sheet
        file = name.origin if origin.file and not name.named else origin.file
        before, behind = f"({origin.sha256!r}, {sheet!r}, '", f"', {origin.url!r}, {origin.item!r})"
        shared = SharedOrigin(file, origin.sha256, sheet, origin.url)
        return Place(before, behind, self.shared.origin(shared), origin.item)
