"""Who a learner may be: people whose names or ids are alike, with what speaks for and against each. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TypeVar

from rapidfuzz import fuzz

from lms_sync.model.evidence import Learner
from lms_sync.model.names import Name, name_of, plain_words
from lms_sync.model.roster import Person
from lms_sync.people.likeness import Likeness, likeness
from lms_sync.people.near_names import NearNames
from lms_sync.text import fold

SIMILAR = 0.82
"""The likeness of two names from which on a person is worth a look."""
MOST = 5
"""Candidates of one learner, at most."""
_ID, _EMPLOYER, _DOMAIN, _MAILBOX = 0.3, 0.1, 0.02, 0.08
"""What speaks for a candidate besides the name, in the scale of a likeness."""
_BESIDES = _EMPLOYER + _DOMAIN + _MAILBOX + 0.001
"""More than all that can speak for a candidate besides name and id."""


_Key = TypeVar("_Key")
_SCORE = attrgetter("score")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone on the roster who may be a learner."""

    person_id: str
    score: float
    """For ranking only: a likeness of names (0 … 1) and more for what else agrees."""
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as candidates are compared with."""

    person_id: str
    names: tuple[Name, ...]
    """Every name that the person goes by: with the first name and with the preferred one."""
    emails: frozenset[str]
    """Folded."""
    employers: tuple[str, ...]
    """Names of the partners that the person is assigned to."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The roster's people, ready to be compared with learners."""

    people: Mapping[str, KnownPerson]
    names: NearNames
    """Every name of each."""
    bare_ids: Mapping[str, str] = field(default_factory=dict)
    """Person ID without leading zeros → Person ID."""
    by_employer: Mapping[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    """The words of a partner's name → Person IDs."""

    def of(self, learner: Learner, *, without: Iterable[str] = (), least: float = SIMILAR) -> tuple[Candidate, ...]:
        """Return who the learner may be, best first; `without` names people whom it is known not to be.

        Those whose score is under `least` are left out, but for an id that differs by leading zeros only.
        """
        name = name_of(learner.first_name, learner.last_name)
        bare = self.bare_ids.get(fold(learner.person_id or learner.key).lstrip("0"), "")
        near = (self._near(name, learner.employer) | {bare}) - {"", *without}
        found = []
        for person_id in sorted(near):
            # What cannot reach `least` by all that is beside the name need not be worked out.
            enough = least - _BESIDES if person_id != bare else 0.0
            alike = _alike(name, self.people[person_id], enough)
            if alike.score >= enough:
                found.append(_compared(learner, alike, self.people[person_id], bare_id=person_id == bare))
        worth = [candidate for candidate in found if candidate.score >= least or candidate.person_id == bare]
        return tuple(sorted(worth, key=lambda candidate: (-candidate.score, candidate.person_id))[:MOST])

    def _near(self, name: Name, employer: str) -> set[str]:
        return self.names.near(name) | self.by_employer.get(plain_words(employer), frozenset())

    def compared(self, learner: Learner, name: Name, known: KnownPerson, *, bare_id: bool = False) -> Candidate:
        """Return one person compared with a learner: what agrees raises the score, what does not is told."""
        return _compared(learner, _alike(name, known, 0.0), known, bare_id=bare_id)


def _compared(learner: Learner, alike: Likeness, known: KnownPerson, *, bare_id: bool) -> Candidate:
    """Return one person compared with a learner whose name is `alike` to the person's."""
    score = alike.score
    pro: list[str] = []
    contra: list[str] = []
    (pro if alike.score >= SIMILAR else contra).append(alike.words)
    found_id = learner.person_id or learner.key
    if bare_id and fold(found_id) != fold(known.person_id):
        score += _ID
        pro.append(f"id {found_id} differs from {known.person_id} by leading zeros only")
    addresses = learner.addresses
    mailboxes = {box for email in addresses if (box := _mailbox(email))}
    if mailboxes & {_mailbox(email) for email in known.emails}:
        score += _MAILBOX
        pro.append("same name before the @ of an e-mail address")
    if addresses and known.emails:
        shared = {_domain(email) for email in addresses} & {_domain(email) for email in known.emails}
        score += _DOMAIN if shared else 0
        (pro if shared else contra).append(f"same e-mail domain {min(shared)}" if shared else "another e-mail domain")
    if learner.employer and known.employers:
        same = any(_same_employer(learner.employer, employer) for employer in known.employers)
        score += _EMPLOYER if same else 0
        employer = f"employer “{learner.employer}”"
        (pro if same else contra).append(employer if same else f"{employer}, not {' or '.join(known.employers)}")
    return Candidate(known.person_id, round(score, 4), tuple(pro), tuple(contra))


def candidates_among(people: Iterable[Person], employers: Mapping[str, Sequence[str]]) -> Candidates:
    """Return the people of a roster, ready to be compared; `employers` are partners' names by Person ID."""
    known: dict[str, KnownPerson] = {}
    for person in people:
        firsts = [first for first in dict.fromkeys((person.first_name, person.preferred_name)) if first]
        names = tuple(name_of(first, person.last_name) for first in firsts or [""])
        emails = frozenset(fold(email) for email in person.emails)
        places = tuple(employers.get(person.person_id, ()))
        known[person.person_id] = KnownPerson(person.person_id, names, emails, places)
    bare = {fold(person_id).lstrip("0"): person_id for person_id in known}
    by_employer: dict[tuple[str, ...], set[str]] = {}
    for candidate in known.values():
        for employer in candidate.employers:
            by_employer.setdefault(plain_words(employer), set()).add(candidate.person_id)
    names_of_all = NearNames.of((person.person_id, name) for person in known.values() for name in person.names)
    return Candidates(known, names_of_all, bare, _frozen(by_employer))


def _frozen(sets: Mapping[_Key, set[str]]) -> dict[_Key, frozenset[str]]:
    return {key: frozenset(ids) for key, ids in sets.items()}


def _alike(name: Name, known: KnownPerson, least: float) -> Likeness:
    """Return how alike a name is to the one of a person's that is most like it; less than `least` for less."""
    return max([likeness(name, known_name, least=least) for known_name in known.names], key=_SCORE)


def _domain(email: str) -> str:
    return fold(email).rpartition("@")[2]


def _mailbox(email: str) -> str:
    """Return the part before the @; empty for one that many share."""
    box = fold(email).partition("@")[0]
    return "" if box in {"info", "office", "training", "admin", "security", "hr", "police"} else box


def _same_employer(first: str, other: str) -> bool:
    return fuzz.token_set_ratio(" ".join(plain_words(first)), " ".join(plain_words(other))) >= 85
