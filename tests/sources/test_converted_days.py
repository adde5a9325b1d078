"""Days of which a spreadsheet program made dates as far as it could: others than were meant."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from lms_sync.model.evidence import Completion
from lms_sync.sources.pull import FileRead
from tests.sources.read_sheets import HEAD, of_csv, of_xlsx
from tests.sources.sample_files import layout_named

EARLY = [(3, 4), (5, 6), (1, 7), (9, 2), (4, 4)]
LATE = ["03/15/2026", "04/28/2026", "05/13/2026"]


def swapped(days: Sequence[tuple[int, int]]) -> list[Any]:
    return [date(2026, day, month) for month, day in days]


def rows(days: Sequence[Any]) -> list[Sequence[Any]]:
    return [("Reyes", "Ana", f"E{n}", "Trauma", day, "Completed", None) for n, day in enumerate(days)]


def read(folder: Path, days: Sequence[Any]) -> FileRead:
    return of_xlsx(folder, [HEAD, *rows(days)], {})


@pytest.mark.parametrize("late", [LATE, [day.replace("2026", "26") for day in LATE], ["15/03/2026", *LATE[1:]]])
def test_a_workbook_in_which_only_days_from_the_13th_on_stayed_text_is_refused(
    tmp_path: Path, late: list[str]
) -> None:
    file = read(tmp_path, [*swapped(EARLY), *late])
    (finding,) = file.findings
    assert (file.failed, finding.code, late[0] in finding.found) == (True, "days-half-converted", True)


def test_so_is_a_matrix_whose_days_lie_so_over_its_columns(tmp_path: Path) -> None:
    cells = [*swapped(EARLY[:4]), *LATE, None]
    people = [(f"E{n}", "Reyes, Ana", *cells[n * 2 : n * 2 + 2]) for n in range(4)]
    file = of_xlsx(tmp_path, [("Person ID", "Name", "Trauma", "FERPA"), *people], {}, layout_named("training-matrix"))
    assert [finding.code for finding in file.findings] == ["days-half-converted"]


@pytest.mark.parametrize(
    "days",
    [
        [*swapped(EARLY), date(2026, 3, 20), *LATE],
        [*swapped(EARLY), *LATE, "03/04/2026"],
        [*swapped(EARLY), *LATE[:2]],
        [*swapped(EARLY[:3]), *LATE],
        [*swapped(EARLY[:1] * 9), *LATE],
        [datetime(2026, 3, day) for day in range(1, 12)],
        LATE,
    ],
    ids=["a later date", "an earlier text", "few texts", "few dates", "one date", "dates alone", "texts alone"],
)
def test_days_that_lie_otherwise_are_read(tmp_path: Path, days: list[Any]) -> None:
    file = read(tmp_path, days)
    assert sum(isinstance(item.reading, Completion) for item in file.items) == len(days)


def test_a_csv_file_has_no_dates_but_texts(tmp_path: Path) -> None:
    lines = [",".join(str(cell or "") for cell in row) for row in (HEAD, *rows(LATE * 3))]
    assert not of_csv(tmp_path, "\n".join((*lines, ""))).failed
