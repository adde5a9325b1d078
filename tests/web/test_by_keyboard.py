"""The five errands without a mouse: a claim, a link, a new map, a filed document, a released report."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FileChooser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from lms_sync.web.opening import open_district
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import COURSES, DONE, GUARD, District, district
from tests.reports.browser import chromium
from tests.web.chromium import Desk, serve
from tests.web.outer_visitor import mails

pytestmark = pytest.mark.slow
LETTER = b"From: training@esd900.example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nVerified."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def stranger(small: District) -> None:
    unknown = ("X-9", "Brook", "Ben", "b@away.example.com", COURSES[1], "10/05/2026", "Completed")
    first_aid = (*GUARD, "First Aid", "10/05/2026", "Completed")
    small.export(*DONE, unknown, first_aid, (*GUARD, COURSES[0], "", "Waived"))
    assert small.run("nightly").exit_code in (0, 1)


@contextmanager
def desk(browser: Browser, folder: Path) -> Iterator[Desk]:
    with ExitStack() as stack:
        small = stack.enter_context(district(folder, nights=1, prepare=stranger))
        yield serve(stack, browser, small, stack.enter_context(open_district(read_config(small.folder))))


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, Desk]]:
    with desk(browser, tmp_path / "ws") as served, served.visitor() as context:
        # Whoever clicks in these tests breaks them.
        page = context.new_page()
        page.add_init_script("addEventListener('mousedown', () => { throw new Error('a mouse') })")
        yield page, served


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until an element has the focus."""
    wanted = wanted.first
    for _ in range(300):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never comes to {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    reach(page, wanted)
    page.keyboard.press(key)


def write(page: Page, label: str, text: str) -> None:
    reach(page, page.get_by_label(label))
    page.keyboard.type(text)


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").first).to_contain_text(words)


def test_a_claim(page: tuple[Page, Desk]) -> None:
    window, served = page
    window.goto(served.url)
    press(window, window.locator("li", has_text="claim to decide").get_by_role("link"))
    write(window, "Day of the training", "10052026")
    write(window, "Why", "letter no. 88")
    press(window, window.get_by_role("button", name="It counts"))
    told(window, "accepted by A. Roe")


def test_a_link(page: tuple[Page, Desk]) -> None:
    window, served = page
    window.goto(f"{served.url}/matches")
    press(window, window.get_by_role("radio"), "Space")
    write(window, "Why", "asked him")
    press(window, window.get_by_role("button", name="Record it"))
    told(window, "is 00201")


def test_a_new_map(page: tuple[Page, Desk]) -> None:
    window, served = page
    window.goto(f"{served.url}/courses")
    press(window, window.get_by_label("Decide this one"), "Space")
    press(window, window.get_by_label(re.compile("^2 ")), "Space")
    press(window, window.get_by_role("button", name="See what it would change"))
    expect(window.get_by_role("heading", level=1)).to_have_text("What the new map would change")
    write(window, "Why", "the syllabus says so")
    press(window, window.get_by_role("button", name="Take it over"))
    told(window, "is in force")


def chosen(window: Page) -> FileChooser:
    """Open the field for a file; on a busy machine the browser may lose the key."""
    for _ in range(2):
        reach(window, window.get_by_label("The document"))
        try:
            with window.expect_file_chooser(timeout=10_000) as chooser:
                window.keyboard.press("Space")
            return chooser.value
        except PlaywrightTimeout:
            window.reload()
    pytest.fail("the field for a file does not open")


def test_a_filed_document(page: tuple[Page, Desk]) -> None:
    window, served = page
    window.goto(f"{served.url}/people/{GUARD[0]}")
    chosen(window).set_files({"name": "letter.eml", "mimeType": "message/rfc822", "buffer": LETTER})
    write(window, "Which ESD", "ESD 900")
    write(window, "Day of the document", "11022026")
    press(window, window.get_by_role("button", name="File it"))
    told(window, "is on file now")


def test_a_released_report(page: tuple[Page, Desk]) -> None:
    window, served = page
    window.goto(f"{served.url}/partners/HERON")
    write(window, "Why", "addresses checked")
    press(window, window.get_by_role("button", name="Release those ticked"))
    told(window, "for HERON: sent")
    assert mails(served.small.folder, "boss@heron.example.com")
