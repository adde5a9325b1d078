"""Files in, items out: one small workspace a test."""

from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.errors import ConfigError, SourceError
from lms_sync.model.evidence import ClaimReason, Completion, Item, NotDone, Refused, Skipped
from lms_sync.model.finding import Area, Finding
from lms_sync.sources.connectors import open_source
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.workspace.settings.sources import FilePattern as FileSettings
from lms_sync.workspace.settings.sources import SpreadsheetSettings
from tests.sources.sample_files import PACIFIC

PLAIN: dict[str, Any] = {
    "name": "plain",
    "kind": "rows",
    "key": ["person_id", "course"],
    "optional": ["status", "name", "score"],
    "columns": {
        "person_id": ["ID"],
        "course": ["Course"],
        "completed_on": ["Done on"],
        "status": ["Status"],
        "name": ["Name"],
        "score": ["Score"],
    },
    "status": {"done": ["Completed"], "not_done": ["Open"], "claim": ["Waived"]},
    "dates": {"order": "mdy"},
}
HEAD = "ID,Course,Done on\n"


def layout(**parts: Any) -> Layout:
    return Layout.model_validate({**PLAIN, **parts})


def source(folder: Path, *patterns: OpenedPattern) -> Spreadsheet:
    return Spreadsheet("acme", "cumulative", patterns or (OpenedPattern("*.csv", layout()),), folder, PACIFIC)


def pull(folder: Path, words: str, *, zone: str = "", **parts: Any) -> FileRead:
    (folder / "acme.csv").write_text(words, encoding="utf-8")
    pattern = OpenedPattern("acme.csv", layout(**parts), zone)
    (read,) = source(folder, pattern).pull(frozenset()).files
    return read


def reading_of(folder: Path, words: str, **parts: Any) -> Any:
    (item,) = pull(folder, words, **parts).items
    return item.reading


def finding_of(folder: Path, words: str, **parts: Any) -> Finding:
    read = pull(folder, words, **parts)
    assert read.failed
    assert read.items == ()
    (finding,) = read.findings
    return finding


def test_header_is_found_below_titles_whatever_case_and_blanks(tmp_path: Path) -> None:
    (item,) = pull(tmp_path, "Report of Acme,,\n,,\n iD ,\xa0course,DONE  on\n7,A,09/03/2025\n").items
    assert (str(item.origin), item.reading.record) == ("acme.csv, A4", "7\x1fa")  # type: ignore[union-attr]
    assert item.text == (("iD", "7"), ("course", "A"), ("DONE on", "09/03/2025"))
    assert item.identifying == {"iD"}


def test_missing_header_names_the_nearest_row_and_what_it_lacks(tmp_path: Path) -> None:
    finding = finding_of(tmp_path, "Title\nID,Course,Done at\n7,A,09/03/2025\n")
    assert (finding.area, finding.code, finding.found) == (
        Area.FILE,
        "header-missing",
        "row 2 lacks 1 of 3 headings",
    )
    assert "Done on" in finding.expected
    assert 'Did you mean "Done at"?' in finding.remedy


def test_a_missing_heading_is_never_guessed_to_be_one_that_plays_another_role(tmp_path: Path) -> None:
    columns = {"person_id": ["ID"], "course": ["Course done"], "completed_on": ["Course done on"]}
    finding = finding_of(tmp_path, "ID,Course done,Day\n7,A,09/03/2025\n", columns=columns)
    assert finding.code == "header-missing"
    assert "Did you mean" not in finding.remedy


def test_a_word_for_who_has_signed_up_is_no_completion_and_says_so(tmp_path: Path) -> None:
    words = {"done": ["Attended"], "signed_up": ["Registered", "Waitlist*"]}
    columns = {"person_id": ["ID"], "course": ["Course"], "completed_on": ["Done on"], "status": ["State"]}
    parts: dict[str, Any] = {"columns": columns, "status": words, "optional": []}
    rows = "7,A,09/03/2025,Registered\n8,A,,Waitlisted (3)\n9,A,09/03/2025,Attended\n"
    first, second, third = (
        item.reading for item in pull(tmp_path, "ID,Course,Done on,State\n" + rows, **parts).items
    )
    assert isinstance(first, NotDone)
    assert isinstance(second, NotDone)
    assert [one.sign_up and one.sign_up.course for one in (first, second)] == ["A", "A"]
    assert isinstance(third, Completion)


