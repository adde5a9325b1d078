"""The plans of all partners → the classes to book, who goes, and what no class covers. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from lms_sync.compliance.gap_report import GapReport, PersonGaps
from lms_sync.compliance.plan.training_plan import PersonPlan, PlannedSitting, TrainingPlan
from lms_sync.law.standing import State
from lms_sync.reports import words
from lms_sync.reports.missing import NAMED_TOPICS, requirement_words, urgency
from lms_sync.reports.partner.planned import closes_words, sitting_when
from lms_sync.reports.partner.sittings import SittingLine, sitting_lines

Planned = tuple[GapReport, TrainingPlan]
Why = Literal["no class", "settling", "with schools"]
"""No class closes it; the district still settles who may take one that does; it is arranged with the schools."""
_WHY_ORDER: tuple[Why, ...] = ("no class", "settling", "with schools")
_Class = tuple[str, str]
"""Which class, and when."""


@dataclass(frozen=True, slots=True)
class Booking:
    """One class, and who of each partner's people it is planned for."""

    what: str
    when: str
    details: str
    """Provider, place, fee, hours, seats."""
    link: str
    partners: tuple[tuple[str, int], ...]
    """(name, people), in the order of the reports."""
    first: date
    covers: str = ""
    """The topics that it closes for anybody who goes, by number and name."""
    going: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(partner's name, its people who go), in the order of the reports."""
    late: tuple[str, ...] = ()
    """Those who are overdue with something that it closes, each once."""

    @property
    def people(self) -> int:
        """Return how many people go; whoever works for two partners is counted with each."""
        return sum(number for _, number in self.partners)


@dataclass(frozen=True, slots=True)
class Unbooked:
    """What the plans find no class for."""

    what: str
    """Topics with number and name, or the days: `topic 13 Restorative justice`, `check-in trainings`."""
    why: Why
    people: int
    """How many need it; whoever works for two partners is one of them."""
    going: tuple[tuple[str, tuple[str, ...]], ...]
    """(partner's name, its people who need it), in the order of the reports."""
    late: tuple[str, ...]
    """Those who are overdue with it, each once."""


def pressing(report: GapReport) -> GapReport:
    """Return the report of those only who are late or have something due soon: a night plans for nobody else."""
    people = (p for p in report.people if any(urgency(standing, report) != "later" for standing in p.open))
    return replace(report, people=tuple(people))


def bookings(planned: Sequence[Planned], names: Mapping[str, str]) -> tuple[Booking, ...]:
    """Return every class of the plans, by its first day, then those that most people take.

    `names` are the requirements' own.
    """
    classes: dict[_Class, list[tuple[GapReport, SittingLine]]] = {}
    for report, plan in planned:
        for line in sitting_lines(report, {person.person_id: person for person in plan.people}):
            classes.setdefault((line.offering_id, line.when), []).append((report, line))
    sittings: dict[_Class, list[tuple[PersonGaps, PlannedSitting]]] = {}
    for _, person, personal in _people(planned):
        for sitting in personal.sittings:
            sittings.setdefault((sitting.offering_id, sitting_when(sitting)), []).append((person, sitting))
    found = (_booking(lines, sittings[key], names) for key, lines in classes.items())
    return tuple(sorted(found, key=lambda booking: (booking.first, -booking.people, booking.what)))


def unbooked(planned: Sequence[Planned], names: Mapping[str, str]) -> tuple[Unbooked, ...]:
    """Return what no class covers: topics in the law's order, those of the same people together, then days."""
    needs: dict[tuple[Why, str], list[tuple[str, PersonGaps]]] = {}
    late: dict[str, frozenset[str]] = {}
    for report, person, plan in _people(planned):
        late[person.person_id] = late_with(person)
        for why_and_what in _uncovered(plan):
            needs.setdefault(why_and_what, []).append((words.clean(report.partner.name), person))
    ordered = sorted(needs.items(), key=lambda item: (_WHY_ORDER.index(item[0][0]), item[0][1]))
    alike: dict[Unbooked, list[str]] = {}
    for (why, requirement), people in ordered:
        need = Unbooked(
            what="" if requirement.startswith("topic-") else words.COMPONENT_WORDS[requirement][1],
            why=why,
            people=len({person.person_id for _, person in people}),
            going=_by_partner(people),
            late=_names(person for _, person in people if requirement in late[person.person_id]),
        )
        alike.setdefault(need, []).append(requirement)
    return tuple(replace(need, what=need.what or _topics(topics, names)) for need, topics in alike.items())


def _uncovered(plan: PersonPlan) -> Iterator[tuple[Why, str]]:
    """Yield what a plan has no class for, each requirement once."""
    yield from (("no class", requirement) for requirement in plan.unclosed)
    yield from (("settling", requirement) for requirement in plan.settling)
    yield from (("with schools", requirement) for requirement in dict.fromkeys(day.requirement for day in plan.days))


def _by_partner(people: Sequence[tuple[str, PersonGaps]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    partners: dict[str, list[PersonGaps]] = {}
    for partner, person in people:
        partners.setdefault(partner, []).append(person)
    return tuple((name, _names(theirs)) for name, theirs in partners.items())


def _names(people: Iterable[PersonGaps]) -> tuple[str, ...]:
    """Return names, of whoever works for two partners once."""
    return tuple({person.person_id: words.clean(person.name) for person in people}.values())


def late_with(person: PersonGaps) -> frozenset[str]:
    """Return the requirements that somebody is overdue with."""
    return frozenset(s.requirement for s in person.open if s.late and person.state is State.OVERDUE)


def _people(planned: Iterable[Planned]) -> Iterator[tuple[GapReport, PersonGaps, PersonPlan]]:
    """Yield everybody of whom there is a plan, once with each partner."""
    for report, plan in planned:
        plans = {person.person_id: person for person in plan.people}
        yield from ((report, p, plans[p.person_id]) for p in report.people if p.person_id in plans)


def _topics(topics: Sequence[str], names: Mapping[str, str]) -> str:
    if len(topics) > NAMED_TOPICS:
        return closes_words(topics)
    return f"topic{'s' if len(topics) > 1 else ''} {requirement_words(topics, names)}"


def _booking(
    lines: Sequence[tuple[GapReport, SittingLine]],
    sittings: Sequence[tuple[PersonGaps, PlannedSitting]],
    names: Mapping[str, str],
) -> Booking:
    line = lines[0][1]
    going = tuple((words.clean(report.partner.name), each.names) for report, each in lines)
    return Booking(
        what=line.what,
        when=line.when,
        details=line.details,
        link=line.link,
        partners=tuple((partner, len(people)) for partner, people in going),
        first=line.first,
        covers=requirement_words(sorted({name for _, each in sittings for name in each.closes}), names),
        going=going,
        late=_names(person for person, each in sittings if late_with(person) & {*each.closes}),
    )
