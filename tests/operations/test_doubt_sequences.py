"""Whatever a source says night after night, and whatever HR decides in between, down to the store."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.compliance.decide_doubts import end_completions, keep_completions, undo_decision
from lms_sync.compliance.doubted import DoubtIndex
from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.doubt import Doubt, DoubtCause, Verdict
from lms_sync.model.evidence import ClaimReason, Completion, Credit, Item, Learner, NotDone, Reading, Revoked
from lms_sync.model.finding import Origin
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.operations.pull.apply import PullContext, apply_pull
from lms_sync.people.match import directory
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.store.known.registers import DOUBTS
from lms_sync.store.store import Opening, Store, open_store

SEAL = Pseudonyms(b"a key that the tests made up, 32")
START = datetime(2026, 11, 23, 10, tzinfo=UTC)
LEARNER = Learner("esd", "emp1")
DONE = Completion("esd", "r1", LEARNER, "LOG", "On the job", date(2025, 9, 3), Origin("a.csv", "s", "", "A2"))
NO = NotDone("esd", "r1", LEARNER, "No")
CREDIT = Credit("on-the-job", date(2025, 9, 3), "esd", "r1", "A2", "On the job")
CONTEXT = PullContext(SEAL, directory((), SEAL))


@dataclass
class Nights:
    """A source of few records, and what is stored of them."""

    store: Store
    now: datetime = START

    def says(self, *readings: Reading) -> None:
        self.now += timedelta(days=1)
        night = str(self.now)
        items = tuple(
            Item(Origin("a.csv", night, "", f"A{row}"), (("Status", night),), reading)
            for row, reading in enumerate(readings)
        )
        file = FileRead("a.csv", night, night, items, ())
        with self.store.transaction():
            apply_pull(self.store, Pull("esd", "cumulative", (file,), ()), context=CONTEXT, now=self.now)

    def decides(self, act: Callable[..., Any], number: int) -> bool:
        """Let HR decide one of what is in doubt; return whether that could be."""
        self.now += timedelta(hours=1)
        if not self.doubts:
            return False
        finding_id = self.doubts[number % len(self.doubts)].finding_id
        workspace: Any = SimpleNamespace(store=self.store)
        try:
            act(workspace, Author("A. Roe", "looked at it", self.now), finding_id=finding_id)
        except UsageError:
            return False
        return True

    @property
    def live(self) -> list[Completion]:
        found = self.store.evidence.completions("esd")
        return sorted(found, key=lambda completion: completion.day or date.max)

    @property
    def days(self) -> list[date | None]:
        return [completion.day for completion in self.live]

    @property
    def doubts(self) -> list[Doubt]:
        return list(DOUBTS.read(self.store).values())

    @property
    def counted(self) -> int:
        """Return how many on-the-job days it comes to."""
        index = DoubtIndex.of(self.doubts, self.live)
        return sum(not credit.again for one in self.live for credit in index.marked([CREDIT], one))


@contextmanager
def nights() -> Iterator[Nights]:
    with open_store("sqlite://", Opening("pinehill", SEAL.check, START)) as store:
        yield Nights(store)


def on(year: int, month: int, day: int, certificate: str = "") -> Completion:
    return replace(DONE, day=date(year, month, day), attributes=(("hours", certificate),))


READINGS: st.SearchStrategy[Reading] = st.one_of(
    st.just(NO),
    st.builds(on, st.sampled_from([2025, 2026, 2027]), st.sampled_from([1, 2, 9]), st.just(3), st.sampled_from("ab")),
    st.just(replace(DONE, day=None, claim=ClaimReason.NO_DATE)),
)
ACTS = st.tuples(st.sampled_from([keep_completions, end_completions, undo_decision]), st.integers(0, 3))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(READINGS, READINGS, ACTS), max_size=9))
def test_only_hr_ends_a_credit_and_a_record_counts_once_until_hr_says_otherwise(steps: list[Any]) -> None:
    with nights() as here:
        here.says(on(2025, 9, 3, "a"))
        ended = False
        for step in steps:
            if isinstance(step, tuple):
                ended |= here.decides(*step) and step[0] is end_completions
            else:
                here.says(step)
            assert here.live or ended
            assert len(set(here.days)) == len(here.days)
            again = [doubt for doubt in here.doubts if doubt.cause is DoubtCause.DONE_AGAIN]
            kept = [doubt for doubt in again if doubt.verdict is Verdict.KEEP]
            assert here.counted <= 1 + len(kept)
            dated = [day for day in here.days if day]
            assert {(d.day, d.instead.day) for d in again if d.instead} >= set(pairwise(dated)) or ended


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.lists(READINGS, max_size=5), st.integers(0, 3), st.sampled_from([keep_completions, end_completions]))
def test_what_hr_decides_can_be_taken_back(says: list[Reading], number: int, act: Callable[..., Any]) -> None:
    with nights() as here:
        for reading in (on(2025, 9, 3, "a"), *says):
            here.says(reading)
        before = (here.days, sorted(map(repr, here.doubts)))
        if here.decides(act, number):
            assert here.decides(undo_decision, number)
        assert (here.days, sorted(map(repr, here.doubts))) == before


def test_what_hr_ended_can_be_taken_back_after_it_was_done_again_on_another_day() -> None:
    with nights() as here:
        here.says(DONE)
        here.says(NO)
        assert here.decides(end_completions, 0)
        here.says(on(2026, 9, 2))
        assert here.days == [date(2026, 9, 2)]
        assert here.decides(undo_decision, 0)
        assert here.days == [DONE.day, date(2026, 9, 2)]
        assert here.counted == 1


def test_a_void_ends_all_days_of_a_record_and_every_question_about_it() -> None:
    with nights() as here:
        here.says(DONE)
        here.says(NO)
        here.says(on(2026, 9, 2))
        here.says(Revoked("esd", "r1", "Voided"))
        assert (here.live, here.doubts) == ([], [])
        here.says(DONE)
        assert here.days == [DONE.day]


def test_done_again_adds_nothing_to_a_count_until_hr_says_that_it_is_another_day() -> None:
    with nights() as here:
        here.says(DONE)
        here.says(on(2026, 9, 2))
        assert (len(here.live), here.counted) == (2, 1)
        assert here.decides(keep_completions, 0)
        assert here.counted == 2
        here.says(on(2025, 9, 3))
        assert here.days == [DONE.day]
        here.says(on(2026, 9, 2))
        assert (len(here.live), here.counted) == (2, 1)


def test_an_earlier_day_with_other_details_is_put_right_and_stands_once() -> None:
    with nights() as here:
        here.says(on(2025, 9, 3, "a"))
        here.says(on(2026, 9, 2, "a"))
        here.says(on(2025, 9, 3, "b"))
        assert [dict(completion.attributes) for completion in here.live] == [{"hours": "b"}]


def test_a_day_before_what_is_stored_adds_nothing_to_a_count_either() -> None:
    with nights() as here:
        here.says(on(2025, 9, 3))
        here.says(on(2026, 9, 2))
        here.says(on(2025, 12, 20))
        assert here.days == [date(2025, 9, 3), date(2025, 12, 20)]
        assert here.counted == 1
        assert here.decides(keep_completions, 0)
        assert here.counted == 2
