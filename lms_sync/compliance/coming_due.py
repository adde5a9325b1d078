"""Who has not started yet, but whose first day is known: the due dates that the day will give. Pure.

Nothing is due yet by the law; reports and plans say by when it will be.
"""

from dataclasses import replace

from lms_sync.compliance.gap_report import PersonGaps, ReportedStanding
from lms_sync.law.days import due, last_lawful_day
from lms_sync.law.rules import clock_start
from lms_sync.law.series import Version
from lms_sync.law.standing import StaffClock, State
from lms_sync.model.roster import Person


def with_coming_due(gaps: PersonGaps, person: Person, series: Version) -> PersonGaps:
    """Return the person with due dates counted from the first day to come; unchanged for everybody else."""
    if gaps.state is not State.NOT_STARTED:
        return gaps
    starts = clock_start(StaffClock(person.staff_class, person.first_day, person.clock), series)
    if starts is None:
        return gaps
    months = {component.id: component.months for component in series.components}

    def dated(standing: ReportedStanding) -> ReportedStanding:
        day = due(starts, months[standing.component])
        return replace(standing, due=day, last_lawful_day=last_lawful_day(day))

    return replace(gaps, requirements=tuple(dated(s) if s.open else s for s in gaps.requirements))
