"""A small district after its first night, and its desk; each module has one, and a test that writes has its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_sync.web.opening import open_district
from lms_sync.web.outer.app import create_outer_app
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import District, district
from tests.web.outer_visitor import PORT, Town, released
from tests.web.visitor import Visitor, local, open_app


@pytest.fixture(autouse=True)
def _looked_into_here(_files_looked_into_here: None) -> None:
    """Save each document a process."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """Yield somebody with every role at a desk that the tests of a module share, and change nothing of."""
    folder = tmp_path_factory.mktemp("desk") / "ws"
    with district(folder, nights=1), open_app(folder) as (app, opened):
        yield local(app, opened)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Visitor, District]]:
    """Yield somebody with every role at a desk of their own, and the district's command line."""
    with district(tmp_path / "ws", nights=1) as small, open_app(small.folder) as (app, opened):
        yield local(app, opened), small


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Yield a town whose first reports were released with links to its outer app."""
    with (
        district(tmp_path / "ws", nights=1, prepare=released) as small,
        open_district(read_config(small.folder)) as opened,
    ):
        yield Town(small, create_outer_app(opened, port=PORT), opened)
