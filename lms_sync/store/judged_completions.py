"""A district's whole evidence, read as judgements need it, learner by learner.

`live_completions` is the way for some completions, and for all that is stored of one. Here what many rows share comes
as one text, read once.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from json import loads
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, select, type_coerce
from sqlalchemy.types import NullType

from lms_sync.model.evidence import ClaimReason, Completion, Learner
from lms_sync.model.finding import Origin
from lms_sync.model.quickly_made import maker
from lms_sync.model.stored.pulled import ATTRIBUTES
from lms_sync.store.facts import known
from lms_sync.store.origins import SharedOrigin, origins_of
from lms_sync.store.rows import ROWS_AT_ONCE, each_row
from lms_sync.store.schema import completion

_new_completion, _new_origin = maker(Completion), maker(Origin)


@dataclass(frozen=True, slots=True)
class JudgedCompletions:
    """The completions of one district that counted at one time."""

    connection: Connection
    district_id: str
    known_at: datetime
    which: tuple[ColumnElement[bool], ...] = ()
    """Conditions for those that are asked for; none for all."""

    def of_each_learner(self) -> Iterator[list[Completion]]:
        """Yield what counted of each learner, without the instants, which no judgement asks for.

        Only as many have room at once as are asked for.
        """
        for _, theirs in groupby(self._each(), attrgetter("learner")):
            yield list(theirs)

    def at_once(self) -> list[list[Completion]]:
        """Return the same of so few learners that all have room: the database need not sort them."""
        found: dict[tuple[str, str], list[Completion]] = defaultdict(list)
        for counted in self._each(in_order=False):
            found[counted.source, counted.learner.key].append(counted)
        return [*found.values()]

    def _each(self, *, in_order: bool = True) -> Iterator[Completion]:
        shared, asked = _Shared(origins_of(self.connection, self.district_id)), self._asked()
        if in_order:
            asked = asked.order_by(completion.c.learner, completion.c.source)
        answer = self.connection.execute(asked, execution_options={"yield_per": ROWS_AT_ONCE})
        yield from map(shared.completion, each_row(answer))  # a server, too, gives only so many at once

    def _asked(self) -> Select[Any]:
        row = completion.c
        same = self._as_one(
            *(row.source, row.course, row.course_title, row.unit, row.unit_title, row.zone, row.status, row.claim)
        )
        # Of a day what the driver gives: there are few, and each is read once.
        each = (row.record, row.learner, type_coerce(row.day, NullType()), row.score, cast(row.attributes, Text))
        counted = row.district_id == self.district_id, known(completion, self.known_at), *self.which
        return select(same, *each, row.origin_id, row.cell, row.item).where(*counted)

    def _as_one(self, *columns: ColumnElement[Any]) -> ColumnElement[str]:
        """Return several columns as one text, a JSON list."""
        if self.connection.dialect.name == "sqlite":
            return func.json_array(*columns)
        return cast(func.json_build_array(*columns), Text)


_Named = tuple[str, str, str, str, str, str, str, ClaimReason | None]
"""Source, course, title, unit and its title; zone, word of status, reason of a claim."""


@dataclass(slots=True)
class _Shared:
    """What the rows share; it lives as long as they are read."""

    origins: Mapping[tuple[str, int], SharedOrigin]
    """By source and id."""
    named: dict[str, _Named] = field(default_factory=dict)
    """By their text, a JSON list."""
    days: dict[Any, date | None] = field(default_factory=lambda: {None: None})
    """By what the driver gives: a day, or its text."""
    scores: dict[str | None, Decimal | None] = field(default_factory=lambda: {None: None})
    attributes: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=lambda: {"{}": (), "null": ()})
    """By their text as it is stored."""
    learner: Learner = field(default_factory=lambda: Learner("", ""))
    """Of the row before: a learner's follow each other."""

    def completion(self, row: Sequence[Any]) -> Completion:
        """Return the completion of a row."""
        same, record, key, day, score, attributes, origin_id, cell, number = row
        source, course, title, unit, unit_title, zone, status, claim = self.named.get(same) or self._named(same)
        learner = self.learner
        if key != learner.key or source != learner.source:
            learner = self.learner = Learner(source, key)
        file, sha256, sheet, url = self.origins[source, origin_id]
        return _new_completion(
            source,
            record,
            learner,
            course,
            title,
            self.days[day] if day in self.days else self._day(day),
            _new_origin(file, sha256, sheet, cell, url, number),
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
        *names, claim = loads(text)
        return self.named.setdefault(text, (*names, None if claim is None else ClaimReason(claim)))

    def _day(self, cell: Any) -> date | None:
        return self.days.setdefault(cell, date.fromisoformat(cell) if isinstance(cell, str) else cell)

    def _attributes(self, text: str) -> tuple[tuple[str, str], ...]:
        return self.attributes.setdefault(text, tuple(sorted(ATTRIBUTES.read_text(text).items())))
