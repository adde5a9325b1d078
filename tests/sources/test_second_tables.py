"""A further table, or a line that denies what stands below it, between the rows of a sheet."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lms_sync.model.evidence import Completion, NotDone, Skipped
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout
from tests.sources.read_sheets import CSV, done, of_csv, of_xlsx, read, refused, skipped
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


LOGGED = "09/03/2025,Ana Reyes,E100,On-the-job day,Lt. Moss,Lincoln HS,7\n"


def log(folder: Path, line: str, *, head: str = LOG, before: str = "") -> FileRead:
    rows = (before + LOGGED, line, before + LOGGED.replace("E100", "E200"))
    return of_csv(folder, head + "".join(rows), layout_named("on-the-job-log"))


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Planned",
            "Scheduled,,,,,,",
            "Upcoming (2)",
            ",PLANNED",
            "Planned,2",
            "Planned, , ,",
            "Planned,Planned,Planned",
        ),
        *("To be completed", "Tentative", "To do", "Next week:", "Not yet started", "No show"),
    ],
)
def test_what_stands_below_a_line_that_says_planned_is_not_done_though_its_day_is_past(
    tmp_path: Path, line: str
) -> None:
    file = log(tmp_path, f"{line}\n")
    first, _, last = file.items
    assert (done(first).day, skipped(file)) == (DAY, ["a title of the rows below it"])
    assert refused(last)[0] == "below-a-denial"


@pytest.mark.parametrize("line", ["Planned\nCompleted\n", "Completed\n", "Required training\n", "Fernwick PD\n"])
def test_what_stands_below_other_lines_counts_by_its_day(tmp_path: Path, line: str) -> None:
    assert done(log(tmp_path, line).items[-1]).day == DAY


@pytest.mark.parametrize("column", ["Agency", "No."])
def test_the_line_counts_in_whatever_column_it_stands(tmp_path: Path, column: str) -> None:
    file = log(tmp_path, "Planned\n", head=f"{column},{LOG}", before="1,")
    assert refused(file.items[-1])[0] == "below-a-denial"
    head = f'"Trauma, 3 September 2025"\n{column},Person ID,Name\n'
    rows = f"{head}1,E100,Ana Reyes\nNo show\n1,E200,Bo Lee\n"
    first, _, last = of_csv(tmp_path, rows, layout_named("who-attended")).items
    assert (done(first).day, refused(last)[0]) == (DAY, "below-a-denial")


def test_a_row_that_says_itself_how_it_stands_is_believed_below_any_line(tmp_path: Path) -> None:
    file = of_csv(tmp_path, CSV + ANA + "Planned\n" + ANA.replace("E100", "E200"))
    assert done(file.items[-1]).day == DAY


def test_a_merged_line_denies_as_one_in_a_cell_does(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Log", 0)
    row = LOGGED.strip().split(",")
    for cells in (LOG.strip().split(","), row, ["Planned"], [*row[:2], "E200", *row[3:]]):
        sheet.append(cells)
    sheet.merge_cells("A3:G3")
    book.save(tmp_path / "in.xlsx")
    assert refused(read(tmp_path, "in.xlsx", layout_named("on-the-job-log")).items[-1])[0] == "below-a-denial"


@pytest.mark.parametrize("line", ["Tacoma PD", "Shift 2", "Fernwick", "Bo Lee"])
def test_words_alone_where_the_others_have_an_id_are_a_finding(tmp_path: Path, line: str) -> None:
    first, title, last = roll(tmp_path, f"{line}\n").items
    assert (done(first).learner.last_name, done(last).learner.last_name) == ("Reyes", "Lee")
    code, where, found = refused(title)
    assert (code, where, line in found) == ("words-alone", "in.csv, A4", True)


@pytest.mark.parametrize("line", ["Fernwick PD", "fernwick pd,,", ",Fernwick PD"])
def test_the_employer_of_those_on_the_list_is_a_title(tmp_path: Path, line: str) -> None:
    assert skipped(roll(tmp_path, f"{line}\n")) == ["a title of the rows below it"]


@pytest.mark.parametrize("line", ["E300", "4711", "e-77"])
def test_an_id_alone_is_somebody(tmp_path: Path, line: str) -> None:
    assert done(roll(tmp_path, f"{line}\n").items[1]).learner.person_id == line


def test_where_nothing_but_ids_stands_each_is_somebody(tmp_path: Path) -> None:
    rows = '"Trauma, 3 September 2025"\nPerson ID\nasmith\nbo lee\n'
    items = of_csv(tmp_path, rows, layout_named("who-attended")).items
    assert [done(item).learner.person_id for item in items] == ["asmith", "bo lee"]


@pytest.mark.parametrize("title", ["Planned", "No shows", "Scheduled training", "Registered", "Upcoming"])
def test_a_sheet_or_a_title_of_what_is_planned_denies_all_of_its_rows(tmp_path: Path, title: str) -> None:
    above = of_csv(tmp_path, f"Harbor Guard Co.\n{title}\n{LOG}{LOGGED}", layout_named("on-the-job-log"))
    assert refused(above.items[0])[0] == "below-a-denial"
    book = openpyxl.Workbook()
    sheet = book.create_sheet(title, 0)
    for row in (LOG, LOGGED):
        sheet.append(row.strip().split(","))
    book.save(tmp_path / "in.xlsx")
    code, _, found = refused(read(tmp_path, "in.xlsx", layout_named("on-the-job-log")).items[0])
    assert (code, f'a row in the sheet "{title}"' in found) == ("below-a-denial", True)


@pytest.mark.parametrize(
    "title", ["Registered,12", "No shows: 2", "Training schedule", "Registered and attended", "Log"]
)
def test_a_title_that_counts_or_says_something_else_denies_nothing(tmp_path: Path, title: str) -> None:
    file = of_csv(tmp_path, f"{title}\n{LOG}{LOGGED}", layout_named("on-the-job-log"))
    assert done(file.items[0]).day == DAY
