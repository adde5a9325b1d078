"""Plain rows that are new to the evidence → what is stored of each, as a tuple for the driver. Pure.

What is stored is what `stored_items` and `write_plan` would store of the same rows as items.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, repeat
from typing import Any, NamedTuple

from lms_sync.model.item_text import short_sha256
from lms_sync.operations.pull.changes import ItemOutcome
from lms_sync.operations.pull.readable import FileName, Ours, hidden_text
from lms_sync.operations.pull.row_texts import RowTexts
from lms_sync.sources.plain_rows import PlainRow
from lms_sync.sources.pull import Pull
from lms_sync.sources.spreadsheet.quick_row import QuickRow
from lms_sync.store.new_rows import RowsToStore

_ADDED = ItemOutcome.ADDED.value
_AT_ONCE = 2_000
"""Rows that are written out together: their texts are long."""


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
    file: tuple[str, str, str]
    """File, sha256, sheet."""
    answer: tuple[str, str]
    """URL, item."""


def rows_to_store(pull: Pull, ours: Ours, names: Mapping[str, FileName]) -> Iterator[RowsToStore]:
    """Yield what is stored of a pull's plain rows, some at a time; `names` are of its files, as they are kept."""
    writer = _Writer(ours)
    for file in pull.files:
        # By record, as the table of completions is in order: quicker.
        rows = file.plain.by_record()
        while several := [*islice(rows, _AT_ONCE)]:
            yield writer.written(several, names[file.name])


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes out what rows share once; it lives as long as one pull is stored."""

    ours: Ours
    texts: dict[tuple[int, bool], RowTexts] = field(default_factory=dict)
    """(`RowForm` of rows, whether they are in the clear) → what writes out their texts."""
    known: dict[tuple[int, int], InCommon] = field(default_factory=dict)

    def written(self, rows: Iterable[PlainRow], name: FileName) -> RowsToStore:
        """Return what is stored of some rows of a file."""
        alike: dict[tuple[int, bool], list[PlainRow]] = defaultdict(list)
        ours = self.ours.learners
        for plain in rows:
            alike[id(plain.row.by), plain.stated.learner in ours].append(plain)
        found = RowsToStore([], [])
        for (form, in_clear), several in alike.items():
            texts = self.texts.get((form, in_clear))
            if texts is None:
                texts = self.texts[form, in_clear] = RowTexts.of(several[0].row, None if in_clear else self._hidden)
            self._add(found, several, texts.written([plain.row for plain in several]), _place(several[0].row, name))
        return found

    def _hidden(self, words: str) -> str:
        return hidden_text(words, self.ours.pseudonyms)

    def _add(
        self, to: RowsToStore, rows: Sequence[PlainRow], texts: tuple[list[str], list[str]], place: Place
    ) -> None:
        """Add what is stored of rows of one form, by their texts as they are hashed and as they are stored."""
        hashed, stored = texts
        cells = [f"A{plain.row.number}" for plain in rows]
        of_records = [f"{plain.record!r}, {text}" for plain, text in zip(rows, hashed, strict=True)]
        begin, behind = f"({place.before}", f"{place.behind}, "
        at = zip(cells, of_records, strict=True)
        ids = [short_sha256(f"{begin}{cell}{behind}{of_record})") for cell, of_record in at]
        text_hashes = [short_sha256(f"({of_record})") for of_record in of_records]  # item_text.text_hash
        records = [plain.record for plain in rows]
        file, answer = map(repeat, place.file), map(repeat, place.answer)
        to.items.extend(zip(ids, records, repeat(_ADDED), stored, text_hashes, *file, cells, *answer, strict=False))
        to.completions.extend([self._completion(plain, item_id) for plain, item_id in zip(rows, ids, strict=True)])

    def _completion(self, plain: PlainRow, item_id: str) -> tuple[Any, ...]:
        record, stated, _, row = plain
        when, alike = row.on.says, self._in_common(row)
        assert when is not None  # or it would be no plain row
        return (record, stated.learner, *alike.course, *when, *alike.rest, item_id)

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


def _place(row: QuickRow, name: FileName) -> Place:
    """Return where the rows of a row's table were read; `name` is of their file."""
    origin, sheet = row.table.reader.origin, row.table.reader.table.sheet
    file = name.origin if origin.file and not name.named else origin.file
    before, behind = f"({origin.sha256!r}, {sheet!r}, '", f"', {origin.url!r}, {origin.item!r})"
    return Place(before, behind, (file, origin.sha256, sheet), (origin.url, origin.item))
