"""Who may see and do what: every line of the table of routes with every role, and what each answer carries."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_sync.web.guard import HEADERS
from lms_sync.web.roles import Role
from lms_sync.web.routes import ROUTES, Route
from tests.cli.small_district import GUARD, district
from tests.web.visitor import Visitor, nobody, open_app, somebody, with_roles

PARTS = {
    "person_id": GUARD[0],
    "document_id": "D00000000",
    "partner_id": "HERON",
    "name": "none.xlsx",
    "delivery_id": "none",
    "agreement_id": "HERON-26",
    "kind": "plan",
    "number": "TP-2026-0001",
    "handle": "row-0",
    "report_id": "W0",
    "request_id": "S0",
}
"""What stands for each part of an address."""
OPEN = {"static", "favicon", "sign_in", "start", "start_now", "sign_out", "oidc_start", "oidc_back"}
"""Pages that need nobody signed in."""


def address(route: Route) -> str:
    return re.sub(r"<(\w+)>", lambda part: PARTS[part[1]], route.rule)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Role | None, Visitor]]:
    """Yield a visitor of each role, and one who is not signed in, at one desk behind a proxy."""
    folder = tmp_path_factory.mktemp("roles") / "ws"
    with pytest.MonkeyPatch.context() as patch, district(folder, nights=1):
        patch.setenv("SECRET", "made up")
        with_roles(folder)
        with open_app(folder) as (app, opened):
            visitors: dict[Role | None, Visitor] = {role: somebody(app, opened, role) for role in Role}
            visitors[None] = Visitor(nobody(app).client, visitors[Role.HR].base)
            yield visitors


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_page_opens_for_its_roles_and_for_nobody_else(desk: dict[Role | None, Visitor], route: Route) -> None:
    for role in Role:
        visitor = desk[role]
        answer = visitor.get(address(route)) if route.method == "GET" else visitor.post(address(route))
        if role in route.roles:
            # A form without any field is refused by its act, never by its role.
            assert answer.status_code in ({200, 404} if route.method == "GET" else {303, 404, 409, 422}), role
        else:
            assert answer.status_code == 403, role


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_nobody_sees_a_page_without_signing_in(desk: dict[Role | None, Visitor], route: Route) -> None:
    visitor = desk[None]
    answer = visitor.get(address(route)) if route.method == "GET" else visitor.post(address(route))

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


def test_every_page_of_the_app_stands_in_the_table(desk: dict[Role | None, Visitor]) -> None:
    app = desk[Role.HR].client.application

    assert {rule.endpoint for rule in app.url_map.iter_rules()} == {route.name for route in ROUTES} | OPEN


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "GET"], ids=lambda route: route.name)
def test_every_answer_carries_the_headers(desk: dict[Role | None, Visitor], route: Route) -> None:
    answer = desk[Role.HR].get(address(route))

    different = {name for name, value in HEADERS.items() if answer.headers.get(name) != value}
    # What is to be saved, or stands in a frame, states a stricter policy of its own.
    assert different <= {"Content-Security-Policy", "X-Frame-Options"}
    if different:
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Strict-Transport-Security"]
    assert "unsafe-eval" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "GET"], ids=lambda route: route.name)
def test_a_page_needs_no_script_of_its_own(desk: dict[Role | None, Visitor], route: Route) -> None:
    answer = desk[Role.HR].get(address(route))
    if answer.mimetype != "text/html" or route.name == "partner_email":
        return

    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|hx-on|javascript:|js:|\sstyle=", answer.text)


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "GET"], ids=lambda route: route.name)
def test_every_form_that_decides_carries_the_token_of_the_session(
    desk: dict[Role | None, Visitor], route: Route
) -> None:
    html = desk[Role.HR].get(address(route)).get_data(as_text=False).decode("utf-8", "replace")

    for found in re.findall(r'<form[^>]*method="post".*?</form>', html, re.DOTALL):
        assert 'name="csrf" value="' in found
        assert 'name="csrf" value=""' not in found


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "GET"], ids=lambda route: route.name)
def test_enter_presses_no_button_of_several(desk: dict[Role | None, Visitor], route: Route) -> None:
    """A browser takes Enter in a field for a form's first button: of the worklist's, the first claim was accepted."""
    answer = desk[Role.HR].get(address(route))
    for form in re.findall(r"<form.*?</form>", answer.text, re.DOTALL) if answer.mimetype == "text/html" else ():
        buttons = re.findall(r"<button[^>]*>", form)
        if len(buttons) > 1 and 'type="text"' in form:
            assert buttons[0] == "<button disabled hidden>", form


def test_a_reader_is_offered_no_button_that_decides(desk: dict[Role | None, Visitor]) -> None:
    for route in ROUTES:
        if route.method == "GET" and Role.READER in route.roles:
            html = desk[Role.READER].get(address(route)).get_data().decode("utf-8", "replace")
            posts = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', html)
            assert set(posts) <= {"/sign-out", "/verify"}, route.name


def test_files_that_never_change_are_kept_by_the_browser(desk: dict[Role | None, Visitor]) -> None:
    page = desk[Role.HR].get("/").text
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        answer = desk[None].get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    assert desk[None].get("/static/0000/desk.css").status_code == 404
    assert desk[None].get("/static/0000/..%2fapp.py").status_code == 404


def test_a_bookmark_of_a_page_leads_back_to_it_after_the_sign_in(desk: dict[Role | None, Visitor]) -> None:
    assert desk[None].get("/people?q=brook").headers["Location"] == "/sign-in?next=/people?q%3Dbrook"


def test_the_vendored_library_is_the_one_that_was_looked_at(tmp_path: Path) -> None:
    import hashlib

    from lms_sync.web.app import STATIC

    known = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"
    assert hashlib.sha256((STATIC / "htmx.min.js").read_bytes()).hexdigest() == known
    assert "Zero-Clause BSD" in (STATIC / "htmx.LICENSE").read_text(encoding="utf-8")
