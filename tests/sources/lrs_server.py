"""A small LRS that keeps to xAPI 1.0.3, with the knobs that real ones turn; without a wire, or on loopback."""

import base64
import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from lms_sync.model.evidence import Item, Reading
from lms_sync.sources.http.endpoint import Clock
from lms_sync.sources.pull import Pull
from lms_sync.sources.xapi.source import Xapi, from_settings
from lms_sync.workspace.settings.sources import XapiSettings
from tests.sources import fault_server
from tests.sources.fault_server import Ask, Reply, Respond
from tests.sources.recorded import ADDRESS, replying

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


def is_zoneless(statement: Raw) -> bool:
    """Tell whether a statement tells when it happened without a zone."""
    return datetime.fromisoformat(statement.get("timestamp", "2025-01-01T00:00:00Z")).tzinfo is None


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
    breaks_at_zoneless: bool = False
    """Ralph answers 500 to `since` and `until` once it holds a statement that tells no zone."""
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
        if self.breaks_at_zoneless and {"since", "until"} & query.keys() and any(map(is_zoneless, self.statements)):
            return 500, b"Internal Server Error"
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
    # Nothing waits in a test, and none depends on the day on which it runs.
    clock = Clock(now=lambda: datetime(2026, 11, 23, 10, tzinfo=UTC), sleep=lambda seconds: None)
    return replace(source, endpoint=replace(source.endpoint, clock=clock))


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


def reply(lrs: Lrs, target: str, headers: Mapping[str, str]) -> Reply:
    """Return what it answers to a GET of `target`, path with query.

    Without a Date: a test must not depend on the day on which it runs.
    """
    sign_in = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    status, body = 401, b'{"detail": "Invalid authentication credentials"}'
    if headers["X-Experience-API-Version"] != "1.0.3":
        status, body = 400, b"{}"
    elif headers["Authorization"] == sign_in:
        status, body = lrs.answer(target)
    return Reply(status, body, tuple({"Content-Type": "application/json", **lrs.headers}.items()))


@contextmanager
def answering(lrs: Lrs) -> Iterator[Lrs]:
    """Answer as it does, without a wire; `lrs.url` is its endpoint."""
    lrs.url = f"{ADDRESS}/xAPI"
    with replying(lambda request: reply(lrs, request.path_url, request.headers)):
        yield lrs


@contextmanager
def serving(lrs: Lrs) -> Iterator[Lrs]:
    """Serve it on a free port of this machine; `lrs.url` is its endpoint."""
    with fault_server.serving(lambda ask: reply(lrs, f"{ask.path}?{urlencode(ask.query)}", ask.headers)) as site:
        lrs.url = f"{site.url}/xAPI"
        yield lrs
