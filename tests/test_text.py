"""The door for text: what is dropped, what is told."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.text import escaped, fold, in_order, is_fit, plain, visible


@pytest.mark.parametrize("sign", [0xAD, 0x200B, 0x200D, 0x200E, 0x2060, 0xFEFF, 0xFE0F, 0xE0020, 0x61C, 0x34F])
def test_what_nobody_can_see_is_dropped(sign: int) -> None:
    assert visible(f"001{chr(sign)}05{chr(sign)}") == "00105"


@pytest.mark.parametrize("words", ["Núñez", "O’Neil – Ångström", "王小明", "Trauma\tbasics\r\n2", "🚓", "أحمد", ""])
def test_text_of_any_script_stays_as_it_is(words: str) -> None:
    assert (visible(words), is_fit(words), escaped(words)) == (words, True, words)


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("Te\x1b[5mst", "Te\\x1b[5mst"),
        ("a\x00b", "a\\x00b"),
        ("a\x7fb\x85c", "a\\x7fb\\x85c"),
        ("in\u202egpj.exe", "in\\u202egpj.exe"),
        ("\u2066a", "\\u2066a"),
        ("\ud83dx", "\\ud83dx"),
        ("Pe\udcf1a", "Pe\\xf1a"),
        ("a\u200b\x1b", "a\\x1b"),
    ],
)
def test_what_no_text_may_hold_is_told_and_written_out(words: str, written: str) -> None:
    assert not is_fit(words)
    assert escaped(words) == written
    assert is_fit(escaped(words))


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_are_folded_as_all_others(words: str) -> None:
    slowly = " ".join(unicodedata.normalize("NFC", words).split())
    assert plain(words) == slowly
    assert fold(words) == " ".join(unicodedata.normalize("NFC", slowly.casefold()).split())


def test_numbers_in_texts_follow_one_another_as_people_count() -> None:
    places = [f"Offerings, topic {n}" for n in range(1, 14)] + [f"Sheet!A{'9' * 5000}"]
    assert sorted(sorted(places), key=in_order) == places
