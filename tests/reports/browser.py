"""Pages as a browser shows them, and as axe-core judges them: what the slow tests need."""

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
AXE = Path(os.environ.get("AXE_CORE", ROOT / "build/axe/package/axe.min.js"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DARK = "--blink-settings=preferredColorScheme=0"

# WCAG 2.1 A and AA, and the rules of good structure that hold for a letter (it has no landmarks).
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "iframes": False,
    "rules": {name: {"enabled": True} for name in ("heading-order", "empty-heading", "scope-attr-valid")},
}
RUN = """<script>axe.run(document, %s).then(found => {
  const out = document.createElement("pre");
  out.id = "axe";
  out.textContent = JSON.stringify({
    violations: found.violations.map(rule => rule.id + ": " + rule.nodes.map(node => node.html).join(" | ")),
    unsure: found.incomplete.map(rule => rule.id + ": " + rule.nodes.map(node => node.html).join(" | ")),
    passed: found.passes.map(rule => rule.id)});
  document.body.replaceChildren(out);
});</script>"""


def browser() -> str:
    """Return the program. Raises: RuntimeError that says what to install."""
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


def run_browser(page: Path, *flags: str) -> str:
    """Open the page headless with `flags` and return what the browser writes to its output."""
    steady = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
    profile = f"--user-data-dir={page.parent / 'profile'}"
    command = [browser(), *steady, profile, "--virtual-time-budget=20000", *flags, page.as_uri()]
    return subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8").stdout


def judged(html: str, folder: Path, *flags: str) -> dict[str, Any]:
    """Return what axe-core finds in the page: its violations, what it is unsure of, and the rules that passed."""
    page = folder / "page.html"
    script = f"<script>{axe_source()}</script>{RUN % json.dumps(RULES)}</body>"
    page.write_text(html.replace("</body>", script), encoding="utf-8")
    found = re.search('<pre id="axe">(.*?)</pre>', run_browser(page, "--dump-dom", *flags), re.DOTALL)
    assert found, "axe-core gave no answer"
    answer: dict[str, Any] = json.loads(unescape(found[1]))
    return answer
