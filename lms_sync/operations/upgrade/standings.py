"""Everybody's standing in short, as a night keeps it so that a later one can tell what only new rules changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from lms_sync.compliance.judge import Judged
from lms_sync.model.issued import IssuedReport
from lms_sync.store.store import Store

KIND, DAY = "judged", "judged day"
"""Of the facts in the store: Person ID → standing, and the day that it was judged."""


@dataclass(frozen=True, slots=True)
class ShortStanding:
    """One person's state, and what is met and late."""

    state: str
    met: frozenset[str]
    """Requirements that are met, in time or late."""
    late: frozenset[str]
    """Requirements that are late, met or not."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One person whom the new rules judge otherwise by the same facts."""

    person_id: str
    before: ShortStanding
    after: ShortStanding

    def __str__(self) -> str:
        """Return it as HR reads it: the states, then each requirement that changed."""
        told = [] if self.before.state == self.after.state else [f"{self.before.state} → {self.after.state}"]
        told += [f"{name}: met → open" for name in sorted(self.before.met - self.after.met)]
        told += [f"{name}: open → met" for name in sorted(self.after.met - self.before.met)]
        told += [f"{name}: in time → late" for name in sorted(self.after.late - self.before.late)]
        told += [f"{name}: late → in time" for name in sorted(self.before.late - self.after.late)]
        return f"{self.person_id}: {', '.join(told)}"


def in_short(judged: Judged) -> dict[str, ShortStanding]:
    """Return Person ID → standing, for everybody who was judged."""
    return {
        person_id: ShortStanding(
            judgement.state.value,
            frozenset(s.requirement for s in judgement.standings if s.met_by is not None),
            frozenset(s.requirement for s in judgement.standings if s.late),
        )
        for person_id, judgement in judged.people.items()
    }


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


def differences(before: Mapping[str, ShortStanding], after: Mapping[str, ShortStanding]) -> tuple[Difference, ...]:
    """Return who is judged otherwise, by Person ID; only of people whom both know."""
    return tuple(
        Difference(person_id, before[person_id], after[person_id])
        for person_id in sorted(before.keys() & after.keys())
        if before[person_id] != after[person_id]
    )


def record(store: Store, judged: Judged, *, now: datetime) -> None:
    """Keep everybody's standing as judged tonight; of people whose standing did not change nothing is written."""
    short = in_short(judged)
    store.facts.record(
        KIND,
        {i: {"state": s.state, "met": sorted(s.met), "late": sorted(s.late)} for i, s in short.items()},
        now=now,
    )
    store.facts.put(DAY, "day", {"as_of": judged.as_of.isoformat()}, now=now)


def recorded(store: Store) -> tuple[date, dict[str, ShortStanding]] | None:
    """Return the last day that was judged, and everybody's standing on it; None where no night kept any."""
    day = store.facts.read(DAY).get("day")
    if day is None:
        return None
    stored = store.facts.read(KIND).items()
    return date.fromisoformat(day["as_of"]), {
        i: ShortStanding(kept["state"], frozenset(kept["met"]), frozenset(kept["late"])) for i, kept in stored
    }
