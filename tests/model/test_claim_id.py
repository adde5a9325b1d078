"""The id of a claim rests on all that two readings of one evidence have in common, and on nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.evidence import ClaimReason, Completion, Learner, claim_id
from lms_sync.model.finding import Origin

COMPLETIONS = st.builds(
    Completion,
    source=st.sampled_from(["lms", "moodle"]),
    record=st.sampled_from(["r1", "r2"]),
    learner=st.builds(Learner, source=st.just("lms"), key=st.sampled_from(["a", "b"])),
    course=st.sampled_from(["C1", "90"]),
    course_title=st.sampled_from(["Law", "Order"]),
    day=st.sampled_from([None, date(2026, 9, 1)]),
    origin=st.sampled_from([Origin("a.csv"), Origin("b.csv")]),
    unit=st.sampled_from(["", "C1"]),
    instant=st.sampled_from([None, datetime(2026, 9, 1, tzinfo=UTC)]),
    status=st.sampled_from(["Yes", "exempt"]),
    claim=st.sampled_from([None, ClaimReason.WAIVER]),
    score=st.sampled_from([None, Decimal(90), Decimal("90.0"), Decimal(0)]),
    attributes=st.sampled_from([(), (("hours", "2"),)]),
)


@given(COMPLETIONS, COMPLETIONS)
def test_it_is_the_same_for_the_same_content_of_one_record(first: Completion, other: Completion) -> None:
    same = (first.source, first.record, first.content) == (other.source, other.record, other.content)
    assert (claim_id(first) == claim_id(other)) is same


def test_it_stays_what_decisions_were_stored_with() -> None:
    done = Completion("lms", "r1", Learner("lms", "a"), "C1", "Law", date(2026, 9, 1), Origin("a.csv"))
    claimed = replace(done, day=None, claim=ClaimReason.NO_DATE, score=Decimal("87.50"), attributes=(("hours", "2"),))
    assert [claim_id(done), claim_id(claimed)] == ["b555024e21b767c8", "f7e830718b604e24"]
