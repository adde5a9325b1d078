"""What some cells of a row say whatever stands in the others: read with care once, for all rows that have the same.

Whoever it was stands in ten rows alike, a course in a thousand. Pure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar, get_args

from lms_sync.model.evidence import Learner
from lms_sync.model.finding import Area, Finding
from lms_sync.sources.fit_items import score_fits, texts_of
from lms_sync.sources.spreadsheet.cell_dates import When, read_when
from lms_sync.sources.spreadsheet.forbidden import may_be_ssn, plain_texts
from lms_sync.sources.spreadsheet.items import RowReader
from lms_sync.sources.spreadsheet.layout import WHO, Role
from lms_sync.sources.spreadsheet.misread import Misread, finding_of
from lms_sync.sources.spreadsheet.printed import begins, may_be_printed
from lms_sync.sources.spreadsheet.privacy import Cleaning
from lms_sync.sources.spreadsheet.record_form import Cells
from lms_sync.sources.spreadsheet.records import (
    Details,
    Subject,
    details_of,
    ids_of,
    key_part,
    learner_of,
    subject_of,
    when_of,
)
from lms_sync.tables.cells import Value, text
from lms_sync.text import fold

T = TypeVar("T")
Says = Callable[[Cells, Mapping[Role, str], RowReader], T]
"""What makes of cells and their ids what a part says. Raises: Misread, and whatever else a row may be refused for."""

WHO_ROLES: frozenset[Role] = frozenset((*WHO, "employer"))
SUBJECT_ROLES: frozenset[Role] = frozenset(("course", "course_title", "unit", "unit_title", "status"))
WHEN_ROLES: frozenset[Role] = frozenset(("completed_on",))
REST_ROLES: frozenset[Role] = frozenset(get_args(Role)) - WHO_ROLES - SUBJECT_ROLES - WHEN_ROLES
MOST_KEPT = 200_000
"""Parts of one kind that are remembered; what differs in more rows than these is hardly seen twice."""


class NoDay(NamedTuple):
    """A cell in which no day can be read."""

    finding: Finding
    """What is wrong with it, without its place."""
    column: int


class Part(NamedTuple, Generic[T]):
    """Some cells of a row, each of which may be kept as it is."""

    says: T
    headings: tuple[str, ...]
    """Of the columns that are kept, in their order."""
    words: tuple[str, ...]
    """What stands in these."""
    key: tuple[str, ...]
    """What they give to the record's key, in its order."""
    bits: int
    """A bit for each reason for which a row is passed over and this one is not, because of these cells; and the bits
    of `Reasons.unusual` and `Reasons.with_care` where they are so."""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return (heading, text) of those that are kept."""
        return tuple(zip(self.headings, self.words, strict=True))


@dataclass(frozen=True, slots=True)
class PartKind(Generic[T]):
    """One of the parts that every row is made of."""

    roles: frozenset[Role]
    """The roles of the columns that it is read from."""
    says: Says[T]
    has_ids: bool = True
    """Whether what it says, or its part of the key, is made of ids; and whether it tells a row from the header."""
    tells: bool = False
    """Whether it tells a row that is done from one that is not, by whether it says anything."""


WHOSE: PartKind[Learner] = PartKind(WHO_ROLES, lambda cells, ids, reader: learner_of(cells, ids, reader.form))
ABOUT: PartKind[Subject] = PartKind(SUBJECT_ROLES, lambda cells, ids, reader: subject_of(cells, ids, reader.form))
REST: PartKind[Details] = PartKind(REST_ROLES, lambda cells, _ids, _reader: details_of(cells))
BESIDE: PartKind[None] = PartKind(frozenset(), lambda _cells, _ids, _reader: None, has_ids=False)
ON: PartKind[When | NoDay | None] = PartKind(
    WHEN_ROLES, lambda cells, _ids, reader: when_of(cells, reader.form), has_ids=False, tells=True
)


@dataclass(frozen=True, slots=True)
class Reasons:
    """The reasons for which a layout passes over a row, as the bits of a number."""

    reader: RowReader

    @property
    def every(self) -> int:
        """Return the bits of a row that is an item, and a plain one."""
        return (1 << len(self.reader.layout.skip) + 2) - 1

    @property
    def unusual(self) -> int:
        """Return the bit of cells whose row is not plain: no completion, or one to be fitted, masked or refused."""
        return self.every + 1

    @property
    def with_care(self) -> int:
        """Return the bit of cells whose row needs a look at the whole of it."""
        return 2 * self.unusual

    @property
    def no_day(self) -> int:
        """Return the bit of a blank day."""
        return 4 * self.unusual

    @property
    def not_done(self) -> int:
        """Return the bit of a status that says so."""
        return 8 * self.unusual

    @property
    def in_the_end(self) -> int:
        """Return the bits that tell together what a row says that is no other's."""
        return self.unusual | self.no_day | self.not_done

    @property
    def has_status(self) -> bool:
        """Tell whether anything tells a status."""
        return "status" in {*self.reader.table.columns, *self.reader.stated, *self.reader.layout.constants}

    @property
    def plain(self) -> frozenset[int]:
        """Return the bits of plain rows: of a completion with its day; of what is not done, without."""
        without, blank = self.every | self.no_day, self.reader.layout.dates.blank
        by_day = {without} if blank == "not done" and not self.has_status else set[int]()
        return frozenset((self.every, without | self.not_done, *by_day))

    def against_column(self, column: int) -> int:
        """Return the bits of the reasons that speak of a column being blank."""
        rules, columns = self.reader.layout.skip, self.reader.table.columns
        return sum(1 << n for n, rule in enumerate(rules) if column in map(columns.get, rule.blank))

    def against_header(self, filled: Mapping[int, str]) -> int:
        """Return the bit of the header, repeated, where cells are not the headings of their columns."""
        is_header = all(self.reader.printed.is_heading(column, fold(words)) for column, words in filled.items())
        return 0 if is_header else 1 << len(self.reader.layout.skip)

    def against_lead(self, lead: str) -> int:
        """Return the bits of the reasons that a row speaks against by its first cell, folded."""
        rules = self.reader.layout.skip
        others = (rule.first and not any(begins(lead, fold(words)) for words in rule.first) for rule in rules)
        bits = sum(1 << n for n, other in enumerate(others) if other)
        return bits if not lead or may_be_printed(lead) else bits | 1 << len(rules) + 1


