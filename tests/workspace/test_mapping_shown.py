"""The map against what the sources have shown: reused ids, courses that nobody takes."""

from dataclasses import replace
from datetime import date

import pytest

from lms_sync.compliance.map_use import days_decide, shown_findings, unshown_findings
from lms_sync.model.course_map import CourseRow, CourseSeen, Offering, course_map

TODAY = date(2026, 11, 24)
ROW = CourseRow(
    source="canvas",
    course="4711",
    unit="",
    title="De-escalation with Youth",
    topics=(10,),
    on_the_job_days=0,
    check_ins=0,
    counts_from=None,
    counts_until=None,
    minimum_score=None,
    decided_by="T. Rainer",
    decided_on=date(2024, 9, 1),
    cell="Courses!B3",
)
SHOWN = CourseSeen("canvas", "4711", "De-escalation with Youth", "", "", date(2026, 10, 1))


def renamed(row: CourseRow, *shown: CourseSeen) -> list[str]:
    found = shown_findings(course_map([row], []), shown, file="courses.xlsx")
    without = [replace(course, last=None) for course in shown]
    if not days_decide(course_map([row], []), without):
        assert shown_findings(course_map([row], []), without, file="courses.xlsx") == found
    return [finding.where for finding in found]


def unshown(row: CourseRow, *shown: CourseSeen, offerings: tuple[Offering, ...] = ()) -> list[str]:
    found = unshown_findings(course_map([row], offerings), shown, file="courses.xlsx", today=TODAY)
    return [one.found for one in found]


def test_an_id_that_now_means_another_course_is_told_by_its_cell() -> None:
    other = replace(SHOWN, course_title="Bloodborne Pathogens", last=date(2026, 11, 2))
    assert renamed(ROW, SHOWN, other) == ["courses.xlsx, Courses!B3"]
    assert renamed(ROW, replace(other, last=date(2026, 9, 1)), SHOWN) == [], "the newest name is the right one again"
    assert days_decide(course_map([ROW], []), [SHOWN, other])
    assert not days_decide(course_map([ROW], []), [SHOWN, replace(SHOWN, last=None)])


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (ROW, SHOWN),
        (ROW, replace(SHOWN, course_title="DE-ESCALATION (2026 edition)")),
        (replace(ROW, title=""), replace(SHOWN, course_title="Bloodborne Pathogens")),
        (replace(ROW, source="*"), replace(SHOWN, course_title="Bloodborne Pathogens")),
        (ROW, replace(SHOWN, source="moodle", course_title="Bloodborne Pathogens")),
        (ROW, replace(SHOWN, course_title="")),
        (replace(ROW, course="Calm Talk"), replace(SHOWN, course="Calm Talk", course_title="Calm Talk")),
        (ROW, replace(SHOWN, unit="7", unit_title="Bloodborne Pathogens")),
    ],
)
def test_a_title_that_still_fits_or_cannot_be_compared_is_no_finding(row: CourseRow, shown: CourseSeen) -> None:
    assert renamed(row, shown) == []


def test_a_unit_is_compared_by_its_own_title() -> None:
    row = replace(ROW, unit="7")
    assert renamed(row, replace(SHOWN, unit="7", unit_title="FERPA")) == ["courses.xlsx, Courses!B3"]
    assert renamed(row, replace(SHOWN, unit="7", unit_title="Youth de-escalation", course_title="Safety class")) == []


def test_a_course_that_nobody_completed_in_a_year_is_told_with_its_last_day() -> None:
    assert unshown(ROW, replace(SHOWN, last=date(2025, 11, 23))) == [
        '"De-escalation with Youth": last completed on 2025-11-23'
    ]
    assert unshown(ROW, replace(SHOWN, last=date(2025, 11, 24))) == []
    other = replace(SHOWN, course="1", last=TODAY)
    assert unshown(ROW, other) == ['"De-escalation with Youth": never completed by anybody in what is stored']


@pytest.mark.parametrize(
    "row",
    [
        replace(ROW, decided_on=None, decided_by=""),
        replace(ROW, decided_on=date(2026, 9, 1)),
        replace(ROW, counts_from=date(2026, 9, 1)),
        replace(ROW, counts_until=date(2025, 8, 31)),
    ],
)
def test_a_row_that_is_new_undecided_or_ended_need_not_be_shown(row: CourseRow) -> None:
    assert unshown(row, replace(SHOWN, course="1", last=TODAY)) == []


def test_nothing_is_unshown_before_any_pull_or_while_it_is_offered() -> None:
    assert unshown(ROW) == []
    offering = Offering("o1", "4711", "", date(2026, 12, 1), date(2026, 12, 2))
    assert unshown(ROW, replace(SHOWN, course="1"), offerings=(offering,)) == []
    past = replace(offering, starts=date(2026, 1, 1), ends=date(2026, 1, 2))
    assert len(unshown(ROW, replace(SHOWN, course="1"), offerings=(past,))) == 1


def test_a_row_for_every_source_is_shown_by_a_title_in_any() -> None:
    row = replace(ROW, source="*", course="De-escalation with Youth")
    assert unshown(row, replace(SHOWN, source="moodle", course="77")) == []
