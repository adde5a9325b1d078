"""People who left the roster while evidence names them, and who may be on it under another Person ID. Pure."""

from collections.abc import Iterator, Mapping

from lms_sync.model.finding import Area, Finding
from lms_sync.model.names import name_of
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Person
from lms_sync.people.likeness import likeness
from lms_sync.people.match import Match
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import command_line, fold

ALIKE = 0.9
"""The likeness of two names from which on a former person may be one on the roster."""


def former_findings(
    snapshot: Snapshot, matches: Mapping[tuple[str, str], Match], former: Mapping[str, Person], pseudonyms: Pseudonyms
) -> tuple[Finding, ...]:
    """Return a finding for each person who left the roster with evidence that now counts for nobody.

    Only where somebody on the roster has the same e-mail address or much the same name; `former` is by Person ID.
    """
    merged = {merge.former for merge in snapshot.merges}
    counts = snapshot.counts if former else {}
    return tuple(
        _finding(person, alike, count)
        for person in former.values()
        if person.person_id not in merged
        and (count := _uncounted(snapshot, matches, person, pseudonyms=pseudonyms, counts=counts))
        and (alike := tuple(_alike(snapshot, person)))
    )


def _uncounted(
    snapshot: Snapshot,
    matches: Mapping[tuple[str, str], Match],
    person: Person,
    *,
    pseudonyms: Pseudonyms,
    counts: Mapping[tuple[str, str], int],
) -> int:
    """Return how many completions of learners that have the person's id or e-mail count for nobody."""
    hashes = {
        pseudonyms.of("person", fold(person.person_id)),
        *(pseudonyms.of("email", fold(e)) for e in person.emails),
    }
    orphans = {
        (learner.source, learner.learner)
        for learner in snapshot.learners
        if hashes & set(learner.identifiers) and not matches[learner.source, learner.learner].person_id
    }
    return sum(counts.get(orphan, 0) for orphan in orphans)


def _alike(snapshot: Snapshot, former: Person) -> Iterator[Person]:
    theirs = {fold(email) for email in former.emails}
    name = name_of(former.first_name, former.last_name)
    for person in snapshot.roster.people.values():
        if (
            theirs & {fold(email) for email in person.emails}
            or likeness(name, name_of(person.first_name, person.last_name)).score >= ALIKE
        ):
            yield person


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
