"""The fault matrix over a whole Canvas pull: what passes is asked for again, what does not changes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from lms_sync.demo.canvas_server import Reply
from lms_sync.errors import SourceError
from lms_sync.sources.http.answer import Failure, HttpError
from tests.sources.canvas_hall import CALM, RIGHTS, Hall, codes, done, hall, items, once, school_class, student

OLD_THROTTLE = Reply(b"403 Forbidden (Rate Limit Exceeded)\n", 403, {"Content-Type": "text/plain"})
BULK, OF_STUDENT = "bulk_user_progress", "student_id="
REALM = {"WWW-Authenticate": 'Bearer realm="canvas-lms"'}
REFUSED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}

PASSING = {
    "403 throttle": OLD_THROTTLE,
    "429 with Retry-After 1": Reply(b"429 Too Many Requests", 429, {"Retry-After": "1"}),
    "429 with Retry-After 0": Reply(b"429 Too Many Requests", 429, {"Retry-After": "0"}),
    "500": Reply({"errors": [{"message": "An error occurred."}]}, 500),
    "body cut in half": Reply(b'[{"id": 1, "displ', length=4000),
    "error body under 200": Reply({"errors": [{"message": "An error occurred."}]}),
}


@pytest.fixture
def school(request: pytest.FixtureRequest) -> Iterator[Hall]:
    wire = "cut" in request.node.name
    with hall(school_class(student(1, RIGHTS), student(2, CALM), student(3)), page=2, wire=wire) as one:
        yield one


@pytest.mark.parametrize("part", [BULK, "enrollments", OF_STUDENT, "accounts"])
@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_is_asked_for_again_and_nothing_is_lost(school: Hall, fault: str, part: str) -> None:
    whole = school.pull()
    school.canvas.instead = once(PASSING[fault], part)

    assert school.pull() == whole
    assert school.patience.slept


@pytest.mark.parametrize("fault", list(PASSING))
def test_what_does_not_pass_is_an_error_and_never_a_smaller_pull(school: Hall, fault: str) -> None:
    school.canvas.instead = once(PASSING[fault], OF_STUDENT, times=99)
    with pytest.raises(SourceError) as error:
        school.pull()
    assert "Ada" not in str(error.value)


def test_an_empty_page_with_a_next_link_is_not_the_end(school: Hall) -> None:
    whole = school.pull()
    after = school.source.endpoint.url + "/api/v1/courses/4711/bulk_user_progress?per_page=100&page=bookmark:0"
    school.canvas.instead = once(Reply([], headers={"Link": f'<{after}>; rel="next"'}), BULK)
    assert school.pull() == whole


def test_a_class_that_the_search_finds_no_more_is_told_once_and_the_others_go_on() -> None:
    with hall(school_class(student(1, RIGHTS)), school_class(student(2, CALM), number=4712)) as two:
        first = two.pull()
        assert not first.failed
        two.canvas.courses.pop()
        second = two.pull(first.cursor)
        assert (second.failed, codes(second)[-1:]) == (("course 4712",), ["class-gone"])
        assert [item.reading for item in items(second)] == [i.reading for f in first.files[:1] for i in f.items]
        assert "class-gone" not in codes(two.pull(second.cursor))


@pytest.mark.parametrize("where", ["itself", "another host"])
def test_a_next_link_that_leads_astray_is_not_followed(school: Hall, where: str) -> None:
    here = f"{school.source.endpoint.url}/api/v1/courses/4711/bulk_user_progress?per_page=100"
    link = here if where == "itself" else "https://elsewhere.example.com/api/v1/next"
    school.canvas.instead = once(Reply([], headers={"Link": f'<{link}>; rel="next"'}), BULK, times=9)
    with pytest.raises(HttpError) as error:
        school.pull()
    assert error.value.kind is Failure.PAGING


def test_a_bad_token_mid_pull_ends_the_pull(school: Hall) -> None:
    expired = Reply({"errors": [{"message": "Expired access token."}]}, 401, REALM)
    school.canvas.instead = once(expired, OF_STUDENT, times=9)
    with pytest.raises(HttpError) as error:
        school.pull()
    assert error.value.kind is Failure.CREDENTIALS
    assert school.asked(OF_STUDENT) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_missing_right_to_a_class_is_its_finding_and_not_a_bad_token(status: int) -> None:
    with hall(school_class(student(1, RIGHTS)), school_class(student(1, CALM), number=2)) as school:
        school.canvas.instead = once(Reply(REFUSED, status), "/2/bulk_user_progress", times=9)
        pull = school.pull()
        assert pull.failed == ("course 2",)
        assert "class-refused" in codes(pull)
        assert done(pull).keys() == {("1", str(RIGHTS))}
        assert school.patience.slept == []


@pytest.mark.parametrize("status", [401, 403])
def test_a_missing_right_to_the_account_names_the_page_of_rights(school: Hall, status: int) -> None:
    school.canvas.instead = once(Reply(REFUSED, status), "accounts", times=9)
    with pytest.raises(HttpError) as error:
        school.pull()
    assert error.value.kind is Failure.FORBIDDEN
    assert status != 401 or "the token is good" in str(error.value)


def test_a_missing_scope_is_told(school: Hall) -> None:
    lacks = Reply({"errors": [{"message": "Insufficient scopes on access token."}]}, 401)
    school.canvas.instead = once(lacks, "accounts", times=9)
    with pytest.raises(HttpError, match="its developer key lacks a scope"):
        school.pull()


def test_a_total_outage_is_an_error(school: Hall) -> None:
    school.canvas.instead = once(Reply(b"", 503), times=999)
    with pytest.raises(SourceError):
        school.pull()


def test_html_is_no_answer(school: Hall) -> None:
    page = Reply(b"<html>Sign in</html>", headers={"Content-Type": "text/html"})
    school.canvas.instead = once(page, BULK, times=99)
    with pytest.raises(HttpError) as error:
        school.pull()
    assert error.value.kind is Failure.UNREADABLE


@pytest.mark.parametrize(
    ("part", "body", "field"),
    [
        (BULK, [{"id": 1, "display_name": "Ada", "progress": {"requirement_count": "x"}}], "requirement_count"),
        (BULK, {"Ada": 1}, "whole answer"),
        ("enrollments", [{"user": {"name": "Ada"}}], "user_id"),
        (OF_STUDENT, [{"id": 101, "state": {"of": "Ada"}}], "state"),
    ],
)
def test_another_shape_is_an_error_that_names_the_field_and_nobody(
    school: Hall, part: str, body: object, field: str
) -> None:
    school.canvas.instead = once(Reply(body), part, times=9)
    with pytest.raises(HttpError) as error:
        school.pull()
    assert field in str(error.value)
    assert "Ada" not in str(error.value)


def test_it_slows_down_before_it_is_throttled(school: Hall) -> None:
    school.canvas.remaining = 50.0
    school.pull()
    assert len(school.patience.slept) == len(school.canvas.asked) - 1
    assert {round(seconds) for seconds in school.patience.slept} == {10}


def test_an_interrupted_pull_leaves_the_cursor_of_the_last_whole_one(school: Hall) -> None:
    first = school.pull()
    school.course.students[2].completed[CALM] = "2026-03-01T20:00:00Z"
    school.canvas.instead = once(Reply(b"", 503), OF_STUDENT, times=99)
    with pytest.raises(SourceError):
        school.pull(first.cursor)
    school.canvas.instead = once(Reply(b""), times=0)

    assert ("3", str(CALM)) in done(school.pull(first.cursor))


def test_waits_grow_and_end(school: Hall) -> None:
    school.canvas.instead = once(OLD_THROTTLE, BULK, times=99)
    with pytest.raises(HttpError) as error:
        school.pull()
    assert error.value.kind is Failure.THROTTLED
    assert all(before <= after for before, after in pairwise(school.patience.slept))


def test_a_server_that_is_not_there_is_an_error(school: Hall) -> None:
    gone = replace(school.source.endpoint, url="http://127.0.0.1:9")
    with pytest.raises(SourceError):
        replace(school.source, endpoint=gone).pull(frozenset())
