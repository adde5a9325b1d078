"""Rows of sheets that were read before: known again by a keyed hash of all that their reading rests on.

Known are only rows that state one completion as it is stored. Nothing of them can be read from what is kept.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import compress
from types import MappingProxyType
from typing import NamedTuple

from lms_sync.model.evidence import Completion, Item, Learner, NotDone
from lms_sync.model.many_records import RecordsOfRows
from lms_sync.model.pseudonyms import Pseudonyms, fold_seldom, former_keys, learner_hash, record_hash, record_hashing
from lms_sync.model.quickly_made import quickly_made

Identity = tuple[tuple[str, str], ...]
"""(heading, text) of an item's cells that identify somebody."""
MARK = 16
"""Bytes of the keyed hash of a row, or of a group of lines."""
NO_ROW = 2**32 - 1
"""Stands for the row that a line is, where it is none that is known."""


class Stated(NamedTuple):
    """What a row says of who it was, as keyed hashes; the rows of one learner say the same as a rule."""

    learner: str
    """As the evidence has it."""
    who: bytes
    """Of the learner's identifiers and names as read."""
    identity: bytes
    """Of the texts that identify a person."""


@quickly_made
@dataclass(frozen=True, slots=True)
class KnownRow:
    """A row that was read before."""

    row: bytes
    """Keyed hash of its cells and of all else that its reading rests on."""
    record: str
    """As the evidence has it."""
    stated: Stated
    in_clear: bool
    """Whether its text was kept in the clear."""


@dataclass(frozen=True)
class KnownRows:
    """Rows of a source that were read before, in columns: there may be a million of them."""

    marks: bytes = b""
    """Their keyed hashes, one behind the other: see `KnownRow.row`."""
    records: RecordsOfRows = field(default_factory=RecordsOfRows)
    stated: Sequence[Stated] = ()
    """What they say of whom, once."""
    says: Sequence[int] = ()
    """Which of the `stated` each row says."""
    in_clear: bytes = b""
    offered: bytes = b""
    """Whether each may be known tonight."""
    groups: Mapping[bytes, Sequence[int]] = field(default_factory=dict)
    """By the keyed hash of a group of lines: which row each line is, or `NO_ROW`."""

    def mark(self, place: int) -> bytes:
        """Return a row's keyed hash."""
        return self.marks[place * MARK : (place + 1) * MARK]

    def row(self, place: int) -> KnownRow:
        """Return the row at a place."""
        stated = self.stated[self.says[place]]
        return KnownRow(self.mark(place), self.records[place], stated, bool(self.in_clear[place]))

    @property
    def number_offered(self) -> int:
        """Return how many may be known tonight."""
        return sum(self.offered)

    @cached_property
    def all_offered(self) -> bool:
        """Tell whether all may be known tonight."""
        return b"\0" not in self.offered

    @cached_property
    def places(self) -> Mapping[bytes, int]:
        """By their keyed hashes the places of those that may be known tonight."""
        return self.places_without(())

    def places_without(self, places: Iterable[int]) -> dict[bytes, int]:
        """Return the same without some rows."""
        which = bytearray(self.offered)
        for place in places:
            which[place] = False
        return {self.mark(place): place for place in compress(range(len(which)), which)}

    def all(self) -> "RowsPassed":
        """Return those that may be known tonight."""
        return RowsPassed(self, [*compress(range(len(self.offered)), self.offered)])


@dataclass(frozen=True)
class RowsPassed:
    """Some known rows: those that were passed over in a file."""

    rows: KnownRows = field(default_factory=KnownRows)
    places: Sequence[int] = ()

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[KnownRow]:
        return map(self.rows.row, self.places)

    @property
    def records(self) -> list[str]:
        """Return the records of which they speak."""
        return self.records_text.split()

    @property
    def records_text(self) -> str:
        """Return the same as one text, in the order of the rows: another night's begins alike."""
        records = self.rows.records
        if len(self) == len(records):  # no row is passed over two times
            return records.text
        return " ".join(map(records.__getitem__, sorted(self.places)))

    @cached_property
    def stated(self) -> frozenset[Stated]:
        """Return what they say of whom, once."""
        says = self.rows.says
        theirs = says if len(self) == len(says) else map(says.__getitem__, self.places)
        return frozenset(map(self.rows.stated.__getitem__, {*theirs}))


NONE_PASSED = RowsPassed()
"""No row."""


@dataclass(frozen=True, slots=True)
class LinesOfFile:
    """The lines of a csv file, as far as they are to be known again by the next night."""

    groups: Sequence[int]
    """How many lines stand before each group of them, and behind these the number of all."""
    marks: bytes
    """The keyed hashes of the groups, one behind the other."""
    numbers: Sequence[int]
    """Of the lines that are known tonight, from 1."""
    places: Sequence[int]
    """Which of the known rows they are."""


def different(stated: Iterable[Stated]) -> set[Stated]:
    """Return what rows state, once: those of a learner share one value, which is compared with others only once."""
    return set({id(who): who for who in stated}.values())


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
