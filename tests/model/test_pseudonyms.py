"""Keyed hashes are stored: however they are made, they stay what they are."""

import hashlib
import hmac
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.pseudonyms import Pseudonyms, name_words

written = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.binary(max_size=200), written, written)
def test_a_keyed_hash_is_the_hmac_of_kind_and_text(key: bytes, kind: str, text: str) -> None:
    pseudonyms = Pseudonyms(key)
    whole = hmac.digest(key, f"{kind}\x1f{text}".encode(), hashlib.sha256).hex()[:32] if text else ""
    assert pseudonyms.of(kind, text) == whole
    assert pseudonyms.of_kind(kind)(text) == whole


def test_marks_of_a_name_are_short_hashes_of_their_own_kind() -> None:
    pseudonyms = Pseudonyms(b"made up")
    marks = ("smith", "near smith", "form 7")
    assert pseudonyms.of_marks(marks) == tuple(pseudonyms.of("name mark", mark)[:16] for mark in marks)


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_name_of_plain_letters_is_taken_apart_like_any_other(first: str, last: str) -> None:
    whole = unicodedata.normalize("NFKD", f"{first} {last}")
    bare = "".join(letter for letter in whole if not unicodedata.combining(letter)).casefold()
    assert name_words(first, last) == " ".join(sorted("".join(c if c.isalnum() else " " for c in bare).split()))
