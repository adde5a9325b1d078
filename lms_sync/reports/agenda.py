"""The plans of all people → what is planned in the next weeks, by date: who is away when, and for what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.gate import PartnerText, fill
from lms_sync.compliance.plan.training_plan import PersonPlan
from lms_sync.reports import words
from lms_sync.reports.partner.planned import sitting_when

_Key = tuple[date, PartnerText, PartnerText]


@dataclass(frozen=True, slots=True)
class Appointment:
    """One sitting, or one proposed date, and everyone who takes part."""

    when: PartnerText
    what: PartnerText
    names: tuple[PartnerText, ...]
    """In the report's order."""


def agenda(report: GapReport, plans: Mapping[PartnerText, PersonPlan]) -> tuple[Appointment, ...]:
    """Return what is planned within the days that count as soon, by first day; the last of these days is included.

    A self-paced sitting without a first day stands at the day to finish by.
    """
    until = report.as_of + timedelta(days=report.due_soon_days)
    together: dict[_Key, list[PartnerText]] = {}
    for person in report.people:
        plan = plans.get(person.person_id)
        for key in dict.fromkeys(_keys(plan)) if plan else ():
            if key[0] <= until:
                together.setdefault(key, []).append(words.clean(person.name))
    return tuple(Appointment(key[1], key[2], tuple(together[key])) for key in sorted(together))


def _keys(plan: PersonPlan) -> Iterator[_Key]:
    """Yield (first day, when, what) of everything in the plan."""
    for sitting in plan.sittings:
        yield (sitting.starts or sitting.ends, sitting_when(sitting), words.clean(sitting.title))
    for planned in plan.days:
        singular, _ = words.COMPONENT_WORDS[planned.requirement]
        yield (planned.on, words.written(planned.on), fill("{} (proposed)", singular))
