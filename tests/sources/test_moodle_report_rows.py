"""A Moodle site's custom report: what its rows say."""

from dataclasses import replace
from typing import Any

import pytest

from lms_sync.model.evidence import Completion, NotDone, Refused, Skipped
from lms_sync.model.finding import Origin
from lms_sync.sources.moodle.pages import cell_text
from tests.sources.moodle_report import read, refused, set_cell, with_report
from tests.sources.moodle_site import moodle_at, report_site
from tests.sources.recorded import answering
from tests.sources.sample_files import SAMPLES, layout_named, source_of


def test_the_api_gives_the_records_of_the_download() -> None:
    sample = SAMPLES / "moodle-custom-report.csv"
    (download,) = source_of(sample, layout_named("moodle-custom-report"), "UTC").pull(frozenset()).files
    file = read(report_site())

    nowhere = Origin()
    assert [item.text for item in file.items] == [item.text for item in download.items]
    assert [item.identifying for item in file.items] == [item.identifying for item in download.items]
    for ours, theirs in zip(file.items, download.items, strict=True):
        assert ours.origin.cell == theirs.origin.cell
        if isinstance(ours.reading, Completion) and isinstance(theirs.reading, Completion):
            assert replace(ours.reading, origin=nowhere) == replace(theirs.reading, origin=nowhere)
        else:
            assert ours.reading == theirs.reading


def test_every_row_is_one_item_and_phantom_rows_are_skipped() -> None:
    readings = [item.reading for item in read(report_site()).items]
    assert len(readings) == 31
    assert sum(isinstance(one, Completion) for one in readings) == 21
    assert sum(isinstance(one, NotDone) for one in readings) == 8
    assert [one for one in readings if isinstance(one, Skipped)] == [
        Skipped("an enrolment method without a learner")
    ] * 2


def test_an_item_tells_where_it_can_be_seen() -> None:
    file = read(report_site())
    assert file.name.startswith("report 2 of http://127.0.0.1:")
    assert str(file.items[3].origin).endswith("/reportbuilder/view.php?id=2, A5")


@pytest.mark.parametrize("heading", ["Username", "Course ID number", "Completed", "Time completed", "ID number"])
def test_a_renamed_heading_is_refused_and_named(heading: str) -> None:
    def rename(report: Any) -> None:
        headers = report["data"]["headers"]
        headers[headers.index(heading)] = "Abgeschlossen"

    words = refused(with_report(rename))
    assert heading in words
    assert "Rename the report's columns back" in words


def test_two_columns_with_one_heading_are_refused() -> None:
    def double(report: Any) -> None:
        headers = report["data"]["headers"]
        headers[headers.index("Time started")] = "Time completed"

    assert "columns N and O tell completed_on" in refused(with_report(double))


@pytest.mark.parametrize("told", ["Monday, 3 November 2025, 9:05 AM", "Monday, November 3, 2025, 9:05 AM"])
def test_english_dates_of_both_countries_are_read_in_utc(told: str) -> None:
    def retell(report: Any) -> None:
        set_cell(report, 1, "Completed", "Yes")
        set_cell(report, 1, "Time completed", told)

    reading = read(with_report(retell)).items[1].reading
    assert isinstance(reading, Completion)
    assert str(reading.instant) == "2025-11-03 09:05:00+00:00"
    assert str(reading.day) == "2025-11-03"


def test_a_date_in_another_language_is_refused_with_its_place() -> None:
    def translate(report: Any) -> None:
        set_cell(report, 1, "Completed", "Yes")
        set_cell(report, 1, "Time completed", "Montag, 3. November 2025, 09:05")

    reading = read(with_report(translate)).items[1].reading
    assert isinstance(reading, Refused)
    assert reading.finding.where.endswith("view.php?id=2, O3")


def test_suspended_people_keep_their_completions() -> None:
    def suspend(report: Any) -> None:
        set_cell(report, 1, "Completed", "Yes")
        set_cell(report, 1, "Suspended", "Yes")
        set_cell(report, 1, "Status", "Suspended")
        set_cell(report, 1, "Time completed", "Monday, 3 November 2025, 9:05 AM")

    assert isinstance(read(with_report(suspend)).items[1].reading, Completion)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (
            '<a href="https://lms.example.org/user/profile.php?id=6">Grace O&#039;Hara &amp; Søn</a>',
            "Grace O'Hara & Søn",
        ),
        ("Limits &lt;on access&gt;", "Limits <on access>"),
        ("Fish &amp;amp; Chips", "Fish &amp; Chips"),
        ("", None),
        (None, None),
    ],
)
def test_cells_lose_their_tags_and_are_unescaped_once(cell: str | None, text: str | None) -> None:
    assert cell_text(cell) == text


def test_a_social_security_number_is_dropped_and_said() -> None:
    def leak(report: Any) -> None:
        report["data"]["headers"][8] = "SSN"
        for row in report["data"]["rows"]:
            row["columns"][8] = "078-05-1120"

    file = read(with_report(leak))
    assert file.dropped[0] == "SSN"
    assert [finding.code for finding in file.findings] == ["column-dropped"]
    assert "078-05-1120" not in repr(file)


def test_no_secret_is_kept() -> None:
    with answering(report_site()) as site:
        source = moodle_at(site.url)
        kept = f"{source!r}{source.pull(frozenset())!r}"
    assert "REDACTED-KEY" not in kept
    assert source.token() not in kept