def test_header_beyond_the_first_rows_is_not_looked_for(tmp_path: Path) -> None:
    assert finding_of(tmp_path, "\n" * 4 + "x,\n" + HEAD, sheet={"header_within": 5}).code == "header-missing"


def test_two_columns_for_one_role_refuse_the_file(tmp_path: Path) -> None:
    finding = finding_of(tmp_path, "ID,Course,Done on,id\n7,A,09/03/2025,8\n")
    assert (finding.code, finding.found) == ("heading-twice", "both columns A and D tell person_id")


def test_refused_row_says_file_cell_value_expectation_and_remedy(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, HEAD + "7,A,31/02/2024\n")
    assert isinstance(reading, Refused)
    finding = reading.finding
    assert (finding.area, finding.where, finding.source) == (Area.ROW, "acme.csv, C2", "acme")
    assert '"31/02/2024"' in finding.found
    assert finding.expected == "a date cell, or text as month/day/year of four digits"
    assert finding.remedy


def test_one_bad_row_stops_no_other(tmp_path: Path) -> None:
    items = pull(tmp_path, HEAD + "7,A,soon\n8,A,09/03/2025\n,A,09/03/2025\n9,#REF!,09/03/2025\n").items
    assert [type(item.reading) for item in items] == [Refused, Completion, Refused, Refused]


@pytest.mark.parametrize(
    ("status", "day", "kind", "claim"),
    [
        ("Completed", "09/03/2025", Completion, None),
        (" COMPLETED ", "09/03/2025", Completion, None),
        ("Completed", "", Completion, ClaimReason.NO_DATE),
        ("Waived", "", Completion, ClaimReason.WAIVER),
        ("Waived", "09/03/2025", Completion, ClaimReason.WAIVER),
        ("Open", "", NotDone, None),
        ("Open", "09/03/2025", NotDone, None),
        ("Completed (did not achieve pass grade)", "09/03/2025", Refused, None),
        ("", "09/03/2025", Refused, None),
        ("Waived", "soon", Refused, None),
    ],
)
def test_status_words_mean_what_the_layout_says(
    tmp_path: Path, status: str, day: str, kind: type, claim: ClaimReason | None
) -> None:
    reading = reading_of(tmp_path, f"ID,Course,Done on,Status\n7,A,{day},{status}\n")
    assert type(reading) is kind
    assert getattr(reading, "claim", None) is claim


def test_record_key_does_not_change_with_day_status_case_or_blanks(tmp_path: Path) -> None:
    head = "ID,Course,Done on,Status\n"
    records = {
        reading_of(tmp_path, head + row).record
        for row in (
            "e7,Nu\u0301ñez  A,09/03/2025,Completed\n",
            " E7 ,NÚÑEZ A,10/03/2025,Completed\n",
            "e7,núñez a,,Open\n",
        )
    }
    assert records == {"e7\x1fnúñez a"}


def test_skip_rules_pass_rows_over_with_their_reason(tmp_path: Path) -> None:
    rules = [
        {"reason": "a total", "first": ["Total"], "blank": ["course"]},
        {"reason": "nobody", "blank": ["person_id"]},
    ]
    rows = "Total: 2,,\nTotally,,09/03/2025\nTotal,A,09/03/2025\n,A,\n"
    items = pull(tmp_path, HEAD + rows, skip=rules).items
    assert [item.reading.reason if isinstance(item.reading, Skipped) else None for item in items] == [
        "a total",
        None,
        None,
        "nobody",
    ]


