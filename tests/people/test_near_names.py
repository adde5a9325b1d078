"""A name is compared with a few others, however many a roster has, and slips do not hide anybody."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.model.names import name_of
from lms_sync.people.near_names import NearNames

LETTERS = "abcdefghijklmnopqrstuvwxyz"
FIRST = ("Isabella", "Mohammed", "Ann", "Christopher", "Guadalupe", "Wei", "Nkechi", "Siobhan", "Jo")
LAST = ("Fernandez", "Okonkwo", "Lee", "Vandenberg", "Whitaker", "Ng", "Papadopoulos", "Smith", "Webb")


def invented(dice: Random) -> str:
    return "".join(dice.choices(LETTERS, k=dice.randint(4, 9)))


def roster(size: int, *more: tuple[str, str]) -> NearNames:
    """Return invented people, and behind them some by first and last name; their ids are numbers."""
    dice = Random(7)
    people = [*((invented(dice), invented(dice)) for _ in range(size)), *more]
    return NearNames.of((str(number), name_of(*person)) for number, person in enumerate(people))


@st.composite
def slips(draw: st.DrawFn, word: str) -> str:
    """Leave a letter out, put another into its place, double it, or turn two of them round; of short words none."""
    if len(word) < 4:
        return word
    at = draw(st.integers(0, len(word) - 2))
    other = draw(st.sampled_from(LETTERS))
    before, letter, following = word[:at], word[at], word[at + 1 :]
    turned = before + following[0] + letter + following[1:]
    return draw(
        st.sampled_from(
            (before + following, before + other + following, before + letter + letter + following, turned)
        )
    )


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(FIRST), st.sampled_from(LAST))
def test_a_slip_in_the_last_name_hides_nobody(data: st.DataObject, first: str, last: str) -> None:
    read = data.draw(slips(last))

    assert "200" in roster(200, (first, last)).near(name_of(first, read))


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(FIRST), st.sampled_from(LAST))
def test_a_slip_in_the_first_name_hides_nobody(data: st.DataObject, first: str, last: str) -> None:
    read = data.draw(slips(first))

    assert "200" in roster(200, (first, last)).near(name_of(read, last))
    assert "200" in roster(200, (first, last)).near(name_of(last, read)), "first and last name swapped"


def test_slips_in_both_names_leave_marks_of_each() -> None:
    near = roster(500, ("Isabella", "Fernandez"), ("Jacob", "Webb"), ("Nick", "Mason")).near

    assert "500" in near(name_of("Isabela", "Fernandes"))
    assert "501" in near(name_of("Jacbo", "Wbeb"))
    assert "502" in near(name_of("Nik", "Masn"))


def test_a_single_word_is_near_those_who_have_it_or_one_like_it() -> None:
    assert "300" in roster(300, ("", "Fernandez")).near(name_of("", "Fernandes"))
    assert roster(300, ("Ann", "Lee")).near(name_of("", "")) == set()


def test_a_stranger_is_compared_with_no_more_people_of_a_larger_roster() -> None:
    dice = Random(11)
    strangers = [name_of(invented(dice), invented(dice)) for _ in range(200)]
    small, large = roster(500), roster(4_000)

    most = max(len(large.near(name)) for name in strangers)

    assert any(large.near(name) for name in strangers), "else nothing was compared"
    assert max(len(small.near(name)) for name in strangers) <= most <= 10


def test_of_many_with_the_same_first_name_only_the_nearest_are_compared() -> None:
    dice = Random(3)
    near = roster(0, *(("Robert", invented(dice)) for _ in range(3_000)), ("Robert", "Whitaker")).near

    found = near(name_of("Robert", "Whitacker"))

    assert "3000" in found
    assert len(found) <= 10
