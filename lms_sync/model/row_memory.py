"""The rows of one source that were read before, and the keyed hashes by which they are known again."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from lms_sync.model.evidence import Completion, Item, Learner, NotDone
from lms_sync.model.known_rows import MARK, Identity, KnownRows, Stated
from lms_sync.model.pseudonyms import Pseudonyms, fold_seldom, former_keys, learner_hash, record_hash, record_hashing


def identity_of(item: Item) -> Identity:
    """Return what identifies somebody in an item's text, folded."""
    return _folded(_identifying(item))


def _folded(texts: Identity) -> Identity:
    return tuple([(heading, fold_seldom(text)) for heading, text in texts if text])


@dataclass(frozen=True, slots=True)
class RowMemory:
    """The rows of one source that were read before, and the keyed hashes by which they are known again."""

    source: str
    pseudonyms: Pseudonyms
    rows: KnownRows = field(default_factory=KnownRows)
    current: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    """Learner → `Stated.who`, of those of whom the store has just that; of strangers while the roster is the same."""
    kept_at: datetime | None = None
    """When the rows were kept; None where none were."""
    people: str = ""
    """A hash of the roster and of what is decided about people, by which strangers are told; empty where none is."""
    kept: object = None
    """The rows as the store has them, so that they can stay so; None where it has none."""
    in_clear: Set[str] | None = None
    """The source's learners who are kept in the clear; None where nobody was asked for."""
    _stated: dict[str, tuple[Learner, Identity, Stated]] = field(default_factory=dict)
    """Key of a learner → what was read last of it: the rows of one learner say the same as a rule."""

    def marks(self, rests_on: object) -> Callable[[object], bytes]:
        """Return what makes the hash of a row's cells; `rests_on` is all else that its reading rests on."""
        hashed = _hashing(self.pseudonyms.key, "rows", repr((self.source, rests_on)))
        return lambda cells: hashed(_bytes(repr(cells)))

    def line_marks(self, rests_on: object) -> Callable[[bytes], bytes]:
        """Return what makes the hash of a line of text; `rests_on` is all else that its reading rests on."""
        return _hashing(self.pseudonyms.key, "lines", repr((self.source, rests_on)))

    def group_marks(self, rests_on: object) -> Callable[[bytes], bytes]:
        """Return the same for a group of lines."""
        return _hashing(self.pseudonyms.key, "groups", repr((self.source, rests_on)))

    def records_by_key(self) -> Callable[[str], str]:
        """Return what gives a record by its key, as the evidence has it: for as many as a sheet has rows."""
        return record_hashing(self.source, self.pseudonyms)

    def let_go(self) -> None:
        """Forget whose texts were hashed: they are hashed once more where they come again."""
        self._stated.clear()

    def stated(self, item: Item) -> Stated | None:
        """Return what an item says of who it was; None for one that has no learner."""
        if not isinstance(item.reading, Completion | NotDone):
            return None
        return self.stated_of(item.reading.learner, _identifying(item))

    def stated_of(self, who: Learner, texts: Identity) -> Stated:
        """Return what is said of a learner, with the cells that identify somebody, as read."""
        before = self._stated.get(who.key)
        if before is not None and before[0] == who and before[1] == texts:
            return before[2]
        learner = before[2].learner if before else learner_hash(self.source, who.key, self.pseudonyms)
        of_who, of_identity = _hashing_of_people(self.pseudonyms.key)
        stated = Stated(learner, of_who(repr(who)), of_identity(repr(_folded(texts))))
        self._stated[who.key] = who, texts, stated
        return stated

    def unchanged(self, learners: Iterable[Learner], *, without: Set[str]) -> frozenset[str]:
        """Return those of some learners, as the evidence has them, of whom all that is read is what the store has."""
        if self.current.keys() <= without:
            return frozenset()
        of_who, _ = _hashing_of_people(self.pseudonyms.key)
        read: dict[str, set[bytes]] = defaultdict(set)
        for who in learners:
            learner = learner_hash(self.source, who.key, self.pseudonyms)
            if learner in self.current and learner not in without:
                read[learner].add(of_who(repr(who)))
        return frozenset(learner for learner, several in read.items() if several == {self.current[learner]})

    def identity(self, item: Item) -> bytes:
        """Return the keyed hash of what identifies somebody in an item's text."""
        _, of_identity = _hashing_of_people(self.pseudonyms.key)
        return of_identity(repr(identity_of(item)))

    def records(self, item: Item) -> Iterable[str]:
        """Return the records that an item may speak of, by today's key and by former ones."""
        record = getattr(item.reading, "record", "")
        if record:
            yield record_hash(self.source, record, self.pseudonyms)
            yield from (key.record for key in former_keys(item, self.pseudonyms))


@lru_cache(maxsize=16)
def _hashing_of_people(key: bytes) -> tuple[Callable[[str], bytes], Callable[[str], bytes]]:
    """Return what hashes a learner's identifiers and names, and the texts that identify a person; begun once."""
    of_who, of_identity = _hashing(key, "rows", "who"), _hashing(key, "rows", "identity")
    return (lambda text: of_who(_bytes(text))), (lambda text: of_identity(_bytes(text)))


def kept_mark(pseudonyms: Pseudonyms, source: str) -> Callable[[Iterable[bytes]], bytes]:
    """Return what makes a keyed hash of all that is kept of a source's rows, by which damage to it is noticed."""
    hashed = _hashing(pseudonyms.key, "kept", source)

    def mark_of(parts: Iterable[bytes]) -> bytes:
        return hashed(b"".join([hashed(part) for part in parts]))

    return mark_of


def _hashing(key: bytes, kind: str, about: str) -> Callable[[bytes], bytes]:
    """Return what makes a keyed hash of data of a kind about one thing: for as many as a sheet has rows."""
    key_of_kind = hashlib.sha256(f"{kind}\x1f".encode() + key).digest()
    begin = hashlib.blake2b(_bytes(f"{about}\x1f"), digest_size=MARK, key=key_of_kind).copy

    def hashed(data: bytes) -> bytes:
        whole = begin()
        whole.update(data)
        return whole.digest()

    return hashed


def _bytes(text: str) -> bytes:
    """Return a text as bytes, halves of characters too."""
    return text.encode("utf-8", "surrogatepass")


def _identifying(item: Item) -> Identity:
    """Return the cells of an item that identify somebody, as read."""
    identifying = item.identifying
    return tuple([pair for pair in item.text if pair[0] in identifying])
