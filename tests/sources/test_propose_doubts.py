"""What denies a completion or its day is asked about: failed, valid until, a day to come, nobody named."""

import tomllib
from collections.abc import Sequence

import pytest

from lms_sync.sources.propose.columns import KnownValues
from lms_sync.sources.propose.draft import layout_of, toml_of
from lms_sync.sources.propose.proposal import propose
from lms_sync.sources.spreadsheet.layout import Layout
from tests.sources.propose_sheets import HEAD, SHIPPED, WORKSPACE, completions, line, seen_by, sheet
from tests.sources.unseen_forms_and_rolls import FORMS_AND_ROLLS
from tests.sources.unseen_sheets import MAP_TITLES, ROSTER_IDS, Unseen

FAILED = ("Employee ID", "Email", "Course", "Completed", "Succeeded?")


@pytest.mark.parametrize(
    ("rows", "done"),
    [
        (
            [FAILED, ("101", "a@x.org", "Law", "09/17/2025", "No"), ("102", "b@x.org", "Law", "09/18/2025", "Yes")],
            {3},
        ),
        (
            [
                ("Last Name", "Employee ID", "Course", "Completion Date", "Credit Status"),
                ("Reyes", "E100", "Trauma", "09/23/2025", "For Credit"),
                ("Lee", "E101", "Trauma", "09/24/2025", "Not for Credit"),
            ],
            {2},
        ),
        (
            [
                ("Employee ID", "Course", "Finished on", "Progress"),
                ("101", "Law", "09/23/2025", "100%"),
                ("102", "Law", "09/24/2025", "40%"),
            ],
            set(),
        ),
        ([FAILED[:4], ("101", "a@x.org", "Law", "100"), ("102", "b@x.org", "Law", "40")], set()),
    ],
)
def test_what_denies_a_completion_is_never_passed_over(rows: list[tuple[str, ...]], done: set[int]) -> None:
    unseen = Unseen("field", rows, {}, frozenset(done))
    assert completions(unseen, seen_by(unseen, KnownValues())) == done


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Attendance %", ("100%", "50%", "100%", "0%")),
        ("Hours Earned", (8, 0, 8, 0)),
        ("Credit Awarded", (1, 0, 1, 0)),
        ("Withdrawn On", ("", "9/19/2025", "", "10/1/2025")),
        ("Cancellation Date", ("", "9/19/2025", "", "")),
        ("Modules Completed", ("5/5", "3/5", "5/5", "4/5")),
        ("Is Deleted", ("0", "1", "0", "1")),
        ("Score | Passing Score", ("90|80", "60|80", "85|80", "79|80")),
        ("Hours Required | Hours Attended", ("8|8", "8|4", "8|8", "8|0")),
        ("Score | Minimum", ("90|80", "60|80", "85|80", "79|80")),
        ("Supervisor", ("Approved", "Rejected", "Approved", "Pending")),
        ("Manager approval", ("Approved", "Denied", "Approved", "Approved")),
        ("District decision", ("Approved", "Denied", "Approved", "Pending")),
        ("School verification", ("Verified", "Not verified", "Verified", "Not verified")),
        ("Hours review", ("ok to count", "Rejected", "ok to count", "ok to count")),
        ("Hours credited", ("full", "none", "full", "none")),
        ("Certificate", ("C-1001", "none - failed", "C-1002", "C-1003")),
        ("Status | Remarks", ("Passed|", "Passed|no show", "Passed|", "Passed|")),
        ("Class remarks", ("", "Absent", "", "")),
        ("Status | Notes", ("Passed|left at noon", "Passed|absent - sick", "Passed|", "Passed|withdrew on day 2")),
        ("FTO sign-off", ("Approved", "Denied", "Approved", "Pending")),
        ("Host school", ("Verified", "Not verified", "Verified", "Verified")),
        ("First attempt", ("Pass", "Fail", "Pass", "Fail")),
        ("Status | ESD approval", ("Passed|Granted", "Passed|Denied", "Passed|Granted", "Passed|Granted")),
    ],
)
def test_what_denies_a_day_of_completion_is_asked_about_and_nothing_is_read(
    heading: str, cells: Sequence[str | int]
) -> None:
    head = ("Employee ID", "Employee Name", "Course", "Date Completed", *heading.split(" | "))
    days = ("9/17/2025", "9/18/2025", "9/28/2025", "9/30/2025")
    rows = [
        (person_id, f"A, {person_id}", MAP_TITLES[0], day, *str(cell).split("|"))
        for person_id, day, cell in zip(ROSTER_IDS, days, cells, strict=True)
    ]
    for known in (WORKSPACE, KnownValues()):
        found = seen_by(Unseen("denied", (head, *rows), {}), known)
        assert completions(Unseen("denied", (head, *rows), {}), found) == set()
        assert any("row 3 has" in question or "status" in question for question in found.open_questions)


