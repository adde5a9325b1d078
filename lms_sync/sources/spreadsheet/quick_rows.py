"""Rows of the usual kind, each put together from parts that were read before; others are left to `items.py`. Pure.

What comes out is what `items.py` would make of the same row, or nothing: a cell that is refused, masked or dropped, a
line that may be passed over, a word that says more than done or not done, all of these take the careful way.
"""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from types import NoneType
from typing import Any, NamedTuple, TypeVar

from lms_sync.model.evidence import Learner
from lms_sync.sources.spreadsheet.cell_dates import When
from lms_sync.sources.spreadsheet.items import RowReader, headings_among, stated_text
from lms_sync.sources.spreadsheet.privacy import Cleaning
from lms_sync.sources.spreadsheet.quick_row import QuickColumns, QuickRead, QuickRow, RowForm, TableForm
from lms_sync.sources.spreadsheet.records import WITHOUT_DAY, Details, Subject, state_on
from lms_sync.sources.spreadsheet.row_parts import (
    ABOUT,
    BESIDE,
    ON,
    REST,
    WHOSE,
    NoDay,
    Part,
    PartKind,
    PartReader,
    Reasons,
    day_reader,
    part_reader,
)
from lms_sync.tables.cells import Row

T = TypeVar("T")
Types = tuple[type, ...]
USUAL = frozenset((str, int, float, bool, date, datetime, NoneType))
"""Types of cells of which two that are equal say the same: no others, and each apart, since 1 is 1.0 is True."""
MOST_FORMS = 500
"""So many combinations of types are prepared of one table; a sheet in which there are more is read with care."""


class RowReaders(NamedTuple):
    """What reads rows whose cells are of the same types."""

    form: RowForm
    whose: PartReader[Learner]
    about: PartReader[Subject]
    rest: PartReader[Details]
    on: PartReader[When | NoDay | None]
    beside: tuple[PartReader[None], ...]
    """Each column that has no role."""

    def columns(self, rows: Sequence[Row]) -> QuickColumns:
        """Return what rows say."""
        cells, number = [row.cells for row in rows], len(rows)
        whose, about = self.whose.parts(cells), self.about.parts(cells)
        rest, on = self.rest.parts(cells), self.on.parts(cells)
        beside: list[tuple[Part[None], ...]] = [()] * number
        if self.beside:
            beside = [*zip(*[reader.parts(cells) for reader in self.beside], strict=True)]
        numbers = array("I", [row.number for row in rows])
        return QuickColumns([self.form] * number, numbers, whose, about, rest, on, beside)


