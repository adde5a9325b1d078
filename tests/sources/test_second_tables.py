"""A further table, or a line that denies what stands below it, between the rows of a sheet."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lms_sync.model.evidence import Completion, NotDone, Skipped
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout
from tests.sources.read_sheets import CSV, done, of_csv, of_xlsx, refused, skipped
from tests.sources.sample_files import layout_named

ANA = "Reyes,Ana,E100,Trauma,09/03/2025,Completed\n"
DUE = "Last Name,First Name,Employee ID,Course,Due Date,Completed Date,Status\n"
LOG = "Date,Officer,Person ID,Activity,Experienced officer,Host school,Hours\n"
MATRIX = ("Person ID", "Name", "Trauma", "FERPA")
DAY = date(2025, 9, 3)


def learners(file: FileRead) -> list[str]:
    return [item.reading.learner.last_name for item in file.items if isinstance(item.reading, Completion)]


def only_finding(file: FileRead) -> tuple[str, str]:
    assert (file.failed, file.items) == (True, ())
    (finding,) = file.findings
    return finding.code, finding.found


@pytest.mark.parametrize(
    ("layout", "words", "found"),
    [
        (
            "safeschools",
            f"{DUE}Reyes,Ana,E100,Trauma,09/30/2025,09/03/2025,Completed\n\nExpiring soon\n"
            + DUE.replace("Due Date,Completed Date", "Completed Date,Due Date")
            + "Lee,Bo,E200,Trauma,09/03/2024,09/03/2025,Completed\n",
            '"Completed Date" in E5, and the header above it has "Due Date" there',
        ),
        (
            "safeschools",  # the next page stands one column to the right
            CSV + ANA + "," + CSV + ",Lee,Bo,E200,Trauma,09/03/2025,Completed\n",
            '"Last Name" in B3, and the header above it has "First Name" there',
        ),
        (
            "safeschools",  # a list of those who signed up
            CSV + ANA + CSV.replace("Completed Date,Status", "Registered on,State") + ANA.replace("E100", "E200"),
            '"Registered on" in E3, and the header above it has "Completed Date" there',
        ),
        (
            "on-the-job-log",
            LOG + "09/03/2025,Ana Reyes,E100,On-the-job day,Lt. Moss,Lincoln HS,7\n"
            "Date,Officer,Person ID,Activity,Host school,Experienced officer,Hours\n"
            "09/03/2025,Bo Lee,E200,On-the-job day,Lincoln HS,Lt. Moss,7\n",
            '"Host school" in E3, and the header above it has "Experienced officer" there',
        ),
        (
            "training-matrix",
            "Person ID,Name,Trauma,FERPA\nE100,Ana Reyes,09/03/2025,\nPerson ID,Name,FERPA,Trauma\n"
            "E200,Bo Lee,09/03/2025,\n",
            '"FERPA" in C3, and the header above it has "Trauma" there',
        ),
        (
            "who-attended",
            '"Trauma, 3 September 2025"\nPerson ID,Name\nE100,Ana Reyes\nName,Person ID\nBo Lee,E200\n',
            '"Name" in A4, and the header above it has "Person ID" there',
        ),
    ],
)
def test_a_second_header_with_other_columns_refuses_the_file(
    tmp_path: Path, layout: str, words: str, found: str
) -> None:
    code, says = only_finding(of_csv(tmp_path, words, layout_named(layout)))
    assert (code, found in says) == ("header-differs", True), says


def test_a_header_repeated_in_other_words_of_the_layout_is_passed_over(tmp_path: Path) -> None:
    again = CSV.replace("Completed Date", "Completion Date")
    file = of_csv(tmp_path, CSV + ANA + again + ANA.replace("Reyes,Ana,E100", "Lee,Bo,E200"))
    assert (skipped(file), learners(file)) == (["the header, repeated"], ["Reyes", "Lee"])


def test_rows_that_hold_words_of_a_header_are_rows(tmp_path: Path) -> None:
    words = "Username,Course ID number,Completed,Time completed\ncourse,Completed,No,\nUsername,Completed,No,\n"
    file = of_csv(tmp_path, words, layout_named("moodle-custom-report"))
    assert not any(isinstance(item.reading, Skipped) for item in file.items)
    assert "header-differs" not in {finding.code for finding in file.findings}


def roll(folder: Path, lines: str) -> FileRead:
    head = '"Trauma, 3 September 2025"\nPerson ID,Name,Agency\nE100,"Reyes, Ana",Fernwick PD\n'
    return of_csv(folder, f'{head}{lines}E200,"Lee, Bo",Fernwick PD\n', layout_named("who-attended"))


@pytest.mark.parametrize("again", ["", "Person ID,Name,Agency\n"])
@pytest.mark.parametrize(
    "line",
    [
        "No show",
        "Absent",
        "ABSENT (1)",
        ",Absent",
        "Waitlist (2)",
        "Did not attend",
        '"Registered, but did not attend"',
    ],
)
def test_nobody_is_trained_below_a_line_that_says_that_they_were_not_there(
    tmp_path: Path, line: str, again: str
) -> None:
    first, *_, last = roll(tmp_path, f"{line}\n{again}").items
    assert done(first).learner.last_name == "Reyes"
    code, _, found = refused(last)
    assert (code, line.strip(',"') in found) == ("below-a-denial", True), found


@pytest.mark.parametrize("lines", ["Attended\n", "No show\nAttended (1)\n", "Fernwick PD\n"])
def test_everybody_is_trained_below_a_line_that_says_so_or_nothing(tmp_path: Path, lines: str) -> None:
    file = roll(tmp_path, lines)
    assert done(file.items[-1]).learner.last_name == "Lee"


def test_a_roll_whose_course_the_file_name_tells_is_read_with_its_lines(tmp_path: Path) -> None:
    layout = Layout.model_validate(
        layout_named("who-attended").model_dump()
        | {"told": (), "constants": {"course_title": "Trauma", "completed_on": "3 September 2025"}}
    )
    rows = "Person ID,Name,Agency\nE100,Ana Reyes,PD\nNo show\nE200,Bo Lee,PD\n"
    first, _, last = of_csv(tmp_path, rows, layout).items
    assert (done(first).day, refused(last)[0]) == (DAY, "below-a-denial")


def test_what_the_next_class_says_holds_below_its_title(tmp_path: Path) -> None:
    file = roll(tmp_path, 'No show\nE300,Cy Roe,PD\n"FERPA, 4 September 2025"\n')
    assert (done(file.items[-1]).course, done(file.items[-1]).learner.last_name) == ("FERPA", "Lee")


@pytest.mark.parametrize(
    ("between", "code"),
    [
        ([("Expires",), MATRIX], "below-a-denial"),
        ([("Not yet completed:",)], "below-a-denial"),
        ([("Expires",), ("Completed",)], ""),
        ([(None, None, "pending")], ""),
        ([("Open",)], ""),
    ],
)
def test_days_of_a_matrix_below_a_line_that_denies_it_are_no_completions(
    tmp_path: Path, between: Sequence[tuple[Any, ...]], code: str
) -> None:
    rows = [MATRIX, ("E100", "Reyes, Ana", DAY, None), *between, ("E200", "Lee, Bo", DAY, None)]
    last = of_xlsx(tmp_path, rows, {}, layout_named("training-matrix")).items[-1]
    assert not isinstance(last.reading, NotDone)
    if code:
        assert refused(last)[0] == code
    else:
        assert done(last).learner.last_name == "Lee"
