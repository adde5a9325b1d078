"""A name of the very words that the roster has is compared without what is near to them, and to the same end."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.model.name_agreement import name_words
from lms_sync.model.person_names import PersonNames
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Person

SEAL = Pseudonyms(b"made up for the tests")
column = st.lists(
    st.sampled_from(
        ("Jon", "John", "Smith", "Smyth", "Harbor", "de", "Al", "O", "Mc", "Allister", "McAllister", "李")
    ),
    max_size=3,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.tuples(column, column), st.tuples(column, column), st.sampled_from(((), ("Harbor Police",))))
def test_it_is_what_the_whole_comparison_says(
    written: tuple[str, str], read: tuple[str, str], partners: tuple[str, ...]
) -> None:
    person = Person("p", written[1], written[0])
    names = PersonNames.of({"p": person}, partners={"p": partners})
    name = SEAL.of_name(name_words(*read))

    assert names.compared("p", name, SEAL) is names.hidden("p", SEAL).compared(name)
