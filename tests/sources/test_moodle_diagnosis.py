"""What doctor says of a Moodle site, for its administrator."""

from typing import Any

import pytest

from lms_sync.operations.doctor import checks_of
from lms_sync.sources.diagnosis import Check, CheckState
from lms_sync.sources.moodle.diagnosis import check_release
from tests.sources.fault_server import FakeTime, Reply, Respond
from tests.sources.moodle_site import RESET, TOKEN, FakeMoodle, moodle_at, recording, report_site
from tests.sources.recorded import answering

INFO = "core_webservice_get_site_info"


def checks(respond: Respond, **more: Any) -> list[Check]:
    with answering(respond) as site:
        return list(checks_of(moodle_at(site.url, FakeTime().clock, **more)))


def wrong(found: list[Check]) -> list[str]:
    return [f"{check.what}: {check.found} {check.remedy}" for check in found if check.verdict is CheckState.WRONG]


def with_info(**more: Any) -> FakeMoodle:
    moodle = report_site()
    info = {**moodle.answers[INFO](None), **more}  # type: ignore[arg-type]
    moodle.answers[INFO] = lambda ask: info
    return moodle


def test_a_site_that_is_set_up_well_has_nothing_wrong() -> None:
    found = checks(report_site())
    assert wrong(found) == []
    said = " ".join(check.found for check in found)
    assert "as the user svc_lms_sync" in said
    assert "31 rows read in full: 21 completions, 8 not completed, 2 skipped" in said


def test_functions_beyond_those_needed_are_noted() -> None:
    (beyond,) = [check for check in checks(report_site()) if "not needed" in check.found]
    assert beyond.verdict is CheckState.NOTE
    assert "core_enrol_get_enrolled_users" in beyond.found


def test_a_missing_function_is_named_with_the_place_to_add_it() -> None:
    functions = [one for one in recording("ws/site_info.json")["functions"] if "reportbuilder" not in one["name"]]
    (said,) = wrong(checks(with_info(functions=functions)))
    assert "core_reportbuilder_retrieve_report" in said
    assert "External services → Functions: add" in said


def test_filters_that_cannot_be_reset_are_noted() -> None:
    found = checks(with_info(functions=recording("ws/site_info.json")["functions"]))
    assert wrong(found) == []
    assert any(check.verdict is CheckState.NOTE and RESET in check.remedy for check in found)


def test_an_administrator_as_service_user_is_wrong() -> None:
    assert "site administrator" in wrong(checks(with_info(userissiteadmin=True)))[0]


@pytest.mark.parametrize(
    ("release", "verdict"),
    [("4.5.6 (Build: 20250811)", "good"), ("4.1", "good"), ("5.0", "good"), ("3.11.2", "wrong"), ("", "note")],
)
def test_the_release_must_be_new_enough(release: str, verdict: str) -> None:
    assert check_release(release).verdict == verdict


@pytest.mark.parametrize(
    ("respond", "words"),
    [
        (lambda ask: Reply(403, b"", ()), "Enable web services"),
        (lambda ask: Reply(404, b"<html>", ()), "wwwroot"),
        (lambda ask: Reply(503, b"<html>", ()), "503"),
        (lambda ask: Reply(303, b"", (("Location", "https://lms.example.org/"),)), "https://lms.example.org"),
    ],
)
def test_a_site_that_does_not_answer_is_one_check(respond: Respond, words: str) -> None:
    (said,) = wrong(checks(respond))
    assert words in said
    assert TOKEN not in said


def test_a_wrong_token_is_told_in_the_administrators_words() -> None:
    with answering(report_site()) as site:
        (said,) = wrong(list(checks_of(moodle_at(site.url, token="f" * 32))))
    assert "Manage tokens" in said


@pytest.mark.parametrize(
    ("date", "words"), [("Mon, 02 Mar 2026 03:20:00 GMT", "1,200 s ahead"), ("nonsense", "not give")]
)
def test_clocks_are_compared(date: str, words: str) -> None:
    moodle = report_site()

    def dated(ask: Any) -> Reply:
        reply = moodle(ask)
        return Reply(reply.status, reply.body, (*reply.headers, ("Date", date)))

    assert any(words in check.found for check in checks(dated) if check.what == "clocks")


def test_nobody_is_named() -> None:
    said = repr(checks(report_site()))
    for name in ("Okonkwo", "E1000", "@district.example.org"):
        assert name not in said
