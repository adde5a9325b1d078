"""On which day a course was completed, as far as Moodle's function for one person tells it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.sources.moodle.answers import CompletionStatus, Criterion, Status
from lms_sync.sources.moodle.criteria import ANY, Certain, Unsure, completed_at
from tests.sources.moodle_site import recording

ALL = 1
SELF, ACTIVITY, GRADE = 1, 4, 6
PACIFIC = "America/Los_Angeles"
DAYS = tuple(date(2025, 9, day) for day in range(1, 11))


def criterion(kind: int, at: int | None) -> Criterion:
    return Criterion.model_validate({"type": kind, "complete": True, "timecompleted": at})


def met(day: int, kind: int = ACTIVITY, *, hour: int = 17) -> Criterion:
    """Return a criterion that was met on a day of September 2025."""
    at = datetime(2025, 9, day, hour, tzinfo=UTC)
    return criterion(kind, int(at.timestamp()))


def unmet(kind: int = ACTIVITY) -> Criterion:
    return Criterion.model_validate({"type": kind, "complete": False, "timecompleted": None})


def told(aggregation: int, *criteria: Criterion) -> date | tuple[date, ...]:
    """Return the day that is certain, or the days that it may be."""
    match completed_at(Status(completed=True, aggregation=aggregation, completions=criteria), PACIFIC):
        case Certain(at):
            return at.date()
        case Unsure(days):
            return days


@pytest.mark.parametrize("never", [10**12, 10**30, -(10**12), 0, None])
def test_a_time_that_cannot_be_is_none(never: int | None) -> None:
    """Milliseconds for seconds, for one: a person decides, and the source goes on."""
    assert told(ALL, criterion(ACTIVITY, never)) == ()
    assert told(ALL, met(3), criterion(ACTIVITY, never)) == on(3)


def on(*days: int) -> tuple[date, ...]:
    return tuple(date(2025, 9, day) for day in days)


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ((met(3),), date(2025, 9, 3)),
        ((met(3, hour=17), met(3, hour=23)), date(2025, 9, 3)),
        ((met(3), met(5, SELF)), date(2025, 9, 5)),
        ((met(2), met(4), met(5, GRADE)), date(2025, 9, 5)),
        ((met(3), met(5)), on(3, 5)),  # both activities, or any of the two
        ((met(2), met(5), met(4, SELF)), on(4, 5)),
        ((met(3), unmet()), on(3)),  # any of the two, or imported
        ((met(3), met(5), unmet()), on(3, 5)),
        ((met(3), unmet(SELF)), ()),  # nobody completes that by criteria
        ((unmet(), unmet()), ()),
        ((), ()),
        ((met(3), criterion(SELF, None)), on(3)),
    ],
)
def test_where_all_kinds_are_asked_for(criteria: tuple[Criterion, ...], expected: date | tuple[date, ...]) -> None:
    assert told(ALL, *criteria) == expected


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ((met(3), unmet(SELF)), date(2025, 9, 3)),
        ((met(3), met(3, SELF)), date(2025, 9, 3)),
        ((met(3), met(5, SELF)), on(3, 5)),
        ((met(3), met(5)), on(3, 5)),
        ((unmet(), unmet(SELF)), ()),
        ((met(3), criterion(SELF, 0)), on(3)),
    ],
)
def test_where_any_kind_is_enough(criteria: tuple[Criterion, ...], expected: date | tuple[date, ...]) -> None:
    assert told(ANY, *criteria) == expected


def test_days_are_those_of_the_district() -> None:
    early, late = met(3, hour=2), met(3, hour=20)  # the evening of 2 September, and noon of the 3rd
    assert told(ALL, early, late) == on(2, 3)


CRITERIA = st.lists(
    st.builds(met, st.integers(1, 9), st.sampled_from((SELF, ACTIVITY))) | st.builds(unmet, st.just(ACTIVITY)),
    max_size=5,
)


@given(st.sampled_from((ALL, ANY)), CRITERIA)
def test_nothing_is_told_that_no_criterion_tells(aggregation: int, criteria: list[Criterion]) -> None:
    answer = told(aggregation, *criteria)
    days = {datetime.fromtimestamp(one.timecompleted, UTC).date() for one in criteria if one.timecompleted}
    assert set(answer if isinstance(answer, tuple) else (answer,)) <= days


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("completion_status_complete", Certain(datetime(2025, 12, 12, 22, 40, 8, tzinfo=UTC))),
        ("completion_status_self", Certain(datetime(2026, 3, 18, 9, 2, 54, tzinfo=UTC))),
        ("completion_status_no_criteria_date", Unsure(())),
    ],
)
def test_recorded_answers(name: str, expected: Certain | Unsure) -> None:
    status = CompletionStatus.model_validate(recording(f"ws/{name}.json")).completionstatus
    assert completed_at(status, PACIFIC) == expected
