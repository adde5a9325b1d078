"""Completions that count, read by the hundred thousand: asked for by column, and what many rows share made once.

`evidence_rows.completion_of` is the way of a single row; both make the same of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, Text, cast, select

from lms_sync.model.evidence import ClaimReason, Completion, Learner
from lms_sync.model.finding import Origin
from lms_sync.model.stored.pulled import ATTRIBUTES
from lms_sync.store.origins import SHARED, same_origin
from lms_sync.store.rows import each_row
from lms_sync.store.schema import completion, origin

_NO_ATTRIBUTES = ("{}", "null")


def question() -> Select[Any]:
    """Return the question for every completion with its place, of any district, as `read` takes it."""
    row = completion.c
    # The attributes as text: most have none, and many are alike.
    columns = (
        *(row.source, row.record, row.learner, row.course, row.course_title, row.day, row.unit, row.unit_title),
        *(row.instant, row.zone, row.status, row.claim, row.score, cast(row.attributes, Text)),
        *(*SHARED, row.cell, row.item),
    )
    return select(*columns).join(origin, same_origin(completion))


def read(connection: Connection, asked: Select[Any]) -> Iterator[Completion]:
    """Yield the completions that a question finds: `question()` with conditions, in the order that is asked for."""
    shared = _Shared()
    yield from map(shared.completion, each_row(connection.execute(asked)))


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the rows of one question share; it lives as long as the question is read."""

    learners: dict[tuple[str, str], Learner] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """Names of sources, courses, units, files, zones and words of status: each text once."""
    attributes: dict[str, tuple[tuple[str, str], ...]] = field(
        default_factory=lambda: dict.fromkeys(_NO_ATTRIBUTES, ())
    )
    """By their text as it is stored."""
    days: dict[date | None, date | None] = field(default_factory=dict)

    def completion(self, row: Sequence[Any]) -> Completion:
        """Return the completion of a row."""
        (
            source,
            record,
            learner,
            course,
            title,
            day,
            unit,
            unit_title,
            instant,
            zone,
            status,
            claim,
            score,
            attributes,
            *at,
        ) = row
        once = self.texts.setdefault
        source = once(source, source)
        file, sha256, sheet, url, cell, number = at
        return Completion(
            source,
            record,
            self.learners.get((source, learner)) or self._learner(source, learner),
            once(course, course),
            once(title, title),
            self.days.setdefault(day, day),
            Origin(once(file, file), once(sha256, sha256), once(sheet, sheet), cell, url, number),
            once(unit, unit),
            once(unit_title, unit_title),
            instant,
            once(zone, zone),
            once(status, status),
            None if claim is None else ClaimReason(claim),
            None if score is None else Decimal(score),
            self.attributes[attributes] if attributes in self.attributes else self._attributes(attributes),
        )

    def _learner(self, source: str, key: str) -> Learner:
        return self.learners.setdefault((source, key), Learner(source, key))

    def _attributes(self, text: str) -> tuple[tuple[str, str], ...]:
        return self.attributes.setdefault(text, tuple(sorted(ATTRIBUTES.read_text(text).items())))
