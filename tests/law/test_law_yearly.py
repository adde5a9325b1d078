"""What an agreement must hold and what a district owes each year, as data that is read strictly."""

from datetime import date

import pytest

from lms_sync.errors import UsageError
from lms_sync.law.yearly import load_yearly, parse_yearly

TODAY = load_yearly().on(date(2026, 11, 24))
SHIPPED = load_yearly().text
POINT = '[[version.points]]\nid = "A1"\nkind = "text"\nname = "x"\nwording = "x"\n'
DUTY = '[[version.duties]]\nid = "ospi"\neach = "district"\nname = "x"\ncitation = "x"\n'


def version(day: str, *entries: str) -> str:
    head = f'[[version]]\nid = "{day}"\nin_force_from = {day}\ncitation = "made up"\nconfidence = "none"\n'
    return head + "".join(entries)


def test_a_new_version_is_in_force_from_its_day_and_before_the_first_one_the_first() -> None:
    yearly = parse_yearly(SHIPPED + version("2030-07-01", POINT, DUTY))
    days = (date(2020, 1, 1), date(2021, 7, 25), date(2030, 6, 30), date(2030, 7, 1), date(2030, 7, 2))
    found = [yearly.on(day).id for day in days]
    assert found == ["2021-07-25", "2021-07-25", "2021-07-25", "2030-07-01", "2030-07-01"]


def test_an_agreement_has_five_points_of_clause_a_two_of_b_one_of_c_and_three_who_are_involved() -> None:
    """Source: RCW 28A.320.1242, Policy 4311."""
    assert [point.id for point in TODAY.points if point.kind == "text"] == ["A1", "A2", "A3", "A4", "A5", "B1", "B2"]
    assert [point.id for point in TODAY.points if point.kind == "series"] == ["C"]
    assert [point.id for point in TODAY.points if point.kind == "involvement"] == ["parents", "students", "community"]


def test_the_duties_of_a_school_year() -> None:
    assert {duty.id: duty.each for duty in TODAY.duties} == {
        "students": "building",
        "families": "district",
        "ospi": "district",
    }


def test_a_point_is_found_in_any_case_and_an_unknown_one_is_refused() -> None:
    assert TODAY.point(" a3 ").id == "A3"
    assert TODAY.duty(" OSPI ").id == "ospi"
    with pytest.raises(UsageError, match="no such point"):
        TODAY.point("A6")
    with pytest.raises(UsageError, match="no such yearly duty"):
        TODAY.duty("pupils")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "expected nothing but"),
        ("version = []", "each after the one before"),
        (SHIPPED + version("2021-07-25"), "each after the one before"),
        (SHIPPED + version("2020-01-01"), "each after the one before"),
        (version("2030-07-01", POINT, POINT), "point A1 is there twice"),
        (version("2030-07-01", DUTY, DUTY), "duty ospi is there twice"),
        ('[[version]]\nid = "x"\n', "missing"),
        ('[[version]]\nid = "x"\ncolour = "red"\n', "unknown"),
    ],
)
def test_a_wrong_text_is_refused_with_its_place(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_yearly(text)
