"""What a careful person reads in a sheet is what is read of it: formats, merged cells, labels, printed pages."""

import logging
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.model.evidence import ClaimReason, Completion, Item, NotDone, Refused, Skipped
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from tests.sources.sample_files import PACIFIC, layout_named
from tests.tables.hostile import SHEET, changed, part

HEAD = ("Last Name", "First Name", "Employee ID", "Course", "Completed Date", "Status", "Score")
CSV = "Last Name,First Name,Employee ID,Course,Completed Date,Status\n"
ANA = ("Reyes", "Ana", "E100", "Trauma", "09/03/2025", "Completed")
MATRIX: dict[str, Any] = {
    "name": "matrix",
    "kind": "matrix",
    "key": ["person_id", "course"],
    "columns": {"person_id": ["Employee ID"], "name": ["Name"]},
    "matrix": {},
    "status": {"done": ["TRUE", "1", "100%"], "not_done": ["FALSE", "0"]},
    "dates": {"order": "mdy"},
}


def read(folder: Path, name: str, layout: Layout | None = None, zone: str = "") -> FileRead:
    pattern = OpenedPattern(name, layout or layout_named("safeschools"), zone)
    (file,) = Spreadsheet("acme", "cumulative", (pattern,), folder, PACIFIC).pull(frozenset()).files
    return file


def of_csv(folder: Path, words: str, layout: Layout | None = None) -> FileRead:
    (folder / "in.csv").write_text(words, encoding="utf-8")
    return read(folder, "in.csv", layout)


def of_xlsx(
    folder: Path, rows: Sequence[Sequence[Any]], formats: Mapping[str, str], layout: Layout | None = None
) -> FileRead:
    """Return what is read of a workbook; `formats` are number formats by address."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    for place, code in formats.items():
        cell = sheet[place]
        assert isinstance(cell, Cell)
        cell.number_format = code
    book.save(folder / "in.xlsx")
    return read(folder, "in.xlsx", layout)


def done(item: Item) -> Completion:
    assert isinstance(item.reading, Completion), item.reading
    return item.reading


def refused(item: Item) -> tuple[str, str, str]:
    """Return a refusal's code, place and what was found."""
    assert isinstance(item.reading, Refused), item.reading
    return item.reading.finding.code, item.reading.finding.where, item.reading.finding.found


def skipped(file: FileRead) -> list[str]:
    return [item.reading.reason for item in file.items if isinstance(item.reading, Skipped)]


def test_percentage_is_the_score_that_the_csv_of_the_same_sheet_has(tmp_path: Path) -> None:
    (sheet,) = of_xlsx(tmp_path, [HEAD, (*ANA, 0.85)], {"G2": "0%"}).items
    (text,) = of_csv(tmp_path, ",".join(HEAD) + "\n" + ",".join((*ANA, "85%")) + "\n").items
    assert done(sheet).score == done(text).score == Decimal(85)


def test_id_keeps_the_zeros_that_its_format_shows(tmp_path: Path) -> None:
    (item,) = of_xlsx(tmp_path, [HEAD, ("Reyes", "Ana", 417, *ANA[3:], None)], {"C2": "00000"}).items
    assert done(item).learner.person_id == "00417"


def test_number_in_the_format_of_social_security_numbers_is_one(tmp_path: Path) -> None:
    rows = [(*ANA[:2], f"E{n}", *ANA[3:], 123456780 + n) for n in range(3)]
    file = of_xlsx(tmp_path, [(*HEAD[:6], "Ref"), *rows], {f"G{n}": "000-00-0000" for n in (2, 3, 4)})
    assert [(one.code, one.where) for one in file.findings] == [("column-dropped", "in.xlsx, Sheet!G")]
    assert file.dropped == ("Ref",)
    assert not any("6780" in text for item in file.items for _, text in item.text)