def test_constants_fill_what_no_column_tells(tmp_path: Path) -> None:
    columns = {key: PLAIN["columns"][key] for key in ("person_id", "completed_on")}
    reading = reading_of(
        tmp_path, "ID,Done on\n7,09/03/2025\n", columns=columns, optional=[], constants={"course": "SSS-10"}
    )
    assert (reading.course, reading.record) == ("SSS-10", "7\x1fsss-10")


def test_numbers_for_ids_and_scores(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, "ID,Course,Done on,Score\n417.0,A,09/03/2025,85.5%\n")
    assert (reading.learner.person_id, str(reading.score)) == ("417", "85.5")
    assert reading_of(tmp_path, "ID,Course,Done on,Score\n417,A,09/03/2025,Pass\n").score is None


@pytest.mark.parametrize(
    ("name", "order", "first", "last"),
    [
        ("Núñez, Ana M.", "first last", "Ana M.", "Núñez"),
        ("Ana M. Núñez", "first last", "Ana M.", "Núñez"),
        ("Núñez", "last, first", "", "Núñez"),
        ("Cher", "first last", "", "Cher"),
    ],
)
def test_names_are_split_by_the_stated_order(tmp_path: Path, name: str, order: str, first: str, last: str) -> None:
    reading = reading_of(tmp_path, f'ID,Course,Done on,Name\n7,A,09/03/2025,"{name}"\n', name_order=order)
    assert (reading.learner.first_name, reading.learner.last_name) == (first, last)


def test_days_that_are_the_key_may_not_be_blank(tmp_path: Path) -> None:
    parts = {"key": ["person_id", "course", "completed_on"], "attempts": True}
    assert isinstance(reading_of(tmp_path, HEAD + "7,A,\n", **parts), Refused)
    assert reading_of(tmp_path, HEAD + "7,A,09/03/2025\n", **parts).record == "7\x1fa\x1f2025-09-03"


INSTANTS = {"dates": {"instant": True, "formats": ["%Y-%m-%d %H:%M:%S"]}}


def test_file_of_instants_without_a_stated_zone_is_refused_whole(tmp_path: Path) -> None:
    finding = finding_of(tmp_path, HEAD + "7,A,2025-09-03 07:00:00\n", **INSTANTS)
    assert finding.code == "zone-missing"
    assert 'zone = "America/Los_Angeles"' in finding.expected
    assert "acme.csv" in finding.expected


def test_zone_is_demanded_even_when_no_row_tells_a_time(tmp_path: Path) -> None:
    assert finding_of(tmp_path, HEAD + "7,A,\n", **INSTANTS).code == "zone-missing"


def test_stated_zone_decides_the_day(tmp_path: Path) -> None:
    words = HEAD + "7,A,2025-09-04 05:00:00\n"
    assert str(reading_of(tmp_path, words, zone="UTC", **INSTANTS).day) == "2025-09-03"
    assert str(reading_of(tmp_path, words, zone=PACIFIC, **INSTANTS).day) == "2025-09-04"


def test_social_security_numbers_and_birth_dates_are_dropped_and_said(tmp_path: Path) -> None:
    rows = "".join(f"{n},A,09/0{n}/2025,123-45-678{n},1/2/198{n},{n}/1/1971,see 123-45-6789\n" for n in range(1, 5))
    read = pull(tmp_path, "ID,Course,Done on,Number,D.O.B.,Since,Note\n" + rows, keep=["Note"])
    assert read.dropped == ("Number", "D.O.B.", "Since")
    assert [one.code for one in read.findings] == [*["column-dropped"] * 3, "values-dropped"]
    assert [one.where for one in read.findings] == ["acme.csv, D", "acme.csv, E", "acme.csv, F", "acme.csv, G"]
    assert read.findings[3].found == "4 values look like social security numbers"
    assert all(isinstance(item.reading, Completion) for item in read.items)
    kept = repr(read)
    for forbidden in ("123-45", "198", "1971"):
        assert forbidden not in kept
    assert "see ***-**-****" in kept


