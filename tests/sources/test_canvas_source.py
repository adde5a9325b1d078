"""Canvas over real HTTP: what counts, what is asked, what is recalled, and what is not mistaken for evidence."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lms_sync.demo.canvas_class import ServedModule
from lms_sync.errors import SourceError
from lms_sync.model.evidence import ClaimReason, NotDone, Refused, Skipped
from lms_sync.sources.canvas.memory import TRUSTED_PULLS, recall
from lms_sync.sources.canvas.source import endpoint_of
from tests.sources.canvas_hall import (
    CALM,
    NIGHT,
    NOON,
    RIGHTS,
    TOKEN,
    WELCOME,
    Hall,
    codes,
    done,
    hall,
    items,
    school_class,
    student,
)


@pytest.fixture
def school() -> Iterator[Hall]:
    with hall(school_class(student(1, RIGHTS), student(2, RIGHTS, CALM), student(3))) as one:
        yield one


def test_a_unit_is_a_module_with_its_class_day_and_instant(school: Hall) -> None:
    school.course.students[0].completed[RIGHTS] = NIGHT
    one = done(school.pull())["1", str(RIGHTS)]

    assert (one.course, one.course_title) == ("4711", "HB 1214 – Séries")
    assert (one.unit, one.unit_title) == ("101", "Rights of Children")
    assert one.day == date(2026, 2, 3)
    assert (one.instant, one.zone) == (datetime(2026, 2, 4, 7, 30, tzinfo=UTC), "UTC")
    assert one.record == "1\x1f4711\x1f101"
    assert one.origin.url.endswith("/courses/4711")


def test_what_is_not_completed_is_not_done(school: Hall) -> None:
    read = [one.reading for one in items(school.pull()) if isinstance(one.reading, NotDone)]
    assert sorted((one.learner.key, one.status) for one in read) == [
        ("1", "unlocked"), ("3", "unlocked"), ("3", "unlocked")
    ]  # fmt: skip


def test_a_module_that_asks_for_nothing_is_no_evidence(school: Hall) -> None:
    pull = school.pull()
    skipped = [one for one in items(pull) if isinstance(one.reading, Skipped)]

    assert len(skipped) == 3
    assert {dict(one.text)["Module ID"] for one in skipped} == {str(WELCOME)}
    (finding,) = pull.files[0].findings
    assert (finding.code, finding.blocks) == ("module-without-requirements", False)
    assert "Willkommen, 小龍" in finding.where


def test_requirements_of_a_large_module_are_asked_for_apart(school: Hall) -> None:
    whole = done(school.pull())
    school.course.modules[1].large = True
    assert done(school.pull()) == whole
    assert school.asked(f"/modules/{RIGHTS}/items") == 1 + 2  # of the class, and of each student who completed it


def test_an_unpublished_module_is_left_out(school: Hall) -> None:
    school.course.modules.append(ServedModule(104, "Draft", published=False))
    assert "104" not in {dict(one.text)["Module ID"] for one in items(school.pull())}


def test_completed_without_a_day_is_a_claim_and_never_today(school: Hall) -> None:
    school.course.students[0].completed[RIGHTS] = None
    one = done(school.pull())["1", str(RIGHTS)]
    assert (one.day, one.instant, one.claim) == (None, None, ClaimReason.NO_DATE)


@pytest.mark.parametrize(
    "told", ["soon", "2026-02-03", "2026-02-03T20:00:00", "2026-13-01T00:00:00Z", "1921-01-01T00:00:00Z"]
)
def test_a_day_that_is_none_is_refused_with_its_place(school: Hall, told: str) -> None:
    school.course.students[0].completed[RIGHTS] = told
    (one,) = [one for one in items(school.pull()) if isinstance(one.reading, Refused)]
    assert isinstance(one.reading, Refused)
    assert one.reading.finding.where == str(one.origin)
    assert told[:4] in one.reading.finding.found


def test_an_offset_is_read_as_well_as_z(school: Hall) -> None:
    school.course.students[0].completed[RIGHTS] = "2026-02-03T23:30:00.123-08:00"
    one = done(school.pull())["1", str(RIGHTS)]
    assert (one.day, one.instant) == (date(2026, 2, 3), datetime(2026, 2, 4, 7, 30, 0, 123000, tzinfo=UTC))


def test_a_concluded_enrolment_is_never_a_completion() -> None:
    with hall(school_class(student(1, RIGHTS), student(2, enrolment="completed"))) as school:
        pull = school.pull()
        assert done(pull).keys() == {("1", str(RIGHTS))}
        (whole,) = [one.reading for one in items(pull) if one.origin.item.startswith("whole class")]
        assert isinstance(whole, NotDone)


def test_a_student_who_concluded_keeps_the_units_that_were_pulled_before(school: Hall) -> None:
    first = school.pull()
    for one in school.course.students:
        one.enrolment = "completed"
    second = school.pull(first.cursor)

    assert done(second) == done(first)
    assert school.asked("student_id=") == 0
    assert school.asked("/progress") == 3


def test_a_concluded_student_seen_too_late_counts_for_the_whole_class_or_is_told() -> None:
    late = [student(1, RIGHTS, CALM, enrolment="completed"), student(2, RIGHTS, enrolment="completed")]
    with hall(school_class(*late, student(3, enrolment="inactive"))) as school:
        pull = school.pull()

        (whole,) = done(pull).values()
        assert (whole.learner.key, whole.unit, whole.day) == ("1", "", date(2026, 2, 3))
        assert codes(pull) == ["units-hidden"]
        assert sum(isinstance(one.reading, Skipped) for one in items(pull)) == 2


def test_what_a_concluded_student_did_last_is_told_and_nothing_pulled_before_is_lost(school: Hall) -> None:
    first = school.pull()
    school.course.students[0] = student(1, RIGHTS, CALM, enrolment="completed")
    second = school.pull(first.cursor)
    third = school.pull(second.cursor)

    assert done(second).keys() == done(first).keys() | {("1", "")}
    assert done(third) == done(second)


def test_ids_come_from_the_enrolments(school: Hall) -> None:
    school.course.students[0].login_id = "ada@login.example.org"
    one = done(school.pull())["1", str(RIGHTS)].learner
    assert one.emails == ("ada1@staff.example.org", "ada@login.example.org")
    assert (one.first_name, one.last_name, one.person_id) == ("Ada1", "Wren", "")


def test_a_sis_id_is_the_persons_id_only_where_it_is_stated() -> None:
    with hall(school_class(student(1, RIGHTS)), sis_is_person=True) as school:
        assert done(school.pull())["1", str(RIGHTS)].learner.person_id == "E00001"


def test_a_student_of_two_sections_comes_once() -> None:
    with hall(school_class(student(1, RIGHTS, sections=2))) as school:
        assert len(items(school.pull())) == 3


def test_a_login_that_is_no_address_is_no_email_and_is_told(school: Hall) -> None:
    for one in school.course.students:
        one.email = ""
    pull = school.pull()
    assert all(one.learner.emails == () for one in done(pull).values())
    assert "nobody-identified" in codes(pull)


@pytest.mark.parametrize("page", [1, 2, 3, 100])
def test_pages_are_followed_to_the_end_whatever_their_size(school: Hall, page: int) -> None:
    whole = done(school.pull())
    school.canvas.page = page
    assert done(school.pull()) == whole


def test_only_students_whose_count_moved_are_asked_for(school: Hall) -> None:
    first = school.pull()
    assert school.asked("student_id=") == 3
    school.course.students[2].completed[CALM] = NOON
    second = school.pull(first.cursor)

    assert [path for path in school.canvas.asked if "student_id=" in path] == [
        "/api/v1/courses/4711/modules?student_id=3&include%5B%5D=items&per_page=100"
    ]
    assert done(second).keys() == done(first).keys() | {("3", str(CALM))}


def test_nothing_new_is_a_file_that_is_skipped(school: Hall) -> None:
    first = school.pull()
    second = school.pull(first.cursor, frozenset(file.fingerprint for file in first.files))

    assert (second.files, [one.name for one in second.skipped]) == ((), ["course 4711"])
    assert len(school.canvas.asked) == 4  # courses, progress, enrolments, modules


def test_after_some_pulls_everybody_is_asked_for_anew(school: Hall) -> None:
    cursor, asked = "", []
    for _ in range(2 * TRUSTED_PULLS + 3):
        cursor = school.pull(cursor).cursor
        asked.append(school.asked("student_id="))
    assert asked == [3, *[0] * TRUSTED_PULLS] * 2 + [3]


def test_what_moved_under_an_equal_count_is_seen_by_then(school: Hall) -> None:
    school.course.modules[1].requirements = 1
    cursor = school.pull().cursor
    school.course.students[0].completed = {CALM: NOON}  # one unit unlocked, another completed on the same day
    seen = []
    for _ in range(TRUSTED_PULLS + 1):
        pull = school.pull(cursor)
        cursor = pull.cursor
        seen.append(("1", str(CALM)) in done(pull))
    assert seen == [*[False] * TRUSTED_PULLS, True]


def test_other_requirements_make_everybody_be_asked_for(school: Hall) -> None:
    cursor = school.pull().cursor
    school.course.modules[0].requirements = 1
    school.pull(cursor)
    assert school.asked("student_id=") == 3


def test_another_token_recalls_nobody(school: Hall) -> None:
    first = school.pull()
    school.canvas.token = "another"
    endpoint = endpoint_of("esd", school.source.endpoint.url, lambda: "another")
    school.source = replace(school.source, endpoint=endpoint, token=lambda: "another")
    assert done(school.pull(first.cursor)).keys() == done(first).keys()
    assert school.asked("student_id=") == 3


def test_the_cursor_names_nobody(school: Hall) -> None:
    cursor = school.pull().cursor
    for secret in ("Wren", "example.org", "E00001", "awren", TOKEN):
        assert secret not in cursor
    assert not {"1", "2", "3"} & recall(cursor).classes["4711"].students.keys()


@pytest.mark.parametrize("cursor", ["nonsense", "[]", '{"version": 0}', json.dumps({"version": 1, "classes": 3})])
def test_a_cursor_of_another_program_is_as_none(school: Hall, cursor: str) -> None:
    assert done(school.pull(cursor)) == done(school.pull())


def test_a_renamed_module_keeps_its_record_and_is_told(school: Hall) -> None:
    first = school.pull()
    school.course.modules[2].name = "Staying Calm"
    second = school.pull(first.cursor)

    assert {one.record for one in done(second).values()} == {one.record for one in done(first).values()}
    (finding,) = [one for one in second.files[0].findings if one.code == "module-renamed"]
    assert "Staying Calm" in finding.found
    assert "De-escalation" in finding.found
    assert school.asked("student_id=") == 0


def test_listed_classes_are_found_by_id_and_by_sis_id() -> None:
    first, second = school_class(student(1, RIGHTS), number=1), school_class(student(1, CALM), number=2)
    with hall(first, second, courses=("sis_course_id:SSS-1", "2")) as school:
        pull = school.pull()
        assert [file.name for file in pull.files] == ["course 2", "course sis_course_id:SSS-1"]
        assert {one.course for one in done(pull).values()} == {"1", "2"}


def test_a_class_that_is_gone_is_a_failed_file_and_stops_no_other(school: Hall) -> None:
    first = school.pull()
    school.source = replace(school.source, courses=("4711", "99"))
    pull = school.pull(first.cursor)
    assert pull.failed == ("course 99",)
    assert "class-missing" in codes(pull)
    assert done(pull) == done(first)
    assert recall(pull.cursor).classes.keys() == {"4711"}


def test_a_search_that_finds_nothing_is_an_error(school: Hall) -> None:
    school.course.sis_course_id = "ELSE"
    with pytest.raises(SourceError, match="no published course"):
        school.pull()


def test_a_class_without_modules_that_ask_is_told_in_its_words(school: Hall) -> None:
    school.canvas.courses.append(school_class(student(1, RIGHTS), number=2))
    for one in school.course.modules:
        one.requirements = 0
    pull = school.pull()
    assert pull.failed == ("course 4711",)
    assert "class-rejected" in codes(pull)


def test_a_pull_in_which_no_class_can_be_read_is_an_error(school: Hall) -> None:
    school.source = replace(school.source, courses=("98", "99"))
    with pytest.raises(SourceError, match="404"):
        school.pull()


def test_the_token_stands_in_no_repr_and_no_pull(school: Hall) -> None:
    assert TOKEN not in repr(school.source)
    assert TOKEN not in repr(school.pull())
    assert all(one["Authorization"] == f"Bearer {TOKEN}" for one in school.canvas.headers)
    assert all(one["User-Agent"].startswith("lms-sync/") for one in school.canvas.headers)
