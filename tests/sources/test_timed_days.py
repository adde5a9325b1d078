"""Days with a time, read part by part, say what the careful way makes of them."""

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.sources.spreadsheet import cell_dates
from lms_sync.sources.spreadsheet.cell_dates import Zones, read_when
from lms_sync.sources.spreadsheet.day_formats import timed_formats
from lms_sync.sources.spreadsheet.layout import DateRules
from tests.sources.test_day_formats import LAYOUTS, SPLICES

PACIFIC = "America/Los_Angeles"
MOODLE = ("%A, %d %B %Y, %I:%M %p", "%A, %B %d, %Y, %I:%M %p")
FORMATS = (
    *dict.fromkeys(layout.dates.formats for layout in LAYOUTS if layout.dates.instant),
    MOODLE[::-1],
    ("%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S"),
    ("%m/%d/%Y %I:%M %p", "%d/%m/%Y %I:%M %p"),
    ("%Y-%m-%d %I:%M", "%Y-%m-%d %H:%M"),
    ("%b %d, %Y %I:%M %p",),
    ("%d %B %Y - %H.%M",),
    ("%H:%M %d.%m.%Y",),
    ("%Y-%m-%d", "%Y-%m-%d %H:%M"),
    ("%d.%m.%Y,  %H:%M",),
)
ZONES = (
    "",
    "UTC",
    PACIFIC,
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Etc/GMT+9",
)
JUMPS = (
    datetime(2026, 3, 8, 2, 30),
    datetime(2025, 11, 2, 1, 30),
    datetime(2006, 10, 29, 0, 0),
    datetime(2025, 4, 6, 1, 45),
    datetime(2011, 12, 30, 12, 0),
    datetime(1991, 1, 1),
    datetime(2100, 12, 31, 23, 59),
)
MOMENTS = st.one_of(
    st.datetimes(datetime(1989, 1, 1), datetime(2102, 1, 1)),
    st.builds(
        lambda at, minutes: at + timedelta(minutes=minutes), st.sampled_from(JUMPS), st.integers(-24 * 60, 24 * 60)
    ),
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from((*SPLICES, "\t", "#N/A", "Z")), st.integers(0, 3)), max_size=2
)


def outcome(words: str, rules: DateRules, zones: Zones) -> object:
    try:
        return read_when(words, rules, zones)
    except Exception as error:
        return type(error), str(error)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(FORMATS), st.data(), MOMENTS, CHANGES, st.sampled_from(ZONES), st.sampled_from(ZONES[1:]))
def test_both_ways_read_one_day(
    forms: tuple[str, ...],
    data: st.DataObject,
    at: datetime,
    changes: list[tuple[int, str, int]],
    file: str,
    district: str,
) -> None:
    words = at.strftime(data.draw(st.sampled_from(forms)))
    for place, piece, cut in changes:
        words = words[:place] + piece + words[place + cut :]
    rules, zones = DateRules(instant=True, formats=forms), Zones(file, district)
    with patch.object(cell_dates, "timed_formats", lambda _: None):
        careful = outcome(words, rules, zones)
    assert [outcome(words, rules, zones) for _ in range(2)] == [careful] * 2


@pytest.mark.parametrize(
    ("forms", "alike"),
    [(MOODLE, 2), (("%Y-%m-%d %H:%M", "%d %B %Y, %H:%M"), 1), (("%Y-%m-%d", "%Y-%m-%d %H:%M"), 0), ((), 0)],
)
def test_only_formats_that_write_the_time_alike_are_read_by_their_day(forms: tuple[str, ...], alike: int) -> None:
    found = timed_formats(forms)
    assert (len(found.days) if found else 0) == alike
