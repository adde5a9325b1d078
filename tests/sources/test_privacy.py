import pytest

from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.privacy import identifies, mask, without_forbidden
from lms_sync.tables.cells import Row, Value


def dropped(heading: str, *values: Value) -> bool:
    rows = tuple(Row(number, (value,)) for number, value in enumerate(values, start=2))
    table, forbidden = without_forbidden(Table("S", (heading,), {}, rows))
    assert all(row.cells == (None,) for row in table.rows) is bool(forbidden)
    return bool(forbidden)


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


@pytest.mark.parametrize("heading", ["User name", "Officer", "Badge", "Signature"])
def test_headings_that_identify_people(heading: str) -> None:
    assert identifies(heading)


@pytest.mark.parametrize("heading", ["Course name", "Module ID", "Due Date", "Score"])
def test_headings_that_identify_nobody(heading: str) -> None:
    assert not identifies(heading)
