"""Apply a pull to the store: one transaction a source, all of it or nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from functools import partial

from lms_sync.model.author import Author
from lms_sync.model.doubt import Doubt
from lms_sync.model.evidence import (
    Completion,
    StoredFile,
    StoredItem,
)
from lms_sync.model.finding import Finding
from lms_sync.model.known_rows import different
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms
from lms_sync.model.row_memory import RowMemory
from lms_sync.model.run import EMPTY, FileLedger, PullRecord
from lms_sync.operations.pull.beside import StoredBeside
from lms_sync.operations.pull.changes import ChangePlan, ItemOutcome, plan_changes
from lms_sync.operations.pull.corrections import NobodyStands, Standings
from lms_sync.operations.pull.days_told import PullTonight, settle_days
from lms_sync.operations.pull.decide import accept_drop
from lms_sync.operations.pull.doubts import Asking
from lms_sync.operations.pull.empty import empty_findings, is_empty
from lms_sync.operations.pull.exchanged_days import records_corrected
from lms_sync.operations.pull.know_again import KnownAgain, know_again, note_rules
from lms_sync.operations.pull.lost import ask_about_lost
from lms_sync.operations.pull.names_read import names_read
from lms_sync.operations.pull.plain_rows import completions_of
from lms_sync.operations.pull.plausible import check_plausible, most_missing
from lms_sync.operations.pull.readable import Ours, ours_of
from lms_sync.operations.pull.readings import ItemRead, pseudonymous_items, without_purged
from lms_sync.operations.pull.record_files import Applied, findings_of, record_files
from lms_sync.operations.pull.remember import ReadTonight, remember
from lms_sync.operations.pull.signed_up import booked_by, give_way, keep_sign_ups, source_tonight
from lms_sync.operations.pull.stored_items import stored_items
from lms_sync.operations.pull.unread_files import still_there, unread
from lms_sync.operations.pull.write_plan import write_changes
from lms_sync.operations.pull.write_rows import rows_to_store
from lms_sync.people.match import Directory
from lms_sync.sources.pull import Pull
from lms_sync.store.evidence_of_source import SourceEvidence
from lms_sync.store.known.differences import agreed_absences
from lms_sync.store.known.readers import begin_readers, record_readers
from lms_sync.store.known.registers import DOUBTS
from lms_sync.store.store import Store


@dataclass(frozen=True, slots=True)
class PullContext:
    """What a pull is read against: the key of the hashes, the roster, and who insists on a drop."""

    pseudonyms: Pseudonyms
    book: Directory
    drop_accepted: Author | None = None
    """Who says that missing records are really gone; None for nobody."""
    days_accepted: Author | None = None
    """Who says that days which come with day and month exchanged are right; None for nobody."""
    anew: bool = False
    """Read every file, also those that were read before and have not changed since."""
    zone: tzinfo = UTC
    """The district's."""
    standings: Callable[[], Standings] = NobodyStands
    """Returns how everybody stands by what is stored: by it a correction waits for HR or does not."""
    memory: Callable[[], RowMemory] | None = None
    """Gives the rows that need not be read; None where none are remembered."""


