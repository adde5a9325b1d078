"""The audit log: every human decision, with who, when, why, before and after. Append-only and hash-chained.

An entry's hash is made over the hash before it, its number, instant, kind, and the hash of its payload. The payload,
which names people, sits beside the chain: a purge replaces it by a dated tombstone and the chain still holds. A
random nonce in each payload keeps a purged one from being guessed from its hash.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, func, insert, select

from lms_sync.model.author import Author
from lms_sync.model.log import Before, DecisionKind, LogEntry
from lms_sync.store.rows import row_of
from lms_sync.store.schema import audit

FIRST = "0" * 64
_IN_ORDER = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode
"""Writes a payload with its keys in order; made once, since a large roster is logged by hundreds of thousands."""
_AT_ONCE = 1000
"""So many entries are hashed, or written, at once."""
_ENTRY = tuple(audit.c[field.name] for field in fields(LogEntry))
"""The columns of an entry, in the order of its fields."""
KeyedHash = Callable[[str, str], str]
"""Gives a keyed hash of a text of one kind, as `Pseudonyms.of`."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that is to be logged; `before` and `after` hold JSON values only, None for nothing."""

    kind: DecisionKind
    subject: str
    """A Person ID, an agreement, a map version …"""
    author: Author
    before: Before
    after: Before


@dataclass(frozen=True, slots=True)
class Audit:
    """One district's audit log. The caller holds the transaction that makes the decision."""

    connection: Connection
    district_id: str
    keyed_hash: KeyedHash | None = None
    """Makes the codes of entries; None for a store that was opened without the identity key."""

    def add(self, kind: DecisionKind, subject: str, author: Author, *, before: Before, after: Before) -> LogEntry:
        """Append one decision, and return its entry; see `Decided`."""
        number, previous = self.head()
        decided = Decided(kind, subject, author, before, after)
        entry = _entry(decided, number + 1, previous=previous, keyed_hash=self.keyed_hash)
        self._append([entry])
        return entry

    def add_all(self, decisions: Iterable[Decided]) -> None:
        """Append decisions in their order, some at a time: a roster may make a hundred thousand."""
        waiting = iter(decisions)
        number, previous = self.head()
        while some := list(islice(waiting, _AT_ONCE)):
            entries: list[LogEntry] = []
            for decided in some:
                number += 1
                entries.append(_entry(decided, number, previous=previous, keyed_hash=self.keyed_hash))
                previous = entries[-1].hash
            self._append(entries)

    def _append(self, entries: Iterable[LogEntry]) -> None:
        self.connection.execute(insert(audit), [row_of(entry, district_id=self.district_id) for entry in entries])

    def head(self) -> tuple[int, str]:
        """Return the number and the hash of the newest entry; (0, 64 zeros) for an empty log."""
        query = select(audit.c.number, audit.c.hash).where(audit.c.district_id == self.district_id)
        row = self.connection.execute(query.order_by(audit.c.number.desc()).limit(1)).one_or_none()
        return (0, FIRST) if row is None else (row.number, row.hash)

    def entries(self, *, kinds: Collection[DecisionKind] | None = None) -> tuple[LogEntry, ...]:
        """Return the whole log, the oldest first; only entries of these kinds, where any are given.

        Most entries are about classes and assignments: a roster of ten thousand people logs twenty thousand of them.
        """
        query = select(*_ENTRY).where(audit.c.district_id == self.district_id).order_by(audit.c.number)
        asked = query if kinds is None else query.where(audit.c.kind.in_([kind.value for kind in kinds]))
        return tuple(LogEntry(*row) for row in self.connection.execute(asked))

    def words(self) -> str:
        """Return a hash of every word of the log as it is stored, and of how many entries there are.

        Without their number two entries could be made one whose last word holds all of the second.
        """
        columns: list[ColumnElement[str]] = [cast(column, Text) for column in audit.c]
        first, *others = (*columns, *self._type_of_words())
        line: ColumnElement[str] = first
        for column in others:
            line = line + "\x1f" + column  # one text a row is read quickest
        query = select(line).where(audit.c.district_id == self.district_id).order_by(audit.c.number)
        found, number = hashlib.sha256(), 0
        for lines in self.connection.scalars(query).partitions(_AT_ONCE):
            found.update("".join(lines).encode())
            number += len(lines)
        found.update(f"\x1f{number}".encode())
        return found.hexdigest()

    def _type_of_words(self) -> Iterator[ColumnElement[str]]:
        """Yield, for SQLite, which keeps bytes where a text belongs, another word for entries that hold any.

        A text and the same one as bytes are two things to whoever asks for the entries of a kind.
        """
        if self.connection.dialect.name == "sqlite":
            yield func.typeof(func.max(*audit.c))  # bytes are more than every text and number

    def first(self) -> LogEntry | None:
        """Return the oldest entry; None for an empty log."""
        query = select(*_ENTRY).where(audit.c.district_id == self.district_id).order_by(audit.c.number).limit(1)
        row = self.connection.execute(query).one_or_none()
        return None if row is None else LogEntry(*row)


