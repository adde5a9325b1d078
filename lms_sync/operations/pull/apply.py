"""Apply a pull to the store: one transaction a source, all of it or nothing."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo

from lms_sync.model.author import Author
from lms_sync.model.doubt import Doubt
from lms_sync.model.evidence import (
    Completion,
    NotDone,
    Refused,
    Skipped,
    StoredFile,
    StoredItem,
)
from lms_sync.model.finding import Finding
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms
from lms_sync.model.run import FileLedger, PullRecord
from lms_sync.operations.pull.beside import StoredBeside
from lms_sync.operations.pull.changes import ChangePlan, ItemOutcome, plan_changes
from lms_sync.operations.pull.corrections import NobodyStands, Standings
from lms_sync.operations.pull.decide import accept_drop
from lms_sync.operations.pull.doubts import Asking
from lms_sync.operations.pull.kept import FileName, Ours, ledger_name, ours_of
from lms_sync.operations.pull.know_again import KnownAgain, know_again, note_rules
from lms_sync.operations.pull.lost import ask_about_lost
from lms_sync.operations.pull.names_read import names_read
from lms_sync.operations.pull.plausible import check_plausible
from lms_sync.operations.pull.readings import PURGED, ItemRead, sealed, without_purged
from lms_sync.operations.pull.sign_ups import keep_sign_ups, source_tonight
from lms_sync.operations.pull.superseded import without_superseded
from lms_sync.operations.pull.unread import still_there, unread
from lms_sync.operations.pull.write import write_changes
from lms_sync.people.match import Directory
from lms_sync.sources.pull import Pull
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
    anew: bool = False
    """Read every file, also those that were read before and have not changed since."""
    zone: tzinfo = UTC
    """The district's."""
    standings: Callable[[], Standings] = NobodyStands
    """Returns how everybody stands by what is stored: by it a correction waits for HR or does not."""


