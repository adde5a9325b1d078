"""Whether the database still holds an issued document as it was issued: held against its code, its file and the log.

The log of decisions is chained by hashes whose newest goes out with each night's summary, so it tells of a change
that somebody with access to the database has made.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from lms_sync.agreements.clause_c.codes import verification_code
from lms_sync.model.issued import Issued
from lms_sync.model.log import DecisionKind, LogEntry
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.stored.log_payload import ISSUE, LoggedIssue
from lms_sync.store.store import Store

ISSUING = (DecisionKind.CONFIRMATION.value, DecisionKind.PLAN.value)
_SPEAKING = (DecisionKind.CONFIRMATION, DecisionKind.PLAN, DecisionKind.WITHDRAWAL, DecisionKind.PURGE)
"""Kinds of entries that tell of issued documents."""
_FIXED = (
    "agreement_id",
    "partner_id",
    "as_of",
    "known_at",
    "issued_at",
    "issued_by",
    "program",
    "law",
    "map_version",
    "number",
    "code",
    "sha256",
    "kind",
)


def digest_of(issued: Issued) -> str:
    """Return 64 digits over everything of a document that never changes, but for what its code covers."""
    fixed = {name: _plain(getattr(issued, name)) for name in _FIXED}
    return hashlib.sha256(json.dumps(fixed, sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)


def next_number(store: Store, series: str) -> str:
    """Return the number after the highest one that begins with `series`, in the records and in the log.

    A number that the log knows and the records do not is never given a second time: somebody may hold its paper.
    """
    known = {issued.number for issued in store.issued.listed()} | set(_logged(store.audit.entries(kinds=_SPEAKING)))
    used = [int(number.removeprefix(series)) for number in known if number.startswith(series)]
    return f"{series}{max(used, default=0) + 1:04}"


def record_troubles(store: Store, pseudonyms: Pseudonyms) -> dict[str, str]:
    """Return number → what is wrong with the record of a document, as a sentence, for those that were changed.

    Also for a number that the log tells of and the records do not.
    """
    entries = store.audit.entries(kinds=_SPEAKING)
    logged = _logged(entries)
    withdrawn = {ISSUE.read(entry.decision.before).number for entry in _of(entries, DecisionKind.WITHDRAWAL.value)}
    forgotten = any(entry.kind == DecisionKind.PURGE for entry in entries)
    records = store.issued.listed()
    found = dict.fromkeys(
        sorted(logged.keys() - {issued.number for issued in records}),
        "the log says that it was issued, and its record is gone",
    )
    for issued in records:
        if why := _trouble(store, issued, logged.get(issued.number, ()), pseudonyms=pseudonyms, forgotten=forgotten):
            found[issued.number] = why
        elif issued.stands and issued.number in withdrawn:
            found[issued.number] = "the log says that it was withdrawn, and its record says that it is in force"
        elif not issued.stands and issued.number not in withdrawn and not (issued.purged and forgotten):
            found[issued.number] = "its record says that it was withdrawn, and the log says nothing of it"
    return found


def _logged(entries: Iterable[LogEntry]) -> dict[str, list[LoggedIssue]]:
    """Return number → what the log says of its issuing: one entry, unless somebody has tampered."""
    found: dict[str, list[LoggedIssue]] = {}
    for entry in _of(entries, *ISSUING):
        logged = ISSUE.read(entry.decision.after)
        found.setdefault(logged.number, []).append(logged)
    return found


def _of(entries: Iterable[LogEntry], *kinds: str) -> list[LogEntry]:
    return [entry for entry in entries if entry.kind in kinds and not entry.purged]


def _trouble(
    store: Store, issued: Issued, logged: Sequence[LoggedIssue], *, pseudonyms: Pseudonyms, forgotten: bool
) -> str:
    """Return what is wrong with one record; empty for nothing."""
    if len(logged) > 1:
        return "the log has two documents with this number"
    if issued.purged and not forgotten:
        return "its record says that it was purged, and the log has no such purge"
    if not logged and not issued.purged:
        return "the log has no entry of its issuing"
    if any(not _tells_of(entry, issued) for entry in logged):
        return "its record is not the one that the log describes"
    if issued.purged:
        return ""
    if hashlib.sha256(store.issued.content(issued.number)).hexdigest() != issued.sha256:
        return "the PDF that is kept of it is not the one that was issued"
    expected = verification_code(
        pseudonyms, issued.number, as_of=issued.as_of, known_at=issued.known_at, judgement=issued.judgement
    )
    return "" if expected == issued.code else "what the database holds of it no longer fits its verification code"


def _tells_of(logged: LoggedIssue, issued: Issued) -> bool:
    """Tell whether the log's words are about this very record."""
    if (logged.sha256, logged.as_of) != (issued.sha256, issued.as_of):
        return False
    return logged.record in (None, digest_of(issued))
