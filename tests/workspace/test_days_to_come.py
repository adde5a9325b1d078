"""Days that people type of what has happened, and that have not come: asked about, and nothing else changes."""

from datetime import date, timedelta

import pytest

from lms_sync.tables.fields import NOT_AHEAD
from lms_sync.workspace.mapping.check import check_mapping_sheets
from lms_sync.workspace.mapping.forms import COURSES, OFFERINGS
from lms_sync.workspace.roster.check import SHEETS
from tests.workspace.roster_lines import DOE, WORK, YEAR, check, sheet, told

TODAY = date(2026, 11, 27)
TOMORROW = TODAY + timedelta(days=1)
CLOCK = {"Clock decided by": "A. Roe", "Clock citing": "minutes of the board", "Clock decided on": TODAY}
MISTYPED = date(2062, 9, 1)
COURSE = {"Source": "*", "Course": "S5 Summit", "Decided by": "T. Rainer"}


def to_come(**lines: object) -> list[tuple[str, str, bool]]:
    checked = check(*lines.pop("work", ()), today=TODAY, **lines)  # type: ignore[misc, arg-type]
    return [finding for finding in told(checked) if finding[0] == "day-to-come"]


@pytest.mark.parametrize("day", [TOMORROW, MISTYPED])
def test_a_day_in_the_future_of_what_was_decided_or_adopted_is_asked_about(day: date) -> None:
    """An agreement *adopted in 2062* never came up for its review again."""
    assert to_come(agreements=({**YEAR, "Adopted on": day},)) == [("day-to-come", "Agreements!G2", False)]
    assert [f[1] for f in to_come(people=({**DOE, "Class decided on": day},))] == ["People!H2"]
    clock = {**DOE, **CLOCK, "Clock starts": TODAY, "Clock decided on": day}
    assert [f[1] for f in to_come(people=(clock,))] == ["People!M2"]
    later = {**WORK, "Starts": day + timedelta(days=1), "Decided on": day}
    assert [f[1] for f in to_come(work=(later,))] == ["Assignments!J2"]


def test_what_happened_today_or_before_is_not_asked_about_nor_where_nobody_tells_the_day() -> None:
    sound = {**DOE, **CLOCK, "Class decided on": TODAY, "Clock starts": TODAY}
    assert to_come(people=(sound,), agreements=({**YEAR, "Adopted on": TODAY},)) == []
    checked = check(people=({**DOE, "Class decided on": MISTYPED},))
    assert "day-to-come" not in {code for code, _, _ in told(checked)}


def test_a_clock_may_start_on_a_day_to_come_but_not_far_ahead() -> None:
    """With a year mistyped nothing was ever due."""
    assert to_come(people=({**DOE, **CLOCK, "Clock starts": TODAY + timedelta(days=90)},)) == []
    assert [f[1] for f in to_come(people=({**DOE, **CLOCK, "Clock starts": MISTYPED},))] == ["People!K2"]


def test_one_cell_is_asked_about_once() -> None:
    checked = check({**WORK, "Decided on": MISTYPED}, today=TODAY)
    assert [code for code, place, _ in told(checked) if place == "Assignments!J2"] == ["assignment-decided-late"]


def test_what_is_asked_is_said_in_words_and_of_the_person() -> None:
    (found,) = [
        f for f in check(people=({**DOE, "Class decided on": MISTYPED},), today=TODAY).findings if not f.blocks
    ]
    assert found.found == "Class decided on 1 Sep 2062, a day in the future"
    assert (found.expected, found.people) == ("a day that has passed", ("00417",))
    assert found.remedy == "Correct the day. What has not happened yet is left blank."


@pytest.mark.parametrize(("day", "asked"), [(TODAY, False), (TOMORROW, True)])
def test_the_course_map_asks_about_a_decision_of_a_day_to_come(day: date, *, asked: bool) -> None:
    sheets = (sheet(COURSES, {**COURSE, "Decided on": day}), sheet(OFFERINGS))
    checked = check_mapping_sheets(sheets, file="courses.xlsx", sources=(), today=TODAY)
    assert ("day-to-come" in {f.code for f in checked.findings}) == asked
    assert checked.course_map is not None


def test_every_column_of_a_decision_or_an_adoption_is_one_of_what_has_happened() -> None:
    columns = [column for form in (*SHEETS, COURSES) for column in form.columns if column.kind == "date"]
    past = {c.heading for c in columns if c.heading.lower().endswith(("decided on", "adopted on"))}
    assert past == {c.heading for c in columns if c.ahead == NOT_AHEAD}
