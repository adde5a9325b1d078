"""A town on its first morning, made once and copied for each test."""

import shutil
from pathlib import Path

import pytest

from tests.operations.night_town import Town, found_town


@pytest.fixture(autouse=True)
def _looked_into_here(_files_looked_into_here: None) -> None:
    """Save each document a process."""


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Return a town in which nothing has happened yet."""
    return found_town(tmp_path / "town")


@pytest.fixture(scope="session")
def _released(tmp_path_factory: pytest.TempPathFactory) -> Town:
    town = found_town(tmp_path_factory.mktemp("released") / "town")
    town.night()
    town.release(hours=6)
    return town


@pytest.fixture
def settled(_released: Town, tmp_path: Path) -> Town:
    """Return a town after its first night: all addresses were released, and every partner has its first report."""
    shutil.copytree(_released.folder, tmp_path / "settled")
    return Town(tmp_path / "settled", _released.now)
