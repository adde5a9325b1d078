"""Birth dates are never kept, in every form that sheets bring them in; attacks as data."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.sources.spreadsheet.forbidden import APART, may_be_forbidden
from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.privacy import cleaning_of, without_forbidden
from lms_sync.tables.cells import Row, Value
from tests.sources.private_columns import LAYOUT, cleaned, dropped, left


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
    *(
        "3/2/05",
        "03/02/00",
        "12/31/08",
        "31/12/10",
        "3/2/'05",
        "3-2-'05",
        "2 Mar 05",
        "02-MAR-08",
        "2Mar10",
        "2. M\u00e4rz 05",
    ),
    *("Mar 2 '05", "March 2, 05", "Mar 2nd 05", "2 de marzo del 05", "3/2/05 0:00"),
    *("85-03-02", "85/03/02", "85.03.02", "85-12-25", "85\u201303\u201302", "85-03-02 00:00"),
    *("Saturday, 2 March 1985", "Saturday, March 2, 1985", "Sat 3/2/1985", "Sat. 3/2/85", "sat, Mar 2 '85"),
    *(
        "Sat 85-03-02",
        "s\u00e1bado, 2 de marzo de 1985",
        "Samstag, 2. M\u00e4rz 1985",
        "Sa, 2.3.85",
        "samedi 2 mars 1985",
    ),
    *("Saturday, the 2nd of March 1985", "3/2/1985 (Sat)", "2 March 1985, Saturday", "Wed, 2 Jan 85 12:00:00 AM"),
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


def test_birth_dates_beside_a_name_are_masked_and_titles_stay() -> None:
    assert left("Name", "Doe, Jane (03/02/1985)") == "Doe, Jane (****-**-**)"
    assert left("Kept", "born March 2, 1985") == "born ****-**-**"
    assert left("Name", "Doe, Jane (DOB 3/2/85)") == "Doe, Jane (DOB ****-**-**)"
    assert left("Course", "Jane Doe, born on 2 Mar 05") == "Jane Doe, born on ****-**-**"
    assert left("Kept", "D.O.B.: Mar. 2, '85; x") == "D.O.B.: ****-**-**; x"
    assert left("Kept", "Rebirth 3/2/85") == "Rebirth 3/2/85"
    assert left("Course", "Handbook of 05/01/2009") == "Handbook of 05/01/2009"


@pytest.mark.parametrize(
    "words",
    [
        *("Handbook 3.2.85", "v3.2.85", "3.2.85 Handbook", "3.2.185", "3.20.13.85", "13.14.85", "32.1.85", "3.2.26"),
        *(
            "1.2.03",
            "1-2-03",
            "01.02.03",
            "10-11-08",
            "Dec 5-10",
            "Oct 5, 10",
            "Mar 3 of 05",
            "Part 3/4/05",
            "3/4/05 v2",
        ),
        *(
            "10/03/25",
            "9/23/25",
            "23 Sep 25",
            "Sep 23, 25",
            "Tue, 9/23/2025",
            "Tuesday, September 23, 2025",
            "Sat 10",
        ),
        *(
            "25-03-02",
            "85-13-02",
            "85-03-32",
            "85-3-2",
            "185-03-02",
            "85-03-021",
            "Sun City",
            "Mo 45",
            "Saturday Drill",
        ),
        *("Friday 13 05", "Monday, Unit 3 of 45", "Do 3 85"),
        *("87.50", "1.85", "Unit 3 of 45", "Mark 2 45", "Decision 3, 50", "2 Marines 45", "Mar 285", "3-2/85"),
    ],
)
def test_what_is_no_birth_date_of_two_digits_for_the_year_stays(words: str) -> None:
    for heading in ("Name", "Course", "Kept"):
        assert left(heading, words) == words


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
