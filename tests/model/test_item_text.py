"""Texts of items are written out quickly, and to the letter as Python and JSON write them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.item_text import column_written, columns_of, text_json, text_repr

heading = st.sampled_from(("Name", "100 %", "%s", "%%r", 'a "b"', "l'un", "\\", "Día", "")) | st.text(max_size=5)
words = st.text(max_size=12) | st.sampled_from(("%d", "o'neil", '"', "\ud83d", "\x00", "\U0001f600", "\\N"))


@given(st.lists(st.tuples(heading, words), max_size=4).map(tuple))
def test_texts_are_written_as_python_and_json_write_them(text: tuple[tuple[str, str], ...]) -> None:
    assert text_repr(text) == repr(text)
    assert text_json(text) == json.dumps(text)


@given(heading, st.lists(words, max_size=3))
def test_a_column_alone_is_written_as_several_are(name: str, of_rows: list[str]) -> None:
    assert [*zip(*column_written(name, of_rows), strict=True)] == [columns_of((name,)).written((w,)) for w in of_rows]
