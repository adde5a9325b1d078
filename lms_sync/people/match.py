"""Sealed learners × the roster → who is who, by confirmed links and identifiers; names are candidates only."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import combinations_with_replacement

from lms_sync.model.links import IdHolders, Link, OutdatedDecision, PeopleDecisions
from lms_sync.model.name_agreement import NameAgreement
from lms_sync.model.person_names import PersonNames
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms, name_words, names_of
from lms_sync.model.quickly_made import quickly_made
from lms_sync.model.roster import Person
from lms_sync.people.candidates import Candidates, candidates_among
from lms_sync.people.roster_hashes import RosterHashes
from lms_sync.people.same_agent import as_one
from lms_sync.text import fold


@quickly_made
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
    another_last_name: bool = False
    """True for a match by one identifier of which only the first name agrees: a person may say no."""
    outdated: bool = False
    """True for a conflict that one answer about a Person ID settles, for this learner and all else decided for it."""
    unread_name: bool = False
    """True for a conflict that goes away when the source is read anew, with its learners' names."""

    @property
    def ours(self) -> bool:
        """Tell whether the learner may be someone on the roster."""
        return bool(self.people)


@dataclass(frozen=True, slots=True)
class Directory:
    """The roster's people by the keyed hash of an identifier."""

    identifiers: Mapping[str, frozenset[str]]
    """Sealed person id or e-mail → Person IDs."""
    links: Mapping[tuple[str, str], frozenset[str]]
    """(source, pseudonymous learner id) → Person IDs, as confirmed in `Other IDs`."""
    open_names: Callable[[], Mapping[str, frozenset[str]]]
    """Gives keyed hash of a whole name → Person IDs; asked only where identifiers do not tell who somebody is."""
    known: PersonNames
    """Everybody on the roster, by name."""
    open_candidates: Callable[[], Candidates]
    """Gives everybody ready to be compared; asked only where a learner has no identifier of anybody."""
    pseudonyms: Pseudonyms
    confirmed: Mapping[tuple[str, str], Link] = field(default_factory=dict)
    """(source, pseudonymous learner id) → what a person decided, Person IDs as they are today."""
    outdated: Mapping[tuple[str, str], tuple[OutdatedDecision, ...]] = field(default_factory=dict)
    """(source, pseudonymous learner id) → links to people whose Person ID has another name today."""
    disputed: frozenset[tuple[str, str]] = frozenset()
    """(source, pseudonymous learner id) of those about whom the log of decisions and the database differ."""

    def decides(self, learner: tuple[str, str]) -> bool:
        """Tell whether anything was decided about a learner, whether it counts today or not."""
        return any(learner in known for known in (self.links, self.confirmed, self.outdated, self.disputed))

    @property
    def names(self) -> Mapping[str, frozenset[str]]:
        """Keyed hash of a whole name → Person IDs."""
        return self.open_names()

    @property
    def candidates(self) -> Candidates:
        """Everybody on the roster, ready to be compared with learners."""
        return self.open_candidates()


def directory(
    people: Iterable[Person],
    pseudonyms: Pseudonyms,
    *,
    decided: PeopleDecisions | None = None,
    employers: Mapping[str, Sequence[str]] | None = None,
) -> Directory:
    """Return the people of a roster, ready for `match_all`; `employers` are partners' names by Person ID.

    What a merged Person ID had keeps pointing: to the person that it was merged into.
    """
    by_id = {person.person_id: person for person in people}
    decided = decided or PeopleDecisions()
    known = PersonNames.of(by_id, merges=decided.merges, answers=decided.answers, partners=employers)
    hashes = RosterHashes.of(by_id, decided.merges, pseudonyms)
    return Directory(
        hashes.identifiers(),
        hashes.links(),
        cache(hashes.names),
        known,
        cache(partial(candidates_among, by_id.values(), employers or {})),
        pseudonyms,
        _of_today(decided.links, IdHolders.of(decided.merges, by_id.keys())),
        _outdated(decided.outdated, pseudonyms),
        decided.disputed,
    )


