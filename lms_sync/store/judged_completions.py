"""A district's whole evidence, read as judgements need it: nothing is looked up row by row.

`live_completions` is the way for some completions, and for all that is stored of one. Here the places of the items
are read beforehand, from the table's beginning to its end, and what many rows share comes as one text, read once. It
takes half the time: a question that joins 100,000 items seeks each of them twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from json import loads
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, Text, cast, func, select, type_coerce
from sqlalchemy.types import NullType

from lms_sync.model.evidence import ClaimReason, Completion, Learner
from lms_sync.model.finding import Origin
from lms_sync.model.quickly_made import maker
from lms_sync.model.stored.pulled import ATTRIBUTES
from lms_sync.store import live_completions
from lms_sync.store.facts import known
from lms_sync.store.live_completions import ROWS_AT_ONCE
from lms_sync.store.schema import completion, item

_new_completion, _new_origin = maker(Completion), maker(Origin)
_FEW = 2
"""So many items a completion, and no more, are read for the places of completions."""


@dataclass(frozen=True, slots=True)
class JudgedCompletions:
    """The completions of one district that counted at one time."""

    connection: Connection
    district_id: str
    known_at: datetime

    def of_each_learner(self) -> Iterator[list[Completion]]:
        """Yield what counted of each learner, without the instants, which no judgement asks for.

        Only as many have room at once as are asked for.
        """
        for _, theirs in groupby(self._each() if self._are_most() else self._few(), attrgetter("learner")):
            yield list(theirs)

    def _each(self) -> Iterator[Completion]:
        shared = _Shared(self._sources())
        for row in self._rows(self._completions()):
            yield shared.completion(row)

    def _few(self) -> Iterator[Completion]:
        """Yield the same by the question for some of them."""
        row = completion.c
        asked = live_completions.question().where(
            row.district_id == self.district_id, known(completion, self.known_at)
        )
        return live_completions.read(self.connection, asked.order_by(row.learner, row.source))

    def _are_most(self) -> bool:
        """Tell whether so many of the items that are kept are those of completions that all may be read."""
        completions, items = (self._number(table) for table in (completion, item))
        return items <= completions * _FEW

    def _number(self, table: Table) -> int:
        return self.connection.scalar(select(func.count()).where(table.c.district_id == self.district_id)) or 0

    def _completions(self) -> Select[Any]:
        row = completion.c
        same = self._as_one(
            *(row.source, row.course, row.course_title, row.unit, row.unit_title, row.zone, row.status, row.claim)
        )
        # Of a day what the driver gives: there are few, and each is read once.
        each = (row.record, row.learner, type_coerce(row.day, NullType()), row.score, cast(row.attributes, Text))
        counted = row.district_id == self.district_id, known(completion, self.known_at)
        return select(same, *each, row.item_id).where(*counted).order_by(row.learner, row.source)

    def _sources(self) -> dict[str, "_Source"]:
        """Return source → where its items were read."""
        row = item.c
        # SQLite can't seek an expression in the key, and reads the table as it lies: in half the time.
        district: ColumnElement[str] = row.district_id.concat("") if self._by_sqlite else row.district_id
        same = self._as_one(row.source, row.file, row.sha256, row.sheet)
        asked = select(same, row.item_id, row.cell, row.url, row.item).where(district == self.district_id)
        found: dict[str, _Source] = {}
        files: dict[str, tuple[dict[str, Origin], str, str, str]] = {}
        for text, item_id, cell, url, number in self._rows(asked):
            if text not in files:
                source, *file = loads(text)
                files[text] = (found.setdefault(source, _Source()).places, *file)
            places, name, sha256, sheet = files[text]
            places[item_id] = _new_origin(name, sha256, sheet, cell, url, number)
        return found

    def _rows(self, asked: Select[Any]) -> Iterator[Any]:
        """Yield the rows of an answer; a server, too, gives only so many at once."""
        for rows in self.connection.execute(asked, execution_options={"yield_per": ROWS_AT_ONCE}).partitions():
            yield from rows

    def _as_one(self, *columns: ColumnElement[Any]) -> ColumnElement[str]:
        """Return several columns as one text, a JSON list."""
        return func.json_array(*columns) if self._by_sqlite else cast(func.json_build_array(*columns), Text)

    @property
    def _by_sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"


@dataclass(frozen=True, slots=True)
class _Source:
    """What the rows of one source share."""

    places: dict[str, Origin] = field(default_factory=dict)
    """By the item's id."""
    learners: dict[str, Learner] = field(default_factory=dict)


_Named = tuple[_Source, str, str, str, str, str, str, str, ClaimReason | None]
"""The source with its name; course, title, unit and its title; zone, word of status, reason of a claim."""


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the rows share; it lives as long as they are read."""

    sources: dict[str, _Source]
    named: dict[str, _Named] = field(default_factory=dict)
    """By their text, a JSON list."""
    days: dict[Any, date | None] = field(default_factory=lambda: {None: None})
    """By what the driver gives: a day, or its text."""
    scores: dict[str | None, Decimal | None] = field(default_factory=lambda: {None: None})
    attributes: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=lambda: {"{}": (), "null": ()})
    """By their text as it is stored."""

    def completion(self, row: Sequence[Any]) -> Completion:
        """Return the completion of a row."""
        same, record, learner, day, score, attributes, item_id = row
        named = self.named.get(same) or self._named(same)
        of_source, source, course, title, unit, unit_title, zone, status, claim = named
        return _new_completion(
            source,
            record,
            of_source.learners.get(learner) or of_source.learners.setdefault(learner, Learner(source, learner)),
            course,
            title,
            self.days[day] if day in self.days else self._day(day),
            of_source.places[item_id],
            unit,
            unit_title,
            None,
            zone,
            status,
            claim,
            self.scores[score] if score in self.scores else self.scores.setdefault(score, Decimal(score)),
            self.attributes[attributes] if attributes in self.attributes else self._attributes(attributes),
        )

    def _named(self, text: str) -> _Named:
        source, course, title, unit, unit_title, zone, status, claim = loads(text)
        reason = None if claim is None else ClaimReason(claim)
        named = (self.sources[source], source, course, title, unit, unit_title, zone, status, reason)
        return self.named.setdefault(text, named)

    def _day(self, cell: Any) -> date | None:
        return self.days.setdefault(cell, date.fromisoformat(cell) if isinstance(cell, str) else cell)

    def _attributes(self, text: str) -> tuple[tuple[str, str], ...]:
        return self.attributes.setdefault(text, tuple(sorted(ATTRIBUTES.read_text(text).items())))
