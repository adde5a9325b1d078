from pathlib import Path

import pytest
from openpyxl import load_workbook

from lms_sync.files import shipped
from lms_sync.model.course_map import CourseMap
from lms_sync.tables.form import Form
from lms_sync.tables.read import Row, Sheet, Value, read_sheets
from lms_sync.workspace.mapping.check import check_mapping
from lms_sync.workspace.mapping.forms import COURSES, OFFERINGS
from lms_sync.workspace.roster.check import check_roster_sheets
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, PARTNERS, PEOPLE
from lms_sync.workspace.start.starter import read_starter, starter_workbook
from lms_sync.workspace.start.workbooks import EXAMPLES, roster_workbook, sheet_of

FORMS = (PARTNERS, AGREEMENTS, PEOPLE, ASSIGNMENTS, COURSES, OFFERINGS)


@pytest.fixture(scope="module")
def starter_map() -> CourseMap:
    found = check_mapping(shipped("mappings") / "courses.xlsx", sources=()).course_map
    assert found is not None
    return found


def test_the_shipped_map_is_what_its_source_says() -> None:
    shipped_bytes = (shipped("mappings") / "courses.xlsx").read_bytes()
    assert shipped_bytes == starter_workbook(), "run python -m lms_sync.workspace.start.starter"


def test_the_shipped_map_has_nothing_wrong_with_it() -> None:
    assert check_mapping(shipped("mappings") / "courses.xlsx", sources=()).findings == ()


def test_the_starter_map_teaches_what_each_title_says(starter_map: CourseMap) -> None:
    rows = {(row.course, row.unit): row for row in starter_map.rows}
    assert rows["S5: School Safety Staff State Summit", ""].topics == tuple(range(1, 14))
    assert rows["FERPA (Family Educational Rights and Privacy Act)", ""].topics == (12,)
    assert rows["HB 1214 Online Training - ESD 105", "Trauma Informed Approaches"].topics == (3,)
    assert rows["On-the-job day", ""].teaches == (("on-the-job", 1),)
    assert rows["Check-in", ""].teaches == (("check-in", 1),)
    assert {row.source for row in starter_map.rows} == {"*"}


def test_what_nobody_confirmed_ships_undecided_and_without_an_x(starter_map: CourseMap) -> None:
    suggested = {course.title for course in read_starter().course if course.suggested is not None}
    assert suggested
    assert {row.course for row in starter_map.rows if row.decided_on is None} == suggested
    assert not any(row.teaches for row in starter_map.rows if row.decided_on is None)


def test_starter_titles_are_written_once() -> None:
    starter = read_starter()
    titles = [course.title for course in starter.course] + [unit.title for unit in starter.unit]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("form", FORMS, ids=[form.title for form in FORMS])
def test_every_example_and_note_belongs_to_a_column(form: Form) -> None:
    headings = {column.heading for column in form.columns}
    assert all(set(line) <= headings for line in EXAMPLES.get(form.title, ()))
    spec = sheet_of(form, EXAMPLES.get(form.title, ()))
    assert [column.heading for column in spec.columns] == [column.heading for column in form.columns]
    assert all(column.note for column in form.columns if column.required and not column.choices) or form is PEOPLE


def test_the_examples_would_be_sound_facts(tmp_path: Path) -> None:
    """The examples are passed over by their id alone: renamed, they make a roster."""
    path = tmp_path / "roster.xlsx"
    path.write_bytes(roster_workbook())
    checked = check_roster_sheets([renamed(sheet) for sheet in read_sheets(path)], file="roster.xlsx")
    assert checked.findings == ()
    assert checked.roster is not None
    assert list(checked.roster.people) == ["MY-00417"]
    assert len(checked.roster.partners) == 2


def test_codes_stay_text_choices_drop_down_and_headers_stay_in_sight(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(roster_workbook())
    book = load_workbook(path)
    assert book.sheetnames == ["Partners", "Agreements", "People", "Assignments", "Buildings", "Contacts"]
    people = book["People"]
    assert [people.cell(4, column).value for column in (1, 2, 3)] == ["Person ID", "Last name", "First name"]
    assert people.freeze_panes == "D5"
    assert people.column_dimensions["A"].number_format == "@"
    rules = {str(rule.sqref).partition(":")[0]: rule for rule in people.data_validations.dataValidation}
    assert rules["F5"].formula1 == '"SRO,other"'
    assert "zeros" in str(rules["A5"].prompt)


def renamed(sheet: Sheet) -> Sheet:
    def mine(value: Value) -> Value:
        return value.replace("EXAMPLE-", "MY-") if isinstance(value, str) else value

    return Sheet(sheet.name, sheet.hidden, tuple(Row(row.number, tuple(map(mine, row.cells))) for row in sheet.rows))
