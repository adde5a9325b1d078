"""Who is posted at one building on a day, on how many days a week, and the state alone. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lms_sync.compliance.gate import PartnerText, joined, own_row, setting
from lms_sync.compliance.judge import Judged
from lms_sync.law.standing import State
from lms_sync.model.roster import Assignment
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import fold


@dataclass(frozen=True, slots=True)
class Posted:
    """One person posted at the building on `as_of`."""

    person_id: str
    name: PartnerText
    position: PartnerText
    days: Decimal
    """Days a week at this building; `DAYS_NOT_RECORDED` where the roster does not say."""
    state: State
    doubted: date | None = None
    """Since when training of theirs is in doubt."""


@dataclass(frozen=True, slots=True)
class BuildingList:
    """What a principal is told: nothing about anybody who is not posted at the building, and no requirement."""

    district: PartnerText
    contact: PartnerText
    building: PartnerText
    as_of: date
    known_at: datetime
    people: tuple[Posted, ...]
    """By name."""


def build_building(snapshot: Snapshot, judged: Judged, building: str) -> BuildingList:
    """Return who is posted at the building on the day judged; a name is matched without case and stray blanks."""
    roster = snapshot.roster
    posts: dict[str, list[Assignment]] = {}
    for assignment in roster.assignments:
        if assignment.covers(judged.as_of) and works_at(assignment, building):
            posts.setdefault(assignment.person_id, []).append(assignment)
    posted = (
        Posted(
            person_id,
            own_row(roster.people[person_id].name),
            joined(", ", dict.fromkeys(own_row(a.position) for a in assignments)),
            sum((days_at(a, building) for a in assignments), Decimal()),
            judged.short[person_id].state,
            judged.short[person_id].doubted,
        )
        for person_id, assignments in posts.items()
    )
    return BuildingList(
        district=setting(snapshot.settings.district),
        contact=setting(snapshot.settings.contact),
        building=setting(building),
        as_of=judged.as_of,
        known_at=snapshot.known_at,
        people=tuple(sorted(posted, key=lambda person: (person.name.casefold(), person.person_id))),
    )


def works_at(assignment: Assignment, building: str) -> bool:
    """Tell whether the assignment names the building, with days a week or without."""
    return any(fold(name) == fold(building) for name, _ in assignment.buildings)


def days_at(assignment: Assignment, building: str) -> Decimal:
    """Return the days a week that the assignment spends at the building; 0 for none, or none recorded."""
    return sum((days for name, days in assignment.buildings if fold(name) == fold(building)), Decimal())


def buildings(assignments: Iterable[Assignment]) -> tuple[str, ...]:
    """Return the names of all buildings that any of the assignments tells, sorted."""
    return tuple(sorted({name for assignment in assignments for name, _ in assignment.buildings}))
