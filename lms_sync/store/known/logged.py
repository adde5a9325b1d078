"""What the log says counts now, by every entry that can be believed; and what is wrong with the log itself. Pure.

An entry after the baseline, or after the first that carries a code, is believed only with its code. A purge's entry
and the baseline tell what counted as keyed hashes: of what is personal nothing else stays of it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms_sync.errors import ConfigError
from lms_sync.model.dispute import Key, Payload
from lms_sync.model.log import DecisionKind, LogEntry
from lms_sync.store.audit import KeyedHash, broken, hash_payload, mac_of
from lms_sync.store.known.in_force import SPOKEN_OF, Subject, stated_by

Mark = tuple[DecisionKind, str]
IN_FORCE = "in_force"
"""In a baseline's or a purge's entry: kind → mark → digest of all that counted."""
ENTRIES = "entries"
"""In a purge's entry: the numbers of the entries whose text it took."""
_PERSONAL = (DecisionKind.MERGE, DecisionKind.NAME, DecisionKind.HOLD, DecisionKind.RELEASE)
_SPEAKING = frozenset((*SPOKEN_OF, DecisionKind.BASELINE, DecisionKind.PURGE, DecisionKind.DIFFERENCE))
"""Kinds of entries that say what counts; most are about classes and assignments, which the roster holds."""
_NO_SHAPE = (ConfigError, KeyError, TypeError, ValueError, AttributeError)
"""What reading an entry raises whose text is in no shape that any version has written."""


@dataclass(frozen=True, slots=True)
class Logged:
    """What the newest entry that speaks of something says."""

    number: int
    digest: str
    """Empty for something that was taken back."""
    key: Key = ()
    payload: Payload | None = None
    day: date = date.max
    """Of the entry."""


def mark_of(subject: Subject, keyed_hash: KeyedHash) -> Mark:
    """Return what a decision is named by in log and state: its key, or a keyed hash of a key that names somebody."""
    kind, key = subject
    text = "\x1f".join(key)
    return kind, keyed_hash(f"decision: {kind.value}", text) if kind in _PERSONAL else text


def digest_of(payload: Payload, keyed_hash: KeyedHash) -> str:
    """Return a keyed hash of what was decided."""
    return keyed_hash("decided", json.dumps(payload, sort_keys=True, ensure_ascii=False))


def marked(state: Mapping[Subject, Payload], keyed_hash: KeyedHash) -> dict[str, dict[str, str]]:
    """Return all that counts as an entry keeps it: kind → mark → digest."""
    found: dict[str, dict[str, str]] = {}
    for subject, payload in state.items():
        kind, mark = mark_of(subject, keyed_hash)
        found.setdefault(kind.value, {})[mark] = digest_of(payload, keyed_hash)
    return found


def first_sealed(entries: Iterable[LogEntry]) -> int:
    """Return the number of the first entry that carries a code, from which on each must; a huge one for none."""
    return next((entry.number for entry in entries if entry.mac), 2**31)


@dataclass(frozen=True, slots=True)
class CheckedLog:
    """The log with what each check of an entry found: each is hashed once, however many questions there are."""

    entries: Sequence[LogEntry]
    """As stored, the oldest first."""
    altered: frozenset[int]
    """Numbers of the entries whose text is not as it was written; purged ones not among them."""
    uncoded: frozenset[int]
    """Numbers of the entries that ought to carry a code and do not carry theirs."""
    other_key: bool
    """Whether no code of all there are fits the identity key: one cause, and not the entries'."""

    @classmethod
    def of(cls, entries: Sequence[LogEntry], keyed_hash: KeyedHash) -> "CheckedLog":
        """Return the log, each entry of which has been looked at."""
        altered = frozenset(e.number for e in entries if not e.purged and hash_payload(e.payload) != e.payload_hash)
        first = first_sealed(entries)
        coded = [entry for entry in entries if entry.number >= first]
        uncoded = frozenset(entry.number for entry in coded if entry.mac != mac_of(entry.hash, keyed_hash))
        other_key = bool(coded) and all(entry.number in uncoded for entry in coded if entry.mac)
        return cls(entries, altered, frozenset() if other_key else uncoded, other_key)

    @property
    def believed(self) -> Iterator[LogEntry]:
        """The entries whose text is as it was written, and that carry their code where they must."""
        doubtful = self.altered | self.uncoded
        return (entry for entry in self.entries if not entry.purged and entry.number not in doubtful)


