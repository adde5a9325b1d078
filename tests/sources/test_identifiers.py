from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.sources.spreadsheet.identifiers import identifier
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.tables.cells import ErrorValue, Value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (417.0, "417"),
        (417, "417"),
        ("417.0", "417"),
        ("00417", "00417"),
        ("00417.0", "00417.0"),
        (" e100040\xa0", "e100040"),
        ("1E5", "1E5"),
        ("Nu\u0301ñez  1", "Núñez 1"),
        (999999999999999.0, "999999999999999"),
    ],
)
def test_ids_come_out_as_their_owners_write_them(value: Value, words: str) -> None:
    assert identifier(value) == words


@pytest.mark.parametrize(
    "value",
    ["4.17E+02", "4E+10", 417.5, 1e15, 12345678901234567, True, date(2025, 10, 1), ErrorValue("#N/A"), "#REF!"],
)
def test_what_a_spreadsheet_has_rewritten_is_refused(value: Value) -> None:
    with pytest.raises(Misread) as caught:
        identifier(value)
    assert caught.value.remedy


@given(st.integers(0, 10**15 - 1))
def test_a_number_and_its_text_are_one_id(number: int) -> None:
    assert identifier(float(number)) == identifier(number) == identifier(str(number)) == str(number)
