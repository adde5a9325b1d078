"""The chosen offerings against every possible choice: brute force over all subsets is the proof."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.compliance.plan.catalogue import Takeable
from lms_sync.compliance.plan.cover import Wanted, best_offerings
from lms_sync.model.course_map import CourseRow, Offering

DAY = date(2026, 11, 23)
TOPICS = tuple(f"topic-{number:02}" for number in range(1, 6))


def takeable(
    offering_id: str,
    topics: Iterable[int],
    *,
    day: int = 3,
    fee: str | None = "0",
    hours: str | None = "1",
) -> Takeable:
    """Return an offering that ends `day` days after DAY."""
    ends = DAY + timedelta(days=day)
    row = CourseRow(
        source="*",
        course=offering_id,
        unit="",
        title="",
        topics=tuple(sorted(topics)),
        on_the_job_days=0,
        check_ins=0,
        counts_from=None,
        counts_until=None,
        minimum_score=None,
        decided_by="Ada Park",
        decided_on=date(2026, 8, 1),
        hours=None if hours is None else Decimal(hours),
        fee=None if fee is None else Decimal(fee),
    )
    named = tuple(f"topic-{number:02}" for number in row.topics)
    return Takeable(Offering(offering_id, offering_id, "", ends, ends), row, named, ends)


def wanted(*dues: int | None) -> Wanted:
    """Return topics 1, 2, … with their due dates, in days after DAY."""
    days = [None if due is None else DAY + timedelta(days=due) for due in dues]
    return tuple(zip(TOPICS[: len(days)], days, strict=True))


def ids(chosen: Iterable[Takeable]) -> list[str]:
    return [one.offering.offering_id for one in chosen]


Objective = tuple[int, int, tuple[date, ...], int, Decimal, int, Decimal, int, date, tuple[str, ...]]


def objective(chosen: Sequence[Takeable], topics: Wanted) -> Objective:
    """Return DESIGN.md's order, written down as plainly as can be; less is better."""
    closing = {topic: min((one.day for one in chosen if topic in one.topics), default=None) for topic, _ in topics}
    late = [day for topic, due in topics if (day := closing[topic]) and due and day > due]
    late_days = tuple(day if (day := closing[topic]) and due and day > due else date.min for topic, due in topics)
    fees, hours = [one.row.fee for one in chosen], [one.row.hours for one in chosen]
    return (
        sum(day is None for day in closing.values()),
        len(late),
        late_days,
        fees.count(None),
        sum((fee for fee in fees if fee is not None), Decimal()),
        hours.count(None),
        sum((hour for hour in hours if hour is not None), Decimal()),
        len(chosen),
        max((one.day for one in chosen), default=date.min),
        tuple(sorted(ids(chosen))),
    )


def brute_force(offerings: Sequence[Takeable], topics: Wanted) -> Objective:
    subsets = chain.from_iterable(combinations(offerings, size) for size in range(len(offerings) + 1))
    return min(objective(subset, topics) for subset in subsets)


# Few different values, so that ties are the rule and not the exception.
_SMALL = st.sampled_from(["0", "1", "2", None])
_OFFERINGS = st.lists(
    st.tuples(st.sets(st.integers(1, 5), min_size=1, max_size=4), st.integers(0, 4), _SMALL, _SMALL), max_size=9
).map(
    lambda drawn: [
        takeable(f"o{place}", topics, day=day, fee=fee, hours=hours)
        for place, (topics, day, fee, hours) in enumerate(drawn)
    ]
)
_WANTED = st.lists(st.one_of(st.none(), st.integers(-1, 4)), max_size=5).map(lambda dues: wanted(*dues))


@settings(max_examples=100, deadline=None)
@given(_OFFERINGS, _WANTED)
def test_no_other_set_is_better(offerings: list[Takeable], topics: Wanted) -> None:
    assert objective(best_offerings(offerings, topics), topics) == brute_force(offerings, topics)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.sets(st.integers(1, 3), min_size=1, max_size=2), st.integers(0, 3)), min_size=3, max_size=8)
)
def test_with_equal_costs_the_last_day_and_then_the_ids_decide(drawn: list[tuple[set[int], int]]) -> None:
    offerings = [takeable(f"o{place}", topics, day=day) for place, (topics, day) in enumerate(drawn)]
    topics = wanted(None, None, None)

    assert objective(best_offerings(offerings, topics), topics) == brute_force(offerings, topics)


