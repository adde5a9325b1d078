"""Of whom every item was that was ever read under a name (of a file, a sheet, a course), and who worked for whom.

A name is kept as a hash and a learner as the keyed hash that the evidence has, so that nothing here can be read. What
versions before this one read is marked as unknown once, because its refused rows cannot be told any more.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property, partial

from lms_sync.errors import ConfigError
from lms_sync.law.series import Law, parse
from lms_sync.model.roster import Partner
from lms_sync.model.stored.facts import LAW, PARTNER
from lms_sync.model.stored.stored_type import Payload, stored_json
from lms_sync.store.known.registers import joined
from lms_sync.store.store import Store
from lms_sync.text import fold

KIND = "reader"
NOBODY_KNOWN = ""
"""Stands for an item of which nobody can tell whose it was."""
_BEGUN = "begun"
_AT_ONCE = 100_000
"""Learners of names that are written together: most stand under many names, and their texts are long."""


Name = tuple[str, str]
"""`file`, `sheet` or `course`; and the name of one."""


@dataclass(frozen=True, slots=True)
class PartnerHistory:
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
    if store.facts.any(KIND, _BEGUN):
        return
    names = {name: [{NOBODY_KNOWN}] for name in store.evidence.names_read()}
    store.facts.put(KIND, _BEGUN, {"learners": []}, now=now)
    record_readers(store, "", names, now=now)


def record_readers(store: Store, source: str, names: Mapping[Name, Iterable[Set[str]]], *, now: datetime) -> None:
    """Add what was read of a source to what is known of each name; each source speaks for itself.

    `names` holds sets with the learners (`learner_key`, or `NOBODY_KNOWN`) of the items that were read under each.
    Each time only the learners that are new under a name are written, under a key of their own.
    """
    found: dict[str, list[Set[str]]] = defaultdict(list)
    for (kind, name), learners in names.items():
        if name:
            found[name_key(kind, name)] += learners
    before: dict[str, tuple[str, ...]] = dict.fromkeys(found, ())
    for key, text in (store.facts.texts(KIND) if found else {}).items():
        if _is_of(key, source) and (name := key.partition(".")[0]) in before:
            before[name] = (*before[name], text)
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)  # a course and its title have the same learners
    for name, texts in before.items():
        alike[texts].append(name)
    new: dict[str, Payload] = {}
    number = 0
    for texts, names_alike in alike.items():
        known = [stored_json(text)["learners"] for text in texts]
        written: dict[tuple[int, ...], Payload] = {}  # by the sets: names share them
        for name in names_alike:
            sets = tuple(map(id, found[name]))
            if sets not in written:
                written[sets] = {"learners": sorted(set[str]().union(*found[name]).difference(*known))}
            if unknown := written[sets]["learners"]:
                new[f"{name}.{source}.{now.isoformat()}"] = written[sets]
                number += len(unknown)
            if number > _AT_ONCE:
                store.facts.put_all(KIND, new, now=now)
                new, number = {}, 0
    store.facts.put_all(KIND, new, now=now)


def rename_readers(store: Store, source: str, learners: Mapping[str, str], *, now: datetime) -> None:
    """Let what was read of learners who have other keys now be read of them under those."""
    keys = {learner_key(source, old): learner_key(source, new) for old, new in learners.items()}
    for key, payload in store.facts.read(KIND).items():
        if _is_of(key, source) and not keys.keys().isdisjoint(payload["learners"]):
            renamed = sorted({keys.get(learner, learner) for learner in payload["learners"]})
            store.facts.put(KIND, key, {"learners": renamed}, now=now)


class LearnersOfNames(Mapping[str, frozenset[str]]):
    """`name_key` → the learners of every item read under it, made of the stored texts when it is first asked.

    Who reads a partner's document asks; a night in which no partner gets one need not take the long texts apart,
    nor even hold them.
    """

    def __init__(self, texts: Callable[[], Mapping[str, str]]) -> None:
        """Take what gives the stored texts; it is asked at most once."""
        self._texts = texts

    @cached_property
    def _found(self) -> dict[str, frozenset[str]]:
        found = _learners({key: stored_json(text) for key, text in self._texts().items()})
        return {key: frozenset(learners) for key, learners in found.items()}

    def __getitem__(self, key: str) -> frozenset[str]:
        """Return the learners of a name; raises KeyError for one that was never read."""
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        """Return the names' keys."""
        return iter(self._found)

    def __len__(self) -> int:
        """Return how many names were read."""
        return len(self._found)


def read_readers(store: Store, known_at: datetime | None = None, *, at_once: bool = True) -> LearnersOfNames:
    """Return `name_key` → the learners of every item read under it, as known at `known_at`.

    Read `at_once`, or else when they are first asked for: then the store must be open still.
    """
    read = cache(partial(store.facts.texts, KIND, known_at))
    if at_once:
        read()
    return LearnersOfNames(read)


def _is_of(key: str, source: str) -> bool:
    _, _, rest = key.partition(".")
    return rest == source or rest.startswith(f"{source}.")


def _learners(payloads: Mapping[str, Payload]) -> dict[str, set[str]]:
    """Return `name_key` → learners of all that was written under it.

    A key is the name's, the source and when it was written; earlier versions wrote no time.
    """
    found: dict[str, set[str]] = defaultdict(set)
    once: dict[str, str] = {}  # most learners stand under many names: each text once
    for key, payload in payloads.items():
        found[key.partition(".")[0]].update([once.setdefault(learner, learner) for learner in payload["learners"]])
    return found


def read_partners(store: Store) -> dict[str, Partner]:
    """Return Partner ID → the partner, of the roster in force."""
    return PARTNER.read_all(store.facts.read(PARTNER.kind))


def read_law(store: Store) -> Law:
    """Return the law in force. Raises: KeyError where none was recorded."""
    texts = LAW.read_all(store.facts.read(LAW.kind))
    return law_of(texts["topics"].text, texts["series"].text)


def law_of(topics: str, series: str) -> Law:
    """Return the law of two stored texts. Raises: ConfigError for texts that no version has written."""
    try:
        return parse(topics, series)
    except ValueError as error:
        raise ConfigError(
            f"the database holds a law that this version of lms-sync can't read ({error})",
            hint="A newer version wrote it, or somebody changed it: install that version, or restore a backup.",
        ) from error


def roster_history(store: Store, known_at: datetime) -> PartnerHistory:
    """Return what the rosters recorded by `known_at` say, those that no longer count among them."""
    employers: dict[str, frozenset[str]] = {}
    alike: dict[frozenset[str], frozenset[str]] = {}  # most people work for those for whom many others do
    for person_id, partner_id in store.facts.pairs_ever("assignment", ("person_id", "partner_id"), known_at):
        theirs = employers.get(person_id, frozenset()) | {partner_id}
        employers[person_id] = alike.setdefault(theirs, theirs)
    return PartnerHistory(partners_ever(store, known_at), employers)


def partners_ever(store: Store, known_at: datetime) -> tuple[Partner, ...]:
    """Return each row of a partner that was recorded by `known_at`; several of one id where its name changed."""
    recorded = store.facts.ever("partner", known_at)
    partners = {(key, payload["name"]): PARTNER.read(payload) for key, payload in recorded}
    return tuple(partners.values())
