"""Signing in: the terminal's link works once and only on this machine; a session is one browser's, and ends."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from lms_sync.operations.opening import now
from lms_sync.web.sessions import start_link
from tests.cli.small_district import NOW, district
from tests.web.visitor import COOKIE, PORT, SAME_ORIGIN, Visitor, nobody, open_app


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, str]]:
    """Yield somebody who is not signed in, and the path of a link from the terminal."""
    folder = tmp_path_factory.mktemp("door") / "ws"
    with district(folder, nights=1), open_app(folder) as (app, _):
        yield nobody(app), "unused"


def fresh(door: tuple[Visitor, str]) -> tuple[Visitor, str]:
    """Return another browser, and another link from the terminal."""
    app = door[0].client.application
    district_open = app.extensions["district"]
    link = start_link(district_open.sign_ins, "A. Roe", port=PORT, at=now())
    assert link.startswith(f"http://127.0.0.1:{PORT}/start/")
    return nobody(app), link.removeprefix(f"http://127.0.0.1:{PORT}")


def enter(visitor: Visitor, path: str) -> None:
    answer = visitor.client.post(path, base_url=visitor.base, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"


def test_the_link_signs_in_once(door: tuple[Visitor, str]) -> None:
    visitor, path = fresh(door)
    enter(visitor, path)
    assert "A. Roe" in visitor.page("/")

    again = nobody(visitor.client.application)
    answer = again.client.post(path, base_url=again.base, headers=SAME_ORIGIN)
    assert answer.headers["Location"] == path
    assert again.get(path).status_code == 410
    assert again.get("/").status_code == 303


def test_opening_the_link_changes_nothing_and_tells_nobody(door: tuple[Visitor, str]) -> None:
    """Mail programs and browsers open links ahead of people."""
    visitor, path = fresh(door)
    for _ in range(3):
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers
    enter(visitor, path)


def test_a_link_is_too_old_after_half_an_hour(door: tuple[Visitor, str]) -> None:
    visitor, path = fresh(door)
    with time_machine.travel(NOW + timedelta(minutes=31)):
        assert visitor.get(path).status_code == 410


def test_what_the_browser_held_before_is_worth_nothing_after_the_sign_in(door: tuple[Visitor, str]) -> None:
    visitor, path = fresh(door)
    visitor.client.set_cookie(COOKIE, "planted", domain="127.0.0.1")
    enter(visitor, path)

    cookie = visitor.client.get_cookie(COOKIE, domain="127.0.0.1")
    assert cookie is not None
    assert cookie.value != "planted"
    assert len(cookie.value) == 43
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_a_copy_of_the_cookie_is_worth_nothing_after_signing_out(door: tuple[Visitor, str]) -> None:
    visitor, path = fresh(door)
    enter(visitor, path)
    cookie = visitor.client.get_cookie(COOKIE, domain="127.0.0.1")
    assert cookie is not None
    sign_out = visitor.client.post("/sign-out", base_url=visitor.base, headers=SAME_ORIGIN)
    assert sign_out.headers["Location"] == "/sign-in"

    thief = nobody(visitor.client.application)
    thief.client.set_cookie(COOKIE, cookie.value, domain="127.0.0.1")
    assert thief.get("/").status_code == 303


@pytest.mark.parametrize(("hours", "signed_in"), [(1.9, True), (2.1, False)])
def test_a_session_ends_when_nobody_uses_it(door: tuple[Visitor, str], hours: float, *, signed_in: bool) -> None:
    visitor, path = fresh(door)
    enter(visitor, path)
    with time_machine.travel(NOW + timedelta(hours=hours)):
        assert (visitor.get("/").status_code == 200) is signed_in


def test_a_session_ends_after_a_working_day_though_it_is_used(door: tuple[Visitor, str]) -> None:
    visitor, path = fresh(door)
    enter(visitor, path)
    for hour in range(1, 12):
        with time_machine.travel(NOW + timedelta(hours=hour)):
            assert visitor.get("/").status_code == 200
    with time_machine.travel(NOW + timedelta(hours=12, minutes=1)):
        assert visitor.get("/").status_code == 303


def test_only_hashes_of_sessions_and_links_are_stored(door: tuple[Visitor, str], tmp_path: Path) -> None:
    visitor, path = fresh(door)
    cookie_before = path.rpartition("/")[2]
    enter(visitor, path)
    cookie = visitor.client.get_cookie(COOKIE, domain="127.0.0.1")
    assert cookie is not None
    folder = visitor.client.application.extensions["district"].folder / "state"
    stored = b"".join(file.read_bytes() for file in folder.glob("web.db*"))
    assert cookie.value.encode() not in stored
    assert cookie_before.encode() not in stored
    assert (folder / "web.db").stat().st_mode & 0o077 == 0
    assert (folder / "web.key").stat().st_mode & 0o077 == 0
