"""Where most names are plain, a quick road stands beside the careful one, and both lead to the same end."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.model.name_agreement import NameWord, bare_words, marks_of, name_words, script_of
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


words = st.one_of(
    st.sampled_from(("Al", "De", "Jr", "Sgt", "Bob", "BOB", "O", "7", "4711", "Officer", "Æsa", "ØRN", "Ли", "李娜")),
    st.sampled_from(("Anna", "Maria", "Lee", "Schmitt", "aaaaa", "Aabbaa", "O'Neil", "Lee-Park", "d\u2019Arc", "é")),
    st.text(st.characters(codec="utf-8"), max_size=7),
)
names = st.lists(words, max_size=3).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(names, names)
def test_a_name_of_two_plain_words_is_taken_apart_like_any_other(first: str, last: str) -> None:
    with_blanks = f"{first} ", f" {last}"  # which say nothing, and of which no plain word has any

    assert name_words(first, last) == name_words(*with_blanks)
    assert bare_words(first, last) == bare_words(*with_blanks) == tuple(w.marks[0] for w in name_words(*with_blanks))


@settings(max_examples=100, deadline=None)
@given(names, names)
def test_a_name_is_hashed_by_its_parts_as_by_its_words(first: str, last: str) -> None:
    whole = [
        NameWord(
            tuple(SEAL.of("name mark", mark)[:16] for mark in word.marks),
            SEAL.of("name mark", f"script {word.script}")[:16],
            word.last,
        )
        for word in name_words(first, last)
    ]
    assert list(SEAL.of_written(first, last)) == whole == list(SEAL.of_name(name_words(first, last)))


@given(
    st.text(st.sampled_from("abo1é李"), min_size=1, max_size=9), st.lists(st.sampled_from(("ab", "abab")), max_size=3)
)
def test_the_marks_of_a_word_are_its_spellings_with_a_letter_less_each_of_them_one_time(
    word: str, neighbours: list[str]
) -> None:
    joined = [word + neighbour for neighbour in neighbours]
    last = len(word) - 1 if word[-1] in "ao" else len(word)
    shorter = [word[:gone] + word[gone + 1 :] for gone in range(1, last)] if len(word) > 4 else []
    near = [] if len(word) < 4 or word.isdigit() else [f"near {spelling}" for spelling in (word, *shorter)]

    assert marks_of(word, joined) == tuple(dict.fromkeys((word, *near, *joined)))


@given(words)
def test_a_word_is_of_the_script_of_its_first_letter(word: str) -> None:
    letters = [unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()]
    assert script_of(word) == (letters or ["LATIN"])[0]


@settings(max_examples=150, deadline=None)
@given(st.tuples(column, column), st.tuples(column, column), st.sampled_from(((), ("Harbor Police",))))
def test_it_is_what_the_whole_comparison_says(
    written: tuple[str, str], read: tuple[str, str], partners: tuple[str, ...]
) -> None:
    person = Person("p", written[1], written[0])
    names = PersonNames.of({"p": person}, partners={"p": partners})
    name = SEAL.of_name(name_words(*read))

    whole = names.hidden("p", SEAL).compared(name)
    assert names.compared("p", name, SEAL) is whole
    assert names.compared_in_clear("p", *read) is whole
