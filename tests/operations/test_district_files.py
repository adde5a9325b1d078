"""The district's page and workbook after nights, and the trend that they tell."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest

from lms_sync.model.roster import Assignment, Roster
from lms_sync.operations.district_files import MOST_NIGHTS, trend
from lms_sync.store.facts import FieldVersion
from tests.cli.small_district import COURSES, GUARD, ROWS, District, district

ZONE = ZoneInfo("America/Los_Angeles")
TODAY = date(2026, 11, 23)


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[District]:
    with district(tmp_path / "ws", nights=0) as before:
        yield before


def version(person: str, state: str, begins: int, ends: int | None = None) -> FieldVersion:
    """Return a standing that was kept `begins` days ago, at two in the morning, and ended `ends` days ago."""
    at = [datetime(2026, 11, 23, 10, tzinfo=UTC) - timedelta(days=back or 0) for back in (begins, ends)]
    return FieldVersion(person, state, at[0], None if ends is None else at[1])


def of(*people: str, starts: date = date(2020, 1, 1)) -> Roster:
    return Roster({}, {}, {}, tuple(Assignment(person, "QPD", None, starts, None) for person in people))


def test_the_trend_tells_each_night_as_it_was_judged_then() -> None:
    history = (version("1", "on plan", 2, 0), version("2", "complete", 1), version("1", "overdue", 0))
    points = trend(history, of("1", "2"), today=TODAY, zone=ZONE)
    assert [(point.day.day, point.states) for point in points] == [
        (21, (("on plan", 1),)),
        (22, (("on plan", 1), ("complete", 1))),
        (23, (("overdue", 1), ("complete", 1))),
    ]


def test_of_a_long_trend_some_nights_are_told_and_the_last_is_one_of_them() -> None:
    points = trend((version("1", "on plan", 900),), of("1"), today=TODAY, zone=ZONE)
    assert len(points) == MOST_NIGHTS - 1
    assert points[-1].day == TODAY
    assert points[0].day >= TODAY - timedelta(days=365)


def test_whoever_was_not_assigned_on_the_day_is_not_counted() -> None:
    history = (version("1", "on plan", 2), version("2", "on plan", 2))
    assert trend(history, of("1", starts=TODAY), today=TODAY, zone=ZONE)[0].day == TODAY
    assert trend((), of("1"), today=TODAY, zone=ZONE) == ()


def test_a_night_writes_the_page_and_the_workbook_for_hr_alone(evening: District) -> None:
    assert evening.run("nightly", "-n").exit_code == 1
    assert not (evening.folder / "out").exists()
    assert evening.run("nightly").exit_code == 1
    files = [evening.folder / "out" / name for name in ("district.html", "district.xlsx")]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o640, 0o640]
    page = files[0].read_text(encoding="utf-8")
    assert all(name in page for name in ("Marsh, Ada", "Quarry Police", "Heron Guards", "Pinehill HS", "vendor"))
    assert "lms-sync outbox release" in page


def test_a_hold_of_an_earlier_night_is_one_line_on_the_next(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=0) as before:
        first = " ".join(before.run("nightly", "-n").stdout.split())
    with district(tmp_path / "later", nights=1) as after:
        after.export(*ROWS, (*GUARD, COURSES[2], "10/06/2026", "Completed"))
        second = " ".join(after.run("nightly", "-n").stdout.split())
    assert "Message to Quarry Police held: no person has yet released chief@quarry.example.org" in first
    assert "Message to Quarry Police held since 23 Nov 2026. Overdue, or due within 14 days: nobody." in second
    assert "no person has yet released" not in second


def test_a_template_that_cannot_be_filled_keeps_the_workbook_from_nobody(evening: District) -> None:
    (evening.folder / "reports").mkdir(exist_ok=True)
    (evening.folder / "reports/district.html.j2").write_text("{{ no.such }}", encoding="utf-8")
    night = evening.run("nightly")
    assert night.exit_code == 2
    assert "district.html was not written (reports/district.html.j2" in night.stderr
    assert [path.name for path in sorted((evening.folder / "out").iterdir())] == ["district.xlsx", "night.json"]


@pytest.mark.slow  # three nights
def test_what_a_night_could_not_write_or_was_killed_before_the_next_one_of_the_day_writes(evening: District) -> None:
    """Nothing has changed since, so the next one would have taken over what was concluded, and written no page."""
    page = evening.folder / "out" / "district.html"
    with patch("lms_sync.operations.monitoring.night_report.write_district", side_effect=KeyboardInterrupt):
        assert evening.run("nightly").exit_code == 130
    page.mkdir()
    refused = evening.run("nightly")
    assert (refused.exit_code, "district.html was not written" in refused.stderr) == (2, True)
    page.rmdir()
    assert evening.run("nightly").exit_code == 0
    assert page.is_file()
