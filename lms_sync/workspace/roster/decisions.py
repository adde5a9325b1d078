"""Decisions that HR records in the roster: class, start of the clock, series before assignment. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from lms_sync.model.roster import Assignment, Person, Roster


@dataclass(frozen=True, slots=True)
class RosterDecision:
    """One decision that a roster changes: what was, and what is now; None for nothing."""

    kind: str
    """`class`, `clock` or `assignment`."""
    person_id: str
    by: str
    before: dict[str, str] | None
    after: dict[str, str] | None


def roster_decisions(before: Roster, after: Roster) -> Iterator[RosterDecision]:
    """Yield every decision that `after` makes, changes or takes back, by person; nothing for an equal roster."""
    for person_id in sorted(before.people.keys() | after.people.keys()):
        old, new = before.people.get(person_id), after.people.get(person_id)
        for kind, read in (("class", _class), ("clock", _clock)):
            was, now = read(old) if old else None, read(new) if new else None
            if was != now:
                yield RosterDecision(kind, person_id, (now or was or {}).get("by", ""), was, now)
    old_series, new_series = _series(before), _series(after)
    for key in sorted(old_series.keys() | new_series.keys()):
        was, now = old_series.get(key), new_series.get(key)
        if was != now:
            yield RosterDecision("assignment", key[0], (now or was or {}).get("by", ""), was, now)


def _class(person: Person) -> dict[str, str] | None:
    if person.staff_class is None:
        return None
    on = str(person.class_decided_on or "")
    return {"class": person.staff_class.value, "by": person.class_decided_by, "on": on}


def _clock(person: Person) -> dict[str, str] | None:
    clock = person.clock
    if clock is None:
        return None
    return {"starts": str(clock.starts), "by": clock.decided_by, "on": str(clock.decided_on), "citing": clock.citing}


def _series(roster: Roster) -> dict[tuple[str, ...], dict[str, str]]:
    return {_key(assignment): _entry(assignment) for assignment in roster.assignments if assignment.series}


def _key(assignment: Assignment) -> tuple[str, ...]:
    return (assignment.person_id, assignment.partner_id, assignment.agreement_id or "", str(assignment.starts))


def _entry(assignment: Assignment) -> dict[str, str]:
    return {
        "partner": assignment.partner_id,
        "starts": str(assignment.starts),
        "series": assignment.series,
        "by": assignment.decided_by,
        "on": str(assignment.decided_on or ""),
    }
