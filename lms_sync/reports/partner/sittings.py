"""The plans of all people → the sittings to book, by date: who goes together, and what it closes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lms_sync.compliance.gap_report import GapReport, PersonGaps
from lms_sync.compliance.gate import NOTHING, PartnerText, fill
from lms_sync.compliance.plan.training_plan import PersonPlan, PlannedSitting
from lms_sync.reports import words
from lms_sync.reports.missing import urgency
from lms_sync.reports.partner.planned import closes_words, sitting_details, sitting_when, web_link
from lms_sync.reports.partner.to_arrange import named


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
    late: PartnerText
    """`after the due date of NAME`; empty where it is for nobody whose day is still to come."""
    pressing: bool
    """True when it closes what is late or due soon for somebody who goes."""


def sitting_lines(report: GapReport, plans: Mapping[PartnerText, PersonPlan]) -> tuple[SittingLine, ...]:
    """Return every sitting of the plans, by its first day."""
    going: dict[tuple[PartnerText, PartnerText], list[tuple[PersonGaps, PlannedSitting]]] = {}
    for person in report.people:
        plan = plans.get(person.person_id)
        for sitting in plan.sittings if plan else ():
            going.setdefault((sitting.offering_id, sitting_when(sitting)), []).append((person, sitting))
    lines = (_line(each, report) for each in going.values())
    return tuple(sorted(lines, key=lambda line: (line.first, line.what)))


def _line(going: list[tuple[PersonGaps, PlannedSitting]], report: GapReport) -> SittingLine:
    sitting = going[0][1]
    closes = sorted({requirement for _, each in going for requirement in each.closes})
    late = [person.name for person, each in going if _too_late(person, each)]
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
        names=tuple(words.clean(person.name) for person, _ in going),
        late=fill("after the due date of {}", named(late)) if late else NOTHING,
        pressing=any(_pressing(person, each, report) for person, each in going),
    )


def _too_late(person: PersonGaps, sitting: PlannedSitting) -> bool:
    """Return whether somebody turns late before it: who is late already is told so elsewhere."""
    return any(s.requirement in sitting.late and not s.late for s in person.open)


def _pressing(person: PersonGaps, sitting: PlannedSitting, report: GapReport) -> bool:
    return any(s.requirement in sitting.closes and urgency(s, report) != "later" for s in person.open)
