"""A partner's gaps × the course map → its training plan. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from itertools import combinations

from lms_sync.compliance.gap_report import GapReport, PersonGaps
from lms_sync.compliance.plan.catalogue import Catalogue, Takeable, read_catalogue
from lms_sync.compliance.plan.cover import Wanted, best_offerings
from lms_sync.compliance.plan.spread import Availability, WorkingDays, propose_days
from lms_sync.compliance.plan.training_plan import PersonPlan, PlannedSitting, TrainingPlan
from lms_sync.law.days import working_days
from lms_sync.law.standing import Standing, State
from lms_sync.model.course_map import CourseMap
from lms_sync.model.finding import Area, Finding

CLASSROOM = "classroom"


@dataclass(frozen=True, slots=True)
class _Planning:
    """What planning takes besides the person."""

    as_of: date
    choose: Callable[[Wanted], tuple[Takeable, ...]]
    working_days: WorkingDays


def plan_partner(
    report: GapReport, course_map: CourseMap, *, working_days: WorkingDays = working_days
) -> TrainingPlan:
    """Return the plan for everybody in `report` with something open, as of the report's day.

    `working_days(start, end)` gives the days between two days, both included, on which training can be proposed.
    People who lack the same topics by the same dates are worked out once.
    """
    catalogue = read_catalogue(course_map, as_of=report.as_of)
    days = cache(lambda start, end: tuple(working_days(start, end)))
    planning = _Planning(report.as_of, cache(partial(best_offerings, catalogue.offerings)), days)
    people = tuple(_plan(person, planning) for person in report.people if person.open)
    return TrainingPlan(report.partner.partner_id, report.as_of, people)


def plan_person(person: PersonGaps, catalogue: Catalogue, *, working_days: WorkingDays) -> PersonPlan:
    """Return one person's plan as of the catalogue's day; an empty one when nothing is open."""
    return _plan(person, _Planning(catalogue.as_of, partial(best_offerings, catalogue.offerings), working_days))


def unclosed_findings(*plans: TrainingPlan) -> tuple[Finding, ...]:
    """Return a finding for each requirement that no offering closes for somebody in the plans."""
    people = defaultdict(set)
    for plan in plans:
        for person in plan.people:
            for requirement in person.unclosed:
                people[requirement].add(person.person_id)
    return tuple(_unclosed(requirement, people[requirement]) for requirement in sorted(people))


def _unclosed(requirement: str, people: Iterable[str]) -> Finding:
    return Finding(
        Area.OFFERING,
        "topic-without-offering",
        where=f"the course map, sheet Offerings, {requirement}",
        found=f"nothing that can be taken from now on closes {requirement}",
        expected="an offering to come, of a course with a decided row that teaches it and counts on the last day",
        remedy="Find one (the ESD's calendar) and add it to the sheet Offerings; until then the plans leave it open.",
        people=tuple(sorted(people)),
    )


def _plan(person: PersonGaps, planning: _Planning) -> PersonPlan:
    topics = {s.requirement: s for s in person.open if s.component == CLASSROOM}
    chosen = planning.choose(tuple((name, standing.due) for name, standing in topics.items()))
    closed_by = _closed_by(topics, chosen)
    sittings = [_sitting(takeable, topics, closes=closed_by[takeable], as_of=planning.as_of) for takeable in chosen]
    sittings.sort(key=lambda sitting: (sitting.starts or planning.as_of, sitting.ends, sitting.offering_id))
    others = [s for s in person.open if s.component != CLASSROOM]
    tomorrow = planning.as_of + timedelta(days=1)
    first = max(tomorrow, person.first_day or tomorrow)
    closed = {requirement for closes in closed_by.values() for requirement in closes}
    return PersonPlan(
        person_id=person.person_id,
        name=person.name,
        sittings=tuple(sittings),
        days=propose_days(others, Availability(first, _busy(sittings), planning.working_days)),
        unclosed=tuple(name for name in topics if name not in closed),
        notes=tuple(_notes(person, sittings)),
    )


def _closed_by(topics: Iterable[str], chosen: Sequence[Takeable]) -> Mapping[Takeable, list[str]]:
    """Return for each chosen offering the topics that it closes: those that none of the others closes before."""
    closed_by: dict[Takeable, list[str]] = {takeable: [] for takeable in chosen}
    for topic in topics:
        teaching = [takeable for takeable in chosen if topic in takeable.topics]
        if teaching:
            closed_by[min(teaching, key=lambda takeable: (takeable.day, takeable.offering.offering_id))].append(topic)
    return closed_by


def _sitting(
    takeable: Takeable, topics: Mapping[str, Standing], *, closes: Sequence[str], as_of: date
) -> PlannedSitting:
    offering, row = takeable.offering, takeable.row
    self_paced = offering.ends is None
    ends = _finish_by(takeable, [topics[name].due for name in closes]) if self_paced else takeable.day
    last_days = {name: topics[name].last_lawful_day or date.max for name in closes}
    return PlannedSitting(
        offering_id=offering.offering_id,
        title=row.title or row.unit or row.course,
        provider=row.provider,
        starts=None if self_paced and takeable.day == as_of else offering.starts,
        ends=ends,
        self_paced=self_paced,
        place=offering.place,
        seats=offering.seats,
        link=offering.link or row.link,
        fee=row.fee,
        hours=row.hours,
        closes=tuple(closes),
        late=tuple(name for name in closes if takeable.day > last_days[name]),
    )


def _finish_by(takeable: Takeable, dues: Iterable[date | None]) -> date:
    """Return the earliest due date that can be kept, as long as the map counts the course; else the first day."""
    to_come = [due for due in dues if due and due >= takeable.day]
    limit = takeable.row.counts_until or date.max
    return min(*to_come, limit) if to_come else takeable.day


def _busy(sittings: Iterable[PlannedSitting]) -> frozenset[date]:
    dated = [(s.starts, s.ends) for s in sittings if s.starts and not s.self_paced]
    return frozenset(start + timedelta(days=n) for start, end in dated for n in range((end - start).days + 1))


def _notes(person: PersonGaps, sittings: Sequence[PlannedSitting]) -> Iterable[str]:
    if person.state is State.UNDETERMINED:
        yield "The district first records what is not known yet; until then no due date is sure, only what is open."
    for sitting in sittings:
        if sitting.fee is None:
            yield f"The fee of “{sitting.title}” is not known; ask the provider."
    for sitting, other in combinations(sittings, 2):
        if _overlap(sitting, other):
            yield f"“{sitting.title}” and “{other.title}” have days in common; check the hours before signing up."
    if any(sitting.seats for sitting in sittings):
        yield "Seats are as the provider states them; none is reserved."


def _overlap(sitting: PlannedSitting, other: PlannedSitting) -> bool:
    if sitting.self_paced or other.self_paced or sitting.starts is None or other.starts is None:
        return False
    return sitting.starts <= other.ends and other.starts <= sitting.ends