@pytest.mark.parametrize(
    "heading",
    [
        *("Target Completion Date", "Expected Completion", "Est. Completion Date", "Goal date to complete"),
        *("Not completed as of", "Partially completed on", "Survey Completed Date", "Background Check Completed"),
        *("Payment completed", "Application Completed"),
    ],
)
def test_a_day_on_which_something_else_was_completed_or_is_to_be_is_asked_about(heading: str) -> None:
    for cells in (("9/17/2025", "9/18/2025", "", "9/30/2025"), ("Yes", "No", "Yes", "Yes")):
        head = ("Employee ID", "Employee Name", "Course", heading)
        rows = [(i, f"A, {i}", MAP_TITLES[0], cell) for i, cell in zip(ROSTER_IDS, cells, strict=True)]
        found = seen_by(Unseen("else", (head, *rows), {}), WORKSPACE)
        assert found.open_questions
        assert completions(Unseen("else", (head, *rows), {}), found) == set()


@pytest.mark.parametrize(
    "heading",
    [
        *("Date training completed", "Completed Date (PT)", "Transcript Completed Date", "Most Recent Completion"),
        *("Actual Completion", "Officer completed training on"),
    ],
)
def test_a_day_of_completion_in_other_words_is_no_question(heading: str) -> None:
    head = ("Employee ID", "Employee Name", "Course", "Planned completion", heading, "Last Accessed")
    days = ("9/17/2025", "9/18/2025", "9/28/2025", "9/30/2025")
    rows = [(i, f"A, {i}", MAP_TITLES[0], "12/1/2025", day, day) for i, day in zip(ROSTER_IDS, days, strict=True)]
    found = seen_by(Unseen("plain", (head, *rows), {}), WORKSPACE)
    assert (found.draft.columns["completed_on"], found.open_questions) == (heading, ())


def test_an_initial_in_the_name_of_somebody_else_denies_nothing() -> None:
    managers = ("Ann F. Hill", "Bo W. Hill", "F. Lake", "Ann F. Hill")
    head = ("Employee ID", "Employee Name", "Course", "Date Completed", "Manager")
    rows = [
        (person_id, f"A, {person_id}", MAP_TITLES[0], "9/17/2025", manager)
        for person_id, manager in zip(ROSTER_IDS, managers, strict=True)
    ]
    found = seen_by(Unseen("initials", (head, *rows), {}), WORKSPACE)
    assert not any("Manager" in question for question in found.open_questions)


def test_letters_that_say_what_somebody_is_are_no_grades() -> None:
    head = ("Employee ID", "Last Name", "First Initial", "MI", "Gender", "Course", "Date Completed")
    rows = [
        (person_id, f"Marsh{place}", "ABDF"[place], "FWPA"[place], "FMFF"[place], MAP_TITLES[0], "9/17/2025")
        for place, person_id in enumerate(ROSTER_IDS[:4])
    ]
    found = seen_by(Unseen("letters", (head, *rows), {}), WORKSPACE)
    assert (found.draft.columns["first_name"], found.open_questions) == ("First Initial", ())


