"""Rows of the usual kind, each put together from parts that were read before; others are left to `items.py`. Pure.

What comes out is what `items.py` would make of the same row, or nothing: a cell that is refused, masked or dropped, a
line that may be passed over, a word that says more than done or not done, all of these take the careful way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from operator import itemgetter
from types import NoneType
from typing import Any, TypeVar

from lms_sync.model.evidence import Item, Learner, NotDone, Reading
from lms_sync.model.finding import Origin
from lms_sync.sources.spreadsheet.cell_dates import When
from lms_sync.sources.spreadsheet.items import RowReader, headings_among, stated_text
from lms_sync.sources.spreadsheet.privacy import Cleaning
from lms_sync.sources.spreadsheet.records import SEPARATOR, Details, RecordRead, Subject, completion_of, state_on
from lms_sync.sources.spreadsheet.row_parts import (
    ABOUT,
    BESIDE,
    MOST_KEPT,
    ON,
    REST,
    WHOSE,
    PartKind,
    PartReader,
    Reasons,
    day_reader,
    part_reader,
)
from lms_sync.tables.cells import Row
from lms_sync.text import fold

T = TypeVar("T")
Types = tuple[type, ...]
USUAL = frozenset((str, int, float, bool, date, datetime, NoneType))
"""Types of cells of which two that are equal say the same: no others, and each apart, since 1 is 1.0 is True."""
MOST_FORMS = 500
"""So many combinations of types are prepared of one table; a sheet in which there are more is read with care."""


@dataclass(frozen=True, slots=True)
class RowForm:
    """How rows are read whose cells are of the same types."""

    whose: PartReader[Learner]
    about: PartReader[Subject]
    rest: PartReader[Details]
    on: PartReader[When | None]
    beside: tuple[PartReader[None], ...]
    """Each column that has no role."""
    key_order: Callable[[Any], Any] | None
    """Puts what the parts give to the key in its order; None where it is so."""
    text_order: Callable[[Any], Any] | None
    """The same of the text."""
    identifying: frozenset[str]
    readable: frozenset[str]
    """As an item has them."""


@dataclass(frozen=True, slots=True)
class QuickRows:
    """Reads the rows of one table."""

    reader: RowReader
    """With the table's headings as they may be kept."""
    cleaning: Cleaning
    reasons: Reasons
    item_bits: int
    """Of a row that is passed over for no reason."""
    stated: tuple[tuple[str, str], ...]
    """What the file's name tells, as it stands in each item's text."""
    has_status: bool
    """Whether anything tells a status."""
    _forms: dict[Types, RowForm | None] = field(default_factory=dict)
    _leads: dict[str, int] = field(default_factory=dict)
    _parts: dict[tuple[frozenset[str], Sequence[int], Types], PartReader[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, reader: RowReader, cleaning: Cleaning) -> "QuickRows":
        """Return what reads a table of rows into which no titles tell."""
        has_status = "status" in {*reader.table.columns, *reader.stated, *reader.layout.constants}
        reasons = Reasons(reader)
        return cls(reader, cleaning, reasons, reasons.every, stated_text(reader), has_status)

    def item(self, row: Row, mark: bytes = b"") -> Item | None:
        """Return the item of a row, with the row's hash where it is a completion; None to have it read with care."""
        cells = row.cells
        types = tuple(map(type, cells))
        by = self._forms[types] if types in self._forms else self._new_form(types)
        if by is None:
            return None
        whose, about = by.whose.part(cells), by.about.part(cells)
        rest, on = by.rest.part(cells), by.on.part(cells)
        if whose is None or about is None or rest is None or on is None:
            return None
        bits = whose.item_if | about.item_if | rest.item_if | on.item_if
        lead = min(whose.lead, about.lead, rest.lead, on.lead)
        text = whose.pairs + about.pairs + rest.pairs + on.pairs
        for column in by.beside:
            part = column.part(cells)
            if part is None:
                return None
            bits, lead, text = bits | part.item_if, min(lead, part.lead), text + part.pairs
        if bits | self._lead_bits(lead[1]) != self.item_bits:
            return None
        key = whose.key + about.key + rest.key + on.key
        record = SEPARATOR.join(by.key_order(key) if by.key_order else key)
        file = self.reader.origin
        origin = Origin(file.file, file.sha256, self.reader.table.sheet, f"A{row.number}", file.url, file.item)
        reading = self._reading(RecordRead(record, whose.says, about.says, rest.says, on.says), origin)
        if reading is None:
            return None
        text = (by.text_order(text) if by.text_order else text) + self.stated
        hashed = b"" if isinstance(reading, NotDone) else mark
        return Item(origin, text, reading, by.identifying, by.readable, (), hashed)

    def _reading(self, found: RecordRead, origin: Origin) -> Reading | None:
        """Return a completion, or that it is not done; None for all that is seldom said."""
        form = self.reader.form
        state = state_on(found.when, found.subject, form, has_status=self.has_status)
        if state == "not done":
            return NotDone(form.source, found.record, found.learner, found.subject.status)
        if state not in ("done", "claim") or (found.when is None and "completed_on" in form.layout.key):
            return None
        return completion_of(found, origin, form)

    def _lead_bits(self, lead: str) -> int:
        """Return the bits of the reasons that a row speaks against by its first cell, worked out once for each."""
        bits = self._leads.get(lead)
        if bits is None:
            bits = self.reasons.against_lead(fold(lead))
            if len(self._leads) < MOST_KEPT:
                self._leads[lead] = bits
        return bits

    def _new_form(self, types: Types) -> RowForm | None:
        if len(self._forms) < MOST_FORMS:
            self._forms[types] = self._prepared(types) if USUAL.issuperset(types) else None
        return self._forms.get(types)

    def _prepared(self, types: Types) -> RowForm:
        """Return how rows of cells of these types are read."""
        reader = self.reader
        filled = [n for n, kind in enumerate(types) if kind is not NoneType and n not in self.cleaning.blanked]
        roles = {column: role for role, column in reader.table.columns.items()}
        kinds = (WHOSE, ABOUT, REST, ON)
        whose, about, rest, on = (
            self._part([n for n in filled if roles.get(n) in kind.roles], types, kind) for kind in kinds
        )
        beside = tuple(self._part([n], types, BESIDE) for n in filled if n not in roles)
        kept = [n for part in (whose, about, rest, on, *beside) for n in part.columns if n in reader.kept]
        keys = [role for kind in kinds for role in reader.layout.key if role in kind.roles]
        names = tuple([reader.table.headings[n] for n in sorted(kept)] + [heading for heading, _ in self.stated])
        return RowForm(
            whose,
            about,
            rest,
            on,
            beside,
            _order([keys.index(role) for role in reader.layout.key]),
            _order(sorted(range(len(kept)), key=kept.__getitem__)),
            headings_among(reader.identifying, names),
            headings_among(reader.readable, names),
        )

    def _part(self, columns: Sequence[int], types: Types, kind: PartKind[T]) -> PartReader[T]:
        """Return what reads a part: one for all rows in which its cells are of the same types."""
        key = (kind.roles, tuple(columns), tuple(types[column] for column in columns))
        if key not in self._parts:
            how = day_reader if kind is ON else partial(part_reader, kind=kind)
            self._parts[key] = how(self.reader, self.cleaning, columns)
        return self._parts[key]


def _order(places: Sequence[int]) -> Callable[[Any], Any] | None:
    """Return what gives the values at some places of a tuple; None where that is the tuple as it is."""
    return None if [*places] == [*range(len(places))] else itemgetter(*places)
