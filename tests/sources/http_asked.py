"""A session with a made-up server, and what it answers."""

import json
from typing import Any

import pytest

from lms_sync.sources.http.answer import HttpError, WebAnswer
from lms_sync.sources.http.endpoint import Endpoint, Limits, bearer
from lms_sync.sources.http.session import open_session
from tests.sources.fault_server import FakeTime, Reply, serving

SECRET = "s3cr3t-token"


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
