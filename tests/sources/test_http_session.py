"""The HTTP edge against a real server: what is sent, what is bounded, what is told."""

import gzip
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync import __version__
from lms_sync.errors import ConfigError
from lms_sync.sources.http.answer import Failure, HttpError, WebAnswer
from lms_sync.sources.http.endpoint import Endpoint, Limits, bearer, by_remaining, origin_of
from lms_sync.sources.http.error_words import place_of
from lms_sync.sources.http.paging import Trail
from lms_sync.sources.http.retry import retry_after
from lms_sync.sources.http.session import open_session
from tests.sources.fault_server import Ask, FakeTime, Reply, at, serving

SECRET = "s3cr3t-token"
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def endpoint(url: str, time: FakeTime | None = None, **more: Any) -> Endpoint:
    return Endpoint("esd", url, headers=bearer(lambda: SECRET), clock=(time or FakeTime()).clock, **more)


def said(value: object) -> Reply:
    return Reply(body=json.dumps(value).encode())


def answer(*, headers: dict[str, str], status: int = 200, url: str = "https://lms.example.org/api") -> WebAnswer:
    return WebAnswer("esd", "GET https://lms.example.org/api", url, status, headers, b"")


def failure(reply: Reply, **limits: Any) -> HttpError:
    with (
        serving(lambda ask: reply) as site,
        pytest.raises(HttpError) as caught,
        open_session(endpoint(site.url, limits=Limits(**limits))) as session,
    ):
        session.get("/api")
    return caught.value


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
    ("reply", "kind"),
    [
        (Reply(400), Failure.REJECTED),
        (Reply(401), Failure.CREDENTIALS),
        (Reply(403), Failure.FORBIDDEN),
        (Reply(404), Failure.MISSING),
        (Reply(410), Failure.MISSING),
        (Reply(501), Failure.BROKEN),
        (Reply(304), Failure.REDIRECT),
    ],
)
def test_what_another_try_does_not_change_is_asked_once(reply: Reply, kind: Failure) -> None:
    time = FakeTime()
    with (
        serving(lambda ask: reply) as site,
        open_session(endpoint(site.url, time)) as session,
        pytest.raises(HttpError) as caught,
    ):
        session.get("/")
    assert (caught.value.kind, caught.value.status) == (kind, reply.status)
    assert len(site.asked) == 1
    assert caught.value.hint


def test_waits_double_and_end() -> None:
    time = FakeTime()
    with (
        serving(lambda ask: Reply(500)) as site,
        open_session(endpoint(site.url, time)) as session,
        pytest.raises(HttpError, match=r"answered 500 \(6 tries\)") as caught,
    ):
        session.get("/")
    assert time.slept == [1, 2, 4, 8, 16]
    assert caught.value.kind is Failure.BROKEN


def test_the_whole_call_is_bounded_however_many_tries_are_left() -> None:
    time = FakeTime()
    limits = Limits(call=10, tries=100)
    with (
        serving(lambda ask: Reply(500)) as site,
        open_session(endpoint(site.url, time, limits=limits)) as session,
        pytest.raises(HttpError, match="4 tries"),
    ):
        session.get("/")
    assert time.slept == [1, 2, 4]


def test_a_session_ends() -> None:
    time = FakeTime()
    with serving(lambda ask: said([])) as site, open_session(endpoint(site.url, time)) as session:
        session.get("/")
        time.seconds += 5 * 3600
        with pytest.raises(HttpError, match="the time for this pull is over") as caught:
            session.get("/")
    assert caught.value.kind is Failure.TIMEOUT
    assert len(site.asked) == 1


def test_one_who_asks_for_another_try_gets_it() -> None:
    busy = said({"error": "busy"})
    time = FakeTime()
    with serving(at(1, busy, lambda ask: said({"rows": []}))) as site:
        again = replace(endpoint(site.url, time), again=lambda found: "it is busy" if "error" in found.json() else "")
        with open_session(again) as session:
            assert session.get("/").json() == {"rows": []}
    assert time.slept == [1]


def test_requests_are_spaced_out_before_the_server_throttles() -> None:
    left = iter(["700.0", "100.0", "0.0", "", "600"])
    time = FakeTime()

    def respond(ask: Ask) -> Reply:
        return Reply(200, b"[]", (("Content-Type", "application/json"), ("X-Rate-Limit-Remaining", next(left))))

    with serving(respond) as site, open_session(endpoint(site.url, time, pace=by_remaining)) as session:
        for _ in range(5):
            session.get("/")
    assert time.slept == [5.0, 15.0]


