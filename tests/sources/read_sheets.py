"""Sheets as a test writes them, and what is read of them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.model.evidence import Completion, Item, Refused, Skipped
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from tests.sources.sample_files import PACIFIC, layout_named

HEAD = ("Last Name", "First Name", "Employee ID", "Course", "Completed Date", "Status", "Score")
CSV = "Last Name,First Name,Employee ID,Course,Completed Date,Status\n"
ANA = ("Reyes", "Ana", "E100", "Trauma", "09/03/2025", "Completed")


def read(folder: Path, name: str, layout: Layout | None = None, zone: str = "") -> FileRead:
    pattern = OpenedPattern(name, layout or layout_named("safeschools"), zone)
    (file,) = Spreadsheet("acme", "cumulative", (pattern,), folder, PACIFIC).pull(frozenset()).files
    return file


def of_csv(folder: Path, words: str, layout: Layout | None = None) -> FileRead:
    (folder / "in.csv").write_text(words, encoding="utf-8")
    return read(folder, "in.csv", layout)


def of_xlsx(
    folder: Path,
    rows: Sequence[Sequence[Any]],
    formats: Mapping[str, str],
    layout: Layout | None = None,
    *,
    crossed_out: Iterable[str] = (),
) -> FileRead:
    """Return what is read of a workbook; `formats` are number formats by address, `crossed_out` are addresses."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    for place, code in formats.items():
        cell = sheet[place]
        assert isinstance(cell, Cell)
        cell.number_format = code
    for place in crossed_out:
        cell = sheet[place]
        assert isinstance(cell, Cell)
        cell.font = Font(strike=True)
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