@dataclass(frozen=True, slots=True)
class PullResult:
    """What one source's pull came to, with its findings by scope."""

    source: str
    files: tuple[FileLedger, ...]
    findings: Mapping[str, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class _Applied:
    """A pull with what it came to, and the source's files as they were known before."""

    pull: Pull
    readings: Sequence[ItemRead]
    plan: ChangePlan
    outcomes: Sequence[ItemOutcome]
    files: Sequence[StoredFile]
    not_read: Sequence[StoredFile]
    """Those of them that are there and were not read tonight."""
    names: Mapping[str, FileName]
    """What is kept of the name of each file that was read."""


def file_scope(source: str, name: str) -> str:
    """Return the scope of findings that are looked at again when the file is read again."""
    return f"file {source} {name}"


def apply_pull(store: Store, pull: Pull, *, context: PullContext, now: datetime) -> PullResult:
    """Bring the source's evidence up to date; the caller holds the transaction.

    Raises: SafetyStop when a cumulative source misses too much of what it showed before.
    """
    evidence = store.evidence
    begin_readers(store, now=now)
    ours = ours_of(pull, evidence.learners(source=pull.source), context.book, context.pseudonyms)
    first_read = evidence.first_read(pull.source)
    readings = sealed(pull, ours.reading, first_read=first_read, now=now)
    seen = [(reading.item, reading.sighting.reading) for reading in readings]
    again = know_again(store, pull, seen, context.pseudonyms, now=now)
    if not context.anew:
        readings = without_purged(store, readings, source=pull.source)
    stored, beside = _stored(store, pull.source, context)
    sightings = [reading.sighting for reading in readings]
    files = evidence.files(pull.source, gone=True)
    plan = plan_changes(stored, sightings, unread=unread(files, pull), beside=beside)
    not_read = still_there(files, pull, context.pseudonyms)
    present = _present(not_read, readings, plan) | beside.doubted
    _refuse_implausible(store, pull, (stored.keys(), present), context=context, now=now)
    evidence.see_learners(pull.source, _of_tonight(ours, readings), context.pseudonyms, now=now)
    record_readers(store, pull.source, names_read(pull, context.pseudonyms), now=now)
    outcomes = _outcomes(readings, plan, again)
    read_at = {file.name: first_read.get(file.sha256, now).astimezone(context.zone) for file in pull.files}
    names = {file.name: ours.name_of(file, read_at[file.name].date()) for file in pull.files}
    items = [_stored_item(reading, outcomes[i], ours, names) for i, reading in enumerate(readings)]
    kept = evidence.text_hashes(pull.source)
    news = [
        i
        for i, reading in zip(items, readings, strict=True)
        if not reading.purged and (i.outcome != ItemOutcome.UNCHANGED or i.text_hash not in kept)
    ]
    evidence.add_items(pull.source, news, now=now)
    evidence.name_files(pull.source, {f.sha256: f.name for f in pull.files if names[f.name].named and not f.failed})
    applied = _Applied(pull, readings, plan, outcomes, files, not_read, names)
    today = _today(context, now)
    write_changes(store, plan, items, Asking(now, today))
    signed_up = source_tonight(files, pull, sightings, context.pseudonyms)
    keep_sign_ups(store, signed_up, context.pseudonyms, today=today, now=now)
    ledgers = _record_files(store, applied, now=now)
    note_rules(store, pull, now=now)
    if context.drop_accepted is None:
        ask_about_lost(store, pull.source, again.lost, book=context.book, now=now.astimezone(context.zone))
    ledger = {file_ledger.name: dict(file_ledger.outcomes) for file_ledger in ledgers}
    # With a file that could not be read the source is as old as its last whole pull.
    outcome = "incomplete" if pull.failed else "stored"
    cursor = pull.cursor or store.runs.cursor(pull.source)
    store.runs.record_pull(PullRecord(pull.source, now, outcome, ", ".join(pull.failed), ledger, cursor))
    return PullResult(pull.source, ledgers, _findings(store, applied))


def _today(context: PullContext, now: datetime) -> date:
    return now.astimezone(context.zone).date()


def _stored(store: Store, source: str, context: PullContext) -> tuple[dict[str, Completion], StoredBeside]:
    """Return the newest live completion of each record, and what else is known of the source's records."""
    versions: dict[str, list[Completion]] = defaultdict(list)
    for completion in store.evidence.completions(source):
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


def _of_tonight(ours: Ours, readings: Sequence[ItemRead]) -> list[PseudonymousLearner]:
    """Return the learners of what was read tonight; of what a purge removed nobody comes back."""
    stated = (reading.sighting.reading for reading in readings)
    here = {reading.learner.key for reading in stated if isinstance(reading, Completion | NotDone)}
    return [learner for learner in ours.seen if learner.learner in here]


def _outcomes(readings: Sequence[ItemRead], plan: ChangePlan, again: KnownAgain) -> list[ItemOutcome]:
    """Return what became of each item: what has got another key is corrected, though it says what it said."""
    return [
        ItemOutcome.CORRECTED
        if outcome is ItemOutcome.UNCHANGED and getattr(reading.sighting.reading, "record", "") in again.records
        else outcome
        for reading, outcome in zip(readings, plan.outcomes, strict=True)
    ]


def _named(reading: ItemRead, outcome: ItemOutcome) -> str:
    """Return what an item is counted as."""
    return f"{outcome.value}: {PURGED.reason}" if reading.purged else outcome.value


def _present(not_read: Iterable[StoredFile], readings: Sequence[ItemRead], plan: ChangePlan) -> Set[str]:
    """Return the records that are not missing: done in what was read or in files not read again, or just doubted."""
    present = {r.record for reading in readings if isinstance(r := reading.sighting.reading, Completion)}
    for file in not_read:
        present |= file.records
    return present | plan.doubted


def _refuse_implausible(
    store: Store, pull: Pull, stored_and_present: tuple[Set[str], Set[str]], *, context: PullContext, now: datetime
) -> None:
    stored, present = stored_and_present
    if pull.export != "cumulative":
        return
    store.evidence.end_absences(pull.source, present, now=now)
    live = stored - agreed_absences(store, pull.source)
    if context.drop_accepted is not None:
        accept_drop(store, pull.source, live - present, author=context.drop_accepted)
    else:
        check_plausible(live, present, source=pull.source)


def _stored_item(sealed: ItemRead, outcome: ItemOutcome, ours: Ours, names: Mapping[str, FileName]) -> StoredItem:
    text = ours.text(sealed.item)
    record = getattr(sealed.sighting.reading, "record", "")
    origin = sealed.item.origin
    place = (origin.sha256, origin.sheet, origin.cell, origin.url, origin.item)
    item_id = hashlib.sha256(repr((place, record, text)).encode()).hexdigest()[:32]
    name = names[sealed.file.name]
    kept = origin if name.named or not origin.file else replace(origin, file=name.origin)
    return StoredItem(item_id, kept, record, outcome, text)


def _record_files(store: Store, applied: _Applied, *, now: datetime) -> tuple[FileLedger, ...]:
    pull, readings, outcomes, names = applied.pull, applied.readings, applied.outcomes, applied.names
    # By name: the same content may lie there under two names.
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    records: dict[str, set[str]] = defaultdict(set)
    spoken: dict[str, set[str]] = defaultdict(set)
    first: dict[str, datetime] = {}
    for reading, outcome in zip(readings, outcomes, strict=True):
        counts[reading.file.name][_named(reading, outcome)] += 1
        first[reading.file.name] = reading.sighting.first_read
        if isinstance(reading.sighting.reading, Completion):
            records[reading.file.name].add(reading.sighting.reading.record)
        if not isinstance(reading.sighting.reading, Refused | Skipped):
            spoken[reading.file.name].add(reading.sighting.reading.record)
    there = {file.fingerprint: file for file in applied.files if file.there}
    here = {f.fingerprint for f in pull.files} | {f.fingerprint for f in applied.not_read}
    store.evidence.files_gone(pull.source, there.keys() - here, now=now)
    for file in pull.files:
        if not file.failed:
            store.evidence.record_file(
                StoredFile(
                    source=pull.source,
                    fingerprint=file.fingerprint,
                    name=names[file.name].kept,
                    sha256=file.sha256,
                    first_read_at=first.get(file.name, now),
                    ledger=counts[file.name],
                    records=frozenset(records[file.name]),
                    spoken=frozenset(spoken[file.name]),
                )
            )
    store.evidence.keep_records(without_superseded(store.evidence.files(pull.source, gone=True)))
    ledgers = [
        FileLedger(ledger_name(names[f.name].kept, f.sha256), dict(counts[f.name]), f.dropped) for f in pull.files
    ]
    unchanged = (there[skipped.fingerprint] for skipped in pull.skipped)
    ledgers += [FileLedger(ledger_name(f.name, f.sha256), f.ledger, unchanged=True) for f in unchanged]
    return tuple(ledgers)


def _findings(store: Store, applied: _Applied) -> dict[str, tuple[Finding, ...]]:
    """Return the findings of every file that was read, and none for files that are no longer there."""
    pull, readings, plan = applied.pull, applied.readings, applied.plan
    scopes = {name: file_scope(pull.source, kept.kept) for name, kept in applied.names.items()}
    found: dict[str, list[Finding]] = {scopes[f.name]: list(f.findings) for f in pull.files}
    for reading in readings:
        if isinstance(reading.item.reading, Refused) and not reading.purged:
            found[scopes[reading.file.name]].append(reading.item.reading.finding)
    for index, finding in plan.findings:
        found[scopes[readings[index].file.name]].append(finding)
    # What waits in a file that was only renamed stands under the name by which it was read.
    read_as = {file.fingerprint: file.name for file in store.evidence.files_there(pull.source)}
    still = (file_scope(pull.source, read_as.get(f.fingerprint, f.name)) for f in pull.skipped)
    here = {*scopes.values(), *still}
    for waiting in store.findings.open():
        if waiting.scope.startswith(file_scope(pull.source, "")) and waiting.scope not in here:
            found[waiting.scope] = []
    found[f"source {pull.source}"] = []
    return {scope: tuple(dict.fromkeys(findings)) for scope, findings in found.items()}
