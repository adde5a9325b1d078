"""Whom a file speaks of, by its text. It only speaks against a filing: nothing is filed by what it says. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms_sync.documents.badge import Badge, awarded_to
from lms_sync.model.links import Merge
from lms_sync.model.name_agreement import KnownName, NameAgreement, bare_words, name_words
from lms_sync.model.names import PARTICLES, name_of, plain_words
from lms_sync.model.nicknames import same_name
from lms_sync.model.roster import Person

_ADDRESS = re.compile(r"[\w.!#$%&*+/=?^{|}~-]{1,64}@[\w.-]{1,250}\w")
UNREAD = "no text can be had from the file: nobody has read who it is about. Check."


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a file's text says of the people under whom it is to be filed."""

    unnamed: tuple[str, ...]
    """Person IDs of those whom it does not name."""
    others: tuple[str, ...]
    """Person IDs of those on the roster whom it names by first and last name, or address, and who are not meant."""

    @property
    def speaks_against(self) -> bool:
        """Tell whether somebody whom it does not name is to have it, and it names somebody else."""
        return bool(self.unnamed and self.others)


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """The names and addresses of one person: those on the roster, and those of a former Person ID."""

    person_id: str
    lasts: tuple[tuple[str, ...], ...]
    """In words, without particles: `("garcia", "lopez")`."""
    firsts: frozenset[str]
    """First and preferred names, one word each."""
    emails: frozenset[str]


def named_people(people: Mapping[str, Person], merges: Iterable[Merge]) -> dict[str, NamedPerson]:
    """Return Person ID → names, of everybody on the roster."""
    former: dict[str, list[Merge]] = {}
    for merge in merges:
        former.setdefault(merge.person_id, []).append(merge)
    return {person.person_id: _named(person, former.get(person.person_id, ())) for person in people.values()}


def _named(person: Person, former: Sequence[Merge]) -> NamedPerson:
    written = [(person.first_name, person.last_name), (person.preferred_name, person.last_name)]
    written += [name for merge in former for name in merge.names]
    names = [name_of(first, last) for first, last in written if first and last]
    lasts = tuple(dict.fromkeys(name.last for name in names)) or (plain_words(person.last_name),)
    emails = {email.casefold() for email in (*person.emails, *(e for merge in former for e in merge.emails))}
    firsts = {name.first[0] for name in names if name.first}
    return NamedPerson(person.person_id, tuple(last for last in lasts if last), frozenset(firsts), frozenset(emails))


@dataclass(frozen=True, slots=True)
class _Text:
    """A text, ready to be searched."""

    words: frozenset[str]
    joined: str
    """Its words in small letters, without accents, with a blank before, between and after; then without particles."""
    addresses: frozenset[str]
    """E-mail addresses that stand in it, in small letters."""


def about(
    text: str, meant: Iterable[str], everybody: Mapping[str, NamedPerson], *, badge: Badge | None = None
) -> Mentions:
    """Return whom a text names; `badge` is the Open Badge that it was taken from, whose address may be a hash.

    A last name that two people share is the one's only where his first name (or a form of it) does not stand there
    alone for the other.
    """
    words = plain_words(text)
    bare = (word for word in words if word not in PARTICLES)
    addresses = frozenset(_ADDRESS.findall(text.casefold()))
    read = _Text(frozenset(words), f" {' '.join(words)} | {' '.join(bare)} ", addresses)
    wanted = dict.fromkeys(meant)
    fully = {
        named_person.person_id
        for named_person in everybody.values()
        if _has_full_name(read, named_person) or _has_address(read, named_person, badge)
    }
    exactly = {i for i in fully if everybody[i].firsts & read.words or _has_address(read, everybody[i], badge)}
    # A namesake who is called just so goes before one whose name has that form.
    fully -= {person_id for person_id in fully - exactly if _taken(everybody[person_id], exactly, everybody)}
    lasts = {person_id: everybody[person_id] for person_id in wanted if _has_last_name(read, everybody[person_id])}
    unnamed = [
        person_id
        for person_id in wanted
        if person_id not in fully and not (person_id in lasts and not _taken(lasts[person_id], fully, everybody))
    ]
    return Mentions(tuple(unnamed), tuple(sorted(fully - set(wanted))))


def _taken(named_person: NamedPerson, fully: Iterable[str], everybody: Mapping[str, NamedPerson]) -> bool:
    """Tell whether the last name that was found is that of somebody else whose full name was found."""
    return any(set(everybody[person_id].lasts) & set(named_person.lasts) for person_id in fully)


def _has_last_name(read: _Text, named_person: NamedPerson) -> bool:
    return any(f" {' '.join(last)} " in read.joined for last in named_person.lasts)


def _has_full_name(read: _Text, named_person: NamedPerson) -> bool:
    """Tell whether a first name and a last name stand there; of a double name one part is enough beside the first."""
    last = _has_last_name(read, named_person) or any(
        part in read.words for last in named_person.lasts if len(last) > 1 for part in last
    )
    return last and any(
        first in read.words or any(same_name(first, word) for word in read.words) for first in named_person.firsts
    )


def _has_address(read: _Text, named_person: NamedPerson, badge: Badge | None) -> bool:
    return bool(named_person.emails & read.addresses) or bool(badge and awarded_to(badge, named_person.emails))


def contradicts(last: str, first: str, known: KnownName) -> bool:
    """Tell whether a list's name is another one than a person's: also where only the first or the last name agrees.

    A list is written by hand, so one that names a namesake or a brother is to be looked at before it is filed.
    """
    return known.compared(name_words(first, last)) not in (NameAgreement.AGREES, NameAgreement.SILENT)


def called_so(people: Mapping[str, Sequence[tuple[str, str]]]) -> dict[frozenset[str], frozenset[str]]:
    """Return the words of a whole name → the Person IDs of those who have it; `people` are names by Person ID."""
    found: dict[frozenset[str], frozenset[str]] = {}
    for person_id, names in people.items():
        for first, last in names:
            words = frozenset(bare_words(first, last))
            if first and last and len(words) > 1:
                found[words] = found.get(words, frozenset()) | {person_id}
    return found
