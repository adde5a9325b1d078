"""The plans of all partners → the classes that HR sees to: what, when, how many of whom. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.reports import words
from lms_sync.reports.missing import urgency
from lms_sync.reports.partner.sittings import SittingLine, sitting_lines


@dataclass(frozen=True, slots=True)
class Booking:
    """One class, and how many of each partner's people it is planned for."""

    what: str
    when: str
    details: str
    """Provider, place, fee, hours, seats."""
    link: str
    partners: tuple[tuple[str, int], ...]
    """(name, people), in the order of the reports."""
    first: date

    @property
    def people(self) -> int:
        """Return how many people go; whoever works for two partners is counted with each."""
        return sum(number for _, number in self.partners)


def pressing(report: GapReport) -> GapReport:
    """Return the report of those only who are late or have something due soon: a night plans for nobody else."""
    people = (p for p in report.people if any(urgency(standing, report) != "later" for standing in p.open))
    return replace(report, people=tuple(people))


def bookings(planned: Iterable[tuple[GapReport, TrainingPlan]]) -> tuple[Booking, ...]:
    """Return every class of the plans, by its first day, then those that most people take."""
    classes: dict[tuple[str, str], list[tuple[GapReport, SittingLine]]] = {}
    for report, plan in planned:
        for line in sitting_lines(report, {person.person_id: person for person in plan.people}):
            classes.setdefault((line.offering_id, line.when), []).append((report, line))
    return tuple(sorted(map(_booking, classes.values()), key=lambda found: (found.first, -found.people, found.what)))


def _booking(lines: list[tuple[GapReport, SittingLine]]) -> Booking:
    line = lines[0][1]
    partners = tuple((words.clean(report.partner.name), len(each.names)) for report, each in lines)
    return Booking(line.what, line.when, line.details, line.link, partners, line.first)
