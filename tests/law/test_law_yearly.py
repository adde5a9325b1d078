"""What an agreement must hold and what a district owes each year, as data that is read strictly."""

from datetime import date

import pytest

from lms_sync.errors import UsageError
from lms_sync.law.yearly import load_yearly, parse_yearly

TODAY = load_yearly().on(date(2026, 11, 24))


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
    assert TODAY.duty("OSPI").id == "ospi"
    with pytest.raises(UsageError, match="no such point"):
        TODAY.point("A6")
    with pytest.raises(UsageError, match="no such yearly duty"):
        TODAY.duty("pupils")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "expected nothing but"),
        ("version = []", "each after the one before"),
        ('[[version]]\nid = "x"\n', "missing"),
        ('[[version]]\nid = "x"\ncolour = "red"\n', "unknown"),
    ],
)
def test_a_wrong_text_is_refused_with_its_place(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_yearly(text)
