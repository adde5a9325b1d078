"""What vendors tell beside the rows: in the file's name, in titles, for each class of a sheet."""

from pathlib import Path
from typing import Any

import pytest

from lms_sync.model.evidence import Completion
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from tests.sources.sample_files import PACIFIC, layout_named
from tests.sources.vendor_sheets import HEAD, done, items, read

TOLD: dict[str, Any] = {
    "columns": {"person_id": ["ID"]},
    "all_attended": True,
    "told": [
        {"role": "course", "where": "file name", "pattern": "^roster_(.+)[.]csv$"},
        {"role": "completed_on", "where": "title", "pattern": r"^Day: (\S+)$"},
    ],
}


def test_file_name_and_title_tell_course_and_day(tmp_path: Path) -> None:
    (item,) = items(tmp_path, "Acme,\nDay: 09/03/2025,\nID,Note\n7,x\n", name="roster_SSS-10.csv", **TOLD)
    assert (done(item).course, str(done(item).day), done(item).record) == ("SSS-10", "2025-09-03", "7\x1fsss-10")
    assert item.text[1:] == (("course (file name)", "SSS-10"), ("completed_on (title)", "09/03/2025"))


@pytest.mark.parametrize(
    ("name", "title", "code"),
    [
        ("list.csv", "Day: 09/03/2025", "course-not-told"),
        ("roster_A.csv", "On 09/03/2025", "completed-on-not-told"),
        ("roster_A.csv", "Day: 09/03/2025,Day: 09/04/2025", "completed-on-told-twice"),
    ],
)
def test_what_is_not_told_refuses_the_file(tmp_path: Path, name: str, title: str, code: str) -> None:
    (tmp_path / name).write_text(f"{title}\nID,Note\n7,x\n")
    file = read(tmp_path, name, **TOLD)
    assert file.failed
    assert [finding.code for finding in file.findings] == [code]


@pytest.mark.parametrize(
    ("sheet", "more", "days"),
    [
        ("ID,Note\n7,x\n", {}, None),
        ("ID,Note\n7,x\n", {"all_attended": True}, ["2025-09-03"]),
        ("ID,Note\n7,x\n", {"columns": {"person_id": ["ID"], "status": ["Signed"]}, "optional": ["status"]}, None),
        (
            "ID,Signed\n7,x\n8,\n9,Absent\n10,No show\n",
            {
                "columns": {"person_id": ["ID"], "status": ["Signed"]},
                "status": {"done": ["x"], "not_done": ["", "absent", "no show"]},
            },
            ["2025-09-03"],
        ),
    ],
    ids=["nobody has said", "everybody was there", "the column is not in the sheet", "those who signed"],
)
def test_a_class_roll_counts_who_was_there_and_is_refused_where_nothing_says_so(
    tmp_path: Path, sheet: str, more: dict[str, Any], days: list[str] | None
) -> None:
    (tmp_path / "roster_A.csv").write_text(f"Day: 09/03/2025\n{sheet}")
    file = read(tmp_path, "roster_A.csv", **{**TOLD, "all_attended": False, **more})
    assert [finding.code for finding in file.findings] == ([] if days else ["roll-without-signatures"])
    read_as_done = [item.reading for item in file.items if isinstance(item.reading, Completion)]
    assert [str(completion.day) for completion in read_as_done] == (days or [])


@pytest.mark.parametrize(
    ("heading", "more", "codes"),
    [
        ("Attendance", {}, ["roll-signatures-unread"]),
        ("Signed", {}, ["roll-signatures-unread"]),
        ("No-show?", {}, ["roll-signatures-unread"]),
        ("Attended", {"keep": ["Attended"]}, []),
        ("Note", {}, []),
        ("Signed up on", {}, []),
    ],
)
def test_a_roll_on_which_everybody_was_there_has_no_column_that_says_who_was(
    tmp_path: Path, heading: str, more: dict[str, Any], codes: list[str]
) -> None:
    (tmp_path / "roster_A.csv").write_text(f"Day: 09/03/2025\nID,{heading}\n7,x\n8,\n")
    file = read(tmp_path, "roster_A.csv", **{**TOLD, **more})
    assert [finding.code for finding in file.findings] == codes
    assert len(file.items) == (0 if codes else 2)


