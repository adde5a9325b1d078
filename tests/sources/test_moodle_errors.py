"""Every refusal that was recorded from a Moodle: what it means, and that nothing is taken for an answer."""

from typing import Any

import pytest

from lms_sync.errors import SourceError
from lms_sync.sources.http.answer import HttpError
from lms_sync.sources.moodle.error_codes import MEANINGS, ErrorEffect, MoodleError, errorcode, meaning_of
from tests.sources.fault_server import FakeTime, Reply
from tests.sources.moodle_site import RECORDINGS, moodle_at, recording, report_site
from tests.sources.recorded import answering

LATER = ("database_down", "maintenance_mode", "maintenance_mode_report", "upgrade_running")
SKIP = (
    "deleted_user",
    "deleted_user2",
    "enrolment_expired",
    "enrolment_future",
    "enrolment_suspended",
    "no_criteria",
    "site_course",
    "unknown_user",
    "user_not_enrolled",
    "user_unenrolled_after_completion",
)
GOOD_LOOKING = (
    "get_method",
    "login_token_ok",
    "missing_cap_course_view_by_field",
    "missing_cap_hidden_by_field",
    "missing_cap_users_courses_completed",
    "missing_cap_users_courses_viewparticipants",
    "missing_cap_viewdetails",
    "missing_cap_viewuseridentity",
    "missing_cap_viewuseridentity_by_field",
    "upgrade_pending",
)
"""No errors to look at; the strategies find out what they hide."""
RECORDED = sorted((RECORDINGS / "errors").glob("*.json"))
PAGES = sorted(path for path in (RECORDINGS / "errors").iterdir() if path.suffix in (".html", ".xml"))
INFO = "core_webservice_get_site_info"


def outcome(name: str) -> ErrorEffect:
    if name in LATER:
        return ErrorEffect.LATER
    return ErrorEffect.SKIP if name in SKIP else ErrorEffect.FATAL


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_every_recorded_refusal_has_its_meaning(path: Any) -> None:
    code = errorcode(recording(f"errors/{path.name}"))
    assert bool(code) == (path.stem not in GOOD_LOOKING)
    if code:
        assert code in MEANINGS
        assert meaning_of(code).outcome is outcome(path.stem)
        assert meaning_of(code).remedy or outcome(path.stem) is ErrorEffect.SKIP


def test_every_meaning_was_recorded() -> None:
    codes = {errorcode(recording(f"errors/{path.name}")) for path in RECORDED}
    assert set(MEANINGS) <= codes


@pytest.mark.parametrize(
    "path", [one for one in RECORDED if outcome(one.stem) is not ErrorEffect.LATER], ids=lambda p: p.stem
)
def test_no_refusal_is_taken_for_an_answer(path: Any) -> None:
    moodle, time = report_site(), FakeTime()
    moodle.answers[INFO] = lambda ask: recording(f"errors/{path.name}")
    with answering(moodle) as site, pytest.raises(SourceError) as caught:
        moodle_at(site.url, time.clock).pull(frozenset())
    assert time.slept == []
    assert caught.value.hint or path.stem in SKIP
    if path.stem not in GOOD_LOOKING:
        assert isinstance(caught.value, MoodleError)


@pytest.mark.parametrize("name", LATER)
def test_what_passes_is_asked_again_and_then_left_for_the_next_night(name: str) -> None:
    moodle, time = report_site(), FakeTime()
    moodle.answers[INFO] = lambda ask: recording(f"errors/{name}.json")
    with answering(moodle) as site, pytest.raises(HttpError, match="6 tries") as caught:
        moodle_at(site.url, time.clock).pull(frozenset())
    assert time.slept == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert "next night" in caught.value.hint


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
@pytest.mark.parametrize("status", [200, 403, 404])
def test_pages_of_html_and_xml_are_no_answers(path: Any, status: int) -> None:
    page = Reply(status, path.read_bytes(), (("Content-Type", "text/html; charset=utf-8"),))
    time = FakeTime()
    with answering(lambda ask: page) as site, pytest.raises(HttpError) as caught:
        moodle_at(site.url, time.clock).pull(frozenset())
    assert caught.value.hint
    assert time.slept == []


def test_web_services_that_are_off_are_told_in_the_administrators_words() -> None:
    with answering(lambda ask: Reply(403, b"", ())) as site, pytest.raises(HttpError) as caught:
        moodle_at(site.url).pull(frozenset())
    assert "Enable web services" in caught.value.hint


def test_an_error_that_nobody_has_met_stops_the_pull() -> None:
    moodle = report_site()
    moodle.answers[INFO] = lambda ask: {
        "exception": "x",
        "errorcode": "newerror",
        "message": "Ada Wren is not welcome",
    }
    with answering(moodle) as site, pytest.raises(MoodleError, match="newerror") as caught:
        moodle_at(site.url).pull(frozenset())
    assert "Ada Wren" not in str(caught.value)


@pytest.mark.parametrize("value", [True, None, [], [{"errorcode": "x"}], {"errorcode": "x"}, {"exception": "x"}, "x"])
def test_a_good_answer_may_look_like_anything(value: Any) -> None:
    assert errorcode(value) == ""
