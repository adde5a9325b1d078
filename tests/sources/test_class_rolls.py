"""A class roll: labels and titles above and between its rows, and marks that say who was there."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from lms_sync.model.evidence import Completion, NotDone, Refused, Skipped
from tests.sources.read_sheets import done, of_csv, of_xlsx, read, refused, skipped
from tests.sources.sample_files import layout_named


@pytest.mark.parametrize(
    "title",
    [
        "FERNWICK PD,,,\nClass:,Trauma Care,Date:,9/23/2025\n",
        "Class:,,Trauma Care,\nDate:,,,9/23/2025\n",
        'Class:,Date:,,\nTrauma Care,"September 23, 2025",,\n',
        "Course: Trauma Care,,,\nDate: 9/23/2025,,,\n",
    ],
)
def test_label_tells_what_stands_beside_or_below_it(tmp_path: Path, title: str) -> None:
    file = of_csv(
        tmp_path, title + "#,Print Name,Badge #,Signature\n1,Ana Reyes,417,x\n", layout_named("sign-in-sheet")
    )
    (item,) = file.items
    assert (done(item).course, done(item).day) == ("Trauma Care", date(2025, 9, 23))


def test_date_cell_beside_its_label_is_a_day(tmp_path: Path) -> None:
    rows = [("Class:", "Trauma Care", "Date:", date(2025, 9, 23)), ("Name", "Signature"), ("Ana Reyes", "x")]
    (item,) = of_xlsx(tmp_path, rows, {}, layout_named("sign-in-sheet")).items
    assert (done(item).course, done(item).day) == ("Trauma Care", date(2025, 9, 23))


ROLL = 'COURSE: Trauma Care\n"Date of class: Tuesday, September 23, 2025"\nName,Attendance\n'


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("A. Reyes", Completion),
        ("Reyes, Ana", Completion),
        ("✓", Completion),
        ("Present", Completion),
        ("No-Show", NotDone),
        ("left at noon", NotDone),
        ("–", NotDone),
        ("Enrolled", NotDone),
        ("Bo Lee", Refused),
        ("AR", Refused),
        ("Reyes", Refused),
        ("arrived late", Refused),
    ],
)
def test_a_mark_on_a_class_roll_says_who_was_there(tmp_path: Path, mark: str, says: type) -> None:
    (item,) = of_csv(tmp_path, f'{ROLL}Ana Reyes,"{mark}"\n', layout_named("sign-in-sheet")).items
    assert isinstance(item.reading, says), item.reading
    if isinstance(item.reading, Completion):
        assert (item.reading.course, item.reading.day) == ("Trauma Care", date(2025, 9, 23))
    assert "Attendance" not in item.readable  # it may be a name, and is kept of nobody else's people


def test_a_title_of_the_next_class_is_no_line_of_the_print(tmp_path: Path) -> None:
    block = "Course: FERPA\nDate: 9/24/2025\nName,Attendance\nBo Lee,x\n"
    file = of_csv(tmp_path, f"{ROLL}Ana Reyes,x\nDepartment: Patrol\n{block}", layout_named("sign-in-sheet"))
    read_as = [item.reading for item in file.items if isinstance(item.reading, Completion)]
    assert [(r.course, r.day) for r in read_as] == [
        ("Trauma Care", date(2025, 9, 23)),
        ("FERPA", date(2025, 9, 24)),
    ]
    title = "a title of the rows below it"
    assert skipped(file) == ["a line of the report, not a completion", title, title, "the header, repeated"]


def test_nobody_is_trained_in_a_class_whose_title_is_not_understood(tmp_path: Path) -> None:
    roll = "Room: 12\n" + ROLL + "Ana Reyes,x\nRoom: 14\nName,Attendance\nCy Roe,x\n"
    block = "Module name: FERPA\nName,Attendance\nBo Lee,x\nSubtotal,1\nTopic: Ethics\nDate: 9/25/2025\nDi Fox,x\n"
    file = of_csv(tmp_path, roll + block, layout_named("sign-in-sheet"))
    kept = [item for item in file.items if not isinstance(item.reading, Skipped)]
    assert [done(kept[n]).course for n in (0, 1, 3)] == ["Trauma Care", "Trauma Care", "Ethics"]
    code, where, found = refused(kept[2])
    assert (code, where, "Module name: FERPA" in found) == ("title-not-understood", "in.csv, A11", True)


@pytest.mark.parametrize(
    ("between", "course"),
    [
        ("Module name: FERPA\n", ""),
        ("Module name:,FERPA\n", ""),
        ("Module name: FERPA,Date: 9/24/2025\n", ""),
        ("Module name: FERPA\nDate: 9/24/2025\n", ""),
        ("Date: 9/24/2025\nName,Attendance\nModule name: FERPA\n", ""),
        ("Held on: 9/24/2025\nClass: FERPA\n", ""),
        ("Class: FERPA\nDate: 24.9.2025\n", ""),
        ("Class:\n", ""),
        ("Class: FERPA\nDate: 9/24/2025\n", "FERPA"),
        ("Comments: none\nClass: FERPA\nDate: 9/24/2025\nInstructor: Z. Moss\nName,Attendance\n", "FERPA"),
        ("Agency: Fernwick PD\n", "Trauma Care"),
        ("Shift: B\nName,Attendance\n", "Trauma Care"),
        ("Count: 1\nName,Attendance\n", "Trauma Care"),
        ("Printed on: 9/30/2025\nName,Attendance\n", "Trauma Care"),
        ("Page 2\nName,Attendance\n", "Trauma Care"),
        ("No-show: Cy Roe\n", "Trauma Care"),
        ("Absent:\n", ""),
    ],
)
@pytest.mark.parametrize("head", ["Name,", "#,Name,"])
def test_a_label_that_nobody_knows_begins_a_part_of_which_nobody_knows_what_it_is(
    tmp_path: Path, between: str, course: str, head: str
) -> None:
    lead = "1," * (head != "Name,")
    lines = f"{ROLL}{lead}Ana Reyes,x\n{between}{lead}Bo Lee,x\n".replace("Name,", head)
    first, *others, last = of_csv(tmp_path, lines, layout_named("sign-in-sheet")).items
    assert (done(first).course, done(first).learner.last_name) == ("Trauma Care", "Reyes")
    assert all(isinstance(item.reading, Skipped) for item in others)
    if course:
        assert (done(last).course, done(last).learner.last_name) == (course, "Lee")
    else:
        assert refused(last)[0] == "title-not-understood"


CLASSES = (
    *(("Course: Old",), ("Course: Trauma Care",), ("Date: 9/23/2025",), ("Name", "Attendance"), ("Ana Reyes", "x")),
    *(("Course:", "FERPA"), ("Date: 9/24/2025",), ("Bo Lee", "x")),
)


@pytest.mark.parametrize(
    ("crossed_out", "says"),
    [
        (("A1",), [("Trauma Care", 23), ("FERPA", 24)]),
        (("A1", "A5"), [None, ("FERPA", 24)]),
        (("A1", "A6"), [("Trauma Care", 23), None]),
        (("A1", "A7"), [("Trauma Care", 23), None]),
        (("A1", "B6"), [("Trauma Care", 23), None]),
        (("A1", "A6", "A7"), [("Trauma Care", 23), None]),
    ],
)
def test_a_title_that_is_crossed_out_tells_nothing_and_hides_what_the_class_is(
    tmp_path: Path, crossed_out: Sequence[str], says: Sequence[object]
) -> None:
    items = of_xlsx(tmp_path, CLASSES, {}, layout_named("sign-in-sheet"), crossed_out=crossed_out).items
    read_as = [item.reading for item in items if not isinstance(item.reading, Skipped)]
    assert [(r.course, r.day.day) if isinstance(r, Completion) and r.day else None for r in read_as] == says


def test_a_title_whose_words_are_crossed_out_beside_its_label_refuses_the_file(tmp_path: Path) -> None:
    rows = [("Course:", "Old"), ("Date: 9/23/2025",), ("Name", "Attendance"), ("Ana Reyes", "x")]
    (finding,) = of_xlsx(tmp_path, rows, {}, layout_named("sign-in-sheet"), crossed_out=["B1"]).findings
    assert finding.code == "course-title-not-told"


def test_what_stands_above_a_header_is_quoted_where_it_does_not_tell_the_day(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("Course: Trauma Care\nHeld in the fall\nName,Signature\nAna Reyes,x\n")
    (finding,) = read(tmp_path, "in.csv", layout_named("sign-in-sheet")).findings
    assert finding.code == "completed-on-not-told"
    assert 'there stands "Course: Trauma Care", "Held in the fall"' in finding.found


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("Smith, Jo (absent)", "absent"),
        ("No-Show: Lee, Ann", "No-Show"),
        ("Ray, Bo - DID NOT ATTEND", "DID NOT"),
        ("Kim, Al \u2013 left early", "left early"),
        ("Kim, Al (wasn\u2019t there)", "wasn\u2019t"),
        ("Sick, Bo", ""),
        ("Show, Noah", ""),
        ("Notley, Di", ""),
    ],
)
def test_a_name_that_says_that_somebody_was_not_there_is_refused(tmp_path: Path, name: str, remark: str) -> None:
    rows = f'"De-escalation, 3 September 2026"\nPerson ID,Name\n00417,"{name}"\n'
    (item,) = of_csv(tmp_path, rows, layout_named("who-attended")).items
    if remark:
        assert refused(item) == ("name-with-remark", "in.csv, B3", f'"{remark}" beside a name')
    else:
        assert done(item).day == date(2026, 9, 3)