def test_duration_is_told_in_hours(tmp_path: Path) -> None:
    layout = Layout.model_validate({**layout_named("safeschools").model_dump(), "optional": [], "columns": HOURS})
    (item,) = of_xlsx(tmp_path, [(*HEAD[:6], "Hours"), (*ANA, 1.25)], {"G2": "[h]:mm"}, layout).items
    assert dict(done(item).attributes) == {"hours": "30:00:00"}


HOURS = {
    "person_id": ["Employee ID"], "course_title": ["Course"], "completed_on": ["Completed Date"], "hours": ["Hours"],
    "assignment": ["Status"],
}  # fmt: skip


def test_check_boxes_and_numbers_are_status_words_of_a_matrix(tmp_path: Path) -> None:
    rows = [("Employee ID", "Name", "Trauma", "FERPA", "Ethics", "Law"), ("E100", "Reyes, Ana", True, False, 1, 1)]
    items = of_xlsx(tmp_path, rows, {"F2": "0%"}, Layout.model_validate(MATRIX)).items
    assert [type(item.reading) for item in items] == [Completion, NotDone, Completion, Completion]
    assert {done(item).claim for item in (items[0], items[2], items[3])} == {ClaimReason.NO_DATE}


def test_check_box_that_the_layout_does_not_know_is_an_unknown_word(tmp_path: Path) -> None:
    layout = Layout.model_validate({**MATRIX, "status": {"done": ["x"]}})
    (item,) = of_xlsx(tmp_path, [("Employee ID", "Name", "Trauma"), ("E100", "Ana", True)], {}, layout).items
    assert refused(item) == ("unknown-status", "in.xlsx, Sheet!C2", 'the status "TRUE"')


def test_picture_in_a_cell_of_a_matrix_is_told_as_one(tmp_path: Path) -> None:
    of_xlsx(tmp_path, [("Employee ID", "Name", "Trauma"), ("E100", "Ana", 1)], {})
    data = (tmp_path / "in.xlsx").read_bytes()
    sheet = part(data, SHEET)
    old, new = b'<c r="C2" t="n"><v>1</v></c>', b'<c r="C2" t="e" vm="1"><v>#VALUE!</v></c>'
    assert old in sheet
    (tmp_path / "in.xlsx").write_bytes(changed(data, {SHEET: sheet.replace(old, new)}))
    (item,) = read(tmp_path, "in.xlsx", Layout.model_validate(MATRIX)).items
    assert refused(item)[:2] == ("picture-cell", "in.xlsx, Sheet!C2")


def with_line_through(folder: Path, *places: str) -> None:
    """Cross out cells of the workbook that lies there."""
    book = openpyxl.load_workbook(folder / "in.xlsx")
    for place in places:
        (cell,) = book.worksheets[0][f"{place}:{place}"][0]
        cell.font = Font(strike=True)
    book.save(folder / "in.xlsx")


def test_row_in_which_something_that_counts_is_crossed_out_is_refused(tmp_path: Path) -> None:
    rows = [(*HEAD, "Note")] + [(*ANA[:2], f"E{number}", *ANA[3:], 90, "moved") for number in range(2, 7)]
    of_xlsx(tmp_path, rows, {})
    with_line_through(tmp_path, "A3", "B3", "C3", "D3", "E3", "F3", "G3", "E4", "H5", "G1", "Z9")
    items = read(tmp_path, "in.xlsx").items
    assert [isinstance(item.reading, Refused) for item in items] == [False, True, True, False, False]
    assert refused(items[1])[0] == refused(items[2])[0] == "crossed-out"
    assert refused(items[2]) == ("crossed-out", "in.xlsx, Sheet!E4", "a value that is crossed out")
    assert "09/03/2025" not in dict(items[2].text).values()


