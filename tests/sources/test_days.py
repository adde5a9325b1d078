from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lms_sync.sources.spreadsheet.cell_dates import When, Zones, read_when
from lms_sync.sources.spreadsheet.layout import DateRules
from lms_sync.sources.spreadsheet.misread import Misread, ZoneMissing
from lms_sync.tables.cells import ErrorValue, Value

PACIFIC = "America/Los_Angeles"
MOODLE = DateRules(instant=True, formats=("%A, %d %B %Y, %I:%M %p", "%A, %B %d, %Y, %I:%M %p"))
MDY, DMY, YMD = DateRules(order="mdy"), DateRules(order="dmy"), DateRules(order="ymd")
HERE = Zones(PACIFIC, PACIFIC)
NOWHERE = Zones("", PACIFIC)


@pytest.mark.parametrize(
    ("value", "rules", "day"),
    [
        (date(2025, 9, 3), MDY, date(2025, 9, 3)),
        (datetime(2025, 9, 3), MDY, date(2025, 9, 3)),
        ("09/03/2025", MDY, date(2025, 9, 3)),
        ("09/03/2025", DMY, date(2025, 3, 9)),
        (" 3.9.2025\xa0", DMY, date(2025, 9, 3)),
        ("2025-09-03", YMD, date(2025, 9, 3)),
        ("3-Sep-25", DateRules(formats=("%d-%b-%y",)), date(2025, 9, 3)),
        (45903, DateRules(serials=True), date(2025, 9, 3)),
        (45903.0, DateRules(serials=True), date(2025, 9, 3)),
        ("1990-01-01", YMD, date(1990, 1, 1)),
        ("2100-12-31", YMD, date(2100, 12, 31)),
    ],
)
def test_days_are_read_as_the_layout_says(value: Value, rules: DateRules, day: date) -> None:
    assert read_when(value, rules, NOWHERE) == When(day)


@pytest.mark.parametrize("value", [None, "", " \xa0"])
def test_blank_is_no_day(value: Value) -> None:
    assert read_when(value, MDY, NOWHERE) is None


@pytest.mark.parametrize(
    ("value", "rules", "found"),
    [
        ("31/02/2024", DMY, "on no calendar"),
        ("02/31/2024", MDY, "on no calendar"),
        ("13/01/2025", MDY, "on no calendar"),
        ("09/03/25", MDY, "without a year of four digits"),
        ("2025-09-03", MDY, "without a year of four digits"),
        ("3-Sep-25", MDY, "not written as the layout says"),
        ("09/03/2025", DateRules(), "not written as the layout says"),
        ("yesterday", MDY, "not written as the layout says"),
        (45903, MDY, "a bare number"),
        (1e12, DateRules(serials=True), "on no calendar"),
        (True, DateRules(serials=True), "which is no day"),
        (time(0, 0), MDY, "1900-01-00"),
        (date(1899, 12, 30), MDY, "a day in the year 1899"),
        (date(1989, 12, 31), MDY, "a day in the year 1989"),
        ("2101-01-01", YMD, "a day in the year 2101"),
        (ErrorValue("#REF!"), MDY, "the error #REF!"),
        ("#N/A", MDY, "the error #N/A"),
    ],
)
def test_what_is_no_day_is_refused_with_all_parts(value: Value, rules: DateRules, found: str) -> None:
    with pytest.raises(Misread) as caught:
        read_when(value, rules, NOWHERE)
    assert found in caught.value.found
    assert caught.value.expected
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("words", "zone", "instant", "day"),
    [
        ("Monday, 18 August 2025, 7:03 AM", "UTC", datetime(2025, 8, 18, 7, 3), date(2025, 8, 18)),
        ("Monday, August 18, 2025, 7:03\u202fAM", "UTC", datetime(2025, 8, 18, 7, 3), date(2025, 8, 18)),
        ("Monday, 18 August 2025, 6:59 AM", "UTC", datetime(2025, 8, 18, 6, 59), date(2025, 8, 17)),
        ("Sunday, 17 August 2025, 11:59 PM", PACIFIC, datetime(2025, 8, 18, 6, 59), date(2025, 8, 17)),
        ("Monday, 18 August 2025, 12:00 AM", PACIFIC, datetime(2025, 8, 18, 7, 0), date(2025, 8, 18)),
    ],
)
def test_instants_become_utc_and_the_day_of_the_district(words: str, zone: str, instant: datetime, day: date) -> None:
    assert read_when(words, MOODLE, Zones(zone, PACIFIC)) == When(day, instant.replace(tzinfo=UTC), zone)


