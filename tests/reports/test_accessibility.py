from pathlib import Path

import pytest

from lms_sync.operations.sample import sample_plan, sample_report
from lms_sync.reports.partner.email import partner_email
from tests.reports.browser import DARK, judged
from tests.reports.golden_documents import PAGES, VOICE, documents

pytestmark = pytest.mark.slow

LOOKS = {"light": (), "dark": (DARK,), "phone": ("--window-size=360,780",)}
HTML = [name for name in PAGES if name.endswith(".html")]


def of_svg_text(rule: str) -> bool:
    """Tell whether axe-core is unsure of the contrast of text in pictures only; test_figures works that out."""
    name, _, nodes = rule.partition(": ")
    return name == "color-contrast" and all(node.startswith("<text ") for node in nodes.split(" | "))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", HTML)
def test_axe_finds_nothing_against_wcag_2_1_aa(name: str, look: str, tmp_path: Path) -> None:
    found = judged(documents()[name].replace("<details>", "<details open>"), tmp_path, *LOOKS[look])
    assert found["violations"] == []
    assert [rule for rule in found["unsure"] if not of_svg_text(rule)] == []
    assert {"color-contrast", "document-title", "html-has-lang", "heading-order"} <= set(found["passed"])


def test_axe_would_find_something(tmp_path: Path) -> None:
    html = partner_email(sample_report(), sample_plan(), VOICE).html
    grey = html.replace("<h2", '<h4 style="color:#ccc">Grey</h4><h2', 1).replace(' lang="en"', "", 1)
    found = " ".join(judged(grey, tmp_path)["violations"])
    assert "color-contrast" in found
    assert "html-has-lang" in found
    assert "heading-order" in found


def test_dark_mode_is_dark(tmp_path: Path) -> None:
    pale = "<p style='color:#eee!important'>pale</p>"
    html = documents()["partner.html"].replace("<h1", pale + "<h1", 1)
    assert "color-contrast" in " ".join(judged(html, tmp_path)["violations"])
    assert judged(html, tmp_path, DARK)["violations"] == []
