"""What was known, and who is who → the gate that stands for one reader. Pure; what all share is worked out once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property

from lms_sync.compliance.for_whom import names_among
from lms_sync.compliance.gate import Gate
from lms_sync.model.course_map import CourseMap
from lms_sync.model.links import successors
from lms_sync.model.names import plain_words
from lms_sync.model.roster import Partner, Person, Roster
from lms_sync.people.match import Match
from lms_sync.store.known.readers import NOBODY_KNOWN, learner_key
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import fold
from lms_sync.workspace.roster.named_partners import PartnerNames

_UNKNOWN = frozenset({NOBODY_KNOWN})


def shared_gate(snapshot: Snapshot, matches: Mapping[tuple[str, str], Match]) -> Gate:
    """Return the gate of a reader to whom nothing belongs; each reader's own is made of it."""
    names = names_of_partners(snapshot)
    components = [c for version in snapshot.law.versions for c in version.components]
    return Gate(
        reader="",
        readers=PartnersOfNames(snapshot.readers, matches, ever_employed(snapshot)),
        shown_as=snapshot.settings.shown_as,
        named={text: names.named(text) for text in dict.fromkeys(_texts(snapshot.course_map))},
        topics={**{component.id: component.name for component in components}, **snapshot.law.names},
        buildings={fold(name): name for a in snapshot.roster.assignments for name, _ in a.buildings},
    )


def partner_gate(shared: Gate, roster: Roster, partner: Partner, *, inside: Collection[str]) -> Gate:
    """Return the gate of one partner; `inside` are the Person IDs that are assigned to it."""
    return replace(shared, reader=partner.partner_id, people=people_by_name(roster, inside))


def contacts_gate(shared: Gate, roster: Roster, partner: Partner, *, inside: Collection[str]) -> Gate:
    """Return the gate of contacts who read of some of a partner's people only, those `inside`.

    A file of the partner may be about its others, so no name of a file belongs to them.
    """
    return replace(partner_gate(shared, roster, partner, inside=inside), readers={})


def district_gate(shared: Gate) -> Gate:
    """Return the gate of the district itself, which reads everything."""
    return replace(shared, everything=True)


def person_gate(shared: Gate, snapshot: Snapshot, person_id: str) -> Gate:
    """Return the gate of a person's own record: that of the one partner for whom the person ever worked."""
    employers = ever_employed(snapshot).get(person_id, frozenset())
    reader = min(employers) if len(employers) == 1 else ""
    return replace(shared, reader=reader, people=people_by_name(snapshot.roster, {person_id}))


def names_of_partners(snapshot: Snapshot) -> PartnerNames:
    """Return what names any partner of any roster ever recorded."""
    return names_among(
        snapshot.roster,
        district=snapshot.settings.district,
        topics=snapshot.law.names.values(),
        former=snapshot.history.partners,
    )


def ever_employed(snapshot: Snapshot) -> Mapping[str, frozenset[str]]:
    """Return Person ID as it is today → every partner to which the person was ever assigned."""
    today = successors(snapshot.merges)
    found = dict(snapshot.history.employers)
    alike: dict[frozenset[str], frozenset[str]] = {}  # most people work for those for whom many others do

    def add(person_id: str, partners: AbstractSet[str]) -> None:
        known = found.get(person_id, frozenset())
        if not partners <= known:
            theirs = known | partners
            found[person_id] = alike.setdefault(theirs, theirs)

    for person_id, partners in snapshot.history.employers.items():
        add(today.get(person_id, person_id), partners)
    for assignment in snapshot.roster.assignments:
        add(assignment.person_id, {assignment.partner_id})
    return found


def _texts(course_map: CourseMap) -> Iterable[str]:
    for row in course_map.rows:
        yield from (row.title, row.unit, row.course, row.provider, row.link)
    for offering in course_map.offerings:
        yield from (offering.place, offering.link)


class PartnersOfNames(Mapping[str, frozenset[str]]):
    """`name_key` → the partners to which the people of all its items were ever assigned, each worked out when asked.

    A document asks for the few names that stand in it, and the district's own for none.
    """

    def __init__(
        self,
        learners: Mapping[str, frozenset[str]],
        matches: Mapping[tuple[str, str], Match],
        employers: Mapping[str, frozenset[str]],
    ) -> None:
        """Take the learners of each name, whose each learner is, and Person ID → Partner IDs.

        `NOBODY_KNOWN` stands in for whoever cannot be told.
        """
        self._learners, self._matches, self._employers = learners, matches, employers
        self._known: dict[str, frozenset[str]] = {}

    @cached_property
    def _theirs(self) -> dict[str, frozenset[str]]:
        """Learner → the partners of whoever it is; those that match nobody are missing."""
        whose = ((learner_key(*key), match.person_id) for key, match in self._matches.items() if match.person_id)
        return {learner: self._employers.get(person_id, _UNKNOWN) for learner, person_id in whose}

    def __getitem__(self, key: str) -> frozenset[str]:
        """Return the partners of a name; raises KeyError for one that was never read."""
        if key not in self._known:
            several = self._learners[key]
            partners = {self._theirs.get(learner, _UNKNOWN) for learner in several}  # few among many learners
            self._known[key] = frozenset().union(*partners) if several else _UNKNOWN
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        """Return the names' keys."""
        return iter(self._learners)

    def __len__(self) -> int:
        """Return how many names were read."""
        return len(self._learners)


def people_by_name(roster: Roster, inside: Collection[str]) -> dict[frozenset[str], str]:
    """Return the words of each way to write a person's name → the name, of the people `inside`."""
    people = [roster.people[person_id] for person_id in inside if person_id in roster.people]
    return {words: _called(person) for person in people for words in _spoken(person)}


def _called(person: Person) -> str:
    return f"{person.first_name} {person.last_name}".strip()


def _spoken(person: Person) -> Iterable[frozenset[str]]:
    for first in {person.first_name, person.preferred_name} - {""}:
        yield frozenset(plain_words(f"{first} {person.last_name}"))
    yield frozenset(plain_words(person.name))
