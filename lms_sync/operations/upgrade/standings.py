"""Everybody's standing in short, as a night keeps it so that a later one can tell what only new rules changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lms_sync.compliance.judge import Judged
from lms_sync.law.standing import Judgement
from lms_sync.model.issued import IssuedReport
from lms_sync.model.stored.stored_type import Payload, stored_json
from lms_sync.store.known.judged_people import JudgedInShort
from lms_sync.store.store import Store

KIND = "judged"
"""Of the facts in the store: Person ID → standing as the last night judged it."""


@dataclass(frozen=True, slots=True)
class ShortStanding:
    """One person's state, and what is met and late."""

    state: str
    met: frozenset[str]
    """Requirements that are met, in time or late."""
    late: frozenset[str]
    """Requirements that are late, met or not."""


@dataclass(frozen=True, slots=True)
class Rejudged:
    """One person whom the new rules judge otherwise by the same facts."""

    person_id: str
    before: ShortStanding
    after: ShortStanding

    def __str__(self) -> str:
        """Return it as HR reads it: the states, then each requirement that changed."""
        changes = [] if self.before.state == self.after.state else [f"{self.before.state} → {self.after.state}"]
        changes += [f"{name}: met → open" for name in sorted(self.before.met - self.after.met)]
        changes += [f"{name}: open → met" for name in sorted(self.after.met - self.before.met)]
        changes += [f"{name}: in time → late" for name in sorted(self.after.late - self.before.late)]
        changes += [f"{name}: late → in time" for name in sorted(self.before.late - self.after.late)]
        return f"{self.person_id}: {', '.join(changes)}"


def in_short(judged: Judged) -> dict[str, ShortStanding]:
    """Return Person ID → standing, for everybody who was judged."""
    return {
        person_id: ShortStanding(judgement.state.value, frozenset(judgement.met), frozenset(judgement.late))
        for person_id, judgement in judged.short.items()
    }


def short(judgement: Judgement) -> ShortStanding:
    """Return one person's standing in short."""
    return ShortStanding(
        judgement.state.value,
        frozenset(standing.requirement for standing in judgement.standings if standing.met_by is not None),
        frozenset(standing.requirement for standing in judgement.standings if standing.late),
    )


def of_report(issued: IssuedReport) -> dict[str, ShortStanding]:
    """Return the same of the people of an issued report, as it told them; of nobody in a purged one."""
    if "people" not in issued.judgement:
        return {}
    return {
        person.id: ShortStanding(
            person.state,
            frozenset(requirement.id for requirement in person.requirements if requirement.met_by),
            frozenset(requirement.id for requirement in person.requirements if requirement.late),
        )
        for person in issued.report.people
    }


def differences(before: Mapping[str, ShortStanding], after: Mapping[str, ShortStanding]) -> tuple[Rejudged, ...]:
    """Return who is judged otherwise, by Person ID; only of people whom both know."""
    return tuple(
        Rejudged(person_id, before[person_id], after[person_id])
        for person_id in sorted(before.keys() & after.keys())
        if before[person_id] != after[person_id]
    )


def record(store: Store, judged: Judged, before: Mapping[str, str], *, now: datetime) -> None:
    """Keep everybody's standing as judged tonight; of people whose standing did not change nothing is written.

    `before` is what `kept` returned tonight.
    """
    alike: dict[tuple[str, int], Payload] = {}  # most people stand like many others, by one and the same standings
    tonight: dict[str, Payload] = {}
    for person_id, judgement in judged.short.items():
        standings = judgement.state.value, id(judgement.standings)
        if standings not in alike:
            alike[standings] = _plain(judgement)
        tonight[person_id] = alike[standings]
    store.facts.record(KIND, tonight, now=now, stored=before)


def _plain(judgement: JudgedInShort) -> Payload:
    met, late = sorted(judgement.met), sorted(judgement.late)
    return {"state": judgement.state.value, "met": met, "late": late, "words": judgement.words}


def kept(store: Store) -> dict[str, str]:
    """Return Person ID → the last night's standing as it is kept, a text; those who stand alike share one."""
    alike: dict[str, str] = {}
    return {person_id: alike.setdefault(text, text) for person_id, text in store.facts.each_text(KIND)}


def words(before: Mapping[str, str]) -> dict[str, str] | None:
    """Return Person ID → state in words, by what was `kept`; None where that night did not keep them."""
    spoken: dict[str, str | None] = {}
    found: dict[str, str] = {}
    for person_id, text in before.items():
        if text not in spoken:
            spoken[text] = stored_json(text).get("words")
        state = spoken[text]
        if state is None:
            return None
        found[person_id] = state
    return found


def recorded(store: Store) -> dict[str, ShortStanding]:
    """Return everybody's standing as the last night judged it; empty where no night kept any."""
    return {
        person_id: ShortStanding(kept["state"], frozenset(kept["met"]), frozenset(kept["late"]))
        for person_id, kept in store.facts.read(KIND).items()
    }
