"""Verification codes: fit one document and no other, and survive being typed from paper."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.agreements.clause_c.codes import LETTERS, same_code, verification_code
from lms_sync.model.pseudonyms import Pseudonyms

AS_OF, KNOWN = date(2026, 11, 24), datetime(2026, 11, 24, 18, tzinfo=UTC)


def code(number: str = "TC-2026-0001", key: bytes = b"a key", **said: str) -> str:
    return verification_code(Pseudonyms(key), number, as_of=AS_OF, known_at=KNOWN, judgement=said or {"a": "b"})


def test_a_code_is_four_groups_of_four_letters_that_nobody_takes_for_others() -> None:
    groups = code().split("-")

    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert set("".join(groups)) <= set(LETTERS)


def test_another_number_key_day_or_word_gives_another_code() -> None:
    others = {code("TC-2026-0002"), code(key=b"another"), code(a="c"), code()}
    later = verification_code(
        Pseudonyms(b"a key"), "TC-2026-0001", as_of=AS_OF, known_at=KNOWN.replace(hour=19), judgement={"a": "b"}
    )

    assert len(others | {later}) == 5


def test_the_order_of_keys_makes_no_difference() -> None:
    assert code(a="1", b="2") == code(b="2", a="1")


@given(st.data())
def test_a_code_is_recognised_however_a_person_types_it(data: st.DataObject) -> None:
    made = code(a=data.draw(st.text()))
    swaps = {"0": "0oO", "1": "1iIlL"}
    typed = "".join(data.draw(st.sampled_from(swaps.get(letter, letter + letter.lower()))) for letter in made)
    typed = data.draw(st.sampled_from([typed, typed.replace("-", ""), typed.replace("-", " "), f" {typed} "]))

    assert same_code(typed, made)


@given(st.integers(0, 15), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_another_code(place: int, letter: str) -> None:
    plain = list(code().replace("-", ""))
    if plain[place] != letter:
        plain[place] = letter
        assert not same_code("".join(plain), code())
