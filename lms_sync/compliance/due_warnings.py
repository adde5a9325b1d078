"""Whom a partner is warned about today: 30, 14, 7 and 0 days before a last lawful day. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lms_sync.compliance.gap_report import DueWarning, GapReport, PersonGaps, ReportedStanding
from lms_sync.model.finding import short_hash

STEPS = (30, 14, 7, 0)
"""Days before a last lawful day on which it is warned of."""
LONGEST = timedelta(days=STEPS[0] + 1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days whose warnings are given now: those after `since`, up to and including today."""

    since: date
    today: date
    given: Collection[str] = frozenset()
    """What was warned of already today, as `warning_key` gives it."""

    def holds(self, last_lawful_day: date) -> bool:
        """Tell whether the day of one of a last lawful day's warnings is among them."""
        days = (last_lawful_day - timedelta(days=step) for step in STEPS)
        return any(self.since < day <= self.today for day in days)

    def among(self, days: Iterable[date | None]) -> frozenset[date]:
        """Return those last lawful days of which it holds a warning's day; each is asked once."""
        return frozenset(day for day in {*days} if day and self.holds(day))


def due_warnings(report: GapReport, span: Span) -> tuple[DueWarning, ...]:
    """Return what the report's reader is warned of, the nearest day first; a last day that has passed is told too.

    Several warnings of one requirement whose days have come since the last night are one.
    """
    gaps = [(person, standing) for person in report.people for standing in person.open]
    near = span.among(standing.last_lawful_day for _, standing in gaps)
    found: dict[tuple[date, str], tuple[PersonGaps, list[ReportedStanding]]] = {}
    for person, standing in gaps if near else ():
        last = standing.last_lawful_day
        if last and last in near and warning_key(person.person_id, standing.requirement, last) not in span.given:
            found.setdefault((last, person.person_id), (person, []))[1].append(standing)
    return tuple(
        DueWarning(person, last, tuple(standings))
        for (last, _), (person, standings) in sorted(found.items(), key=lambda item: (item[0][0], item[1][0].name))
    )


def near_now(report: GapReport) -> tuple[DueWarning, ...]:
    """Return what is within the days of a warning today, whenever it was last warned of."""
    found = due_warnings(report, Span(report.as_of - LONGEST, report.as_of))
    return tuple(warning for warning in found if warning.last_lawful_day >= report.as_of)


def warning_keys(warnings: Collection[DueWarning]) -> tuple[str, ...]:
    """Return what these warnings warn of, sorted."""
    return tuple(
        sorted(
            warning_key(warning.person.person_id, standing.requirement, warning.last_lawful_day)
            for warning in warnings
            for standing in warning.standings
        )
    )


def warning_key(person_id: str, requirement: str, last_lawful_day: date) -> str:
    """Return what stands for what is warned of; it names nobody."""
    return short_hash(person_id, requirement, last_lawful_day.isoformat())
