"""What a screen reader is told of the six main pages, as text; run as a program it writes the golden files anew.

python -m tests.web.screen_reader_trees      then read the difference before you commit it (needs Chromium)
"""

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from lms_sync.web.opening import open_district
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import GUARD, district
from tests.reports.browser import chromium
from tests.web.chromium import serve

TREES = Path(__file__).parent / "trees"
PAGES = {
    "today": "/",
    "worklist": "/worklist",
    "people": "/people",
    "person": f"/people/{GUARD[0]}",
    "agreement": "/agreements/HERON-26",
    "courses": "/courses",
}
RANDOM = re.compile(r"\b[0-9a-f]{12,}\b|\d{8}-[0-9a-f]+")
"""Ids that another run gives otherwise."""


def trees(browser: Browser, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (name, tree) of each page, of a district after its first night."""
    with ExitStack() as stack:
        small = stack.enter_context(district(folder, nights=1))
        desk = serve(stack, browser, small, stack.enter_context(open_district(read_config(small.folder))))
        page = stack.enter_context(desk.visitor()).new_page()
        for name, path in PAGES.items():
            page.goto(desk.url + path, wait_until="networkidle")
            yield name, RANDOM.sub("…", page.locator("body").aria_snapshot()) + "\n"


def main() -> int:
    """Write the golden files."""
    TREES.mkdir(exist_ok=True)
    with chromium() as browser, TemporaryDirectory() as folder:
        for name, tree in trees(browser, Path(folder) / "ws"):
            (TREES / f"{name}.yml").write_text(tree, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
