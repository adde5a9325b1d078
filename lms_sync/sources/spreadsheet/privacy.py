"""A table → the table without what must never be kept: social security numbers and birth dates. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lms_sync.sources.spreadsheet.forbidden import (
    APART,
    BIRTH_HEADING,
    MASK,
    SSN_HEADING,
    is_bare_birth_day,
    is_birth_day,
    is_ssn,
    mask,
    may_be_forbidden,
    without_birth_days,
    without_ssn,
)
from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.layout import WHO, Layout, Role
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.tables.cells import Row, Value, column_letters
from lms_sync.text import fold

SSNS, BIRTHS = "social security numbers", "birth dates"
DAYS: frozenset[Role] = frozenset(("completed_on", "assignment"))
"""Roles that a day may stand for."""
SHORTEST_DAY = 6
"""Signs of the shortest text that is a day."""
DIGITS = re.compile(r"\d.*\d\d", re.DOTALL)
"""What every text of these holds: a digit, and behind it two that stand together."""
SMALLEST = 10_000_000
"""The smallest number that may be a day without signs, or nine digits with zeros before."""
BEFORE_DIGITS = frozenset("0123456789 \t\n\r\f\v\x1c\x1d\x1e\x1f")
"""How ASCII text begins that may, but for blanks, begin with a digit: a look at the others would be wasted."""
ENOUGH_DAYS = 3
"""A column that nobody named, of this many days, all of BIRTH_YEARS, is told to hold birth dates."""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A column that must not be kept, and what it looks like."""

    column: int
    heading: str
    looks_like: str


@dataclass(frozen=True, slots=True)
class Clean:
    """A table without what must never be kept, and what that was."""

    table: Table
    columns: tuple[Forbidden, ...]
    """Columns that are blank now."""
    values: Mapping[str, tuple[int, tuple[int, ...]]]
    """What it looked like → how many values in other columns, and in which; these are blank or masked now."""
    dropped: frozenset[int]
    """The numbers of the rows in which these stood."""
    unnamed: tuple[int, ...]
    """The columns that hold something and that the layout does not name: nothing of them is kept."""

    def headings(self, columns: Iterable[int]) -> tuple[str, ...]:
        """Return the headings of some columns."""
        return tuple(self.table.headings[column] for column in columns)


@dataclass(frozen=True, slots=True)
class _Column:
    """What may stand in one column."""

    role: Role | None
    kept: bool
    """True for those that the layout names, also under `keep`, and for the courses of a matrix."""
    days: bool
    """True where days belong."""
    key: bool
    """True where the record's key needs the value: then a masked one is told apart from a blank one."""

    def clean(self, value: Value) -> tuple[Value, str]:
        """Return a value that may be kept, and what was dropped of it."""
        found, ssns = without_ssn(value, bare=self.kept and self.role is None)
        if ssns:
            return MASK if found is None and self.key else found, SSNS
        if self.kept and self.role is None and not self.days and is_bare_birth_day(value):
            return None, BIRTHS
        if self.kept and not self.days:
            inside = self.role is None or self.role in WHO or self.role == "experienced_officer"
            found, births = without_birth_days(value, inside=inside)
            return found, BIRTHS if births else ""
        return value, ""


def kept_columns(table: Table, layout: Layout) -> frozenset[int]:
    """Return the columns that the layout names: by their role, or under `keep`."""
    keep = {fold(heading) for heading in layout.keep}
    named = (column for column, heading in enumerate(table.headings) if fold(heading) in keep)
    return frozenset((*table.columns.values(), *named))


def without_forbidden(table: Table, layout: Layout, courses: frozenset[int] = frozenset()) -> Clean:
    """Return the table without forbidden columns, and without forbidden values elsewhere.

    `courses` are the columns of a matrix that hold completions: days belong there.

    Raises: Misread when a column that the layout uses is headed as one of these, or a record's key needs it.
    """
    return cleaning_of(table, layout, courses).clean(table.rows)


