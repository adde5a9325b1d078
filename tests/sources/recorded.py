"""Answers without a wire: `responses` stands where the sockets of requests would be, and gives what a test recorded.

Real servers (`fault_server.serving`) stay where the wire is the matter: TLS, cut bodies, drops, and the contracts.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import responses
from requests import PreparedRequest

from tests.sources.fault_server import Ask, Reply, Respond, Site

ADDRESS = "http://127.0.0.1:8081"
"""Where the recorded Moodle was; nothing listens there."""


@contextmanager
def answering(respond: Respond) -> Iterator[Site]:
    """Give a site whose every request is answered by `respond`, within this process and its own thread."""
    site = Site(ADDRESS)

    def answer(request: PreparedRequest) -> Reply:
        ask = ask_of(request)
        site.asked.append(ask)
        return respond(ask)

    with replying(answer):
        yield site


@contextmanager
def replying(answer: Callable[[PreparedRequest], Reply]) -> Iterator[None]:
    """Have what is asked at ADDRESS answered by a function; whatever else is asked cannot be reached."""

    def callback(request: PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        reply = answer(request)
        assert reply.sent == "whole", "an answer that breaks on the wire needs a real server"
        return reply.status, dict(reply.headers), reply.body

    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method in (responses.GET, responses.POST):
            mock.add_callback(method, re.compile(re.escape(ADDRESS)), callback, content_type=None)
        yield


def ask_of(request: PreparedRequest) -> Ask:
    """Return a request as a server would see it."""
    parts = urlsplit(request.url or "")
    body = request.body or ""
    form = dict(parse_qsl(body.decode() if isinstance(body, bytes) else str(body)))
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    headers = {**request.headers, "Host": parts.netloc}
    return Ask(request.method or "", parts.path, query, form, headers, connection=0)
