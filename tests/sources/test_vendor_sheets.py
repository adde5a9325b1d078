"""What vendors do to sheets: headers of two rows, merged and hidden cells, titles that tell, ids in disguise."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import ValidationError

from lms_sync.model.evidence import ClaimReason, Completion, Item, NotDone, Refused
from lms_sync.model.finding import Finding
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from tests.sources.sample_files import FILES, PACIFIC, layout_named, read_sample

PLAIN: dict[str, Any] = {
    "name": "plain",
    "kind": "rows",
    "key": ["person_id", "course"],
    "columns": {"person_id": ["ID"], "course": ["Course"], "completed_on": ["Done on"]},
    "dates": {"order": "mdy"},
}
HEAD = "ID,Course,Done on\n"


def read(folder: Path, name: str, *, zone: str = "", **parts: Any) -> FileRead:
    pattern = OpenedPattern(name, Layout.model_validate({**PLAIN, **parts}), zone)
    (file,) = Spreadsheet("acme", "cumulative", (pattern,), folder, PACIFIC).pull(frozenset()).files
    return file


def items(folder: Path, words: str, *, name: str = "acme.csv", **parts: Any) -> tuple[Item, ...]:
    (folder / name).write_text(words, encoding="utf-8")
    return read(folder, name, **parts).items


def done(item: Item) -> Completion:
    assert isinstance(item.reading, Completion), item.reading
    return item.reading


def refusal(item: Item) -> Finding:
    assert isinstance(item.reading, Refused), item.reading
    return item.reading.finding


def days(found: tuple[Item, ...]) -> list[str]:
    return [str(done(item).day) for item in found]


def failed(folder: Path, words: str, **parts: Any) -> Finding:
    (folder / "acme.csv").write_text(words, encoding="utf-8")
    file = read(folder, "acme.csv", **parts)
    assert file.failed
    (finding,) = file.findings
    return finding


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., FileRead]:
    """Return what reads a workbook that `make` has filled."""

    def reads(make: Callable[[openpyxl.Workbook, Worksheet], None], **parts: Any) -> FileRead:
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        assert isinstance(sheet, Worksheet)
        make(workbook, sheet)
        workbook.save(tmp_path / "acme.xlsx")
        return read(tmp_path, "acme.xlsx", **parts)

    return reads


def table(sheet: Worksheet, *rows: Sequence[str | int | None]) -> None:
    for row in (["ID", "Course", "Done on"], *rows):
        sheet.append(list(row))


def test_header_of_two_rows_joins_merged_groups_with_what_stands_below(book: Callable[..., FileRead]) -> None:
    def make(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.append(["Acme training record"])
        sheet.append(["ID", "De-escalation", None, "Ethics", None])
        sheet.append([None, "Done on", "Score", "Done on", "Score"])
        sheet.append(["7", "09/03/2025", 80, "09/04/2025", 90])
        for cells in ("A2:A3", "B2:C2", "D2:E2"):
            sheet.merge_cells(cells)

    columns = {"person_id": ["ID"], "completed_on": ["Ethics  done on"], "score": ["Ethics Score"]}
    parts = {"constants": {"course": "Ethics"}, "keep": ["De-escalation Score"]}
    (item,) = book(make, sheet={"header_rows": 2}, columns=columns, **parts).items
    assert (str(done(item).day), str(done(item).score), item.origin.cell) == ("2025-09-04", "90", "A4")
    assert [heading for heading, _ in item.text] == [
        "ID",
        "De-escalation Score",
        "Ethics Done on",
        "Ethics Score",
    ]


def test_missing_heading_of_a_header_of_two_rows_is_told_with_what_is_there(tmp_path: Path) -> None:
    finding = failed(tmp_path, "ID,Course,Done\n,,at\n7,A,09/03/2025\n", sheet={"header_rows": 2})
    assert (finding.code, finding.found) == ("header-missing", "row 2 lacks 1 of 3 headings")
    assert 'Did you mean "Done at"?' in finding.remedy


def test_value_merged_over_several_rows_holds_for_each(book: Callable[..., FileRead]) -> None:
    def make(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        table(sheet, ["7", "A", "09/03/2025"], [None, "B", "09/04/2025"], [None, "C", "09/05/2025"])
        sheet.append([None, "D", "09/06/2025"])
        sheet.merge_cells("A2:A4")

    *merged, after = book(make).items
    assert [done(item).record for item in merged] == ["7\x1fa", "7\x1fb", "7\x1fc"]
    assert refusal(after).code in ("nobody", "no-key")


def test_remark_merged_across_a_row_is_no_date_in_each_column(book: Callable[..., FileRead]) -> None:
    def make(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        table(sheet, ["7", "moved away", None])
        sheet.merge_cells("B2:C2")

    (item,) = book(make).items
    assert done(item).claim is ClaimReason.NO_DATE


def test_hidden_rows_are_read_and_told(book: Callable[..., FileRead]) -> None:
    def make(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        table(sheet, *[[str(number), "A", "09/03/2025"] for number in range(2, 9)])
        for number in (1, 3, 4, 5, 8):
            sheet.row_dimensions[number].hidden = True

    file = book(make)
    (finding,) = file.findings
    assert len(file.items) == 7
    assert (finding.code, finding.where) == ("rows-hidden", "acme.xlsx, Sheet")
    assert "rows 3–5, 8;" in finding.found


def test_hidden_sheet_is_not_read_unless_the_layout_names_it(book: Callable[..., FileRead]) -> None:
    def make(workbook: openpyxl.Workbook, sheet: Worksheet) -> None:
        table(sheet, ["7", "A", "09/03/2025"])
        other = workbook.create_sheet("Archive")
        table(other, ["8", "A", "09/03/2025"])
        other.sheet_state = "hidden"

    file = book(make)
    assert [done(item).learner.key for item in file.items] == ["7"]
    assert [(one.code, one.where) for one in file.findings] == [("sheet-hidden", "acme.xlsx, Archive")]
    named = book(make, sheet={"name": "Archive"})
    assert [done(item).learner.key for item in named.items] == ["8"]


def test_formula_without_a_value_is_a_finding_and_never_blank(book: Callable[..., FileRead]) -> None:
    def make(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        table(sheet, ["7", "A", "=DATE(2025,9,3)"], ["8", "A", "09/03/2025"])

    first, second = book(make).items
    assert (refusal(first).code, refusal(first).where) == ("formula-without-value", "acme.xlsx, Sheet!C2")
    assert "save it" in refusal(first).remedy
    assert done(second).day


def test_numbers_are_days_only_where_the_layout_allows(book: Callable[..., FileRead]) -> None:
    def make(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        table(sheet, ["7", "A", 45903])

    assert refusal(book(make).items[0]).code == "bad-date"
    assert days(book(make, dates={"serials": True}).items) == ["2025-09-03"]


def test_workbook_from_1904_counts_its_numbers_from_there(book: Callable[..., FileRead]) -> None:
    def make(workbook: openpyxl.Workbook, sheet: Worksheet) -> None:
        workbook.epoch = CALENDAR_MAC_1904
        table(sheet, ["7", "A", 44441])

    assert days(book(make, dates={"serials": True}).items) == ["2025-09-03"]


def test_numbers_of_a_csv_file_are_text_and_days_all_the_same(tmp_path: Path) -> None:
    words = HEAD + "7,A,45903\n"
    assert refusal(items(tmp_path, words)[0]).code == "bad-date"
    assert days(items(tmp_path, words, dates={"serials": True})) == ["2025-09-03"]
    assert days(items(tmp_path, HEAD + "7,A,44441\n", dates={"serials": True, "epoch": 1904})) == ["2025-09-03"]


@pytest.mark.parametrize(
    ("dates", "words", "day"),
    [
        ({"order": "dmy"}, "03/09/2025", "2025-09-03"),
        ({"order": "dmy"}, "3.9.2025", "2025-09-03"),
        ({"order": "mdy"}, "09/03/2025", "2025-09-03"),
        ({"formats": ["%d-%b-%y"]}, "3-Sep-25", "2025-09-03"),
        ({"order": "mdy", "separator": ";"}, "09/10/2025; 09/03/2025;", "2025-09-10"),
    ],
)
def test_days_are_read_as_the_layout_says(tmp_path: Path, dates: dict[str, Any], words: str, day: str) -> None:
    assert days(items(tmp_path, HEAD + f"7,A,{words}\n", dates=dates)) == [day]


@pytest.mark.parametrize("words", ["09/03/2025; soon", ";", "31/02/2025", "13/13/2025", "09/03/2925", "3.9.25"])
def test_days_that_cannot_be_are_refused(tmp_path: Path, words: str) -> None:
    dates = {"order": "mdy", "separator": ";"}
    assert refusal(items(tmp_path, HEAD + f"7,A,{words}\n", dates=dates)[0]).code == "bad-date"


def test_row_without_a_day_is_not_done_where_the_layout_says_so(tmp_path: Path) -> None:
    (item,) = items(tmp_path, HEAD + "7,A,\n", dates={"blank": "not done"})
    assert isinstance(item.reading, NotDone)


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


def test_ids_that_lost_their_zeros_are_refused_and_never_guessed(tmp_path: Path) -> None:
    right, lost, other = items(
        tmp_path, HEAD + "7,0080,09/03/2025\n7,80,09/03/2025\n7,A1,09/03/2025\n", digits={"course": 4}
    )
    assert (done(right).course, done(other).course) == ("0080", "A1")
    assert (refusal(lost).code, refusal(lost).where) == ("lost-zeros", "acme.csv, B3")


def test_what_does_not_belong_to_a_title_is_taken_out_and_kept_beside_it(tmp_path: Path) -> None:
    columns = {"person_id": ["ID"], "course_title": ["Course"], "completed_on": ["Done on"]}
    tidy = [{"role": "course_title", "remove": r"^[^|]*\|\s*"}]
    rows = "7,Sample Valley SD | Ethics (Full Course),09/03/2025\n8,Ethics (Full Course),09/03/2025\n"
    first, second = items(tmp_path, HEAD + rows, columns=columns, tidy=tidy)
    assert done(first).course == done(second).course == "Ethics (Full Course)"
    assert done(first).course_title == "Sample Valley SD | Ethics (Full Course)"


def test_star_in_a_status_word_stands_for_any_text(tmp_path: Path) -> None:
    columns = {**PLAIN["columns"], "status": ["Status"]}
    status = {"done": ["Completed", "Completed (set by *)"], "not_done": ["Completed (did not achieve pass grade)"]}
    rows = [
        "Completed (set by A. [Bo] *)",
        "Completed (did not achieve pass grade)",
        "Completed (set by A) later",
    ]
    words = "ID,Course,Done on,Status\n" + "".join(f"7,A,09/03/2025,{row}\n" for row in rows)
    found = items(tmp_path, words, columns=columns, status=status)
    assert [type(item.reading) for item in found] == [Completion, NotDone, Refused]


def matrix(folder: Path, words: str, **parts: Any) -> tuple[Item, ...]:
    columns = {"person_id": ["ID"]}
    return items(folder, words, kind="matrix", columns=columns, key=["person_id", "course"], matrix=parts)


def test_matrix_of_scores_proves_that_and_not_when(tmp_path: Path) -> None:
    found = matrix(tmp_path, 'ID,Quiz (1),Total\n7,"9,5",50\n8,88%,50\n9,good,50\n', cells="scores", fits=r"\(\d+\)$")
    assert [(str(done(item).score), done(item).claim, done(item).day) for item in found[:2]] == [
        ("9.5", ClaimReason.NO_DATE, None),
        ("88", ClaimReason.NO_DATE, None),
    ]
    assert (refusal(found[2]).code, refusal(found[2]).where) == ("bad-score", "acme.csv, B4")


def test_day_beside_a_status_word_belongs_to_it(tmp_path: Path) -> None:
    (tmp_path / "acme.csv").write_text("ID,A,,B,\n7,Yes,09/03/2025,No,\n8,Yes,soon,,\n")
    file = read(
        tmp_path,
        "acme.csv",
        kind="matrix",
        columns={"person_id": ["ID"]},
        matrix={"cells": "words"},
        status={"done": ["Yes"], "not_done": ["No"]},
    )
    first, second, third = file.items
    assert (done(first).course, str(done(first).day)) == ("A", "2025-09-03")
    assert first.text == (("ID", "7"), ("A", "Yes"), ("column C", "09/03/2025"))
    assert (type(second.reading), second.origin.cell) == (NotDone, "D2")
    assert refusal(third).where == "acme.csv, C3"


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"told": [{"role": "course", "where": "title", "pattern": "Course: .+"}]}, "one group"),
        ({"told": [{"role": "course", "where": "title", "pattern": "(("}]}, "no regular expression"),
        ({"told": [{"role": "unit", "where": w, "pattern": "(x)"} for w in ("title", "file name")]}, "two [[told]]"),
        ({"tidy": [{"role": "course_title", "remove": "*"}]}, "no regular expression"),
        ({"tidy": [{"role": "name", "remove": "x"}]}, "tidy"),
        ({"digits": {"course": 1}}, "digits"),
        ({"sheet": {"header_rows": 4}}, "header_rows"),
        ({"dates": {"epoch": 1970}}, "epoch"),
        ({"kind": "matrix", "matrix": {"fits": "("}}, "no regular expression"),
        ({"columns": {"person_id": ["ID"]}, "key": ["person_id"]}, "must give course or course_title"),
    ],
)
def test_wrong_rules_are_refused_with_the_reason(parts: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Layout.model_validate({**PLAIN, **parts})
    assert message in str(caught.value)


def test_two_downloads_of_one_completion_report_are_the_same_evidence() -> None:
    reads = [read_sample(path) for path in FILES if path.name.startswith("completion_report")]
    pacific, utc = [
        {done(i).record: done(i).content for i in file.items if isinstance(i.reading, Completion)} for file in reads
    ]
    assert pacific == utc
    assert len(pacific) >= 8


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
