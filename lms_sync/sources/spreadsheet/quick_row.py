"""A row of the usual kind, made of parts that it has in common with others; and many of them, in columns. Pure."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress
from typing import Any, NamedTuple, TypeVar

from lms_sync.model.evidence import Item, Learner, NotDone, Reading, Refused
from lms_sync.model.finding import Origin
from lms_sync.sources.fit_items import LONGEST_NAME
from lms_sync.sources.plain_rows import at_places
from lms_sync.sources.spreadsheet.cell_dates import When
from lms_sync.sources.spreadsheet.forbidden import plain_texts
from lms_sync.sources.spreadsheet.items import RowReader
from lms_sync.sources.spreadsheet.records import (
    SEPARATOR,
    Details,
    RecordRead,
    Subject,
    claim_of,
    completion_of,
    state_on,
)
from lms_sync.sources.spreadsheet.row_parts import NoDay, Part
from lms_sync.tables.cells import address

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TableForm:
    """What all rows of a table have in common."""

    reader: RowReader
    """With the table's headings as they may be kept, and none of its rows."""
    stated: tuple[tuple[str, str], ...]
    """What the file's name tells, as it stands in each item's text."""
    has_status: bool
    """Whether anything tells a status."""

    @property
    def is_plain(self) -> bool:
        """Tell whether the names of file and sheet, and what the file's name tells, are kept as they are."""
        file = self.reader.origin
        names = (file.file, self.reader.table.sheet, file.url, file.item)
        return max(map(len, names)) <= LONGEST_NAME and plain_texts((*names, *chain.from_iterable(self.stated)))


@dataclass(frozen=True, slots=True)
class RowForm:
    """How rows are put together whose cells are of the same types."""

    table: TableForm
    key_order: Callable[[Any], Any] | None
    """Puts what the parts give to the key in its order; None where it is so."""
    text_order: Callable[[Any], Any] | None
    """The same of the text."""
    identifying: frozenset[str]
    readable: frozenset[str]
    """As an item has them."""
    headings: tuple[str, ...]
    """Of what is kept of its cells, in the order of the text."""

    def key(self, parts: tuple[str, ...]) -> str:
        """Return a record's key of what the parts of a row give to it, one behind the other."""
        return SEPARATOR.join(self.key_order(parts) if self.key_order else parts)


class QuickRow(NamedTuple):
    """A row of the usual kind, not put together yet."""

    by: RowForm
    number: int
    """As the spreadsheet shows it."""
    whose: Part[Learner]
    about: Part[Subject]
    rest: Part[Details]
    on: Part[When | NoDay | None]
    beside: tuple[Part[None], ...]

    @property
    def table(self) -> TableForm:
        """Return what it has in common with all rows of its table."""
        return self.by.table

    @property
    def parts(self) -> tuple[Part[Any], ...]:
        """Return all that it is made of."""
        return (self.whose, self.about, self.rest, self.on, *self.beside)

    @property
    def key(self) -> str:
        """Return the record's key."""
        return self.by.key(self.whose.key + self.about.key + self.rest.key + self.on.key)

    @property
    def origin(self) -> Origin:
        """Return where it stands."""
        file = self.table.reader.origin
        sheet = self.table.reader.table.sheet
        return Origin(file.file, file.sha256, sheet, f"A{self.number}", file.url, file.item)

    def found(self, record: str) -> RecordRead:
        """Return what it says of a record."""
        when = self.on.says
        assert not isinstance(when, NoDay)
        return RecordRead(record, self.whose.says, self.about.says, self.rest.says, when)

    @property
    def is_claim(self) -> bool:
        """Tell whether only a person may accept what it states."""
        form = self.table.reader.form
        return bool(form.layout.needs) and claim_of(self.found(""), form) is not None

    def in_text_order(self, pairs: tuple[T, ...]) -> tuple[T, ...]:
        """Return what stands for the cells of its parts, one part behind the other, in the order of the text."""
        in_order: tuple[T, ...] = self.by.text_order(pairs) if self.by.text_order else pairs
        return in_order

    @property
    def text(self) -> tuple[tuple[str, str], ...]:
        """Return what is kept of its cells, as (heading, text)."""
        words = self.in_text_order(tuple(chain.from_iterable([part.words for part in self.parts])))
        return tuple(zip(self.by.headings, words, strict=True)) + self.table.stated

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Return those of its cells that identify somebody."""
        return tuple([pair for pair in self.text if pair[0] in self.by.identifying])

    def item(self, mark: bytes = b"") -> Item:
        """Return it put together; `mark` is the row's keyed hash, empty for one that is to be read each time."""
        by, origin, form, text = self.by, self.origin, self.table.reader.form, self.text
        if isinstance(self.on.says, NoDay):
            finding, column = self.on.says
            place = replace(origin, cell=address(self.number, column))
            return Item(origin, text, Refused(replace(finding, where=str(place))), by.identifying, by.readable)
        found = self.found(self.key)
        state = state_on(found.when, found.subject, form, has_status=self.table.has_status)
        if state == "not done":
            reading: Reading = NotDone(form.source, found.record, found.learner, found.subject.status)
            return Item(origin, text, reading, by.identifying, by.readable, (), mark)
        reading = completion_of(found, origin, form)
        return Item(origin, text, reading, by.identifying, by.readable, (), mark)


