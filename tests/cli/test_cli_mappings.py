"""mappings check: the map in force, or a file, by cell."""

from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from lms_sync.workspace.start.workbooks import Line, mapping_workbook
from tests.cli.small_district import GUARD, District

DECIDED: Line = {"Decided by": "A trainer", "Decided on": date(2026, 8, 1)}
PLACES = ("Heron Guards hall", "Fir ES", "Fir ES")
ALL: Line = {**{str(number): "x" for number in range(1, 14)}, "On-the-job days": 1, "Check-ins": 1}


def book(path: Path, *lines: Line) -> str:
    path.write_bytes(
        mapping_workbook([{**DECIDED, **ALL, "Source": "*", "Course": "S5"}, *lines], [], topics={1: "x"})
    )
    return str(path)


def test_a_good_map_is_said_to_be_good(morning: District) -> None:
    checked = morning.run("mappings", "check")
    assert (checked.exit_code, checked.stdout) == (0, "courses.xlsx: 15 rows, nothing to correct.\n")


def test_a_broken_file_is_told_by_cell_and_its_copy_has_the_comments(morning: District, tmp_path: Path) -> None:
    file = book(tmp_path / "new.xlsx", {**DECIDED, "Source": "vendr", "Course": "Unit 6", "6": "x"})
    checked = morning.run("mappings", "check", file, "--annotate")

    assert checked.exit_code == 2
    found = checked.stdout.splitlines()
    assert found[0].startswith('✗ new.xlsx, Courses!A6: "vendr"')
    assert found[1].startswith('• new.xlsx, Courses!B6: "Unit 6"')
    assert found[-1] == f"Wrote {tmp_path / 'new.checked.xlsx'}"
    copy = load_workbook(tmp_path / "new.checked.xlsx")
    assert "vendor" in copy["Courses"]["A6"].comment.text
    assert copy.worksheets[0].max_row == 3


REGISTER = """
[[source]]
name = "academy"
kind = "spreadsheet"
export = "cumulative"
files = [{ path = "register/*.csv", layout = "acadis" }]

[mail]"""
ACADEMY = "Student,Academy ID,Course Number,Course Title,Completion Date,Result\n"


def test_an_id_that_its_source_gave_to_another_course_is_told_also_by_the_night(morning: District) -> None:
    morning.settings("\n[mail]", REGISTER)
    row: Line = {**DECIDED, "Source": "academy", "Course": "0681", "Title": "Youth mental health", "4": "x"}
    book(morning.folder / "mappings/courses.xlsx", row)
    register = morning.folder / "register/all.csv"
    register.parent.mkdir()
    register.write_text(f'{ACADEMY}"Marsh, Ada",A1,0681,Mental Health of Youth,09/10/2026,Passed\n', encoding="utf-8")
    morning.run("nightly")
    assert "now calls" not in morning.run("mappings", "check").stdout

    with register.open("a", encoding="utf-8") as more:
        more.write('"Brook, Ben",A2,0681,Bloodborne Pathogens,11/02/2026,Passed\n')
    morning.run("nightly")
    assert 'academy now calls 0681 "Bloodborne Pathogens"' in morning.run("mappings", "check").stdout
    assert "Bloodborne Pathogens" in morning.run("worklist").stdout


def test_a_file_that_is_not_there_or_no_workbook_is_said(morning: District, tmp_path: Path) -> None:
    missing = morning.run("mappings", "check", str(tmp_path / "none.xlsx"), "--annotate")
    assert (missing.exit_code, "no such file" in missing.stdout) == (2, True)
    (tmp_path / "note.xlsx").write_text("hello", encoding="utf-8")
    assert morning.run("mappings", "check", str(tmp_path / "note.xlsx")).exit_code == 2


def test_guards_are_named_by_nobody(morning: District) -> None:
    assert GUARD[1] not in morning.run("mappings", "check").stdout


def test_the_copy_of_an_older_workbook_gets_the_column_for_partners_with_what_is_to_be_answered(
    morning: District, tmp_path: Path
) -> None:
    days = (date(2026, 12, day) for day in (14, 15, 16))
    offered: list[Line] = [
        {"Course": "S5", "Starts": day, "Ends": day, "Place": place} for day, place in zip(days, PLACES, strict=True)
    ]
    path = tmp_path / "old.xlsx"
    path.write_bytes(mapping_workbook([{**DECIDED, **ALL, "Source": "*", "Course": "S5"}], offered, topics={1: "x"}))
    book = load_workbook(path)
    head = next(cell for row in book["Offerings"] for cell in row if cell.value == "For partners")
    book["Offerings"].tables.clear()
    book["Offerings"].delete_cols(head.column)
    book.save(path)

    checked = morning.run("mappings", "check", str(path), "--annotate")
    assert checked.exit_code == 1, checked.stdout
    assert 'Add a column "For partners" (--annotate does).' in checked.stdout
    sheet = load_workbook(tmp_path / "old.checked.xlsx")["Offerings"]
    (heading,) = [cell for row in sheet for cell in row if cell.value == "For partners"]
    said = [sheet.cell(heading.row + below, heading.column).value for below in range(1, 4)]
    assert said == ["?", None, None]
    again = morning.run("mappings", "check", str(tmp_path / "old.checked.xlsx"))
    assert (again.exit_code, "open to nobody" in again.stdout) == (1, True)
    assert "--annotate does" not in again.stdout
