"""What was told of a class → its items: the ledger's unit, identities and places, for whatever Canvas tells. Pure."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.evidence import ClaimReason, Completion, Learner, NotDone, Refused, Skipped
from lms_sync.sources.canvas.answers import (
    CanvasCourse,
    CanvasUser,
    Enrolment,
    Module,
    ModuleItem,
    Progress,
    Requirement,
)
from lms_sync.sources.canvas.findings import findings_of
from lms_sync.sources.canvas.memory import ClassMemory, Memory, StudentMemory, mark, recall
from lms_sync.sources.canvas.units import ClassAnswers, Student, Unit, items_of, learner_of, units_of

COURSE = CanvasCourse(id="4711", name="HB 1214")
UNITS = (Unit("100", "Welcome", 0), Unit("101", "Rights", 2), Unit("102", "Calm", 1))


def told(*students: Student, units: tuple[Unit, ...] = UNITS) -> ClassAnswers:
    url = "https://canvas.example.org/courses/4711"
    return ClassAnswers("esd", url, COURSE, units, students, "America/Los_Angeles")


def student(number: int, units: dict[str, str], progress: Progress | None = None, *, hidden: bool = False) -> Student:
    return Student(Learner("esd", str(number)), f"mark{number}", (), units, progress, hidden)


STATES = st.sampled_from(["locked", "unlocked", "started", "completed", "2026-02-03T20:00:00Z", "soon", ""])
STUDENTS = st.lists(st.dictionaries(st.sampled_from([unit.id for unit in UNITS]), STATES), max_size=5)


@given(STUDENTS)
def test_every_unit_told_of_a_student_is_one_item_in_a_place_of_its_own(states: list[dict[str, str]]) -> None:
    items = list(items_of(told(*(student(number, units) for number, units in enumerate(states)))))

    assert len(items) == sum(map(len, states))
    assert len({item.origin for item in items}) == len(items)
    records = [item.reading.record for item in items if isinstance(item.reading, Completion | NotDone)]
    assert len(set(records)) == len(records)


@given(STUDENTS)
def test_a_completion_has_a_requirement_and_a_day_that_was_told(states: list[dict[str, str]]) -> None:
    for item in items_of(told(*(student(number, units) for number, units in enumerate(states)))):
        if isinstance(item.reading, Completion):
            assert item.reading.unit != "100"
            assert (item.reading.day is None) == (item.reading.claim is ClaimReason.NO_DATE)
            assert item.reading.day in (None, date(2026, 2, 3))


@pytest.mark.parametrize(
    ("done", "of", "at", "kind"),
    [
        (3, 3, "2026-02-04T07:30:00Z", Completion),
        (3, 3, "", Completion),
        (0, 0, "2026-02-04T07:30:00Z", NotDone),
        (0, 3, "", NotDone),
        (2, 3, "", Skipped),
        (3, 3, "then", Refused),
    ],
)
def test_of_a_student_whose_units_are_hidden_the_whole_class_is_told(done: int, of: int, at: str, kind: type) -> None:
    progress = Progress(requirement_count=of, requirement_completed_count=done, completed_at=at)
    (item,) = items_of(told(student(1, {}, progress, hidden=True)))

    assert isinstance(item.reading, kind)
    if isinstance(item.reading, Completion):
        assert (item.reading.unit, item.reading.record) == ("", "1\x1f4711\x1f")
        assert item.reading.day == (date(2026, 2, 3) if at else None)
    assert [finding.code for finding in findings_of(told(student(1, {}, progress, hidden=True)))] == [
        "nobody-identified",
        *(["units-hidden"] if kind is Skipped else []),
    ]


def test_no_progress_at_all_is_skipped() -> None:
    (item,) = items_of(told(student(1, {}, None, hidden=True)))
    assert isinstance(item.reading, Skipped)


def test_units_are_what_students_may_see_with_what_is_asked_of_them() -> None:
    asked = ModuleItem(completion_requirement=Requirement())
    modules = [
        Module(id="1", name=" Rights  of\tChildren ", items=(asked, ModuleItem(), asked), published=True),
        Module(id="2", items=()),
        Module(id="3", name="Draft", items=(asked,), published=False),
    ]
    assert units_of(modules) == (Unit("1", "Rights of Children", 2), Unit("2", "2", 0))


@pytest.mark.parametrize(
    ("login", "email", "expected"),
    [
        ("awren", "", ()),
        ("a.wren@example.org", "", ("a.wren@example.org",)),
        ("a.wren@example.org", "a.wren@example.org", ("a.wren@example.org",)),
        ("awren@campus", "ada@example.org", ("ada@example.org",)),
        ("a wren@example.org", " ada@example.org ", ("ada@example.org",)),
    ],
)
def test_a_login_is_an_email_only_where_it_is_written_as_one(
    login: str, email: str, expected: tuple[str, ...]
) -> None:
    one = Enrolment(user_id="1", user=CanvasUser(sortable_name="Wren, Ada", login_id=login, email=email))
    assert learner_of("esd", one, sis_is_person=False).emails == expected


@given(st.dictionaries(st.text(min_size=1), st.text()), st.integers(0), st.integers(0))
def test_what_is_remembered_is_recalled(units: dict[str, str], done: int, of: int) -> None:
    student_memory = StudentMemory(done=done, of=of, completed_at="", units=units)
    memory = Memory(trusted=3, classes={"4711": ClassMemory(students={"m": student_memory})})
    assert recall(memory.model_dump_json()) == memory


def test_marks_differ_by_token_course_and_user() -> None:
    marks = Counter(mark(t, course=c, user=u) for t in ("a", "b") for c in ("1", "11") for u in ("1", "11"))
    assert set(marks.values()) == {1}
