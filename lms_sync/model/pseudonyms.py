"""Learners as keyed hashes, so that those of other districts need not be kept in the clear."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import assert_never

from lms_sync.model.evidence import Completion, FormerKey, Item, Learner, NotDone, Reading, Refused, Revoked, Skipped
from lms_sync.model.name_agreement import KnownName, NamePart, NameWord, marks_of, name_parts, script_of
from lms_sync.model.quickly_made import quickly_made
from lms_sync.text import fold

_MARK = 16
"""Hexadecimal digits kept of the hash of a mark: enough, since a mark is compared with those of one person only."""
_BLOCK = 64
"""Bytes of a block of SHA-256."""
fold_seldom = fold.__wrapped__
"""`fold` without its memory, which is for texts that come again: learners' identifiers hardly do."""


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes keyed hashes of identifiers. The key is the workspace's identity key."""

    key: bytes

    def __repr__(self) -> str:
        return "Seal(key=…)"

    def of(self, kind: str, text: str) -> str:
        """Return 32 hexadecimal digits for a text of one kind; empty for an empty text."""
        return _hashing(self.key, kind)(text)

    def of_kind(self, kind: str) -> Callable[[str], str]:
        """Return what `of` does for all texts of one kind: quicker where there are many."""
        return _hashing(self.key, kind)

    def of_name(self, words: Iterable[NameWord]) -> tuple[NameWord, ...]:
        """Return the words of a name with keyed hashes for all that they agree with."""
        marks_of_all = _marking(self.key)
        return tuple(
            [NameWord(marks_of_all(word.marks), _script_mark(self.key, word.script), word.last) for word in words]
        )

    def of_written(self, first: str, last: str) -> tuple[NameWord, ...]:
        """Return what `of_name` makes of the `name_words`: quicker where many names share a word."""
        return tuple([_hidden(self.key, part) for part in name_parts(first, last)])

    def of_person(self, known: KnownName) -> KnownName:
        """Return a person's names with keyed hashes, as `of_name` makes them."""
        return KnownName(self.of_name(known.words), frozenset(self.of_marks(known.without)))

    def of_marks(self, marks: Iterable[str]) -> tuple[str, ...]:
        """Return the keyed hashes of what words of a name agree with, the words themselves among it."""
        return _marking(self.key)(marks)

    @property
    def check(self) -> str:
        """Return what tells this key from another without giving it away."""
        return self.of("check", "the identity key of this workspace")


@lru_cache(maxsize=256)
def _hashing(key: bytes, kind: str) -> Callable[[str], str]:
    """Return what makes the HMAC-SHA-256 of a kind's texts, its halves begun once: a pull makes one or two a row.

    Source: RFC 2104, section 4, Implementation Note.
    """
    begin_inner, begin_outer = _begun(key, kind)

    def hashed(text: str) -> str:
        if not text:
            return ""
        inner, outer = begin_inner(), begin_outer()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.hexdigest()[:32]

    return hashed


@lru_cache(maxsize=16)
def _marking(key: bytes) -> Callable[[Iterable[str]], tuple[str, ...]]:
    """Return what makes the hashes of marks, all in one loop: a word has some ten, and a pull thousands of words."""
    begin_inner, begin_outer = _begun(key, "name mark")

    def hashed(marks: Iterable[str]) -> tuple[str, ...]:
        found = []
        for mark in marks:
            inner, outer = begin_inner(), begin_outer()
            inner.update(mark.encode())
            outer.update(inner.digest())
            found.append(outer.hexdigest()[:_MARK])
        return tuple(found)

    return hashed


def _begun(key: bytes, kind: str) -> tuple[Callable[[], "hashlib._Hash"], Callable[[], "hashlib._Hash"]]:
    """Return what begins the inner and the outer half of a kind's hashes."""
    block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + f"{kind}\x1f".encode())
    return inner.copy, hashlib.sha256(bytes(byte ^ 0x5C for byte in block)).copy


@lru_cache(maxsize=8_192)
def _hidden(key: bytes, part: NamePart) -> NameWord:
    """Return a word of a name with keyed hashes for its marks, some ten: many people have a name in common."""
    word, joined, is_last = part
    return NameWord(_marking(key)(marks_of(word, joined)), _script_mark(key, script_of(word)), is_last)


@lru_cache(maxsize=256)
def _script_mark(key: bytes, script: str) -> str:
    """Return the keyed hash of a script: there are few."""
    return _marking(key)((f"script {script}",))[0]


@quickly_made
@dataclass(frozen=True, slots=True)
class PseudonymousLearner:
    """A learner with identifiers as keyed hashes, and in the clear only who may be on the roster."""

    source: str
    learner: str
    """Keyed hash of the source's learner id."""
    person_ids: tuple[str, ...]
    """Keyed hashes, sorted; two when the source's rows contradict each other."""
    emails: tuple[str, ...]
    """Keyed hashes, sorted."""
    name: str
    """Keyed hash of the name without order, accents and case; empty when the source tells none."""
    in_clear: Learner | None = None
    """The learner as read; None for learners without a candidate on the roster."""
    names: tuple[tuple[NameWord, ...], ...] | None = ()
    """Every name that was ever read of the learner, as keyed hashes.

    None where that is the name in the clear and no other; of a hidden one, where an earlier version kept none.
    """

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Return the hashes that may point to a person."""
        return self.person_ids + self.emails


def name_words(*names: str) -> str:
    """Return a name's words sorted, without accents, punctuation and case: `de la Cruz, José` → `cruz de jose la`."""
    written = " ".join(names)
    if written.isascii() and written.replace(" ", "").isalnum():
        return " ".join(sorted(written.lower().split()))
    plain = "".join(c for c in unicodedata.normalize("NFKD", written) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain.casefold()).split()
    return " ".join(sorted(words))


