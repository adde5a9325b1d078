"""For whom a decision was made: the name that stands in it, or that the recorded roster had at the time.

Decisions of earlier versions carry no name. The roster's history tells it, unless a purge has taken that away.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lms_sync.model.links import Link, Merge
from lms_sync.model.roster import Person
from lms_sync.model.stored.facts import PERSON
from lms_sync.store.facts import FactStore, FactVersion


@dataclass(frozen=True, slots=True)
class PeopleHistory:
    """Every version of every person that was ever recorded."""

    versions: Mapping[str, tuple[FactVersion, ...]]
    """Person ID → versions, the oldest first."""

    @classmethod
    def of(cls, facts: FactStore, known_at: datetime | None = None) -> "PeopleHistory":
        """Return what was recorded until `known_at`; all of it for None."""
        found: dict[str, list[FactVersion]] = defaultdict(list)
        for version in facts.history("person"):
            if known_at is None or version.recorded_at <= known_at:
                found[version.key].append(version)
        return cls({key: tuple(versions) for key, versions in found.items()})

    def name_at(self, person_id: str, at: datetime) -> str:
        """Return the name that the roster had for a Person ID at a time; empty where none was recorded."""
        for version in self.versions.get(person_id, ()):
            if version.recorded_at <= at and (version.ended_at is None or at < version.ended_at):
                return _person(version).name
        return ""

    def name_when_linked(self, person_id: str, other_id: tuple[str, str]) -> str:
        """Return the name with which an id in `Other IDs` was first recorded, of the unbroken time until the last."""
        name, ended = "", None
        for version in self.versions.get(person_id, ()):
            person = _person(version)
            if other_id not in person.other_ids:
                name = ""
            elif not name or version.recorded_at != ended:
                name = dict(_linked_as(person)).get(other_id, person.name)
            ended = version.ended_at
        return name


def _person(version: FactVersion) -> Person:
    return PERSON.read(version.payload)


def _linked_as(person: Person) -> list[tuple[tuple[str, str], str]]:
    return [((source, other), name) for source, other, name in person.linked_as]


def names_when_linked(person: Person, history: PeopleHistory | None) -> dict[tuple[str, str], str]:
    """Return (source, learner id) of `Other IDs` → the person's name when it was recorded there."""
    known = dict(_linked_as(person))
    return {
        other_id: known.get(other_id) or (history.name_when_linked(person.person_id, other_id) if history else "")
        for other_id in person.other_ids
    }


def with_linked_names(
    people: Mapping[str, Person], before: Mapping[str, Person], facts: FactStore
) -> dict[str, Person]:
    """Return the people of a new roster, each id in `Other IDs` with the name that the person had when it came there.

    `before` is the roster that was in force.
    """
    earlier = {person_id: before[person_id] for person_id in people if before.get(person_id, _NOBODY).other_ids}
    lacking = any(_lacks_names(person) for person in earlier.values())
    history = PeopleHistory.of(facts) if lacking else None
    found = dict(people)
    for person_id, person in people.items():
        if person.other_ids:
            then = names_when_linked(earlier[person_id], history) if person_id in earlier else {}
            found[person_id] = replace(
                person, linked_as=tuple((*other, then.get(other) or person.name) for other in person.other_ids)
            )
    return found


_NOBODY = Person("", "", "")


def _lacks_names(person: Person) -> bool:
    return len(person.linked_as) < len(person.other_ids)


def need_history(links: Iterable[Link], merges: Iterable[Merge], people: Iterable[Person]) -> bool:
    """Tell whether any decision carries no name, so that only the roster's history can tell for whom it was made."""
    return (
        any(link.person_id and not link.person_name for link in links)
        or any(not merge.person_name for merge in merges)
        or any(_lacks_names(person) for person in people)
    )
