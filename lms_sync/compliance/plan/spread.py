"""Missing on-the-job days and check-ins → proposed dates, spread evenly over the time that is left."""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta

from lms_sync.compliance.gap_report import ReportedStanding
from lms_sync.compliance.plan.training_plan import PlannedDay

WorkingDays = Callable[[date, date], Iterable[date]]
"""Gives the days between two days, both included, that are no Saturday, Sunday or legal holiday, in order."""

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Availability:
    """When one person can have on-the-job training or a check-in."""

    first: date
    """The first day for which a date is proposed."""
    busy: Set[date]
    """Days on which the person sits in an offering; used only when there are not enough others in time."""
    working_days: WorkingDays


def propose_days(standings: Sequence[ReportedStanding], diary: Availability) -> tuple[PlannedDay, ...]:
    """Return as many dates as each of the open standings lacks, all of them different, by date.

    They are spread evenly from the diary's first day to the due date, or one a week where no due date is known. What
    does not fit before the due date goes on the next working days after it, and so does everything when it is past.
    A legal working day may still be one without students: the dates are proposals.
    """
    taken: set[date] = set()
    planned = []
    for standing in standings:
        for on in _dates(standing, diary, taken):
            taken.add(on)
            late = standing.last_lawful_day is not None and on > standing.last_lawful_day
            planned.append(PlannedDay(standing.requirement, on, late))
    return tuple(sorted(planned, key=lambda day: (day.on, day.requirement)))


def _dates(standing: ReportedStanding, diary: Availability, taken: Set[date]) -> list[date]:
    missing = max(standing.need - standing.have, 0)
    due = standing.due or diary.first + missing * WEEK - DAY
    in_time = [day for day in diary.working_days(diary.first, due) if day not in taken]
    free = [day for day in in_time if day not in diary.busy]
    dates = _spread(free if len(free) >= missing else in_time, missing)
    more = missing - len(dates)
    start = max(diary.first, due + DAY)
    # Every week has a working day, so that many weeks hold enough of them.
    following = diary.working_days(start, start + (more + len(taken) + 1) * WEEK) if more else ()
    return dates + [day for day in following if day not in taken][:more]


def _spread(days: Sequence[date], number: int) -> list[date]:
    """Return `number` of the days, each in the middle of its equal share of them; all when there are fewer."""
    if len(days) <= number:
        return list(days)
    return [days[(2 * place + 1) * len(days) // (2 * number)] for place in range(number)]
