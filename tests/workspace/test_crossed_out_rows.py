"""What HR and trainers cross out in a workbook counts for nothing, and is never taken for what it says."""

from dataclasses import replace
from datetime import date

import pytest

from lms_sync.documents.esd_list import DOCUMENTS_FORM, read_list
from lms_sync.tables.cells import Book, Sheet
from lms_sync.tables.form import Form
from lms_sync.workspace.mapping.check import check_mapping_sheets
from lms_sync.workspace.mapping.forms import COURSES, OFFERINGS
from lms_sync.workspace.roster.check import RosterCheck, check_roster_sheets
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, PARTNERS, PEOPLE
from tests.workspace.roster_lines import DOE, POLICE, ROE, WORK, YEAR, Line, sheet, told

ROE_WORK: Line = {**WORK, "Person ID": "00418"}
EVERY = range(len(PEOPLE.columns))


def struck(form: Form, *lines: Line, row: int = 0, headings: tuple[str, ...] = ()) -> Sheet:
    columns = [c.heading for c in form.columns]
    places = tuple(columns.index(h) for h in headings) or tuple(range(len(columns)))
    return replace(sheet(form, *lines), crossed_out={row: places} if row else {})


def roster(people: Sheet | None = None, work: Sheet | None = None) -> RosterCheck:
    sheets = [
        sheet(PARTNERS, POLICE),
        sheet(AGREEMENTS, YEAR),
        people or sheet(PEOPLE, DOE, ROE),
        work or sheet(ASSIGNMENTS, WORK, ROE_WORK),
    ]
    return check_roster_sheets(sheets, file="roster.xlsx")


def test_an_assignment_that_is_crossed_out_is_one_finding_and_no_assignment() -> None:
    """Who had left a company by a line through the row was reported to it for ever."""
    checked = roster(work=struck(ASSIGNMENTS, WORK, ROE_WORK, row=3))
    assert (checked.roster, told(checked)) == (None, [("crossed-out", "Assignments!A3", True)])
    (finding,) = checked.findings
    assert (finding.found, "under Ends" in finding.remedy) == ("a row that is crossed out (00418)", True)


def test_a_person_who_is_crossed_out_is_one_finding() -> None:
    checked = roster(people=struck(PEOPLE, DOE, ROE, row=3))
    assert (checked.roster, told(checked)) == (None, [("crossed-out", "People!A3", True)])
    assert checked.findings[0].found == "a row that is crossed out (00418, Roe, Jo)"


def test_a_cell_that_is_crossed_out_says_nothing() -> None:
    checked = roster(people=struck(PEOPLE, DOE, ROE, row=3, headings=("First day with students",)))
    assert told(checked) == [("date-unreadable", "People!I3", True)]
    assert checked.findings[0].found == "a value that is crossed out (00418, Roe, Jo)"


@pytest.mark.parametrize("row", [0, 9])
def test_nothing_is_said_where_nothing_that_counts_is_crossed_out(row: int) -> None:
    checked = roster(people=struck(PEOPLE, DOE, ROE, row=row))
    assert (told(checked), checked.roster is not None) == ([], True)
    blank = roster(people=struck(PEOPLE, DOE, ROE, row=3, headings=("Preferred name", "Other IDs")))
    assert (told(blank), blank.roster is not None) == ([], True)


def test_an_example_may_be_crossed_out() -> None:
    example = {**ROE, "Person ID": "EXAMPLE-1"}
    checked = roster(struck(PEOPLE, DOE, example, row=3), sheet(ASSIGNMENTS, WORK))
    assert (told(checked), checked.roster is not None) == ([], True)


def test_a_topic_whose_x_is_crossed_out_is_not_taught() -> None:
    course: Line = {
        "Source": "*",
        "Course": "Trauma",
        "Title": "Trauma",
        "1": "x",
        "2": "x",
        "Decided by": "T. Rainer",
    }
    line: Line = {**course, "Decided on": date(2026, 9, 1)}
    sheets = [struck(COURSES, line, row=2, headings=("2",)), sheet(OFFERINGS)]
    checked = check_mapping_sheets(sheets, file="courses.xlsx", sources=())
    assert checked.course_map is None
    assert [(f.code, f.where) for f in checked.findings if f.blocks] == [
        ("mark-unreadable", "courses.xlsx, Courses!F2")
    ]


def test_a_row_that_an_esd_has_crossed_out_documents_nothing() -> None:
    line: Line = {"Person ID": "00417", "Component": "all", "Kind": "verified", "ESD": "ESD 113"}
    book = Book((struck(DOCUMENTS_FORM, line, {**line, "Person ID": "00418"}, row=3),))
    entries, findings, _ = read_list(book, file="list.xlsx")
    assert [entry.text("Person ID") for entry in entries] == ["00417", ""]
    assert [(f.code, f.where) for f in findings] == [("crossed-out", "list.xlsx, Documents!A3")]
