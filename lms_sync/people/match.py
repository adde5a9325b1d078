"""Sealed learners × the roster → who is who, by confirmed links and identifiers; names are candidates only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations_with_replacement
from typing import TypeVar

from lms_sync.model.links import IdHolders, Link, Merge, successors
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms, name_words
from lms_sync.model.roster import Person
from lms_sync.people.candidates import Candidates, candidates_among
from lms_sync.text import fold

_Key = TypeVar("_Key")


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
    spoken: Mapping[str, frozenset[str]]
    """Person ID → every word of the person's names, the preferred one too."""
    candidates: Candidates
    confirmed: Mapping[tuple[str, str], Link] = field(default_factory=dict)
    """(source, sealed learner id) → what a person decided, Person IDs as they are today."""


def directory(
    people: Iterable[Person],
    pseudonyms: Pseudonyms,
    *,
    links: Iterable[Link] = (),
    merges: Iterable[Merge] = (),
    employers: Mapping[str, Sequence[str]] | None = None,
) -> Directory:
    """Return the people of a roster, ready for `match_all`; `employers` are partners' names by Person ID.

    What a merged Person ID had keeps pointing: to the person that it was merged into.
    """
    people = tuple(people)
    identifiers: dict[str, set[str]] = defaultdict(set)
    other_ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    spoken: dict[str, frozenset[str]] = {}
    for person in people:
        mine = person.person_id
        identifiers[pseudonyms.of("person", fold(mine))].add(mine)
        for email in person.emails:
            identifiers[pseudonyms.of("email", fold(email))].add(mine)
        for source, other in person.other_ids:
            other_ids[source, pseudonyms.of(f"learner of {source}", fold(other))].add(mine)
        for first in {person.first_name, person.preferred_name} - {""}:
            names[pseudonyms.of("name", name_words(first, person.last_name))].add(mine)
        spoken[mine] = frozenset(name_words(person.first_name, person.preferred_name, person.last_name).split())
    merges = tuple(merges)
    today = successors(merges)
    for merge in merges:
        now = today[merge.former]
        if now not in spoken:
            continue
        identifiers[pseudonyms.of("person", fold(merge.former))].add(now)
        for email in merge.emails:
            identifiers[pseudonyms.of("email", fold(email))].add(now)
        for source, other in merge.other_ids:
            other_ids[source, pseudonyms.of(f"learner of {source}", fold(other))].add(now)
        for first, last in merge.names:
            names[pseudonyms.of("name", name_words(first, last))].add(now)
            spoken[now] |= frozenset(name_words(first, last).split())
    confirmed = _of_today(links, IdHolders.of(merges, spoken.keys()))
    among = candidates_among(people, employers or {})
    return Directory(_frozen(identifiers), _frozen(other_ids), _frozen(names), spoken, among, confirmed)


def _of_today(links: Iterable[Link], bearers: IdHolders) -> dict[tuple[str, str], Link]:
    """Return (source, sealed learner id) → the link, its Person IDs as they are today."""
    return {
        (link.source, link.learner): replace(
            link,
            person_id=bearers.now(link.person_id, link.on),
            refused=tuple(bearers.now(one, link.on) for one in link.refused),
        )
        for link in links
    }


def _frozen(sets: Mapping[_Key, set[str]]) -> dict[_Key, frozenset[str]]:
    return {key: frozenset(values) for key, values in sets.items()}


def names_somebody(texts: Sequence[str], book: Directory, pseudonyms: Pseudonyms) -> bool:
    """Tell whether any of `texts` is an identifier of somebody on the roster, or one or two of them are a name.

    For items that could not be read as a whole, whose learner nobody can tell for sure.
    """
    identifiers = (pseudonyms.of(kind, fold(text)) for text in texts for kind in ("person", "email"))
    names = (pseudonyms.of("name", name_words(*pair)) for pair in combinations_with_replacement(texts, 2))
    alone = (pseudonyms.of("name", name_words(text)) for text in texts)
    return any(i in book.identifiers for i in identifiers) or any(n in book.names for n in (*names, *alone))


def match_all(learners: Sequence[PseudonymousLearner], book: Directory) -> dict[tuple[str, str], Match]:
    """Return (source, sealed learner id) → what became of the learner.

    A confirmed link decides. Otherwise every identifier that the roster knows must point to the same one person, and
    none of them may be held by two learners of the same source.
    """
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for learner in learners:
        for identifier in learner.identifiers:
            holders[learner.source, identifier].add(learner.learner)
    shared = {key for key, held_by in holders.items() if len(held_by) > 1}
    return {(learner.source, learner.learner): _match(learner, book, shared) for learner in learners}


def _match(learner: PseudonymousLearner, book: Directory, shared: set[tuple[str, str]]) -> Match:
    linked = _linked(learner, book)
    if linked is not None:
        return linked
    refused = (
        book.confirmed[learner.source, learner.learner].refused
        if (learner.source, learner.learner) in book.confirmed
        else ()
    )
    known = [book.identifiers[i] for i in learner.identifiers if i in book.identifiers]
    people = tuple(sorted(frozenset().union(*known)))
    if people and set(people) <= set(refused):
        return Match()
    if not people:
        candidates = _candidates(learner, book, refused)
        return Match(candidates=candidates, people=candidates)
    if refused and set(people) & set(refused):
        return Match(conflict="a person said that it is not somebody to whom its identifiers point", people=people)
    if len(people) > 1:
        return Match(conflict="its identifiers belong to different people on the roster", people=people)
    if any((learner.source, i) in shared for i in learner.identifiers):
        return Match(conflict="another learner of this source has the same identifier", people=people)
    return Match(person_id=people[0], people=people)


def _linked(learner: PseudonymousLearner, book: Directory) -> Match | None:
    """Return what confirmed links decide: Other IDs and links of the people desk; None when there are none.

    A link to somebody who is not on the roster decides too: the learner is nobody else.
    """
    claimed = book.links.get((learner.source, learner.learner), frozenset())
    link = book.confirmed.get((learner.source, learner.learner))
    confirmed = {link.person_id} if link and link.person_id else set()
    if link and claimed & set(link.refused):
        why = "Other IDs name a person whom the link made by `people link` says it is not"
        return Match(conflict=why, people=tuple(sorted(claimed)))
    both = claimed | confirmed
    if len(both) > 1 and confirmed:
        why = "Other IDs and the link made by `people link` name different people"
        return Match(conflict=why, people=tuple(sorted(both & book.spoken.keys())))
    if len(both) > 1:
        return Match(conflict="two people on the roster claim this learner in Other IDs", people=tuple(sorted(both)))
    if not both:
        return None
    person_id = min(both)
    return Match(person_id=person_id, people=(person_id,)) if person_id in book.spoken else Match()


def _candidates(learner: PseudonymousLearner, book: Directory, refused: Sequence[str]) -> tuple[str, ...]:
    by_name = (set(book.names.get(learner.name, ())) if learner.name else set()) - set(refused)
    if learner.shown is None:
        return tuple(sorted(by_name))
    alike = [candidate.person_id for candidate in book.candidates.of(learner.shown, without=refused)]
    return tuple(dict.fromkeys([*alike, *sorted(by_name)]))
