import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.compliance.gate import made_up
from lms_sync.reports import words
from lms_sync.reports.partner.planned import closes_words, hours_words, web_link


def test_a_day_cannot_be_read_as_another() -> None:
    assert words.written(date(2026, 3, 4)) == "4 Mar 2026"
    assert words.written_in_full(date(2026, 12, 31)) == "31 December 2026"
    assert words.span(date(2026, 12, 3), date(2026, 12, 3)) == "3 Dec 2026"
    assert words.span(date(2026, 12, 30), date(2027, 1, 2)) == "30 Dec 2026 to 2 Jan 2027"


@pytest.mark.parametrize(
    ("fee", "said"),
    [
        (None, "fee not known"),
        (Decimal(0), "no fee"),
        (Decimal(75), "$75"),
        (Decimal("1250.5"), "$1,250.50"),
        (Decimal("12.00"), "$12"),
    ],
)
def test_money(fee: Decimal | None, said: str) -> None:
    assert words.money(fee) == said


@pytest.mark.parametrize(
    ("hours", "said"), [(None, ""), (Decimal(1), "1 hour"), (Decimal("1.50"), "1.5 hours"), (Decimal(10), "10 hours")]
)
def test_hours(hours: Decimal | None, said: str) -> None:
    assert hours_words(hours) == said


@pytest.mark.parametrize(
    ("items", "said"), [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")]
)
def test_lists(items: tuple[str, ...], said: str) -> None:
    assert words.listed([made_up(item) for item in items]) == said


@pytest.mark.parametrize(
    ("numbers", "said"), [((3,), "3"), ((1, 2), "1, 2"), ((4, 1, 3, 2, 7), "1–4, 7"), ((1, 3, 4, 5), "1, 3–5")]
)
def test_number_ranges(numbers: tuple[int, ...], said: str) -> None:
    assert words.number_ranges(numbers) == said


def test_what_is_closed() -> None:
    assert closes_words(("topic-01", "topic-02", "topic-03", "topic-09")) == "topics 1–3, 9"
    assert closes_words(("topic-13",)) == "topic 13"
    assert closes_words(("on-the-job",)) == "on-the-job training days"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  a \n b\t", "a b"),
        ("a\u202eb", "ab"),
        ("a\x00b", "a b"),
        ("a\ud800b", "a b"),
        ("שרה, כהן", "\u2068שרה, כהן\u2069"),
        ("👩‍👧", "👩‍👧"),
    ],
)
def test_clean(text: str, shown: str) -> None:
    assert words.clean(text) == shown


@pytest.mark.parametrize(
    "link", ["javascript:x", "ftp://example.org", "https://example.org/a b", "", "www.example.org"]
)
def test_not_a_link(link: str) -> None:
    assert web_link(made_up(link)) == ""


def test_a_link() -> None:
    assert web_link(made_up(" HTTPS://example.org/a ")) == "HTTPS://example.org/a"


@given(st.text() | st.lists(st.sampled_from("ab  \t\u00a0\u05d0\u0627\u200f\u2013\u202e\u00e9\u4e00")).map("".join))
def test_a_text_that_needs_no_cleaning_is_told_from_one_that_does(text: str) -> None:
    line = " ".join(words._CONTROLS.sub(" ", words._BIDI_CONTROLS.sub("", text)).split())
    turned = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in line)
    assert words.clean(text) == (f"\u2068{line}\u2069" if turned else line)


def test_no_letter_is_read_from_right_to_left_outside_the_blocks_that_are_looked_for() -> None:
    letters = "".join(map(chr, range(0x20000)))
    turned = "".join(letter for letter in letters if unicodedata.bidirectional(letter) in {"R", "AL"})
    assert words._MAY_TURN.sub("", turned) == ""
