"""What the log says counts now, by every entry that can be believed; and what is wrong with the log itself. Pure.

An entry after the baseline, or after the first that carries a code, is believed only with its code. A purge's entry
and the baseline tell what counted as keyed hashes: of what is personal nothing else stays of it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms_sync.errors import ConfigError
from lms_sync.model.dispute import Key, Payload
from lms_sync.model.log import DecisionKind, LogEntry
from lms_sync.store.audit import KeyedHash, broken, hash_payload, mac_of
from lms_sync.store.known.in_force import Subject, stated_by

Mark = tuple[DecisionKind, str]
IN_FORCE = "in_force"
"""In a baseline's or a purge's entry: kind → mark → digest of all that counted."""
ENTRIES = "entries"
"""In a purge's entry: the numbers of the entries whose text it took."""
_PERSONAL = (DecisionKind.MERGE, DecisionKind.NAME, DecisionKind.HOLD, DecisionKind.RELEASE)
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


def mark_of(subject: Subject, sealed: KeyedHash) -> Mark:
    """Return what a decision is named by in log and state: its key, or a keyed hash of a key that names somebody."""
    kind, key = subject
    text = "\x1f".join(key)
    return kind, sealed(f"decision: {kind.value}", text) if kind in _PERSONAL else text


def digest_of(payload: Payload, sealed: KeyedHash) -> str:
    """Return a keyed hash of what was decided."""
    return sealed("decided", json.dumps(payload, sort_keys=True, ensure_ascii=False))


def marked(state: Mapping[Subject, Payload], sealed: KeyedHash) -> dict[str, dict[str, str]]:
    """Return all that counts as an entry keeps it: kind → mark → digest."""
    found: dict[str, dict[str, str]] = {}
    for subject, payload in state.items():
        kind, mark = mark_of(subject, sealed)
        found.setdefault(kind.value, {})[mark] = digest_of(payload, sealed)
    return found


def first_sealed(entries: Iterable[LogEntry]) -> int:
    """Return the number of the first entry that carries a code, from which on each must; a huge one for none."""
    return next((entry.number for entry in entries if entry.mac), 2**31)


def key_is_another(entries: Sequence[LogEntry], sealed: KeyedHash) -> bool:
    """Tell whether no code of all there are fits the identity key: one cause, and not the entries'."""
    codes = [entry for entry in entries if entry.mac]
    return bool(codes) and not any(entry.mac == mac_of(entry.hash, sealed) for entry in codes)


def believed(entries: Sequence[LogEntry], sealed: KeyedHash) -> tuple[LogEntry, ...]:
    """Return the entries whose text is as it was written, and that carry their code where they must."""
    first = 2**31 if key_is_another(entries, sealed) else first_sealed(entries)
    return tuple(
        entry
        for entry in entries
        if not entry.purged
        and hash_payload(entry.payload) == entry.payload_hash
        and (entry.number < first or entry.mac == mac_of(entry.hash, sealed))
    )


def logged(entries: Sequence[LogEntry], sealed: KeyedHash) -> dict[Mark, Logged]:
    """Return what the log says of each decision that it speaks of."""
    found: dict[Mark, Logged] = {}
    for entry in believed(entries, sealed):
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
                    digest = "" if payload is None else digest_of(payload, sealed)
                    found[mark_of(subject, sealed)] = Logged(
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


def troubles(entries: Sequence[LogEntry], sealed: KeyedHash) -> tuple[str, ...]:
    """Return what is wrong with the log itself, in sentences, but for what a person has decided about."""
    found = list(broken(entries))
    if key_is_another(entries, sealed):
        found.append(
            "no entry's code fits the identity key: the key file is another one than the log was written with"
        )
    else:
        first = first_sealed(entries)
        found += [
            f"entry {entry.number} does not carry this workspace's code: something else has written it"
            for entry in entries
            if entry.number > first and entry.mac != mac_of(entry.hash, sealed)
        ]
    covered = purged_by_entries(entries, sealed)
    found += [
        f"the text of entry {entry.number} is gone as if purged, and no later purge tells of it"
        for entry in entries
        if entry.purged and entry.number not in covered
    ]
    settled = _settled(entries, sealed)
    return tuple(sentence for sentence in dict.fromkeys(found) if sealed("trouble", sentence) not in settled)


def _settled(entries: Sequence[LogEntry], sealed: KeyedHash) -> set[str]:
    """Return the troubles, by keyed hash, that a person has decided about."""
    decided = (e.decision.after or {} for e in believed(entries, sealed) if e.kind == DecisionKind.DIFFERENCE)
    return {after["trouble"] for after in decided if "trouble" in after}


def purged_by_entries(entries: Sequence[LogEntry], sealed: KeyedHash) -> set[int]:
    """Return the numbers of the entries whose text a later purge has taken, by its own word."""
    trusted = {entry.number for entry in believed(entries, sealed)}
    found: set[int] = set()
    for entry in reversed(entries):
        if entry.kind != DecisionKind.PURGE or (entry.number not in trusted and entry.number not in found):
            continue
        after: Mapping[str, Any] = {} if entry.purged else entry.decision.after or {}
        if ENTRIES in after:
            found |= {number for number in after[ENTRIES] if number < entry.number}
        else:
            # Earlier versions told no numbers, only the day before which everything old went.
            found |= {e.number for e in entries if e.number < entry.number and _is_before(e, entry, after)}
    return found


def _is_before(entry: LogEntry, purge: LogEntry, after: Mapping[str, Any]) -> bool:
    cutoff = date.fromisoformat(after["before"]) if "before" in after else purge.at.date()
    return entry.at.date() <= cutoff
