"""Standings that rest on nothing and stand alike are one value, and each is what its reader may know of it."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.compliance.reported import reported, reporting_alike
from lms_sync.law.standing import MetBy, Standing
from lms_sync.model.evidence import Credit
from lms_sync.model.sign_up import ExpectedTraining
from tests.compliance.person_facts import DAY, done, judged, knowledge_of

GATE = judged(knowledge_of(done("Knots"))).gate
CREDIT = Credit("topic-01", DAY, "class", "r1", "class.xlsx, row 2", "Knots")
EXPECTED = ExpectedTraining("topic-01", DAY, "class", "Knots")
OPEN = Standing("topic-01", "classroom", 1, 0, None, None, DAY, DAY, late=False, credits=(), claims=(), notes=())
STANDINGS = st.builds(
    replace,
    st.just(OPEN),
    requirement=st.sampled_from(("topic-01", "topic-02")),
    met_by=st.sampled_from((None, MetBy.CREDITS)),
    on=st.sampled_from((None, DAY)),
    due=st.sampled_from((DAY, date(2027, 1, 4))),
    late=st.booleans(),
    doubted=st.sampled_from((None, DAY)),
    credits=st.sampled_from(((), (CREDIT,))),
    notes=st.sampled_from(((), ("Counted once.",))),
)


@given(st.lists(st.tuples(st.lists(STANDINGS, max_size=4), st.booleans()), max_size=4))
@settings(max_examples=40, deadline=None)
def test_whoever_stands_alike_is_reported_as_everybody_is(people: list[tuple[list[Standing], bool]]) -> None:
    alike = reporting_alike()
    for standings, signed_up in people:
        expected = (EXPECTED,) if signed_up else ()
        assert alike(standings, GATE, expected) == tuple(reported(s, GATE, expected) for s in standings)


def test_only_what_rests_on_nothing_is_one_value() -> None:
    alike, credited = reporting_alike(), replace(OPEN, credits=(CREDIT,))
    (first, with_credit), (second, other) = alike([OPEN, credited], GATE), alike([replace(OPEN), credited], GATE)
    assert (first is second, with_credit is other) == (True, False)