def _outdated(
    decisions: Iterable[OutdatedDecision], pseudonyms: Pseudonyms
) -> dict[tuple[str, str], tuple[OutdatedDecision, ...]]:
    """Return (source, pseudonymous learner id) → the links that do not count, by keyed hash."""
    found: dict[tuple[str, str], tuple[OutdatedDecision, ...]] = {}
    for decision in decisions:
        source, learner = decision.learner
        if decision.in_other_ids:
            learner = pseudonyms.of(f"learner of {source}", fold(learner))
        if source:
            found[source, learner] = (*found.get((source, learner), ()), decision)
    return found


def _of_today(links: Iterable[Link], bearers: IdHolders) -> dict[tuple[str, str], Link]:
    """Return (source, pseudonymous learner id) → the link, its Person IDs as they are today."""
    return {
        (link.source, link.learner): replace(
            link,
            person_id=bearers.now(link.person_id, link.on),
            refused=tuple(bearers.now(person_id, link.on) for person_id in link.refused),
        )
        for link in links
    }


def names_somebody(texts: Sequence[str], book: Directory, pseudonyms: Pseudonyms) -> bool:
    """Tell whether any of `texts` is an identifier of somebody on the roster, or one or two of them are a name.

    For items that could not be read as a whole, whose learner nobody can tell for sure.
    """
    identifiers = (pseudonyms.of(kind, fold(text)) for text in texts for kind in ("person", "email"))
    names = (pseudonyms.of("name", name_words(*pair)) for pair in combinations_with_replacement(texts, 2))
    alone = (pseudonyms.of("name", name_words(text)) for text in texts)
    return any(i in book.identifiers for i in identifiers) or any(n in book.names for n in (*names, *alone))


def match_all(learners: Sequence[PseudonymousLearner], book: Directory) -> dict[tuple[str, str], Match]:
    """Return (source, pseudonymous learner id) → what became of the learner.

    A confirmed link decides. Otherwise every identifier that the roster knows must point to the same one person, and
    none of them may be held by two learners of the same source. An address and its hash name one agent.
    """
    holders: dict[tuple[str, str], str] = {}
    shared = set()
    for learner in learners:
        for identifier in learner.identifiers:
            key = learner.source, identifier
            if holders.setdefault(key, learner.learner) != learner.learner:
                shared.add(key)
    agents = as_one(learners, book.decides, book.pseudonyms)
    keys = ((learner, (learner.source, learner.learner)) for learner in learners)
    return {key: _match(agents.get(key, learner), book, shared) for learner, key in keys}


def who_may_be_ours(learners: Iterable[PseudonymousLearner], book: Directory) -> frozenset[str]:
    """Return the pseudonymous ids of the learners whom `match_all` calls `ours`.

    For that no name need be compared: whether it agrees or not, it concerns the person to whom identifiers point.
    """
    learners = tuple(learners)
    agents = as_one(learners, book.decides, book.pseudonyms)
    matched = ((who.learner, agents.get((who.source, who.learner), who)) for who in learners)
    found = ((key, _by_identifiers(learner, book)) for key, learner in matched)
    return frozenset(key for key, match in found if isinstance(match, str) or match.ours)


def _match(learner: PseudonymousLearner, book: Directory, shared: set[tuple[str, str]]) -> Match:
    found = _by_identifiers(learner, book)
    if not isinstance(found, str):
        return found
    if shared and any((learner.source, i) in shared for i in learner.identifiers):
        return Match(conflict="another learner of this source has the same identifier", people=(found,))
    return _by_name(learner, found, book)


def _by_identifiers(learner: PseudonymousLearner, book: Directory) -> Match | str:
    """Return what becomes of a learner; or the Person ID to which its identifiers point, if its names allow it."""
    key = learner.source, learner.learner
    several = frozenset[str]()
    for identifier in learner.identifiers:
        holders = book.identifiers.get(identifier)
        if holders and holders is not several:  # nearly always all identifiers are of one person
            several = several | holders if several else holders
    people = tuple(sorted(several)) if len(several) > 1 else tuple(several)
    if key in book.disputed:
        return Match(conflict="the log of decisions and the database differ about it", people=people, outdated=True)
    linked = _linked(learner, book)
    if linked is not None:
        return linked
    refused = book.confirmed[key].refused if key in book.confirmed else ()
    if people and set(people) <= set(refused):
        return Match()
    if not people:
        candidates = _candidates(learner, book, refused)
        return Match(candidates=candidates, people=candidates)
    if refused and set(people) & set(refused):
        return Match(
            conflict="somebody decided that it is not the person to whom its identifiers point", people=people
        )
    if len(people) > 1:
        return Match(conflict="its identifiers belong to different people on the roster", people=people)
    return people[0]