def test_weekday_that_contradicts_the_date_is_refused() -> None:
    with pytest.raises(Misread):
        read_when("Tuesday, 18 August 2025, 7:03 AM", MOODLE, HERE)


def test_hour_that_comes_twice_keeps_its_day_and_tells_no_instant() -> None:
    assert read_when("Sunday, 2 November 2025, 1:30 AM", MOODLE, HERE) == When(date(2025, 11, 2), None, PACIFIC)


def test_hour_that_comes_twice_on_two_days_is_refused() -> None:
    # 1:30 of that night is 8:30 or 9:30 UTC: 22:30 or 23:30 in Honolulu, but 23:30 or 0:30 nine hours behind UTC.
    zones = Zones(PACIFIC, "Pacific/Honolulu")
    rules = DateRules(instant=True, formats=("%Y-%m-%d %H:%M",))
    assert read_when("2025-11-02 01:30", rules, zones) == When(date(2025, 11, 1), None, PACIFIC)
    with pytest.raises(Misread, match="came twice"):
        read_when("2025-11-02 01:30", rules, Zones(PACIFIC, "Etc/GMT+9"))


def test_hour_that_never_was_is_refused() -> None:
    with pytest.raises(Misread) as caught:
        read_when("Sunday, 8 March 2026, 2:30 AM", MOODLE, HERE)
    assert caught.value.code == "no-such-time"
    assert "zone" in caught.value.remedy


def test_time_of_day_without_a_stated_zone_stops_the_file() -> None:
    for value in ("Monday, 18 August 2025, 7:03 AM", datetime(2025, 8, 18, 7, 3)):
        with pytest.raises(ZoneMissing):
            read_when(value, MOODLE, NOWHERE)


def test_text_that_tells_its_own_zone_needs_no_other() -> None:
    rules = DateRules(instant=True, formats=("%Y-%m-%dT%H:%M%z",))
    assert not rules.needs_zone
    read = read_when("2025-09-04T05:00Z", rules, NOWHERE)
    assert read == When(date(2025, 9, 3), datetime(2025, 9, 4, 5, tzinfo=UTC), "UTC")


def test_date_cell_among_instants_counts_only_when_midnight_is_the_same_day() -> None:
    assert read_when(date(2025, 9, 3), MOODLE, HERE) == When(date(2025, 9, 3))
    with pytest.raises(Misread, match="midnight"):
        read_when(date(2025, 9, 3), MOODLE, Zones("UTC", PACIFIC))


@settings(max_examples=100)
@given(
    st.datetimes(datetime(1995, 1, 1), datetime(2095, 1, 1)),
    st.sampled_from(["UTC", PACIFIC, "Asia/Kolkata", "Europe/London"]),
)
def test_an_instant_is_the_same_day_whatever_zone_told_it(at: datetime, zone: str) -> None:
    instant = at.replace(second=0, microsecond=0, tzinfo=UTC)
    rules = DateRules(instant=True, formats=("%Y-%m-%d %H:%M",))
    words = instant.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    local = datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(zone))
    assume(local.utcoffset() == local.replace(fold=1).utcoffset())
    read = read_when(words, rules, Zones(zone, PACIFIC))
    assert read == When(instant.astimezone(ZoneInfo(PACIFIC)).date(), instant, zone)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.sampled_from(["mdy", "dmy", "ymd"]), st.sampled_from("-/."))
def test_digits_in_a_stated_order_mean_one_day(day: date, order: Any, mark: str) -> None:
    parts = {"d": str(day.day), "m": str(day.month), "y": str(day.year)}
    words = mark.join(parts[part] for part in order)
    assert read_when(words, DateRules(order=order), NOWHERE) == When(day)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_serials_count_days(day: date) -> None:
    serial = (day - date(1899, 12, 30)) / timedelta(days=1)
    assert read_when(serial, DateRules(serials=True), NOWHERE) == When(day)
