"""People who left the roster while evidence names them, and who may be on it under another Person ID. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from lms_sync.model.address import named_by
from lms_sync.model.finding import Area, Finding
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Person
from lms_sync.people.match import Match
from lms_sync.people.named_people import NamedPeople
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import command_line, fold


def former_findings(
    snapshot: Snapshot, matches: Mapping[tuple[str, str], Match], former: Mapping[str, Person], pseudonyms: Pseudonyms
) -> tuple[Finding, ...]:
    """Return a finding for each person who left the roster with evidence that now counts for nobody.

    Only where somebody on the roster has the same e-mail address or much the same name; `former` is by Person ID.
    """
    if not former:
        return ()
    merged = {merge.former for merge in snapshot.merges}
    counts, orphans = snapshot.counts, _orphans(snapshot, matches)
    people = NamedPeople(snapshot.roster.people.values())
    return tuple(
        _finding(person, alike, count)
        for person in former.values()
        if person.person_id not in merged
        and (count := _uncounted(person, orphans, counts=counts, pseudonyms=pseudonyms))
        and (alike := people.alike(person))
    )


def _orphans(
    snapshot: Snapshot, matches: Mapping[tuple[str, str], Match]
) -> Mapping[str, AbstractSet[tuple[str, str]]]:
    """Return hashed identifier → the learners that have it, of those who match nobody."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for learner in snapshot.learners:
        key = learner.source, learner.learner
        if not matches[key].person_id:
            for identifier in learner.identifiers:
                found[identifier].add(key)
    return found


def _uncounted(
    person: Person,
    orphans: Mapping[str, AbstractSet[tuple[str, str]]],
    *,
    counts: Mapping[tuple[str, str], int],
    pseudonyms: Pseudonyms,
) -> int:
    """Return how many completions of learners that have the person's id or e-mail count for nobody."""
    hashes = [
        pseudonyms.of("person", fold(person.person_id)),
        *(pseudonyms.of("email", fold(named)) for email in person.emails for named in named_by(email)),
    ]
    theirs = {orphan for hashed in hashes for orphan in orphans.get(hashed, ())}
    return sum(counts.get(orphan, 0) for orphan in theirs)


def _finding(former: Person, alike: tuple[Person, ...], count: int) -> Finding:
    named = " or ".join(f"{person.name} ({person.person_id})" for person in alike)
    return Finding(
        Area.PERSON,
        "person-replaced",
        where=f"roster, former person {former.person_id}",
        found=f"{former.name} left the roster; {count} completions of theirs count for nobody; may be {named}",
        expected="one Person ID a person, or a word that they are two people",
        remedy=f"If they are one: {command_line('people merge', former.person_id, alike[0].person_id, reason=...)}.",
        people=tuple(person.person_id for person in alike),
    )
