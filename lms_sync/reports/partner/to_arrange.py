"""What booking classes does not settle: topics that no class covers, and days that are to be agreed. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal

from lms_sync.compliance.gap_report import GapReport, PersonGaps
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, program
from lms_sync.compliance.plan.training_plan import PersonPlan
from lms_sync.reports import words
from lms_sync.reports.missing import Urgency, urgency
from lms_sync.reports.partner.planned import closes_words

NAMED = 6
"""More people than this are counted in a sentence; the lists below name them."""
SETS_NAMED = 3
"""So many sets of topics stand in the sentence about what no class covers."""
RANK: dict[Urgency, int] = {"overdue": 0, "soon": 1, "later": 2}
_PERSON, _PEOPLE = program("person"), program("people")


def whom_to_ask(report: GapReport) -> PartnerText:
    """Return what to do about what no class covers: the district's own sentence, else whom to ask."""
    if report.no_offering:
        return words.clean(report.no_offering)
    return fill("Ask: {}.", words.clean(report.contact))


def named(names: Sequence[PartnerText], most: int = NAMED) -> PartnerText:
    """Return the names, or their number where they would fill a line."""
    if len(names) > most:
        return words.count(len(names), _PERSON, _PEOPLE)
    return joined("; ", (words.clean(name) for name in names))


def uncovered_words(report: GapReport, plans: Mapping[PartnerText, PersonPlan]) -> PartnerText:
    """Return which topics no class covers, for whom that is late or due soon, and whom to ask; empty for none."""
    people: dict[tuple[str, ...], dict[Urgency, list[PartnerText]]] = {}
    for person in report.people:
        plan = plans.get(person.person_id)
        for pressing, topics in _uncovered(person, plan, report).items() if plan else ():
            people.setdefault(tuple(topics), {}).setdefault(pressing, []).append(person.name)
    if not people:
        return NOTHING
    groups = sorted(people, key=lambda topics: (min(RANK[pressing] for pressing in people[topics]), topics))
    each = [fill("{} ({})", closes_words(topics), _whose(people[topics], report)) for topics in groups[:SETS_NAMED]]
    more = program("and others below") if len(groups) > SETS_NAMED else NOTHING
    left = joined("; ", (*each, more))
    return fill("No class covers yet, whatever is booked: {}. {}", left, whom_to_ask(report))


def _whose(people: Mapping[Urgency, Sequence[PartnerText]], report: GapReport) -> PartnerText:
    return joined(
        "; and ", (_for(pressing, people[pressing], report) for pressing in sorted(people, key=RANK.__getitem__))
    )


def _uncovered(person: PersonGaps, plan: PersonPlan, report: GapReport) -> dict[Urgency, list[str]]:
    """Return what no class covers for one person, by how pressing it is."""
    found: dict[Urgency, list[str]] = {}
    for standing in person.open:
        if standing.requirement in plan.unclosed:
            found.setdefault(urgency(standing, report), []).append(standing.requirement)
    return found


def _for(pressing: Urgency, names: Sequence[PartnerText], report: GapReport) -> PartnerText:
    match pressing:
        case "overdue":
            return fill("late for {}", named(names))
        case "soon":
            return fill("due within {} days for {}", report.due_soon_days, named(names))
        case "later":
            return fill("due later for {}", words.count(len(names), _PERSON, _PEOPLE))


def days_words(report: GapReport, *, most: int = NAMED) -> PartnerText:
    """Return who needs on-the-job days and who check-ins, and that their dates are proposals; empty for nobody."""
    days, check_ins = _who(report, "on-the-job", most), _who(report, "check-in", most)
    if not days and not check_ins:
        return NOTHING
    parts = (
        fill("on-the-job days for {}", days) if days else NOTHING,
        fill("check-ins for {}", check_ins) if check_ins else NOTHING,
    )
    return fill("Arrange with the school (the dates are only proposed): {}.", joined("; ", parts))


def _who(report: GapReport, component: Literal["on-the-job", "check-in"], most: int) -> PartnerText:
    """Return who needs days of a component; of many their number, and who is late or due soon."""
    needed = [(person.name, s) for person in report.people for s in person.open if s.component == component]
    names = [name for name, _ in needed]
    if len(names) <= most:
        return named(names, most)
    late = [name for name, standing in needed if urgency(standing, report) == "overdue"]
    soon = [name for name, standing in needed if urgency(standing, report) == "soon"]
    pressing = (_for("overdue", late, report) if late else NOTHING, _for("soon", soon, report) if soon else NOTHING)
    whose = joined("; and ", pressing)
    return fill("{} named in the plan{}", named(names), fill(" ({})", whose) if whose else NOTHING)
