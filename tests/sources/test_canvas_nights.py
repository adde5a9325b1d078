"""Canvas night after night, down to the store: what is unlocked, hidden or interrupted costs nobody anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.demo.canvas_class import ServedStudent
from lms_sync.demo.canvas_server import Reply
from lms_sync.model.evidence import Completion
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.run import Pulled
from lms_sync.operations.pull.apply import PullContext
from lms_sync.operations.pull.pulls import Pulling, pull_all
from lms_sync.people.match import directory
from lms_sync.store.known.registers import DOUBTS
from lms_sync.store.store import Opening, Store, open_store
from tests.sources.canvas_hall import CALM, NOON, RIGHTS, Hall, hall, once, school_class, student

pytestmark = pytest.mark.slow  # whole nights by the dozen

SEAL = Pseudonyms(b"a key that the tests made up, 32")
START = datetime(2026, 11, 23, 10, tzinfo=UTC)
DESK = PullContext(SEAL, directory((), SEAL))


@dataclass
class Nights:
    """A class and a store, and the nights between them."""

    hall: Hall
    store: Store
    now: datetime = field(default=START)

    def night(self, *, insist: bool = False) -> Pulled:
        self.now += timedelta(days=1)
        accept = {"esd": "A. Roe"} if insist else {}
        self.hall.canvas.asked.clear()
        (pulled,) = pull_all(self.store, [self.hall.source], Pulling(self.now, lambda: DESK, accept))
        return pulled

    @property
    def evidence(self) -> dict[str, Completion]:
        return {one.record: one for one in self.store.evidence.completions("esd")}


@contextmanager
def nights(*students: ServedStudent) -> Iterator[Nights]:
    opening = Opening("pinehill", SEAL.check, START)
    with hall(school_class(*students)) as school, open_store("sqlite://", opening) as store:
        yield Nights(school, store)


@pytest.fixture
def seventy() -> Iterator[Nights]:
    """Give a class of 35 who have completed both units."""
    with nights(*(student(number, RIGHTS, CALM) for number in range(1, 36))) as one:
        yield one


def outcomes(pulled: Pulled) -> dict[str, int]:
    (file,) = pulled.files
    return dict(file.outcomes)


def test_a_second_night_changes_nothing_and_asks_nobody(seventy: Nights) -> None:
    assert outcomes(seventy.night()) == {"added": 70, "skipped": 35}
    before = seventy.evidence
    again = seventy.night()

    assert (again.error, seventy.hall.asked("student_id=")) == (None, 0)
    assert [file.unchanged for file in again.files] == [True]
    assert seventy.evidence == before


def test_units_unlocked_overnight_and_back_later_cost_nobody_anything(seventy: Nights) -> None:
    """70 completions are gone overnight and 68 are back later, as Moodle did when criteria were unlocked."""
    seventy.night()
    before = seventy.evidence
    for one in seventy.hall.course.students:
        one.completed.clear()

    assert seventy.night().error is None
    assert seventy.evidence == before
    doubts = DOUBTS.read(seventy.store).values()
    assert len(doubts) == 70
    assert len({doubt.finding_id for doubt in doubts}) == 2  # one for each unit that looks reset

    for one in seventy.hall.course.students[:34]:
        one.completed.update({RIGHTS: NOON, CALM: NOON})
    assert seventy.night().error is None
    assert seventy.evidence == before
    assert len(DOUBTS.read(seventy.store)) == 2


def test_one_more_unit_is_one_request_and_one_completion(seventy: Nights) -> None:
    seventy.hall.course.students[4].completed.pop(CALM)
    seventy.night()
    seventy.hall.course.students[4].completed[CALM] = NOON

    assert outcomes(seventy.night()) == {"added": 1, "unchanged": 69, "skipped": 35}
    assert seventy.hall.asked("student_id=") == 1


def test_a_class_whose_enrolments_are_all_over_keeps_its_evidence(seventy: Nights) -> None:
    seventy.night()
    before = seventy.evidence
    for one in seventy.hall.course.students:
        one.enrolment = "completed"

    assert seventy.night().error is None
    assert seventy.evidence == before


def test_a_class_that_empties_overnight_is_a_safety_stop(seventy: Nights) -> None:
    seventy.night()
    before = seventy.evidence
    students = seventy.hall.course.students[:]
    seventy.hall.course.students.clear()

    assert seventy.night().stopped
    assert seventy.evidence == before
    assert seventy.night(insist=True).error is None
    assert seventy.evidence == before  # absence never revokes
    seventy.hall.course.students += students
    assert outcomes(seventy.night())["unchanged"] == 70


def test_an_interrupted_pull_changes_nothing_and_the_next_makes_up_for_it(seventy: Nights) -> None:
    seventy.hall.course.students[0].completed.pop(CALM)
    seventy.night()
    before, cursor = seventy.evidence, seventy.store.runs.cursor("esd")
    for one in seventy.hall.course.students:
        one.completed[CALM] = "2026-03-01T20:00:00Z"
    seventy.hall.course.modules[2].requirements = 2  # all of them are asked for
    seventy.hall.canvas.instead = once(Reply(b"", 503), "student_id=17", times=99)

    assert seventy.night().error is not None
    assert (seventy.evidence, seventy.store.runs.cursor("esd")) == (before, cursor)
    seventy.hall.canvas.instead = once(Reply(b""), times=0)
    assert outcomes(seventy.night()) == {"added": 1, "corrected": 34, "unchanged": 35, "skipped": 35}


UNITS = st.frozensets(st.sampled_from((RIGHTS, CALM)))


@settings(max_examples=15)
@given(st.lists(st.lists(UNITS, min_size=4, max_size=4), min_size=1, max_size=4))
def test_the_store_follows_whatever_is_completed_from_night_to_night(history: list[list[frozenset[int]]]) -> None:
    with nights(*(student(number) for number in range(4))) as town:
        for state in history:
            for one, done in zip(town.hall.course.students, state, strict=True):
                # What is completed stays so; Canvas forgets it only when criteria are unlocked.
                one.completed.update(dict.fromkeys(done, NOON))
            assert town.night().error is None
            expected = sum(len(one.completed) for one in town.hall.course.students)
            assert len(town.evidence) == expected
