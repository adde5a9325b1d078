"""Names that cannot be alike enough are not compared to the end, and nobody who is worth a look is missed for it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.model.evidence import Learner
from lms_sync.model.names import name_of
from lms_sync.model.roster import Person
from lms_sync.people.candidates import SIMILAR, candidates_among
from lms_sync.people.likeness import likeness

LATIN = "Robert Bob Mario Maria Ann Anna Smith Smyth Smithe Lee-Park de O Jr III Mc Allister McAllister"
words = st.sampled_from((*LATIN.split(), "Ян", "李"))
columns = st.lists(words, max_size=3).map(" ".join)
addresses = st.lists(st.sampled_from(("ann@x.example.org", "ann@y.example.org", "info@x.example.org")), max_size=2)
employers = st.sampled_from(("", "Harbor Police", "Harbour Police", "Acme Guards"))
people = st.lists(st.tuples(columns, columns, columns, addresses, employers), max_size=5)
"""As few as are told of one learner at most."""
keys = st.sampled_from(("1", "0001", "x"))
learners = st.builds(Learner, st.just("moodle"), keys, st.just(""), addresses.map(tuple), columns, columns, employers)


@settings(max_examples=100, deadline=None)
@given(columns, columns, columns, columns, st.floats(0, 1))
def test_a_likeness_from_the_least_on_is_what_it_is(
    first: str, last: str, other_first: str, other_last: str, least: float
) -> None:
    names = name_of(first, last), name_of(other_first, other_last)
    whole, found = likeness(*names), likeness(*names, least=least)

    assert found == whole if whole.score >= least else found.score < least


@settings(max_examples=80, deadline=None)
@given(people, learners)
def test_who_is_worth_a_look_is_found(roster: list[tuple[str, str, str, list[str], str]], learner: Learner) -> None:
    known = [
        Person(f"00{number}", family, given, preferred, tuple(theirs))
        for number, (given, family, preferred, theirs, _) in enumerate(roster)
    ]
    partners = {f"00{number}": (partner,) for number, (*_, partner) in enumerate(roster) if partner}
    candidates = candidates_among(known, partners)
    everybody = candidates.of(learner, least=0.0)

    bare = learner.key.lstrip("0")
    worth = tuple(who for who in everybody if who.score >= SIMILAR or who.person_id.lstrip("0") == bare)
    assert candidates.of(learner) == worth
