"""Who is overdue or due soon: one row per person that says what is missing, what comes next and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lms_sync.compliance.gap_report import GapReport, PersonGaps, ReportedStanding
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, program
from lms_sync.compliance.plan.training_plan import PersonPlan
from lms_sync.reports import words
from lms_sync.reports.missing import Missing, Urgency, missing_of, requirement_words, settling_words, urgency
from lms_sync.reports.partner.planned import sign_up


@dataclass(frozen=True, slots=True)
class PressingRow:
    """One person in the table of what is overdue, or of what is due soon."""

    person_id: PartnerText
    name: PartnerText
    missing: tuple[Missing, ...]
    consequence: PartnerText
    """From which day the law’s deadline is past unless this is closed."""
    planned: PartnerText
    """The plan's next step, and the day on which the plan closes all of it; says so when it does not."""


def pressing_rows(
    report: GapReport, plans: Mapping[PartnerText, PersonPlan], names: Mapping[str, str], *, wanted: Urgency
) -> tuple[PressingRow, ...]:
    """Return a row for each person with something open as pressing as `wanted`, the earliest last day first."""
    pressing = [
        (person, tuple(standing for standing in person.open if urgency(standing, report) == wanted))
        for person in report.people
    ]
    dated = [(_last_day(standings), person, standings) for person, standings in pressing if standings]
    return tuple(
        _row(person, standings, plans.get(person.person_id), report, names)
        for _, person, standings in sorted(dated, key=lambda row: row[0])
    )


def _last_day(standings: tuple[ReportedStanding, ...]) -> date:
    """Return the first of the last lawful days; whatever is pressing has one."""
    return min(standing.last_lawful_day or date.max for standing in standings)


def _row(
    person: PersonGaps,
    standings: tuple[ReportedStanding, ...],
    plan: PersonPlan | None,
    report: GapReport,
    names: Mapping[str, str],
) -> PressingRow:
    return PressingRow(
        person_id=person.person_id,
        name=words.clean(person.name),
        missing=missing_of(standings, report, names),
        consequence=_consequence(standings),
        planned=_planned(standings, plan, report, names),
    )


def _consequence(standings: tuple[ReportedStanding, ...]) -> PartnerText:
    out_of_time = words.written(_last_day(standings) + timedelta(days=1))
    if any(standing.late for standing in standings):
        return fill("Late since {}.", out_of_time)
    return fill("Late from {} unless done before.", out_of_time)


def _planned(
    standings: tuple[ReportedStanding, ...], plan: PersonPlan | None, report: GapReport, names: Mapping[str, str]
) -> PartnerText:
    requirements = tuple(standing.requirement for standing in standings)
    step = sign_up(plan, frozenset(requirements))
    days = {requirement: closing_day(plan, requirement) for requirement in requirements} if plan else {}
    closed = [day for day in days.values() if day]
    if not closed:
        return step
    if left := tuple(requirement for requirement, day in days.items() if day is None):
        return fill("{} {}", step, _left(left, plan, names))
    return fill("{} {}", step, _all_closed(standings, max(closed), report))


def _left(left: tuple[PartnerText, ...], plan: PersonPlan | None, names: Mapping[str, str]) -> PartnerText:
    """Return what is said of requirements that the plan does not close."""
    settling = tuple(requirement for requirement in left if plan and requirement in plan.settling)
    others = tuple(requirement for requirement in left if requirement not in settling)
    nothing = fill("No class covers yet: {}.", requirement_words(others, names)) if others else NOTHING
    return joined(" ", (nothing, settling_words(settling, names)))


def _all_closed(standings: tuple[ReportedStanding, ...], last: date, report: GapReport) -> PartnerText:
    if last <= report.as_of:
        return program("All of it can be finished at once.")
    in_time = any(standing.late for standing in standings) or last <= _last_day(standings)
    return fill(
        "All finished by {}." if in_time else "All finished by {}, after the last lawful day.", words.written(last)
    )


def closing_day(plan: PersonPlan, requirement: str) -> date | None:
    """Return the day on which the plan closes a requirement; None when nothing in it does."""
    ends = [sitting.ends for sitting in plan.sittings if requirement in sitting.closes]
    if ends:
        return min(ends)
    days = [planned.on for planned in plan.days if planned.requirement == requirement]
    return max(days, default=None)
