"""A first day to come gives its due dates; nothing is late, and nobody else's dates change."""

from dataclasses import replace
from datetime import date

import pytest

from lms_sync.compliance.coming_due import with_coming_due
from lms_sync.law.series import load
from lms_sync.law.standing import State
from lms_sync.model.roster import Person, StaffClass
from tests.compliance.planned_people import counted, gaps, topic

STARTER = Person("p-1", "Park", "Ada", "", (), StaffClass.OTHER, "HR", date(2026, 8, 1), date(2027, 1, 4))
SERIES = load().on(date(2026, 11, 23))
OPEN = (topic(1, None, None), counted("on-the-job", 2, due=None, last=None))


def test_they_are_counted_from_the_first_day_to_come() -> None:
    person = with_coming_due(gaps(*OPEN, state=State.NOT_STARTED), STARTER, SERIES)
    assert [(s.due, s.last_lawful_day, s.late) for s in person.requirements] == [
        (date(2027, 7, 4), date(2027, 7, 6), False),  # a Sunday, and its holiday on the Monday
        (date(2028, 1, 4), date(2028, 1, 4), False),
    ]


@pytest.mark.parametrize(
    ("state", "first_day"),
    [(State.UNDETERMINED, date(2027, 1, 4)), (State.ON_PLAN, date(2027, 1, 4)), (State.NOT_STARTED, None)],
)
def test_nobody_else_changes(state: State, first_day: date | None) -> None:
    person = gaps(*OPEN, state=state)
    assert with_coming_due(person, replace(STARTER, first_day=first_day), SERIES) == person
