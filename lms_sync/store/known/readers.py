"""Of whom every item was that was ever read under a name (of a file, a sheet, a course), and who worked for whom.

A name is kept as a hash and a learner as the keyed hash that the evidence has, so that nothing here can be read. What
versions before this one read is marked as unknown once, because its refused rows cannot be told any more.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lms_sync.model.roster import Partner
from lms_sync.model.stored.facts import PARTNER
from lms_sync.store.facts import FactVersion
from lms_sync.store.known.registers import joined
from lms_sync.store.store import Store
from lms_sync.text import fold

KIND = "reader"
NOBODY_KNOWN = ""
"""Stands for an item of which nobody can tell whose it was."""
_BEGUN = "begun"


@dataclass(frozen=True, slots=True)
class NameRead:
    """A name under which an item was read, and whose item it was."""

    kind: str
    """`file`, `sheet` or `course`."""
    name: str
    learner: str
    """`learner_key`, or `NOBODY_KNOWN`."""


@dataclass(frozen=True, slots=True)
class RosterHistory:
    """What every roster ever recorded says of partners."""

    partners: tuple[Partner, ...] = ()
    """Each row that was ever recorded; several of one id where its name changed."""
    employers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Person ID → the Partner IDs to which the person was ever assigned."""


def name_key(kind: str, name: str) -> str:
    """Return the key under which a name is kept: the same for names that differ in case and blanks only."""
    return hashlib.sha256(joined(kind, fold(name)).encode()).hexdigest()


def learner_key(source: str, learner: str) -> str:
    """Return one text for a source's learner."""
    return joined(source, learner)


def begin_readers(store: Store, *, now: datetime) -> None:
    """Mark every name that an earlier version read as one of which nobody can tell, once in a database's life."""
    if _BEGUN in store.facts.read(KIND):
        return
    names = [NameRead(kind, name, NOBODY_KNOWN) for kind, name in store.evidence.names_read()]
    store.facts.put(KIND, _BEGUN, {"learners": []}, now=now)
    record_readers(store, "", names, now=now)


def record_readers(store: Store, source: str, names: Iterable[NameRead], *, now: datetime) -> None:
    """Add what was read of a source to what is known of each name; each source speaks for itself."""
    known = store.facts.read(KIND)
    found: dict[str, set[str]] = defaultdict(set)
    for name_read in names:
        if name_read.name:
            found[f"{name_key(name_read.kind, name_read.name)}.{source}"].add(name_read.learner)
    new = {
        key: {"learners": sorted(learners.union(known.get(key, {"learners": ()})["learners"]))}
        for key, learners in found.items()
    }
    store.facts.record(KIND, known | new, now=now)


def rename_readers(store: Store, source: str, learners: Mapping[str, str], *, now: datetime) -> None:
    """Let what was read of learners who have other keys now be read of them under those."""
    keys = {learner_key(source, old): learner_key(source, new) for old, new in learners.items()}
    for key, payload in store.facts.read(KIND).items():
        if key.endswith(f".{source}") and not keys.keys().isdisjoint(payload["learners"]):
            renamed = sorted({keys.get(learner, learner) for learner in payload["learners"]})
            store.facts.put(KIND, key, {"learners": renamed}, now=now)


def read_readers(store: Store, known_at: datetime | None = None) -> dict[str, frozenset[str]]:
    """Return `name_key` → the learners of every item read under it, as known at `known_at`."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, payload in store.facts.read(KIND, known_at).items():
        found[key.partition(".")[0]] |= set(payload["learners"])
    return {key: frozenset(learners) for key, learners in found.items()}


def roster_history(store: Store, known_at: datetime) -> RosterHistory:
    """Return what the rosters recorded by `known_at` say, those that no longer count among them."""
    partners = {
        (version.key, version.payload["name"]): PARTNER.read(version.payload)
        for version in _by(store, "partner", known_at)
    }
    employers: dict[str, set[str]] = defaultdict(set)
    for version in _by(store, "assignment", known_at):
        employers[version.payload["person_id"]].add(version.payload["partner_id"])
    return RosterHistory(tuple(partners.values()), {who: frozenset(ids) for who, ids in employers.items()})


def _by(store: Store, kind: str, known_at: datetime) -> list[FactVersion]:
    return [version for version in store.facts.history(kind) if version.recorded_at <= known_at]
