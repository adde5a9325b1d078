"""What is recorded of the files of a pull: what became of their items, their findings, the records they speak of."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from lms_sync.model.evidence import Completion, NotDone, Refused, Revoked, StoredFile
from lms_sync.model.finding import Finding
from lms_sync.model.many_records import RecordsOfFile
from lms_sync.model.run import FileLedger
from lms_sync.operations.pull.changes import ChangePlan, ItemOutcome
from lms_sync.operations.pull.readable import FileName, ledger_name
from lms_sync.operations.pull.readings import PURGED, ItemRead
from lms_sync.operations.pull.superseded import without_superseded
from lms_sync.sources.pull import Pull
from lms_sync.store.store import Store
from lms_sync.workspace.settings.corrections import CORRECTIONS


@dataclass(frozen=True, slots=True)
class Applied:
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
    first_read: Mapping[str, datetime]
    """sha256 → when a file with that content was first read."""


def file_scope(source: str, name: str) -> str:
    """Return the scope of findings that are looked at again when the file is read again."""
    return f"file {source} {name}"


@dataclass(frozen=True, slots=True)
class _ReadTonight:
    """What was read of files, by their names: the same content may lie there under two."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """What became of how many items."""
    records: dict[str, RecordsOfFile] = field(default_factory=lambda: defaultdict(RecordsOfFile))
    """Those that are done."""
    besides: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Those that are said not to be done, and no more."""
    first: dict[str, datetime] = field(default_factory=dict)
    """When a file of the same content was first read."""

    def spoken(self, name: str) -> RecordsOfFile:
        """Return every record that a file says anything of: the same value as those that are done where all are."""
        done, more = self.records[name], self.besides[name]
        return RecordsOfFile.joined((done.text, " ".join(more))) if more else done


def _read_tonight(applied: Applied, *, now: datetime) -> _ReadTonight:
    """Return what was read of the files of a pull: items, rows that are known, and rows that are new."""
    found, begin = _ReadTonight(), 0
    for file in applied.pull.files:
        name, end = file.name, begin + len(file.items)
        plain, not_yet = (file.plain.those(done=kind) for kind in (True, False))
        for rows, outcome in (
            (file.known.done, ItemOutcome.UNCHANGED),
            (file.known.again, ItemOutcome.SUPERSEDED),
            (file.known.not_done, ItemOutcome.NOT_A_COMPLETION),
            (plain, ItemOutcome.ADDED),
            (not_yet, ItemOutcome.NOT_A_COMPLETION),
        ):
            if rows:
                found.first[name] = applied.first_read.get(file.sha256, now)
                found.counts[name][outcome.value] += len(rows)
        of_file = applied.readings[begin:end]
        if of_file:
            found.first[name] = of_file[-1].first_read
        found.counts[name].update(map(_named, of_file, applied.outcomes[begin:end]))
        done = dict.fromkeys(r.record for read in of_file if isinstance(r := read.reading, Completion))
        # As the rows will be remembered, so that the next night's text begins as this one does.
        texts = found.records[name].text, file.known.done.records_text, *map(" ".join, (plain.records, done))
        found.records[name] = RecordsOfFile.joined(texts)
        not_done = {r.record for read in of_file if isinstance(r := read.reading, NotDone | Revoked)}
        not_done.update(file.known.not_done.records, not_yet.records)
        # Nor is any a plain row's: that would be an item.
        found.besides[name] |= not_done - done.keys() - file.known.done_beside
        begin = end
    return found


def record_files(store: Store, applied: Applied, *, now: datetime) -> tuple[FileLedger, ...]:
    """Record what was read of each file, and return what became of its items; the caller holds the transaction."""
    pull, names, read = applied.pull, applied.names, _read_tonight(applied, now=now)
    there = {file.fingerprint: file for file in applied.files if file.there}
    here = {f.fingerprint for f in pull.files} | {f.fingerprint for f in applied.not_read}
    recorded = {
        file.fingerprint: StoredFile(
            source=pull.source,
            fingerprint=file.fingerprint,
            name=names[file.name].kept,
            sha256=file.sha256,
            first_read_at=read.first.get(file.name, now),
            ledger=read.counts[file.name],
            records=read.records[file.name],
            spoken=read.spoken(file.name),
        )
        for file in pull.files
        if not file.failed
    }
    for stored in recorded.values():
        store.evidence.record_file(stored)
    before = {file.fingerprint: replace(file, there=file.fingerprint in here) for file in applied.files}
    store.evidence.keep_records(without_superseded((before | recorded).values()))
    store.evidence.files_gone(pull.source, there.keys() - here, now=now)  # last: their rows are short now
    ledgers = [
        FileLedger(ledger_name(names[f.name].kept, f.sha256), dict(read.counts[f.name]), f.dropped)
        for f in pull.files
    ]
    unchanged = (there[skipped.fingerprint] for skipped in pull.skipped)
    ledgers += [FileLedger(ledger_name(f.name, f.sha256), f.ledger, unchanged=True) for f in unchanged]
    return tuple(ledgers)


def _named(read: ItemRead, outcome: ItemOutcome) -> str:
    """Return what an item is counted as."""
    return f"{outcome.value}: {PURGED.reason}" if read.purged else outcome.value


def untold(store: Store, scopes: Collection[str]) -> dict[str, list[Finding]]:
    """Return, by scope, what waits there and no summary has told HR yet.

    A message is taken once: no later pull finds again what was wrong with it, also after a night that was killed.
    That some were left for a later pull is so only until then.
    """
    last = store.runs.last_finished("nightly")
    found: dict[str, list[Finding]] = defaultdict(list)
    for waits in store.findings.open(scopes=scopes):
        if waits.finding.code != "mail-left" and (last is None or waits.first_seen > last):
            found[waits.scope].append(waits.finding)
    return found


def findings_of(store: Store, applied: Applied) -> dict[str, tuple[Finding, ...]]:
    """Return the findings of every file that was read, and none for files that are no longer there."""
    pull, readings, plan = applied.pull, applied.readings, applied.plan
    scopes = {name: file_scope(pull.source, kept.kept) for name, kept in applied.names.items()}
    found: dict[str, list[Finding]] = {scopes[f.name]: list(f.findings) for f in pull.files}
    for read in readings:
        if isinstance(read.item.reading, Refused) and not read.purged:
            found[scopes[read.file.name]].append(read.item.reading.finding)
    for index, finding in plan.findings:
        found[scopes[readings[index].file.name]].append(finding)
    # What waits in a file that was only renamed stands under the name by which it was read.
    read_as = {file.fingerprint: file.name for file in store.evidence.files_there(pull.source)}
    still = (file_scope(pull.source, read_as.get(f.fingerprint, f.name)) for f in pull.skipped)
    here = {*scopes.values(), *still}
    ours = [scope for scope in store.findings.open_scopes() if scope.startswith(file_scope(pull.source, ""))]
    gone = [scope for scope in ours if scope not in here]
    by_mail = bool(pull.cursor) and pull.source == CORRECTIONS
    found |= {scope: [] for scope in gone} | (untold(store, gone) if by_mail else {})
    found[f"source {pull.source}"] = []
    return {scope: tuple(dict.fromkeys(findings)) for scope, findings in found.items()}
