"""A name that stands in the clear is not hashed as well, and all is as if it were."""

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lms_sync.model.evidence import Learner
from lms_sync.model.learner_names import hidden, pseudonymous_learners, remembered
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms, merged, names_of, pseudonymous_learner
from lms_sync.model.roster import Person
from lms_sync.people.match import directory, match_all

SEAL = Pseudonyms(b"made up for the tests")
PEOPLE = (
    Person("E1", "Lovelace", "Ada", emails=("ada@example.org",)),
    Person("E2", "Okafor", "Ben", preferred_name="Benji", emails=("ben@example.org",)),
)
BOOK = directory(PEOPLE, SEAL, employers={"E1": ("Harbor Town Police",)})
NAMES = ("Ada", "ADA", "Lovelace", "Lovelase", "Benji", "Okafor", "O", "Harbor", "de la", "Quill", "李", "")
names = st.sampled_from(NAMES) | st.lists(st.sampled_from(NAMES), max_size=2).map(" ".join)
rows = st.builds(
    Learner,
    st.sampled_from(("moodle", "canvas")),
    st.sampled_from(("a", "A", "b")),
    st.sampled_from(("", "E1", "E2", "E9")),
    st.sampled_from(((), ("ada@example.org",), ("ben@example.org",))),
    names,
    names,
)
nights = st.lists(rows, max_size=4)


def whole(learner: PseudonymousLearner) -> PseudonymousLearner:
    """Return a learner with every name hashed, as all were kept once."""
    return replace(learner, names=names_of(learner, SEAL))


def hashed(learners: list[Learner]) -> tuple[PseudonymousLearner, ...]:
    return merged(pseudonymous_learner(learner, SEAL) for learner in learners)


@settings(max_examples=40, deadline=None)
@given(nights)
def test_learners_are_known_by_the_same_names_and_matched_with_the_same_people(read: list[Learner]) -> None:
    found = pseudonymous_learners(read, SEAL)

    assert tuple(map(whole, found)) == hashed(read)
    assert match_all(found, BOOK) == match_all(hashed(read), BOOK)


@settings(max_examples=40, deadline=None)
@given(rows, nights, nights, st.sampled_from(("in the clear", "hidden")))
@example(Learner("moodle", "a", last_name="Quill"), [], [Learner("moodle", "a")], "in the clear")
def test_a_learner_is_remembered_with_the_same_names(
    first: Learner, then: list[Learner], now: list[Learner], kept: str
) -> None:
    same = [replace(learner, source=first.source, key=first.key) for learner in (first, *then, *now)]
    (before,), (after,) = (pseudonymous_learners(read, SEAL) for read in (same[: 1 + len(then)], same[-1:]))
    after = hidden(after, SEAL) if kept == "hidden" else after
    found = remembered(before, after, SEAL)

    assert whole(found) == remembered(whole(before), whole(after), SEAL)
    assert remembered(found, after, SEAL) == found


@given(rows)
def test_one_of_whom_all_was_hashed_by_an_earlier_version_stays_as_stored(read: Learner) -> None:
    (stored,), (now,) = hashed([read]), pseudonymous_learners([read], SEAL)

    assert remembered(stored, now, SEAL) == stored


def test_the_name_of_a_learner_is_hashed_once_it_no_longer_stands_in_the_clear() -> None:
    read = Learner("moodle", "a", "E1", first_name="Ada", last_name="Lovelace")
    (found,) = pseudonymous_learners([read], SEAL)

    assert found.names is None
    assert hidden(found, SEAL) == replace(pseudonymous_learner(read, SEAL), in_clear=None)
    assert [word.last for name in hidden(found, SEAL).names or () for word in name] == [False, True]
