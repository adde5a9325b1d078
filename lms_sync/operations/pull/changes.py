"""What a pull changes about stored evidence: a pure plan, and the refusal of what is implausible.

The ledger's unit is the item. Every item of a pull gets exactly one `Outcome`, so the outcomes of a file add up to
the number of its items.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from lms_sync.errors import SafetyStop
from lms_sync.model.evidence import Completion, NotDone, Reading, Refused, Revoked, Skipped
from lms_sync.model.finding import Area, Finding, Origin


class ItemOutcome(StrEnum):
    """What became of an item."""

    ADDED = "added"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    NOT_A_COMPLETION = "not a completion"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class PulledItem:
    """One item of a pull as the planner sees it: record and learner sealed."""

    reading: Reading
    origin: Origin
    first_read: datetime
    """When a file with this content was first read: a later export speaks for its source, an older one no longer."""


@dataclass(frozen=True, slots=True)
class Add:
    """Store a completion that no live record stands for."""

    completion: Completion
    item: int


@dataclass(frozen=True, slots=True)
class Correct:
    """End a stored completion, and store `new` in its place; None when the source no longer calls it done."""

    old: Completion
    new: Completion | None
    item: int


@dataclass(frozen=True, slots=True)
class Withdraw:
    """End a stored completion that the source itself has voided or deleted."""

    old: Completion
    item: int


Change = Add | Correct | Withdraw


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """What a pull changes, and what became of each of its items (in the order of the items)."""

    changes: tuple[Change, ...]
    outcomes: tuple[ItemOutcome, ...]
    findings: tuple[tuple[int, Finding], ...]
    """(item, finding) for conflicts and ended credits; refused items bring their own finding."""
    seen: frozenset[str]
    """Every record that an item of this pull speaks of."""

    @property
    def undone(self) -> frozenset[str]:
        """Return the stored records that the source no longer calls done."""
        return frozenset(c.old.record for c in self.changes if isinstance(c, Correct) and c.new is None)


def plan_changes(
    stored: Mapping[str, Completion],
    sightings: Sequence[PulledItem],
    *,
    unread: Mapping[str, datetime] = MappingProxyType({}),
) -> ChangePlan:
    """Return what `sightings` change about the `stored` live completions (record → completion) of one source.

    Absence changes nothing: only a record that the source states as no longer done, or as voided, ends a credit.
    `unread` tells of the records in files that are still there and were not read tonight (record → when the newest
    of these files was first read): an older file that is read again does not speak against a newer one.
    """
    planner = _Planner(stored, sightings, unread)
    by_record: dict[str, list[int]] = defaultdict(list)
    for index, sighting in enumerate(sightings):
        match sighting.reading:
            case Refused():
                planner.outcomes[index] = ItemOutcome.REFUSED
            case Skipped():
                planner.outcomes[index] = ItemOutcome.SKIPPED
            case Completion() | NotDone() | Revoked() as reading:
                by_record[reading.record].append(index)
    for record, indexes in by_record.items():
        planner.decide(record, indexes)
    outcomes = tuple(planner.outcomes[index] for index in range(len(sightings)))
    return ChangePlan(tuple(planner.changes), outcomes, tuple(planner.findings), frozenset(by_record))


class _Planner:
    """Collects the plan while `plan_changes` goes from record to record."""

    def __init__(
        self, stored: Mapping[str, Completion], sightings: Sequence[PulledItem], unread: Mapping[str, datetime]
    ) -> None:
        self.stored = stored
        self.sightings = sightings
        self.unread = unread
        self.outcomes: dict[int, ItemOutcome] = {}
        self.changes: list[Change] = []
        self.findings: list[tuple[int, Finding]] = []

    def decide(self, record: str, indexes: Sequence[int]) -> None:
        newest = max(self.sightings[i].first_read for i in indexes)
        if newest < self.unread.get(record, newest):
            self._set(indexes, ItemOutcome.SUPERSEDED)
            return
        current = [i for i in indexes if self.sightings[i].first_read == newest]
        self._set([i for i in indexes if i not in current], ItemOutcome.SUPERSEDED)
        kinds = [type(self.sightings[i].reading) for i in current]
        if Revoked in kinds:
            self._withdraw(record, current)
        elif Completion in kinds:
            self._complete(record, current)
        else:
            self._undo(record, current)

    def _set(self, indexes: Sequence[int], outcome: ItemOutcome) -> None:
        self.outcomes.update(dict.fromkeys(indexes, outcome))

    def _withdraw(self, record: str, indexes: Sequence[int]) -> None:
        void = next(i for i in indexes if isinstance(self.sightings[i].reading, Revoked))
        self._set(indexes, ItemOutcome.SUPERSEDED)
        old = self.stored.get(record)
        self.outcomes[void] = ItemOutcome.WITHDRAWN if old else ItemOutcome.NOT_A_COMPLETION
        if old:
            self.changes.append(Withdraw(old, void))

    def _complete(self, record: str, indexes: Sequence[int]) -> None:
        done = {i: r for i in indexes if isinstance(r := self.sightings[i].reading, Completion)}
        self._set([i for i in indexes if i not in done], ItemOutcome.NOT_A_COMPLETION)
        if len({completion.content for completion in done.values()}) > 1:
            self._set(list(done), ItemOutcome.REFUSED)
            self.findings.append((max(done), self._conflict(done)))
            return
        first = min(done)
        self._set(list(done), ItemOutcome.SUPERSEDED)
        old, new = self.stored.get(record), done[first]
        if old is None:
            self.outcomes[first] = ItemOutcome.ADDED
            self.changes.append(Add(new, first))
        elif old.content == new.content:
            self.outcomes[first] = ItemOutcome.UNCHANGED
        else:
            self.outcomes[first] = ItemOutcome.CORRECTED
            self.changes.append(Correct(old, new, first))

    def _undo(self, record: str, indexes: Sequence[int]) -> None:
        self._set(indexes, ItemOutcome.NOT_A_COMPLETION)
        old = self.stored.get(record)
        against = next((i for i in indexes if self._speaks_against(i)), None)
        if old is not None and against is not None:
            self.outcomes[against] = ItemOutcome.CORRECTED
            self.changes.append(Correct(old, None, against))
            self.findings.append((against, self._ended(old, against)))

    def _speaks_against(self, index: int) -> bool:
        """Tell whether an item calls its record not done; who has signed up (again) may have done it before."""
        reading = self.sightings[index].reading
        return isinstance(reading, NotDone) and reading.reason != "signed up"

    def _conflict(self, done: Mapping[int, Completion]) -> Finding:
        first = min(done.values(), key=lambda completion: (completion.origin.file, completion.origin.cell))
        days = sorted({str(completion.day or completion.claim) for completion in done.values()})
        return Finding(
            Area.ROW,
            "contradicting-rows",
            where=" and ".join(sorted({str(self.sightings[i].origin) for i in done})),
            found=f"the same learner and course ({first.course_title or first.course}) with {' and '.join(days)}",
            expected="one statement for one record",
            remedy="Ask the source which is right and mend the file; what was stored before stays until then.",
            source=first.source,
        )

    def _ended(self, old: Completion, index: int) -> Finding:
        reading = self.sightings[index].reading
        status = reading.status if isinstance(reading, NotDone) else ""
        return Finding(
            Area.ROW,
            "no-longer-done",
            where=str(self.sightings[index].origin),
            found=f"{old.course_title or old.course} was completed on {old.day}, and now says “{status}”",
            expected="a completion to stay completed",
            remedy="The credit no longer counts. If that is wrong, ask whoever keeps the source to put it right.",
            source=old.source,
        )


def check_plausible(stored: AbstractSet[str], shown: AbstractSet[str], *, source: str) -> frozenset[str]:
    """Return the stored live records that a cumulative source does not show as done tonight.

    Raises: SafetyStop when they are more than max(5, 10 %) of `stored`.
    """
    missing = frozenset(stored - shown)
    allowed = max(5, len(stored) // 10)
    if len(missing) > allowed:
        raise SafetyStop(
            f"source {source}: {len(missing)} of {len(stored)} completions are missing from tonight's data"
            f" (more than {allowed}), so nothing of it was stored",
            hint="An export that was cut short looks like this. Get a whole one; if the records really are gone,"
            f" say so with `lms-sync pull {source} --accept-drop {source}`: what was stored before stays evidence.",
        )
    return missing
