"""Looked up among many, the same people are alike as when each name is held against each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.names import name_of
from lms_sync.model.roster import Person
from lms_sync.people.likeness import likeness
from lms_sync.people.named_people import ALIKE, NamedPeople

WORDS = ("Robert", "Bob", "Rob", "R.", "Smith", "Smyth", "Smithe", "de la Cruz", "Cruz", "Lee-Park", "Lee", "Ana")
SPELLED = st.one_of(
    st.sampled_from(WORDS),
    st.text("abcde", min_size=1, max_size=6),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(" ".join),
    st.just(""),
)


@st.composite
def somebody(draw: st.DrawFn) -> Person:
    emails = tuple(f"{word}@s.example.org" for word in draw(st.lists(st.sampled_from("xyz"), max_size=1)))
    last = draw(SPELLED) + draw(st.sampled_from(("", "", " Jr.", " Sr.")))
    return Person("1", last, draw(SPELLED), emails=emails)


def each_against_each(person: Person, people: list[Person]) -> tuple[Person, ...]:
    name = name_of(person.first_name, person.last_name)
    return tuple(
        other
        for other in people
        if {*person.emails} & {*other.emails}
        or likeness(name, name_of(other.first_name, other.last_name)).score >= ALIKE
    )


@given(somebody(), st.lists(somebody(), max_size=12))
def test_who_is_alike_is_found_among_many_as_one_by_one(person: Person, people: list[Person]) -> None:
    assert NamedPeople(people).alike(person) == each_against_each(person, people)


@pytest.mark.parametrize(
    ("first", "last"), [("Bob", "Smith"), ("Smith", "Robert"), ("Robert", "Smithe"), ("Robert", "Smi th")]
)
def test_other_ways_to_write_a_name_are_found(first: str, last: str) -> None:
    people = [Person("1", "Jones", "Ana"), Person("2", "Smith", "Robert")]
    assert [found.person_id for found in NamedPeople(people).alike(Person("3", last, first))] == ["2"]