def cleaning_of(table: Table, layout: Layout, courses: frozenset[int] = frozenset()) -> "Cleaning":
    """Return what takes what is forbidden out of a table. Raises: as `without_forbidden`."""
    used = {column: role for role, column in table.columns.items()}
    kept = kept_columns(table, layout) | courses
    forbidden = tuple(_forbidden_columns(table, layout, kept))
    columns = [
        _Column(
            used.get(column),
            kept=column in kept,
            days=column in courses or used.get(column) in DAYS,
            key=used.get(column) in layout.key,
        )
        for column in range(len(table.headings))
    ]
    return Cleaning(replace(table, rows=()), forbidden, columns)


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is forbidden in a table."""

    table: Table
    """Without its rows."""
    forbidden: tuple[Forbidden, ...]
    columns: Sequence[_Column]

    @property
    def headed(self) -> Table:
        """Return the table, without its rows, with headings that may be kept."""
        return replace(self.table, headings=tuple(map(mask, self.table.headings)))

    @property
    def blanked(self) -> frozenset[int]:
        """Return the columns of which nothing is kept, whatever stands in them."""
        return frozenset(column.column for column in self.forbidden)

    @property
    def has_ssns_unnamed(self) -> bool:
        """Tell whether by its values alone a column is told to hold social security numbers: most of them are."""
        return any(
            found.looks_like == SSNS and _by_heading(fold(self.table.headings[found.column])) != SSNS
            for found in self.forbidden
        )

    def all_may_stay(self, columns: Sequence[int], values: Sequence[Value]) -> bool:
        """Tell whether the values of some columns may be kept as they are."""
        return _hold_nothing(values) or all(map(self.may_stay, columns, values))

    def may_stay(self, column: int, value: Value) -> bool:
        """Tell whether a value of a column that is not blanked may be kept as it is."""
        known = self.columns[column]
        # Where days belong all are suspect, and nothing but social security numbers is looked for.
        return not (known.days or _is_suspect(value)) or not known.clean(value)[1]

    def sweep(self) -> "Sweep":
        """Return what takes it out of one row after the other."""
        return Sweep(self)

    def clean(self, rows: Iterable[Row]) -> Clean:
        """Return the table with its rows, and without it."""
        sweep = self.sweep()
        clean = tuple(map(sweep.row, rows))
        sweep.see(clean)
        return sweep.clean(clean)


class Sweep:
    """Goes from row to row, counts what it drops, and looks for columns that hold something and are not named."""

    def __init__(self, cleaning: Cleaning) -> None:
        self.cleaning = cleaning
        self.columns = cleaning.columns
        self.blanked = cleaning.blanked
        self.found: dict[str, Counter[int]] = {SSNS: Counter(), BIRTHS: Counter()}
        self.rows: set[int] = set()
        """The numbers of the rows in which something was dropped."""
        unnamed = [n for n, column in enumerate(self.columns) if not column.kept and n not in self.blanked]
        self.filled = dict.fromkeys(unnamed, False)
        """Column → whether it holds anything, of those that nobody named."""

    def see(self, rows: Sequence[Row]) -> None:
        """See which columns hold something in rows that may be kept."""
        for column in [column for column, filled in self.filled.items() if not filled]:
            self.filled[column] = any(row.cell(column) is not None for row in rows)

    def clean(self, rows: tuple[Row, ...] = ()) -> Clean:
        """Return the table with such rows, and what was found so far."""
        values = {what: (sum(found.values()), tuple(sorted(found))) for what, found in self.found.items() if found}
        unnamed = tuple(column for column, filled in self.filled.items() if filled)
        table = replace(self.cleaning.headed, rows=rows)
        return Clean(table, self.cleaning.forbidden, values, frozenset(self.rows), unnamed)

    def row(self, row: Row) -> Row:
        """Return a row that may be kept; the row itself where nothing of it goes."""
        if not self.blanked and _hold_nothing([value for value in row.cells if value is not None]):
            return row
        suspects = [column for column, value in enumerate(row.cells) if column in self.blanked or _is_suspect(value)]
        if not suspects:
            return row
        cells = list(row.cells)
        for column in suspects:
            cells[column] = self._cell(column, cells[column], row.number)
        return Row(row.number, tuple(cells))

    def _cell(self, column: int, value: Value, number: int) -> Value:
        if column in self.blanked:
            return None
        clean, what = self.columns[column].clean(value)
        if what:
            self.found[what][column] += 1
            self.rows.add(number)
        return clean


def _hold_nothing(values: Sequence[Value]) -> bool:
    """Tell by one look whether values are texts, and none of them holds any of these."""
    if not all(isinstance(value, str) for value in values):
        return False
    texts = APART.join(map(str, values))
    return texts.isascii() and not may_be_forbidden(texts)


def _is_suspect(value: Value) -> bool:
    """Tell at little cost whether a value may be one of these: long enough, and with enough digits or a day."""
    if isinstance(value, str):
        return len(value) >= SHORTEST_DAY and DIGITS.search(value) is not None
    return (
        value is not None
        and not isinstance(value, bool)
        and (not isinstance(value, float | int) or value >= SMALLEST)
    )


def _forbidden_columns(table: Table, layout: Layout, kept: frozenset[int]) -> Iterable[Forbidden]:
    used = {column: role for role, column in table.columns.items()}
    rows = [row.cells for row in table.rows]
    for column, name in enumerate(table.headings):
        heading = "" if table.is_unnamed(column) else fold(name)
        values = [cells[column] if column < len(cells) else None for cells in rows]
        by_heading = _by_heading(heading)
        looks_like = by_heading or _by_values(values, days=column not in kept)
        if not looks_like:
            continue
        if column not in used:
            yield Forbidden(column, mask(name), looks_like)
        elif by_heading or used[column] in layout.key:
            raise Misread(
                "forbidden-column",
                f"column {column_letters(column)} holds what looks like {looks_like}, and the layout uses it "
                f"for {used[column]}",
                expected="a column that is neither",
                remedy="Ask for an export with another id, and correct the layout; nothing of the file was kept.",
            )


def _by_heading(heading: str) -> str:
    if SSN_HEADING.search(heading):
        return SSNS
    return BIRTHS if BIRTH_HEADING.search(heading) else ""


def _by_values(values: Sequence[Value], *, days: bool) -> str:
    if _most_are_ssns(values):
        return SSNS
    if not days:
        return ""
    filled = [value for value in values if value is not None]
    return BIRTHS if len(filled) >= ENOUGH_DAYS and all(map(is_birth_day, filled)) else ""


def _most_are_ssns(values: Sequence[Value]) -> bool:
    if not any(map(is_ssn, filter(_may_begin_with_digit, set(values)))):
        return False
    filled = [value for value in values if isinstance(value, str) and value and not value.isspace()]
    return sum(map(is_ssn, filled)) * 2 > len(filled)


def _may_begin_with_digit(value: Value) -> bool:
    return isinstance(value, str) and (value[:1] in BEFORE_DIGITS or not value.isascii())
