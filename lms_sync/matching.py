"""Learner → person, or candidates for a person to confirm. Names alone never match anybody.

Identifiers are compared as keyed hashes, so that learners of other districts need not be kept in the clear and
still match on the day on which they join the roster.
"""

import hashlib
import hmac
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from typing import TypeVar, assert_never

from rapidfuzz import fuzz, process

from lms_sync.model import Area, Completion, Finding, Learner, NotDone, Person, Reading, Refused, Revoked, Skipped

_Key = TypeVar("_Key")

SIMILAR = 88.0
"""rapidfuzz's token_sort_ratio from which on a name is worth a person's look."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Makes keyed hashes of identifiers. The key is the workspace's identity key."""

    key: bytes

    def __repr__(self) -> str:
        return "Seal(key=…)"

    def of(self, kind: str, text: str) -> str:
        """Return 32 hexadecimal digits for a text of one kind; empty for an empty text."""
        if not text:
            return ""
        return hmac.new(self.key, f"{kind}\x1f{text}".encode(), hashlib.sha256).hexdigest()[:32]

    @property
    def check(self) -> str:
        """Return what tells this key from another without giving it away."""
        return self.of("check", "the identity key of this workspace")


@dataclass(frozen=True, slots=True)
class SealedLearner:
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
    shown: Learner | None = None
    """The learner as read; None for learners without a candidate on the roster."""

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Return the hashes that may point to a person."""
        return self.person_ids + self.emails


@dataclass(frozen=True, slots=True)
class Match:
    """What became of one learner. At most one of the three is filled; none of them: not on this roster."""

    person_id: str = ""
    candidates: tuple[str, ...] = ()
    """Person IDs that a person may confirm, best first."""
    conflict: str = ""
    """Why identifiers contradict each other, in a sentence."""
    people: tuple[str, ...] = ()
    """Everyone on the roster whom it concerns."""

    @property
    def ours(self) -> bool:
        """Tell whether the learner may be someone on the roster."""
        return bool(self.people)


def folded(text: str) -> str:
    """Return an identifier without stray blanks and differences of case or of Unicode form."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def name_words(*names: str) -> str:
    """Return a name's words sorted, without accents, punctuation and case: `de la Cruz, José` → `cruz de jose la`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", " ".join(names)) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain.casefold()).split()
    return " ".join(sorted(words))


def seal_learner(learner: Learner, seal: Seal) -> SealedLearner:
    """Return the learner with its identifiers sealed, still shown."""
    return SealedLearner(
        source=learner.source,
        learner=seal.of(f"learner of {learner.source}", folded(learner.key)),
        person_ids=tuple(filter(None, [seal.of("person", folded(learner.person_id))])),
        emails=tuple(sorted({seal.of("email", folded(email)) for email in learner.emails if email})),
        name=seal.of("name", name_words(learner.first_name, learner.last_name)),
        shown=learner,
    )


def seal_reading(reading: Reading, seal: Seal) -> Reading:
    """Return the reading with its record and learner sealed; refused and skipped readings have neither."""
    match reading:
        case Completion():
            learner = Learner(reading.source, seal.of(f"learner of {reading.source}", folded(reading.learner.key)))
            return replace(reading, record=seal.of(f"record of {reading.source}", reading.record), learner=learner)
        case NotDone() | Revoked():
            return replace(reading, record=seal.of(f"record of {reading.source}", reading.record))
        case Refused() | Skipped():
            return reading
        case _:
            assert_never(reading)


def merged(learners: Iterable[SealedLearner]) -> tuple[SealedLearner, ...]:
    """Return one learner for each (source, id), with the e-mails of all its readings."""
    found: dict[tuple[str, str], SealedLearner] = {}
    for one in learners:
        before = found.get((one.source, one.learner))
        if before is None:
            found[one.source, one.learner] = one
        elif before != one:
            ids = tuple(sorted({*before.person_ids, *one.person_ids}))
            emails = tuple(sorted({*before.emails, *one.emails}))
            found[one.source, one.learner] = replace(before, person_ids=ids, emails=emails)
    return tuple(found.values())


def remembered(before: SealedLearner, now: SealedLearner) -> SealedLearner:
    """Return a learner as it is now, with every identifier that it ever had."""
    return replace(
        now,
        person_ids=tuple(sorted({*before.person_ids, *now.person_ids})),
        emails=tuple(sorted({*before.emails, *now.emails})),
        name=now.name or before.name,
        shown=now.shown or before.shown,
    )


@dataclass(frozen=True, slots=True)
class Directory:
    """The roster's people by sealed identifier."""

    identifiers: Mapping[str, frozenset[str]]
    """Sealed person id or e-mail → Person IDs."""
    links: Mapping[tuple[str, str], frozenset[str]]
    """(source, sealed learner id) → Person IDs, as confirmed in `Other IDs`."""
    names: Mapping[str, frozenset[str]]
    words: Mapping[str, str]
    """Person ID → the name's words."""
    bare_ids: Mapping[str, str]
    """Person ID without leading zeros → Person ID."""


