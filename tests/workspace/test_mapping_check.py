from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest

from lms_sync.tables.form import Form
from lms_sync.tables.read import Row, Sheet, Value
from lms_sync.workspace.mapping.check import MappingCheck, check_mapping, check_mapping_sheets
from lms_sync.workspace.mapping.forms import COURSES, OFFERINGS

Line = Mapping[str, Value]
DECIDED: Line = {"Decided by": "T. Rainer", "Decided on": date(2026, 9, 1)}
ALL_TOPICS: Line = {str(number): "x" for number in range(1, 14)}
SUMMIT: Line = {
    "Source": "*",
    "Course": "S5 Summit",
    **ALL_TOPICS,
    "On-the-job days": 1.0,
    "Check-ins": 1.0,
    **DECIDED,
}
"""A row that teaches everything, so that no finding is about what nothing teaches."""


def sheet(form: Form, *lines: Line) -> Sheet:
    headings = tuple(column.heading for column in form.columns)
    rows = tuple(
        Row(number, tuple(line.get(heading) for heading in headings)) for number, line in enumerate(lines, start=2)
    )
    return Sheet(form.title, hidden=False, rows=(Row(1, headings), *rows))


def check(*lines: Line, offerings: tuple[Line, ...] = ()) -> MappingCheck:
    sheets = (sheet(COURSES, SUMMIT, *lines), sheet(OFFERINGS, *offerings))
    return check_mapping_sheets(sheets, file="courses.xlsx", sources={"canvas", "vector"})


def codes(checked: MappingCheck) -> list[str]:
    return [finding.code for finding in checked.findings]


def test_a_sound_map_gives_its_rows_without_findings() -> None:
    checked = check(
        {
            "Source": "canvas",
            "Course": 101.0,
            "Unit": "Trauma  informed ",
            "3": "X",
            "Minimum score": 80.0,
            "Counts from": datetime(2026, 9, 1),
            "Fee": "12.50",
            **DECIDED,
        }
    )
    assert codes(checked) == ["code-is-number"]
    assert checked.course_map is not None
    row = checked.course_map.rows[1]
    assert (row.course, row.unit, row.topics, row.cell) == ("101", "Trauma informed", (3,), "Courses!B3")
    assert (str(row.minimum_score), str(row.fee), row.counts_from) == ("80", "12.50", date(2026, 9, 1))


def test_a_mark_that_is_no_x_is_told_with_its_cell() -> None:
    checked = check({"Source": "*", "Course": "Bias", "6": "y", **DECIDED})
    assert checked.course_map is None
    assert str(checked.findings[0]) == (
        'courses.xlsx, Courses!J3: "y". Expected: an x or blank. Mark the topic with x, or clear the cell.'
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"Course": "Bias"}, "text-unreadable"),
        ({"Source": "*"}, "id-unreadable"),
        ({"Source": "canvass", "Course": "Bias"}, "source-unknown"),
        ({"Source": "*", "Course": "S5  SUMMIT"}, "row-doubled"),
        ({"Source": "*", "Course": "Ride-along", "On-the-job days": 2.0}, "whole-unreadable"),
        ({"Source": "*", "Course": "Talks", "Check-ins": 7.0}, "whole-unreadable"),
        ({"Source": "*", "Course": "Talks", "Check-ins": 1.5}, "whole-unreadable"),
        ({"Source": "*", "Course": "Bias", "Counts from": "9/1/2026"}, "date-unreadable"),
        ({"Source": "*", "Course": "Bias", "Counts from": "2026-02-30"}, "date-unreadable"),
        ({"Source": "*", "Course": "Bias", "Minimum score": "eighty"}, "number-unreadable"),
        ({"Source": "*", "Course": "4711"}, "id-for-every-source"),
        ({"Source": "*", "Course": "Bias", "Link": "javascript:alert(1)"}, "link-unreadable"),
        (
            {"Source": "*", "Course": "Bias", "Counts from": date(2026, 9, 2), "Counts until": date(2026, 9, 1)},
            "days-reversed",
        ),
    ],
)
def test_an_error_keeps_the_map_from_coming_into_force(line: Line, code: str) -> None:
    checked = check({**line, **DECIDED})
    assert (codes(checked), checked.course_map) == ([code], None)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"Source": "*", "Course": "Class", "Unit": "Unit 6", "8": "x", **DECIDED}, "named-by-number"),
        ({"Source": "canvas", "Course": "MODULE #6", "8": "x", **DECIDED}, "named-by-number"),
        ({"Source": "*", "Course": "Bias", "6": "x"}, "decision-missing"),
        ({"Source": "*", "Course": "Bias", "6": "x", "Decided by": "T. Rainer"}, "decision-half"),
        ({"Source": "*", "Course": "Bias", "Decided on": date(2026, 9, 1)}, "decision-half"),
        ({"Source": "*", "Course": "Bias", "6": "x", "Minimum score": 0.8, **DECIDED}, "score-below-one"),
        ({"Source": "*", "Course": "Bias", "6": "x", "Minimum score": "0.75", **DECIDED}, "score-below-one"),
    ],
)
def test_a_doubt_is_told_and_the_map_comes_into_force(line: Line, code: str) -> None:
    checked = check(line)
    assert codes(checked) == [code]
    assert checked.course_map is not None


