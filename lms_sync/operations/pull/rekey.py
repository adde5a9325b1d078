"""Which stored records new rules know by another key: the same items, proven by key or by place. Pure.

A record that tonight's data shows under its stored key needs no proof. Another one is the same item as one of tonight
where an earlier rule gave that row the stored key, or where both were read in one cell of a file of the same content.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms_sync.model.evidence import Completion, FormerKey
from lms_sync.model.finding import Origin

Place = tuple[str, str, str]
"""sha256, sheet and cell."""


@dataclass(frozen=True, slots=True)
class SeenKey:
    """What tonight tells of one item; every key as a keyed hash."""

    record: str
    learner: str
    """Empty for a record that was revoked: the source need not say whose it was."""
    former: tuple[FormerKey, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Renamed:
    """Keys under which evidence is stored → those that it has tonight."""

    records: Mapping[str, str]
    learners: Mapping[str, str]


def renamed(stored: Iterable[Completion], seen: Sequence[SeenKey], *, by_place: bool) -> Renamed:
    """Return what is known again; `by_place` also where both stood in one cell of a file of the same content.

    What points to several records, or gives one learner's records to several, is not known again.
    """
    present = {key.record for key in seen}
    waiting: dict[str, list[Completion]] = defaultdict(list)
    for completion in stored:
        if completion.record not in present:
            waiting[completion.record].append(completion)
    if not waiting:
        return Renamed({}, {})
    claims = _by_key(waiting, seen)
    if by_place:
        for record, keys in _by_place(waiting, seen).items():
            claims.setdefault(record, keys)
    sole = {record: next(iter(keys)) for record, keys in claims.items() if len(keys) == 1}
    learners = _learners(waiting, sole)
    pairs = {
        record: new
        for record, (new, learner) in sole.items()
        if not learner or all(learners[old.learner.key] == {learner} for old in waiting[record])
    }
    moved = {old.learner.key: sole[record][1] for record in pairs for old in waiting[record]}
    return Renamed(pairs, {old: new for old, new in moved.items() if new and old != new})


Claims = dict[str, set[tuple[str, str]]]
"""Stored record → (record, learner) of tonight that may be the same."""


def _by_key(waiting: Collection[str], seen: Iterable[SeenKey]) -> Claims:
    claims: Claims = defaultdict(set)
    for key in seen:
        for former in key.former:
            if former.record in waiting:
                claims[former.record].add((key.record, key.learner))
    return claims


def _by_place(waiting: Mapping[str, Sequence[Completion]], seen: Iterable[SeenKey]) -> Claims:
    at: dict[Place, set[tuple[str, str]]] = defaultdict(set)
    for key in seen:
        if (place := _place(key.origin)) is not None:
            at[place].add((key.record, key.learner))
    claims: Claims = defaultdict(set)
    for record, versions in waiting.items():
        for completion in versions:
            claims[record] |= at.get(_place(completion.origin) or ("", "", ""), set())
    return claims


def _place(origin: Origin) -> Place | None:
    return (origin.sha256, origin.sheet, origin.cell) if origin.sha256 and origin.cell else None


def _learners(
    waiting: Mapping[str, Sequence[Completion]], sole: Mapping[str, tuple[str, str]]
) -> dict[str, set[str]]:
    """Return each stored learner → the learners of tonight to whom its records would go."""
    found: dict[str, set[str]] = defaultdict(set)
    for record, (_, learner) in sole.items():
        for old in waiting[record]:
            found[old.learner.key] |= {learner} - {""}
    return found
