"""A headless Chromium, and what axe-core says of a page in it: what the slow tests need.

Playwright starts it: begun by hand for one page (`--dump-dom`) it asks the network for what it would like to have,
and where nothing answers it may never end.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent.parent
AXE = Path(os.environ.get("AXE_CORE", ROOT / "build/axe/package/axe.min.js"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# WCAG 2.1 A and AA, and the rules of good structure that hold for a letter (it has no landmarks).
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "iframes": False,
    "rules": {name: {"enabled": True} for name in ("heading-order", "empty-heading", "scope-attr-valid")},
}
RUN = """async rules => {
  const found = await axe.run(document, rules);
  const words = list => list.map(rule => rule.id + ": " + rule.nodes.map(node => node.html).join(" | "));
  return {violations: words(found.violations), unsure: words(found.incomplete),
          passed: found.passes.map(rule => rule.id)};
}"""


def program() -> str:
    """Return the browser's program. Raises: RuntimeError that says what to install."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise RuntimeError(
            "no Chromium found: install it (Debian: apt-get install chromium), then run make test-slow"
        )
    return found


def axe_source() -> str:
    """Return axe-core's program. Raises: RuntimeError that says how to get it."""
    if not AXE.is_file():
        raise RuntimeError(f"no axe-core at {AXE}: make test-slow fetches it with npm (Debian: apt-get install npm)")
    return AXE.read_text(encoding="utf-8")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield the browser."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program())
        yield found
        found.close()


def judged(html: str, browser: Browser, **window: Any) -> dict[str, Any]:
    """Return what axe-core finds in the page: its violations, what it is unsure of, and the rules that passed.

    `window` is as Playwright's `new_context` takes it: a viewport, a colour scheme.
    """
    with browser.new_context(**window) as context:
        page = context.new_page()
        page.set_content(html)
        page.evaluate(axe_source())
        answer: dict[str, Any] = page.evaluate(RUN, RULES)
        return answer
