"""Which days of what is stored a pull tells otherwise: a pull that tells them exchanged is refused, or confirmed."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from lms_sync.model.author import Author
from lms_sync.model.evidence import Completion, StoredFile
from lms_sync.operations.pull.changes import ChangePlan, ItemOutcome
from lms_sync.operations.pull.decide import accept_days
from lms_sync.operations.pull.exchanged_days import (
    FEW,
    DayChange,
    added_of,
    corrected_days,
    days_stop,
    looks_exchanged,
    moved_days,
    same_trainings,
    with_former_ended,
)
from lms_sync.operations.pull.plain_rows import completions_of
from lms_sync.operations.pull.readable import Ours
from lms_sync.operations.pull.readings import ItemRead
from lms_sync.sources.pull import Pull
from lms_sync.store.store import Store
from lms_sync.workspace.settings.corrections import CORRECTIONS


@dataclass(frozen=True, slots=True)
class PullTonight:
    """A pull, what it says, and what is stored of the records that it speaks of."""

    pull: Pull
    readings: Sequence[ItemRead]
    stored: Mapping[str, Completion]
    """Record → the newest completion that counts."""
    not_read: Sequence[StoredFile]
    """Files that are there and were not read."""
    ours: Ours
    read_before: Container[str]
    """The contents of the files that were read on earlier nights."""
    plan_anew: Callable[[frozenset[str]], ChangePlan]
    """Plans once more, with the days of some records taken for those of the same trainings."""
    live: int
    """How many completions of the source count."""


def settle_days(
    store: Store, tonight: PullTonight, plan: ChangePlan, accepted: Author | None, *, now: datetime
) -> ChangePlan:
    """Return the plan of a pull whose days may be believed; `accepted` is the word of who says that they are right.

    Raises: DaysExchanged where the days come with day and month exchanged, and nobody has said that they are right.
    """
    if tonight.pull.source == CORRECTIONS or not tonight.live:  # what a partner reports is a claim, each looked at
        return plan
    changes = (*corrected_days(plan, tonight.readings), *_moved(store, tonight, plan))
    content = {change.now.origin.sha256 for change in changes if change.exchanged}
    if not looks_exchanged(changes, _unchanged(store, tonight, plan, content)):
        return plan
    if accepted is not None:
        accept_days(store, tonight.pull.source, changes, author=accepted)
        return with_former_ended(tonight.plan_anew(same_trainings(changes)), changes)
    files = [file for file in tonight.pull.files if file.sha256 in content]
    names = [tonight.ours.name_of(file, now.date()).origin for file in files]
    raise days_stop(changes, source=tonight.pull.source, files=names)


def _moved(store: Store, tonight: PullTonight, plan: ChangePlan) -> Iterator[DayChange]:
    """Yield the trainings that come as other records; what is stored is asked only where several may be."""
    added, pull, ours = [*added_of(plan)], tonight.pull, tonight.ours
    learners = {completion.learner.key for completion, _ in added}
    plain = [of_file.stated for file in pull.files if (of_file := file.plain.those(done=True))]
    passed = sum(len(file.known.done) for file in pull.files)
    some_gone = pull.export != "cumulative" or tonight.live - passed - len(tonight.stored) >= FEW
    if len(added) + sum(map(len, plain)) < FEW or not some_gone:
        return
    learners.update([who.learner for stated in plain for who in stated])
    spoken = _still_spoken(tonight)
    former = [c for c in store.of_source(pull.source).completions_of(learners) if c.record not in spoken]
    if len(former) >= FEW:
        theirs = {completion.learner.key for completion in former}
        rows = ((completion, None) for completion in completions_of(pull, ours, learners=theirs))
        yield from moved_days([*added, *rows], former, spoken=spoken)


def _still_spoken(tonight: PullTonight) -> Set[str]:
    """Return the records that are told still: by what is there; of a source that tells what is new, by new files."""
    whole = tonight.pull.export == "cumulative"
    files = {file.name: file for file in tonight.pull.files if whole or file.sha256 not in tonight.read_before}
    readings = [read.reading for read in tonight.readings if read.file.name in files]
    spoken = {record for reading in readings if (record := getattr(reading, "record", ""))}
    spoken.update(*[of_file.records for file in files.values() for of_file in (file.known, file.plain)])
    return spoken.union(*[file.records.each for file in tonight.not_read]) if whole else spoken


def _unchanged(store: Store, tonight: PullTonight, plan: ChangePlan, content: Set[str]) -> Iterator[Completion]:
    """Yield what files with some contents tell as it is stored."""
    for read, outcome in zip(tonight.readings, plan.outcomes, strict=True):
        if outcome is ItemOutcome.UNCHANGED and read.file.sha256 in content:
            yield tonight.stored[getattr(read.reading, "record", "")]
    known = [file.known.done.records for file in tonight.pull.files if file.sha256 in content]
    yield from store.of_source(tonight.pull.source).completions([record for records in known for record in records])
