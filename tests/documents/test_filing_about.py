"""Whom a text names: it speaks against a filing only where it names somebody else and not the person."""

from datetime import date

import pytest

from lms_sync.documents.about import Mentions, about, called_so, contradicts, named_people
from lms_sync.model.links import Merge
from lms_sync.model.person_names import PersonNames
from lms_sync.model.roster import Person

PEOPLE = {
    one.person_id: one
    for one in (
        Person("1", "Castañeda", "Inés", emails=("ines@example.org",)),
        Person("2", "Brook", "Benjamin", preferred_name="Ben"),
        Person("3", "López y Ruiz", "Ana", emails=("a@example.org",)),
        Person("4", "Brook", "Carla"),
        Person("5", "O’Neil", "Jo"),
        Person("6", "Whitfield-Nakamura", "Dana"),
        Person("7", "Smith", "John", emails=("john@example.org",)),
        Person("8", "Smith", "Jon"),
        Person("9", "Hill", "Robert"),
    )
}
MERGES = (Merge("old", "5", (), (("Jo", "Fairweather"),), (), "Kim", date(2026, 1, 1), "married"),)
NAMED = named_people(PEOPLE, MERGES)


@pytest.mark.parametrize(
    ("text", "meant", "expected"),
    [
        ("Ines CASTANEDA completed it", "1", Mentions((), ())),
        ("Officer Castan\u0303eda", "1", Mentions((), ())),
        ("issued to ines@example.org", "1", Mentions((), ())),
        ("Ben Brook completed it", "1", Mentions(("1",), ("2",))),
        ("Benjamin Brook completed it", "1", Mentions(("1",), ("2",))),
        ("a brook runs through it", "1", Mentions(("1",), ())),
        ("Ana López y Ruiz", "3", Mentions((), ())),
        ("Ana Lopez", "3", Mentions((), ())),
        ("sent to ana@example.org", "3", Mentions(("3",), ())),
        ("Jo O'Neil", "5", Mentions((), ())),
        ("Jon Smith completed it", "7", Mentions(("7",), ("8",))),
        ("Jon Smith completed it", "8", Mentions((), ())),
        ("John Smith completed it", "7", Mentions((), ())),
        ("Jon Smith, john@example.org", "7", Mentions((), ("8",))),
        ("Bob Hill completed it", "9", Mentions((), ())),
        ("Jo Fairweather, under her former name", "5", Mentions((), ())),
        ("Dana Whitfield", "6", Mentions((), ())),
        ("Carla Brook completed it", "2", Mentions(("2",), ("4",))),
        ("Officer Brook completed it", "2", Mentions((), ())),
        ("B. Brook completed it, signed: Inés Castañeda", "2", Mentions((), ("1",))),
        ("", "1", Mentions(("1",), ())),
    ],
)
def test_a_text_names_whom_it_names(text: str, meant: str, expected: Mentions) -> None:
    found = about(text, [meant], NAMED)

    assert found == expected
    assert found.speaks_against == bool(expected.unnamed and expected.others)


def test_who_is_called_just_so() -> None:
    names = PersonNames.of(PEOPLE, merges=MERGES).written
    assert called_so(names)[frozenset({"jon", "smith"})] == frozenset({"8"})
    assert (
        called_so(names)[frozenset({"ben", "brook"})] == called_so(names)[frozenset({"benjamin", "brook"})] == {"2"}
    )


def test_a_text_of_several_speaks_of_each() -> None:
    found = about("Ben Brook and Inés Castañeda", ["1", "2", "3"], NAMED)

    assert found == Mentions(("3",), ())


@pytest.mark.parametrize(
    ("last", "first", "person", "wrong"),
    [
        ("Castaneda", "Ines", "1", False),
        ("", "", "1", False),
        ("Castañeda", "I.", "1", False),
        ("Brook", "Inés", "1", True),
        ("Castañeda", "Ana", "1", True),
        ("Brook", "Benny", "2", False),
        ("Whitfield", "", "6", False),
        ("Fairweather", "Jo", "5", False),
    ],
)
def test_a_list_s_name_contradicts_only_another_name(last: str, first: str, person: str, *, wrong: bool) -> None:
    assert contradicts(last, first, PersonNames.of(PEOPLE, merges=MERGES).known(person)) is wrong