def test_social_security_numbers_as_ids_refuse_the_file(tmp_path: Path) -> None:
    finding = finding_of(tmp_path, HEAD + "123-45-6789,A,09/03/2025\n")
    assert finding.code == "forbidden-column"
    assert "123-45" not in repr(finding)


def test_masked_id_makes_no_record(tmp_path: Path) -> None:
    items = pull(tmp_path, HEAD + "123-45-6789,A,09/03/2025\n7,A,09/03/2025\n8,A,09/03/2025\n").items
    assert [type(item.reading) for item in items] == [Refused, Completion, Completion]
    assert "123-45" not in repr(items)


def test_days_of_this_century_are_kept_where_the_layout_says_so(tmp_path: Path) -> None:
    rows = "".join(f"{n},A,09/03/2025,0{n}/01/2024\n" for n in range(1, 5))
    read = pull(tmp_path, "ID,Course,Done on,Assigned\n" + rows, keep=["assigned"])
    assert (read.dropped, read.findings) == ((), ())
    assert dict(read.items[0].text)["Assigned"] == "01/01/2024"


def workbook(path: Path, *sheets: tuple[str, Literal["visible", "hidden"], list[list[object]]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, state, rows in sheets:
        ws = book.create_sheet(name)
        assert isinstance(ws, Worksheet)
        ws.sheet_state = state
        for row in rows:
            ws.append(row)
    book.save(path)


TABLE: list[list[object]] = [["ID", "Course", "Done on"], ["7", "A", "09/03/2025"]]


@pytest.mark.parametrize(
    ("choice", "sheets"),
    [
        ({}, ["Done"]),
        ({"name": "hidden"}, ["Hidden"]),
        ({"pattern": "d*"}, ["Done", "Done 2"]),
    ],
)
def test_layout_chooses_the_sheets(tmp_path: Path, choice: dict[str, str], sheets: list[str]) -> None:
    path = tmp_path / "book.xlsx"
    workbook(
        path,
        ("Cover", "visible", [["Report"]]),
        ("Hidden", "hidden", TABLE),
        ("Draft", "hidden", TABLE),
        ("Done", "visible", TABLE),
        ("Done 2", "visible", TABLE),
    )
    (read,) = source(tmp_path, OpenedPattern("*.xlsx", layout(sheet=choice))).pull(frozenset()).files
    assert [item.origin.sheet for item in read.items] == sheets
    said = [one.where for one in read.findings if one.code == "sheet-not-read"]
    visible = {"Done", "Done 2"} - set(sheets)
    assert said == [f"book.xlsx, {name}" for name in sorted(visible)]


def test_missing_sheet_is_told_with_those_that_are_there(tmp_path: Path) -> None:
    workbook(tmp_path / "book.xlsx", ("Cover", "visible", TABLE))
    pattern = OpenedPattern("*.xlsx", layout(sheet={"name": "Completions"}))
    (read,) = source(tmp_path, pattern).pull(frozenset()).files
    assert (read.findings[0].code, read.findings[0].found) == ("sheet-missing", 'the file has "Cover"')


def matrix(folder: Path, words: str, **parts: Any) -> tuple[Item, ...]:
    columns = {"person_id": ["ID"], "name": ["Name"]}
    return pull(folder, words, kind="matrix", columns=columns, matrix={"ignore": ["Notes"], **parts}).items


def test_matrix_cell_is_an_item_with_its_own_address(tmp_path: Path) -> None:
    items = matrix(tmp_path, "ID,Name,A,B,Notes\n7,Noor,09/03/2025,,fine\n8,Ona,,Completed 09/04/2025,\n")
    assert [(str(item.origin), {heading for heading, _ in item.text}) for item in items] == [
        ("acme.csv, C2", {"ID", "Name", "A"}),
        ("acme.csv, D3", {"ID", "Name", "B"}),
    ]
    readings = [item.reading for item in items]
    assert all(isinstance(one, Completion) for one in readings)
    assert [(one.record, str(one.day)) for one in readings if isinstance(one, Completion)] == [
        ("7\x1fa", "2025-09-03"),
        ("8\x1fb", "2025-09-04"),
    ]


def test_matrix_columns_may_be_units_of_one_course(tmp_path: Path) -> None:
    (item,) = matrix(tmp_path, "ID,Name,Topic 1\n7,Noor,09/03/2025\n", as_units_of="Series")
    assert isinstance(item.reading, Completion)
    assert (item.reading.course, item.reading.unit) == ("Series", "Topic 1")


def test_needs_make_a_claim(tmp_path: Path) -> None:
    needs = [{"courses": ["On-the-job day"], "filled": ["host_school"]}]
    columns = {**PLAIN["columns"], "host_school": ["School"]}
    head = "ID,Course,Done on,School\n"

    def claim(row: str) -> object:
        return reading_of(tmp_path, head + row, needs=needs, columns=columns).claim

    for blank in ("", "-", "n/a", "TBD", "?"):
        assert claim(f"7,on-the-job  DAY,09/03/2025,{blank}\n") is ClaimReason.NO_HOST
    assert claim("7,On-the-job day,09/03/2025,Lincoln HS\n") is None
    assert claim("7,Check-in,09/03/2025,\n") is None


@pytest.mark.parametrize(
    ("officer", "claim"),
    [("Amari, Noor", ClaimReason.NO_HOST), ("Noor  AMARI", ClaimReason.NO_HOST), ("Noor Amir", None)],
)
def test_nobody_is_their_own_experienced_officer(tmp_path: Path, officer: str, claim: ClaimReason | None) -> None:
    needs = [{"courses": ["Check-in"], "filled": ["experienced_officer"]}]
    columns = {**PLAIN["columns"], "experienced_officer": ["With"], "name": ["Officer"]}
    row = f'ID,Course,Done on,Officer,With\n7,Check-in,09/03/2025,"Amari, Noor","{officer}"\n'
    assert reading_of(tmp_path, row, needs=needs, columns=columns).claim is claim


@pytest.mark.parametrize("nobody", ["N/A", "-", "0000", "none", "TBD", "?"])
@pytest.mark.parametrize("role", ["person_id", "email"])
def test_what_stands_for_no_id_is_nobodys_and_makes_no_two_people_one(tmp_path: Path, nobody: str, role: str) -> None:
    columns = {"course_title": ["Course"], "completed_on": ["Done on"], "name": ["Officer"], role: ["ID"]}
    row = f'ID,Course,Done on,Officer\n{nobody},A,09/03/2025,"Amari, Noor"\n'
    by_name = reading_of(tmp_path, row, columns=columns, key=["name", "course"])
    assert (by_name.learner.key, by_name.learner.person_id, by_name.learner.emails) == ("amari, noor", "", ())
    refused = reading_of(tmp_path, row, columns=columns, key=[role, "course"])
    assert isinstance(refused, Refused)
    assert (refused.finding.code, nobody in refused.finding.found) == ("no-key", True)


def test_pattern_that_finds_nothing_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no file fits \*\.csv") as caught:
        source(tmp_path).pull(frozenset())
    assert caught.value.hint


def test_lock_and_hidden_files_are_no_exports(tmp_path: Path) -> None:
    for name in ("~$acme.csv", ".acme.csv"):
        (tmp_path / name).write_text(HEAD)
    with pytest.raises(SourceError):
        source(tmp_path).pull(frozenset())


def test_file_that_two_patterns_find_is_a_configuration_finding(tmp_path: Path) -> None:
    (tmp_path / "acme.csv").write_text(HEAD + "7,A,09/03/2025\n")
    (tmp_path / "other.csv").write_text(HEAD + "8,A,09/03/2025\n")
    found = source(tmp_path, OpenedPattern("*.csv", layout()), OpenedPattern("acme*", layout())).pull(frozenset())
    overlap, fine = found.files
    assert (overlap.failed, overlap.findings[0].area, overlap.findings[0].code) == (
        True,
        Area.CONFIG,
        "overlapping-patterns",
    )
    assert len(fine.items) == 1


def test_files_of_one_name_keep_their_folders_names(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "acme.csv").write_text(HEAD + f"{folder},A,09/03/2025\n")
    found: Pull = source(tmp_path, OpenedPattern("*/acme.csv", layout())).pull(frozenset())
    assert [file.name for file in found.files] == ["a/acme.csv", "b/acme.csv"]


def test_file_is_read_again_when_anything_about_its_reading_changes(tmp_path: Path) -> None:
    (tmp_path / "acme.csv").write_text(HEAD + "7,A,09/03/2025\n")
    plain = OpenedPattern("acme.csv", layout())
    seen = frozenset(file.fingerprint for file in source(tmp_path, plain).pull(frozenset()).files)
    assert not source(tmp_path, plain).pull(seen).files
    for other in (
        OpenedPattern("acme.csv", layout(dates={"order": "dmy"})),
        OpenedPattern("acme.csv", layout(), "UTC"),
    ):
        assert source(tmp_path, other).pull(seen).files
    assert Spreadsheet("acme", "cumulative", (plain,), tmp_path, "UTC").pull(seen).files
    (tmp_path / "acme.csv").write_text(HEAD + "7,A,09/04/2025\n")
    assert source(tmp_path, plain).pull(seen).files


def test_settings_make_the_source(tmp_path: Path) -> None:
    files = (FileSettings(path="*.csv", layout="plain", zone="UTC"),)
    settings = SpreadsheetSettings(name="acme", kind="spreadsheet", export="increment", files=files)
    opened = open_source(settings, folder=tmp_path, layouts={"plain": layout()}, district_zone=PACIFIC)
    assert (opened.name, opened.export) == ("acme", "increment")
    with pytest.raises(ConfigError, match='no layout "plain"') as caught:
        open_source(settings, folder=tmp_path, layouts={"plan": layout()}, district_zone=PACIFIC)
    assert 'Did you mean "plan"?' in caught.value.hint


@pytest.mark.parametrize(
    ("words", "former"),
    [("0\u00ad0417", "0\u00ad0417"), ('"=""00417"""', '="00417"'), ("'00417", "'00417")],
)
def test_a_csv_file_tells_the_key_that_a_row_had_before_the_reader_took_what_is_seen(
    tmp_path: Path, words: str, former: str
) -> None:
    (item,) = pull(tmp_path, f"{HEAD}{words},Calm,09/03/2025\n").items
    assert isinstance(item.reading, Completion)
    assert item.reading.record == "00417\x1fcalm"
    assert [key.record for key in item.former] == [f"{former}\x1fcalm"]
    assert pull(tmp_path, f"{HEAD}00417,Calm,09/03/2025\n").items[0].former == ()


def test_a_workbook_tells_the_key_that_a_row_had_before_the_zeros_of_its_format_counted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (("ID", "Course", "Done on"), (417, "Calm", "09/03/2025"), (41700, "Calm", "09/03/2025")):
        sheet.append(row)
    sheet["A2"].number_format = sheet["A3"].number_format = "00000"
    book.save(tmp_path / "acme.xlsx")
    (read,) = source(tmp_path, OpenedPattern("acme.xlsx", layout())).pull(frozenset()).files
    assert [[key.record for key in item.former] for item in read.items] == [["417\x1fcalm"], []]


def test_a_matrix_tells_the_keys_that_its_cells_had(tmp_path: Path) -> None:
    matrix: dict[str, Any] = {"kind": "matrix", "key": ["person_id", "course"], "matrix": {"fits": "^Calm"}}
    matrix |= {"columns": {"person_id": ["ID"]}, "optional": [], "status": {}}
    read = pull(tmp_path, "ID,Calm\n'00417,09/03/2025\n", **matrix)
    assert [[key.record for key in item.former] for item in read.items] == [["'00417\x1fcalm"]]