@settings(max_examples=100, deadline=None)
@given(st.data(), _OFFERINGS, _WANTED)
def test_the_order_of_the_map_does_not_matter(data: st.DataObject, offerings: list[Takeable], topics: Wanted) -> None:
    shuffled = data.draw(st.permutations(offerings))

    assert best_offerings(shuffled, topics) == best_offerings(offerings, topics)


@settings(max_examples=100, deadline=None)
@given(_OFFERINGS.filter(bool), _WANTED)
def test_one_more_offering_never_makes_the_plan_worse(offerings: list[Takeable], topics: Wanted) -> None:
    with_all = objective(best_offerings(offerings, topics), topics)
    with_less = objective(best_offerings(offerings[1:], topics), topics)

    assert with_all <= with_less


@settings(max_examples=100, deadline=None)
@given(_OFFERINGS, _WANTED)
def test_every_topic_that_can_be_closed_is_and_nothing_chosen_is_useless(
    offerings: list[Takeable], topics: Wanted
) -> None:
    chosen = best_offerings(offerings, topics)
    names = {topic for topic, _ in topics}

    def closed(some: Iterable[Takeable]) -> set[str]:
        return {topic for one in some for topic in one.topics} & names

    assert closed(chosen) == closed(offerings)
    for one in chosen:
        rest = [other for other in chosen if other is not one]
        assert objective(rest, topics)[:3] > objective(chosen, topics)[:3]


@pytest.mark.parametrize(
    ("offerings", "best"),
    [
        ([takeable("in-time", [1], day=5, fee="90"), takeable("late", [1], day=6, fee="0")], ["in-time"]),
        ([takeable("cheap", [1], fee="10", hours="9"), takeable("short", [1], fee="11", hours="1")], ["cheap"]),
        ([takeable("known", [1], fee="5000"), takeable("asks", [1], fee=None)], ["known"]),
        ([takeable("long", [1], hours="3"), takeable("short", [1], hours="2.5")], ["short"]),
        ([takeable("told", [1], hours="80"), takeable("untold", [1], hours=None)], ["told"]),
        ([takeable("a", [1]), takeable("b", [2]), takeable("both", [1, 2], hours="2")], ["both"]),
        ([takeable("a-later", [1], day=4), takeable("b-sooner", [1], day=3)], ["b-sooner"]),
        ([takeable("b", [1]), takeable("a", [1])], ["a"]),
    ],
    ids=["late", "fee", "unknown fee", "hours", "unknown hours", "sittings", "last day", "ids"],
)
def test_each_step_of_the_order_decides(offerings: list[Takeable], best: list[str]) -> None:
    topics = wanted(5, 5) if len(offerings) == 3 else wanted(5)

    assert ids(best_offerings(offerings, topics)) == best


def test_a_set_that_ends_later_so_far_still_wins_by_its_ids_when_another_topic_ends_later_still() -> None:
    # For topic 1 alone "b" ends sooner and wins; topic 2 can only be had later, so both end level and "a" must win.
    a, b, last = takeable("a", [1], day=4), takeable("b", [1], day=3), takeable("last", [2], day=9)

    assert ids(best_offerings([a, b, last], wanted(None))) == ["b"]
    assert ids(best_offerings([a, b, last], wanted(None, None))) == ["a", "last"]


def test_what_is_overdue_is_planned_at_the_earliest_day_whatever_it_costs() -> None:
    soon, cheap = takeable("soon", [1], day=2, fee="500"), takeable("cheap", [1], day=30, fee="0")

    assert ids(best_offerings([soon, cheap], wanted(-10))) == ["soon"]
    assert ids(best_offerings([soon, cheap], wanted(30))) == ["cheap"]


def test_the_due_date_itself_is_in_time() -> None:
    on_the_day, before = takeable("on-the-day", [1], day=5, fee="1"), takeable("before", [1], day=4, fee="2")

    assert ids(best_offerings([on_the_day, before], wanted(5))) == ["on-the-day"]


def test_nothing_wanted_or_nothing_offered_is_an_empty_plan() -> None:
    assert best_offerings([takeable("a", [1])], ()) == ()
    assert best_offerings([], wanted(5)) == ()
    assert best_offerings([takeable("a", [4])], wanted(5)) == ()
