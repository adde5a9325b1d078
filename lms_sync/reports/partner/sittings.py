"""The plans of all people → the sittings to book, by date: who goes together, and what it closes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.gate import PartnerText
from lms_sync.compliance.plan.training_plan import PersonPlan, PlannedSitting
from lms_sync.reports import words
from lms_sync.reports.partner.planned import closes_words, sitting_details, sitting_when, web_link


@dataclass(frozen=True, slots=True)
class SittingLine:
    """One sitting and everybody who is to go."""

    offering_id: PartnerText
    first: date
    """The first day; of a self-paced one the day to finish by."""
    last: date
    self_paced: bool
    when: PartnerText
    what: PartnerText
    place: PartnerText
    details: PartnerText
    """Provider, place, fee, hours, seats."""
    link: PartnerText
    closes: PartnerText
    """All that it closes for anybody who goes."""
    names: tuple[PartnerText, ...]
    """In the report's order."""


def sitting_lines(report: GapReport, plans: Mapping[PartnerText, PersonPlan]) -> tuple[SittingLine, ...]:
    """Return every sitting of the plans, by its first day."""
    going: dict[tuple[PartnerText, PartnerText], list[tuple[PartnerText, PlannedSitting]]] = {}
    for person in report.people:
        plan = plans.get(person.person_id)
        for sitting in plan.sittings if plan else ():
            going.setdefault((sitting.offering_id, sitting_when(sitting)), []).append((person.name, sitting))
    lines = (_line([name for name, _ in each], [sitting for _, sitting in each]) for each in going.values())
    return tuple(sorted(lines, key=lambda line: (line.first, line.what)))


def _line(names: list[PartnerText], sittings: list[PlannedSitting]) -> SittingLine:
    sitting = sittings[0]
    closes = sorted({requirement for each in sittings for requirement in each.closes})
    return SittingLine(
        offering_id=sitting.offering_id,
        first=sitting.starts or sitting.ends,
        last=sitting.ends,
        self_paced=sitting.self_paced,
        when=sitting_when(sitting),
        what=words.clean(sitting.title),
        place=words.clean(sitting.place),
        details=sitting_details(sitting),
        link=web_link(sitting.link),
        closes=closes_words(closes),
        names=tuple(words.clean(name) for name in names),
    )
