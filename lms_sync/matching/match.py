"""Sealed learners × the roster → who is who, by confirmed links and identifiers; names are candidates only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TypeVar

from rapidfuzz import fuzz, process

from lms_sync.matching.seal import Seal, SealedLearner, name_words
from lms_sync.model import Person
from lms_sync.tables.fields import fold

_Key = TypeVar("_Key")

SIMILAR = 88.0
"""rapidfuzz's ratio of two names' sorted words, from which on a name is worth a person's look."""


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
    spoken: Mapping[str, frozenset[str]]
    """Person ID → every word of the person's names, the preferred one too."""
    bare_ids: Mapping[str, str]
    """Person ID without leading zeros → Person ID."""


def directory(people: Iterable[Person], seal: Seal) -> Directory:
    """Return the people of a roster, ready for `match_all`."""
    identifiers: dict[str, set[str]] = defaultdict(set)
    links: dict[tuple[str, str], set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    words: dict[str, str] = {}
    spoken: dict[str, frozenset[str]] = {}
    bare: dict[str, str] = {}
    for person in people:
        mine = person.person_id
        identifiers[seal.of("person", fold(mine))].add(mine)
        for email in person.emails:
            identifiers[seal.of("email", fold(email))].add(mine)
        for source, other in person.other_ids:
            links[source, seal.of(f"learner of {source}", fold(other))].add(mine)
        for first in {person.first_name, person.preferred_name} - {""}:
            names[seal.of("name", name_words(first, person.last_name))].add(mine)
        words[mine] = name_words(person.first_name, person.last_name)
        spoken[mine] = frozenset(name_words(person.first_name, person.preferred_name, person.last_name).split())
        bare[fold(mine).lstrip("0")] = mine
    return Directory(_frozen(identifiers), _frozen(links), _frozen(names), words, spoken, bare)


def _frozen(sets: Mapping[_Key, set[str]]) -> dict[_Key, frozenset[str]]:
    return {key: frozenset(values) for key, values in sets.items()}


def names_somebody(texts: Sequence[str], book: Directory, seal: Seal) -> bool:
    """Tell whether any of `texts` is an identifier of somebody on the roster, or one or two of them are a name.

    For items that could not be read as a whole, whose learner nobody can tell for sure.
    """
    identifiers = (seal.of(kind, fold(text)) for text in texts for kind in ("person", "email"))
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
    bare_id = fold(one.shown.person_id or one.shown.key).lstrip("0")
    bare = book.bare_ids.get(bare_id) if bare_id else None
    words = name_words(one.shown.first_name, one.shown.last_name)
    ranked = process.extract(words, book.words, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=3) if words else []
    similar = [person for _, _, person in ranked]
    return tuple(dict.fromkeys([*([bare] if bare else []), *sorted(by_name), *similar]))
