"""The connector against a real LRS: Ralph, started by the test itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lms_sync.model.evidence import ClaimReason, Completion, Refused, Revoked
from lms_sync.sources.http.answer import Failure, HttpError
from lms_sync.sources.http.endpoint import Clock
from lms_sync.sources.pull import Pull
from lms_sync.sources.xapi.source import Xapi, from_settings
from lms_sync.workspace.settings.sources import XapiSettings
from tests.sources.lrs_server import (
    COMPLETED,
    FAILED,
    PASSED,
    PASSWORD,
    USER,
    WAIVED,
    Raw,
    statement,
    statement_id,
    void,
)
from tests.sources.ralph_server import installed, post, running

pytestmark = pytest.mark.slow
NONE: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def programs(request: pytest.FixtureRequest) -> Path:
    assert request.config.cache is not None
    return installed(request.config.cache.mkdir("lrs"))


@pytest.fixture
def url(programs: Path, tmp_path: Path) -> Iterator[str]:
    with running(programs, tmp_path) as url:
        yield url


def opened(url: str, password: str, folder: Path) -> Xapi:
    (folder / "password").write_text(password, encoding="utf-8")
    settings = XapiSettings(name="lrs", kind="xapi", url=url, user=USER, password_file="password")
    return from_settings(settings, folder=folder, layouts={}, district_zone="America/Los_Angeles")


def done(pull: Pull) -> dict[str, Completion]:
    readings = [item.reading for file in pull.files for item in file.items]
    return {one.record: one for one in readings if isinstance(one, Completion)}


def many() -> list[Raw]:
    people = [{"mbox": "mailto:ana@example.org"}, {"account": {"homePage": "https://lms.example.org", "name": "E1"}}]
    offsets = ("2025-09-01T06:59:59Z", "2025-08-31T22:59:59.5-08:00", "2025-09-01T12:29:59+05:30")
    return [
        statement(n, (COMPLETED, PASSED)[n % 2], actor=people[n % 2], timestamp=offsets[n % 3]) for n in range(1, 251)
    ]


def test_all_pages_of_all_verbs_in_the_districts_days(url: str, tmp_path: Path) -> None:
    post(url, many())
    post(
        url,
        [
            statement(300, FAILED, result={"completion": True, "success": False}),
            statement(301, WAIVED, result={"completion": True, "success": True}),
            statement(302, result={"completion": True, "success": False}),
        ],
    )
    found = done(opened(url, PASSWORD, tmp_path).pull(NONE))
    assert len(found) == 251
    waiver = found.pop(statement_id(301))
    assert waiver.claim == ClaimReason.WAIVER
    assert {one.day for one in found.values()} == {date(2025, 8, 31)}
    assert {one.claim for one in found.values()} == {None}


def test_a_void_revokes_though_the_statement_is_still_shown(url: str, tmp_path: Path) -> None:
    post(url, [statement(1), statement(2)])
    post(url, [void(3, statement_id(1))])
    (file,) = opened(url, PASSWORD, tmp_path).pull(NONE).files
    assert [one.reading.record for one in file.items if isinstance(one.reading, Revoked)] == [statement_id(1)]
    assert len(file.items) == 3


def test_what_reaches_it_late_is_never_missed(url: str, tmp_path: Path) -> None:
    source = opened(url, PASSWORD, tmp_path)
    post(url, [statement(1)])
    pull = source.pull(NONE)
    post(url, [statement(2, timestamp="2024-01-01T00:00:00Z")])
    assert set(done(source.pull(NONE, pull.cursor))) == {statement_id(1), statement_id(2)}


def test_a_statement_without_a_zone_hides_no_other(url: str, tmp_path: Path) -> None:
    source = opened(url, PASSWORD, tmp_path)
    source = replace(source, endpoint=replace(source.endpoint, clock=Clock(sleep=lambda seconds: None)))
    at = datetime.now(UTC).isoformat()
    post(url, [statement(1, timestamp=at)])
    cursor = source.pull(NONE).cursor
    post(url, [statement(2, timestamp="2025-09-03T16:30:00")])
    for _ in range(2):
        pull = source.pull(NONE, cursor)
        readings = {item.origin.item: type(item.reading) for file in pull.files for item in file.items}
        assert readings == {statement_id(1): Completion, statement_id(2): Refused}
        cursor = pull.cursor


def test_a_wrong_password_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(HttpError) as caught:
        opened(url, "wrong", tmp_path).pull(NONE)
    assert caught.value.kind == Failure.CREDENTIALS
