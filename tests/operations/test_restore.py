"""What an earlier version ended by a "No" counts again on the first night, each in doubt since then."""

from dataclasses import replace
from datetime import UTC, date, timedelta

from sqlalchemy import update

from lms_sync.model.doubt import DoubtCause
from lms_sync.operations.pull.count_again import restore_undone
from lms_sync.store.schema import completion
from tests.operations.test_doubt_sequences import DONE, NO, Nights, nights, on


def end_all(here: Nights, reason: str = "no longer done") -> None:
    """End what counts as earlier versions did."""
    here.now += timedelta(hours=1)
    ended = {"ended_at": here.now, "end_reason": reason}
    with here.store.transaction():
        here.store.connection.execute(update(completion).where(completion.c.ended_at.is_(None)).values(**ended))


def restore(here: Nights) -> int:
    here.now += timedelta(days=1)
    with here.store.transaction():
        return restore_undone(here.store, zone=UTC, now=here.now)


def test_it_counts_again_in_doubt_since_it_ended_and_only_once() -> None:
    with nights() as here:
        here.says(DONE)
        end_all(here)
        assert restore(here) == 1
        assert here.days == [DONE.day]
        assert [(d.cause, d.since) for d in here.doubts] == [(DoubtCause.NOT_DONE, date(2026, 11, 24))]
        assert restore(here) == 0
        here.says(NO)
        assert len(here.doubts) == 1
        here.says(DONE)
        assert here.doubts == []


def test_what_was_done_again_on_a_later_day_is_a_further_completion_beside_it() -> None:
    with nights() as here:
        here.says(DONE)
        end_all(here)
        here.says(on(2026, 9, 2))
        assert restore(here) == 1
        assert here.days == [DONE.day, date(2026, 9, 2)]
        again = [doubt for doubt in here.doubts if doubt.cause is DoubtCause.DONE_AGAIN]
        assert [(doubt.day, doubt.after_reset) for doubt in again] == [(DONE.day, True)]
        assert here.counted == 1


def test_several_days_of_one_record_count_again() -> None:
    with nights() as here:
        here.says(DONE)
        end_all(here)
        here.says(on(2026, 9, 2))
        end_all(here)
        assert restore(here) == 2
        assert here.days == [DONE.day, date(2026, 9, 2)]


def test_what_was_voided_or_corrected_since_does_not_count_again() -> None:
    for reason in ("withdrawn", "corrected"):
        with nights() as here:
            here.says(DONE)
            end_all(here)
            here.says(DONE)
            end_all(here, reason)
            assert (restore(here), here.days) == (0, [])


def test_a_course_that_one_pull_reset_is_one_question_and_other_pulls_are_others() -> None:
    with nights() as here:
        here.says(*(replace(DONE, record=f"r{number}") for number in range(3)))
        end_all(here)
        here.says(replace(DONE, record="r9"))
        end_all(here)
        assert restore(here) == 4
        assert len({doubt.finding_id for doubt in here.doubts}) == 2
