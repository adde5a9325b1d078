"""Wanted topics × offerings → the provably best set of offerings for one person. Exact, by dynamic programming.

First, each wanted topic is closed as early as it has to be: by its due date where any offering can do that, else on
the earliest day on which one can. Nothing limits how many offerings a person takes, so all topics can have that at
once, and no other set leaves fewer topics late. An offering is *good* for the topics that it closes so. What remains
is the least weighty set of offerings whose good topics make up all wanted ones: weighted set cover over at most
thirteen topics, by fee, hours, sittings, last day and ids.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from lms_sync.compliance.plan.catalogue import Takeable

Wanted = tuple[tuple[str, date | None], ...]
"""(topic, due date), in the law's order; no due date stands for one that is never past."""

Weight = tuple[int, Decimal, int, Decimal, int, int]
"""Unknown fees, known fees, unknown hours, known hours, sittings, and the ids as a number (see `_candidates`)."""
NOTHING: Weight = (0, Decimal(), 0, Decimal(), 0, 0)
COST = slice(5)
"""The part of a weight that decides before the last day does; the ids decide after it."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    takeable: Takeable
    good: int
    """Its good topics as bits."""
    weight: Weight

    @property
    def day(self) -> date:
        return self.takeable.day


def best_offerings(offerings: Sequence[Takeable], wanted: Wanted) -> tuple[Takeable, ...]:
    """Return the offerings to take, by id: each closes something, together all wanted topics that any can close.

    Best in this order: fewest topics after their due date (and those as early as can be), fewest unknown fees, fees,
    fewest unknown hours, hours, fewest sittings, earliest last day, ids in alphabetical order.
    """
    candidates = _undominated(_candidates(offerings, wanted))
    needed = 0
    for candidate in candidates:
        needed |= candidate.good
    least = _least(candidates, needed)
    # The last day is a maximum, which does not add up: a set that is worse on it so far may end level, and then win
    # by its ids, but a search that keeps one set per state would have dropped it. So the last day stays out of the
    # weight, and the candidates are cut off at the earliest day that still allows the least cost.
    days = sorted({candidate.day for candidate in candidates})
    last = bisect_left(days, 1, key=lambda day: int(_least(_until(candidates, day), needed)[COST] == least[COST]))
    ids = -_least(_until(candidates, days[last]), needed)[-1] if days else 0
    return tuple(candidate.takeable for candidate in candidates if ids & -candidate.weight[-1])


def _candidates(offerings: Sequence[Takeable], wanted: Wanted) -> list[_Candidate]:
    """Return the offerings that are good for anything, by id.

    The ids add up like the rest of a weight: each is a binary digit, the first id the highest, negative because
    less is better. Sets of equal size compare by that number as by their sorted ids.
    """
    ordered = sorted(offerings, key=lambda takeable: (takeable.offering.offering_id, takeable.day))
    good = {topic: _good(ordered, topic, due) for topic, due in wanted}
    rarest_first = sorted((topic for topic in good if good[topic]), key=lambda topic: (len(good[topic]), topic))
    bits = {topic: 1 << place for place, topic in enumerate(rarest_first)}
    candidates = []
    for place, takeable in enumerate(ordered):
        mask = sum(bit for topic, bit in bits.items() if place in good[topic])
        if mask:
            candidates.append(_Candidate(takeable, mask, _weight(takeable, 1 << (len(ordered) - place))))
    return candidates


def _good(offerings: Sequence[Takeable], topic: str, due: date | None) -> frozenset[int]:
    """Return the places of the offerings that close the topic as early as it has to be."""
    days = {place: takeable.day for place, takeable in enumerate(offerings) if topic in takeable.topics}
    limit = max(due or date.max, min(days.values(), default=date.max))
    return frozenset(place for place, day in days.items() if day <= limit)


def _weight(takeable: Takeable, digit: int) -> Weight:
    fee, hours = takeable.row.fee, takeable.row.hours
    return (fee is None, fee or Decimal(), hours is None, hours or Decimal(), 1, -digit)


def _undominated(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Return the candidates, by id, without those that can't be in the best set because another is better in all.

    Putting the better one in the other's place lowers the cost, or keeps it and does not worsen the last day and
    betters the ids, so that no tie-break is lost.
    """
    kept: list[_Candidate] = []
    for candidate in candidates:
        if not any(_dominates(other, candidate) for other in kept):
            kept = [other for other in kept if not _dominates(candidate, other)] + [candidate]
    return kept


def _dominates(candidate: _Candidate, other: _Candidate) -> bool:
    if other.good & ~candidate.good:
        return False
    if candidate.weight[COST] != other.weight[COST]:
        return candidate.weight[COST] < other.weight[COST]
    return candidate.day <= other.day and candidate.weight < other.weight


def _until(candidates: Iterable[_Candidate], day: date) -> list[_Candidate]:
    return [candidate for candidate in candidates if candidate.day <= day]


_IMPOSSIBLE: Weight = (1 << 30, Decimal(), 0, Decimal(), 0, 0)
"""Heavier than any set of offerings, also after something is added to it."""


def _least(candidates: Sequence[_Candidate], needed: int) -> Weight:
    """Return the least weight of a set that is good for all `needed` topics; at least `_IMPOSSIBLE` for none.

    Each missing set of topics is solved once: its first topic must be closed by one of those good for it, and the
    best way to close the others does not depend on which it was, because weights just add up.
    """
    by_topic = [[c for c in candidates if c.good >> place & 1] for place in range(needed.bit_length())]

    @cache
    def least(missing: int) -> Weight:
        if not missing:
            return NOTHING
        first = (missing & -missing).bit_length() - 1
        return min((_plus(c.weight, least(missing & ~c.good)) for c in by_topic[first]), default=_IMPOSSIBLE)

    return least(needed)


def _plus(first: Weight, other: Weight) -> Weight:
    return (
        first[0] + other[0],
        first[1] + other[1],
        first[2] + other[2],
        first[3] + other[3],
        first[4] + other[4],
        first[5] + other[5],
    )
