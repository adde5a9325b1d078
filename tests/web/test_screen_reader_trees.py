"""The six main pages tell a screen reader what the golden files hold."""

from pathlib import Path

import pytest

from tests.reports.browser import chromium
from tests.web.screen_reader_trees import PAGES, TREES, trees

pytestmark = pytest.mark.slow


def test_what_a_screen_reader_is_told(tmp_path: Path) -> None:
    with chromium() as browser:
        found = dict(trees(browser, tmp_path / "ws"))

    assert found.keys() == PAGES.keys()
    for name, tree in found.items():
        golden = (TREES / f"{name}.yml").read_text(encoding="utf-8")
        assert tree == golden, f"{name}: python -m tests.web.screen_reader_trees, then read the difference"