@dataclass(frozen=True, slots=True)
class PartReader(Generic[T]):
    """Reads the same cells of every row."""

    columns: tuple[int, ...]
    """Those that hold something, ascending."""
    read: Callable[[tuple[Value, ...]], Part[T]]
    """Reads the cells with care."""
    cells_of: Callable[[Any], Any]
    """Gives these cells of a row: a tuple, or the only one."""
    known: dict[Any, Part[T]] = field(default_factory=dict)

    def parts(self, rows: Sequence[tuple[Value, ...]]) -> list[Part[T]]:
        """Return what these cells say of each of some rows."""
        if not self.columns:
            return [self.known.get(()) or self._part(())] * len(rows)
        known = self.known.get
        return [known(values) or self._part(values) for values in map(self.cells_of, rows)]

    def _part(self, values: Any) -> Part[T]:
        part = self.read(values if len(self.columns) != 1 else (values,))
        if len(self.known) < MOST_KEPT:
            self.known[values] = part
        return part


def part_reader(
    reader: RowReader, cleaning: Cleaning, columns: Sequence[int], kind: PartKind[T], *, leads: bool
) -> PartReader[T]:
    """Return what reads the cells of some columns as a part of a kind; it `leads` with the first of a row's cells."""
    table, reasons = reader.table, Reasons(reader)
    blank = {**reader.layout.constants, **reader.stated, **dict.fromkeys(table.columns)}
    roles = {column: role for role, column in table.columns.items()}
    keys = [role for role in reader.layout.key if role in kind.roles]
    against = {column: reasons.against_column(column) for column in columns}
    kept = [n for n, column in enumerate(columns) if column in reader.kept]
    headings = tuple([table.headings[columns[n]] for n in kept])
    careful: Part[Any] = Part(None, (), (), (), reasons.with_care)

    def read(values: tuple[Value, ...]) -> Part[T]:
        if not cleaning.all_may_stay(columns, values) or any(map(_is_zero, values)):
            return careful
        here = {roles[column]: value for column, value in zip(columns, values, strict=True) if column in roles}
        cells = Cells({**blank, **here}, table.columns, reader.origin, table.headings)
        try:
            ids = ids_of(cells, reader.form) if kind.has_ids else {}
            says = kind.says(cells, ids, reader)
            key = tuple([key_part(role, cells, ids, says if isinstance(says, When) else None) for role in keys])
        except Exception:  # whatever it is, it is told when the whole row is read with care
            return careful
        texts = [value if type(value) is str else text(value) for value in values]
        filled = {column: written for column, written in zip(columns, texts, strict=True) if written.strip()}
        if leads and columns[0] not in filled:
            return careful
        bits = reasons.against_lead(fold(texts[0])) if leads else 0
        bits |= reasons.against_header(filled) if kind.has_ids else 0
        for column in filled:
            bits |= against[column]
        words = tuple([texts[n] for n in kept])
        if kind.tells and says is None:
            bits |= reasons.no_day
        if isinstance(says, Subject) and says.state == "not done":
            bits |= reasons.not_done
        if not _is_plain(says, (*headings, *words, *key)):
            bits |= reasons.unusual
        return Part(says, headings, words, key, bits)

    return PartReader(tuple(columns), read, _cells_of(columns))