def logged(log: CheckedLog, keyed_hash: KeyedHash) -> dict[Mark, Logged]:
    """Return what the log says of each decision that it speaks of."""
    found: dict[Mark, Logged] = {}
    for entry in log.believed:
        if entry.kind not in _SPEAKING:
            continue
        with suppress(*_NO_SHAPE):
            after = entry.decision.after or {}
            if IN_FORCE in after:
                in_force = dict(_in_force(entry, after[IN_FORCE], found))
                found = in_force if entry.kind == DecisionKind.PURGE else in_force | found
            elif entry.kind == DecisionKind.DIFFERENCE and "mark" in after:
                mark = DecisionKind(after["kind"]), after["mark"]
                found[mark] = _decided(entry, after["digest"], found.get(mark))
            else:
                for subject, payload in stated_by(entry):
                    digest = "" if payload is None else digest_of(payload, keyed_hash)
                    found[mark_of(subject, keyed_hash)] = Logged(
                        entry.number, digest, subject[1], payload, entry.at.date()
                    )
    return found


def _in_force(
    entry: LogEntry, in_force: Mapping[str, Mapping[str, str]], before: Mapping[Mark, Logged]
) -> Iterable[tuple[Mark, Logged]]:
    for kind, marks in in_force.items():
        for mark, digest in marks.items():
            named = DecisionKind(kind), mark
            earlier = before.get(named)
            # What an entry said in full stays readable; a purge takes its text, and then it is a hash only.
            same = earlier if earlier is not None and earlier.digest == digest else None
            yield named, same or Logged(entry.number, digest, _key(named), None, entry.at.date())


def _decided(entry: LogEntry, digest: str, before: Logged | None) -> Logged:
    """Return what counts by a person's word about a difference."""
    if before is not None and before.digest == digest:
        return before
    key = before.key if before else ()
    return Logged(entry.number, digest, key, None, entry.at.date())


def _key(mark: Mark) -> Key:
    return () if mark[0] in _PERSONAL else tuple(mark[1].split("\x1f"))


def has_baseline(entries: Iterable[LogEntry]) -> bool:
    """Tell whether an upgrade has written down what no entry spoke of."""
    return any(entry.kind == DecisionKind.BASELINE for entry in entries)


def baseline_due(entries: Sequence[LogEntry]) -> bool:
    """Tell whether an earlier version has worked here and no baseline was written since."""
    return not has_baseline(entries) and not (entries and entries[0].mac)


def troubles(log: CheckedLog, keyed_hash: KeyedHash) -> tuple[str, ...]:
    """Return what is wrong with the log itself, in sentences, but for what a person has decided about."""
    found = list(broken(log.entries, altered=log.altered))
    if log.other_key:
        found.append(
            "no entry's code fits the identity key: the key file is another one than the log was written with"
        )
    else:
        first = first_sealed(log.entries)
        found += [
            f"entry {number} does not carry this workspace's code: something else has written it"
            for number in sorted(log.uncoded)
            if number > first
        ]
    covered = purged_by_entries(log)
    found += [
        f"the text of entry {entry.number} is gone as if purged, and no later purge lists it"
        for entry in log.entries
        if entry.purged and entry.number not in covered
    ]
    settled = _settled(log)
    return tuple(sentence for sentence in dict.fromkeys(found) if keyed_hash("trouble", sentence) not in settled)


def _settled(log: CheckedLog) -> set[str]:
    """Return the troubles, by keyed hash, that a person has decided about."""
    decided = (e.decision.after or {} for e in log.believed if e.kind == DecisionKind.DIFFERENCE)
    return {after["trouble"] for after in decided if "trouble" in after}


def purged_by_entries(log: CheckedLog) -> set[int]:
    """Return the numbers of the entries whose text a later purge has taken, by its own word."""
    trusted = {entry.number for entry in log.believed if entry.kind == DecisionKind.PURGE}
    found: set[int] = set()
    for entry in reversed(log.entries):
        if entry.kind != DecisionKind.PURGE or (entry.number not in trusted and entry.number not in found):
            continue
        after: Mapping[str, Any] = {} if entry.purged else entry.decision.after or {}
        if ENTRIES in after:
            found |= {number for number in after[ENTRIES] if number < entry.number}
        else:
            # Earlier versions told no numbers, only the day before which everything old went.
            found |= {e.number for e in log.entries if e.number < entry.number and _is_before(e, entry, after)}
    return found


def _is_before(entry: LogEntry, purge: LogEntry, after: Mapping[str, Any]) -> bool:
    cutoff = date.fromisoformat(after["before"]) if "before" in after else purge.at.date()
    return entry.at.date() <= cutoff
