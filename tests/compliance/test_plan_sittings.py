"""Which sittings and self-paced courses a plan holds, and what is late."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lms_sync.model.course_map import CourseRow
from tests.compliance.planned_people import AS_OF, COURSE, DUE, LAWFUL, OFFERED, plan, topic


def test_a_sitting_says_what_the_map_says_and_which_open_topics_it_closes() -> None:
    made = plan(topic(2), topic(3))

    (sitting,) = made.sittings
    assert (sitting.offering_id, sitting.title, sitting.provider) == ("o-1", "Safety summit", "ESD")
    assert (sitting.starts, sitting.ends, sitting.self_paced) == (OFFERED.starts, OFFERED.ends, False)
    assert (sitting.place, sitting.seats, sitting.link) == ("Yakima", 12, "https://example.org/summit")
    assert (sitting.fee, sitting.hours) == (Decimal(90), Decimal(6))
    assert (sitting.closes, sitting.late) == (("topic-02",), ())
    assert made.unclosed == ("topic-03",)


def test_course_and_unit_match_after_folding_and_only_together() -> None:
    written = replace(OFFERED, course="  SUMMIT ")

    assert plan(topic(1), offerings=[written]).sittings
    assert not plan(topic(1), offerings=[replace(OFFERED, unit="Day 1 of it")]).sittings


@pytest.mark.parametrize(
    ("starts", "ends", "takeable"),
    [
        (AS_OF, AS_OF, True),
        (date(2026, 11, 22), date(2026, 11, 24), False),
        (date(2026, 11, 20), date(2026, 11, 22), False),
        (None, date(2026, 11, 22), False),
        (None, AS_OF, True),
        (date(2020, 1, 1), None, True),
    ],
    ids=["on the day", "begun", "ended", "window closed", "window closes", "self-paced since 2020"],
)
def test_only_what_can_still_be_taken_is_planned(*, starts: date | None, ends: date | None, takeable: bool) -> None:
    made = plan(topic(1), offerings=[replace(OFFERED, starts=starts, ends=ends)])

    assert bool(made.sittings) is takeable


@pytest.mark.parametrize(
    "row",
    [
        replace(COURSE, decided_on=None),
        replace(COURSE, topics=()),
        replace(COURSE, counts_until=date(2026, 12, 3)),
        replace(COURSE, counts_from=date(2026, 12, 5)),
    ],
    ids=["undecided", "teaches none", "counts until the day before", "counts from the day after"],
)
def test_what_would_not_be_credited_is_not_planned(row: CourseRow) -> None:
    assert plan(topic(1), rows=[row]).unclosed == ("topic-01",)


def test_the_row_whose_days_hold_the_last_day_is_the_one_that_counts() -> None:
    old = replace(COURSE, topics=(1,), counts_until=date(2026, 12, 3))
    new = replace(COURSE, topics=(2,), counts_from=date(2026, 12, 4))

    assert plan(topic(1), topic(2), rows=[old, new]).unclosed == ("topic-01",)


def test_only_what_every_source_would_credit_is_promised() -> None:
    named = replace(COURSE, source="vector", topics=(2, 3))

    assert plan(topic(1), topic(2), topic(3), rows=[COURSE, named]).sittings[0].closes == ("topic-02",)
    undecided = replace(named, decided_on=None)
    assert not plan(topic(2), rows=[COURSE, undecided]).sittings


def test_late_is_said_after_the_last_lawful_day_only() -> None:
    monday = replace(OFFERED, offering_id="monday", starts=LAWFUL, ends=LAWFUL)
    tuesday = replace(OFFERED, offering_id="tuesday", starts=date(2027, 3, 2), ends=date(2027, 3, 2))

    assert plan(topic(1), offerings=[monday]).sittings[0].late == ()
    assert plan(topic(1), offerings=[tuesday]).sittings[0].late == ("topic-01",)


def test_a_self_paced_offering_is_to_be_finished_by_the_earliest_due_date_to_come() -> None:
    online = replace(OFFERED, starts=None, ends=None)
    past = date(2026, 11, 1)

    (sitting,) = plan(topic(1, past, past), topic(2), offerings=[online]).sittings
    assert (sitting.starts, sitting.ends, sitting.self_paced) == (None, DUE, True)
    assert (sitting.closes, sitting.late) == (("topic-01", "topic-02"), ("topic-01",))
    assert plan(topic(1, past, past), offerings=[online]).sittings[0].ends == AS_OF


def test_a_self_paced_offering_is_to_be_finished_while_the_map_counts_it() -> None:
    online, until = replace(OFFERED, starts=None, ends=None), date(2026, 12, 31)

    assert plan(topic(1), rows=[replace(COURSE, counts_until=until)], offerings=[online]).sittings[0].ends == until


def test_a_self_paced_offering_that_opens_later_says_from_when() -> None:
    opens = date(2027, 1, 4)
    (sitting,) = plan(topic(1), offerings=[replace(OFFERED, starts=opens, ends=None)]).sittings

    assert (sitting.starts, sitting.self_paced) == (opens, True)


def test_a_topic_is_closed_by_the_first_sitting_that_teaches_it() -> None:
    first = replace(OFFERED, offering_id="z", course="First", starts=date(2026, 12, 1), ends=date(2026, 12, 1))
    rows = [COURSE, replace(COURSE, course="First", topics=(1, 3))]
    made = plan(topic(1), topic(2), topic(3), rows=rows, offerings=[OFFERED, first])

    assert [(s.offering_id, s.closes) for s in made.sittings] == [
        ("z", ("topic-01", "topic-03")),
        ("o-1", ("topic-02",)),
    ]
