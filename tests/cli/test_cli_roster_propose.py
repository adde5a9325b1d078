"""roster propose and people find: an export beside the roster, and the id behind a name; the roster stays."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from lms_sync.sources.propose.hr_export import role_of
from lms_sync.workspace.roster.open_elsewhere import opened_by
from tests.cli.small_district import District

HEADER = "Employee ID,Last Name,First Name,Work Email,Job Title,Status,Termination Date\n"
ADA = "101,Marsh,Ada,ada@quarry.example.org,SRO,Active,\n"


def export(folder: Path, *rows: str) -> str:
    path = folder.parent / "hr.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Employee ID", "person_id"),
        ("EmpNo", "person_id"),
        ("Last Name", "last_name"),
        ("Surname", "last_name"),
        ("Legal First Name", "first_name"),
        ("Preferred Name", ""),
        ("Employee Name", "name"),
        ("Work Email", "email"),
        ("Termination Date", "ended"),
        ("Employment Status", "status"),
        ("Supervisor ID", ""),
        ("Supervisor Email", ""),
        ("Emergency Contact Name", ""),
        ("School Name", ""),
        ("Building ID", ""),
        ("Last 4 SSN", ""),
        ("Last Updated", ""),
        ("First Day", ""),
        ("Last Day Worked", "ended"),
        ("Term Date", "ended"),
        ("Resignation Date", "ended"),
        ("Leave End Date", ""),
        ("Marital Status", ""),
        ("Status Date", ""),
        ("Hire Date", ""),
        ("Department", ""),
    ],
)
def test_what_a_heading_of_an_hr_system_tells(heading: str, role: str) -> None:
    assert role_of(heading) == role


def test_joiners_leavers_and_changes_are_in_a_copy(evening: District) -> None:
    before = (evening.folder / "roster.xlsx").read_bytes()
    rows = (
        "101,Marsh-Hill,Ada,ada@quarry.example.org,SRO,Active,\n",
        "00201,Brook,Ben,ben@heron.example.com,Guard,Terminated,10/31/2026\n",
        "00900,Nuevo,Nina,nina@pinehill.example.org,Guard,Active,\n",
        "00901,Gone,Gil,gil@pinehill.example.org,Guard,Terminated,10/01/2026\n",
    )
    proposed = evening.run("roster", "propose", export(evening.folder, *rows))
    book = load_workbook(evening.folder / "roster.proposed.xlsx")
    people = [[cell.value for cell in row] for row in book["People"].iter_rows()]
    comments = {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment and cell.comment.author == "lms-sync"
    }

    assert proposed.exit_code == 1, proposed.output
    assert "4 people in the export: 1 new, 1 may have left, 1 changed." in proposed.stdout
    assert (evening.folder / "roster.xlsx").read_bytes() == before
    (new,) = [row for row in people if row[0] == "00900"]
    assert new[:5] == ["00900", "Nuevo", "Nina", None, "nina@pinehill.example.org"]
    assert not any(new[5:])
    assert "00901" not in [row[0] for row in people]
    assert any("has left by the export (10/31/2026)" in text for text in comments.values())
    assert any("“Marsh-Hill” (Last name)" in text for text in comments.values())
    assert book.sheetnames[0] == "To confirm"


def test_who_still_works_by_one_row_or_until_a_day_to_come_has_not_left(evening: District) -> None:
    rows = (
        ADA,
        "101,Marsh,Ada,ada@quarry.example.org,Aide,Terminated,8/31/2024\n",
        "00201,Brook,Ben,ben@heron.example.com,Guard,Active,6/30/2099\n",
    )
    proposed = evening.run("roster", "propose", export(evening.folder, *rows))

    assert "2 people in the export: 0 new, 0 may have left, 0 changed." in proposed.stdout
    assert proposed.stderr == ""


@pytest.mark.parametrize("ended", ["N/A", "-", "00/00/0000", "No", "12/31/9999", "Active"])
def test_what_is_written_for_no_end_is_none(evening: District, ended: str) -> None:
    proposed = evening.run("roster", "propose", export(evening.folder, ADA.replace("Active,", f"Active,{ended}")))

    assert "0 new, 0 may have left, 0 changed" in proposed.stdout


def test_rows_without_an_id_are_said(evening: District) -> None:
    proposed = evening.run("roster", "propose", export(evening.folder, ADA, ",Vance,Lee,l@x.example.org,Guard,,\n"))

    assert "1 row has no id and could not be compared: Vance, Lee." in proposed.stderr


def test_people_of_other_partners_are_not_missing_unless_it_is_said(evening: District) -> None:
    same = export(evening.folder, ADA)

    assert "0 new, 0 may have left, 0 changed" in evening.run("roster", "propose", same).stdout
    assert "0 new, 1 may have left" in evening.run("roster", "propose", same, "--partner", "HERON").stdout


def test_only_rows_that_hold_the_word(evening: District) -> None:
    rows = export(
        evening.folder,
        ADA,
        "800,Teacher,Tom,t@e.example.org,Teacher,Active,\n",
        "801,G,G,g@e.example.org,Guard,Active,\n",
    )

    assert "1 people in the export: 1 new" in evening.run("roster", "propose", rows, "--only", "guard").stdout


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--partner", "HERRON"), 'Did you mean "HERON"?'),
        (("-o", "roster.xlsx"), "roster.xlsx is there already"),
    ],
)
def test_what_is_refused_writes_nothing(evening: District, args: tuple[str, ...], words: str) -> None:
    given = tuple(str(evening.folder / arg) if arg.endswith(".xlsx") else arg for arg in args)
    before = (evening.folder / "roster.xlsx").read_bytes()
    refused = evening.run("roster", "propose", export(evening.folder, ADA), *given)

    assert (refused.exit_code, words in refused.stderr) == (2, True), refused.output
    assert (evening.folder / "roster.xlsx").read_bytes() == before
    assert not (evening.folder / "roster.proposed.xlsx").exists()


def test_an_export_without_ids_is_a_sentence(evening: District) -> None:
    path = evening.folder.parent / "x.csv"
    path.write_text("Subject,Day\nA,B\n", encoding="utf-8")

    assert "no row names an id and a name" in evening.run("roster", "propose", str(path)).stderr


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("marsh", ["00101"]),
        ("Ben Brook", ["00201"]),
        ("Brook, Ben", ["00201"]),
        ("heron.example", ["00201"]),
        ("00101", ["00101"]),
        ("pinehill hs", ["00101", "00201"]),
        ("zzz", []),
    ],
)
def test_somebody_is_found(evening: District, words: str, ids: list[str]) -> None:
    found = evening.json("people", "find", words, "--format", "json")

    assert [str(row["person_id"]) for row in found] == ids


def test_a_misspelt_name_gets_a_suggestion(evening: District) -> None:
    found = evening.run("people", "find", "Ada Marhs")

    assert found.exit_code == 1
    assert "Did you mean Ada Marsh?" in found.stdout


@pytest.mark.parametrize(
    ("name", "content", "whose"),
    [
        ("~$roster.xlsx", b"\x07J.Marsh" + b" " * 40, "J.Marsh"),
        ("~$roster.xlsx", b"", "somebody"),
        (".~lock.roster.xlsx#", b",J. Marsh,pc7,25.11.2026 09:00,file:///x;", "J. Marsh"),
        ("~$other.xlsx", b"\x01J", ""),
    ],
)
def test_whoever_has_it_open_is_named(tmp_path: Path, name: str, content: bytes, whose: str) -> None:
    (tmp_path / name).write_bytes(content)

    assert opened_by(tmp_path / "roster.xlsx") == whose


def test_a_workbook_that_is_open_is_said(evening: District) -> None:
    (evening.folder / "~$roster.xlsx").write_bytes(b"\x07J.Marsh")

    assert "roster.xlsx is open elsewhere (J.Marsh)" in evening.run("check").stderr
    assert "roster.xlsx is open elsewhere (J.Marsh)" in evening.run("roster", "check").stderr
