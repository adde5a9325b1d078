"""What a pull changes about stored evidence: a pure plan.

The ledger's unit is the item. Every item of a pull gets exactly one `Outcome`, so the outcomes of a file add up to
the number of its items.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from types import MappingProxyType

from lms_sync.model.doubt import Doubt, DoubtCause, Verdict
from lms_sync.model.evidence import Completion, NotDone, Reading, Refused, Revoked, Skipped
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.operations.pull.beside import NOTHING_BESIDE, StoredBeside
from lms_sync.operations.pull.corrections import Correction
from lms_sync.operations.pull.doubts import Question, Settle, is_answered, is_further, is_reset
from lms_sync.text import written_day


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
    """One item of a pull as the planner sees it: record and learner as keyed hashes."""

    reading: Reading
    origin: Origin
    first_read: datetime
    """When a file with this content was first read: a later export speaks for its source, an older one no longer."""


@dataclass(frozen=True, slots=True)
class Add:
    """Store a completion: of a new record, or a further one beside what is stored of its record."""

    completion: Completion
    item: int


@dataclass(frozen=True, slots=True)
class Correct:
    """End a stored completion, and store `new` in its place; None where what is right is stored already."""

    old: Completion
    new: Completion | None
    item: int


@dataclass(frozen=True, slots=True)
class Withdraw:
    """End all that is stored of a record that the source itself has voided or deleted."""

    old: Completion
    item: int


Change = Add | Correct | Withdraw | Question | Settle


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """What a pull changes, and what became of each of its items (in the order of the items)."""

    changes: tuple[Change, ...]
    outcomes: tuple[ItemOutcome, ...]
    findings: tuple[tuple[int, Finding], ...]
    """(item, finding) for conflicts; refused items bring their own finding."""

    @property
    def doubted(self) -> frozenset[str]:
        """Return the stored records that the source no longer calls done since this pull."""
        return frozenset(c.about.record for c in self.changes if isinstance(c, Question))


def plan_changes(
    stored: Mapping[str, Completion],
    sightings: Sequence[PulledItem],
    *,
    unread: Mapping[str, datetime] = MappingProxyType({}),
    beside: StoredBeside = NOTHING_BESIDE,
    new: Iterable[Completion] = (),
) -> ChangePlan:
    """Return what `sightings` change about the `stored` live completions (record → the newest) of one source.

    Absence changes nothing, and a "not done" asks HR: only a record that the source states as voided ends a credit.
    `unread` tells of the records in files that are still there and were not read tonight (record → when the newest
    of these files was first read): an older file that is read again does not speak against a newer one. `new` are
    completions that are stored tonight whatever the others say; they are asked for where there are corrections.
    """
    planner = _Planner(stored, sightings, unread, beside)
    first: dict[str, int] = {}
    further: dict[str, list[int]] = defaultdict(list)
    for index, sighting in enumerate(sightings):
        match sighting.reading:
            case Completion() | NotDone() | Revoked() as reading:
                if first.setdefault(reading.record, index) != index:
                    further[reading.record].append(index)
            case Refused():
                planner.outcomes[index] = ItemOutcome.REFUSED
            case Skipped():
                planner.outcomes[index] = ItemOutcome.SKIPPED
    for record, index in first.items():
        planner.decide(record, (index, *further.get(record, ())))
    planner.correct(new)
    return ChangePlan(tuple(planner.changes), tuple(planner.outcomes), tuple(planner.findings))


class _Planner:
    """Collects the plan while `plan_changes` goes from record to record."""

    def __init__(
        self,
        stored: Mapping[str, Completion],
        sightings: Sequence[PulledItem],
        unread: Mapping[str, datetime],
        beside: StoredBeside,
    ) -> None:
        self.stored = stored
        self.sightings = sightings
        self.unread = unread
        self.beside = beside
        self.outcomes = [ItemOutcome.SUPERSEDED] * len(sightings)
        self.changes: list[Change] = []
        self.findings: list[tuple[int, Finding]] = []
        self.corrections: list[Correction] = []

    def decide(self, record: str, indexes: Sequence[int]) -> None:
        first = self.sightings[indexes[0]]
        if len(indexes) == 1 and record not in self.unread and isinstance(first.reading, Completion):
            self._take(first.reading, indexes[0])  # nearly every record
            return
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
        for index in indexes:
            self.outcomes[index] = outcome

    def _withdraw(self, record: str, indexes: Sequence[int]) -> None:
        void = next(i for i in indexes if isinstance(self.sightings[i].reading, Revoked))
        self._set(indexes, ItemOutcome.SUPERSEDED)
        old = self.stored.get(record)
        self.outcomes[void] = ItemOutcome.WITHDRAWN if old else ItemOutcome.NOT_A_COMPLETION
        if old:
            self.changes.append(Withdraw(old, void))
        self._settle(self.beside.doubts.get(record, ()))

    def _complete(self, record: str, indexes: Sequence[int]) -> None:
        done = {i: r for i in indexes if isinstance(r := self.sightings[i].reading, Completion)}
        self._set([i for i in indexes if i not in done], ItemOutcome.NOT_A_COMPLETION)
        if len({completion.content for completion in done.values()}) > 1:
            self._set(list(done), ItemOutcome.REFUSED)
            self.findings.append((max(done), self._conflict(done)))
            return
        first = min(done)
        self._set(list(done), ItemOutcome.SUPERSEDED)
        self._take(done[first], first)

    def _take(self, new: Completion, index: int) -> None:
        """Decide what the one statement of tonight makes of what is stored of its record."""
        old = self.stored.get(new.record)
        doubts = self.beside.doubts.get(new.record, ())
        if old is None:
            self._change(ItemOutcome.ADDED, Add(new, index))
            # What HR has ended of another day can still be taken back.
            self._settle([d for d in doubts if d.verdict is not Verdict.END or d.day == new.day])
        elif old.content == new.content:
            self.outcomes[index] = ItemOutcome.UNCHANGED
            self._settle([doubt for doubt in doubts if is_answered(doubt, old)])
        elif new.record not in self.beside.same_trainings and is_further(old, new, doubts):
            self._add_beside(old, new, index)
        else:
            same = new.record in self.beside.same_trainings
            self.corrections.append(Correction(new, index, self._live(new.record), doubts, same))

    def correct(self, new: Iterable[Completion]) -> None:
        """Decide the corrections, once all else is decided: together they may do what none of them does.

        `new` are completions that are stored besides.
        """
        if not self.corrections:
            return
        standings = self.beside.standings()
        ended = [c for change in self.changes if isinstance(change, Withdraw) for c in self._live(change.old.record)]
        added = (change.completion for change in self.changes if isinstance(change, Add))
        standings.take(ended, [*added, *new])
        for correction in self.corrections:
            if standings.worsened_by(correction.ended, correction.added):
                self._ask(correction)
            else:
                standings.take(correction.ended, correction.added)
                self._correct(correction)

    def _live(self, record: str) -> tuple[Completion, ...]:
        return (*self.beside.earlier.get(record, ()), self.stored[record])

    def _correct(self, correction: Correction) -> None:
        self.outcomes[correction.item] = ItemOutcome.CORRECTED
        for old, new in zip_longest(correction.ended, correction.added):
            self.changes.append(Correct(old, new, correction.item))
        self._settle(correction.settled())
        self.changes += correction.questions()

    def _change(self, outcome: ItemOutcome, change: Add | Question) -> None:
        self.outcomes[change.item] = outcome
        self.changes.append(change)

    def _settle(self, doubts: Iterable[Doubt]) -> None:
        self.changes += [Settle(doubt) for doubt in doubts]

    def _add_beside(self, old: Completion, new: Completion, index: int) -> None:
        """Store a further completion; what HR kept holds no longer than until the source says done again."""
        doubts = self.beside.doubts.get(new.record, ())
        reset = any(is_reset(doubt) for doubt in doubts)
        self._change(ItemOutcome.ADDED, Add(new, index))
        question = Question(old, DoubtCause.DONE_AGAIN, index, new.status, instead=new, after_reset=reset)
        self.changes.append(question)
        kept = (d for d in doubts if d.cause is DoubtCause.NOT_DONE and d.verdict is Verdict.KEEP)
        self._settle((*kept, *(d for d in doubts if d.cause is DoubtCause.CORRECTION)))

    def _ask(self, correction: Correction) -> None:
        """Let a correction wait for HR; what HR has kept against the same correction stays kept."""
        new, old, doubts = correction.new, correction.live[-1], correction.doubts
        waiting = [d for d in doubts if d.cause is DoubtCause.CORRECTION]
        same = next((d for d in waiting if d.tells(new) and d.concerns(old) and d.verdict is not Verdict.END), None)
        kept = same is not None and same.verdict is Verdict.KEEP
        self.outcomes[correction.item] = ItemOutcome.UNCHANGED if kept else ItemOutcome.REFUSED
        if same is None:
            self._settle(waiting)
            question = Question(old, DoubtCause.CORRECTION, correction.item, new.status, instead=new)
            self.changes.append(question)
        # The same day is told as done again, whatever else waits.
        self._settle(d for d in doubts if d.cause is DoubtCause.NOT_DONE and d.day == new.day and is_reset(d))

    def _undo(self, record: str, indexes: Sequence[int]) -> None:
        """Put what is stored of a record in doubt where the source says that it is not done."""
        self._set(indexes, ItemOutcome.NOT_A_COMPLETION)
        against = next((i for i in indexes if self._speaks_against(i)), None)
        if against is None or record not in self.stored:
            return
        reading = self.sightings[against].reading
        asked = {d.day for d in self.beside.doubts.get(record, ()) if d.cause is DoubtCause.NOT_DONE}
        status = reading.status if isinstance(reading, NotDone) else ""
        self.changes += [
            Question(completion, DoubtCause.NOT_DONE, against, status)
            for completion in self._live(record)
            if completion.day not in asked
        ]

    def _speaks_against(self, index: int) -> bool:
        """Tell whether an item calls its record not done.

        A blank state is none, and who has signed up (again) may have done it before.
        """
        reading = self.sightings[index].reading
        return isinstance(reading, NotDone) and reading.sign_up is None and bool(reading.status.strip())

    def _conflict(self, done: Mapping[int, Completion]) -> Finding:
        first = min(done.values(), key=lambda completion: (completion.origin.file, completion.origin.cell))
        days = sorted({written_day(completion.day, str(completion.claim)) for completion in done.values()})
        if len(days) == 1:
            words = sorted({completion.status for completion in done.values()})
            days.append(f"other details ({', '.join(words)})" if len(words) > 1 else "other details")
        return Finding(
            Area.ROW,
            "contradicting-rows",
            where=" and ".join(sorted({str(self.sightings[i].origin) for i in done})),
            found=f"the same learner and course ({first.course_title or first.course}) with {' and '.join(days)}",
            expected="one statement for one record",
            remedy="Ask the source which is right and correct the file; what was stored before stays until then.",
            source=first.source,
            subject=f"record {first.record}",
        )