def _by_name(learner: PseudonymousLearner, person_id: str, book: Directory) -> Match:
    """Return the match of a learner whose identifiers point to one person, if its names allow it."""
    people = (person_id,)
    compared = _names_compared(learner, person_id, book)
    if compared is None:
        why = "an earlier version kept its id but not its name, so nobody knows whether the names agree"
        return Match(conflict=why, people=people, unread_name=True)
    if NameAgreement.CONTRADICTS in compared:
        id_or_email = "an id or e-mail of it is this person's, but "
        several = (
            "not every name read under it is (correct a mistyped id in the source, then link it)"
            if len(compared) > 1
            else "no word of the names agrees"
        )
        return Match(conflict=id_or_email + several, people=people)
    another = NameAgreement.ANOTHER_LAST in compared and sum(i in book.identifiers for i in learner.identifiers) == 1
    return Match(person_id=person_id, people=people, another_last_name=another)


def _names_compared(learner: PseudonymousLearner, person_id: str, book: Directory) -> list[NameAgreement] | None:
    """Return what each name of a learner says about whether it is this person's; None where nobody can tell."""
    who = learner.in_clear
    if learner.names is None and who is not None:
        return [book.known.compared_in_clear(person_id, who.first_name, who.last_name)]
    names = names_of(learner, book.pseudonyms)
    if names is None:
        return [] if person_id in book.names.get(learner.name, ()) else None
    return [book.known.compared(person_id, name, book.pseudonyms) for name in names]


def _linked(learner: PseudonymousLearner, book: Directory) -> Match | None:
    """Return what confirmed links decide: Other IDs and links of the people desk; None when there are none.

    A link to somebody who is not on the roster decides too: the learner is nobody else. So does one to somebody
    whose Person ID has another name now.
    """
    key = learner.source, learner.learner
    if key not in book.links and key not in book.confirmed and key not in book.outdated:
        return None
    outdated = book.outdated.get(key, ())
    claimed = book.links.get(key, frozenset()) - {
        decision.person_id for decision in outdated if decision.in_other_ids
    }
    link = book.confirmed.get(key)
    lost = any(not decision.in_other_ids for decision in outdated)
    confirmed = {link.person_id} if link and link.person_id and not lost else set()
    if link and claimed & set(link.refused):
        why = "Other IDs name a person, and a `people link` says that it is not this person"
        return Match(conflict=why, people=tuple(sorted(claimed)))
    both = claimed | confirmed
    if len(both) > 1 and confirmed:
        why = "Other IDs and the link made by `people link` name different people"
        return Match(conflict=why, people=tuple(sorted(both & book.known.written.keys())))
    if len(both) > 1:
        return Match(conflict="two people on the roster claim this learner in Other IDs", people=tuple(sorted(both)))
    if not both:
        return _outdated_link(outdated) if outdated else None
    person_id = min(both)
    return Match(person_id=person_id, people=(person_id,)) if person_id in book.known.written else Match()


def _outdated_link(decisions: Sequence[OutdatedDecision]) -> Match:
    """Return what becomes of a learner whose link was made for somebody else: a conflict, or nobody when answered."""
    waiting = [decision for decision in decisions if not decision.answered]
    if not waiting:
        return Match()
    then = waiting[0].then or "somebody whose name nobody recorded"
    why = f"it was linked to {waiting[0].person_id} when that was {then}"
    return Match(conflict=why, people=(waiting[0].person_id,), outdated=True)


def _candidates(learner: PseudonymousLearner, book: Directory, refused: Sequence[str]) -> tuple[str, ...]:
    by_name = (set(book.names.get(learner.name, ())) if learner.name else set()) - set(refused)
    if learner.in_clear is None:
        return tuple(sorted(by_name))
    alike = [candidate.person_id for candidate in book.candidates.of(learner.in_clear, without=refused)]
    return tuple(dict.fromkeys([*alike, *sorted(by_name)]))