@pytest.mark.parametrize("score", [0.0, 1.5, 80.0, "80 %"])
def test_a_score_that_may_well_be_meant_is_no_doubt(score: Value) -> None:
    assert not codes(check({"Source": "*", "Course": "Bias", "6": "x", "Minimum score": score, **DECIDED}))


def test_half_a_decision_is_none() -> None:
    checked = check({"Source": "*", "Course": "Bias", "6": "x", "Decided on": date(2026, 9, 1)})
    assert checked.course_map is not None
    assert checked.course_map.rows[1].decided_on is None


def test_a_title_with_a_number_and_words_is_not_named_by_number() -> None:
    assert not check({"Source": "*", "Course": "Unit 8: Disparities", "7": "x", **DECIDED}).findings


def test_a_row_neither_decided_nor_marked_is_a_suggestion_without_a_finding() -> None:
    assert not check({"Source": "*", "Course": "A likely title"}).findings


def test_versions_of_a_row_may_follow_each_other_but_not_share_a_day() -> None:
    first = {"Source": "canvas", "Course": "c1", "1": "x", "Counts until": date(2026, 8, 31), **DECIDED}
    second = {"Source": "canvas", "Course": "C1", "2": "x", "Counts from": date(2026, 9, 1), **DECIDED}
    assert not check(first, second).findings
    assert codes(check(first, {**second, "Counts from": date(2026, 8, 31)})) == ["row-doubled"]


def test_all_errors_are_told_at_once() -> None:
    checked = check(
        {"Source": "canvass", "Course": "A", "1": "1", "Counts from": "soon"},
        {"Source": "*", "Course": "B", "Fee": "free", "Decided by": "T. Rainer"},
    )
    assert [(f.code, f.where.rpartition("!")[2]) for f in checked.findings] == [
        ("mark-unreadable", "E3"),
        ("date-unreadable", "T3"),
        ("number-unreadable", "AB4"),
        ("source-unknown", "A3"),
        ("decision-half", "X4"),
    ]


def test_a_topic_that_no_decided_row_teaches_is_told() -> None:
    lines = ({**SUMMIT, "5": None}, {"Source": "*", "Course": "Disabilities", "5": "x"})
    checked = check_mapping_sheets([sheet(COURSES, *lines)], file="courses.xlsx", sources=())
    assert codes(checked) == ["decision-missing", "topic-untaught"]
    assert checked.findings[1].found == "no decided row teaches topic 5"


def test_an_offering_needs_a_row_and_sound_days() -> None:
    offered: Line = {"Course": "s5 summit", "Starts": date(2027, 6, 23), "Ends": date(2027, 6, 24)}
    checked = check(offerings=(offered,))
    assert not checked.findings
    assert checked.course_map is not None
    assert checked.course_map.offerings[0].cell == "Offerings!A2"
    stray = check(offerings=({**offered, "Course": "S5 Sumit"}, {**offered, "Unit": "Bias"}))
    assert codes(stray) == ["offering-unmapped"] * 2
    assert stray.findings[0].remedy.startswith('Did you mean "S5 Summit"?')
    assert stray.course_map is not None
    assert codes(check(offerings=(offered, offered))) == ["offering-doubled"]
    assert codes(check(offerings=({**offered, "Ends": date(2027, 6, 1)},))) == ["days-reversed"]


def test_a_missing_sheet_or_column_blocks_and_is_the_only_complaint() -> None:
    renamed = check_mapping_sheets([Sheet("Course", hidden=False, rows=())], file="courses.xlsx", sources=())
    assert codes(renamed) == ["sheet-missing"]
    assert renamed.findings[0].remedy.startswith('Did you mean "Course"?')
    good = sheet(COURSES, SUMMIT)
    headings = tuple("Count until" if cell == "Counts until" else cell for cell in good.rows[0].cells)
    broken = Sheet("Courses", hidden=False, rows=(Row(1, headings), *good.rows[1:]))
    checked = check_mapping_sheets([broken], file="courses.xlsx", sources=())
    assert codes(checked) == ["heading-missing"]
    assert checked.course_map is None
    assert 'Did you mean "Counts until"?' in checked.findings[0].remedy


def test_a_heading_more_is_never_guessed_to_be_one_that_is_there() -> None:
    good = sheet(COURSES, SUMMIT)
    more = Sheet("Courses", hidden=False, rows=(Row(1, (*good.rows[0].cells, "Count until")), *good.rows[1:]))
    checked = check_mapping_sheets([more], file="courses.xlsx", sources=())
    assert codes(checked) == ["heading-unknown"]
    assert checked.findings[0].remedy == "The column is not read."


def test_the_version_tells_content_not_order_or_place() -> None:
    one = {"Source": "canvas", "Course": "c1", "1": "x", **DECIDED}
    other = {"Source": "vector", "Course": "c2", "2": "x", **DECIDED}
    forth, back = check(one, other).course_map, check(other, one).course_map
    changed = check(one, {**other, "3": "x"}).course_map
    assert forth is not None
    assert back is not None
    assert changed is not None
    assert forth.version == back.version != changed.version


def test_files_that_cannot_be_read_are_findings(tmp_path: Path) -> None:
    assert codes(check_mapping(tmp_path / "courses.xlsx", sources=())) == ["file-missing"]
    (tmp_path / "courses.xlsx").write_bytes(b"")
    checked = check_mapping(tmp_path / "courses.xlsx", sources=())
    assert (codes(checked), checked.course_map) == (["file-unreadable"], None)
