"""A Moodle site's report, and what is read of it."""

from collections.abc import Callable
from typing import Any

import pytest

from lms_sync.errors import SourceError
from lms_sync.sources.pull import FileRead
from tests.sources.fault_server import FakeTime
from tests.sources.moodle_site import FakeMoodle, moodle_at, pages_of, recording, report_site
from tests.sources.recorded import answering

RETRIEVE = "core_reportbuilder_retrieve_report"


def read(moodle: FakeMoodle, **more: Any) -> FileRead:
    """Return what a pull reads in the report."""
    with answering(moodle) as site:
        (file,) = moodle_at(site.url, FakeTime().clock, **more).pull(frozenset()).files
    return file


def refused(moodle: FakeMoodle, **more: Any) -> str:
    with answering(moodle) as site, pytest.raises(SourceError) as caught:
        moodle_at(site.url, FakeTime().clock, **more).pull(frozenset())
    return f"{caught.value} {caught.value.hint}"


def with_report(change: Callable[[Any], None]) -> FakeMoodle:
    """Return a Moodle whose report is changed."""
    report, moodle = recording("ws/report.json"), report_site()
    change(report)
    moodle.answers[RETRIEVE] = pages_of(report)
    return moodle


def set_cell(report: Any, row: int, heading: str, cell: str) -> None:
    report["data"]["rows"][row]["columns"][report["data"]["headers"].index(heading)] = cell
