"""A pull of files that were all read before, and of nothing else: nothing that is stored is loaded for it."""

from collections.abc import Sequence
from datetime import datetime

from lms_sync.model.evidence import FileThere
from lms_sync.model.run import FileLedger, Pulled, PullRecord
from lms_sync.operations.pull.readable import ledger_name
from lms_sync.sources.pull import Pull
from lms_sync.store.known.differences import agreed_absences
from lms_sync.store.store import Store


def is_unchanged(store: Store, pull: Pull, there: Sequence[FileThere]) -> bool:
    """Tell whether a pull found the files that were `there` when it was stored last, and read none of them again.

    Not where the log tells otherwise of what a person agreed is missing: then the source is looked at as a whole.
    """
    skipped = {file.fingerprint for file in pull.skipped}
    if pull.files or pull.cursor or skipped != {file.fingerprint for file in there}:
        return False
    return agreed_absences(store, pull.source) == store.evidence.accepted_absences(pull.source)


def record_unchanged(store: Store, pull: Pull, there: Sequence[FileThere], *, now: datetime) -> Pulled:
    """Record that a source was read whole and had nothing new; the caller holds the transaction."""
    before = {file.fingerprint: file for file in there}
    known = (before[skipped.fingerprint] for skipped in pull.skipped)
    files = tuple(FileLedger(ledger_name(file.name, file.sha256), file.ledger, unchanged=True) for file in known)
    store.runs.record_pull(PullRecord(pull.source, now, "stored", "", {}, store.runs.cursor(pull.source)))
    findings = {f"source {pull.source}": ()}
    store.findings.see(findings, now=now)
    return Pulled(pull.source, files, None, findings)
