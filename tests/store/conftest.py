"""Both engines for the store's promises: SQLite in a file, and a real PostgreSQL."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.postgresql import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Return what gives the address of a new database on each call, of either engine."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        return server.fresh
    numbers = count(1)
    return lambda: f"sqlite:///{tmp_path}/{next(numbers)}.db"


@pytest.fixture
def url(fresh: Callable[[], str]) -> str:
    """Return the address of a new database."""
    return fresh()
