"""Which files a source reads, how they are called, and when they are read again."""

from pathlib import Path

import pytest

from lms_sync.errors import ConfigError, SourceError
from lms_sync.model.finding import Area
from lms_sync.sources.connectors import open_source
from lms_sync.sources.pull import Pull
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.workspace.settings.sources import FilePattern as FileSettings
from lms_sync.workspace.settings.sources import SpreadsheetSettings
from tests.sources.plain_files import HEAD, layout, source
from tests.sources.sample_files import PACIFIC


def test_pattern_that_finds_nothing_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no file fits \*\.csv") as caught:
        source(tmp_path).pull(frozenset())
    assert caught.value.hint


def test_lock_and_hidden_files_are_no_exports(tmp_path: Path) -> None:
    for name in ("~$acme.csv", ".acme.csv"):
        (tmp_path / name).write_text(HEAD)
    with pytest.raises(SourceError):
        source(tmp_path).pull(frozenset())


def test_file_that_two_patterns_find_is_a_configuration_finding(tmp_path: Path) -> None:
    (tmp_path / "acme.csv").write_text(HEAD + "7,A,09/03/2025\n")
    (tmp_path / "other.csv").write_text(HEAD + "8,A,09/03/2025\n")
    found = source(tmp_path, OpenedPattern("*.csv", layout()), OpenedPattern("acme*", layout())).pull(frozenset())
    overlap, fine = found.files
    assert (overlap.failed, overlap.findings[0].area, overlap.findings[0].code) == (
        True,
        Area.CONFIG,
        "overlapping-patterns",
    )
    assert len(fine.items) == 1


def test_files_of_one_name_keep_their_folders_names(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "acme.csv").write_text(HEAD + f"{folder},A,09/03/2025\n")
    found: Pull = source(tmp_path, OpenedPattern("*/acme.csv", layout())).pull(frozenset())
    assert [file.name for file in found.files] == ["a/acme.csv", "b/acme.csv"]


def test_file_is_read_again_when_anything_about_its_reading_changes(tmp_path: Path) -> None:
    (tmp_path / "acme.csv").write_text(HEAD + "7,A,09/03/2025\n")
    plain = OpenedPattern("acme.csv", layout())
    seen = frozenset(file.fingerprint for file in source(tmp_path, plain).pull(frozenset()).files)
    assert not source(tmp_path, plain).pull(seen).files
    for other in (
        OpenedPattern("acme.csv", layout(dates={"order": "dmy"})),
        OpenedPattern("acme.csv", layout(), "UTC"),
    ):
        assert source(tmp_path, other).pull(seen).files
    assert Spreadsheet("acme", "cumulative", (plain,), tmp_path, "UTC").pull(seen).files
    (tmp_path / "acme.csv").write_text(HEAD + "7,A,09/04/2025\n")
    assert source(tmp_path, plain).pull(seen).files


def test_settings_make_the_source(tmp_path: Path) -> None:
    files = (FileSettings(path="*.csv", layout="plain", zone="UTC"),)
    settings = SpreadsheetSettings(name="acme", kind="spreadsheet", export="increment", files=files)
    opened = open_source(settings, folder=tmp_path, layouts={"plain": layout()}, district_zone=PACIFIC)
    assert (opened.name, opened.export) == ("acme", "increment")
    with pytest.raises(ConfigError, match='no layout "plain"') as caught:
        open_source(settings, folder=tmp_path, layouts={"plan": layout()}, district_zone=PACIFIC)
    assert 'Did you mean "plan"?' in caught.value.hint