@pytest.mark.parametrize(
    ("heading", "more", "codes"),
    [
        ("Approved", {}, ["status-not-read"]),
        ("Course Status", {}, ["status-not-read"]),
        ("Pass/Fail", {}, ["status-not-read"]),
        ("Result", {"keep": ["Result"]}, []),
        ("Approved by", {}, []),
        ("Status", {"columns": {"status": ["Status"]}, "status": {"done": ["x"]}}, []),
    ],
)
def test_a_column_that_may_deny_what_every_row_is_counted_for_is_said(
    tmp_path: Path, heading: str, more: dict[str, Any], codes: list[str]
) -> None:
    columns = {"person_id": ["ID"], "completed_on": ["Day"], "course_title": ["Course"], **more.pop("columns", {})}
    (tmp_path / "log.csv").write_text(f"ID,Day,Course,{heading}\n7,09/03/2025,Law,x\n")
    file = read(tmp_path, "log.csv", **{"columns": columns, "key": ["person_id", "course"], **more})
    assert [finding.code for finding in file.findings] == codes
    assert len(file.items) == 1


def test_instructors_place_and_hours_of_a_class_are_kept_with_each_completion(tmp_path: Path) -> None:
    above = "Day: 09/03/2025,Instructor:,Sgt. Ivy Moss\n,Instructor: Col. Ray Oak,\nLocation: Pine Hall,,\nHours,8,\n"
    (tmp_path / "roster_A.csv").write_text(f"{above}ID,Note,\n7,x,\n")
    kept = [rule for rule in layout_named("sign-in-sheet").told if rule.role in ("instructor", "place", "hours")]
    told = [*TOLD["told"], *(rule.model_dump() for rule in kept)]
    (item,) = read(tmp_path, "roster_A.csv", **{**TOLD, "told": told}).items
    assert dict(done(item).attributes) == {
        "hours": "8",
        "instructor": "Col. Ray Oak; Sgt. Ivy Moss",
        "place": "Pine Hall",
    }


def test_what_does_not_belong_to_a_title_is_taken_out_and_kept_beside_it(tmp_path: Path) -> None:
    columns = {"person_id": ["ID"], "course_title": ["Course"], "completed_on": ["Done on"]}
    tidy = [{"role": "course_title", "remove": r"^[^|]*\|\s*"}]
    rows = "7,Sample Valley SD | Ethics (Full Course),09/03/2025\n8,Ethics (Full Course),09/03/2025\n"
    first, second = items(tmp_path, HEAD + rows, columns=columns, tidy=tidy)
    assert done(first).course == done(second).course == "Ethics (Full Course)"
    assert done(first).course_title == "Sample Valley SD | Ethics (Full Course)"


BLOCKS = """Class:,Trauma
Date: 09/03/2025
Name,Signed
Ivy Moss,x
Ray Oak,
Class: FERPA,Date: 09/04/2025
Name,Signed
Ray Oak,x
Class:,Ethics
Fern Ash,x
"""


def test_each_class_of_a_sheet_with_several_has_its_own_title(tmp_path: Path) -> None:
    (tmp_path / "classes.csv").write_text(BLOCKS)
    pattern = OpenedPattern("classes.csv", layout_named("sign-in-sheet"))
    (file,) = Spreadsheet("acme", "cumulative", (pattern,), tmp_path, PACIFIC).pull(frozenset()).files
    read_as_done = [item.reading for item in file.items if isinstance(item.reading, Completion)]
    assert [(c.learner.last_name, c.course, str(c.day)) for c in read_as_done] == [
        ("Moss", "Trauma", "2025-09-03"),
        ("Oak", "FERPA", "2025-09-04"),
        ("Ash", "Ethics", "2025-09-04"),
    ]
    assert len(file.items) == 7
