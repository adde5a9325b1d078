"""Moodle without a custom report: course by course, person by person, and what a missing right hides."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lms_sync.errors import SourceError
from lms_sync.model.evidence import ClaimReason, Completion, NotDone, Skipped
from lms_sync.sources.spreadsheet.records import SEPARATOR
from tests.sources.fault_server import Ask, FakeTime
from tests.sources.moodle_report import read
from tests.sources.moodle_site import TOKEN, FakeMoodle, moodle_at, recording, report_site
from tests.sources.recorded import answering

BY_FIELD = "core_course_get_courses_by_field"
MEMBERS = "core_enrol_get_enrolled_users"
TAKEN = "core_enrol_get_users_courses"
STATUS = "core_completion_get_course_completion_status"
DONE, BEGUN, UNDATED, SUSPENDED, GONE = 4, 8, 10, 33, 12
"""Users of the recordings: complete, in progress, complete without a date, suspended, refused by the status."""
RELEASE = datetime(2025, 12, 12, 22, 40, 8, tzinfo=UTC)


def functions_site() -> FakeMoodle:
    """Return a Moodle with one course and the recorded members; those not named above are in progress."""

    def members(ask: Ask) -> Any:
        options = {ask.form[f"options[{i}][name]"]: ask.form[f"options[{i}][value]"] for i in range(4)}
        start, size = int(options["limitfrom"]), int(options["limitnumber"])
        return recording("ws/members.json")[start : start + size]

    def taken(ask: Ask) -> Any:
        (course,) = recording("ws/taken.json")
        user = int(ask.form["userid"])
        return [] if user == SUSPENDED else [{**course, "completed": user in (DONE, UNDATED, GONE)}]

    def status(ask: Ask) -> Any:
        told = {DONE: "ws/completion_status_complete.json", UNDATED: "ws/completion_status_no_criteria_date.json"}
        return recording(told.get(int(ask.form["userid"]), "errors/enrolment_expired.json"))

    return FakeMoodle(
        {
            "core_webservice_get_site_info": lambda ask: recording("ws/site_info.json"),
            BY_FIELD: lambda ask: recording("ws/course.json"),
            MEMBERS: members,
            TAKEN: taken,
            STATUS: status,
        }
    )


def read_functions(moodle: FakeMoodle) -> dict[int, Any]:
    """Return the readings by Moodle's user number."""
    file = read(moodle, strategy="functions", courses=["SSS-10"])
    numbers = [member["id"] for member in recording("ws/members.json")]
    return dict(zip(numbers, [item.reading for item in file.items], strict=True))


def refused(moodle: FakeMoodle) -> str:
    with answering(moodle) as site, pytest.raises(SourceError) as caught:
        moodle_at(site.url, FakeTime().clock, strategy="functions", courses=["SSS-10"]).pull(frozenset())
    return f"{caught.value} {caught.value.hint}"


def test_every_enrolment_ends_in_one_reading() -> None:
    readings = read_functions(functions_site())
    assert len(readings) == 9
    done = readings[DONE]
    assert isinstance(done, Completion)
    assert (done.course, done.instant, done.claim) == ("SSS-10", RELEASE, None)
    assert done.course_title == "De-escalation Techniques when Working with Youth"
    assert isinstance(readings[BEGUN], NotDone)
    assert readings[SUSPENDED] == Skipped("the enrolment is not active: removed, suspended, expired or not begun")
    assert readings[GONE] == readings[SUSPENDED]


def test_a_completion_without_any_date_is_a_claim() -> None:
    reading = read_functions(functions_site())[UNDATED]
    assert isinstance(reading, Completion)
    assert (reading.day, reading.claim) == (None, ClaimReason.NO_DATE)


def test_the_identity_is_that_of_the_report() -> None:
    reading = read_functions(functions_site())[DONE]
    assert isinstance(reading, Completion)
    assert reading.record == SEPARATOR.join(("emp00002", "sss-10"))
    by_report = {
        item.reading.learner.key: item.reading.learner
        for item in read(report_site()).items
        if isinstance(item.reading, Completion | NotDone)
    }
    learner = by_report["emp00002"]
    assert (reading.learner.person_id, reading.learner.emails) == (learner.person_id, learner.emails)


def test_only_completions_cost_a_request_each() -> None:
    moodle = functions_site()
    with answering(moodle) as site:
        moodle_at(site.url, strategy="functions", courses=["SSS-10"]).pull(frozenset())
    names = [ask.form["wsfunction"] for ask in site.asked]
    assert [names.count(name) for name in (BY_FIELD, MEMBERS, TAKEN, STATUS)] == [1, 2, 9, 3]
    assert {ask.form["wstoken"] for ask in site.asked} == {TOKEN}


