"""What must never be kept, in every form that sheets bring it in; attacks as data."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.sources.spreadsheet.forbidden import APART, mask, may_be_forbidden, plain_texts
from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.sources.spreadsheet.privacy import Clean, cleaning_of, without_forbidden
from lms_sync.tables.cells import Row, Value

PLAIN: dict[str, Any] = {
    "name": "acme",
    "kind": "rows",
    "columns": {
        "person_id": ["ID"],
        "name": ["Name"],
        "course": ["Course"],
        "completed_on": ["Done on"],
        "certificate": ["Certificate"],
    },
    "optional": ["person_id", "name", "course", "completed_on", "certificate"],
    "key": ["person_id", "course"],
    "keep": ["Kept"],
}
LAYOUT = Layout.model_validate(PLAIN)


def cleaned(heading: str, *values: Value) -> Clean:
    """Return what is left of a table of one column; headings of PLAIN play their role."""
    role = next((role for role, headings in LAYOUT.columns.items() if heading in headings), None)
    rows = tuple(Row(number, (value,)) for number, value in enumerate(values, start=2))
    return without_forbidden(Table("S", (heading,), {role: 0} if role else {}, rows), LAYOUT)


def left(heading: str, value: Value) -> Value:
    """Return what is left of one value among others that are harmless."""
    return cleaned(heading, value, "a", "b", "c").table.rows[0].cell(0)


def dropped(heading: str, *values: Value) -> bool:
    clean = cleaned(heading, *values)
    assert all(row.cells == (None,) for row in clean.table.rows) is bool(clean.columns)
    return bool(clean.columns)


@pytest.mark.parametrize("heading", ["SSN", "ssn#", "Emp_SSN_4", "Social Security No.", "S.S.N.", "SocialSecurity"])
def test_headings_of_social_security_numbers(heading: str) -> None:
    assert dropped(heading, 123456789.0)


@pytest.mark.parametrize("heading", ["DOB", "emp_dob", "Date of Birth", "BirthDate", "Born", "D.O.B."])
def test_headings_of_birth_dates(heading: str) -> None:
    assert dropped(heading, "x")


@pytest.mark.parametrize(
    "heading", ["Lesson", "Class number", "Adobe course", "Childbirth", "Classname", "Assn. member"]
)
def test_headings_that_only_look_alike(heading: str) -> None:
    assert not dropped(heading, "A-12")


@pytest.mark.parametrize(
    "values",
    [
        ("123-45-6789", "123-45-6780", "unknown"),
        ("1/2/1980", "3/4/1975", "5/6/1990"),
        ("1980-01-02", "1930-12-31", "2010-12-31 00:00"),
    ],
)
def test_values_that_give_a_column_away(values: tuple[Value, ...]) -> None:
    assert dropped("Note", *values)


@pytest.mark.parametrize(
    "values",
    [
        ("123-45-6789", "see file", "n/a"),
        ("1/2/1980", "3/4/1975"),
        ("1/2/1980", "3/4/1975", "5/6/2011"),
        ("1/2/1980", "3/4/1975", "unknown"),
        (1980, 1975, 1990),
    ],
)
def test_values_that_do_not(values: tuple[Value, ...]) -> None:
    assert not dropped("Note", *values)


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


BIRTH_DAYS = (
    date(1985, 3, 2),
    datetime(1985, 3, 2, 7),
    "03/02/1985",
    "2.3.1985",
    "1985-03-02",
    "1985-03-02 00:00",
    "2 March 1985",
    "2nd Mar. 1985",
    "March 2, 1985",
    "3/2/85",
    "3/2/'85",
    "02-MAR-85",
    "02MAR1985",
    "02MAR85",
    "Mar-02-1985",
    "1985-Mar-02",
    "2nd of March 1985",
    "3/2/1985 12:00:00 AM",
    "03/02/1985 0:00",
    "02-Mar-1985 00:00:00",
    "2 de marzo de 1985",
    "03\u201302\u20131985",
    "\uff10\uff13\uff0f\uff10\uff12\uff0f\uff11\uff19\uff18\uff15",
    *(
        "3.2.85",
        "03.02.85",
        "3. 2. 85",
        "3.2.'85",
        "3.2.1985",
        "3. 2. 1985",
        "31.12.85",
        "12/31/85",
        "3\u20132\u201385",
    ),
    *("Mar 2 '85", "2 Mar '85", "2 Mar \u201985", "Mar 2, '85", "March 2, 85", "Mar. 2 85", "Mar 2'85"),
    *("2nd March '85", "2-Mar-85", "2.Mar.85", "2Mar85", "2/Mar/1985", "Mar/2/1985", "Mar.2.1985", "2 Mar 85 0:00"),
    *("2. M\u00e4rz 1985", "2. Ma\u0308rz 85", "2. Okt. 1985", "2. Dez 85", "2. MAI 1985", "1. J\u00e4nner 1985"),
    *("2.Mrz.85", "2 mars 1985", "1er ao\u00fbt 1985", "2 f\u00e9vr. 85", "2 juil. 1985", "2 d\u00e9cembre '85"),
    *("2 aout 1985", "2 avr. 85", "2 de marzo del 85", "2 ene 85", "2 set. 1985", "mayo 2, 1985", "2 dic '85"),
)


@pytest.mark.parametrize("value", BIRTH_DAYS)
def test_5_birth_dates_are_dropped_in_columns_whose_role_is_no_day(value: Value) -> None:
    for heading in ("Name", "Course", "Certificate", "Kept"):
        clean = cleaned(heading, value)  # also in a sheet of one row
        assert (clean.table.rows[0].cell(0), clean.values) == (None, {"birth dates": (1, (0,))})
    assert left("Done on", value) == value


@pytest.mark.parametrize(
    "value", ["19850302", 19850302, "03021985", "\uff11\uff19\uff18\uff15\uff10\uff13\uff10\uff12"]
)
def test_5_birth_dates_without_signs_are_dropped_in_columns_without_a_role(value: Value) -> None:
    assert left("Kept", value) is None
    assert left("ID", value) == value
    for words in (19851302, "19850232x", "20250302", 1985030):
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


def test_birth_dates_beside_a_name_are_masked_and_titles_stay() -> None:
    assert left("Name", "Doe, Jane (03/02/1985)") == "Doe, Jane (****-**-**)"
    assert left("Kept", "born March 2, 1985") == "born ****-**-**"
    assert left("Course", "Handbook of 05/01/2009") == "Handbook of 05/01/2009"


@pytest.mark.parametrize(
    "words",
    [
        *("Handbook 3.2.85", "v3.2.85", "3.2.85 Handbook", "3.2.185", "3.20.13.85", "13.14.85", "32.1.85", "3.2.26"),
        *("87.50", "1.85", "Unit 3 of 45", "Mark 2 45", "Decision 3, 50", "2 Marines 45", "Mar 285", "3-2/85"),
    ],
)
def test_what_is_no_birth_date_of_two_digits_for_the_year_stays(words: str) -> None:
    for heading in ("Name", "Course", "Kept"):
        assert left(heading, words) == words


def test_columns_that_the_layout_uses_are_refused_by_heading_or_where_the_key_needs_them() -> None:
    with pytest.raises(Misread, match="social security numbers"):
        cleaned("ID", "123-45-6789", "123 45 6780")
    assert cleaned("Certificate", "123-45-6789", "123 45 6780").values == {"social security numbers": (2, (0,))}
    assert left("ID", "123-45-6789") == "***-**-****"


def test_days_of_a_matrix_are_no_birth_dates_and_bare_numbers_in_it_are_dropped() -> None:
    rows = tuple(Row(n, (value,)) for n, value in enumerate(("03/02/2009", "123456789"), start=2))
    clean = without_forbidden(Table("S", ("De-escalation",), {}, rows), LAYOUT, frozenset({0}))
    assert [row.cell(0) for row in clean.table.rows] == ["03/02/2009", None]


DIGITS = st.text("0123456789", min_size=1, max_size=4)
MARKS = st.sampled_from(
    ("-", "/", " ", "", ".", ". ", " '", ", ", " Mar ", "MAR", ".Sept.", " de mayo de ", "-juil-", "SSN ")
)
PARTS = st.lists(st.tuples(MARKS, DIGITS), max_size=5)


def careful(heading: str, value: Value) -> tuple[Value, str]:
    """Return what is left of a value, and what was dropped of it, without a quick look before."""
    columns = {} if heading == "Kept" else {role: 0 for role, named in LAYOUT.columns.items() if heading in named}
    return cleaning_of(Table("S", (heading,), columns, ()), LAYOUT).columns[0].clean(value)


@pytest.mark.slow
@given(PARTS, st.sampled_from(("Kept", "Name", "Certificate")), st.sampled_from(("", " 0:00", " 12:00:00 AM")))
@settings(max_examples=500)
def test_a_quick_look_misses_nothing_that_must_never_be_kept(
    parts: list[tuple[str, str]], heading: str, behind: str
) -> None:
    words = "".join(mark + digits for mark, digits in parts) + behind
    assert (careful(heading, words)[1] == "") or (may_be_forbidden(words) and left(heading, words) != words)


@pytest.mark.parametrize("words", [day for day in BIRTH_DAYS if isinstance(day, str) and day.isascii()])
def test_quick_looks_see_every_birth_date(words: str) -> None:
    assert may_be_forbidden(words)
    assert may_be_forbidden(APART.join(("Unit 1", words, "45")))
    assert not may_be_forbidden(APART.join(("Unit 3", "85", "Deputy 2", "'85")))


@pytest.mark.parametrize("words", [words for words in SSNS if words.isascii() and words.isprintable()])
def test_no_number_of_one_text_and_another_is_taken_for_one(words: str) -> None:
    assert may_be_forbidden(words)
    assert all(plain_texts((words[:cut], words[cut:])) for cut in (3, 6))