def test_a_day_of_completion_among_words_is_asked_about() -> None:
    days = ("9/17/2025", "Pending", "9/28/2025", "Not attended")
    rows = [("00417", "Amari, Noor", "Ethics", day) for day in days]
    found = propose([sheet(("Employee ID", "Name", "Course", "Date Completed"), *rows)], ())
    assert found is not None
    assert any("If so, add completed_on = [“Date Completed”]" in question for question in found.open_questions)


def test_a_day_until_which_it_is_valid_is_no_completion_and_one_that_nobody_names_is_asked_about() -> None:
    head = ("Email", "Course", "Valid to", "Stamp")
    found = propose([sheet(head, ("a@x.org", "Law", "09/17/2026", "09/17/2025"))], ())
    assert found is not None
    assert "completed_on" not in found.draft.columns
    assert "Valid to" in [column.heading for column in found.unused]
    assert any("“Stamp”" in question for question in found.open_questions)


def test_a_status_in_numbers_is_asked_about() -> None:
    codes = ("2", "1", "2", "3")
    rows = [line("2025-09-17", code, f"{n}@x.example.org") for n, code in enumerate(codes)]
    found = propose([sheet((*HEAD[:5], "Completion Status"), *rows)], SHIPPED.values())
    assert found is not None
    assert "sort these status words: “1”, “2”, “3”" in found.open_questions


def test_a_matrix_of_days_until_which_it_is_valid_has_no_day_of_completion() -> None:
    titles = tuple(f"{title} (exp)" for title in MAP_TITLES)
    rows = [(person_id, f"A, {person_id}", *("9/17/2027",) * 4) for person_id in ROSTER_IDS]
    found = propose([sheet(("Employee ID", "Name", *titles), *rows)], SHIPPED.values(), known=WORKSPACE)
    assert found is not None
    assert "completed_on" not in found.draft.columns
    assert any(question.startswith("on which day was it?") for question in found.open_questions)


def test_who_it_was_is_asked_where_no_column_tells() -> None:
    head = ("Certificate No.", "Awarded To", "Course", "Date Awarded")
    found = propose([sheet(head, ("C-1", "Noor Amari", "Ethics", "2025-09-17"))], SHIPPED.values())
    assert found is not None
    assert [q.partition("?")[0] for q in found.open_questions] == ["who was it"]
    assert "“Awarded To”" in found.open_questions[0]


def test_labels_above_the_header_become_rules_that_the_layout_reads_them_by() -> None:
    roll = next(unseen for unseen in FORMS_AND_ROLLS if unseen.name == "class roll by hand")
    found = seen_by(roll, KnownValues())
    layout = layout_of(found, "x")
    assert layout is not None
    assert {rule.role for rule in layout.told} == {"course_title", "completed_on", "instructor", "place"}
    assert (layout.attempts, "completed_on" in layout.key) == (True, True)
    assert not any("which course" in question or "which day" in question for question in found.open_questions)
    read = tomllib.loads(toml_of(found, file="roll.csv"))
    assert Layout.model_validate({"name": "x", **read}).hash == layout.hash


def test_a_day_of_the_report_above_the_header_is_no_day_of_completion() -> None:
    head = ("Name", "Signature")
    rows = [("Topic:", "Law"), ("Report date:", "9/17/2025"), ("Printed on:", "9/18/2025"), head, ("Ana Reyes", "x")]
    found = propose([sheet(*rows)], ())
    assert found is not None
    assert [rule.role for rule in found.draft.stated] == ["course_title"]
    assert any("on which day was it?" in question for question in found.open_questions)


def test_a_header_without_a_row_is_no_question_of_course_and_day() -> None:
    found = propose([sheet(HEAD)], SHIPPED.values())
    assert found is not None
    questions = "; ".join(found.open_questions)
    assert "is the export empty? No row stands below the header" in questions
    assert not any(words in questions for words in ("which course", "which day", "does everybody"))
