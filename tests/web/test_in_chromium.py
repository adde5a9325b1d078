"""The desk in a real browser: judged by axe-core, by keyboard, narrow, dark, printed; and the five main errands."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from lms_sync.operations.opening import now
from lms_sync.store.locks import FolderLock
from lms_sync.web.opening import open_district
from lms_sync.web.routes import ROUTES
from lms_sync.web.sessions import start_link
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import DONE, GUARD, District, district
from tests.reports.browser import chromium
from tests.web.chromium import NARROW, Desk, judged, keyboard_stops, quiet, serve, too_wide
from tests.web.outer_visitor import mails
from tests.web.test_routes import address

pytestmark = pytest.mark.slow
LOCAL_PAGES = [
    route for route in ROUTES if route.method == "GET" and "." not in route.rule and "number" not in route.rule
]
FILES = ("document", "message", "partner_file", "reported_file", "people_workbook", "request_file", "duty_file")
PAGES = [route for route in LOCAL_PAGES if route.name not in FILES]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    with ExitStack() as stack:
        small = stack.enter_context(district(tmp_path / "ws", nights=1))
        opened = stack.enter_context(open_district(read_config(small.folder)))
        yield serve(stack, browser, small, opened)


@pytest.fixture(scope="module")
def shared(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with ExitStack() as stack:
        small = stack.enter_context(district(tmp_path_factory.mktemp("chromium") / "ws", nights=1))
        opened = stack.enter_context(open_district(read_config(small.folder)))
        yield serve(stack, browser, small, opened)


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_a_page_is_accessible_wide_narrow_and_dark(shared: Desk, route: Any) -> None:
    if route.name == "partner_email":
        return  # judged with what partners receive
    for options in ({}, {"viewport": NARROW}, {"color_scheme": "dark"}):
        with shared.visitor(**options) as context:
            page = context.new_page()
            with quiet(page):
                page.goto(shared.url + address(route), wait_until="networkidle")
                assert judged(page) == []
                assert not too_wide(page), options


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_a_page_is_left_by_keyboard_and_shows_where_it_is(shared: Desk, route: Any) -> None:
    if route.name == "partner_email":
        return
    with shared.visitor() as context:
        page = context.new_page()
        page.goto(shared.url + address(route), wait_until="networkidle")
        assert not [stop for stop in keyboard_stops(page) if stop.startswith("NOT SEEN")]


def test_text_at_twice_its_size_is_not_cut_off(shared: Desk) -> None:
    with shared.visitor(viewport={"width": 640, "height": 400}, device_scale_factor=2) as context:
        page = context.new_page()
        for path in ("/", "/worklist", "/people", f"/people/{GUARD[0]}", "/courses"):
            page.goto(shared.url + path, wait_until="networkidle")
            assert not too_wide(page), path


def test_a_page_prints_without_its_buttons(shared: Desk) -> None:
    with shared.visitor() as context:
        page = context.new_page()
        page.goto(f"{shared.url}/people/{GUARD[0]}", wait_until="networkidle")
        page.emulate_media(media="print")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".top")).to_be_hidden()
        assert page.locator("form:visible").count() == 0


def test_errors_are_told_first_and_in_the_title(shared: Desk) -> None:
    with shared.visitor() as context:
        page = context.new_page()
        page.goto(f"{shared.url}/verify")
        page.get_by_role("button", name="Verify").click()
        expect(page).to_have_title(re.compile("^Error:"))
        expect(page.get_by_role("alert")).to_contain_text("nothing to verify")


def test_a_part_that_is_loaded_later_leaves_the_page_its_title(shared: Desk) -> None:
    with shared.visitor() as context:
        page = context.new_page()
        page.goto(shared.url, wait_until="networkidle")
        expect(page.locator("#year")).to_be_attached()
        expect(page).to_have_title(re.compile("^Today"))


def test_the_link_of_the_terminal_signs_in(desk: Desk) -> None:
    with desk.browser.new_context() as context:
        page = context.new_page()
        page.goto(start_link(desk.opened.sign_ins, "A. Roe", port=desk.port, at=now()))
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
        assert "/start/" not in page.url
        page.get_by_role("button", name="Sign out").click()
        page.goto(desk.url)
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_errand_a_claim(desk: Desk) -> None:
    with desk.visitor() as context:
        page = context.new_page()
        with quiet(page):
            page.goto(desk.url)
            page.get_by_role("link", name="Open claims to decide").or_(
                page.locator("li", has_text="claim to decide").get_by_role("link")
            ).first.click()
            page.get_by_label("Day of the training").first.fill("2026-10-05")
            page.get_by_label("Why").first.fill("letter no. 88")
            page.get_by_role("button", name="It counts").first.click()
            expect(page.get_by_role("status").first).to_contain_text("accepted by A. Roe")
            expect(page.get_by_text("accepted:")).to_be_visible()


def test_a_double_click_is_one_answer(desk: Desk) -> None:
    """The answer to the second would be shown, and say that all is done already."""
    sent: list[str] = []
    with desk.visitor() as context:
        page = context.new_page()
        page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
        page.goto(f"{desk.url}/worklist?area=claim")
        page.get_by_label("Why").first.fill("nothing is known of it")
        with FolderLock(desk.small.folder / "state" / "lock", who="lms-sync nightly").held():
            # The first answer is not there yet when the second click comes.
            page.get_by_role("button", name="It does not count").first.dblclick(delay=100, no_wait_after=True)
        expect(page.get_by_role("status").first).to_contain_text("refused by A. Roe")
    assert sent == ["POST"]
    assert len(desk.small.json("log", "show", "--kind", "claim", "--format", "json")) == 1


def test_enter_beside_the_reason_decides_nothing(desk: Desk) -> None:
    with desk.visitor() as context:
        page = context.new_page()
        for path, waits in (("/worklist?area=claim", "It counts"), ("/messages", "Release those ticked")):
            page.goto(desk.url + path)
            page.get_by_label("Why").first.fill("not yet")
            page.get_by_label("Why").first.press("Enter")
            page.reload()
            expect(page.get_by_role("button", name=waits).first).to_be_visible()
    assert {delivery["state"] for delivery in desk.small.json("outbox", "list", "--format", "json")} == {"held"}


def test_errand_who_is_this(browser: Browser, tmp_path: Path) -> None:
    def stranger(small: District) -> None:
        unknown = ("X-9", "Brook", "Ben", "b@away.example.com", "Topic course 2", "10/05/2026", "Completed")
        small.export(*DONE, unknown)
        small.run("nightly")

    with ExitStack() as stack:
        small = stack.enter_context(district(tmp_path / "ws", nights=1, prepare=stranger))
        desk = serve(stack, browser, small, stack.enter_context(open_district(read_config(small.folder))))
        page = stack.enter_context(desk.visitor()).new_page()
        page.goto(f"{desk.url}/matches")
        page.get_by_role("radio").first.check()
        page.get_by_label("Why").fill("asked him")
        page.get_by_role("button", name="Record it").click()
        expect(page.get_by_role("status").first).to_contain_text("is 00201")
        page.get_by_label("Why it is taken back").fill("it was his brother")
        page.get_by_role("button", name="Take it back").click()
        expect(page.get_by_role("status").first).to_contain_text("no longer linked to 00201")
        expect(page.get_by_role("button", name="Record it")).to_be_visible()
        page.goto(f"{desk.url}/people/{GUARD[0]}")
        decided = page.get_by_role("heading", name="What was decided").locator("xpath=following::ul[1]")
        expect(decided).to_contain_text("link, taken back by A. Roe: it was his brother")
        expect(decided).to_contain_text("link by A. Roe: asked him")


def test_errand_a_new_map(desk: Desk) -> None:
    with desk.visitor() as context:
        page = context.new_page()
        with quiet(page):
            page.goto(f"{desk.url}/courses")
            page.get_by_label("Decide this one").check()
            page.get_by_label(re.compile("^2 ")).check()
            page.get_by_role("button", name="See what it would change").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("What the new map would change")
            expect(page.get_by_role("status").first).to_contain_text("1 person gains something")
            page.get_by_label("Why").fill("the syllabus says so")
            page.get_by_role("button", name="Take it over").click()
            expect(page.get_by_role("status").first).to_contain_text("is in force")


def test_errand_a_document_is_dropped_on_the_page(desk: Desk) -> None:
    with desk.visitor() as context:
        page = context.new_page()
        page.goto(f"{desk.url}/people/{GUARD[0]}")
        letter = "From: training@esd900.example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nVerified."
        make = "text => { const d = new DataTransfer(); d.items.add(new File([text], 'letter.eml')); return d }"
        transfer = page.evaluate_handle(make, letter)
        page.locator(".drop").first.dispatch_event("drop", {"dataTransfer": transfer})
        page.get_by_label("Which ESD").fill("ESD 900")
        page.get_by_label("Day of the document").fill("2026-11-02")
        page.get_by_role("button", name="File it").click()
        expect(page.get_by_role("status").first).to_contain_text("is on file now")
        expect(page.get_by_role("link", name="letter.eml")).to_be_visible()


def test_errand_a_report_is_released(desk: Desk) -> None:
    with desk.visitor() as context:
        page = context.new_page()
        with quiet(page):
            page.goto(f"{desk.url}/partners/HERON")
            page.get_by_label("Why").first.fill("addresses checked")
            page.get_by_role("button", name="Release those ticked").click()
            expect(page.get_by_role("status").first).to_contain_text("for HERON: sent")
    assert mails(desk.small.folder, "boss@heron.example.com")


def test_people_are_found_as_one_types(shared: Desk) -> None:
    with shared.visitor() as context:
        page = context.new_page()
        with quiet(page):
            page.goto(f"{shared.url}/people")
            page.get_by_label("Search").press_sequentially("brook")
            expect(page.locator("tbody tr")).to_have_count(1)
            expect(page.get_by_role("link", name="Brook, Ben")).to_be_visible()


def test_what_takes_a_while_says_so(shared: Desk) -> None:
    with shared.visitor() as context:
        page = context.new_page()
        with quiet(page):
            for path, link in (("/people", "As a workbook"), (f"/people/{GUARD[0]}", "The record as a PDF")):
                page.goto(shared.url + path)
                with page.expect_download():
                    page.get_by_role("link", name=link).click()
                expect(page.get_by_text("It is being made")).to_be_visible()
            page.goto(f"{shared.url}/verify")
            page.evaluate("document.forms[1].addEventListener('submit', event => event.preventDefault())")
            page.get_by_role("button", name="Verify").click()
            expect(page.get_by_text("One moment")).to_be_visible()


def test_everything_works_without_scripts(shared: Desk) -> None:
    with shared.visitor(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{shared.url}/people")
        page.get_by_label("Search").fill("brook")
        page.get_by_role("button", name="Show").click()
        expect(page.locator("tbody tr")).to_have_count(1)
        page.goto(shared.url)
        page.get_by_role("link", name="The last twelve months").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The last twelve months")