def test_a_short_page_of_members_is_not_the_last() -> None:
    moodle = functions_site()
    everyone = recording("ws/members.json")

    def gappy(ask: Ask) -> Any:
        start = int(ask.form["options[1][value]"])
        return everyone[:3] if start == 0 else everyone[3:] if start == 200 else []

    moodle.answers[MEMBERS] = gappy
    assert len(read_functions(moodle)) == 9


def without(*fields: str) -> Callable[[Ask], Any]:
    def members(ask: Ask) -> Any:
        if ask.form["options[1][value]"] != "0":
            return []
        return [{k: v for k, v in one.items() if k not in fields} for one in recording("ws/members.json")]

    return members


SILENT: dict[str, tuple[str, Callable[[Ask], Any], str]] = {
    "viewdetails": (MEMBERS, lambda ask: recording("errors/missing_cap_viewdetails.json"), "user:viewdetails"),
    "viewuseridentity": (MEMBERS, without("email", "idnumber"), "site:viewuseridentity"),
    "viewalldetails": (MEMBERS, without("username"), "user:viewalldetails"),
    "viewparticipants": (
        TAKEN,
        lambda ask: recording("errors/missing_cap_users_courses_viewparticipants.json"),
        "course:viewparticipants",
    ),
    "completion:view": (
        TAKEN,
        lambda ask: recording("errors/missing_cap_users_courses_completed.json"),
        "completion:view",
    ),
    "course:view": (
        BY_FIELD,
        lambda ask: recording("errors/missing_cap_course_view_by_field.json"),
        "moodle/course:view",
    ),
    "viewhiddencourses": (
        BY_FIELD,
        lambda ask: recording("errors/missing_cap_hidden_by_field.json"),
        "course:viewhiddencourses",
    ),
}


@pytest.mark.parametrize("right", SILENT)
def test_a_right_that_is_missing_in_silence_is_named(right: str) -> None:
    function, answer, words = SILENT[right]
    moodle = functions_site()
    moodle.answers[function] = answer
    assert words in refused(moodle)


def test_a_status_that_is_forbidden_ends_the_pull() -> None:
    moodle = functions_site()
    moodle.answers[STATUS] = lambda ask: recording("errors/missing_cap_completion_view.json")
    assert "report/completion:view" in refused(moodle)


def test_a_course_that_tracks_nothing_is_told_and_the_others_are_read() -> None:
    moodle = functions_site()

    def course(ask: Ask) -> Any:
        found = recording("ws/course.json")
        if ask.form["value"] == "NOCOMP":
            found["courses"][0].update(id=99, idnumber="NOCOMP", enablecompletion=0)
        return found

    moodle.answers[BY_FIELD] = course
    file = read(moodle, strategy="functions", courses=["SSS-10", "NOCOMP"])
    assert [finding.code for finding in file.findings] == ["completion-not-tracked"]
    assert len(file.items) == 9


def test_courses_that_all_track_nothing_are_an_alarm() -> None:
    moodle, course = functions_site(), recording("ws/course.json")
    course["courses"][0]["enablecompletion"] = 0
    moodle.answers[BY_FIELD] = lambda ask: course
    assert "none of the 1 courses tracks completion" in refused(moodle)


def test_a_day_that_is_not_certain_makes_a_claim_with_the_days_that_it_may_be() -> None:
    moodle, status = functions_site(), recording("ws/completion_status_complete.json")
    status["completionstatus"]["completions"][0]["timecompleted"] -= 10 * 86_400
    moodle.answers[STATUS] = lambda ask: status
    reading = read_functions(moodle)[DONE]
    assert isinstance(reading, Completion)
    assert (reading.claim, reading.day, reading.instant) == (ClaimReason.DAY_UNSURE, date(2025, 12, 12), None)
    assert dict(reading.attributes) == {"possible_days": "2025-12-02, 2025-12-12"}


def test_a_hidden_course_is_told_and_not_taken_for_enrolments_that_are_over() -> None:
    moodle, course = functions_site(), recording("ws/course.json")
    course["courses"][0]["visible"] = 0
    moodle.answers[BY_FIELD] = lambda ask: course
    moodle.answers[TAKEN] = lambda ask: []
    file = read(moodle, strategy="functions", courses=["SSS-10"])
    (finding,) = file.findings
    assert (finding.code, "Course visibility" in finding.remedy) == ("course-hidden", True)
    assert {item.reading for item in file.items} == {Skipped("the course is hidden from students")}
