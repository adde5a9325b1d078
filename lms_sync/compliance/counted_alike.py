"""What completions count for that differ only in learner, record, day and place: worked out of one of them. Pure.

`credits.counted_by` is what works it out, and the way of whatever is not alike: claims, what a person accepted, and
completions of which a host school or an officer is named. A class has a thousand others.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from lms_sync.compliance.credits import Claimed, Credited, Mapped, counted_by
from lms_sync.compliance.map_index import IN_FILE_NAME, MapIndex
from lms_sync.model.course_map import CourseRow
from lms_sync.model.evidence import Completion, Credit
from lms_sync.model.own_name import NamePair
from lms_sync.model.quickly_made import maker
from lms_sync.store.known.judged_people import CourseNames

_new_credit, _new_credited = maker(Credit), maker(Credited)
"""There are as many as completions."""
_ALIKE = attrgetter("source", "course", "course_title", "unit", "unit_title", "claim", "score")
_OF_ONE = frozenset({"host_school", "experienced_officer"})
"""The attributes that a completion has to itself. No other says what it counts for, but IN_FILE_NAME."""


@dataclass(slots=True, eq=False)
class Alike:
    """Completions of one course and unit that have the same score and reason of a claim."""

    names: CourseNames
    rows: tuple[CourseRow, ...]
    """The map's rows for them, whatever their days."""
    dated: bool
    """The rows count on some days only."""
    counted: dict[tuple[bool, ...], Mapped | None] = field(default_factory=dict)
    """By which of the rows count on a day: what one of them counts for that was done on such a day.

    None where that is a claim: each has its own.
    """


@dataclass(frozen=True, slots=True)
class AlikeIndex:
    """All completions of one judging that are alike; it lives as long as everybody is judged."""

    index: MapIndex
    _found: dict[tuple[object, ...], Alike] = field(default_factory=dict, repr=False, compare=False)

    def counted(
        self, completions: Iterable[Completion], *, accepted: Mapping[str, date], own: Collection[NamePair] = ()
    ) -> tuple[list[Alike], list[Mapped]]:
        """Return for each completion those that are like it, and what it counts for, as `counted_by` tells.

        The completions are a person's whose `own` names these are.
        """
        groups, counted = [], []
        for completion in completions:
            alike = self.like(completion)
            groups.append(alike)
            counted.append(self._counted(completion, alike, accepted=accepted, own=own))
        return groups, counted

    def like(self, completion: Completion) -> Alike:
        """Return those that are like it."""
        key = _ALIKE(completion)
        if completion.attributes:
            key = (*key, IN_FILE_NAME in dict(completion.attributes))
        return self._found.get(key) or self._new(key, completion)

    def of_another(self, completion: Completion, alike: Alike) -> Mapped | None:
        """Return what one counts for that is like it, where nobody accepted anything; None where each is looked at.

        They differ in day, record and place, of which the credits tell.
        """
        day = completion.day
        if day is None or (completion.attributes and not _OF_ONE.isdisjoint(dict(completion.attributes))):
            return None
        on = tuple([row.counts_on(day) for row in alike.rows]) if alike.dated else ()
        if on not in alike.counted:
            counted = counted_by(alike.rows, completion, self.index, accepted={})
            claimed = isinstance(counted, Credited | Claimed) and counted.claims
            alike.counted[on] = None if claimed else counted
        return alike.counted[on]

    def _new(self, key: tuple[object, ...], completion: Completion) -> Alike:
        names, rows = self.index.found(completion)
        dated = any(row.counts_from or row.counts_until for row in rows)
        return self._found.setdefault(key, Alike(names, rows, dated))

    def _counted(
        self, completion: Completion, alike: Alike, *, accepted: Mapping[str, date], own: Collection[NamePair]
    ) -> Mapped:
        day, other = completion.day, None if accepted else self.of_another(completion, alike)
        if day is None or other is None:
            return counted_by(alike.rows, completion, self.index, accepted=accepted, own=own)
        if isinstance(other, Credited):
            return _new_credited(_like(other.credits, completion, day), (), other.cell)
        return other


def _like(others: tuple[Credit, ...], completion: Completion, day: date) -> tuple[Credit, ...]:
    """Return a completion's credits by those of one that is like it; most courses teach one topic."""
    origin = str(completion.origin)
    if len(others) == 1:
        return (_credit_like(others[0], completion, day=day, origin=origin),)
    return tuple([_credit_like(other, completion, day=day, origin=origin) for other in others])


def _credit_like(other: Credit, completion: Completion, *, day: date, origin: str) -> Credit:
    return _new_credit(
        other.requirement,
        day,
        completion.source,
        completion.record,
        origin,
        other.title,
        other.amount,
        other.host_school,
        other.experienced_officer,
        other.waived,
        completion.origin,
        other.as_read,
    )