@dataclass(frozen=True, slots=True)
class QuickRows:
    """Reads the rows of one table; it lives as long as they are read."""

    table: TableForm
    cleaning: Cleaning
    reasons: Reasons
    may_be_plain: bool
    """Whether rows of the table may be, and are asked for."""
    _forms: dict[Types, RowReaders | None] = field(default_factory=dict)
    _parts: dict[tuple[frozenset[str], Sequence[int], Types, bool], PartReader[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, reader: RowReader, cleaning: Cleaning, *, has_plain: bool) -> "QuickRows":
        """Return what reads a table of rows into which no titles tell; with `has_plain`, plain ones as such."""
        reasons = Reasons(reader)
        table = TableForm(reader, stated_text(reader), reasons.has_status)
        return cls(table, cleaning, reasons, has_plain and table.is_plain)

    def read(self, types: Sequence[Types], rows: Sequence[Row]) -> QuickRead:
        """Return what rows say; `types` are those of the cells of each."""
        found, end = QuickRead(QuickColumns.empty(), {}), 0
        for kinds, several in groupby(types):
            by = self._forms[kinds] if kinds in self._forms else self._new_form(kinds)
            begin, end = end, end + len([*several])
            others = self._read(by, rows[begin:end], found.plain) if by else dict.fromkeys(range(end - begin))
            found.others.update((begin + n, row) for n, row in others.items())
        return found

    def _read(self, by: RowReaders, rows: Sequence[Row], plain: QuickColumns) -> dict[int, QuickRow | None]:
        """Put `plain` rows behind others, and return what else is among rows whose cells are of the same types."""
        columns = by.columns(rows)
        bits = [0] * len(rows)
        for parts in columns.parts:
            bits = [before | part.bits for before, part in zip(bits, parts, strict=True)]
        others = self._others(bits, columns)
        plain.extend(columns.those([n not in others for n in range(len(rows))]) if others else columns)
        return others

    def _others(self, bits: Sequence[int], columns: QuickColumns) -> dict[int, QuickRow | None]:
        """Return those of some rows that are not plain, as `QuickRead` has them; `bits` are those of their parts."""
        every, last, has_needs = self.reasons.every, self.reasons.in_the_end, bool(self.table.reader.layout.needs)
        plain = self.reasons.plain if self.may_be_plain else frozenset[int]()
        others: dict[int, QuickRow | None] = {}
        for n in [n for n, found in enumerate(bits) if found not in plain or has_needs]:
            row = columns.row(n)
            if bits[n] | last != every | last or self._says_more(row.about.says, row.on.says):
                others[n] = None
            elif bits[n] not in plain or row.is_claim:
                others[n] = row
        return others

    def _says_more(self, subject: Subject, when: When | NoDay | None) -> bool:
        """Tell whether a row says what is seldom said: then it is read with care."""
        form = self.table.reader.form
        if isinstance(when, NoDay):  # it is refused, unless its status makes the day matter to nobody
            return subject.state in WITHOUT_DAY and "completed_on" not in form.layout.key
        state = state_on(when, subject, form, has_status=self.table.has_status)
        if state == "not done":
            return False
        return state not in ("done", "claim") or (when is None and "completed_on" in form.layout.key)

    def _new_form(self, types: Types) -> RowReaders | None:
        if len(self._forms) < MOST_FORMS:
            self._forms[types] = self._prepared(types) if USUAL.issuperset(types) else None
        return self._forms.get(types)

    def _prepared(self, types: Types) -> RowReaders:
        """Return how rows of cells of these types are read."""
        reader = self.table.reader
        filled = [n for n, kind in enumerate(types) if kind is not NoneType and n not in self.cleaning.blanked]
        roles = {column: role for role, column in reader.table.columns.items()}
        kinds = (WHOSE, ABOUT, REST, ON)
        whose, about, rest, on = (
            self._part([n for n in filled if roles.get(n) in kind.roles], types, kind, first=filled[:1])
            for kind in kinds
        )
        beside = tuple(self._part([n], types, BESIDE, first=filled[:1]) for n in filled if n not in roles)
        kept = [n for part in (whose, about, rest, on, *beside) for n in part.columns if n in reader.kept]
        keys = [role for kind in kinds for role in reader.layout.key if role in kind.roles]
        headings = tuple([reader.table.headings[n] for n in sorted(kept)])
        names = (*headings, *[heading for heading, _ in self.table.stated])
        form = RowForm(
            self.table,
            _order([keys.index(role) for role in reader.layout.key]),
            _order(sorted(range(len(kept)), key=kept.__getitem__)),
            headings_among(reader.identifying, names),
            headings_among(reader.readable, names),
            headings,
        )
        return RowReaders(form, whose, about, rest, on, beside)

    def _part(
        self, columns: Sequence[int], types: Types, kind: PartKind[T], *, first: Sequence[int]
    ) -> PartReader[T]:
        """Return what reads a part: one for all rows in which its cells are of the same types."""
        leads = bool(columns) and columns[:1] == first
        key = (kind.roles, tuple(columns), tuple(types[column] for column in columns), leads)
        if key not in self._parts:
            how = day_reader if kind is ON else partial(part_reader, kind=kind)
            self._parts[key] = how(self.table.reader, self.cleaning, columns, leads=leads)
        return self._parts[key]


def _order(places: Sequence[int]) -> Callable[[Any], Any] | None:
    """Return what gives the values at some places of a tuple; None where that is the tuple as it is."""
    return None if [*places] == [*range(len(places))] else itemgetter(*places)