def test_cell_of_a_matrix_that_is_crossed_out_is_refused_and_a_merged_one_in_each_of_its_rows(tmp_path: Path) -> None:
    rows = [
        ("Employee ID", "Name", "Trauma", "FERPA"),
        ("E100", "Ana", 1, 1),
        ("E200", "Bo", 1, 1),
        ("E300", "Cy", 1),
    ]
    of_xlsx(tmp_path, rows, {})
    with_line_through(tmp_path, "D2", "C3")
    data = (tmp_path / "in.xlsx").read_bytes()
    merged = part(data, SHEET).replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="C3:C4"/></mergeCells>'
    )
    (tmp_path / "in.xlsx").write_bytes(changed(data, {SHEET: merged}))
    items = read(tmp_path, "in.xlsx", Layout.model_validate(MATRIX)).items
    assert [(item.origin.cell, isinstance(item.reading, Refused)) for item in items] == [
        ("C2", False), ("D2", True), ("C3", True), ("D3", False), ("C4", True),
    ]  # fmt: skip


def test_values_below_merged_cells_do_not_count_and_are_told(tmp_path: Path) -> None:
    bo = ("Smith", "Bo", "E200", "FERPA", "09/03/2025", "Completed")
    of_xlsx(tmp_path, [HEAD[:6], ANA, bo], {})
    data = (tmp_path / "in.xlsx").read_bytes()
    blocks = "".join(f'<mergeCell ref="{column}2:{column}3"/>' for column in "ABC")
    merged = part(data, SHEET).replace(b"</sheetData>", f"</sheetData><mergeCells>{blocks}</mergeCells>".encode())
    (tmp_path / "in.xlsx").write_bytes(changed(data, {SHEET: merged}))
    file = read(tmp_path, "in.xlsx")
    assert [done(item).learner.person_id for item in file.items] == ["E100", "E100"]
    (finding,) = file.findings
    assert (finding.code, "(A3, B3, C3)" in finding.found) == ("values-below-merge", True)


def test_letters_of_a_far_column_are_no_heading(tmp_path: Path) -> None:
    book_rows = [HEAD[:6], ANA]
    of_xlsx(tmp_path, book_rows, {})
    book = openpyxl.load_workbook(tmp_path / "in.xlsx")
    assert isinstance(book.active, Worksheet)
    book.active["XFD1"] = "."
    book.active["SSN2"] = book.active["DOB2"] = "x"
    book.save(tmp_path / "in.xlsx")
    file = read(tmp_path, "in.xlsx")
    assert (file.findings, file.dropped, len(file.items)) == ((), ("column DOB", "column SSN"), 1)


def test_column_that_is_called_so_is_dropped(tmp_path: Path) -> None:
    file = of_csv(tmp_path, CSV.replace("\n", ",column SSN\n") + ",".join((*ANA, "1")) + "\n")
    assert file.dropped == ("column SSN",)


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
    block = "Module name: FERPA\nName,Attendance\nBo Lee,x\nSubtotal,1\nTopic: Ethics\nName,Attendance\nDi Fox,x\n"
    file = of_csv(tmp_path, roll + block, layout_named("sign-in-sheet"))
    kept = [item for item in file.items if not isinstance(item.reading, Skipped)]
    assert [done(kept[n]).course for n in (0, 1, 3)] == ["Trauma Care", "Trauma Care", "Ethics"]
    code, where, found = refused(kept[2])
    assert (code, where, "Module name: FERPA" in found) == ("title-not-understood", "in.csv, A11", True)


def test_what_stands_above_a_header_is_quoted_where_it_does_not_tell_the_day(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("Course: Trauma Care\nHeld in the fall\nName,Signature\nAna Reyes,x\n")
    (finding,) = read(tmp_path, "in.csv", layout_named("sign-in-sheet")).findings
    assert finding.code == "completed-on-not-told"
    assert 'there stands "Course: Trauma Care", "Held in the fall"' in finding.found


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Complted", "Completed"),
        ("complete.", "Complete"),
        ("In-Progress", "In Progress"),
        ("Uncompleted", ""),
        ("Completed (no)", ""),
        ("--", ""),
    ],
)
def test_a_status_word_is_never_taken_for_its_contrary(tmp_path: Path, word: str, meant: str) -> None:
    (item,) = of_csv(tmp_path, CSV + ",".join((*ANA[:5], word)) + "\n").items
    assert isinstance(item.reading, Refused)
    assert item.reading.finding.remedy.startswith(f'Did you mean "{meant}"? ' if meant else "If it is a new word")


