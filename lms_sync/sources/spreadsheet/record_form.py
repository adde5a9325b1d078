"""What turns an item's cells into a reading: the layout, prepared for one source, and the cells by role. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from lms_sync.model.finding import Origin
from lms_sync.model.quickly_made import quickly_made
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.spreadsheet.layout import Layout, Role
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.tables.cells import Value, text
from lms_sync.text import fold, plain

State = Literal["done", "not done", "claim", "signed up", "revoked"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RecordForm:
    """What turns cells into readings: the layout, prepared for one source and one file."""

    source: str
    layout: Layout
    zones: Zones
    states: Mapping[str, State]
    """Folded status word → what it means."""
    patterns: tuple[tuple[re.Pattern[str], State], ...] = ()
    """The same for words with `*`."""

    def state_of(self, word: str) -> State | None:
        """Return what a status word means, None for an unknown one."""
        folded = fold(word)
        if folded in self.states:
            return self.states[folded]
        return next((state for pattern, state in self.patterns if pattern.fullmatch(folded)), None)


@quickly_made
@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one item by role, constants among them, and where each stands."""

    values: Mapping[Role, Value]
    columns: Mapping[Role, int]
    """0-based; a constant has none."""
    origin: Origin
    headings: Sequence[str] = ()
    """Of every column of the sheet."""

    def heading(self, role: Role) -> str:
        """Return what the column of a role is called; the role itself where no column tells it."""
        column = self.columns.get(role)
        return role if column is None else self.headings[column]

    def text(self, role: Role) -> str:
        """Return the cell's text with blanks collapsed, an empty string for none."""
        value = self.values.get(role)
        return "" if value is None else plain(text(value))


def form_of(source: str, layout: Layout, zones: Zones) -> RecordForm:
    """Return the layout prepared for reading."""
    words = layout.status
    states: dict[str, State] = {fold(word): "not done" for word in words.not_done}
    states |= {fold(word): "not done" for word in words.failed}
    states |= {fold(word): "revoked" for word in words.revoked}
    states |= {fold(word): "claim" for word in words.claim}
    states |= {fold(word): "signed up" for word in words.signed_up}
    states |= {fold(word): "done" for word in words.done}  # last: `*` is every word that no other list has
    patterns = {word: re.compile(re.escape(word).replace(r"\*", ".*")) for word in states if "*" in word}
    return RecordForm(source, layout, zones, states, tuple((patterns[word], states[word]) for word in patterns))


def read_at(cells: Cells, role: Role, read: Callable[[Value], T]) -> T:
    """Return what `read` makes of a role's cell; a Misread is told at that cell's column."""
    try:
        return read(cells.values.get(role))
    except Misread as misread:
        misread.column = cells.columns.get(role)
        raise
