"""Read all that a purge is planned from: the rows, the holds, the kept files, and whose each learner is or may be."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from lms_sync.documents.vault import Vault
from lms_sync.model.links import Merge, PeopleDecisions
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms
from lms_sync.model.roster import Person
from lms_sync.model.stored.facts import ASSIGNMENT, LINK, PARTNER, PERSON
from lms_sync.model.stored_row import StoredRow
from lms_sync.operations.retention.holdings import Holdings, KeptSpan, LearnerKey
from lms_sync.operations.retention.leavers import held_ids, on_the_roster
from lms_sync.operations.retention.letters import plan_letters
from lms_sync.people.match import directory, match_all
from lms_sync.store.known.registers import HOLDS
from lms_sync.store.known.who_is_who import read_merges
from lms_sync.store.purge import LOOKED_AT, Purging
from lms_sync.store.store import Store

Versions = Mapping[str, Sequence[Person]]
"""Person ID → every set of names and identifiers that the roster had for the person."""


def survey(store: Store, pseudonyms: Pseudonyms, *, vault: Vault, cutoff: date, cutoff_at: datetime) -> Holdings:
    """Return all that the store and the vault hold now; history from before `cutoff` may go."""
    asked = Purging(store.connection, store.district_id)
    files = vault.folder.iterdir() if vault.folder.is_dir() else ()
    names = frozenset(path.name for path in files if path.is_file())
    found = Holdings({name: asked.rows(name) for name in LOOKED_AT}, {}, {}, HOLDS.read(store), names)
    held = held_ids(found, KeptSpan(cutoff_at))
    span = KeptSpan(cutoff_at, plan_letters(found, cutoff_at, day=cutoff, held=held).instants)
    who = _Who(pseudonyms, tuple(read_merges(store)), store.evidence.learners(), _employers(found))
    ties = _owners(found, span, held=held, who=who)
    owners = {key: frozenset(tie.sure or tie.alike) for key, tie in ties.items() if tie.sure or tie.alike}
    return replace(
        found, owners=owners, tied={key: frozenset(ties[key].sure or ties[key].namesakes) for key in owners}
    )


@dataclass(slots=True)
class _Ties:
    """Whose a learner is or may be."""

    sure: set[str] = field(default_factory=set)
    """By an identifier or a link, also where two of them contradict each other."""
    alike: set[str] = field(default_factory=set)
    namesakes: set[str] = field(default_factory=set)
    """Those alike who have the very same name."""


@dataclass(frozen=True, slots=True)
class _Who:
    """By what learners are told apart."""

    pseudonyms: Pseudonyms
    merges: tuple[Merge, ...]
    learners: tuple[PseudonymousLearner, ...]
    employers: Mapping[str, Sequence[str]]

    def look(self, people: Sequence[Person], found: dict[LearnerKey, _Ties]) -> None:
        """Add to `found` whose each learner is or may be, of `people`."""
        decided = PeopleDecisions(merges=self.merges)
        book = directory(people, self.pseudonyms, decided=decided, employers=self.employers)
        matches = match_all(self.learners, book)
        for learner in self.learners:
            match, ties = matches[learner.source, learner.learner], found[learner.source, learner.learner]
            if match.candidates:
                ties.alike.update(match.candidates)
                ties.namesakes |= ties.alike & book.names.get(learner.name, frozenset())
            else:
                ties.sure.update(match.people)


def _owners(holdings: Holdings, span: KeptSpan, *, held: frozenset[str], who: _Who) -> dict[LearnerKey, _Ties]:
    """Return whose each learner is or may be, by what the roster and the people desk said in the times that last.

    Of people who left all that was ever said counts, so that nothing of theirs is overlooked. Those who are here are
    looked for by themselves too: of many who are alike only the best candidates are told, and none may be missed.
    """
    present = on_the_roster(holdings, span)
    rows = [r for r in holdings.facts("person") if span.lasts(r) or r.key[1] not in present or r.key[1] in held]
    versions = _versions(rows)
    found: dict[LearnerKey, _Ties] = defaultdict(_Ties)
    for some in ({person_id: versions[person_id] for person_id in versions.keys() & present}, versions):
        for people in _generations(some):
            who.look(people, found)
    for row in holdings.facts("link"):
        link, passed = LINK.read(row.content["payload"]), frozenset() if span.lasts(row) else present - held
        ties = found[link.source, link.learner]
        ties.sure |= {link.person_id} - {""} - passed
        ties.alike |= set(link.refused) - passed
    return found


def _versions(rows: Sequence[StoredRow]) -> Versions:
    found: dict[str, list[Person]] = defaultdict(list)
    for row in rows:
        if (person := _identifying(PERSON.read(row.content["payload"]))) not in found[row.key[1]]:
            found[row.key[1]].append(person)
    return found


def _identifying(person: Person) -> Person:
    """Return the person with nothing but names and identifiers."""
    return Person(
        person.person_id,
        person.last_name,
        person.first_name,
        person.preferred_name,
        person.emails,
        other_ids=person.other_ids,
    )


def _generations(versions: Versions) -> Iterator[list[Person]]:
    """Yield everybody as first known, then as known after one change, and so on until the last of all changes."""
    for number in range(max(map(len, versions.values()), default=0)):
        yield [known[min(number, len(known) - 1)] for known in versions.values()]


def _employers(holdings: Holdings) -> dict[str, tuple[str, ...]]:
    """Return Person ID → the names of all partners that the person was ever assigned to."""
    names: dict[str, set[str]] = defaultdict(set)
    for row in holdings.facts("partner"):
        names[row.key[1]].add(PARTNER.read(row.content["payload"]).name)
    found: dict[str, set[str]] = defaultdict(set)
    for row in holdings.facts("assignment"):
        assignment = ASSIGNMENT.read(row.content["payload"])
        found[assignment.person_id] |= names[assignment.partner_id]
    return {person_id: tuple(sorted(some)) for person_id, some in found.items()}