def test_a_body_is_bounded() -> None:
    assert failure(Reply(200, b"x" * 2000), body=1000).kind is Failure.TOO_LARGE


def test_a_bomb_is_stopped_before_it_is_unpacked() -> None:
    bomb = gzip.compress(gzip.compress(b"0" * 200_000_000, 1))
    nested = Reply(200, bomb, (("Content-Encoding", "gzip, gzip"),))
    assert failure(nested, body=1_000_000).kind is Failure.TOO_LARGE


DRIPS = {
    "body": Reply(200, b"x" * 500, (), "drop by drop"),
    "headers": Reply(200, b"x" * 500, (), "headers drop by drop"),
    "chunks": Reply(200, b"1\r\nx\r\n" * 200, (("Transfer-Encoding", "chunked"),), "drop by drop"),
    "zipped body": Reply(200, bytes(range(256)) * 4, (), "drop by drop").zipped(),
}


@pytest.mark.parametrize("name", DRIPS)
def test_a_slow_loris_meets_the_deadline(name: str) -> None:
    time = FakeTime(tick=25.0)
    with serving(lambda ask: DRIPS[name]) as site:
        one = endpoint(site.url, time, limits=Limits(tries=1))
        with open_session(one) as session, pytest.raises(HttpError, match="too slowly") as caught:
            session.get("/")
    assert caught.value.kind is Failure.TIMEOUT
    assert time.seconds < 600


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000, b'{"a": 1} trailing'])
def test_what_is_no_json_is_told_without_quoting_it(body: bytes) -> None:
    with (
        serving(lambda ask: Reply(200, body, (("Content-Type", "text/html"),))) as site,
        open_session(endpoint(site.url)) as session,
    ):
        found = session.get("/")
    with pytest.raises(HttpError, match="where JSON was expected") as caught:
        found.json()
    assert caught.value.kind is Failure.UNREADABLE
    assert "trailing" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_links_are_followed_and_only_once() -> None:
    def respond(ask: Ask) -> Reply:
        number = int(ask.query.get("page", "1"))
        link = f'<{ask.path}?page={number + 1}>; rel="next", </api?page=1>; rel="first"' if number < 4 else ""
        return Reply(200, json.dumps([number]).encode(), (("link", link), ("Content-Type", "application/json")))

    with serving(respond) as site, open_session(endpoint(site.url)) as session:
        pages = session.pages("/api", {"per_page": "1"}, next_url=lambda page: page.link("next"))
        assert [page.json() for page in pages] == [[1], [2], [3], [4]]


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("https://evil.example.org/api?page=2", "another host, https://evil.example.org"),
        ("https://lms.example.org:444/api?page=2", "another host"),
        ("http://lms.example.org/api?page=2", "another host"),
        ("https://ada:pw@lms.example.org/api?page=2", "another host"),
        ("//evil.example.org", "another host"),
        ("javascript:alert(1)", "another host"),
        ("https://[", "no address"),
        ("/api", "read already"),
        ("/api#again", "read already"),
    ],
)
def test_a_link_that_must_not_be_followed_is_refused_and_named(link: str, words: str) -> None:
    trail = Trail(Endpoint("esd", "https://lms.example.org"))
    with pytest.raises(HttpError, match=words) as caught:
        trail.follow(link, answer(headers={}))
    assert caught.value.kind is Failure.PAGING
    assert "pw" not in str(caught.value)


def test_pages_have_an_end() -> None:
    trail = Trail(Endpoint("esd", "https://lms.example.org", limits=Limits(pages=3)))
    trail.follow("?page=2", answer(headers={}))
    trail.follow("?page=3", answer(headers={}, url="https://lms.example.org/api?page=2"))
    with pytest.raises(HttpError, match="beyond the 3 pages"):
        trail.follow("?page=4", answer(headers={}, url="https://lms.example.org/api?page=3"))


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7),
        ("1.5", 1.5),
        ("0", 0),
        ("-5", 0),
        ("inf", 0),
        ("nan", 0),
        ("", 0),
        ("soon", 0),
        ("Mon, 02 Mar 2026 03:02:00 GMT", 120),
        ("Mon, 02 Mar 2026 03:02:00 -0000", 120),
        ("Mon, 02 Mar 2026 02:00:00 GMT", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date_to_come(told: str, seconds: float) -> None:
    assert retry_after(answer(headers={"retry-after": told}), NOW) == seconds


@given(st.text(max_size=40))
def test_retry_after_takes_any_text(told: str) -> None:
    assert retry_after(answer(headers={"Retry-After": told}), NOW) >= 0


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
