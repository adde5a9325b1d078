"""documents add LIST: sound rows are filed, each other row is a finding with its cell, all of them at once."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import Result
from openpyxl import load_workbook

from lms_sync.documents.esd_list import DOCUMENTS_FORM
from lms_sync.tables.write import ColumnSpec, SheetSpec, write_workbook
from tests.cli.small_district import GUARD, INBOX, OFFICER, District
from tests.tables.hostile import zip_bomb

ADA, BEN = OFFICER[0], GUARD[0]
HEADINGS = tuple(column.heading for column in DOCUMENTS_FORM.columns)
ADA_ROW = (ADA, "Marsh", "Ada", "all", "verified", "ESD 113", "2026-11-01", "88")
SAYS = ("--esd", "ESD 113", "--day", "2026-11-01")
BEN_ROW = (BEN, "BROOK", "B.", "classroom", "waived", "ESD 113", "2026-11-02", "89")


def csv(*rows: Sequence[str], headings: Sequence[str] = HEADINGS) -> bytes:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in (headings, *rows)).encode()


def xlsx(*rows: Sequence[str], headings: Sequence[str] = HEADINGS) -> bytes:
    columns = tuple(ColumnSpec(heading, 20) for heading in headings)
    return write_workbook(None, [SheetSpec("November", columns, tuple(map(tuple, rows)))], title="x")


def read(one: District, content: bytes, *args: str, name: str = "list.csv") -> Result:
    path = one.folder.parent / name
    path.write_bytes(content)
    return one.run("documents", "add", str(path), *args)


def people(one: District) -> dict[str, list[str]]:
    found = one.json("documents", "list", "--format", "json")
    return {f"{document['people'][0]} {document['origin']}": document["components"] for document in found}


def test_a_sound_list_is_filed_and_the_same_list_again_changes_nothing(morning: District) -> None:
    first = read(morning, xlsx(ADA_ROW, BEN_ROW), name="list.xlsx")
    filed = people(morning)
    again = read(morning, xlsx(ADA_ROW, BEN_ROW), name="list.xlsx")

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "2 filed, 0 on file already, 0 not filed, of 2 rows." in first.stdout
    assert "on plan  documented" in first.stdout
    assert "0 filed, 2 on file already, 0 not filed, of 2 rows." in again.stdout
    assert filed == {f"{ADA} November!A2": ["classroom", "on-the-job"], f"{BEN} November!A3": ["classroom"]}
    assert people(morning) == filed
    assert len(list((morning.folder / "documents").glob("*.xlsx"))) == 1


def test_next_month_s_list_files_only_what_is_new(morning: District) -> None:
    read(morning, csv(ADA_ROW))
    later = read(morning, csv(ADA_ROW, BEN_ROW), name="december.csv")

    assert "1 filed, 1 on file already" in later.stdout
    assert len(list((morning.folder / "documents").glob("*.csv"))) == 2


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        (0, "00999", "A3: nobody on the roster has the Person ID 00999"),
        (0, "", "A3: Person ID is blank"),
        (1, "Marsh", 'B3: "Marsh, B." under 00201. Expected: Brook, Ben'),
        (2, "Carla", 'B3: "BROOK, Carla" under 00201'),
        (3, "class room", 'D3: "class room". Expected: one of: classroom'),
        (3, "", "D3: no Component"),
        (4, "exempt", 'E3: "exempt". Expected: one of: verified, waived'),
        (4, "", "E3: no Kind"),
        (5, "", "F3: no ESD"),
        (6, "11/02/2026", 'G3: "11/02/2026", which is November 2, 2026 or February 11, 2026'),
        (6, "2026-11-24", "G3: 24 Nov 2026 is in the future"),
        (6, "2018-01-01", "G3: 1 Jan 2018 is before 2019"),
        (6, "", "G3: no Date"),
    ],
)
def test_an_unsound_row_is_told_by_its_cell_and_the_others_are_filed(
    morning: District, column: int, cell: str, code: str
) -> None:
    bad = tuple(cell if number == column else value for number, value in enumerate(BEN_ROW))
    said = read(morning, csv(ADA_ROW, bad))

    assert said.exit_code == 1
    assert f"✗ list.csv, list!{code}" in said.stdout
    assert "1 filed, 0 on file already, 1 not filed, of 2 rows." in said.stdout
    assert [key.split()[0] for key in people(morning)] == [ADA]


def test_the_command_line_stands_for_blank_cells_and_for_columns_of_one_letter(morning: District) -> None:
    said = read(
        morning,
        csv((ADA, "", "waived"), (BEN, "", ""), headings=("Employee ID", "Training component", "Verified or waived")),
        *("--component", "classroom", "--component", "on-the-job", "--kind", "verified"),
        *("--esd", "ESD 113", "--day", "2026-11-01"),
    )
    found = morning.json("documents", "list", "--format", "json")

    assert said.exit_code == 0, said.output
    assert {(one["people"][0], one["kind"]) for one in found} == {(ADA, "waived"), (BEN, "verified")}
    assert all(one["components"] == ["classroom", "on-the-job"] for one in found)


def test_a_vendor_s_export_is_no_list_of_an_esd(morning: District) -> None:
    path = str(morning.folder / INBOX)
    said = morning.run("documents", "add", path, "--component", "all", "--kind", "verified", *SAYS)

    assert said.exit_code == 2
    assert "export!E1: a record of training, by its headings “Course”, “Completed Date”, “Status”" in said.stdout
    assert "goes into the inbox" in said.stdout
    assert (people(morning), list(morning.folder.glob("documents/*"))) == ({}, [])


@pytest.mark.parametrize("heading", ["Course", "Job title", "Date Completed", "SCORE", "Credit hours", "Status"])
def test_one_heading_of_a_record_of_training_is_enough_to_refuse_a_list(morning: District, heading: str) -> None:
    rows = [(*ADA_ROW, "x")]
    said = read(morning, xlsx(*rows, headings=(*HEADINGS, heading)), name="list.xlsx")
    plain = read(morning, xlsx(*rows, headings=(*HEADINGS, "Remark")), name="list.xlsx")

    assert (said.exit_code, f"November!I1: a record of training, by its headings “{heading}”" in said.stdout) == (
        2,
        True,
    )
    assert "1 filed" in plain.stdout, plain.output


@pytest.mark.parametrize("heading", ["Component", "Kind"])
def test_no_option_stands_for_a_column_that_says_what_was_verified(morning: District, heading: str) -> None:
    kept = [number for number, name in enumerate(HEADINGS) if name != heading]
    content = csv([ADA_ROW[n] for n in kept], headings=[HEADINGS[n] for n in kept])
    said = read(morning, content, "--component", "all", "--kind", "waived", *SAYS)

    assert (said.exit_code, f'Add a column with the heading "{heading}"' in said.stdout) == (2, True)
    assert people(morning) == {}


@pytest.mark.parametrize("esd", ["HERON GUARDS", "Heron", "Pinehill School District"])
def test_a_row_that_names_a_partner_or_the_district_as_the_esd_is_not_filed(morning: District, esd: str) -> None:
    said = read(morning, csv(ADA_ROW, (*BEN_ROW[:5], esd, *BEN_ROW[6:])))
    optioned = read(morning, csv(BEN_ROW), "--esd", esd)

    assert (said.exit_code, f'list!F3: "{esd}" is ' in said.stdout, "1 filed" in said.stdout) == (1, True, True)
    assert (optioned.exit_code, "and no ESD" in optioned.stderr) == (2, True)
    assert [key.split()[0] for key in people(morning)] == [ADA]


def test_a_row_of_somebody_who_is_not_named_like_an_esd_is_not_filed(morning: District) -> None:
    said = read(morning, csv(ADA_ROW, (*BEN_ROW[:5], "Vector Solutions", *BEN_ROW[6:])))
    assert '"Vector Solutions" is not named like an educational service district' in said.stdout
    assert (said.exit_code, "1 filed" in said.stdout) == (1, True)
    assert [key.split()[0] for key in people(morning)] == [ADA]


def test_an_esd_of_a_list_that_was_never_named_here_is_remarked(morning: District) -> None:
    first = read(morning, csv(ADA_ROW))
    second = read(morning, csv((*BEN_ROW[:5], "ESDD 113", *BEN_ROW[6:])), name="second.csv")

    assert (first.exit_code, "! ESD 113 was never named here before" in first.stdout) == (0, True)
    assert '! ESDD 113 was never named here before: Did you mean "ESD 113"?' in second.stdout


def test_rows_that_contradict_each_other_are_not_filed(morning: District) -> None:
    said = read(morning, csv(ADA_ROW, BEN_ROW, (*BEN_ROW[:4], "verified", *BEN_ROW[5:]), ADA_ROW))

    assert said.stdout.count("another row of the list says otherwise") == 2
    assert "1 filed, 1 on file already, 2 not filed, of 4 rows." in said.stdout


def test_a_row_that_contradicts_what_is_on_file_is_not_filed(morning: District) -> None:
    read(morning, csv(BEN_ROW))
    (document,) = morning.json("documents", "list", "--format", "json")
    said = read(morning, csv((*BEN_ROW[:6], "2026-11-05", "89")), name="second.csv")

    assert said.exit_code == 1
    assert f"{document['id']} on file says waived on 2 Nov 2026" in said.stdout
    assert f"lms-sync documents withdraw {document['id']}" in said.stdout


def test_what_a_cell_says_steers_no_terminal_and_is_kept_as_text(morning: District) -> None:
    formula = (*ADA_ROW[:5], "=HYPERLINK(1)&ESD", *ADA_ROW[6:])
    said = read(morning, csv(formula, (BEN, "\x1b[2JMarsh\x07", *BEN_ROW[2:])))
    listed = morning.run("documents", "list")

    assert (said.exit_code, "1 filed" in said.stdout) == (1, True)
    assert "=HYPERLINK(1)&ESD" in listed.stdout
    assert not {"\x1b", "\x07"} & set(said.stdout + listed.stdout)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (zip_bomb(), "list.xlsx", "list.xlsx: "),
        (xlsx(("x",), headings=("Name",)), "list.xlsx", "list.xlsx was not taken in"),
        (b"name,day\nAda,2026\n", "list.csv", "this kind of file cannot be filed"),
    ],
)
def test_what_is_no_list_is_refused_whole(morning: District, content: bytes, name: str, said: str) -> None:
    refused = read(morning, content, name=name)

    assert (refused.exit_code, said in refused.stderr) == (2, True)
    assert people(morning) == {}


@pytest.mark.parametrize("option", ["--person", "--number"])
def test_options_of_one_document_are_refused_for_a_list(morning: District, option: str) -> None:
    refused = read(morning, csv(ADA_ROW), option, "00101")

    assert (refused.exit_code, "this file is a list" in refused.stderr) == (2, True)


def test_the_template_can_be_filled_in_and_read(morning: District, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    wrote = morning.run("documents", "template", "-o", str(path))
    empty = morning.run("documents", "add", str(path))
    book = load_workbook(path)
    book.worksheets[0].append(ADA_ROW)
    book.save(path)
    said = morning.run("documents", "add", str(path))

    assert (wrote.exit_code, empty.exit_code) == (0, 0)
    assert "0 filed, 0 on file already, 0 not filed, of 0 rows." in empty.stdout
    assert "1 filed" in said.stdout, said.output


@pytest.mark.parametrize("lines", [500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_a_long_list_is_filed_whole_and_every_line_logged(morning: District, lines: int) -> None:
    rows = [(*BEN_ROW[:7], str(number)) for number in range(lines)]
    said = read(morning, csv(*rows))

    assert f"{lines} filed, 0 on file already" in said.stdout
    with sqlite3.connect(morning.folder / "state/lms_sync.db") as base:
        counted = base.execute("SELECT count(*) FROM audit WHERE kind = 'document'").fetchone()
    base.close()
    assert counted == (lines,)
    assert f"0 filed, {lines} on file already" in read(morning, csv(*rows)).stdout
