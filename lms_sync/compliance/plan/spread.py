"""Missing on-the-job days and check-ins → proposed dates, spread evenly over the open days that are left."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date

from lms_sync.compliance.gap_report import ReportedStanding
from lms_sync.compliance.plan.school_days import DAY, WEEK, SchoolDays
from lms_sync.compliance.plan.training_plan import PlannedDay


@dataclass(frozen=True, slots=True)
class Availability:
    """When one person can have on-the-job training or a check-in."""

    first: date
    """The first day for which a date is proposed."""
    busy: Set[date]
    """Days on which the person sits in an offering; used only when there are not enough others in time."""
    school: SchoolDays


def propose_days(standings: Sequence[ReportedStanding], diary: Availability) -> tuple[PlannedDay, ...]:
    """Return as many dates as each of the open standings lacks, all of them different, by date.

    They are spread evenly over the days on which schools are open, from the diary's first day to the due date, or one
    a week where no due date is known. What does not fit before the due date goes on the next open days after it, and
    so does everything when it is past.
    """
    taken: set[date] = set()
    planned = []
    for standing in standings:
        for on in _dates(standing, diary, taken):
            taken.add(on)
            late = standing.last_lawful_day is not None and on > standing.last_lawful_day
            planned.append(PlannedDay(standing.requirement, on, late, diary.school.known(on)))
    return tuple(sorted(planned, key=lambda day: (day.on, day.requirement)))


def _dates(standing: ReportedStanding, diary: Availability, taken: Set[date]) -> list[date]:
    missing = max(standing.need - standing.have, 0)
    due = standing.due or _weekly(diary, missing)
    in_time = [day for day in diary.school.between(diary.first, due) if day not in taken]
    free = [day for day in in_time if day not in diary.busy]
    dates = _spread(free if len(free) >= missing else in_time, missing)
    following = diary.school.next_open(max(diary.first, due + DAY), missing - len(dates), without=taken)
    return dates + following


def _weekly(diary: Availability, missing: int) -> date:
    """Return the day by which one a week is done, a break of the schools passed over."""
    (begins,) = diary.school.next_open(diary.first, 1)
    return begins + missing * WEEK - DAY


def _spread(days: Sequence[date], number: int) -> list[date]:
    """Return `number` of the days, each in the middle of its equal share of them; all when there are fewer."""
    if len(days) <= number:
        return list(days)
    return [days[(2 * place + 1) * len(days) // (2 * number)] for place in range(number)]
