"""A real server on loopback that answers and breaks as it is told; and a clock that nobody waits for."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from lms_sync.sources.http.endpoint import Clock

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
"""When every test begins."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as the server saw it."""

    method: str
    path: str
    """Without the query."""
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]
    connection: int
    """The port that the client asks from: one per connection."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    sent: Literal["whole", "half", "half as if whole", "drop by drop", "headers drop by drop", "not at all"] = "whole"

    def zipped(self) -> "Reply":
        """Return the reply with its body compressed."""
        headers = (*self.headers, ("Content-Encoding", "gzip"))
        return replace(self, body=gzip.compress(self.body), headers=headers)


Respond = Callable[[Ask], Reply]


@dataclass(slots=True)
class Site:
    """A server that runs."""

    url: str
    asked: list[Ask] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    respond: Respond
    site: Site

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        query, form = dict(parse_qsl(parts.query, keep_blank_values=True)), dict(parse_qsl(body.decode()))
        ask = Ask(self.command, parts.path, query, form, dict(self.headers), self.client_address[1])
        self.server.site.asked.append(ask)
        with suppress(OSError):
            self._send(self.server.respond(ask))

    def _send(self, reply: Reply) -> None:
        if reply.sent == "not at all":
            self.close_connection = True
            return
        body = reply.body[: len(reply.body) // 2] if reply.sent.startswith("half") else reply.body
        length = len(body) if reply.sent == "half as if whole" else len(reply.body)
        lines = [f"HTTP/1.1 {reply.status} Said", f"Content-Length: {length}"]
        head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in reply.headers), "", ""]).encode()
        if reply.sent == "headers drop by drop":
            self._drip(head)
        else:
            self.wfile.write(head)
        if reply.sent == "drop by drop":
            self._drip(body)
        else:
            self.wfile.write(body)
        self.close_connection = reply.sent not in ("whole", "half as if whole")

    def _drip(self, data: bytes) -> None:
        for byte in data:
            self.wfile.write(bytes((byte,)))
            time.sleep(0.0005)


@contextmanager
def serving(respond: Respond) -> Iterator[Site]:
    """Give a server on a free port of this machine."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.respond = respond
    server.site = Site(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(slots=True)
class FakeTime:
    """Time that passes when it is looked at or slept through."""

    seconds: float = 0.0
    tick: float = 0.0
    """Seconds that pass with every look."""
    slept: list[float] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        """Return the clock that shows this time."""
        return Clock(self._monotonic, lambda: START + timedelta(seconds=self.seconds), self._sleep)

    def _monotonic(self) -> float:
        self.seconds += self.tick
        return self.seconds

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def at(number: int, fault: Reply | Callable[[Reply], Reply], respond: Respond, *, times: int = 1) -> Respond:
    """Return a server whose answers to `times` requests from the given one (the first is 1) are other ones."""
    count = 0

    def answer(ask: Ask) -> Reply:
        nonlocal count
        count += 1
        if not number <= count < number + times:
            return respond(ask)
        return fault(respond(ask)) if callable(fault) else fault

    return answer