def day_reader(
    reader: RowReader, cleaning: Cleaning, columns: Sequence[int], *, leads: bool
) -> PartReader[When | NoDay | None]:
    """Return what reads the cell of the day as `part_reader` would, quicker: many rows have one of their own."""
    if len(columns) != 1 or leads:
        return part_reader(reader, cleaning, columns, ON, leads=leads)
    (column,), layout, zones = columns, reader.layout, reader.form.zones
    reasons = Reasons(reader)
    against, unusual, no_day = reasons.against_column(column), reasons.unusual, reasons.no_day
    headings = (reader.table.headings[column],) if column in reader.kept else ()
    in_key, plain_heading = "completed_on" in layout.key, plain_texts(headings)
    careful: Part[Any] = Part(None, (), (), (), reasons.with_care)

    def read(values: tuple[Value, ...]) -> Part[When | NoDay | None]:
        (value,) = values
        stays = isinstance(value, str) and not may_be_ssn(value)
        if not (stays or cleaning.may_stay(column, value)) or _is_zero(value):
            return careful
        try:
            when: When | NoDay | None = read_when(value, layout.dates, zones)
        except Misread as misread:
            when = NoDay(finding_of(misread, "", source=reader.form.source, area=Area.ROW), column)
        except Exception:  # as above
            return careful
        words = value if isinstance(value, str) else text(value)
        # In a text, social security numbers were looked for.
        plain = words.isascii() and words.isprintable() if stays else plain_texts((words,))
        bits = against if words.strip() else 0
        if when is None:
            bits |= no_day
        if isinstance(when, NoDay) or not (plain and plain_heading):
            bits |= unusual
        key = (when.day.isoformat() if isinstance(when, When) else "",) if in_key else ()
        return Part(when, headings, (words,) if headings else (), key, bits)

    return PartReader((column,), read, _cells_of(columns))


def _is_plain(says: object, texts: Iterable[str]) -> bool:
    """Tell whether a row may be plain by what some of its cells say, and by their texts."""
    if isinstance(says, Subject) and says.state not in ("done", "not done"):
        return False
    score = says.score if isinstance(says, Details) else None
    fits = score is None or score_fits(score)
    return fits and plain_texts((*texts, *texts_of(says)))


def _cells_of(columns: Sequence[int]) -> Callable[[Any], Any]:
    """Return what gives these cells of a row: a tuple, or the only one."""
    return itemgetter(*columns) if columns else lambda _: ()


def _is_zero(value: Value) -> bool:
    """Tell whether a value is 0.0 or -0.0, which are equal and not the same text."""
    return type(value) is float and not value
