"""Every listing for other programs (`--format json`), copies with comments, and the signs of the worklist."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lms_sync.cli.show import as_people_write
from lms_sync.tables.cells import text
from lms_sync.tables.read import sheets_of
from tests.cli.small_district import District, district

LISTINGS: tuple[tuple[str, ...], ...] = (
    ("agreements", "list"), ("calendar",), ("check",), ("doctor",), ("documents", "list"), ("documents", "requests"),
    ("gaps",), ("hold", "list"), ("layouts", "check"), ("log", "show"), ("mappings", "check"),
    ("mappings", "history"), ("mappings", "suggest"), ("outbox", "list"), ("people", "links"), ("people", "match"),
    ("people", "show", "00101"), ("pull", "-n", "--anew"), ("purge", "--older-than", "7y"), ("roster", "check"),
    ("status",), ("worklist",), ("documents", "scans"),
)  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    with district(tmp_path_factory.mktemp("listings") / "ws", nights=1) as one:
        yield one


@pytest.mark.parametrize("words", LISTINGS, ids=" ".join)
def test_each_listing_has_its_json(town: District, words: tuple[str, ...]) -> None:
    answered = town.run(*words, "--format", "json")
    assert answered.exit_code in (0, 1), answered.stderr
    assert json.loads(answered.stdout) is not None


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("2026-11-23", "23 Nov 2026"),
        ("2026-11-23 02:10", "23 Nov 2026, 02:10"),
        ("2026-08-20 (roster only)", "20 Aug 2026 (roster only)"),
        ("2026-11-25 by demo", "25 Nov 2026 by demo"),
        ("2026-11-20.xlsx", "2026-11-20.xlsx"),
        ("20261123-c8c58b6ea47b", "20261123-c8c58b6ea47b"),
        ("completions-2026-11-20.xlsx", "completions-2026-11-20.xlsx"),
        ("", ""),
    ],
)
def test_days_of_a_table_are_written_as_people_write_them(cell: str, written: str) -> None:
    assert as_people_write(cell) == written


def test_the_outbox_says_when_in_words_to_people_and_in_iso_to_programs(town: District) -> None:
    (held, *_) = told(town, "outbox", "list")
    assert held["since"] == "2026-11-23 02:10"
    assert "23 Nov 2026, 02:10" in town.run("outbox", "list").stdout


def told(town: District, *words: str) -> Any:
    return json.loads(town.run(*words, "--format", "json").stdout)


def test_the_worklist_tells_ids_severity_and_place(town: District) -> None:
    listed = told(town, "worklist")
    (claim,) = [finding for finding in listed if finding["code"] == "claim"]
    assert claim["id"] in town.run("worklist").stdout
    assert (claim["area"], claim["blocks"], claim["since"]) == ("claim", False, "2026-11-23")
    assert {"where", "found", "expected", "remedy", "people"} <= claim.keys()
    assert "•" in town.run("worklist").stdout


def test_a_vendors_file_is_handed_back_with_what_is_wrong_on_its_cells(town: District) -> None:
    pulled = told(town, "pull", "vendor", "-n", "--anew", "--annotate")
    assert [file["file"] for file in pulled[0]["files"]] == ["export.csv"]
    copy = town.folder / "to-hand-back" / "vendor" / "export.checked.xlsx"
    book = openpyxl.load_workbook(BytesIO(copy.read_bytes()))
    marked = {cell.coordinate: cell.comment.text for row in book["Sheet1"].rows for cell in row if cell.comment}
    assert list(marked) == ["F13"]
    assert "02/30/2026" in marked["F13"]
    first = sheets_of(copy.read_bytes())[1].rows[1]
    assert [text(cell) for cell in first.cells[:2]] == ["00101", "Marsh"]
    assert (town.folder / "inbox" / "export.csv").read_bytes().startswith(b"Employee ID")


def test_check_writes_copies_of_roster_and_map_and_draws_together_what_is_alike(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=0) as one:
        path = one.folder / "roster.xlsx"
        book = openpyxl.load_workbook(path)
        sheet = book["Assignments"]
        (place,) = [cell for row in sheet.rows for cell in row if cell.value == "Starts"]
        cells = [sheet.cell(row, place.column) for row in range(place.row + 2, place.row + 5)]
        for number, cell in enumerate(cells):
            sheet.cell(int(cell.row or 0), 1).value = f"0010{number}"
            cell.value = "soon"
        book.save(path)
        checked = one.run("check", "--annotate")
        assert checked.exit_code == 2
        copy = openpyxl.load_workbook(one.folder / "roster.checked.xlsx")
        comments = [copy["Assignments"][cell.coordinate].comment for cell in cells]
        assert all(comment and '"soon"' in comment.text for comment in comments)
