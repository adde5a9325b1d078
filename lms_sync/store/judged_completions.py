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
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, select, type_coerce
from sqlalchemy.types import NullType

from lms_sync.model.completion_rows import CompletionRow, LearnersCompletions
from lms_sync.model.evidence import ClaimReason, Completion, Learner
from lms_sync.model.finding import Origin
from lms_sync.model.stored.pulled import ATTRIBUTES
from lms_sync.store.facts import known
from lms_sync.store.origins import SharedOrigin, origins_of
from lms_sync.store.rows import ROWS_AT_ONCE, each_row
from lms_sync.store.schema import completion

_WHOSE = itemgetter(0, 1)
"""A row's source and learner."""


@dataclass(frozen=True, slots=True)
class JudgedCompletions:
    """The completions of one district that counted at one time."""

    connection: Connection
    district_id: str
    known_at: datetime
    which: tuple[ColumnElement[bool], ...] = ()
    """Conditions for those that are asked for; none for all."""

    def of_each_learner(self) -> Iterator[LearnersCompletions]:
        """Yield what counted of each learner, without the instants, which no judgement asks for.

        Only as many have room at once as are asked for.
        """
        shared = _Shared(origins_of(self.connection, self.district_id))
        for whose, theirs in groupby(self._each(in_order=True), _WHOSE):
            yield LearnersCompletions(Learner(*whose), [*map(shared.row, theirs)])

    def at_once(self) -> list[LearnersCompletions]:
        """Return the same of so few learners that all have room: the database need not sort them."""
        shared = _Shared(origins_of(self.connection, self.district_id))
        found: dict[tuple[str, str], list[CompletionRow]] = defaultdict(list)
        for row in self._each(in_order=False):
            found[_WHOSE(row)].append(shared.row(row))
        return [LearnersCompletions(Learner(*whose), rows) for whose, rows in found.items()]

    def _each(self, *, in_order: bool) -> Iterator[Sequence[Any]]:
        asked = self._asked()
        if in_order:
            asked = asked.order_by(completion.c.learner, completion.c.source)
        answer = self.connection.execute(asked, execution_options={"yield_per": ROWS_AT_ONCE})
        return each_row(answer)  # a server, too, gives only so many at once

    def _asked(self) -> Select[Any]:
        row = completion.c
        names = row.course, row.course_title, row.unit, row.unit_title, row.zone, row.status
        shared = self._as_one(row.source, row.origin_id, *names, row.claim, row.score, cast(row.attributes, Text))
        # Of a day what the driver gives: there are few, and each is read once.
        each = row.source, row.learner, row.record, type_coerce(row.day, NullType()), row.cell, row.item
        counted = row.district_id == self.district_id, known(completion, self.known_at), *self.which
        return select(*each, shared).where(*counted)

    def _as_one(self, *columns: ColumnElement[Any]) -> ColumnElement[str]:
        """Return several columns as one text, a JSON list."""
        if self.connection.dialect.name == "sqlite":
            return func.json_array(*columns)
        return cast(func.json_build_array(*columns), Text)


@dataclass(slots=True)
class _Shared:
    """What the rows share; it lives as long as they are read."""

    origins: Mapping[tuple[str, int], SharedOrigin]
    """By source and id."""
    likes: dict[str, Completion] = field(default_factory=dict)
    """By the text of what they have in common, a JSON list."""
    days: dict[Any, date | None] = field(default_factory=lambda: {None: None})
    """By what the driver gives: a day, or its text."""

    def row(self, row: Sequence[Any]) -> CompletionRow:
        """Return what a row tells of a completion."""
        _, _, record, day, cell, number, shared = row
        like = self.likes.get(shared) or self._like(shared)
        return like, record, self.days[day] if day in self.days else self._day(day), cell, number

    def _like(self, shared: str) -> Completion:
        source, origin_id, course, title, unit, unit_title, zone, status, claim, score, attributes = loads(shared)
        file, sha256, sheet, url = self.origins[source, origin_id]
        like = Completion(
            source,
            "",
            Learner(source, ""),
            course,
            title,
            None,
            Origin(file, sha256, sheet, url=url),
            unit,
            unit_title,
            None,
            zone,
            status,
            None if claim is None else ClaimReason(claim),
            None if score is None else Decimal(score),
            () if attributes == "null" else tuple(sorted(ATTRIBUTES.read_text(attributes).items())),
        )
        return self.likes.setdefault(shared, like)

    def _day(self, cell: Any) -> date | None:
        return self.days.setdefault(cell, date.fromisoformat(cell) if isinstance(cell, str) else cell)
