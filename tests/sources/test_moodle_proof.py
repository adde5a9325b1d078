"""What a Moodle gives otherwise than it was asked for: zone, language, page size, order; and what only looks so."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.evidence import Completion, NotDone
from lms_sync.operations.doctor import checks_of
from lms_sync.sources.diagnosis import CheckState
from lms_sync.sources.moodle.proof import Doubles, doubles, one_page_with
from tests.sources.fault_server import Ask, FakeTime
from tests.sources.moodle_report import RETRIEVE, read, refused, set_cell, with_report
from tests.sources.moodle_site import RESET, FakeMoodle, moodle_at, pages_of, recording, report_site
from tests.sources.recorded import answering

HAWAII = "Pacific/Honolulu"


def forced(zone: str, change: Callable[[Any], None] = lambda report: None) -> FakeMoodle:
    """Return a site that tells its times in one zone, whatever it is asked for."""
    report, moodle = recording("ws/report.json"), report_site()
    change(report)
    moodle.answers[RETRIEVE] = pages_of(report, forced=zone)
    return moodle


def days(moodle: FakeMoodle, **more: Any) -> list[date | None]:
    return [item.reading.day for item in read(moodle, **more).items if isinstance(item.reading, Completion)]


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Tokyo"])
def test_a_zone_that_is_forced_and_stated_by_nobody_is_refused(zone: str) -> None:
    words = refused(forced(zone))
    assert "wrong days" in words
    assert "Force timezone" in words


def test_recorded_pages_in_two_zones_are_told_apart() -> None:
    moodle, zones = report_site(), {"UTC": "ws/report_tz_utc.json"}

    def page(ask: Ask) -> Any:
        told = recording(zones.get(ask.form["moodlewssettingtimezone"], "ws/report_tz_pacific.json"))
        start, size = int(ask.form["page"]) * int(ask.form["perpage"]), int(ask.form["perpage"])
        told["data"]["rows"] = told["data"]["rows"][start : start + size]
        return told

    moodle.answers[RETRIEVE] = page
    # A zone that the site does not know is the site's own; the two must differ by as much as was asked for.
    assert "a zone that was not asked for" in refused(moodle)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", HAWAII])
def test_a_forced_zone_that_is_stated_gives_the_same_days(zone: str) -> None:
    assert days(forced(zone), zone=zone) == days(report_site())


def test_a_stated_zone_changes_nothing_where_the_site_gives_what_it_is_asked_for() -> None:
    assert days(report_site(), zone=HAWAII) == days(report_site())


def test_a_report_without_any_time_needs_no_proof() -> None:
    def nobody(report: Any) -> None:
        for number in range(len(report["data"]["rows"])):
            set_cell(report, number, "Time completed", "")
            set_cell(report, number, "Completed", "No")

    assert days(forced(HAWAII, nobody)) == []


def test_the_doctor_says_in_which_zone_times_come() -> None:
    def zone_check(moodle: FakeMoodle, **more: Any) -> tuple[CheckState, str]:
        with answering(moodle) as site:
            checks = list(checks_of(moodle_at(site.url, FakeTime().clock, **more)))
        (one,) = [check for check in checks if "zone" in check.what or "Force" in check.remedy]
        return one.verdict, f"{one.found} {one.remedy}"

    assert zone_check(report_site())[0] is CheckState.GOOD
    assert zone_check(forced(HAWAII))[0] is CheckState.WRONG
    verdict, words = zone_check(forced(HAWAII), zone=HAWAII)
    assert (verdict, HAWAII in words) == (CheckState.NOTE, True)


def test_a_language_that_was_not_asked_for_is_told_as_such() -> None:
    def translate(report: Any) -> None:
        for row in report["data"]["rows"]:
            row["columns"][14] = row["columns"][14] and "Montag, 3. November 2025, 09:05"

    words = refused(with_report(translate))
    assert "none of its times can be read" in words
    assert "Language packs" in words


def test_smaller_pages_than_asked_for_are_told_with_their_size() -> None:
    moodle = report_site()
    moodle.answers[RETRIEVE] = pages_of(recording("ws/report.json"), cap=7)
    words = refused(moodle)
    assert "10 rows a page, and gave 7" in words
    assert "rows = 7" in words


@pytest.mark.parametrize(
    ("page", "rows", "told"), [("0", 20, "gave 20 Ask the site's administrator"), ("1", 7, "gave 7 State rows = 7")]
)
def test_a_page_of_another_size_is_no_fault_of_the_order(page: str, rows: int, told: str) -> None:
    moodle, whole = report_site(), pages_of(recording("ws/report.json"))

    def odd(ask: Ask) -> Any:
        answer = whole(ask)
        if (ask.form["page"], ask.form["perpage"]) == (page, "10"):
            answer["data"]["rows"] = recording("ws/report.json")["data"]["rows"][:rows]
        return answer

    moodle.answers[RETRIEVE] = odd
    assert "10 rows a page, and " + told in refused(moodle)


def test_filters_that_stay_set_are_an_error() -> None:
    moodle = report_site()
    moodle.answers[RESET] = lambda ask: False
    assert "did not take off the filters" in refused(moodle)


def doubled(row: int) -> Callable[[Any], None]:
    """Return what enrols somebody once more by the same kind of enrolment."""

    def change(report: Any) -> None:
        rows = report["data"]["rows"]
        rows.insert(row, rows[row])
        report["data"]["totalrowcount"] += 1

    return change


@pytest.mark.parametrize("row", [3, 9, 19])
def test_two_enrolments_of_one_visible_name_are_one_completion(row: int) -> None:
    """On one page, and parted by the end of a page of ten rows."""
    before = [item.reading for item in read(report_site()).items]
    after = [item.reading for item in read(with_report(doubled(row))).items]
    assert len(after) == len(before) + 1
    records = {one.record for one in before if isinstance(one, Completion | NotDone)}
    assert {one.record for one in after if isinstance(one, Completion | NotDone)} == records


def test_a_row_that_two_pages_share_is_a_fault_of_the_order() -> None:
    """The second page begins with the last row of the first, and its own first row is nowhere."""
    moodle, whole = report_site(), pages_of(recording("ws/report.json"))

    def slipped(ask: Ask) -> Any:
        told = whole(ask)
        if (ask.form["page"], ask.form["perpage"]) == ("1", "10"):
            told["data"]["rows"][0] = recording("ws/report.json")["data"]["rows"][9]
        return told

    moodle.answers[RETRIEVE] = slipped
    assert "1 of its 31 rows came twice" in refused(moodle)


def test_equal_rows_apart_from_each_other_are_a_fault_of_the_order() -> None:
    def repeat(report: Any) -> None:
        report["data"]["rows"][6] = report["data"]["rows"][3]

    assert "came twice" in refused(with_report(repeat))


@given(st.lists(st.integers(0, 3), max_size=30), st.integers(1, 7))
def test_every_double_is_beside_its_like_across_a_page_or_apart(values: list[int], size: int) -> None:
    rows = [(str(value),) for value in values]
    found = doubles(rows, counted=range(len(rows)), size=size)
    beside = sum(a == b for a, b in pairwise(rows))
    assert found.apart + beside == len(rows) - len(set(rows))
    assert all(rows[first] == rows[first + 1] and (first + 1) % size == 0 for first in found.across)


def test_rows_that_are_not_counted_may_be_alike() -> None:
    assert doubles([("a",), ("b",), ("a",)], counted=[1], size=2) == Doubles(0, ())


@given(st.integers(0, 10_000))
def test_there_is_a_page_with_any_row_and_the_next(first: int) -> None:
    page, size = one_page_with(first)
    assert page * size <= first < first + 1 < (page + 1) * size


def test_no_record_yet_is_not_done_and_no_finding() -> None:
    file = read(with_report(lambda report: set_cell(report, 1, "Completed", "")))
    reading = file.items[1].reading
    assert isinstance(reading, NotDone)
    assert reading.status == ""
    assert file.findings == ()
