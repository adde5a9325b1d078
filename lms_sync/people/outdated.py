"""*New name or new person?*: what was decided for a Person ID that has another name today. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from lms_sync.model.finding import Area, Finding, short_hash
from lms_sync.model.links import OutdatedDecision
from lms_sync.model.roster import Person
from lms_sync.text import command_line

CODE = "decided-for-another-name"
MOST_NAMED = 5
"""Decisions that one finding names, at most."""


def question_id(person_id: str, then: str, now: str) -> str:
    """Return the id of a question: the same as long as it is about the same Person ID and the same two names."""
    return short_hash(CODE, person_id, then, now)


def outdated_findings(decisions: Iterable[OutdatedDecision], people: Mapping[str, Person]) -> list[Finding]:
    """Return one finding for each Person ID and name that something was decided for and nobody has answered."""
    asked: dict[tuple[str, str], list[str]] = defaultdict(list)
    for decision in decisions:
        if not decision.answered:
            asked[decision.person_id, decision.then].append(decision.subject)
    return [_finding(people[person_id], then, subjects) for (person_id, then), subjects in sorted(asked.items())]


def _finding(person: Person, then: str, subjects: list[str]) -> Finding:
    handle = question_id(person.person_id, then, person.name)
    more = f" and {len(subjects) - MOST_NAMED} more" if len(subjects) > MOST_NAMED else ""
    what = ", ".join(subjects[:MOST_NAMED]) + more
    was = f"when that was {then}" if then else "and nobody recorded what the name was"
    return Finding(
        Area.PERSON,
        CODE,
        where=f"roster, person {person.person_id}",
        found=f"{person.name} now; but {what} {'was' if len(subjects) == 1 else 'were'} decided for"
        f" {person.person_id} {was}, and {'counts' if len(subjects) == 1 else 'count'} for nobody",
        expected="one Person ID a person, for good",
        remedy=f"If it is one person with a new name: {command_line('worklist accept', handle, reason=...)}. If the"
        f" id is another person's now: {command_line('worklist refuse', handle, reason=...)}.",
        people=(person.person_id,),
        handle=handle,
    )
