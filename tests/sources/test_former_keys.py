"""Keys that earlier rules gave the same rows."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.model.evidence import Completion
from lms_sync.sources.spreadsheet.source import OpenedPattern
from tests.sources.plain_files import HEAD, layout, pull, source


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
