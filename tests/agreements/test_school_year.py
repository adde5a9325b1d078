"""The school year of a day, around the day on which it begins."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.errors import UsageError
from lms_sync.law.school_year import school_year_beginning, school_year_named, school_year_of, school_years

DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))
BEGINS = st.dates(date(2001, 1, 1), date(2001, 12, 31)).map(lambda day: f"{day:%m-%d}")


@pytest.mark.parametrize(
    ("day", "begins", "name"),
    [
        (date(2026, 8, 31), "09-01", "2025-26"),
        (date(2026, 9, 1), "09-01", "2026-27"),
        (date(2027, 8, 31), "09-01", "2026-27"),
        (date(2026, 12, 31), "09-01", "2026-27"),
        (date(2027, 1, 1), "09-01", "2026-27"),
        (date(2026, 6, 30), "07-01", "2025-26"),
        (date(2026, 7, 1), "07-01", "2026-27"),
        (date(2028, 2, 29), "03-01", "2027-28"),
        (date(2028, 12, 31), "01-01", "2028-29"),
        (date(2099, 9, 1), "09-01", "2099-00"),
    ],
)
def test_a_day_falls_in_the_year_that_began_last(day: date, begins: str, name: str) -> None:
    assert school_year_of(day, begins).name == name


@given(DAYS, BEGINS)
def test_every_day_falls_in_its_own_year_and_the_years_follow_each_other(day: date, begins: str) -> None:
    year = school_year_of(day, begins)

    assert year.contains(day)
    assert school_year_of(year.last + timedelta(days=1), begins).first == year.last + timedelta(days=1)
    assert school_year_named(year.name, begins) == year


def test_a_month_and_day_stand_in_the_half_that_has_them() -> None:
    year = school_year_beginning(2026, "09-01")

    assert year.day("09-01") == date(2026, 9, 1)
    assert year.day("12-15") == date(2026, 12, 15)
    assert year.day("07-15") == date(2027, 7, 15)
    assert year.day("08-31") == date(2027, 8, 31)


def test_a_span_of_days_touches_every_year_in_it() -> None:
    years = school_years(date(2026, 8, 31), date(2028, 9, 1), "09-01")

    assert [year.name for year in years] == ["2025-26", "2026-27", "2027-28", "2028-29"]


@pytest.mark.parametrize("text", ["2026-27", " 2026-2027 ", "2026–27", "2026/27"])
def test_a_school_year_is_read_however_people_write_it(text: str) -> None:
    assert school_year_named(text, "09-01") == school_year_beginning(2026, "09-01")


@pytest.mark.parametrize("text", ["", "2026", "2026-28", "26-27", "2026-26", "twenty"])
def test_what_is_no_school_year_is_refused_with_the_way_to_write_it(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        school_year_named(text, "09-01")

    assert "2026-27" in refused.value.hint