def test_a_blank_status_is_no_new_word(tmp_path: Path) -> None:
    (item,) = of_csv(tmp_path, CSV + ",".join((*ANA[:5], "")) + "\n").items
    assert refused(item) == ("blank-status", "in.csv, F2", "no status")


@pytest.mark.parametrize(
    ("row", "place", "found"),
    [
        ("Reyes,Ana,E100,Te\x1b[5mst,09/03/2025,Completed", "D2", "Te\\x1b[5mst"),
        ("Reyes,Ana,E1\u202e00,Trauma,09/03/2025,Completed", "C2", "E1\\u202e00"),
        ("Rey\x00es,Ana,E100,Trauma,09/03/2025,Completed", "A2", "Rey\\x00es"),
    ],
)
def test_control_character_makes_its_cell_a_finding(tmp_path: Path, row: str, place: str, found: str) -> None:
    other = "\nLee,Bo,E101,Trauma,09/03/2025,Completed" * 3
    items = of_csv(tmp_path, f"{CSV}{row}{other}\n").items
    code, where, words = refused(items[0])
    assert (code, where, found in words) == ("unfit-text", f"in.csv, {place}", True)
    assert len([item for item in items if isinstance(item.reading, Completion)]) == 3


def test_zero_width_characters_make_no_other_person_and_no_other_course(tmp_path: Path) -> None:
    (item,) = of_csv(tmp_path, f"{CSV}Reyes,Ana,00105\u200b,Trauma\u200b,09/03/2025,Completed\n").items
    assert (done(item).learner.person_id, done(item).course) == ("00105", "Trauma")


def test_file_in_utf8_with_one_foreign_byte_stays_in_utf8(tmp_path: Path) -> None:
    good, bad = (
        "Reyé,Ana,E100,Trauma – basics,09/03/2025,Completed\n",
        b"Pe\xf1a,Bo,E101,FERPA,09/03/2025,Completed\n",
    )
    (tmp_path / "in.csv").write_bytes((CSV + good).encode() + bad)
    file = read(tmp_path, "in.csv")
    assert [one.code for one in file.findings] == ["encoding-guessed"]
    assert done(file.items[0]).course == "Trauma – basics"
    assert refused(file.items[1])[:2] == ("unfit-text", "in.csv, A3")


def test_encoding_that_the_layout_states_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes((CSV + ",".join(ANA)).replace("Reyes", "Peña").encode("cp1252") + b"\n")
    assert [one.code for one in read(tmp_path, "in.csv").findings] == ["encoding-guessed"]
    layout = layout_named("safeschools").model_dump()
    stated = Layout.model_validate({**layout, "sheet": {**layout["sheet"], "encoding": "cp1252"}})
    file = read(tmp_path, "in.csv", stated)
    assert (file.findings, done(file.items[0]).learner.last_name) == ((), "Peña")


@pytest.mark.parametrize("score", ["NaN", "inf", "-Infinity", "1e999999", "1e-999999", "9" * 40])
def test_score_that_no_scale_has_is_a_finding_of_its_row(tmp_path: Path, score: str) -> None:
    file = of_csv(tmp_path, ",".join(HEAD) + f"\n{','.join(ANA)},{score}\n" + ",".join((*ANA, "85")) + "\n")
    assert refused(file.items[0])[:2] == ("bad-score", "in.csv, G2")
    assert done(file.items[1]).score == 85


