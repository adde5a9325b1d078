"""A district that read a Moodle report's downloads and now reads the report itself keeps its records."""

import shutil
from pathlib import Path

import pytest

from tests.cli.small_district import SETTINGS, District, district
from tests.sources.moodle_site import REPORT, TOKEN, report_site
from tests.sources.recorded import answering
from tests.sources.sample_files import SAMPLES

DOWNLOADS = """
[[source]]
name = "esd"
kind = "spreadsheet"
export = "cumulative"
files = [{ path = "inbox/moodle/*.csv", layout = "moodle-custom-report", zone = "UTC" }]
"""
SERVICE = f"""
[[source]]
name = "esd"
kind = "moodle"
url = "URL"
token_env = "LMS_SYNC_ESD_TOKEN"
report = "{REPORT}"
rows = 10
"""


def settle(home: District, section: str) -> None:
    (home.folder / "lms_sync.toml").write_text(SETTINGS + section, encoding="utf-8")


def test_from_downloads_to_the_service_nothing_is_added_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_SYNC_ESD_TOKEN", TOKEN)
    with district(tmp_path / "ws", nights=0) as home, answering(report_site()) as site:
        inbox = home.folder / "inbox" / "moodle"
        inbox.mkdir(parents=True)
        shutil.copy(SAMPLES / "moodle-custom-report.csv", inbox / "report.csv")
        settle(home, DOWNLOADS)
        by_file = home.run("pull", "esd")
        settle(home, SERVICE.replace("URL", site.url))
        by_service = home.run("pull", "esd")
        again = home.run("pull", "esd")
    rest = "8 not a completion + 2 skipped + 2 superseded"
    assert f"31 = 19 added + {rest}" in by_file.stdout
    assert f"31 = {rest} + 19 unchanged" in by_service.stdout
    assert "not read again" in again.stdout
