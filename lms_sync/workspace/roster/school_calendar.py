"""The school calendar of the settings: whether there is one, and who starts on a closed day. Pure."""

from collections.abc import Sequence

from lms_sync.model.closed_days import ClosedDays
from lms_sync.model.finding import Area, Finding
from lms_sync.model.roster import Person, Roster
from lms_sync.text import written_day


def calendar_missing(closed: Sequence[ClosedDays]) -> tuple[Finding, ...]:
    """Return a finding where the district has not stated on which days its schools are closed."""
    if closed:
        return ()
    return (
        Finding(
            Area.CONFIG,
            "school-calendar-missing",
            where="lms_sync.toml, [year] closed",
            found="no day on which schools are closed is stated",
            expected='the days without students, such as ["2026-12-21..2027-01-01"]',
            remedy="Copy the breaks and the summer from the school calendar. Until then on-the-job days and check-ins"
            " are proposed for any working day, subject to the school calendar.",
        ),
    )


def closed_first_days(roster: Roster, closed: Sequence[ClosedDays]) -> tuple[Finding, ...]:
    """Return a finding for each first day with students on which the schools are closed."""
    return tuple(
        _closed(person, days)
        for person in roster.people.values()
        for days in closed
        if person.first_day and person.first_day in days
    )


def _closed(person: Person, days: ClosedDays) -> Finding:
    span = (
        f"on {written_day(days.first)}"
        if days.first == days.last
        else f"from {written_day(days.first)} to {written_day(days.last)}"
    )
    return Finding(
        Area.PERSON,
        "first-day-closed",
        where=f"roster, person {person.person_id}, first day with students",
        found=f"{written_day(person.first_day)}: schools are closed {span}",
        expected="a day on which students are expected to be present (RCW 28A.400.345)",
        remedy="Correct the first day on the roster, or [year] closed in lms_sync.toml. Due dates are counted from"
        " the day as recorded.",
        people=(person.person_id,),
    )
