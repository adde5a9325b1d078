"""A pull from an LRS: what is asked, what is new, what is voided, and where the next pull goes on."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from lms_sync.errors import ConfigError
from lms_sync.model.evidence import ClaimReason, Completion, NotDone, Revoked
from lms_sync.model.finding import Finding
from lms_sync.operations.pull.changes import Add, ItemOutcome, PulledItem, Withdraw, plan_changes
from lms_sync.sources.http.answer import Failure, HttpError
from lms_sync.sources.pull import Pull
from lms_sync.workspace.settings.sources import XapiSettings
from tests.sources.lrs_server import (
    COMPLETED,
    FAILED,
    PASSED,
    PASSWORD,
    VOIDED,
    WAIVED,
    Lrs,
    Raw,
    answering,
    items,
    opened,
    readings,
    statement,
    statement_id,
    void,
)

RECORDINGS = Path(__file__).parent / "recordings" / "xapi"
NONE: frozenset[str] = frozenset()


@pytest.fixture
def lrs() -> Iterator[Lrs]:
    with answering(Lrs()) as server:
        yield server


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LRS_PASSWORD", PASSWORD)


def findings(pull: Pull) -> list[Finding]:
    return list(pull.files[0].findings)


def recorded(name: str) -> tuple[int, Any]:
    response = json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))["response"]
    return response["status"], response["body"]


def plays(lrs: Lrs, told: str, name: str) -> Any:
    """Make the server answer as a recording does, and return the recorded body."""
    status, body = recorded(name)
    lrs.canned[told] = (status, json.dumps(body).encode())
    return body


# --- recordings


def test_recorded_pages_are_read_to_the_end(lrs: Lrs) -> None:
    first = plays(lrs, COMPLETED, "completed_page1")
    plays(lrs, first["more"], "completed_page2")
    plays(lrs, PASSED, "passed")
    pull = opened(lrs, account_is_person_id=["https://lms.example.org"]).pull(NONE)
    done = [item.reading for item in items(pull) if isinstance(item.reading, Completion)]
    assert len(done) == len(items(pull)) == 6 + 5 + 4
    early = next(one for one in done if one.record == "7b50b12f-5a95-59f3-96c9-6dd14d235662")
    # Sent as -08:00 in summer: an hour before midnight in the district.
    assert (early.day, early.instant) == (date(2025, 8, 31), datetime(2025, 9, 1, 6, 59, 59, tzinfo=UTC))
    assert {one.learner.person_id for one in done} >= {"", "E100114", "E100019"}
    assert {one.course for one in done} >= {"https://lms.example.org/xapi/course/SSS-11"}
    assert findings(pull) == []


def test_recorded_answers_of_all_verbs(lrs: Lrs) -> None:
    plays(lrs, COMPLETED, "mixed")
    plays(lrs, PASSED, "failed")
    pull = opened(lrs).pull(NONE)
    read = [item.reading for item in items(pull)]
    assert [one.record for one in read if isinstance(one, Completion)] == [
        "d5666eb1-7774-5671-a961-3343f4bcc945",
        "11111111-2222-4333-8444-555555555555",
    ]
    assert [one.record for one in read if isinstance(one, Revoked)] == ["6b12c322-40a9-5792-8c14-b3ec04105944"]
    assert len(read) == 5 + 3


def test_a_user_who_may_see_only_its_own_statements_is_told_of(lrs: Lrs) -> None:
    for verb in (COMPLETED, PASSED, WAIVED, VOIDED):
        plays(lrs, verb, "mine_only")
    pull = opened(lrs).pull(NONE)
    assert [one.code for one in findings(pull)] == ["nothing-shown"]
    assert (items(pull), pull.cursor[-2:], pull.failed) == ((), " -", ())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("err_no_auth", Failure.CREDENTIALS),
        ("err_no_scope", Failure.CREDENTIALS),
        ("err_bad_since", Failure.REJECTED),
    ],
)
def test_recorded_refusals_fail_the_pull(lrs: Lrs, name: str, kind: Failure) -> None:
    plays(lrs, PASSED, name)
    lrs.statements = [statement(1)]
    with pytest.raises(HttpError) as caught:
        opened(lrs).pull(NONE)
    assert caught.value.kind == kind
    assert "scope" not in str(caught.value)


# --- what is asked


def test_four_listings_are_asked_for_with_the_version_and_the_sign_in(lrs: Lrs) -> None:
    lrs.statements = [statement(1), statement(2, PASSED), statement(3, FAILED), statement(4, WAIVED)]
    pull = opened(lrs).pull(NONE)
    listings = [query["verb"] for query in lrs.asked if "until" not in query]
    assert listings == [COMPLETED, PASSED, WAIVED, VOIDED]
    assert all("since" not in query for query in lrs.asked)
    assert len(readings(pull)) == 3
    claims = [item.reading.claim for item in items(pull) if isinstance(item.reading, Completion)]
    assert claims == [None, None, ClaimReason.WAIVER]


def test_pages_end_where_there_is_no_more(lrs: Lrs) -> None:
    lrs.statements = [statement(n) for n in range(1, 8)]
    lrs.page = 3
    assert len(items(opened(lrs).pull(NONE))) == 7


@pytest.mark.parametrize("more", ["", None])
def test_an_empty_more_is_the_end(lrs: Lrs, more: object) -> None:
    body = {"statements": [statement(1)], "more": more}
    lrs.canned[COMPLETED] = (200, json.dumps(body).encode())
    assert len(items(opened(lrs).pull(NONE))) == 1


def test_an_empty_page_with_a_more_is_not_the_end(lrs: Lrs) -> None:
    body = {"statements": [], "more": "/xAPI/statements?verb=x&limit=9"}
    lrs.canned[COMPLETED] = (200, json.dumps(body).encode())
    lrs.canned["/xAPI/statements?verb=x&limit=9"] = (200, json.dumps({"statements": [statement(1)]}).encode())
    assert len(items(opened(lrs).pull(NONE))) == 1


@pytest.mark.parametrize("more", ["https://elsewhere.example.com/more", "//elsewhere.example.com/more", "?", "?a=b"])
def test_a_more_that_leads_elsewhere_or_round_is_refused(lrs: Lrs, more: str) -> None:
    # `?a=b` counts from the origin, where no statements are.
    body = {"statements": [], "more": more if more != "?" else "/xAPI/statements?round=1"}
    lrs.canned[COMPLETED] = lrs.canned["/xAPI/statements?round=1"] = (200, json.dumps(body).encode())
    with pytest.raises(HttpError) as caught:
        opened(lrs).pull(NONE)
    assert caught.value.kind in (Failure.PAGING, Failure.MISSING)


@pytest.mark.parametrize("body", [b"[]", b'{"error": "x"}', b'{"statements": null}', b"<html>", b'{"statements": ['])
def test_an_answer_without_statements_fails_the_pull(lrs: Lrs, body: bytes) -> None:
    lrs.canned[PASSED] = (200, body)
    lrs.statements = [statement(1)]
    with pytest.raises(HttpError) as caught:
        opened(lrs).pull(NONE)
    assert caught.value.kind == Failure.UNREADABLE


def test_the_same_pull_twice_is_the_same(lrs: Lrs) -> None:
    lrs.statements = [statement(1), statement(2, PASSED), void(3, statement_id(2))]
    source = opened(lrs)
    assert source.pull(NONE) == source.pull(NONE)


def test_people_whom_the_roster_cannot_know_are_told_of_by_kind(lrs: Lrs) -> None:
    lrs.statements = [
        statement(1, actor={"openid": "https://id.example.org/ana"}),
        statement(2, actor={"account": {"homePage": "https://lms.example.org/", "name": "ana"}}),
    ]
    (finding,) = findings(opened(lrs).pull(NONE))
    assert finding.code == "people-not-matchable"
    assert "account of https://lms.example.org, openid" in finding.found
    assert "ana" not in finding.found


# --- voids


def outcomes(pull: Pull, stored: dict[str, Completion]) -> dict[str, ItemOutcome]:
    sightings = [PulledItem(item.reading, item.origin, datetime(2026, 1, 1, tzinfo=UTC)) for item in items(pull)]
    plan = plan_changes(stored, sightings)
    for change in plan.changes:
        match change:
            case Add(new, _):
                stored[new.record] = new
            case Withdraw(old, _):
                del stored[old.record]
            case _:
                raise AssertionError(change)
    return {item.origin.item: outcome for item, outcome in zip(items(pull), plan.outcomes, strict=True)}


@pytest.mark.parametrize("hides_voided", [True, False], ids=["as specified", "as Ralph"])
def test_a_void_withdraws_what_was_stored_and_stays(lrs: Lrs, *, hides_voided: bool) -> None:
    lrs.hides_voided = hides_voided
    source, stored = opened(lrs), dict[str, Completion]()
    lrs.statements = [statement(1), statement(2)]
    pull = source.pull(NONE)
    outcomes(pull, stored)
    assert len(stored) == 2
    lrs.statements.append(void(3, statement_id(1)))
    pull = source.pull(NONE, pull.cursor)
    assert outcomes(pull, stored)[statement_id(3)] == ItemOutcome.WITHDRAWN
    for _ in range(2):
        pull = source.pull(NONE, pull.cursor)
        assert ItemOutcome.WITHDRAWN not in outcomes(pull, stored).values()
        assert list(stored) == [statement_id(2)]


def test_a_void_that_comes_long_before_its_target_still_revokes_it(lrs: Lrs) -> None:
    lrs.hides_voided = False
    source, stored = opened(lrs), dict[str, Completion]()
    lrs.statements = [statement(9), void(3, statement_id(1), stored="2025-09-04T17:00:00Z")]
    pull = source.pull(NONE)
    outcomes(pull, stored)
    lrs.statements += [statement(5, stored="2026-01-01T00:00:00Z"), statement(1, stored="2026-01-02T00:00:00Z")]
    pull = source.pull(NONE, pull.cursor)
    outcomes(pull, stored)
    pull = source.pull(NONE, pull.cursor)
    outcomes(pull, stored)
    assert sorted(stored) == [statement_id(5), statement_id(9)]


# --- settings


def test_the_secret_stands_in_no_field(lrs: Lrs) -> None:
    assert PASSWORD not in repr(opened(lrs))


def test_a_missing_secret_is_named(lrs: Lrs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LRS_PASSWORD")
    with pytest.raises(ConfigError, match="LRS_PASSWORD"):
        opened(lrs).pull(NONE)


@pytest.mark.parametrize("more", [{"overlap_days": 0}, {"verbs": []}, {"token": "x"}, {"zone": "Mars"}], ids=str)
def test_wrong_settings_are_refused(more: Raw) -> None:
    with pytest.raises(ValidationError):
        opened(Lrs(url="https://lrs.example.org/xAPI"), **more)


def test_the_secret_goes_over_tls_only() -> None:
    with pytest.raises(ConfigError, match="https"):
        opened(Lrs(url="http://lrs.example.org/xAPI"))


def test_nothing_is_not_done_by_an_lrs(lrs: Lrs) -> None:
    lrs.statements = [statement(1, result={"success": False})]
    assert NotDone not in readings(opened(lrs).pull(NONE)).values()


def test_the_settings_in_the_guide_are_sound() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "xapi.md").read_text(encoding="utf-8")
    example = [line.strip() for line in guide.splitlines() if line.startswith("    ")]
    (told,) = tomllib.loads("\n".join(example))["source"]
    settings = XapiSettings.model_validate(told)
    named = set(re.findall(r"`(\w+)`", guide.partition("| Key |")[2].partition("\n\n")[0]))
    assert set(XapiSettings.model_fields) - {"name", "kind", "url", "user"} <= named
    assert settings.activities
