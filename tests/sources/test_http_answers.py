"""The HTTP edge against a real server: bodies that are bounded, and pages that have an end."""

import gzip
import json

import pytest

from lms_sync.sources.http.answer import Failure, HttpError
from lms_sync.sources.http.endpoint import Endpoint, Limits
from lms_sync.sources.http.paging import Trail
from lms_sync.sources.http.session import open_session
from tests.sources.fault_server import Ask, FakeTime, Reply, serving
from tests.sources.http_asked import answer, endpoint, failure


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


def test_halves_of_characters_are_written_out_and_stay_two() -> None:
    """A program that cuts a text in the middle of an emoji leaves one; such a text could not be stored."""
    cut = Reply(200, rb'{"\ud83d": ["a\ud83d", "a\ud83c", "\ud83d\ude00"]}')
    with serving(lambda ask: cut) as site, open_session(endpoint(site.url)) as session:
        assert session.get("/").json() == {r"\ud83d": [r"a\ud83d", r"a\ud83c", "\U0001f600"]}


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


def test_a_byte_order_mark_before_json_says_nothing() -> None:
    with (
        serving(lambda ask: Reply(200, b'\xef\xbb\xbf{"a": 1}')) as site,
        open_session(endpoint(site.url)) as session,
    ):
        assert session.get("/").json() == {"a": 1}
