"""The audit log: every human decision, with who, when, why, before and after. Append-only and hash-chained.

An entry's hash is made over the hash before it, its number, instant, kind, and the hash of its payload. The payload,
which names people, sits beside the chain: a purge replaces it by a dated tombstone and the chain still holds. A
random nonce in each payload keeps a purged one from being guessed from its hash.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select

from lms_sync.model.author import Word
from lms_sync.store.schema import audit

Before = Mapping[str, Any] | None


class Decided(StrEnum):
    """What an entry is about."""

    CLASS = "class"
    CLOCK = "clock"
    ASSIGNMENT = "assignment"
    """The decision before assignment (RCW 28A.400.345(1)): series confirmed or required."""
    LINK = "link"
    MERGE = "merge"
    CLAIM = "claim"
    DROP = "drop"
    """Records that a person agreed are missing from a source."""
    MAP = "map"
    RELEASE = "release"
    """Addresses of a partner that may be mailed to."""
    DOCUMENT = "document"
    REQUEST = "request"
    REVIEW = "review"
    DUTY = "duty"
    CONFIRMATION = "confirmation"
    PLAN = "plan"
    WITHDRAWAL = "withdrawal"
    HOLD = "hold"
    PURGE = "purge"


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision as it was logged."""

    number: int
    """1, 2, 3 … without holes."""
    at: datetime
    kind: str
    payload: Mapping[str, Any]
    """`subject`, `by`, `reason`, `before`, `after`, `nonce`; of a purged entry only `purged`, the day."""
    payload_hash: str
    previous: str
    """The hash of the entry before; 64 zeros for the first."""
    hash: str

    @property
    def purged(self) -> bool:
        """Tell whether a purge has replaced the payload."""
        return "purged" in self.payload


FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Audit:
    """One district's audit log. The caller holds the transaction that makes the decision."""

    connection: Connection
    district_id: str

    def add(self, kind: Decided, subject: str, word: Word, *, before: Before, after: Before) -> Entry:
        """Append a decision about `subject` (a Person ID, an agreement, a map version …); None for nothing.

        `before` and `after` hold JSON values only.
        """
        number, previous = self.head()
        payload = {"subject": subject, "by": word.by, "reason": word.reason, "before": before, "after": after}
        payload |= {"nonce": secrets.token_hex(16)}
        digest = hash_payload(payload)
        entry = Entry(number + 1, word.at, kind.value, payload, digest, previous, "")
        chained = chain(entry)
        values = {name: getattr(entry, name) for name in Entry.__dataclass_fields__} | {"hash": chained}
        self.connection.execute(insert(audit).values(district_id=self.district_id, **values))
        return Entry(number + 1, word.at, kind.value, payload, digest, previous, chained)

    def head(self) -> tuple[int, str]:
        """Return the number and the hash of the newest entry; (0, 64 zeros) for an empty log."""
        query = select(audit.c.number, audit.c.hash).where(audit.c.district_id == self.district_id)
        row = self.connection.execute(query.order_by(audit.c.number.desc()).limit(1)).one_or_none()
        return (0, FIRST) if row is None else (row.number, row.hash)

    def entries(self) -> tuple[Entry, ...]:
        """Return the whole log, the oldest first."""
        query = select(audit).where(audit.c.district_id == self.district_id).order_by(audit.c.number)
        return tuple(
            Entry(**{name: getattr(row, name) for name in Entry.__dataclass_fields__})
            for row in self.connection.execute(query)
        )


def hash_payload(payload: Mapping[str, Any]) -> str:
    """Return 64 hexadecimal digits for a payload, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def chain(entry: Entry) -> str:
    """Return the hash that an entry ought to have."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = "\x1f".join((entry.previous, str(entry.number), at, entry.kind, entry.payload_hash))
    return hashlib.sha256(text.encode()).hexdigest()


def broken(entries: Sequence[Entry], anchor: tuple[int, str] | None = None) -> tuple[str, ...]:
    """Return what is wrong with a log, in sentences; empty for a whole one.

    Entries are to be given as stored, the oldest first. An entry cut off at the end shows only against an `anchor`:
    a number and the beginning of its hash, as a night's summary told them.
    """
    found, previous, number = [], FIRST, 0
    for entry in entries:
        number += 1
        if entry.number != number:
            found.append(f"entry {number} is missing; {entry.number} stands in its place")
            number = entry.number
        if entry.previous != previous:
            found.append(f"entry {entry.number} does not follow from the one before it")
        if not entry.purged and hash_payload(entry.payload) != entry.payload_hash:
            found.append(f"the text of entry {entry.number} was changed")
        if chain(entry) != entry.hash:
            found.append(f"entry {entry.number} was changed")
        previous = entry.hash
    if anchor is not None:
        there = {entry.number: entry.hash for entry in entries}.get(anchor[0], "")
        if not there:
            found.append(f"entry {anchor[0]}, which a summary named, is missing: the log was cut off")
        elif not there.startswith(anchor[1]):
            found.append(f"entry {anchor[0]} is not the one that a summary named")
    return tuple(found)
