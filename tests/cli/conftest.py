"""The small district, as every command's tests find it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.small_district import District, district


@pytest.fixture(autouse=True)
def _looked_into_here(_files_looked_into_here: None) -> None:
    """Save each document a process."""


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[District]:
    """Yield the district in the morning after its first night."""
    with district(tmp_path / "ws", nights=1) as one:
        yield one


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[District]:
    """Yield the district in the evening before its first night."""
    with district(tmp_path / "ws", nights=0) as one:
        yield one
