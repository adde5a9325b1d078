"""The HTTP edge against a real server: how often it asks, how long it waits, and when it ends."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.sources.http.answer import Failure, HttpError
from lms_sync.sources.http.endpoint import Limits, by_remaining
from lms_sync.sources.http.retry import retry_after
from lms_sync.sources.http.session import open_session
from tests.sources.fault_server import Ask, FakeTime, Reply, at, serving
from tests.sources.http_asked import answer, endpoint, said

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


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
