"""The roster's people by keyed hashes of what may be read of them: identifiers, links, whole names. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from lms_sync.model.address import named_by
from lms_sync.model.links import Merge, successors
from lms_sync.model.pseudonyms import Pseudonyms, fold_seldom, name_words
from lms_sync.model.roster import Person
from lms_sync.text import fold

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class RosterHashes:
    """Makes the keyed hashes that point to people."""

    people: Iterable[Person]
    merged: tuple[tuple[str, Merge], ...]
    """(Person ID as it is today, the merge): what the former one had points to today's."""
    pseudonyms: Pseudonyms

    @classmethod
    def of(cls, people: Mapping[str, Person], merges: tuple[Merge, ...], pseudonyms: Pseudonyms) -> "RosterHashes":
        """Return those of a roster's people, by Person ID, and of the ids that were merged into theirs."""
        today = successors(merges)
        merged = tuple((now, merge) for merge in merges if (now := today[merge.former]) in people)
        return cls(people.values(), merged, pseudonyms)

    def identifiers(self) -> dict[str, frozenset[str]]:
        """Return keyed hash of a Person ID, of an e-mail or of what else names its holder → Person IDs."""
        of_id, of_email = self.pseudonyms.of_kind("person"), self.pseudonyms.of_kind("email")
        rows = [(person.person_id, person.person_id, person.emails) for person in self.people]
        rows += [(now, merge.former, merge.emails) for now, merge in self.merged]
        found: dict[str, frozenset[str]] = {}
        for person_id, own_id, emails in rows:
            only = frozenset((person_id,))
            _point(found, of_id(fold_seldom(own_id)), only)
            for email in emails:
                for named in named_by(email):
                    _point(found, of_email(fold_seldom(named)), only)
        return found

    def links(self) -> dict[tuple[str, str], frozenset[str]]:
        """Return (source, pseudonymous learner id) → Person IDs, as confirmed in `Other IDs`."""
        rows = [(person.person_id, person.other_ids) for person in self.people if person.other_ids]
        rows += [(now, merge.other_ids) for now, merge in self.merged]
        found: dict[tuple[str, str], frozenset[str]] = {}
        for person_id, other_ids in rows:
            for source, other in other_ids:
                hashed = self.pseudonyms.of(f"learner of {source}", fold(other))
                _point(found, (source, hashed), frozenset((person_id,)))
        return found

    def names(self) -> dict[str, frozenset[str]]:
        """Return keyed hash of a whole name → Person IDs."""
        rows = [(p.person_id, (first, p.last_name)) for p in self.people for first in _firsts(p)]
        rows += [(now, name) for now, merge in self.merged for name in merge.names]
        of_name = self.pseudonyms.of_kind("name")
        found: dict[str, frozenset[str]] = {}
        for person_id, name in rows:
            _point(found, of_name(name_words(*name)), frozenset((person_id,)))
        return found


def _firsts(person: Person) -> set[str]:
    return {person.first_name, person.preferred_name} - {""}


def _point(found: dict[_Key, frozenset[str]], key: _Key, only: frozenset[str]) -> None:
    """Let a key point to one person more; nearly every key points to one alone."""
    before = found.setdefault(key, only)
    if before is not only:
        found[key] = before | only