@dataclass(frozen=True, slots=True)
class PullResult:
    """What one source's pull came to, with its findings by scope."""

    source: str
    files: tuple[FileLedger, ...]
    findings: Mapping[str, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class _Compared:
    """A pull held against what is stored of its source."""

    applied: Applied
    newer: Mapping[str, datetime]
    """Record → when the newest file that speaks of it and was not read tonight was first read."""
    lost: Set[str]
    """Stored records of which nobody can tell what they are called now."""


def apply_pull(
    store: Store, pull: Pull, *, context: PullContext, now: datetime, ours: Ours | None = None
) -> PullResult:
    """Bring the source's evidence up to date; the caller holds the transaction.

    `ours` tells whose the pull's items are, where that is known already.

    Raises: SafetyStop when a cumulative source misses too much of what it showed before, or days come exchanged.
    """
    of_source, today = store.of_source(pull.source), _today(context, now)
    begin_readers(store, now=now)
    if ours is None:
        ours = ours_of(pull, of_source.in_clear(), context.book, context.pseudonyms)
    compared = _compared(store, pull, ours, context=context, now=now)
    applied, readings = compared.applied, compared.applied.readings
    _see_learners(store, applied, ours, context=context, now=now)
    memory = context.memory() if context.memory else RowMemory(pull.source, context.pseudonyms)
    stated = [memory.stated(read.item) for read in readings]
    record_readers(store, pull.source, names_read(pull, stated, memory), now=now)
    items = stored_items(readings, applied.outcomes, ours, applied.names)
    to_store, has_unused = _not_kept_yet(of_source, items, readings), of_source.has_unused()
    store.evidence.add_items(pull.source, to_store, now=now)
    _name_files(store, applied)
    write_changes(store, applied.plan, items, Asking(now, today))
    said_again = of_source.add_rows(partial(rows_to_store, pull, ours, applied.names), now=now)
    signed_up = source_tonight(pull, readings, compared.newer, applied.not_read)
    keep_sign_ups(store, signed_up, context.pseudonyms, today=today, now=now)
    ledgers = record_files(store, applied, now=now)
    if has_unused:
        of_source.replace_unused([*said_again, *[(new.item_id, new.text_hash) for new in to_store]])
    note_rules(store, pull, now=now)
    if context.memory is not None:
        remember(store, ReadTonight(pull, memory, readings, applied.outcomes, stated, ours), now=now)
    if context.drop_accepted is None:
        ask_about_lost(store, pull.source, compared.lost, book=context.book, now=now.astimezone(context.zone))
    empty = is_empty(pull, ledgers) and not store.runs.was_stored(pull.source)
    _record_pull(store, pull, ledgers, EMPTY if empty else "incomplete" if pull.failed else "stored", now=now)
    return PullResult(pull.source, ledgers, findings_of(store, applied) | (empty_findings(pull) if empty else {}))


def _compared(store: Store, pull: Pull, ours: Ours, *, context: PullContext, now: datetime) -> _Compared:
    """Return a pull held against what is stored. Raises: SafetyStop, as `apply_pull` does."""
    first_read = store.evidence.first_read(pull.source)
    readings = pseudonymous_items(pull, ours.reading, first_read=first_read, now=now)
    again = know_again(store, pull, readings, context.pseudonyms, now=now)
    if not context.anew:
        readings = without_purged(store, readings, ours.text, source=pull.source)
    spoken = {record for read in readings if (record := getattr(read.reading, "record", ""))}
    live = store.of_source(pull.source).number_live()
    stored, beside = _stored(store, pull.source, context, records=spoken if live else frozenset())
    files = store.evidence.files(pull.source, gone=True)
    newer = unread(files, pull, among=spoken)

    def planned(same: frozenset[str] = frozenset()) -> ChangePlan:
        known = replace(beside, same_trainings=same)
        return plan_changes(stored, readings, unread=newer, beside=known, new=completions_of(pull, ours))

    not_read = still_there(files, pull, context.pseudonyms)
    tonight = PullTonight(pull, readings, stored, not_read, ours, first_read, planned, live)
    plan = settle_days(store, tonight, planned(), context.days_accepted, now=now)
    if not _surely_plausible(store, pull, live, context=context):
        present = _present(pull, not_read, readings, plan) | beside.doubted | records_corrected(plan)
        _refuse_implausible(store, pull, present, context=context, now=now)
        del present  # as many as the source has rows
    read_at = {file.name: first_read.get(file.sha256, now).astimezone(context.zone) for file in pull.files}
    names = {file.name: ours.name_of(file, read_at[file.name].date()) for file in pull.files}
    outcomes = _outcomes(readings, plan, again)
    applied = Applied(pull, readings, plan, outcomes, files, not_read, names, first_read)
    return _Compared(applied, newer, again.lost)


def _see_learners(store: Store, applied: Applied, ours: Ours, *, context: PullContext, now: datetime) -> None:
    """Record whom the source speaks of tonight; a sign-up gives way to what is done."""
    source, readings = applied.pull.source, applied.readings
    booked = booked_by(store, source, readings, ours.seen, book=context.book)
    tonight = _of_tonight(ours, readings, applied.pull, booked)
    store.evidence.see_learners(source, tonight, context.pseudonyms, now=now)
    give_way(store, source, [who for who in tonight if who.learner not in booked], now=now)


def _name_files(store: Store, applied: Applied) -> None:
    """Keep the names of files that were read before without one, and that speak of somebody on the roster now."""
    again = (f for f in applied.pull.files if f.sha256 in applied.first_read and not f.failed)
    store.evidence.name_files(applied.pull.source, {f.sha256: f.name for f in again if applied.names[f.name].named})


def _record_pull(store: Store, pull: Pull, ledgers: Iterable[FileLedger], outcome: str, *, now: datetime) -> None:
    """Record that the source was pulled; with a file that could not be read it is as old as its last whole pull."""
    ledger = {file_ledger.name: dict(file_ledger.outcomes) for file_ledger in ledgers}
    cursor = pull.cursor or store.runs.cursor(pull.source)
    store.runs.record_pull(PullRecord(pull.source, now, outcome, ", ".join(pull.failed), ledger, cursor))


def _not_kept_yet(
    of_source: SourceEvidence, items: Sequence[StoredItem], readings: Sequence[ItemRead]
) -> list[StoredItem]:
    """Return the items to store: all but what a purge removed, and what says nothing new and is kept already."""
    hashes: dict[str, list[str]] = defaultdict(list)
    for item in items:
        hashes[item.outcome].append(item.text_hash)
    not_done, again = ItemOutcome.NOT_A_COMPLETION.value, (ItemOutcome.UNCHANGED.value, ItemOutcome.SUPERSEDED.value)
    kept = {outcome: of_source.text_hashes(hashes[outcome]) for outcome in again}
    kept[not_done] = of_source.unused_hashes(hashes[not_done], not_done)
    return [
        item
        for item, read in zip(items, readings, strict=True)
        if not read.purged and item.text_hash not in kept.get(item.outcome, ())
    ]


def _today(context: PullContext, now: datetime) -> date:
    return now.astimezone(context.zone).date()


def _stored(
    store: Store, source: str, context: PullContext, *, records: Set[str]
) -> tuple[dict[str, Completion], StoredBeside]:
    """Return the newest live completion of each of some records, and what else is known of the source's."""
    versions: dict[str, list[Completion]] = defaultdict(list)
    for completion in store.of_source(source).completions(records) if records else ():
        versions[completion.record].append(completion)
    for same in versions.values():
        same.sort(key=lambda completion: completion.day or date.max)  # an undated claim is what was told last
    doubts: dict[str, tuple[Doubt, ...]] = {}
    for doubt in DOUBTS.read(store).values():
        if doubt.source == source:
            doubts[doubt.record] = (*doubts.get(doubt.record, ()), doubt)
    earlier = {record: tuple(same[:-1]) for record, same in versions.items() if len(same) > 1}
    newest = {record: same[-1] for record, same in versions.items()}
    return newest, StoredBeside(earlier, doubts, context.standings)


def _of_tonight(ours: Ours, readings: Sequence[ItemRead], pull: Pull, booked: Set[str]) -> list[PseudonymousLearner]:
    """Return the learners of the evidence that was read tonight, and those `booked`.

    Of what a purge removed nobody comes back.
    """
    here = {r.learner.key for read in readings if isinstance(r := read.reading, Completion)} | booked
    here.update([who.learner for file in pull.files for who in different(file.plain.those(done=True).stated)])
    return [learner for learner in ours.seen if learner.learner in here]


def _outcomes(readings: Sequence[ItemRead], plan: ChangePlan, again: KnownAgain) -> list[ItemOutcome]:
    """Return what became of each item: what has got another key is corrected, though it says what it said."""
    return [
        ItemOutcome.CORRECTED
        if outcome is ItemOutcome.UNCHANGED and getattr(read.reading, "record", "") in again.records
        else outcome
        for read, outcome in zip(readings, plan.outcomes, strict=True)
    ]


def _present(pull: Pull, not_read: Iterable[StoredFile], readings: Sequence[ItemRead], plan: ChangePlan) -> set[str]:
    """Return the records that are not missing: done in what was read or in files not read again, or just doubted."""
    present = {r.record for read in readings if isinstance(r := read.reading, Completion)}
    for file in not_read:
        present |= file.records.each
    return present.union(plan.doubted, pull.known_done, *[file.plain.those(done=True).records for file in pull.files])


def _surely_plausible(store: Store, pull: Pull, live: int, *, context: PullContext) -> bool:
    """Tell without a look at each record that a pull misses few of the `live` completions, and shows none again.

    Every row that was passed over and is done speaks of a record of its own that counts.
    """
    if pull.export != "cumulative":
        return True
    passed = sum(len(file.known.done) for file in pull.files)
    nobody_said = context.drop_accepted is None and not store.evidence.accepted_absences(pull.source)
    return nobody_said and live - passed <= most_missing(passed)


def _refuse_implausible(store: Store, pull: Pull, present: Set[str], *, context: PullContext, now: datetime) -> None:
    stored = store.of_source(pull.source).live_records()
    store.evidence.end_absences(pull.source, present, now=now)
    live = stored - agreed_absences(store, pull.source)
    if context.drop_accepted is not None:
        accept_drop(store, pull.source, live - present, author=context.drop_accepted)
    else:
        check_plausible(live, present, source=pull.source)
