from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from lms_sync.operations.sample import sample_plan, sample_report
from lms_sync.reports.partner.email import partner_email
from tests.reports.browser import chromium, judged
from tests.reports.golden_documents import PAGES, VOICE, documents

pytestmark = pytest.mark.slow

DARK = {"color_scheme": "dark"}
# On a narrower phone the table is scrolled in its frame: of what that hides axe-core can't tell the contrast.
LOOKS: dict[str, dict[str, Any]] = {"light": {}, "dark": DARK, "phone": {"viewport": {"width": 414, "height": 780}}}
HTML = [name for name in PAGES if name.endswith(".html")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def of_svg_text(rule: str) -> bool:
    """Tell whether axe-core is unsure of the contrast of text in pictures only; test_figures works that out."""
    name, _, nodes = rule.partition(": ")
    return name == "color-contrast" and all(node.startswith("<text ") for node in nodes.split(" | "))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", HTML)
def test_axe_finds_nothing_against_wcag_2_1_aa(name: str, look: str, browser: Browser) -> None:
    found = judged(documents()[name].replace("<details>", "<details open>"), browser, **LOOKS[look])
    assert found["violations"] == []
    assert [rule for rule in found["unsure"] if not of_svg_text(rule)] == []
    assert {"color-contrast", "document-title", "html-has-lang", "heading-order"} <= set(found["passed"])


def test_axe_would_find_something(browser: Browser) -> None:
    html = partner_email(sample_report(), sample_plan(), VOICE).html
    grey = html.replace("<h2", '<h4 style="color:#ccc">Grey</h4><h2', 1).replace(' lang="en"', "", 1)
    found = " ".join(judged(grey, browser)["violations"])
    assert "color-contrast" in found
    assert "html-has-lang" in found
    assert "heading-order" in found


def test_dark_mode_is_dark(browser: Browser) -> None:
    pale = "<p style='color:#eee!important'>pale</p>"
    html = documents()["partner.html"].replace("<h1", pale + "<h1", 1)
    assert "color-contrast" in " ".join(judged(html, browser)["violations"])
    assert judged(html, browser, **DARK)["violations"] == []
