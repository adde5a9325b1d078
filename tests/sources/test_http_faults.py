"""The fault matrix: every source that pulls over the network, against a server that fails in each known way.

A source joins by a `Member` in MEMBERS. A pull either brings what it brings from a healthy server, or raises
SourceError in words; it never brings less. No fault waits: the clock is false.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from lms_sync.errors import SourceError
from lms_sync.sources.connectors import Source
from lms_sync.sources.http.endpoint import Clock
from tests.sources.canvas_hall import TOKEN as CANVAS_TOKEN
from tests.sources.canvas_hall import canvas_at, canvas_site
from tests.sources.fault_server import FakeTime, Reply, Respond, at, serving
from tests.sources.lrs_server import PASSWORD, lrs_at, lrs_site, with_more, without_statements
from tests.sources.moodle_site import TOKEN, json_reply, moodle_at, recording, report_site
from tests.sources.recorded import answering

Fault = Reply | Callable[[Reply], Reply]
TEXT = (("Content-Type", "text/plain"),)
JSON = (("Content-Type", "application/json"),)


@dataclass(frozen=True, slots=True)
class Member:
    """One source and the server that it pulls from."""

    name: str
    respond: Callable[[], Respond]
    """Makes a healthy server; its pull must take at least three requests."""
    source: Callable[[str, Clock], Source]
    """Opens the source at a URL."""
    error_body: bytes
    """What the server says under HTTP 200 when it will not answer."""
    secret: str
    """What must never be told."""
    with_next: Callable[[Reply, str], Reply] | None = None
    """Reply → the same with a link to that next page; None for an API that counts its pages."""
    emptied: Callable[[Reply], Reply] = lambda reply: reply
    """Reply → the same page without its records; only for an API with links."""


MEMBERS = (
    Member(
        "moodle",
        report_site,
        lambda url, clock: moodle_at(url, clock),
        json_reply(recording("errors/report_not_in_audience.json")).body,
        TOKEN,
    ),
    Member(
        "canvas",
        canvas_site,
        canvas_at,
        b'{"status": "unauthenticated", "errors": [{"message": "user authorization required"}]}',
        CANVAS_TOKEN,
        with_next=lambda reply, link: replace(reply, headers=(*JSON, ("Link", f'<{link}>; rel="next"'))),
        emptied=lambda reply: replace(reply, body=b"[]"),
    ),
    Member(
        "xapi",
        lrs_site,
        lrs_at,
        b'{"detail": "Access not authorized to scope: \\"statements/read/mine\\"."}',
        PASSWORD,
        with_next=with_more,
        emptied=without_statements,
    ),
)

WIRE = frozenset(
    (
        "body cut in half",
        "JSON cut in half by a proxy",
        "connection dropped",
        "garbled compression",
        "compressed",
        "redirect",
        "a bomb",
    )
)
"""Faults that only a real server has; the others are answers, and need none."""

PASSING: dict[str, tuple[Fault, tuple[float, ...]]] = {
    "403 throttle once": (Reply(403, b"403 Forbidden (Rate Limit Exceeded)\n", TEXT), (1.0,)),
    "429, Retry-After 7": (Reply(429, b"slow down", (("Retry-After", "7"),)), (7.0,)),
    "429, Retry-After 0": (Reply(429, b"slow down", (("Retry-After", "0"),)), (1.0,)),
    "429, a date in the past": (Reply(429, b"", (("Retry-After", "Sun, 01 Mar 2026 00:00:00 GMT"),)), (1.0,)),
    "429, a date to come": (Reply(429, b"", (("Retry-After", "Mon, 02 Mar 2026 03:00:30 GMT"),)), (30.0,)),
    "500 once": (Reply(500, b"{}"), (1.0,)),
    "502 once": (Reply(502, b"<html>"), (1.0,)),
    "503 once": (Reply(503, b"<html>", (("Retry-After", "nonsense"),)), (1.0,)),
    "504 once": (Reply(504, b""), (1.0,)),
    "body cut in half": (lambda reply: replace(reply, sent="half"), (1.0,)),
    "JSON cut in half by a proxy": (lambda reply: replace(reply, sent="half as if whole"), (1.0,)),
    "connection dropped": (lambda reply: replace(reply, sent="not at all"), (1.0,)),
    "garbled compression": (Reply(200, b"no gzip", (("Content-Encoding", "gzip"),)), (1.0,)),
    "compressed": (lambda reply: reply.zipped(), ()),
}
"""Fault of one request → what the pull waits before it gets its answer all the same."""


@cache
def bomb() -> Reply:
    """Return little that unpacks to 70 MB."""
    return Reply(200, b" " * 70_000_000).zipped()


LASTING: dict[str, tuple[Fault, str]] = {
    "401 mid-pull": (Reply(401, b"{}"), "401"),
    "403 for a missing right": (Reply(403, b"forbidden", TEXT), "403"),
    "404": (Reply(404, b"<html>"), "404"),
    "redirect": (
        Reply(303, b"", (("Location", "https://elsewhere.example.org/login?token=x"),)),
        "elsewhere.example.org",
    ),
    "a page of HTML": (Reply(200, b"<html>Please sign in</html>", (("Content-Type", "text/html"),)), "HTML"),
    "an empty body": (Reply(200, b""), "empty"),
    "a bomb": (lambda reply: bomb(), "bytes"),
}
"""Fault of one request → a word of the error that ends the pull at once."""


@cache
def brought(member: Member) -> list[tuple[Any, ...]]:
    """Return what a pull brings from a healthy server."""
    whole = pulled(member, member.respond(), FakeTime())
    assert whole
    return whole


def pulled(member: Member, respond: Respond, time: FakeTime, *, wire: bool = False) -> list[tuple[Any, ...]]:
    """Return what a pull brings; origins are left out, because each server has another port."""
    with (serving if wire else answering)(respond) as site:
        pull = member.source(site.url, time.clock).pull(frozenset())
    return [(item.text, getattr(item.reading, "record", "")) for file in pull.files for item in file.items]


def refused(member: Member, respond: Respond, time: FakeTime, *, wire: bool = False) -> str:
    """Return the words of the error that ends a pull, nothing secret among them."""
    with (serving if wire else answering)(respond) as site, pytest.raises(SourceError) as caught:
        member.source(site.url, time.clock).pull(frozenset())
    words = f"{caught.value} {caught.value.hint} {caught.value!r}"
    assert member.secret not in words
    assert "token=" not in words
    return words


@pytest.fixture(params=MEMBERS, ids=lambda member: member.name)
def member(request: pytest.FixtureRequest) -> Member:
    """Return each source in turn."""
    found: Member = request.param
    return found


@pytest.mark.parametrize("name", PASSING)
@pytest.mark.parametrize("number", [1, 3])
def test_a_fault_that_passes_costs_a_wait_and_nothing_else(member: Member, name: str, number: int) -> None:
    fault, waits = PASSING[name]
    time = FakeTime()
    assert pulled(member, at(number, fault, member.respond()), time, wire=name in WIRE) == brought(member)
    assert tuple(time.slept) == waits


@pytest.mark.parametrize("name", LASTING)
@pytest.mark.parametrize("number", [1, 3])
def test_a_fault_that_lasts_ends_the_pull_at_once(member: Member, name: str, number: int) -> None:
    fault, word = LASTING[name]
    time = FakeTime()
    assert word in refused(member, at(number, fault, member.respond()), time, wire=name in WIRE)
    assert time.slept == []


def test_an_error_body_under_200_is_no_record(member: Member) -> None:
    fault = Reply(200, member.error_body)
    assert refused(member, at(3, fault, member.respond(), times=99), FakeTime())


@pytest.mark.parametrize("sent", ["drop by drop", "headers drop by drop"])
def test_a_body_that_drips_for_hours_is_given_up(member: Member, sent: Any) -> None:
    healthy = member.respond()

    def drip(ask: Any) -> Reply:
        return replace(healthy(ask), sent=sent)

    time = FakeTime(tick=25.0)
    assert "too slowly" in refused(member, drip, time, wire=True)
    assert time.seconds < 2 * 3600


def test_a_total_outage_is_told_after_bounded_time(member: Member) -> None:
    time = FakeTime()
    assert "503" in refused(member, lambda ask: Reply(503, b"down"), time)
    assert len(time.slept) >= 3
    assert sum(time.slept) <= 900


def test_nobody_listening_is_told(member: Member) -> None:
    with serving(member.respond()) as site:
        pass
    with pytest.raises(SourceError, match="refused"):
        member.source(site.url, FakeTime().clock).pull(frozenset())


def test_a_server_that_asks_for_hours_is_left_alone_tonight(member: Member) -> None:
    time = FakeTime()
    words = refused(member, lambda ask: Reply(429, b"", (("Retry-After", "7200"),)), time)
    assert "7,200 s" in words
    assert time.slept == []


LINKED = [member for member in MEMBERS if member.with_next]


@pytest.mark.parametrize(
    "link", ["https://evil.example.org/api?page=2", "//evil.example.org/x", "ftp://evil.example.org/x"]
)
@pytest.mark.parametrize("member", LINKED, ids=lambda member: member.name)
def test_a_next_link_to_another_host_is_refused_and_named(member: Member, link: str) -> None:
    with_next, healthy = member.with_next, member.respond()
    assert with_next
    words = refused(member, lambda ask: with_next(healthy(ask), link), FakeTime())
    assert "evil.example.org" in words


@pytest.mark.parametrize("member", LINKED, ids=lambda member: member.name)
def test_a_next_link_to_itself_is_refused(member: Member) -> None:
    with_next, healthy = member.with_next, member.respond()
    assert with_next

    def answer(ask: Any) -> Reply:
        query = "&".join(f"{name}={value}" for name, value in ask.query.items())
        return with_next(healthy(ask), f"{ask.path}?{query}")

    assert "already" in refused(member, answer, FakeTime())


@pytest.mark.parametrize("member", LINKED, ids=lambda member: member.name)
def test_an_empty_page_with_a_next_link_is_not_the_end(member: Member) -> None:
    with_next, healthy = member.with_next, member.respond()
    seen: set[tuple[object, ...]] = set()
    assert with_next

    def answer(ask: Any) -> Reply:
        """Answer each page's first request with nothing, and a link to the page itself under another name."""
        key = (ask.path, tuple(sorted((k, v) for k, v in ask.query.items() if k != "again")))
        if key in seen:
            return healthy(ask)
        seen.add(key)
        query = "&".join(f"{name}={value}" for name, value in ask.query.items())
        return with_next(member.emptied(healthy(ask)), f"{ask.path}?{query}&again=1")

    assert pulled(member, answer, FakeTime()) == pulled(member, member.respond(), FakeTime())
