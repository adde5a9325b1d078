"""Social security numbers are never kept, in every form that sheets bring them in; attacks as data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.sources.spreadsheet.forbidden import MAY_BE_SSN, mask, may_be_forbidden, may_be_ssn, plain_texts
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.tables.cells import Value
from tests.sources.private_columns import cleaned, dropped, left


@pytest.mark.parametrize("heading", ["SSN", "ssn#", "Emp_SSN_4", "Social Security No.", "S.S.N.", "SocialSecurity"])
def test_headings_of_social_security_numbers(heading: str) -> None:
    assert dropped(heading, 123456789.0)


def test_only_whole_numbers_are_masked() -> None:
    assert mask("ids 123-45-6789, 9123-45-6789, 123-45-67890 and 2025-09-03") == (
        "ids ***-**-****, 9123-45-6789, 123-45-67890 and 2025-09-03"
    )


SSNS = (
    "123-45-6789",
    "123 45 6789",
    "123\u00a045\u00a06789",
    "123\u201145\u20116789",
    "123\u201345\u20136789",
    "123\u221245\u22126789",
    "123\uff0d45\uff0d6789",
    "123 - 45 - 6789",
    "123- 45 -6789",
    "123.45.6789",
    "123/45/6789",
    "123_45_6789",
    "123\u00b745\u00b76789",
    "\uff11\uff12\uff13-45-6789",
    "123\u201245\u20126789",
    "123\u202f45\u202f6789",
    "123\u300045\u30006789",
    "123\n45\n6789",
    "123\u2022 45 \u20226789",
    "123) 45-6789",
    "\u0661\u0662\u0663-\u0664\u0665-\u0666\u0667\u0668\u0669",
)


@pytest.mark.parametrize("ssn", SSNS)
@pytest.mark.parametrize("heading", ["Name", "Course", "Certificate", "Done on", "Kept", "Note"])
def test_5_social_security_numbers_of_any_separator_are_dropped_everywhere(heading: str, ssn: str) -> None:
    assert left(heading, ssn) == ("***-**-****" if heading == "Course" else None), "the key needs the course"
    assert left(heading, f"Noor {ssn}, north") == "Noor ***-**-****, north"
    assert cleaned(heading, ssn, "a", "b", "c", f"x {ssn}").values == {"social security numbers": (2, (0,))}


@pytest.mark.parametrize(
    "words",
    [
        "2025-09-03 07:30:00",
        "Room 101, 12/2024",
        "360-555-0100",
        "(360) 555 01 00",
        "550e8400-e29b-41d4-a716-446655440000",
        "+1 206 555 0123",
        "1-800-12-34567",
        "Policy 4311 - 09.2025",
        "98101-1234",
    ],
)
def test_what_is_no_social_security_number_stays(words: str) -> None:
    assert (left("Name", words), mask(words)) == (words, words)


@pytest.mark.parametrize("value", ["123456789", 123456789, 123456789.0, " 123456789 "])
def test_5_nine_bare_digits_are_dropped_in_columns_without_a_role(value: Value) -> None:
    assert left("Kept", value) is None
    assert left("Kept", f"SSN:{value}") == "SSN:***-**-****" or "  " in f"{value} " or isinstance(value, float)
    assert left("ID", value) == value


def test_nine_digits_of_another_number_stay() -> None:
    for words in ("1234567890", "0.123456789", "12345678", 12345678, "CERT1234567890"):
        assert left("Kept", words) == words


@pytest.mark.parametrize(
    "words",
    [
        *("SSN 123456789", "ssn#123456789", "Social Security No. 123456789"),
        *("SS# 123456789", "SSAN: 123456789", "S.S.N. 123456789", "Soc. Sec. No. 123456789"),
    ],
)
def test_5_nine_digits_that_are_called_a_social_security_number_stay_nowhere(words: str) -> None:
    assert left("Name", words) is None
    assert "123456789" not in mask(f"Doe {words}")


def test_columns_that_the_layout_uses_are_refused_by_heading_or_where_the_key_needs_them() -> None:
    with pytest.raises(Misread, match="social security numbers"):
        cleaned("ID", "123-45-6789", "123 45 6780")
    assert cleaned("Certificate", "123-45-6789", "123 45 6780").values == {"social security numbers": (2, (0,))}
    assert left("ID", "123-45-6789") == "***-**-****"


@pytest.mark.parametrize("words", [words for words in SSNS if words.isascii() and words.isprintable()])
def test_no_number_of_one_text_and_another_is_taken_for_one(words: str) -> None:
    assert may_be_forbidden(words)
    assert all(plain_texts((words[:cut], words[cut:])) for cut in (3, 6))


@given(st.text("19\u0663 -/,:a\u2013\0", max_size=14))
def test_a_day_may_hold_a_number_where_any_text_may(words: str) -> None:
    assert may_be_ssn(words) == (MAY_BE_SSN.search(words) is not None)
