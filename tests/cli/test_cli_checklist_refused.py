"""agreements review: workbooks that are not the checklist, or not any more, are refused."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.checklist_files import COLUMNS, HEADER, YES, checklist, fill, logged, read
from tests.cli.small_district import District


def change(path: Path, what: str) -> None:
    book = load_workbook(path)
    sheet = book.worksheets[0]
    match what:
        case "column":
            sheet.delete_cols(COLUMNS.index("Note") + 1)
        case "row":
            sheet.delete_rows(HEADER + 2)
        case "heading":
            sheet.cell(HEADER, 7).value = "Done"
        case "sheet":
            sheet.title = "Sheet1"
        case "code":
            cell = sheet.cell(HEADER - 2, 1)
            cell.value = str(cell.value)[:-1] + "x"
        case _:
            sheet.cell(HEADER - 2, 1).value = None
    book.save(path)


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("column", 'Add a column with the heading "Note"'),
        ("row", "no row for A2"),
        ("heading", 'a second column "Done"'),
        ("sheet", "Name the sheet Checklist"),
        ("code", "no checklist that this workspace has written"),
        ("line", "no checklist that this workspace has written"),
    ],
)
def test_a_workbook_that_lost_something_is_refused(morning: District, what: str, found: str) -> None:
    path = fill(checklist(morning), {"A1": YES})
    change(path, what)
    refused = read(morning, path)

    assert refused.exit_code == 2
    assert found in " ".join(refused.output.split())
    assert logged(morning) == []


def test_another_agreements_checklist_is_refused(morning: District) -> None:
    path = checklist(morning, agreement="QPD-26")
    refused = read(morning, path)

    assert refused.exit_code == 2
    assert "is the checklist of QPD-26, not of HERON-26" in refused.stderr


def test_a_checklist_of_another_workspace_is_refused(morning: District, tmp_path: Path) -> None:
    path = fill(checklist(morning), {"A1": YES})
    (morning.folder / "state" / "identity.key").write_bytes(b"another key, of some length\n")
    for stale in (morning.folder / "state").glob("*.db*"):
        stale.unlink()
    (morning.folder / "state" / "database_was_here").unlink()
    morning.run("nightly")

    assert "no checklist that this workspace has written" in read(morning, path).stderr


def test_a_checklist_from_before_a_backup_was_restored_is_refused(morning: District) -> None:
    (database,) = (morning.folder / "state").glob("*.db")
    backup = database.read_bytes()
    read(morning, fill(checklist(morning), {"A1": YES}))
    path = checklist(morning, "later.xlsx")
    database.write_bytes(backup)

    assert "a backup may have been restored" in read(morning, path).stderr


def test_a_file_that_is_no_workbook_is_refused(morning: District) -> None:
    (morning.folder / "text.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
    gone = read(morning, morning.folder / "gone.xlsx")
    broken = read(morning, morning.folder / "text.xlsx")

    assert (gone.exit_code, broken.exit_code) == (2, 2)
    assert "gone.xlsx" in gone.stderr
    assert "→" in broken.stderr


def test_a_refused_checklist_is_copied_with_comments_on_its_cells(morning: District) -> None:
    path = fill(checklist(morning), {"A1": {**YES, "On date": "next week"}})
    refused = morning.run("agreements", "review", "HERON-26", "--read", str(path), "--annotate")
    assert refused.exit_code == 2
    copy = load_workbook(path.with_name(f"{path.stem}.checked.xlsx"))["Checklist"]
    marked = [cell.comment.text for row in copy.rows for cell in row if cell.comment]
    assert len(marked) == 1
    assert '"next week"' in marked[0]
