"""A module counts as the student sees it: by required items that are visible, met, and not excused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.demo.canvas_class import ServedItem
from lms_sync.demo.canvas_server import Reply
from lms_sync.model.evidence import ClaimReason, NotDone
from lms_sync.sources.canvas.answers import Module
from lms_sync.sources.canvas.memory import recall
from lms_sync.sources.canvas.view import NOTHING_VISIBLE, claim_in, state_of
from lms_sync.sources.diagnosis import CheckState
from tests.sources.canvas_hall import CALM, NOON, RIGHTS, Hall, codes, done, hall, items, once, school_class, student

UNIT = str(RIGHTS)


@pytest.fixture
def school() -> Iterator[Hall]:
    with hall(school_class(student(1, RIGHTS), student(2, RIGHTS, CALM), student(3))) as one:
        yield one


def not_done(school: Hall) -> set[tuple[str, str]]:
    """Return (learner, state) of who has not done the unit."""
    read = [(item.reading, dict(item.text)["Module ID"]) for item in items(school.pull())]
    return {(r.learner.key, r.status) for r, unit in read if isinstance(r, NotDone) and unit == UNIT}


def test_a_module_of_drafts_is_completed_for_everybody_and_counts_for_nobody(school: Hall) -> None:
    school.course.students[0].completed = school.course.students[1].completed = {}
    school.course.modules[1].items = (ServedItem(1, published=False), ServedItem(2, published=False))

    assert not_done(school) == {(learner, NOTHING_VISIBLE) for learner in "123"}
    (finding,) = [one for one in school.pull().files[0].findings if one.code == "module-nothing-visible"]
    assert "3 learners" in finding.found
    assert "publish" in finding.remedy


def test_items_assigned_to_another_section_count_for_who_can_see_them(school: Hall) -> None:
    school.course.modules[1].items = (ServedItem(1, visible_to=frozenset((1,))),)
    school.course.students[1].completed = {CALM: NOON}

    pull = school.pull()
    assert done(pull).keys() == {("1", UNIT), ("2", str(CALM))}
    (finding,) = [one for one in pull.files[0].findings if one.code == "module-nothing-visible"]
    assert ("2 learners" in finding.found, "Assign To" in finding.remedy) == (True, True)


def test_drafts_and_items_of_others_are_not_asked_of_a_student(school: Hall) -> None:
    seen = (ServedItem(1), ServedItem(2, published=False), ServedItem(3, visible_to=frozenset((9,))))
    school.course.modules[1].items = seen
    assert ("1", UNIT) in done(school.pull())


def test_a_module_that_is_completed_with_an_item_open_does_not_count(school: Hall) -> None:
    school.course.modules[1].items = (ServedItem(1), ServedItem(2))
    school.course.students[0].unmet = {2}
    assert not_done(school) == {("1", "started"), ("3", "unlocked")}


def test_a_module_that_asks_for_one_of_its_items_counts_with_one(school: Hall) -> None:
    school.course.modules[1].items = (ServedItem(1), ServedItem(2), ServedItem(3))
    school.course.modules[1].asks_for = 1
    school.course.students[0].unmet = {2, 3}
    one = done(school.pull())["1", UNIT]
    assert (one.claim, one.day is not None) == (None, True)


@pytest.mark.parametrize("kind", ["Assignment", "Quiz", "Discussion"])
def test_an_excused_item_makes_a_claim_that_only_a_person_may_accept(school: Hall, kind: str) -> None:
    school.course.modules[1].items = (ServedItem(1), ServedItem(2, kind))
    school.course.students[0].excused = {2}
    pull = school.pull()
    claims = {key: (one.claim, str(one.day)) for key, one in done(pull).items()}
    assert claims["1", UNIT] == (ClaimReason.WAIVER, "2026-02-03")
    assert claims["2", UNIT] == (None, "2026-02-03")


def test_an_excused_item_that_is_not_needed_changes_nothing(school: Hall) -> None:
    school.course.modules[1].items = (ServedItem(1), ServedItem(2, "Assignment"))
    school.course.modules[1].asks_for = 1
    school.course.students[0].excused = {2}
    assert done(school.pull())["1", UNIT].claim is None


def test_submissions_are_asked_for_only_where_something_graded_was_completed(school: Hall) -> None:
    school.pull()
    assert school.asked("submissions") == 0
    school.course.modules[1].items = (ServedItem(1, "Quiz"),)
    school.pull()
    assert school.asked("submissions") == 2


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_token_that_may_not_ask_who_was_excused_is_told_of_once_and_stops_nothing(
    school: Hall, status: int
) -> None:
    whole = done(school.pull())
    school.course.modules[1].items = (ServedItem(1, "Quiz"), ServedItem(2))
    school.canvas.instead = once(Reply({}, status), "submissions", times=99)
    first = school.pull()
    assert done(first) == whole
    assert school.asked("submissions") == 1
    again = school.pull(first.cursor)
    assert school.asked("submissions") == 0
    assert codes(first).count("excused-hidden") == codes(again).count("excused-hidden") == 1
    notes = [check for check in school.source.diagnose() if check.verdict is CheckState.NOTE]
    assert any("excused" in check.found for check in notes)


def test_only_what_came_along_and_does_not_suffice_is_asked_for_apart(school: Hall) -> None:
    school.pull()
    assert school.asked("/items?") == 0
    school.course.modules[1].items = (ServedItem(1), ServedItem(2, published=False))
    school.pull()
    assert school.asked("/items?") == 2


def test_publishing_an_item_asks_for_everybody_anew(school: Hall) -> None:
    school.course.modules[1].items = (ServedItem(1, published=False),)
    cursor = school.pull().cursor
    school.course.modules[1].items = (ServedItem(1),)
    assert ("1", UNIT) in done(school.pull(cursor))


def test_a_cursor_of_before_is_relied_on_only_for_enrolments_that_are_over(school: Hall) -> None:
    school.course.students[1].enrolment = "active"
    cursor = json.loads(school.pull().cursor)
    cursor["version"] = 1
    for one in school.course.students[:2]:
        one.enrolment = "completed"
    pull = school.pull(json.dumps(cursor))
    assert school.asked("student_id=3") == 1
    assert done(pull).keys() >= {("1", UNIT), ("2", UNIT), ("2", str(CALM))}
    assert recall(pull.cursor).version == 2


def module(met: str, **more: Any) -> Module:
    """Return a completed module with an assignment a sign of `met`: + for one that was met."""
    told = [
        {"type": "Assignment", "content_id": place, "completion_requirement": {"completed": one == "+"}}
        for place, one in enumerate(met)
    ]
    return Module.model_validate({"id": 1, "state": "completed", "completed_at": NOON, "items": told, **more})


@pytest.mark.parametrize(
    ("told", "excused", "state"),
    [
        (module("++"), (), NOON),
        (module("++", completed_at=None), (), "completed"),
        (module("+-", state="started"), (), "started"),
        (module(""), (), NOTHING_VISIBLE),
        (module("-"), (), "started"),
        # The REST API of today does not tell how many are enough.
        (module("+-"), (), f"in part {NOON}"),
        (module("+-", requirement_count=None), (), "started"),
        (module("+-", requirement_count=1), (), NOON),
        (module("++-", requirement_count=3), (), "started"),
        (module("+", requirement_count=2), (), NOON),  # the other one cannot be seen
        (module("++"), (("Assignment", "1"),), f"excused {NOON}"),
        (module("++"), (("Quiz", "1"),), NOON),
    ],
)
def test_the_state_of_a_module(told: Module, excused: tuple[tuple[str, str], ...], state: str) -> None:
    assert state_of(told, excused) == state


@given(st.text("+-", max_size=5), st.none() | st.integers(1, 6), st.sets(st.integers(0, 5)))
def test_nothing_counts_for_nothing(met: str, count: int | None, excused: set[int]) -> None:
    state = state_of(module(met, requirement_count=count), [("Assignment", str(one)) for one in excused])
    claim, value = claim_in(state)
    if value == NOON:
        assert "+" in met
        earned = sum(one == "+" and place not in excused for place, one in enumerate(met))
        assert claim or earned >= min(count or len(met), len(met))


def test_the_words_of_claims_are_taken_off() -> None:
    assert claim_in(f"in part {NOON}") == (ClaimReason.PARTIAL, NOON)
    assert claim_in("completed") == (None, "completed")


def test_a_student_alone_with_a_large_module_is_judged_by_the_items_list(school: Hall) -> None:
    school.course.modules[1] = replace(school.course.modules[1], large=True, items=(ServedItem(1, published=False),))
    school.course.students[0].completed = {}
    assert ("1", NOTHING_VISIBLE) in not_done(school)
