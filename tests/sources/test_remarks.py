"""Beside a row it says that it was not done, in a column that is not read for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lms_sync.model.evidence import Completion, Refused
from lms_sync.sources.pull import FileRead
from tests.operations.two_stores import Town, town
from tests.sources.read_sheets import CSV, done, of_csv, refused
from tests.sources.sample_files import layout_named

LOG = layout_named("on-the-job-log")
HEAD = "Date,Officer,Person ID,Activity,Experienced officer,Host school,Hours,{}\n"
ROW = "09/03/2025,Ana Reyes,E{},On-the-job day,Lt. Moss,Lincoln HS,7,{}\n"

__all__ = ["town"]


def log(folder: Path, heading: str, *remarks: str) -> FileRead:
    rows = (ROW.format(n, remark) for n, remark in enumerate(remarks))
    return of_csv(folder, HEAD.format(heading) + "".join(rows), LOG)


@pytest.mark.parametrize("heading", ["Notes", "", "Status", "Anything"])
@pytest.mark.parametrize(
    "remark",
    [
        *("No show", "no-show", "CANCELLED", "Canceled (1)", "did not attend", "Didn't attend", "Absent, sick"),
        *("Planned", "Waitlist", "withdrew", "was not there"),
    ],
)
def test_a_row_that_says_so_in_any_column_is_refused_with_its_cell(tmp_path: Path, heading: str, remark: str) -> None:
    first, second = log(tmp_path, heading, "", f'"{remark}"').items
    assert isinstance(first.reading, Completion)
    code, where, found = refused(second)
    assert (code, where, remark in found) == ("says-not-done", "in.csv, H3", True)


@pytest.mark.parametrize("remark", ["Incomplete", "never completed", "Failed", "not passed"])
@pytest.mark.parametrize(("heading", "kind"), [("Notes", Refused), ("", Refused), ("Practice scenarios", Completion)])
def test_what_may_be_about_a_part_denies_it_as_a_remark_only(
    tmp_path: Path, remark: str, heading: str, kind: type
) -> None:
    (item,) = log(tmp_path, heading, remark).items
    assert isinstance(item.reading, kind)


@pytest.mark.parametrize(
    "remark",
    [
        *("", "x", "No", "None", "Yes", "Completed", "attended", "Required", "Registered", "Not required", "Expired"),
        *("No concerns", "No show last time; attended today", "Pending", "Next: October", "Not in uniform"),
    ],
)
def test_what_may_be_about_something_else_denies_nothing(tmp_path: Path, remark: str) -> None:
    assert done(log(tmp_path, "Notes", f'"{remark}"').items[0]).day


def test_a_detail_that_is_read_may_deny_it_too(tmp_path: Path) -> None:
    rows = HEAD.format("Notes") + ROW.format(1, "").replace(",7,", ",Cancelled,")
    assert refused(of_csv(tmp_path, rows, LOG).items[0])[:2] == ("says-not-done", "in.csv, G2")


def test_a_column_under_keep_says_nothing_of_it(tmp_path: Path) -> None:
    kept = LOG.model_copy(update={"keep": ("Notes",)})
    rows = HEAD.format("Notes") + ROW.format(1, "Cancelled")
    assert done(of_csv(tmp_path, rows, kept).items[0]).day


def test_a_row_that_says_itself_how_it_stands_is_believed(tmp_path: Path) -> None:
    rows = CSV.strip() + ",Notes\nReyes,Ana,E100,Trauma,09/03/2025,Completed,Cancelled\n"
    assert done(of_csv(tmp_path, rows).items[0]).day


def test_on_a_list_of_those_who_attended_a_remark_denies_it(tmp_path: Path) -> None:
    head = '"Trauma, 3 September 2025"\nPerson ID,Name,Notes\n'
    first, second = of_csv(tmp_path, head + "E1,Ana Reyes,\nE2,Bo Lee,No show\n", layout_named("who-attended")).items
    assert (done(first).learner.person_id, refused(second)[0]) == ("E1", "says-not-done")


def test_a_remark_that_comes_later_is_seen_in_rows_that_were_known(town: Callable[[], Town]) -> None:
    here, rows = town(), [ROW.format(n, "").strip() for n in range(20)]
    later = [*rows[:5], rows[5] + "No show", *rows[6:]]
    found = []
    for content in (rows, later, [*later, ROW.format(99, "Cancelled").strip()], rows):
        text = "".join((HEAD.format("Notes"), *(f"{row}\n" for row in content)))
        here.files = {"log.csv": (text.encode(), LOG, "")}
        first, second = here.night(accept_drop=True)
        assert (first.findings, here.differences()) == (second.findings, [])
        found.append(sum(one.code == "says-not-done" for group in first.findings.values() for one in group))
    assert found == [0, 1, 2, 0]
