"""Checklists of the small district's agreements: written, filled in and read back; and a plan that stands."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.cli.opening import open_workspace
from lms_sync.model.issued import Issued, IssuedKind
from tests.cli.small_district import NOW, District

HEADER = 10
"""The header's row."""
COLUMNS = ("Point", "What the law asks", "Done", "On date", "How", "Who", "Note", "Attachment")
PDF = b"%PDF-1.7\nmade up\n%%EOF\n"
DAY = datetime(2026, 11, 3)
TEXTS = ("A1", "A2", "A3", "A4", "A5", "B1", "B2")
INVOLVED = ("parents", "students", "community")
YES = {"Done": "yes", "On date": DAY}
MET = {**YES, "How": "a meeting at Pinehill HS", "Who": "the council"}
WHOLE: Mapping[str, Mapping[str, Any]] = {**dict.fromkeys(TEXTS, YES), **dict.fromkeys(INVOLVED, MET)}
HERON = "HERON-26"


def checklist(at: District, name: str = "checklist.xlsx", agreement: str = HERON) -> Path:
    """Return a fresh checklist."""
    path = at.folder / name
    path.unlink(missing_ok=True)
    written = at.run("agreements", "review", agreement, "-o", str(path))
    assert written.exit_code == 0, written.output
    return path


def sheet_rows(sheet: Worksheet) -> dict[str, int]:
    return {str(sheet.cell(row, 1).value): row for row in range(HEADER + 1, sheet.max_row + 1)}


def fill(path: Path, rows: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write cells into a checklist: point → heading → value."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    places = sheet_rows(sheet)
    for point, cells in rows.items():
        for heading, value in cells.items():
            cell = sheet.cell(places[point], COLUMNS.index(heading) + 1)
            cell.value = value
            if heading == "Who":
                cell.data_type = "s"  # as typed with an apostrophe before it
    book.save(path)
    return path


def read(at: District, path: Path, *args: str, agreement: str = HERON) -> Any:
    return at.run("agreements", "review", agreement, "--read", str(path), *args)


def point(at: District, name: str, *args: str) -> Any:
    shown = at.json("agreements", "show", HERON, "--format", "json", *args)
    return next(one["recorded"] for one in shown["points"] if one["id"] == name)


def issue(at: District, number: str = "TP-2026-0001") -> None:
    """Let a training plan stand, as `agreements plan` would."""
    made = Issued(
        number,
        IssuedKind.PLAN,
        HERON,
        "HERON",
        date(2026, 11, 20),
        NOW,
        NOW,
        "A. Roe",
        program="0",
        law="law",
        map_version="map",
        code="CODE",
        sha256="0" * 64,
        judgement={},
    )
    with open_workspace(str(at.folder)) as workspace, workspace.store.transaction():
        workspace.store.issued.add(made, b"%PDF-")


def logged(at: District) -> list[Any]:
    return list(at.json("log", "show", "--kind", "review", "--format", "json"))


def whole(at: District) -> None:
    issue(at)
    assert "Nothing is missing" in read(at, fill(checklist(at), WHOLE)).stdout
