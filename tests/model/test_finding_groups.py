"""Findings that say the same stand in one line with all their cells, in the order of sheets and rows."""

from dataclasses import replace

import pytest

from lms_sync.model.finding import Area, Finding
from lms_sync.model.finding_groups import MOST_LISTED, capped, together


def finding(place: str, found: str = "the cell is blank", *, handle: str = "", code: str = "x") -> Finding:
    return Finding(Area.ROSTER, code, f"roster.xlsx, {place}", found, "a day", "Fill it in.", ("7",), handle=handle)


def blank(*cells: str) -> list[Finding]:
    return [finding(f"Assignments!{cell}") for cell in cells]


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        (["F3"], "roster.xlsx, Assignments!F3"),
        ([f"F{n}" for n in range(29, 2, -1)], "roster.xlsx, 27 cells, Assignments!F3:F29"),
        (["F3", "G3", "F4", "F10"], "roster.xlsx, 4 cells, Assignments!F3:F4, F10, G3"),
        (["AA2", "B2"], "roster.xlsx, 2 cells, Assignments!B2, AA2"),
        ([f"F{n}" for n in range(3, 21, 2)], "roster.xlsx, 9 cells, Assignments!F3, F5, F7, F9, F11, F13 and 3 more"),
        ([f"F{n}" for n in range(3, 2003)], "roster.xlsx, 2,000 cells, Assignments!F3:F2002"),
    ],
)
def test_equal_findings_are_one_line_with_their_cells(cells: list[str], where: str) -> None:
    (group,) = together(blank(*cells))
    assert group.where == where
    assert str(group) == f"{where}: the cell is blank. Expected: a day. Fill it in."
    assert len(group.findings) == len(cells)


def test_a_line_names_whose_cells_they_are_as_far_as_that_helps() -> None:
    class_of = [finding(f"People!F{n}", f"Class is blank (E10{n}, Reyes)") for n in range(3, 9)]
    (two,) = together(class_of[:2])
    assert (two.found, two.where) == (
        "Class is blank (E103, Reyes; E104, Reyes)",
        "roster.xlsx, 2 cells, People!F3:F4",
    )
    assert two.as_one.found == two.found
    assert f": {two.found}. Expected" in str(two)
    (six,) = together(class_of)
    assert six.found == "Class is blank (E103, Reyes; E104, Reyes; E105, Reyes; E106, Reyes; and 2 more)"
    assert together(class_of[:1])[0].found == "Class is blank (E103, Reyes)"
    assert len(together([class_of[0], finding("People!I3", "Starts is blank (E103, Reyes)")])) == 2


@pytest.mark.parametrize(
    "other",
    [
        finding("People!F4"),
        finding("Assignments!F4", "the error #N/A"),
        finding("Assignments!F4", code="y"),
        replace(finding("Assignments!F4"), blocks=True),
        replace(finding("Assignments!F4"), source="acme"),
        finding("Assignments!F4", handle="3fa94c12"),
        replace(finding("Assignments!F4"), where="acme.csv, F4"),
    ],
    ids=["another sheet", "another value", "another code", "another severity", "another source", "to decide", "file"],
)
def test_what_says_something_else_or_is_decided_by_its_id_stands_alone(other: Finding) -> None:
    assert [len(group.findings) for group in together([*blank("F3"), other])] == [1, 1]


def test_what_stands_in_no_cell_is_never_drawn_together() -> None:
    same = [Finding(Area.CONFIG, "x", f"source {name}", "a", "b", "c") for name in ("A", "B")]
    assert [group.where for group in together(same)] == ["source A", "source B"]


def test_lines_come_by_sheet_as_first_named_and_by_row() -> None:
    mixed = [finding(place, found=place) for place in ("People!C10", "Work!A2", "People!B9", "People!AB9", "People")]
    assert [group.where.rpartition(", ")[2] for group in together(mixed)] == [
        *("People!B9", "People!AB9", "People!C10", "Work!A2", "People"),
    ]


def test_one_finding_that_stands_for_several_keeps_the_id_of_the_first() -> None:
    several = [replace(one, people=(one.where[-1],)) for one in blank("F4", "F3")]
    (group,) = together(several)
    assert (group.as_one.id, group.as_one.people) == (several[1].id, ("3", "4"))
    assert group.as_one.where == group.where


def test_many_of_one_kind_in_one_sheet_are_counted_and_the_others_are_shown() -> None:
    many = [finding(f"People!C{n}", found=f"“{n}”") for n in range(2, 2002)]
    found = capped(together([*many, finding("Work!A2", "odd")]))
    assert len(found.groups) == MOST_LISTED + 1
    assert found.left_out == (("x in roster.xlsx, People", 2000 - MOST_LISTED),)