class QuickColumns(NamedTuple):
    """Rows of the usual kind, as many as a file has: what would be their fields, in columns."""

    by: list[RowForm]
    number: "array[int]"
    whose: list[Part[Learner]]
    about: list[Part[Subject]]
    rest: list[Part[Details]]
    on: list[Part[When | NoDay | None]]
    beside: list[tuple[Part[None], ...]]

    @classmethod
    def empty(cls) -> "QuickColumns":
        """Return those of no rows."""
        return cls([], array("I"), [], [], [], [], [])

    def extend(self, rows: "QuickColumns") -> None:
        """Put rows behind those that are there."""
        column: Any
        for column, values in zip(self, rows, strict=True):
            column.extend(values)

    @property
    def parts(self) -> list[Sequence[Part[Any]]]:
        """Return all that rows are made of whose cells are of the same types, each with those of all rows."""
        return [self.whose, self.about, self.rest, self.on, *zip(*self.beside, strict=True)]

    def done(self) -> list[bool]:
        """Tell of each plain row whether it states a completion; else it states that something is not done."""
        return [part.says is not None for part in self.on]

    def keys(self) -> list[str]:
        """Return the key of each row's record."""
        parts = zip(self.by, self.whose, self.about, self.rest, self.on, strict=True)
        return [by.key(whose.key + about.key + rest.key + on.key) for by, whose, about, rest, on in parts]

    def row(self, place: int) -> QuickRow:
        """Return one of the rows."""
        columns: Sequence[Any] = self
        return QuickRow(*[column[place] for column in columns])

    def rows(self) -> Iterator[QuickRow]:
        """Give all rows."""
        return map(QuickRow, *self)

    def those(self, which: Sequence[bool]) -> "QuickColumns":
        """Return some of the rows: for each is told whether it is one of them."""
        column: Any
        columns: Sequence[Any] = self
        found = self.empty()
        for column, values in zip(found, columns, strict=True):
            column.extend(compress(values, which))
        return found

    def at(self, places: Sequence[int]) -> "QuickColumns":
        """Return the rows at some places, in that order."""
        column: Any
        columns: Sequence[Any] = self
        found, of_each = self.empty(), at_places(places)
        for column, values in zip(found, columns, strict=True):
            column.extend(of_each(values))
        return found


class QuickRead(NamedTuple):
    """What rows say that were read together."""

    plain: QuickColumns
    """Of those that state a completion, no claim, of which nothing has to be fitted or masked."""
    others: dict[int, QuickRow | None]
    """By their places among the rows, ascending; None for one that is to be read with care."""
