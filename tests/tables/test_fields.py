import math
from datetime import date, datetime
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.tables import fields
from lms_sync.tables.cells import ErrorValue, Value, text
from lms_sync.tables.fields import Answer, Column, Kind, Wrong
from lms_sync.tables.typed_days import DateOrder
from lms_sync.text import did_you_mean, did_you_mean_id, fold, plain

VALUES = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.sampled_from([ErrorValue("#N/A"), ErrorValue("#REF!")]),
)


def answer(column: Column, value: Value, dates: DateOrder = "") -> Answer | Wrong:
    return fields.answer(column, value, plain(text(value)), dates=dates)


@given(st.sampled_from(get_args(Kind)), VALUES)
def test_every_cell_is_an_answer_or_says_in_full_what_is_wrong(kind: Kind, value: Value) -> None:
    found = answer(Column("Anything", kind, choices=("SRO", "other"), most=6), value)
    if isinstance(found, Wrong):
        assert found.found
        assert found.expected
        assert found.remedy.endswith(".")
    else:
        assert not isinstance(found, datetime)


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("blank", [None, "", " \u00a0\n"])
def test_a_blank_cell_is_no_answer_and_a_fault_only_where_required(kind: Kind, blank: Value) -> None:
    assert not answer(Column("Anything", kind), blank)
    assert isinstance(answer(Column("Anything", kind, required=True), blank), Wrong)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("id", "00417", "00417"),
        ("id", 417.0, "417"),
        ("id", 0.0, "0"),
        ("id", "\u00a0HB\u00a01214 ", "HB 1214"),
        ("date", datetime(2026, 9, 1), date(2026, 9, 1)),
        ("date", " 2026-09-01 ", date(2026, 9, 1)),
        ("number", 12.5, Decimal("12.5")),
        ("number", "0", Decimal(0)),
        ("whole", 6.0, 6),
        ("list", "a; b ;;c\nd", ("a", "b", "c", "d")),
        ("mark", " X ", True),
        ("text", 12.0, "12"),
    ],
)
def test_sound_cells(kind: Kind, value: Value, expected: Answer) -> None:
    assert answer(Column("Anything", kind, most=6), value) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("date", "09/01/2026"),
        ("date", "1/9/26"),
        ("date", "2026-02-30"),
        ("date", 46266.0),
        ("date", datetime(2026, 9, 1, 7, 3)),
        ("date", date(1900, 1, 1)),
        ("number", "1,200"),
        ("number", -1.0),
        ("number", math.inf),
        ("number", "٣"),
        ("whole", "six"),
        ("whole", 7.0),
        ("whole", -1.0),
        ("mark", "0"),
        ("mark", True),
        ("id", math.nan),
        ("id", 2.0**60),
    ],
)
def test_cells_that_are_not_guessed_at(kind: Kind, value: Value) -> None:
    assert isinstance(answer(Column("Anything", kind, most=6), value), Wrong)


@given(st.text())
def test_folding_twice_folds_no_further(words: str) -> None:
    assert fold(fold(words)) == fold(words)
    assert fold(plain(words)) == fold(words)


def test_only_a_close_word_is_suggested() -> None:
    assert did_you_mean("Confrimed", ("confirmed", "required")) == 'Did you mean "confirmed"? '
    assert did_you_mean("yes", ("confirmed", "required")) == ""


def test_a_word_of_another_number_is_not_suggested() -> None:
    assert did_you_mean("ESD 112", ("ESD 113", "ESD 105")) == ""
    assert did_you_mean("HERN-026", ("HERON-26", "HERN-27")) == 'Did you mean "HERON-26"? '


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("417", "00417"),
        ("417.0", "00417"),
        ("0000417", "00417"),
        ("e-42", "E-0042"),
        ("00416", ""),
        ("4170", ""),
        ("0041", ""),
        ("E-43", ""),
        ("12", ""),
    ],
)
def test_an_id_is_known_again_by_its_digits_and_never_by_its_spelling(typed: str, meant: str) -> None:
    said = did_you_mean_id(typed, ("00417", "00418", "E-0042", "0012", "012"))
    assert said == (f'Did you mean "{meant}"? ' if meant else "")


WAYS_TO_WRITE_AUGUST_31 = (
    "Aug 31, 2027", "August 31, 2027", "Aug. 31 2027", "31 Aug 2027", "31-Aug-2027", "August 31st, 2027",
    "Tuesday, August 31, 2027", "2027/08/31", "2027-8-31",
)  # fmt: skip
SEPTEMBER_5, MAY_9, SEPTEMBER_15, AUGUST_31 = (
    date(2026, 9, 5), date(2026, 5, 9), date(2026, 9, 15), date(2027, 8, 31),
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "order", "day"),
    [
        *((words, order, AUGUST_31) for order in get_args(DateOrder) for words in WAYS_TO_WRITE_AUGUST_31),
        ("9/15/2026", "", SEPTEMBER_15),
        ("15.9.2026", "", SEPTEMBER_15),
        ("9/9/2026", "", date(2026, 9, 9)),
        ("9/15/2026", "month-first", SEPTEMBER_15),
        ("9/5/2026", "month-first", SEPTEMBER_5),
        ("09-05-2026", "month-first", SEPTEMBER_5),
        ("9/5/2026", "day-first", MAY_9),
        ("Tuesday, 3/2/2027", "", date(2027, 3, 2)),
    ],
)
def test_days_as_people_write_them(words: str, order: DateOrder, day: date) -> None:
    assert answer(Column("Ends", "date"), words, order) == day


@pytest.mark.parametrize(
    ("words", "number"), [("80%", 80), ("80 percent", 80), ("80", 80), ("80 pts", None), ("%", None), ("8%0", None)]
)
def test_a_number_may_have_its_units(words: str, number: int | None) -> None:
    read = answer(Column("Minimum score", "number", units=("%", "percent")), words)
    assert read == number if number is not None else isinstance(read, Wrong) and words in read.found


@pytest.mark.parametrize(
    ("words", "order", "found"),
    [
        ("9/5/2026", "", '"9/5/2026", which is September 5, 2026 or May 9, 2026'),
        ("15/9/2026", "month-first", '"15/9/2026", while this workspace writes days month-first ([district] dates)'),
        ("9/15/2026", "day-first", '"9/15/2026", while this workspace writes days day-first ([district] dates)'),
        ("9/5/26", "month-first", '"9/5/26", a year in two digits'),
        ("5-Sep-26", "", '"5-Sep-26", a year in two digits'),
        ("2026-02-30", "", '"2026-02-30", which no calendar has'),
        ("2/30/2026", "month-first", '"2/30/2026", which no calendar has'),
        ("Monday, Aug 31, 2027", "", '"Monday, Aug 31, 2027", which is a Tuesday'),
        ("Augur 31, 2027", "", '"Augur 31, 2027"'),
        ("fall 2026", "", '"fall 2026"'),
    ],
)
def test_days_that_are_not_guessed_at_are_repeated_with_what_they_may_be(
    words: str, order: DateOrder, found: str
) -> None:
    wrong = answer(Column("Ends", "date"), words, order)
    assert isinstance(wrong, Wrong)
    assert wrong.found == found
