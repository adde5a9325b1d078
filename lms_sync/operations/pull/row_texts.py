"""The texts of plain rows, as they are hashed and as they are stored; what rows have in common is written once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, repeat
from typing import Any

from lms_sync.model.item_text import Columns, column_written, columns_of
from lms_sync.sources.spreadsheet.quick_row import QuickColumns, QuickRow
from lms_sync.sources.spreadsheet.row_parts import Part

Hide = Callable[[str], str]
"""Gives what is kept of a stranger's words."""
MOST_KEPT = 120_000
"""Stretches of one kind that are kept written out: those of as many learners take up some 100 MB."""


@dataclass(frozen=True, slots=True)
class RowTexts:
    """Writes out the texts of rows whose cells are of the same types.

    What rows have in common is known by the parts that they share: those have to be there as long as this is.
    """

    like: QuickRow
    """One of the rows."""
    stretches: "tuple[tuple[int, _Stretch], ...]"
    """(number of a part, some of its columns), in the order of the text."""
    stated: tuple[tuple[str, str], ...]
    """What the file's name tells, behind all else: as it is hashed, as it is stored."""

    @classmethod
    def of(cls, row: QuickRow, hide: Hide | None = None) -> "RowTexts":
        """Return what writes the texts of rows like this one; of strangers, with `hide`."""
        parts, stretches = row.parts, []
        for number, places in _stretches(row):
            stretches.append((number, _Stretch.of(parts[number].headings[places], places, row, hide)))
        stated = [
            _Stretch.of((heading,), slice(1), row, hide).with_words((words,)) for heading, words in row.table.stated
        ]
        return cls(row, tuple(stretches), tuple(stated))

    def written(self, rows: QuickColumns) -> tuple[list[str], list[str]]:
        """Return the texts of some rows, as they are hashed and as they are stored."""
        number = len(rows.by)
        parts = rows.parts
        columns = [stretch.written(parts[part]) for part, stretch in self.stretches]
        columns += [(repeat(hashed, number), repeat(stored, number)) for hashed, stored in self.stated]
        if not columns:
            return ["()"] * number, ["[]"] * number
        hashed, stored = zip(*columns, strict=True)
        end = ",)" if len(self.like.text) == 1 else ")"  # as Python writes tuples
        return (
            [f"({text}{end}" for text in map(", ".join, zip(*hashed, strict=True))],
            [f"[{text}]" for text in map(", ".join, zip(*stored, strict=True))],
        )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Columns of a part that stand side by side in the texts of rows."""

    places: slice
    """Of these columns among the part's."""
    columns: Columns
    hide: tuple[Hide | None, ...]
    """By column; None where the words are kept."""
    alone: str | None
    """The heading of a single column whose words are kept: to write it is as quick as to look for it; else None."""
    known: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Part → its columns written out."""

    @classmethod
    def of(cls, headings: tuple[str, ...], places: slice, row: QuickRow, hide: Hide | None) -> "_Stretch":
        """Return the stretch of some columns of rows like this one."""
        hidden = tuple([None if heading in row.by.readable else hide for heading in headings])
        alone = None if any(hidden) or len(headings) > 1 else headings[0]
        return cls(places, columns_of(headings), hidden, alone)

    def written(self, parts: Sequence[Part[Any]]) -> tuple[Iterable[str], Iterable[str]]:
        """Return the columns of some parts, as they are hashed and as they are stored."""
        if self.alone is not None:
            return column_written(self.alone, [part.words[self.places.start] for part in parts])
        known = self.known.get
        found = [known(id(part)) or self._kept(part) for part in parts]
        return [hashed for hashed, _ in found], [stored for _, stored in found]

    def _kept(self, part: Part[Any]) -> tuple[str, str]:
        found = self.with_words(part.words[self.places])
        if len(self.known) < MOST_KEPT:
            self.known[id(part)] = found
        return found

    def with_words(self, words: tuple[str, ...]) -> tuple[str, str]:
        """Return the columns with these words."""
        return self.columns.written(
            tuple([hide(text) if hide else text for hide, text in zip(self.hide, words, strict=True)])
        )


def _stretches(row: QuickRow) -> Iterator[tuple[int, slice]]:
    """Yield (number of a part, places of some of its columns) in the order of the row's text."""
    columns = [(number, place) for number, part in enumerate(row.parts) for place in range(len(part.words))]
    in_order = enumerate(row.in_text_order(tuple(columns)))
    # Side by side are those whose place among the part's is as far from their place in the text.
    for (number, _), several in groupby(in_order, key=lambda column: (column[1][0], column[0] - column[1][1])):
        places = [place for _, (_, place) in several]
        yield number, slice(places[0], places[-1] + 1)
