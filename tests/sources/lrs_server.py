"""A small LRS on loopback that keeps to xAPI 1.0.3, with the knobs that real ones turn."""

import base64
import json
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from lms_sync.model.evidence import Item, Reading
from lms_sync.sources.http.endpoint import Clock
from lms_sync.sources.pull import Pull
from lms_sync.sources.xapi.source import Xapi, from_settings
from lms_sync.workspace.settings.sources import XapiSettings
from tests.sources.fault_server import Ask, Reply, Respond

COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
PASSED = "http://adlnet.gov/expapi/verbs/passed"
FAILED = "http://adlnet.gov/expapi/verbs/failed"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
WAIVED = "https://w3id.org/xapi/adl/verbs/waived"
SATISFIED = "https://w3id.org/xapi/adl/verbs/satisfied"
USER, PASSWORD = "sync", "correct horse"

Raw = dict[str, Any]


def statement(number: int, verb: str = COMPLETED, *, stored: str = "2025-09-03T17:00:00Z", **parts: Any) -> Raw:
    """Return a statement whose id ends in `number`; `parts` replace what it says."""
    said = {
        "id": statement_id(number),
        "actor": {"mbox": "mailto:ana@example.org", "name": "Ana Diaz"},
        "verb": {"id": verb},
        "object": {"id": "https://lms.example.org/course/SSS-10", "definition": {"name": {"en-US": "De-escalation"}}},
        "timestamp": "2025-09-03T16:30:00Z",
        "stored": stored,
    }
    return {name: part for name, part in (said | parts).items() if part is not None}


def void(number: int, target: str, *, stored: str = "2025-09-04T17:00:00Z") -> Raw:
    """Return a statement that voids another."""
    thing = {"objectType": "StatementRef", "id": target}
    return statement(number, VOIDED, stored=stored, object=thing, actor={"mbox": "mailto:lms@example.org"})


def statement_id(number: int) -> str:
    """Return the id of the statement with this number."""
    return str(uuid.UUID(int=number))


def at(words: str) -> datetime:
    """Return a time as LRSs write it."""
    return datetime.fromisoformat(words).astimezone(UTC)


@dataclass(slots=True)
class Lrs:
    """What the server holds, how it behaves, and what it was asked."""

    statements: list[Raw] = field(default_factory=list)
    page: int = 100
    """The most statements that it gives at once."""
    hides_voided: bool = True
    """What the specification says; Ralph shows them."""
    compares: str = "stored"
    """What `since` and `until` are compared with; Ralph takes `timestamp`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    canned: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """Verb, or path with query → status and body to answer with as they are."""
    asked: list[dict[str, str]] = field(default_factory=list)
    """The queries, in order."""
    url: str = ""

    def answer(self, target: str) -> tuple[int, bytes]:
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append(query)
        for canned in (target, query.get("verb", "")):
            if canned in self.canned:
                return self.canned[canned]
        if parts.path != "/xAPI/statements":
            return 404, b"{}"
        found = sorted(self.found(query), key=lambda one: at(one["stored"]), reverse=query.get("ascending") != "true")
        start = int(query.get("from", "0"))
        size = min(int(query["limit"]), self.page)
        body: Raw = {"statements": found[start : start + size]}
        if start + size < len(found):
            rest = f"{parts.query.partition('&from=')[0]}&from={start + size}"
            body["more"] = f"{parts.path}?{rest}"
        return 200, json.dumps(body).encode()

    def found(self, query: Mapping[str, str]) -> list[Raw]:
        voided = {one["object"]["id"] for one in self.statements if one["verb"]["id"] == VOIDED}
        return [
            one
            for one in self.statements
            if query.get("verb", one["verb"]["id"]) == one["verb"]["id"]
            and ("since" not in query or at(one[self.compares]) > at(query["since"]))
            and ("until" not in query or at(one[self.compares]) <= at(query["until"]))
            and not (self.hides_voided and one["id"] in voided)
        ]


def opened(lrs: Lrs, **more: Any) -> Xapi:
    """Return the source that reads it; its password stands in the environment variable LRS_PASSWORD."""
    told = {"name": "lrs", "kind": "xapi", "url": lrs.url, "user": USER, "password_env": "LRS_PASSWORD"}
    settings = XapiSettings.model_validate(told | more)
    source = from_settings(settings, folder=Path(), layouts={}, district_zone="America/Los_Angeles")
    # Nothing waits in a test.
    return replace(source, endpoint=replace(source.endpoint, clock=Clock(sleep=lambda seconds: None)))


def items(pull: Pull) -> tuple[Item, ...]:
    """Return the items of a pull."""
    (file,) = pull.files
    return file.items


def readings(pull: Pull) -> dict[str, type[Reading]]:
    """Return statement id → what it was read as."""
    return {item.origin.item: type(item.reading) for item in items(pull)}


def lrs_site() -> Respond:
    """Return what answers as a healthy LRS with pages of two statements, for the fault matrix."""
    lrs = Lrs([statement(n) for n in range(1, 6)] + [statement(6, PASSED), void(7, statement_id(5))], page=2)

    def respond(ask: Ask) -> Reply:
        return Reply(*lrs.answer(f"{ask.path}?{urlencode(ask.query)}"))

    return respond


def lrs_at(url: str, clock: Clock) -> Xapi:
    """Return the source that pulls it."""
    source = opened(Lrs(url=f"{url}/xAPI"))
    return replace(
        source, endpoint=replace(source.endpoint, clock=clock, headers=lambda: {"Authorization": PASSWORD})
    )


def with_more(reply: Reply, link: str) -> Reply:
    """Return the same page with a link to another one."""
    return replace(reply, body=json.dumps(json.loads(reply.body) | {"more": link}).encode())


def without_statements(reply: Reply) -> Reply:
    """Return the same page with nothing on it."""
    return replace(reply, body=json.dumps(json.loads(reply.body) | {"statements": []}).encode())


@contextmanager
def serving(lrs: Lrs) -> Iterator[Lrs]:
    """Serve it on a free port of this machine; `lrs.url` is its endpoint."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one packet, or each answer waits 40 ms for an acknowledgement.
        wbufsize = -1

        def do_GET(self) -> None:
            sign_in = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            status, body = 401, b'{"detail": "Invalid authentication credentials"}'
            if self.headers["X-Experience-API-Version"] != "1.0.3":
                status, body = 400, b"{}"
            elif self.headers["Authorization"] == sign_in:
                status, body = lrs.answer(self.path)
            # No Date: a test must not depend on the day on which it runs.
            self.send_response_only(status)
            for name, value in {"Content-Type": "application/json", **lrs.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        lrs.url = f"http://127.0.0.1:{server.server_port}/xAPI"
        try:
            yield lrs
        finally:
            server.shutdown()
            thread.join()
