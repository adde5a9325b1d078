"""A partner's gaps × the course map → its training plan. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import combinations

from lms_sync.compliance.gap_report import GapReport, PersonGaps, ReportedStanding
from lms_sync.compliance.gate import Gate, PartnerText, fill, own_row, program
from lms_sync.compliance.plan.catalogue import Catalogue, Takeable, read_catalogue
from lms_sync.compliance.plan.cover import Wanted, best_offerings
from lms_sync.compliance.plan.openings import Openings
from lms_sync.compliance.plan.school_days import SchoolDays
from lms_sync.compliance.plan.spread import Availability, propose_days
from lms_sync.compliance.plan.training_plan import PersonPlan, PlannedSitting, TrainingPlan
from lms_sync.law.standing import State
from lms_sync.model.course_map import CourseMap, requirement_words
from lms_sync.model.finding import Area, Finding
from lms_sync.text import written_day

CLASSROOM = "classroom"
_OFFERED = "an upcoming offering of a course whose decided row teaches it and counts on the last day"
NO_CALENDAR = SchoolDays()
"""Of a district that has not stated on which days its schools are closed."""


Choose = Callable[[frozenset[str], Wanted], tuple[Takeable, ...]]
"""Gives the best offerings of those that are open to all of the partners."""


def chooser(catalogue: Catalogue, openings: Openings) -> Choose:
    """Return what chooses offerings; people who lack the same, and may take the same, are worked out once."""

    @cache
    def open_to(partners: frozenset[str]) -> tuple[int, ...]:
        places = range(len(catalogue.offerings))
        return tuple(n for n in places if openings.open_to(catalogue.offerings[n].offering, partners))

    @cache
    def best(places: tuple[int, ...], wanted: Wanted) -> tuple[Takeable, ...]:
        return best_offerings([catalogue.offerings[place] for place in places], wanted)

    return lambda partners, wanted: best(open_to(partners), wanted)


@dataclass(frozen=True, slots=True)
class Planning:
    """What planning takes besides the person: what can be taken by whom, and how its reader may read of it."""

    partner_id: str
    catalogue: Catalogue
    openings: Openings
    gate: Gate
    school: SchoolDays
    choose: Choose

    @property
    def as_of(self) -> date:
        """The day from which on training is planned."""
        return self.catalogue.as_of


def plan_partner(
    report: GapReport,
    course_map: CourseMap,
    gate: Gate,
    *,
    openings: Openings,
    school: SchoolDays = NO_CALENDAR,
) -> TrainingPlan:
    """Return the plan for everybody in `report` with something open, as of the report's day.

    Only offerings that are open to the partner are planned. `school` tells the days on which training
    can be proposed.
    """
    catalogue = read_catalogue(course_map, as_of=report.as_of)
    whose = report.partner.partner_id
    means = Planning(whose, catalogue, openings, gate, school, chooser(catalogue, openings))
    return TrainingPlan(
        own_row(whose), report.as_of, tuple(plan_person(person, means) for person in report.people if person.open)
    )


def unclosed_findings(unclosed: Iterable[tuple[str, str]], *, covered: Collection[str]) -> tuple[Finding, ...]:
    """Return a finding for each requirement that no offering closes for somebody: (Person ID, requirement) each.

    `covered` are the requirements that any offering closes: the others have one cause, and are one finding.
    """
    people = defaultdict(set)
    for person_id, requirement in unclosed:
        people[requirement].add(person_id)
    nowhere = sorted(people.keys() - set(covered))
    found = [_nowhere(nowhere, {i for requirement in nowhere for i in people[requirement]})] if nowhere else []
    found += [_unclosed(requirement, people[requirement]) for requirement in sorted(people) if requirement in covered]
    return tuple(found)


def differing_findings(plans: Iterable[TrainingPlan]) -> tuple[Finding, ...]:
    """Return a finding for HR for each person whose plans for two partners do not name the same offerings."""
    found: dict[str, dict[str, PersonPlan]] = defaultdict(dict)
    for plan in plans:
        for person in plan.people:
            found[person.person_id][plan.partner_id] = person
    return tuple(
        _differing(person_id, theirs)
        for person_id, theirs in found.items()
        if len({tuple(sorted(s.offering_id for s in plan.sittings)) for plan in theirs.values()}) > 1
    )


def _differing(person_id: str, plans: Mapping[str, PersonPlan]) -> Finding:
    name = next(iter(plans.values())).name
    each = (
        f"{partner_id}: {', '.join(map(_titled, plan.sittings)) or 'nothing'}" for partner_id, plan in plans.items()
    )
    return Finding(
        Area.OFFERING,
        "plans-differ",
        where=f"person {person_id}",
        found=f"{name} has another plan for each partner; {'; '.join(each)}",
        expected="one plan for all partners of a person",
        remedy="Agree with the person which of the two is taken; neither partner reads of the other's.",
        people=(person_id,),
    )


def _titled(sitting: PlannedSitting) -> str:
    return f"{sitting.title} ({written_day(sitting.starts or sitting.ends)})"


def _nowhere(requirements: Sequence[str], people: Iterable[str]) -> Finding:
    return Finding(
        Area.OFFERING,
        "topic-without-offering",
        where="courses.xlsx, sheet Offerings",
        found=f"no class that can still be taken covers {requirement_words(requirements)}",
        expected=_OFFERED,
        remedy="Find classes (see the ESD's calendar) and add them to the sheet Offerings; until then plans leave it"
        " open.",
        people=tuple(sorted(people)),
        subject="the course map, sheet Offerings, what no class covers",
    )


def _unclosed(requirement: str, people: Iterable[str]) -> Finding:
    return Finding(
        Area.OFFERING,
        "topic-without-offering",
        where=f"courses.xlsx, sheet Offerings, {requirement_words([requirement])}",
        found=f"no class that can still be taken covers {requirement_words([requirement])} for all who lack it",
        expected=_OFFERED,
        remedy="Find one (see the ESD's calendar) and add it to the sheet Offerings, or open one to more partners"
        " there; until then plans leave it open.",
        people=tuple(sorted(people)),
        subject=f"the course map, sheet Offerings, {requirement}",
    )


def plan_person(person: PersonGaps, planning: Planning) -> PersonPlan:
    """Return one person's plan as of the catalogue's day; an empty one when nothing is open."""
    topics = {s.requirement: s for s in person.open if s.component == CLASSROOM}
    wanted = tuple((name, standing.due) for name, standing in topics.items())
    chosen = chosen_for(person.person_id, wanted, planning.partner_id, planning.choose, openings=planning.openings)
    closed_by = _closed_by(topics, chosen)
    sittings = [_sitting(takeable, topics, closes=closed_by[takeable], planning=planning) for takeable in chosen]
    sittings.sort(key=lambda sitting: (sitting.starts or planning.as_of, sitting.ends, sitting.offering_id))
    others = [s for s in person.open if s.component != CLASSROOM]
    tomorrow = planning.as_of + timedelta(days=1)
    first = max(tomorrow, person.first_day or tomorrow)
    closed = {requirement for closes in closed_by.values() for requirement in closes}
    left = [name for name in topics if name not in closed]
    settling = settling_topics(planning.catalogue, planning.openings)
    return PersonPlan(
        person_id=person.person_id,
        name=person.name,
        sittings=tuple(sittings),
        days=propose_days(others, Availability(first, _busy(sittings), planning.school)),
        unclosed=tuple(name for name in left if name not in settling),
        notes=tuple(_notes(person, sittings)),
        settling=tuple(name for name in left if name in settling),
    )


def chosen_for(
    person_id: str, wanted: Wanted, partner_id: str, choose: Choose, *, openings: Openings
) -> tuple[Takeable, ...]:
    """Return the best offerings; of somebody of several partners those open to all of them, where they do as well."""
    own = choose(frozenset({partner_id}), wanted)
    partners = openings.of_person(person_id, partner_id)
    if len(partners) == 1:
        return own
    common = choose(partners, wanted)
    return common if _done(common, wanted) == _done(own, wanted) else own


def _done(offerings: Sequence[Takeable], wanted: Wanted) -> tuple[int, int]:
    """Return how many of the wanted topics the offerings close, and how many of them by their due date."""
    days = {
        topic: min((takeable.day for takeable in offerings if topic in takeable.topics), default=None)
        for topic, _ in wanted
    }
    in_time = sum(1 for topic, due in wanted if (day := days[topic]) and (due is None or day <= due))
    return sum(day is not None for day in days.values()), in_time


def settling_topics(catalogue: Catalogue, openings: Openings) -> frozenset[str]:
    """Return the topics of offerings that could be taken if it were settled who may."""
    waiting = (takeable for takeable in catalogue.offerings if not openings.settled(takeable.offering))
    return frozenset(topic for takeable in waiting for topic in takeable.topics)


def _closed_by(topics: Iterable[PartnerText], chosen: Sequence[Takeable]) -> Mapping[Takeable, list[PartnerText]]:
    """Return for each chosen offering the topics that it closes: those that none of the others closes before."""
    closed_by: dict[Takeable, list[PartnerText]] = {takeable: [] for takeable in chosen}
    for topic in topics:
        teaching = [takeable for takeable in chosen if topic in takeable.topics]
        if teaching:
            closed_by[min(teaching, key=lambda takeable: (takeable.day, takeable.offering.offering_id))].append(topic)
    return closed_by


def _sitting(
    takeable: Takeable,
    topics: Mapping[PartnerText, ReportedStanding],
    *,
    closes: Sequence[PartnerText],
    planning: Planning,
) -> PlannedSitting:
    offering, row, gate = takeable.offering, takeable.row, planning.gate
    self_paced = offering.ends is None
    ends = _finish_by(takeable, [topics[name].due for name in closes]) if self_paced else takeable.day
    last_days = {name: topics[name].last_lawful_day or date.max for name in closes}
    return PlannedSitting(
        offering_id=gate.record(offering.offering_id),
        title=gate.trained(row.title or row.unit or row.course, instead=gate.topic(*closes)),
        provider=gate.trained(row.provider),
        starts=None if self_paced and takeable.day == planning.as_of else offering.starts,
        ends=ends,
        self_paced=self_paced,
        place=gate.offered(offering.place),
        seats=offering.seats,
        link=gate.offered(offering.link) or gate.trained(row.link),
        fee=row.fee,
        hours=row.hours,
        closes=tuple(closes),
        late=tuple(name for name in closes if takeable.day > last_days[name]),
        own=gate.is_reader(row.provider),
    )


def _finish_by(takeable: Takeable, dues: Iterable[date | None]) -> date:
    """Return the earliest due date that can be kept, as long as the map counts the course; else the first day."""
    to_come = [due for due in dues if due and due >= takeable.day]
    limit = takeable.row.counts_until or date.max
    return min(*to_come, limit) if to_come else takeable.day


def _busy(sittings: Iterable[PlannedSitting]) -> frozenset[date]:
    dated = [(s.starts, s.ends) for s in sittings if s.starts and not s.self_paced]
    return frozenset(start + timedelta(days=n) for start, end in dated for n in range((end - start).days + 1))


def _notes(person: PersonGaps, sittings: Sequence[PlannedSitting]) -> Iterable[PartnerText]:
    if person.state is State.UNDETERMINED:
        yield _UNDETERMINED
    for sitting in sittings:
        if sitting.fee is None and not sitting.own:
            yield fill("The fee of “{}” is not known; ask the provider.", sitting.title)
    for sitting, other in combinations(sittings, 2):
        if _overlap(sitting, other):
            overlap = "“{}” and “{}” have days in common; check the hours before signing up."
            yield fill(overlap, sitting.title, other.title)
    if any(sitting.seats is not None for sitting in sittings):
        yield program("Seats are as the provider states them; none is reserved.")


_UNDETERMINED = program(
    "The district first records what is not known yet; until then no due date is sure, only what is open."
)


def _overlap(sitting: PlannedSitting, other: PlannedSitting) -> bool:
    if sitting.self_paced or other.self_paced or sitting.starts is None or other.starts is None:
        return False
    return sitting.starts <= other.ends and other.starts <= sitting.ends
