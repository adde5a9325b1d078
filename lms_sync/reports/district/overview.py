"""The district on one day → figures by partner and building, who is overdue, who turns overdue next. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from lms_sync.compliance.gap_report import GapReport, PersonGaps, ReportedStanding
from lms_sync.law.standing import IN_DOUBT, STATE_GROUPS, State, state_group
from lms_sync.reports import words
from lms_sync.reports.district.booking import Booking, Unbooked
from lms_sync.reports.figures import Timeline, timeline
from lms_sync.reports.missing import missing_of
from lms_sync.reports.night.summary import NightSummary

NO_BUILDING = "no building recorded"
STATE_ORDER: tuple[str, ...] = tuple(
    dict.fromkeys(
        map(str, (State.OVERDUE, State.UNDETERMINED, State.ON_PLAN, IN_DOUBT, State.COMPLETE, *STATE_GROUPS))
    )
)
"""What people are counted under, the most pressing first."""
States = tuple[tuple[str, int], ...]
"""(what people are counted under, how many of them), in the order of `STATE_ORDER`, without empty ones."""


@dataclass(frozen=True, slots=True)
class StateTally:
    """How the people of one partner, or of one building, stand."""

    name: str
    states: States
    contact: str = ""
    """Whom to write to: the addresses of a partner's reports."""

    @property
    def total(self) -> int:
        """Return how many people there are."""
        return sum(number for _, number in self.states)


@dataclass(frozen=True, slots=True)
class PersonDue:
    """One person who is overdue, or will be when nothing is done."""

    person_id: str
    name: str
    partners: str
    """By name, of all partners that the person works for."""
    day: date
    """The earliest last lawful day that is past, or the next one."""
    days: int
    """How long it is past, or how long it is still to come."""
    lacks: Callable[[], tuple[str, ...]]
    """Puts into words what is missing."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what of it, in words, with the day: of somebody overdue only what is late.

        They are made when they are read, since a page names few of many.
        """
        return self.lacks()


@dataclass(frozen=True, slots=True)
class SourceFreshness:
    """How fresh the evidence of one source is."""

    source: str
    read: datetime | None
    """When it was last read whole; None for never."""
    newest: date | None
    """The newest day of completion in it."""
    trouble: str = ""
    """Why its last reading does not count; empty when it does."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """How everybody stood after one night."""

    day: date
    states: States


@dataclass(frozen=True, slots=True)
class DistrictOverview:
    """The whole district after one night."""

    night: NightSummary
    """What the night came to: its findings, messages and sources are told in full here."""
    people: int
    """Who is assigned today; whoever works for two partners is one of them."""
    states: States
    overdue: tuple[PersonDue, ...]
    """Those longest overdue first."""
    ahead: tuple[PersonDue, ...]
    """Those who are not overdue and miss something, the next first."""
    partners: tuple[StateTally, ...]
    """Those with most people overdue first; without those of whom nobody is assigned."""
    buildings: tuple[StateTally, ...]
    sources: tuple[SourceFreshness, ...]
    trend: tuple[TrendPoint, ...]
    """The oldest night first; tonight is the last."""
    timeline: Timeline | None
    """What is due in the next six months, everybody together; None where nobody is on a report."""
    bookings: tuple[Booking, ...] = ()
    """What the plans of all partners propose to book."""
    unbooked: tuple[Unbooked, ...] = ()
    """What they find no class for."""
    signed_up: int = 0
    """Who is known to be signed up for a class that closes something of theirs."""
    web_address: str = ""
    """The desk's address; empty where it is served on one machine only."""


def overview(
    reports: Sequence[GapReport],
    night: NightSummary,
    *,
    names: Mapping[str, str],
    sources: Sequence[SourceFreshness],
    trend: Sequence[TrendPoint],
) -> DistrictOverview:
    """Return the district on the day of its reports, one for each partner; `names` are the requirements' own."""
    people = everybody(reports)
    overdue = (_due(several, names, late=True) for several in people.values())
    ahead = (_due(several, names, late=False) for several in people.values() if not _is_overdue(several))
    return DistrictOverview(
        night=night,
        people=len(people),
        states=counted(several[0][1] for several in people.values()),
        overdue=tuple(sorted((due for due in overdue if due), key=_first)),
        ahead=tuple(sorted((due for due in ahead if due), key=_first)),
        partners=by_partner(reports),
        buildings=by_building(reports),
        sources=tuple(sources),
        trend=tuple(trend),
        timeline=_timeline(reports, people.values()),
        signed_up=sum(any(s.signed_up for s in several[0][1].open) for several in people.values()),
    )


