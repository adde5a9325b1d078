"""Whether the database still holds an issued document as it was issued: held against its code, its file and the log.

The log of decisions is chained by hashes whose newest goes out with each night's summary, so it tells of a change
that somebody with access to the database has made.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lms_sync.agreements.codes import verification_code
from lms_sync.matching import Seal
from lms_sync.store import Store
from lms_sync.store.audit import Decided, Entry
from lms_sync.store.issued import Issued

ISSUING = (Decided.CONFIRMATION.value, Decided.PLAN.value)
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
)


def digest_of(one: Issued) -> str:
    """Return 64 digits over everything of a document that never changes, but for what its code covers."""
    said = {name: str(getattr(one, name)) for name in (*_FIXED, "number", "code", "sha256")} | {
        "kind": one.kind.value
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)


def record_troubles(store: Store, seal: Seal) -> dict[str, str]:
    """Return number → what is wrong with the record of a document, as a sentence, for those that were changed."""
    entries = store.audit.entries()
    issuing = {entry.payload["after"]["number"]: entry.payload["after"] for entry in _of(entries, *ISSUING)}
    withdrawn = {entry.payload["before"]["number"] for entry in _of(entries, Decided.WITHDRAWAL.value)}
    forgotten = any(entry.purged for entry in entries)
    found = {}
    for one in store.issued.listed():
        if why := _trouble(store, one, issuing.get(one.number), seal=seal, forgotten=forgotten):
            found[one.number] = why
        elif one.stands and one.number in withdrawn:
            found[one.number] = "the log says that it was withdrawn, and its record says that it stands"
        elif not one.stands and one.number not in withdrawn and not forgotten:
            found[one.number] = "its record says that it was withdrawn, and the log says nothing of it"
    return found


def _of(entries: tuple[Entry, ...], *kinds: str) -> list[Entry]:
    return [entry for entry in entries if entry.kind in kinds and not entry.purged]


def _trouble(store: Store, one: Issued, logged: Mapping[str, Any] | None, *, seal: Seal, forgotten: bool) -> str:
    """Return what is wrong with one record; empty for nothing."""
    if logged is None and not forgotten:
        return "the log has no entry of its issuing"
    if logged is not None and logged["record"] != digest_of(one):
        return "its record is not the one of which the log tells"
    if one.purged:
        return ""
    if hashlib.sha256(store.issued.content(one.number)).hexdigest() != one.sha256:
        return "the PDF that is kept of it is not the one that was issued"
    made = verification_code(seal, one.number, as_of=one.as_of, known_at=one.known_at, judgement=one.judgement)
    return "" if made == one.code else "what the database holds of it no longer fits its verification code"
