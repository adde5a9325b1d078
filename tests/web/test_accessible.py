"""WCAG 2.1 AA in Chromium: every page in every role, the answers of forms, and every page of the outer app."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page

from lms_sync.operations.opening import now
from lms_sync.web.opening import open_district
from lms_sync.web.outer.app import create_outer_app
from lms_sync.web.roles import Role
from lms_sync.web.routes import ROUTES
from lms_sync.web.sessions import LASTS, SESSION
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import COURSES, DONE, GUARD, OFFICER, UNREADABLE, District, district
from tests.reports.browser import chromium
from tests.web.chromium import (
    NARROW,
    TWICE_AS_LARGE,
    WIDE,
    Desk,
    free_port,
    judged,
    keyboard_stops,
    quiet,
    serve,
    served,
    too_wide,
)
from tests.web.outer_visitor import mails
from tests.web.test_routes import PARTS
from tests.web.visitor import ROLES

pytestmark = pytest.mark.slow
LETTER = b"From: training@esd900.example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nWe waive this:"
SECOND = '[web.second_person]\nacts = ["waive"]\n[web.outer]\nurl = "http://127.0.0.1:{outer}"\n'
UNKNOWN = ("X-9", "Brook", "Ben", "b@away.example.com", COURSES[1], "10/05/2026", "Completed")
NEW_COURSE = (*GUARD, "A course that nobody knows", "10/05/2026", "Completed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def full(small: District, port: int, outer: int) -> None:
    """Let every page have something to show: who is who, courses, documents, a plan, a request, held mail, a link."""
    path = small.folder / "lms_sync.toml"
    roles = "".join(f'{role.value} = {{ emails = ["{role.value}@pinehill.example.org"] }}\n' for role in Role)
    settings = ROLES.replace("https://desk.example.org", f"http://127.0.0.1:{port}") + roles
    path.write_text(path.read_text(encoding="utf-8") + settings + SECOND.format(outer=outer), encoding="utf-8")
    small.export(*DONE, UNKNOWN, NEW_COURSE, UNREADABLE, (*GUARD, COURSES[0], "", "Waived"))
    by = ("--by", "Kim")
    assert small.run("nightly").exit_code in (0, 1)
    held = small.json("outbox", "list", "--format", "json")
    (heron,) = [str(line["delivery"]) for line in held if "HERON" in str(line)]
    assert small.run("outbox", "release", heron, "--reason", "checked", *by).exit_code == 0
    letter = small.folder.parent / "letter.eml"
    letter.write_bytes(LETTER)
    filing = ("documents", "add", str(letter), "--person", OFFICER[0], "--esd", "ESD 900", "--day", "2026-11-02")
    parts = ("--component", "classroom", "--reason", "seen", *by)
    assert small.run(*filing, "--kind", "verified", *parts).exit_code == 0
    assert small.run(*filing, "--kind", "waived", "--number", "7", *parts).exit_code == 1
    assert small.run("agreements", "plan", "HERON-26", "-o", str(letter.with_suffix(".pdf")), *by).exit_code == 0


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("SECRET", "made up")
        small = stack.enter_context(district(tmp_path_factory.mktemp("accessible") / "ws", nights=1))
        port, outer = free_port(), free_port()
        full(small, port, outer)
        opened = stack.enter_context(open_district(read_config(small.folder)))
        made = serve(stack, browser, small, opened, port=port)
        stack.enter_context(served(create_outer_app, opened, port=outer))
        yield made


def window(desk: Desk, role: Role | None, **options: Any) -> BrowserContext:
    """Return a window of somebody in one role; of nobody for None."""
    context = desk.browser.new_context(**{"viewport": WIDE, **options})
    if role is not None:
        about = {"name": f"The {role.value}", "email": f"{role.value}@pinehill.example.org", "groups": "[]"}
        token = desk.opened.sign_ins.new(SESSION, about, at=now(), lasts=LASTS)
        context.add_cookies([{"name": f"lms_sync_session_{desk.port}", "value": token, "url": desk.url}])
    return context


def sound(page: Page, where: str) -> None:
    """Expect that a page is accessible as it is, narrow, with text twice as large, and dark."""
    assert judged(page) == [], where
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert not too_wide(page), (where, size)
    page.evaluate(TWICE_AS_LARGE)
    assert not too_wide(page), (where, "text twice as large")
    page.emulate_media(color_scheme="dark")
    assert judged(page) == [], (where, "dark, text twice as large")
    page.emulate_media(color_scheme="light", media="print")
    assert page.locator("h1").first.is_visible(), where
    assert page.locator("form:visible").count() == 0, (where, "printed")
    page.emulate_media(media="screen")


def addresses(desk: Desk) -> dict[str, str]:
    """Return name of a route → address of a page that is there."""
    (delivery, *_) = desk.small.json("outbox", "list", "--format", "json")
    parts = PARTS | {"delivery_id": str(delivery["delivery"])}
    return {
        route.name: re.sub(r"<(\w+)>", lambda part: parts[part[1]], route.rule)
        for route in ROUTES
        if route.method == "GET"
    }


FILES = re.compile(r"\.(xlsx|pdf|ics|html|txt)$|/files/|/documents/|/reported/|/requests/|/calendar/proof$")
"""Addresses of files to save, and of the e-mail, which is judged with what partners receive."""


@pytest.mark.parametrize("role", Role)
def test_every_page_in_every_role(desk: Desk, role: Role) -> None:
    seen = 0
    with window(desk, role) as context:
        for name, path in addresses(desk).items():
            route = next(route for route in ROUTES if route.name == name and route.method == "GET")
            if FILES.search(path):
                continue
            # A context is kept, a page is not: each begins light, wide, with text of its usual size.
            page = context.new_page()
            answer = page.goto(desk.url + path, wait_until="networkidle")
            assert answer is not None
            # A page of another role is the one that says so.
            assert answer.status == (200 if role in route.roles else 403), (name, answer.status)
            if role in route.roles or name == "roster":
                sound(page, f"{name}, {role}")
                seen += 1
            page.close()
    assert seen > 5


def test_before_the_sign_in_and_after_a_wrong_address(desk: Desk) -> None:
    for role, path, status in ((None, "/sign-in", 200), (Role.HR, "/nothing/here", 404), (Role.HR, "/people/x", 404)):
        with window(desk, role) as context:
            page = context.new_page()
            answer = page.goto(desk.url + path)
            assert answer is not None
            assert answer.status == status
            sound(page, path)


def send(page: Page, file: str, content: bytes, button: str) -> None:
    page.locator("input[type=file]").first.set_input_files(
        [FilePayload(name=file, mimeType="application/octet-stream", buffer=content)]
    )
    page.get_by_role("button", name=button).first.click()
    page.wait_for_load_state("networkidle")


SHEET = b"Staff no,Family name,Given name,What,Finished\n00201,Brook,Ben,Topic course 3,2026-10-05\n"


def test_the_answers_of_forms(desk: Desk) -> None:
    """What the roster changes, what is wrong with it, a sheet's rows, a layout's questions, an impact."""
    roster = (desk.small.folder / "roster.xlsx").read_bytes()
    export = (desk.small.folder / "inbox/export.csv").read_bytes()
    forms = (
        ("/roster", "roster.xlsx", roster, "See"),
        ("/roster", "roster.xlsx", b"no workbook", "See"),
        ("/sheets", "export.csv", export, "Try"),
        ("/sheets", "unknown.csv", SHEET, "Try"),
    )
    for path, name, content, button in forms:
        with window(desk, Role.HR) as context:
            page = context.new_page()
            page.goto(desk.url + path)
            send(page, name, content, button)
            sound(page, f"{path}, {name}")
    with window(desk, Role.HR) as context:
        page = context.new_page()
        page.goto(f"{desk.url}/courses")
        page.get_by_label("Decide this one").first.check()
        page.get_by_label(re.compile("^2 ")).first.check()
        page.get_by_role("button", name="See what it would change").click()
        sound(page, "the impact of a map")


@pytest.fixture(scope="module")
def partner(desk: Desk) -> Iterator[BrowserContext]:
    """Yield a window of somebody of a partner, who has shown the code."""
    (link,) = {
        found for mail in mails(desk.small.folder, "boss@heron") for found in re.findall(r"http\S+/l/\S+", mail)
    }
    with window(desk, None) as context:
        page = context.new_page()
        with quiet(page):
            page.goto(link)
            sound(page, "the link")
            page.get_by_role("button", name="Send me a code").click()
            code = re.findall(r"\b(\d{6})\b", mails(desk.small.folder, "boss@heron")[-1])[0]
            sound(page, "the code")
        page.get_by_label("Code").fill("000000" if code != "000000" else "111111")
        page.get_by_role("button", name="Open my page").click()
        sound(page, "a wrong code")
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Open my page").click()
        page.close()
        yield context


def outer(desk: Desk) -> str:
    return desk.opened.config.settings.web.outer.url


def test_the_partner_s_page_and_what_its_form_answers(desk: Desk, partner: BrowserContext) -> None:
    page = partner.new_page()
    page.goto(outer(desk))
    page.get_by_label("What was completed").select_option(index=1)
    page.get_by_label("Brook, Ben").check()
    page.get_by_label("Day of completion").fill("2026-11-02")
    page.get_by_label("Provider").fill("Canyon ESD")
    page.get_by_role("button", name="Report it").click()
    assert "Received for 1" in page.get_by_role("status").first.inner_text()
    sound(page, "the partner's page")
    page.get_by_label("What was completed").select_option(index=1)
    page.get_by_label("Brook, Ben").check()
    page.get_by_label("Day of completion").fill("2026-12-24")
    page.get_by_label("Provider").fill("Canyon ESD")
    page.get_by_role("button", name="Report it").click()
    sound(page, "in the future")


def test_the_partner_s_page_by_keyboard_and_printed(desk: Desk, partner: BrowserContext) -> None:
    page = partner.new_page()
    page.goto(outer(desk))
    assert not [stop for stop in keyboard_stops(page) if stop.startswith("NOT SEEN")]
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.locator("form:visible").count() == 0


@pytest.mark.parametrize("path", ["/", "/l/nothing", "/e/nothing", "/verify", "/nothing", "/code"])
def test_the_outer_app_for_anybody(desk: Desk, path: str) -> None:
    with window(desk, None) as context:
        page = context.new_page()
        page.goto(outer(desk) + path)
        assert not [stop for stop in keyboard_stops(page) if stop.startswith("NOT SEEN")]
        sound(page, path)
        if path == "/verify":
            page.get_by_role("button", name="Verify").click()
            sound(page, "nothing to verify")
            page.goto(outer(desk) + path)
            page.get_by_label("Number").fill("TP-2026-0001")
            page.get_by_label("Verification code").fill("x")
            page.get_by_role("button", name="Verify").click()
            sound(page, "not recognised")


def test_the_documents_that_an_outsider_is_shown(desk: Desk) -> None:
    with window(desk, Role.HR) as context:
        page = context.new_page()
        page.goto(f"{desk.url}/agreements/HERON-26")
        page.get_by_text("Share the documents of this agreement").click()
        page.get_by_label("With whom").fill("State Auditor")
        page.locator("#reason-share").fill("audit of 2026")
        page.get_by_role("button", name="Make the link").click()
        sound(page, "the link for an outsider")
        link = page.locator("pre").inner_text()
    with window(desk, None) as context:
        page = context.new_page()
        page.goto(link)
        sound(page, "the shared documents")
