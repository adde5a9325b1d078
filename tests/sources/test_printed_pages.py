"""A printed page: its lines are passed over with their reason, and people who are called so are not."""

from pathlib import Path

import pytest

from lms_sync.model.evidence import Completion, Skipped
from lms_sync.sources.spreadsheet.layout import Layout
from tests.sources.read_sheets import ANA, CSV, done, of_csv, skipped

PAGE = [
    ("Page 1 of 2", "a page's number, not a completion"),
    ("- Page 2 -", "a page's number, not a completion"),
    (CSV.strip(), "the header, repeated"),
    ("Subtotal,,,,,2", "a total, not a completion"),
    ("Grand total: 12", "a total, not a completion"),
    ("Signature: ____________", "a line to sign, not a completion"),
    ("Approved by,,,Date:", "a line to sign, not a completion"),
    ("Printed on 9/3/2025,,,,Page 3", "a line of the report, not a completion"),
    ("Reyes Total", "a total, not a completion"),
    ("Trauma Count,,,2", "a total, not a completion"),
    ("(2 rows affected)", "a total, not a completion"),
    ("Records: 12", "a total, not a completion"),
    ("1 of 2", "a page's number, not a completion"),
    ("Vector Training - page 2", "a page's number, not a completion"),
    ("Department: Patrol", "a line of the report, not a completion"),
    ("-----,-----,-----,-----,-----,-----", "a line of the report, not a completion"),
    ("Verified by:,J. Doe", "a line to sign, not a completion"),
    ("Supervisor: ______ Date: ______", "a line to sign, not a completion"),
]


@pytest.mark.parametrize(("line", "reason"), PAGE)
def test_line_of_the_print_is_passed_over_with_its_reason(tmp_path: Path, line: str, reason: str) -> None:
    file = of_csv(tmp_path, f"{CSV}{','.join(ANA)}\n{line}\nLee,Bo,E101,Trauma,09/03/2025,Completed\n")
    assert skipped(file) == [reason]
    assert [type(item.reading) for item in file.items] == [Completion, Skipped, Completion]


def test_what_is_alone_beside_numbers_may_be_a_record_where_no_column_states_a_day(tmp_path: Path) -> None:
    layout = Layout.model_validate(
        {
            "name": "listed",
            "kind": "rows",
            "key": ["person_id", "course"],
            "columns": {"course_title": ["Course"], "person_id": ["ID"]},
            "told": [{"role": "completed_on", "where": "title", "pattern": "^(\\d{4}-\\d\\d-\\d\\d)$"}],
            "dates": {"order": "ymd"},
            "all_attended": True,
        }
    )
    file = of_csv(tmp_path, "2025-09-03\nCourse,ID\nForce: a review,417\nHead Count,418\n", layout)
    assert [done(item).course for item in file.items] == ["Force: a review", "Head Count"]


@pytest.mark.parametrize("name", ["Page", "Total", "Signature", "Average"])
def test_people_who_are_called_so_are_no_lines_of_the_print(tmp_path: Path, name: str) -> None:
    (item,) = of_csv(tmp_path, f"{CSV}{','.join((name, *ANA[1:]))}\n").items
    assert done(item).learner.last_name == name


def test_each_row_of_a_header_of_two_rows_may_be_repeated(tmp_path: Path) -> None:
    layout = Layout.model_validate(
        {
            "name": "two",
            "kind": "rows",
            "key": ["person_id", "course"],
            "sheet": {"header_rows": 2},
            "columns": {"person_id": ["Officer ID"], "course": ["Course title"], "completed_on": ["Done on"]},
            "dates": {"order": "mdy"},
        }
    )
    head = "Officer,Course,Done\nID,title,on\n"
    file = of_csv(tmp_path, f"{head}E1,A,09/03/2025\n{head}E2,A,09/03/2025\n", layout)
    assert skipped(file) == ["the header, repeated"] * 2
    assert len(file.items) == 4