@pytest.mark.parametrize("value", ["1E999", "nan", "-1E999"])
def test_number_that_is_none_is_a_finding_of_its_row(tmp_path: Path, value: str) -> None:
    of_xlsx(tmp_path, [HEAD, (*ANA[:4], 1.0, *ANA[5:], 2.0), (*ANA, 85)], {})
    data = (tmp_path / "in.xlsx").read_bytes()
    for place, old in (("E2", b"<v>1</v>"), ("G2", b"<v>2</v>")):
        sheet = part(data, SHEET)
        assert old in sheet, place
        (tmp_path / "in.xlsx").write_bytes(changed(data, {SHEET: sheet.replace(old, f"<v>{value}</v>".encode())}))
        items = read(tmp_path, "in.xlsx").items
        assert (isinstance(items[0].reading, Refused), isinstance(items[1].reading, Completion)) == (True, True)


@pytest.mark.parametrize("year", ["0001", "9999", "1988", "2102"])
def test_day_of_a_year_beyond_all_is_a_finding_of_its_row(tmp_path: Path, year: str) -> None:
    layout = layout_named("safeschools").model_dump()
    dates = {"formats": ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M"], "order": "ymd", "instant": True}
    timed = Layout.model_validate({**layout, "dates": dates})
    rows = [f"{year}-01-01T00:00:00+1400", f"{year}-12-31T23:59:59-1200", f"{year}-01-01 00:00", f"{year}-12-31"]
    lines = "".join(f"Reyes,Ana,E{n},Trauma,{day},Completed\n" for n, day in enumerate(rows))
    (tmp_path / "in.csv").write_text(CSV + lines)
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        items = read(tmp_path, "in.csv", timed, zone).items
        assert [refused(item)[0] for item in items] == ["bad-date"] * 4


def test_whatever_breaks_on_one_row_is_that_rows_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(words: str, *, last_first: bool) -> tuple[str, str]:
        raise RuntimeError(f"cannot deal with {words}")

    monkeypatch.setattr("lms_sync.sources.spreadsheet.records.split_name", broken)
    layout = layout_named("sign-in-sheet")
    rows = "Course: Trauma\nDate: 9/23/2025\nName,Signature\nAna Reyes,x\n,\n"
    with caplog.at_level(logging.ERROR):
        (item,) = of_csv(tmp_path, rows, layout).items
    assert refused(item)[:2] == ("row-unreadable", "in.csv, A4")
    assert "split_name" in caplog.text
    assert "Reyes" not in caplog.text


def test_name_of_a_file_is_written_out_where_it_holds_controls(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\u202e.csv").write_text(CSV + ",".join(ANA) + "\n")
    (file,) = (
        Spreadsheet("acme", "cumulative", (OpenedPattern("*.csv", layout_named("safeschools")),), tmp_path, PACIFIC)
        .pull(frozenset())
        .files
    )
    assert file.name == "a\\x1b[2J\\u202e.csv"
    assert file.items[0].origin.file == file.name


ANCHOR = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>{col}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
    "<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:{what}/></xdr:twoCellAnchor>"
)
DRAWING = "xl/drawings/drawing1.xml"


def test_pictures_over_the_rows_are_told_and_a_logo_above_them_is_not(tmp_path: Path) -> None:
    rows = [("A logo",), HEAD, ANA, ANA]
    of_xlsx(tmp_path, rows, {})
    anchors = "".join(
        ANCHOR.format(col=col, row=row, what=what)
        for col, row, what in ((0, 0, "pic"), (5, 2, "pic"), (5, 3, "pic"), (2, 2, "sp"))
    )
    lists = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
    relation = f'<Relationship Id="r1" Type="{kind}" Target="../drawings/drawing1.xml"/>'
    path = tmp_path / "in.xlsx"
    with zipfile.ZipFile(path, "a") as book:
        book.writestr(DRAWING, f"<xdr:wsDr>{anchors}</xdr:wsDr>")
        book.writestr(
            "xl/worksheets/_rels/sheet1.xml.rels", f'<Relationships xmlns="{lists}">{relation}</Relationships>'
        )
    (found,) = read(tmp_path, "in.xlsx").findings
    assert found.code == "pictures-over-cells"
    assert "(F3, F4)" in found.found
