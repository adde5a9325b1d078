"""How a roster is written: headings, columns, examples, codes and days that a spreadsheet changed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lms_sync.tables.form import Form
from lms_sync.tables.read import ErrorValue, Row, Sheet, Value
from lms_sync.workspace.roster.check import check_roster, check_roster_sheets
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, PARTNERS, PEOPLE
from tests.workspace.roster_lines import DOE, GUARDS, POLICE, ROE, WORK, YEAR, check, sheet, told


def test_codes_that_became_numbers_are_read_and_told_once_per_column() -> None:
    people = tuple({**DOE, "Person ID": float(n), "E-mails": None} for n in (417, 418, 419))
    work = tuple({**WORK, "Person ID": float(n)} for n in (417, 418, 419))
    checked = check(*work, people=people)
    assert told(checked) == [("code-is-number", "People!A2", False), ("code-is-number", "Assignments!A2", False)]
    assert "and 2 more below" in checked.findings[0].found
    assert checked.roster is not None
    assert set(checked.roster.people) == {"417", "418", "419"}


BEFORE = frozenset({"PD", "PD-26", "00417", "00418"})


def test_codes_of_the_roster_before_that_lost_their_zeros_are_nobody_new() -> None:
    """A spreadsheet program made numbers of all of them: everybody would be somebody of whom nothing is known."""
    people = tuple({**DOE, "Person ID": float(n), "E-mails": None} for n in (417, 418))
    checked = check({**WORK, "Person ID": 417.0}, people=people, known=BEFORE)
    assert told(checked)[:2] == [("code-is-number", "Assignments!A2", False), ("id-lost-zeros", "People!A2", True)]
    found = checked.findings[1].found
    assert found == 'the number 417, where the roster had the code "00417" before and 1 more below'
    assert checked.roster is None


@pytest.mark.parametrize(
    ("code", "known"),
    [("417", BEFORE), (417.0, frozenset({"PD", "PD-26"})), (417.0, BEFORE | {"417"}), (417.0, None), (500.0, BEFORE)],
    ids=["text is meant so", "nobody like it", "known as it is", "nobody can tell", "another number"],
)
def test_any_other_code_is_taken_as_it_is(code: Value, known: frozenset[str] | None) -> None:
    text = str(code).removesuffix(".0")
    checked = check({**WORK, "Person ID": text}, people=({**DOE, "Person ID": code},), known=known)
    assert checked.roster is not None
    assert set(checked.roster.people) == {text}


def test_an_assignments_code_that_differs_by_its_zeros_is_written_alike() -> None:
    (_, unknown, _) = check(people=({**DOE, "Person ID": 417.0},)).findings
    assert unknown.code == "id-unknown"
    assert unknown.remedy.startswith('Did you mean "417"? Write both alike, with the zeros of the id')


@pytest.mark.parametrize("code", [4.17, 1e16, "417.0", "4.17E+02", True, date(2026, 3, 4), ErrorValue("#REF!")])
def test_a_code_that_a_spreadsheet_changed_is_not_guessed(code: Value) -> None:
    checked = check(people=(DOE, {**ROE, "Person ID": code}))
    assert told(checked)[0] == ("id-unreadable", "People!A3", True)


def test_examples_and_blank_rows_are_no_facts() -> None:
    example = {**POLICE, "Partner ID": "EXAMPLE-PD", "Report to": "not an address"}
    checked = check(partners=(example, POLICE, {"Name": "  "}))
    assert not checked.findings
    assert checked.roster is not None
    assert list(checked.roster.partners) == ["PD"]


def test_a_roster_of_examples_only_never_empties_the_one_in_force() -> None:
    checked = check({**WORK, "Person ID": "EXAMPLE-1"}, people=({**DOE, "Person ID": "EXAMPLE-1"},))
    assert told(checked) == [("roster-empty", "People", True)]


def test_columns_stand_in_any_order_under_titles_and_aliases() -> None:
    good = sheet(PEOPLE, DOE)
    headings = ["EMAIL" if h == "E-mails" else str(h).upper() + " " for h in reversed(good.rows[0].cells)]
    turned = Sheet(
        "people",
        hidden=False,
        rows=(
            Row(1, ("Our people",)),
            Row(4, (*headings, "Badge")),
            Row(5, (*reversed(good.rows[1].cells), "12")),
        ),
    )
    sheets = [sheet(PARTNERS, POLICE), sheet(AGREEMENTS, YEAR), turned, sheet(ASSIGNMENTS, WORK)]
    checked = check_roster_sheets(sheets, file="roster.xlsx")
    assert told(checked) == [("heading-unknown", "People!O4", False)]
    assert checked.roster is not None
    assert checked.roster.people["00417"].emails == ("jo@example.org",)


def test_a_doubled_heading_blocks() -> None:
    people = sheet(PEOPLE, DOE)
    doubled = Sheet("People", hidden=False, rows=(Row(1, (*people.rows[0].cells, "Email")), *people.rows[1:]))
    sheets = [sheet(PARTNERS, POLICE), sheet(AGREEMENTS, YEAR), doubled, sheet(ASSIGNMENTS, WORK)]
    assert told(check_roster_sheets(sheets, file="roster.xlsx")) == [("heading-doubled", "People!O1", True)]


def test_a_lost_column_is_the_only_complaint() -> None:
    people = sheet(PEOPLE, DOE)
    lost = Sheet("People", hidden=False, rows=tuple(Row(r.number, r.cells[1:]) for r in people.rows))
    sheets = [sheet(PARTNERS, POLICE), sheet(AGREEMENTS, YEAR), lost, sheet(ASSIGNMENTS, WORK)]
    checked = check_roster_sheets(sheets, file="roster.xlsx")
    assert told(checked) == [("heading-missing", "People!A1", True)]
    assert checked.roster is None


def test_a_row_with_an_unreadable_agreement_raises_no_second_complaint() -> None:
    checked = check(agreements=({**YEAR, "Starts": "1 Sept"},))
    assert told(checked) == [("date-unreadable", "Agreements!D2", True)]


def test_files_that_cannot_be_read_are_findings(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    assert [f.code for f in check_roster(path).findings] == ["file-missing"]
    path.write_bytes(b"PK\x03\x04 cut off")
    checked = check_roster(path)
    assert ([f.code for f in checked.findings], checked.roster) == (["file-unreadable"], None)


def test_a_day_that_may_be_two_is_told_with_its_person_and_both_readings() -> None:
    written = [sheet(PARTNERS, POLICE), sheet(AGREEMENTS, YEAR), sheet(PEOPLE, DOE)]
    written.append(sheet(ASSIGNMENTS, {**WORK, "Starts": "9/5/2026"}))
    (found,) = check_roster_sheets(written, file="roster.xlsx").findings
    assert found.found == '"9/5/2026", which is September 5, 2026 or May 9, 2026 (00417)'
    checked = check_roster_sheets(written, file="roster.xlsx", dates="month-first")
    assert checked.roster is not None
    assert [assignment.starts for assignment in checked.roster.assignments] == [date(2026, 9, 5)]


@pytest.mark.parametrize(
    ("form", "heading", "written"),
    [
        (PEOPLE, "Class", "Staff class"),
        (PEOPLE, "First day with students", "First day w/ students"),
        (PEOPLE, "First day with students", "First day"),
        (PEOPLE, "Class", "Classification"),
        (PEOPLE, "Last name", "Last names"),
        (PARTNERS, "Report to", "Reports to"),
        (ASSIGNMENTS, "Starts", "Start"),
    ],
)
def test_a_renamed_heading_is_one_finding(form: Form, heading: str, written: str) -> None:
    lines = {"Partners": [POLICE, GUARDS], "Agreements": [YEAR], "People": [DOE, ROE], "Assignments": [WORK, WORK]}
    sheets = [sheet(one, *lines[one.title]) for one in (PARTNERS, AGREEMENTS, PEOPLE, ASSIGNMENTS)]
    place = [one.name for one in sheets].index(form.title)
    head, *rows = sheets[place].rows
    renamed = tuple(written if cell == heading else cell for cell in head.cells)
    sheets[place] = replace(sheets[place], rows=(Row(1, renamed), *rows))
    (found,) = check_roster_sheets(sheets, file="roster.xlsx").findings
    assert (found.code, found.found, found.expected, found.blocks) == (
        "heading-missing",
        f'the heading "{written}"',
        f'the heading "{heading}"',
        True,
    )
