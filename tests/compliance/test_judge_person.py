"""One person's judgement: the same in whatever order the evidence is read."""

from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.compliance.judge_person import Judging
from lms_sync.model.evidence import ClaimReason, Completion
from lms_sync.model.person_names import PersonNames
from tests.compliance.person_facts import DAY, ME, ROWS, claim, done, knowledge_of

COURSES = st.sampled_from([row.course for row in ROWS] + ["Knitting", "topic-04"])
LOGGED = (("experienced_officer", "A. Reed"), ("host_school", "Pinehill HS"))
EVIDENCE = st.lists(
    st.builds(
        lambda course, day, reason, logged: done(course, day, claim=reason, attributes=LOGGED if logged else ()),
        COURSES,
        st.dates(date(2026, 9, 1), date(2026, 12, 31)),
        st.none() | st.sampled_from(ClaimReason).filter(lambda reason: reason is not ClaimReason.DAY_UNSURE),
        st.booleans(),
    )
    | st.builds(claim, COURSES),
    max_size=8,
    unique_by=lambda completion: (completion.record, completion.day),
)


def judging() -> Judging:
    return Judging.of(knowledge_of(), PersonNames.of({}), as_of=DAY)


@given(EVIDENCE, st.randoms(use_true_random=False))
def test_the_order_in_which_evidence_is_read_makes_no_difference(found: list[Completion], random: Random) -> None:
    shuffled = random.sample(found, len(found))
    assert judging().judged(ME, found) == judging().judged(ME, shuffled)