def _timeline(
    reports: Sequence[GapReport], people: Iterable[Sequence[tuple[GapReport, PersonGaps]]]
) -> Timeline | None:
    everyone = tuple(several[0][1] for several in people)
    return timeline(replace(reports[0], people=everyone), named=False) if everyone else None


def everybody(reports: Iterable[GapReport]) -> dict[str, list[tuple[GapReport, PersonGaps]]]:
    """Return Person ID → the person in the report of each partner that they work for."""
    people: dict[str, list[tuple[GapReport, PersonGaps]]] = {}
    for report in reports:
        for person in report.people:
            people.setdefault(person.person_id, []).append((report, person))
    return people


def counted(people: Iterable[PersonGaps]) -> States:
    """Return how many people are counted under what."""
    return in_order(Counter(state_group(person.state, person.doubted) for person in people))


def in_order(counts: Mapping[str, int]) -> States:
    """Return counts in the order of `STATE_ORDER`, without empty ones."""
    return tuple((group, counts[group]) for group in STATE_ORDER if counts.get(group))


def by_partner(reports: Iterable[GapReport]) -> tuple[StateTally, ...]:
    """Return the figures of each partner of whom anybody is assigned, those with most people overdue first."""
    return _ranked(
        StateTally(report.partner.name, counted(report.people), ", ".join(report.partner.report_to))
        for report in reports
        if report.people
    )


def by_building(reports: Iterable[GapReport]) -> tuple[StateTally, ...]:
    """Return the figures of each building; whoever works in several is counted in each, and once in any."""
    buildings: dict[str, dict[str, PersonGaps]] = {}
    for several in everybody(reports).values():
        places: set[str] = {name for _, person in several for name, _ in person.buildings}
        for place in places or {NO_BUILDING}:
            buildings.setdefault(place, {})[several[0][1].person_id] = several[0][1]
    return _ranked(StateTally(name, counted(people.values())) for name, people in buildings.items())


def _ranked(tallies: Iterable[StateTally]) -> tuple[StateTally, ...]:
    def rank(tally: StateTally) -> tuple[int, str]:
        return -dict(tally.states).get(State.OVERDUE, 0), tally.name.casefold()

    return tuple(sorted(tallies, key=rank))


def _is_overdue(several: Sequence[tuple[GapReport, PersonGaps]]) -> bool:
    return several[0][1].state is State.OVERDUE


def _due(
    several: Sequence[tuple[GapReport, PersonGaps]], names: Mapping[str, str], *, late: bool
) -> PersonDue | None:
    """Return what somebody is late with, or what is due next; None for nothing with a day."""
    report, person = several[0]
    dated = [s for s in person.open if s.last_lawful_day and s.late is late]
    days = [standing.last_lawful_day for standing in dated if standing.last_lawful_day]
    if not days or (late and person.state is not State.OVERDUE):
        return None
    first = min(days)
    pressing = dated if late else [standing for standing in dated if standing.last_lawful_day == first]
    return PersonDue(
        person_id=person.person_id,
        name=person.name,
        partners=", ".join(dict.fromkeys(partner.partner.name for partner, _ in several)),
        day=first,
        days=abs((first - report.as_of).days),
        lacks=partial(_missing, pressing, report, names),
    )


def _missing(pressing: Sequence[ReportedStanding], report: GapReport, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return what is missing; of several things each with its own last lawful day."""
    days = sorted({standing.last_lawful_day for standing in pressing if standing.last_lawful_day})
    found = tuple(
        (missing.what, day)
        for day in days
        for missing in missing_of([s for s in pressing if s.last_lawful_day == day], report, names)
    )
    if len(found) == 1:
        return (found[0][0],)
    return tuple(dict.fromkeys(f"{what} (last lawful day {words.written(day)})" for what, day in found))


def _first(due: PersonDue) -> tuple[date, str, str]:
    return due.day, due.name.casefold(), due.person_id
