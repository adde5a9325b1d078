"""The HTTP edge against a real server: what is sent, to whom, and what of it is told."""

import logging
from dataclasses import replace
from typing import Any

import pytest

from lms_sync import __version__
from lms_sync.errors import ConfigError
from lms_sync.sources.http.answer import Failure, HttpError
from lms_sync.sources.http.endpoint import Endpoint, bearer, origin_of
from lms_sync.sources.http.error_words import place_of
from lms_sync.sources.http.session import open_session
from tests.sources.fault_server import Reply, serving
from tests.sources.http_asked import SECRET, endpoint, failure, said


def test_a_request_says_who_asks_and_carries_the_token_in_a_header_only() -> None:
    with serving(lambda ask: said([])) as site, open_session(endpoint(site.url)) as session:
        assert session.get("/api/v1/courses", {"per_page": "100"}).json() == []
    (ask,) = site.asked
    assert ask.headers["User-Agent"] == f"lms-sync/{__version__}"
    assert ask.headers["Authorization"] == f"Bearer {SECRET}"
    assert (ask.path, ask.query) == ("/api/v1/courses", {"per_page": "100"})


def test_connections_are_kept() -> None:
    with serving(lambda ask: said([])) as site, open_session(endpoint(site.url)) as session:
        for _ in range(5):
            session.get("/")
    assert session.asked == 5
    assert len({ask.connection for ask in site.asked}) == 1


def test_the_surroundings_change_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with serving(lambda ask: said([])) as site, open_session(endpoint(site.url)) as session:
        session.get("/")
    assert site.asked[0].headers["Authorization"] == f"Bearer {SECRET}"


def test_cookies_are_not_kept() -> None:
    reply = replace(said([]), headers=(("Content-Type", "application/json"), ("Set-Cookie", "session=1")))
    with serving(lambda ask: reply) as site, open_session(endpoint(site.url)) as session:
        session.get("/")
        session.get("/")
    assert "Cookie" not in site.asked[1].headers


@pytest.mark.parametrize(
    "url",
    [
        "http://lms.example.org",
        "https://ada:pw@lms.example.org",
        "https://lms.example.org/?token=x",
        "ftp://lms.example.org",
        "lms.example.org",
        "https://",
        "https://[::1",
        "https://lms.example.org:port",
    ],
)
def test_an_address_that_would_leak_or_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Endpoint("esd", url)
    assert "pw" not in str(caught.value)
    assert "token=x" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:80", "https://lms.example.org/m"]
)
def test_plain_http_is_for_this_machine(url: str) -> None:
    assert Endpoint("esd", url).url == url


@pytest.mark.parametrize("path", ["https://evil.example.org/x", "//evil.example.org/x", "http://127.0.0.1:1/x"])
def test_the_token_goes_to_no_other_origin(path: str) -> None:
    with (
        serving(lambda ask: said([])) as site,
        open_session(endpoint(site.url)) as session,
        pytest.raises(HttpError, match="is not on") as caught,
    ):
        session.get(path)
    assert caught.value.kind is Failure.PAGING
    assert site.asked == []


def test_a_redirect_is_refused_and_tells_the_right_address() -> None:
    error = failure(Reply(301, b"", (("Location", "https://new.example.org/login?next=secret"),)))
    assert error.kind is Failure.REDIRECT
    assert "https://new.example.org" in str(error)
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://lms.example.org/api/v1/courses/12/users/sis_user_id:E100?x=1", "/api/v1/courses/…/users/…"),
        ("https://ada:pw@lms.example.org/xAPI/statements/?agent=ada@example.org", "/xAPI/statements/"),
        ("https://lms.example.org/users/ada@example.org/progress", "/users/…/progress"),
    ],
)
def test_places_tell_of_nobody(url: str, place: str) -> None:
    assert place_of("GET", url) == f"GET https://lms.example.org{place}"


def test_nothing_secret_is_logged_or_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bad = Reply(200, b"[]", (("Content-Type", "application/json"), ("Broken header without a colon", "")))
    with serving(lambda ask: bad) as site:
        one = endpoint(site.url)
        with open_session(one) as session:
            found = session.get("/users/E100001", {"email": "ada@example.org"})
        shown = f"{one!r} {found!r} {caplog.text}"
    for secret in (SECRET, "ada@example.org", "E100001"):
        assert secret not in shown
    assert "answered 200" in caplog.text


def test_a_token_that_no_header_can_carry_is_told_without_it() -> None:
    with serving(lambda ask: said([])) as site:
        one = replace(endpoint(site.url), headers=bearer(lambda: f"{SECRET}\r\nX: 1"))
        with open_session(one) as session, pytest.raises(ConfigError, match="no header can carry") as caught:
            session.get("/")
    assert SECRET not in str(caught.value)


def test_origins_are_compared_with_their_ports() -> None:
    assert (
        origin_of("https://LMS.example.org/a")
        == origin_of("https://lms.example.org:443")
        == "https://lms.example.org:443"
    )