def mac_of(chained: str, keyed_hash: KeyedHash) -> str:
    """Return the code that an entry with this hash ought to carry."""
    return keyed_hash("entry of the log", str(chained))


def _entry(decided: Decided, number: int, *, previous: str, keyed_hash: KeyedHash | None) -> LogEntry:
    """Return the entry of a decision that follows the one whose hash is `previous`, with its code."""
    author = decided.author
    payload: dict[str, Any] = {"subject": decided.subject, "by": author.by, "reason": author.reason}
    payload |= {"second": author.second} if author.second else {}
    payload |= {"before": decided.before, "after": decided.after, "nonce": secrets.token_hex(16)}
    kind, payload_hash = decided.kind.value, hash_payload(payload)
    chained = _chained(previous, number, at=author.at, kind=kind, payload_hash=payload_hash)
    mac = mac_of(chained, keyed_hash) if keyed_hash else ""
    return LogEntry(number, author.at, kind, payload, payload_hash, previous, chained, mac)


def hash_payload(payload: Mapping[str, Any]) -> str:
    """Return 64 hexadecimal digits for a payload, whatever the order of its keys."""
    return hashlib.sha256(_IN_ORDER(payload).encode()).hexdigest()


def chain(entry: LogEntry) -> str:
    """Return the hash that an entry ought to have."""
    return _chained(entry.previous, entry.number, at=entry.at, kind=entry.kind, payload_hash=entry.payload_hash)


def _chained(previous: str, number: int, *, at: datetime, kind: str, payload_hash: str) -> str:
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    # On SQLite somebody may have put bytes where a text belongs: they are another text.
    text = "\x1f".join(map(str, (previous, number, instant, kind, payload_hash)))
    return hashlib.sha256(text.encode()).hexdigest()


def broken(
    entries: Sequence[LogEntry],
    anchor: tuple[int, str] | None = None,
    *,
    altered: AbstractSet[int] | None = None,
) -> tuple[str, ...]:
    """Return what is wrong with a log, in sentences; empty for a whole one.

    Entries are to be given as stored, the oldest first. An entry cut off at the end shows only against an `anchor`:
    a number and the beginning of its hash, as a night's summary told them. `altered` are the numbers of those whose
    text is not as it was written, where that was looked at already.
    """
    if altered is None:
        altered = {e.number for e in entries if not e.purged and hash_payload(e.payload) != e.payload_hash}
    found, previous, number = [], FIRST, 0
    for entry in entries:
        number += 1
        if entry.number != number:
            found.append(f"entry {number} is missing; {entry.number} is in its place")
            number = entry.number
        if entry.previous != previous:
            found.append(f"entry {entry.number} does not follow from the one before it")
        if entry.number in altered:
            found.append(f"the text of entry {entry.number} was changed")
        if chain(entry) != entry.hash:
            found.append(f"entry {entry.number} was changed")
        previous = entry.hash
    if anchor is not None:
        there = {entry.number: entry.hash for entry in entries}.get(anchor[0], "")
        if not there.startswith(anchor[1]):
            why = "was exchanged" if there else "is missing: the log was cut off"
            found.append(
                f"{anchor[0]}:{anchor[1]} is not a head of this log. If it is from a summary of this district,"
                f" entry {anchor[0]} {why}; otherwise it was mistyped, or comes from elsewhere"
            )
    return tuple(found)
