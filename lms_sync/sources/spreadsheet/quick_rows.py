"""Rows of the usual kind, each put together from parts that were read before; others are left to `items.py`. Pure.

What comes out is what `items.py` would make of the same row, or nothing: a cell that is refused, masked or dropped, a
line that may be passed over, a word that says more than done or not done, all of these take the careful way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from itertools import chain
from operator import itemgetter
from types import NoneType
from typing import Any, NamedTuple, TypeVar

from lms_sync.model.evidence import Item, Learner, NotDone, Reading
from lms_sync.model.finding import Origin
from lms_sync.sources.fit_items import LONGEST_NAME
from lms_sync.sources.spreadsheet.cell_dates import When
from lms_sync.sources.spreadsheet.forbidden import plain_texts
from lms_sync.sources.spreadsheet.items import RowReader, headings_among, stated_text
from lms_sync.sources.spreadsheet.privacy import Cleaning
from lms_sync.sources.spreadsheet.records import (
    SEPARATOR,
    Details,
    RecordRead,
    Subject,
    claim_of,
    completion_of,
    state_on,
)
from lms_sync.sources.spreadsheet.row_parts import (
    ABOUT,
    BESIDE,
    MOST_KEPT,
    ON,
    REST,
    WHOSE,
    Part,
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
    columns: int
    """How many its text has."""


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
    in_plain_file: bool
    """Whether the names of file and sheet, and what the file's name tells, are kept as they are."""
    _forms: dict[Types, RowForm | None] = field(default_factory=dict)
    _leads: dict[str, int] = field(default_factory=dict)
    _parts: dict[tuple[frozenset[str], Sequence[int], Types], PartReader[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, reader: RowReader, cleaning: Cleaning) -> "QuickRows":
        """Return what reads a table of rows into which no titles tell; it keeps none of these rows."""
        has_status = "status" in {*reader.table.columns, *reader.stated, *reader.layout.constants}
        reader = replace(reader, table=replace(reader.table, rows=()))
        cleaning = replace(cleaning, table=replace(cleaning.table, rows=()))
        reasons, stated = Reasons(reader), stated_text(reader)
        file = reader.origin
        names = (file.file, reader.table.sheet, file.url, file.item)
        plain = max(map(len, names)) <= LONGEST_NAME and plain_texts((*names, *chain.from_iterable(stated)))
        return cls(reader, cleaning, reasons, reasons.every, stated, has_status, plain)

    def read(self, row: Row, mark: bytes = b"") -> "QuickRow | None":
        """Return what a row of the usual kind says; None to have it read with care. `mark` is the row's hash."""
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
        beside = []
        for column in by.beside:
            part = column.part(cells)
            if part is None:
                return None
            beside.append(part)
            bits, lead = bits | part.item_if, min(lead, part.lead)
        if bits | self._lead_bits(lead[1]) != self.item_bits or self._says_more(about.says, on.says):
            return None
        return QuickRow(self, by, row.number, whose, about, rest, on, tuple(beside), mark)

    def _says_more(self, subject: Subject, when: When | None) -> bool:
        """Tell whether a row says what is seldom said: then it is read with care."""
        form = self.reader.form
        state = state_on(when, subject, form, has_status=self.has_status)
        if state == "not done":
            return False
        return state not in ("done", "claim") or (when is None and "completed_on" in form.layout.key)

    def is_plain(self, row: "QuickRow") -> bool:
        """Tell whether a row states a completion, no claim, of which nothing has to be fitted or masked."""
        if not (row.mark and row.on.says and row.about.says.state == "done" and self.in_plain_file):
            return False
        if not (row.whose.plain and row.about.plain and row.rest.plain and row.on.plain):
            return False
        if not all(part.plain for part in row.beside):
            return False
        form = self.reader.form
        return not form.layout.needs or claim_of(row.found(""), form) is None

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
            len(names),
        )

    def _part(self, columns: Sequence[int], types: Types, kind: PartKind[T]) -> PartReader[T]:
        """Return what reads a part: one for all rows in which its cells are of the same types."""
        key = (kind.roles, tuple(columns), tuple(types[column] for column in columns))
        if key not in self._parts:
            how = day_reader if kind is ON else partial(part_reader, kind=kind)
            self._parts[key] = how(self.reader, self.cleaning, columns)
        return self._parts[key]


class QuickRow(NamedTuple):
    """A row of the usual kind, not put together yet."""

    table: QuickRows
    by: RowForm
    number: int
    """As the spreadsheet shows it."""
    whose: Part[Learner]
    about: Part[Subject]
    rest: Part[Details]
    on: Part[When | None]
    beside: tuple[Part[None], ...]
    mark: bytes
    """The row's keyed hash; empty for a row that is to be read each time."""

    @property
    def parts(self) -> tuple[Part[Any], ...]:
        """Return all that it is made of."""
        return (self.whose, self.about, self.rest, self.on, *self.beside)

    @property
    def key(self) -> str:
        """Return the record's key."""
        parts = self.whose.key + self.about.key + self.rest.key + self.on.key
        return SEPARATOR.join(self.by.key_order(parts) if self.by.key_order else parts)

    @property
    def origin(self) -> Origin:
        """Return where it stands."""
        file = self.table.reader.origin
        sheet = self.table.reader.table.sheet
        return Origin(file.file, file.sha256, sheet, f"A{self.number}", file.url, file.item)

    def found(self, record: str) -> RecordRead:
        """Return what it says of a record."""
        return RecordRead(record, self.whose.says, self.about.says, self.rest.says, self.on.says)

    def in_text_order(self, pairs: tuple[T, ...]) -> tuple[T, ...]:
        """Return what stands for the cells of its parts, one part behind the other, in the order of the text."""
        in_order: tuple[T, ...] = self.by.text_order(pairs) if self.by.text_order else pairs
        return in_order

    def item(self) -> Item:
        """Return it put together."""
        by, origin, form = self.by, self.origin, self.table.reader.form
        text = self.in_text_order(tuple(chain.from_iterable([part.pairs for part in self.parts]))) + self.table.stated
        found = self.found(self.key)
        state = state_on(found.when, found.subject, form, has_status=self.table.has_status)
        if state == "not done":
            reading: Reading = NotDone(form.source, found.record, found.learner, found.subject.status)
            return Item(origin, text, reading, by.identifying, by.readable)
        reading = completion_of(found, origin, form)
        return Item(origin, text, reading, by.identifying, by.readable, (), self.mark)


def _order(places: Sequence[int]) -> Callable[[Any], Any] | None:
    """Return what gives the values at some places of a tuple; None where that is the tuple as it is."""
    return None if [*places] == [*range(len(places))] else itemgetter(*places)