def directory(people: Iterable[Person], seal: Seal) -> Directory:
    """Return the people of a roster, ready for `match_all`."""
    identifiers: dict[str, set[str]] = defaultdict(set)
    links: dict[tuple[str, str], set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    words: dict[str, str] = {}
    bare: dict[str, str] = {}
    for person in people:
        mine = person.person_id
        identifiers[seal.of("person", folded(mine))].add(mine)
        for email in person.emails:
            identifiers[seal.of("email", folded(email))].add(mine)
        for source, other in person.other_ids:
            links[source, seal.of(f"learner of {source}", folded(other))].add(mine)
        for first in {person.first_name, person.preferred_name} - {""}:
            names[seal.of("name", name_words(first, person.last_name))].add(mine)
        words[mine] = name_words(person.first_name, person.last_name)
        bare[folded(mine).lstrip("0")] = mine
    return Directory(_frozen(identifiers), _frozen(links), _frozen(names), words, bare)


def _frozen(sets: Mapping[_Key, set[str]]) -> dict[_Key, frozenset[str]]:
    return {key: frozenset(values) for key, values in sets.items()}


def names_somebody(texts: Sequence[str], book: Directory, seal: Seal) -> bool:
    """Tell whether any of `texts` is an identifier of somebody on the roster, or one or two of them are a name.

    For items that could not be read as a whole, whose learner nobody can tell for sure.
    """
    identifiers = (seal.of(kind, folded(text)) for text in texts for kind in ("person", "email"))
    names = (seal.of("name", name_words(*pair)) for pair in combinations_with_replacement(texts, 2))
    alone = (seal.of("name", name_words(text)) for text in texts)
    return any(i in book.identifiers for i in identifiers) or any(n in book.names for n in (*names, *alone))


def match_all(learners: Sequence[SealedLearner], book: Directory) -> dict[tuple[str, str], Match]:
    """Return (source, sealed learner id) → what became of the learner.

    A confirmed link decides. Otherwise every identifier that the roster knows must point to the same one person, and
    none of them may be held by two learners of the same source.
    """
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in learners:
        for identifier in one.identifiers:
            holders[one.source, identifier].add(one.learner)
    shared = {key for key, held_by in holders.items() if len(held_by) > 1}
    return {(one.source, one.learner): _match(one, book, shared) for one in learners}


def _match(one: SealedLearner, book: Directory, shared: set[tuple[str, str]]) -> Match:
    linked = book.links.get((one.source, one.learner))
    if linked:
        if len(linked) == 1:
            return Match(person_id=min(linked), people=tuple(linked))
        return Match(
            conflict="two people on the roster claim this learner in Other IDs", people=tuple(sorted(linked))
        )
    known = [book.identifiers[i] for i in one.identifiers if i in book.identifiers]
    people = tuple(sorted(frozenset().union(*known)))
    if not people:
        candidates = _candidates(one, book)
        return Match(candidates=candidates, people=candidates)
    if len(people) > 1:
        return Match(conflict="its identifiers belong to different people on the roster", people=people)
    if any((one.source, i) in shared for i in one.identifiers):
        return Match(conflict="another learner of this source has the same identifier", people=people)
    return Match(person_id=people[0], people=people)


def _candidates(one: SealedLearner, book: Directory) -> tuple[str, ...]:
    by_name = set(book.names.get(one.name, ())) if one.name else set()
    if one.shown is None:
        return tuple(sorted(by_name))
    bare_id = folded(one.shown.person_id or one.shown.key).lstrip("0")
    bare = book.bare_ids.get(bare_id) if bare_id else None
    words = name_words(one.shown.first_name, one.shown.last_name)
    ranked = process.extract(words, book.words, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=3) if words else []
    similar = [person for _, _, person in ranked]
    return tuple(dict.fromkeys([*([bare] if bare else []), *sorted(by_name), *similar]))


def matching_findings(learners: Sequence[SealedLearner], matches: Mapping[tuple[str, str], Match]) -> list[Finding]:
    """Return a finding for every conflict and every learner with candidates, in the learners' order."""
    found = []
    for one in learners:
        match = matches[one.source, one.learner]
        if match.conflict:
            found.append(_finding(one, match, code="identity-conflict", why=match.conflict))
        elif match.candidates:
            found.append(
                _finding(one, match, code="unconfirmed-person", why="no id or e-mail of it is on the roster")
            )
    return found


def _finding(one: SealedLearner, match: Match, *, code: str, why: str) -> Finding:
    shown = one.shown
    label = f"{shown.first_name} {shown.last_name}".strip() if shown else ""
    key = shown.key if shown else f"#{one.learner[:8]}"
    return Finding(
        Area.PERSON,
        code,
        where=f"source {one.source}, learner {key}",
        found=f"{label or 'a learner'}: {why}; may be {' or '.join(match.people)}",
        expected="one person on the roster",
        remedy=f"If you know who it is, write `{one.source}:{key}` into that person's Other IDs in the roster."
        " Until then nothing of this learner is credited to anybody.",
        people=match.people,
        source=one.source,
    )