def pseudonymous_learner(learner: Learner, pseudonyms: Pseudonyms) -> PseudonymousLearner:
    """Return the learner with its identifiers and its name as keyed hashes, still shown."""
    return replace(named_in_clear(learner, pseudonyms), names=_names(learner, pseudonyms))


def named_in_clear(learner: Learner, pseudonyms: Pseudonyms) -> PseudonymousLearner:
    """Return the learner with its identifiers as keyed hashes, and the words of its name in the clear alone."""
    of_learner, of_person, of_email, of_name = _hashing_of_learners(pseudonyms.key, learner.source)
    person_id = of_person(fold_seldom(learner.person_id))
    emails = {of_email(fold_seldom(email)) for email in learner.emails if email}
    return PseudonymousLearner(
        learner.source,
        of_learner(fold_seldom(learner.key)),
        (person_id,) if person_id else (),
        tuple(sorted(emails)),
        of_name(name_words(learner.first_name, learner.last_name)),
        learner,
        None,
    )


@lru_cache(maxsize=256)
def _hashing_of_learners(key: bytes, source: str) -> tuple[Callable[[str], str], ...]:
    """Return what hashes a source's learners' ids, and their Person IDs, e-mails and whole names."""
    return tuple(_hashing(key, kind) for kind in (f"learner of {source}", "person", "email", "name"))


def _names(learner: Learner, pseudonyms: Pseudonyms) -> tuple[tuple[NameWord, ...], ...]:
    words = pseudonyms.of_written(learner.first_name, learner.last_name)
    return (words,) if words else ()


def names_of(learner: PseudonymousLearner, pseudonyms: Pseudonyms) -> tuple[tuple[NameWord, ...], ...] | None:
    """Return every name that is known of a learner: also of one shown, or without a name, that was stored before.

    None for one that an earlier version stored, hidden, with a name that nobody can compare.
    """
    if learner.names is not None:
        return learner.names
    if learner.in_clear is not None:
        return _names(learner.in_clear, pseudonyms)
    return None if learner.name else ()


def learner_hash(source: str, key: str, pseudonyms: Pseudonyms) -> str:
    """Return the keyed hash of a source's learner."""
    return pseudonyms.of(f"learner of {source}", fold_seldom(key))


def record_hash(source: str, key: str, pseudonyms: Pseudonyms) -> str:
    """Return the keyed hash of a source's record."""
    return record_hashing(source, pseudonyms)(key)


def record_hashing(source: str, pseudonyms: Pseudonyms) -> Callable[[str], str]:
    """Return what `record_hash` makes of the keys of a source."""
    return pseudonyms.of_kind(f"record of {source}")


def former_keys(item: Item, pseudonyms: Pseudonyms) -> tuple[FormerKey, ...]:
    """Return the keys that earlier versions gave an item, as keyed hashes; none of an item that has no key."""
    source = getattr(item.reading, "source", "")
    return tuple(
        FormerKey(record_hash(source, key.record, pseudonyms), learner_hash(source, key.learner, pseudonyms))
        for key in item.former
        if source
    )


def pseudonymous_reading(reading: Reading, pseudonyms: Pseudonyms) -> Reading:
    """Return the reading with its record and learner as keyed hashes; refused and skipped readings have neither."""
    match reading:
        case Completion():
            learner = Learner(reading.source, learner_hash(reading.source, reading.learner.key, pseudonyms))
            return pseudonymous_completion(reading, pseudonyms, learner)
        case NotDone() | Revoked():
            return replace(reading, record=record_hash(reading.source, reading.record, pseudonyms))
        case Refused() | Skipped():
            return reading
        case _:
            assert_never(reading)


def pseudonymous_completion(completion: Completion, pseudonyms: Pseudonyms, learner: Learner) -> Completion:
    """Return a completion with its record as a keyed hash, of a pseudonymous `learner`.

    `replace` would take three times as long.
    """
    return Completion(
        completion.source,
        record_hash(completion.source, completion.record, pseudonyms),
        learner,
        completion.course,
        completion.course_title,
        completion.day,
        completion.origin,
        completion.unit,
        completion.unit_title,
        completion.instant,
        completion.zone,
        completion.status,
        completion.claim,
        completion.score,
        completion.attributes,
    )


def merged(learners: Iterable[PseudonymousLearner]) -> tuple[PseudonymousLearner, ...]:
    """Return one learner for each (source, id), with the ids, e-mails and names of all its readings."""
    found: dict[tuple[str, str], PseudonymousLearner] = {}
    for learner in learners:
        before = found.get((learner.source, learner.learner))
        if before is None:
            found[learner.source, learner.learner] = learner
        elif before != learner:
            ids = tuple(sorted({*before.person_ids, *learner.person_ids}))
            emails = tuple(sorted({*before.emails, *learner.emails}))
            names = tuple(dict.fromkeys((*(before.names or ()), *(learner.names or ()))))
            in_clear = spelt_ever(before.in_clear, learner.in_clear) if before.in_clear else None
            kept = replace(before, person_ids=ids, emails=emails, names=names, in_clear=in_clear)
            found[learner.source, learner.learner] = kept
    return tuple(found.values())


def spelt_ever(first: Learner | None, other: Learner | None) -> Learner | None:
    """Return the first of two readings of a learner, with its address in every spelling: each has its own hash."""
    if first is None or other is None or first.emails == other.emails or "@" not in first.key:
        return first or other
    spelt = (email for email in other.emails if fold(email) == first.key)
    emails = tuple(sorted({*first.emails, *spelt}))
    return first if emails == first.emails else replace(first, emails=emails)
