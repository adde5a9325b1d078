"""An agreement without an end, adopted year after year under one Agreement ID, by commands."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from lms_sync.cli.opening import open_workspace
from tests.cli.checklist_files import HERON, MET, WHOLE, YES, checklist, fill, logged, read, whole
from tests.cli.small_district import District, district

FIRST, FIRST_WRITTEN, SECOND = "2026-11-23", "23 Nov 2026", "2027-06-30"
ADOPT = ("agreements", "adopt", HERON)


def without_an_end(at: District) -> None:
    """Blank the day on which HERON-26 ends, and let a night take that in."""
    path = at.folder / "roster.xlsx"
    book = load_workbook(path)
    sheet = book["Agreements"]
    (header,) = (row for row in sheet.iter_rows() if row[0].value == "Agreement ID")
    ends = next(cell.column for cell in header if cell.value == "Ends")
    (row,) = (row[0].row for row in sheet.iter_rows() if row[0].value == HERON)
    sheet.cell(row, ends).value = None
    book.save(path)
    assert at.run("nightly").exit_code in (0, 1)


@pytest.fixture
def adopted(tmp_path: Path) -> Iterator[District]:
    """Yield a district in July 2027 that adopted an agreement without an end in November 2026."""
    with district(tmp_path / "ws", nights=1, prepare=_adopt, at=datetime(2027, 7, 1, 16, tzinfo=UTC)) as found:
        yield found


def _adopt(district: District) -> None:
    without_an_end(district)
    whole(district)
    assert district.run(*ADOPT, "--on", FIRST, "--note", "item 7").exit_code == 0


def told(at: District) -> Any:
    return at.json("agreements", "show", HERON, "--format", "json")


def issue_again(at: District) -> None:
    """Let a second training plan stand, of this year."""
    with open_workspace(str(at.folder)) as workspace, workspace.store.transaction():
        first = workspace.store.issued.get("TP-2026-0001")
        made = replace(
            first, number="TP-2027-0001", as_of=date(2027, 6, 28), issued_at=datetime(2027, 6, 28, tzinfo=UTC)
        )
        workspace.store.issued.add(made, b"%PDF-")


def all_seen_again(at: District) -> None:
    day = {"On date": datetime(2027, 6, 20)}
    assert read(at, fill(checklist(at), {name: {**row, **day} for name, row in WHOLE.items()})).exit_code == 0
    issue_again(at)


def test_last_years_points_and_document_are_missing_again(adopted: District) -> None:
    one = told(adopted)

    assert (one["adopted_on"], one["adopted_before"], one["review_due"]) == (None, FIRST, "2027-11-23")
    assert len(one["missing"]) == 11
    assert adopted.run(*ADOPT, "--on", SECOND).exit_code == 2


def test_a_checklist_may_be_filled_in_bit_by_bit_beside_last_years_rows(adopted: District) -> None:
    some = read(adopted, fill(checklist(adopted), {"A1": {**YES, "On date": datetime(2027, 6, 20)}}))
    stale = read(adopted, fill(checklist(adopted), {"parents": {**MET, "Note": "as last year"}}))

    assert (some.exit_code, some.stdout.splitlines()[0]) == (0, "Recorded: A1")
    assert len(told(adopted)["missing"]) == 10
    assert stale.exit_code == 2
    assert "3 Nov 2026, before this review's period" in stale.stdout


def test_the_next_years_adoption_replaces_the_last_one_and_an_undo_puts_that_back(adopted: District) -> None:
    all_seen_again(adopted)
    early = adopted.run(*ADOPT, "--on", "2027-05-23", "--note", "item 3")
    made = adopted.run(*ADOPT, "--on", SECOND, "--note", "item 3")
    again = adopted.run(*ADOPT, "--on", SECOND, "--note", "item 3")
    after, entry = told(adopted), logged(adopted)[-1]
    undone = adopted.run(*ADOPT, "--undo", "--reason", "the vote was put off")

    assert (early.exit_code, f"too soon after the adoption on {FIRST_WRITTEN}" in early.stderr) == (2, True)
    assert (made.exit_code, again.exit_code, "recorded before" in again.stdout) == (0, 0, True)
    assert (after["adopted_on"], after["adopted_before"], after["missing"]) == (SECOND, None, [])
    assert (f"on: {FIRST}" in entry["before"], f"on: {SECOND}" in entry["after"]) == (True, True)
    assert (undone.exit_code, told(adopted)["adopted_before"]) == (0, FIRST)
    assert adopted.run("log", "verify").exit_code == 0


def test_a_wrong_day_of_the_last_adoption_can_be_taken_back_while_the_next_review_is_open(adopted: District) -> None:
    undone = adopted.run(*ADOPT, "--undo", "--reason", "another agreement")

    assert undone.stdout.startswith(f"{HERON}: the adoption on {FIRST_WRITTEN} is taken back")
    assert told(adopted)["adopted_before"] is None


def test_the_list_says_which_document_is_in_force(adopted: District) -> None:
    issue_again(adopted)

    listed = adopted.run("agreements", "list").stdout  # in columns, whose words stand on several lines
    assert ("TP-2027-0001" in listed, "TP-2026-0001)" in listed) == (True, True)
    assert "TP-2026-0001 as of 20 Nov 2026, issued by A. Roe; replaced by TP-2027-0001" in (
        adopted.run("agreements", "show", HERON).stdout
    )


def test_a_vote_rests_on_the_document_that_stood_then_whatever_was_issued_since(adopted: District) -> None:
    all_seen_again(adopted)
    with open_workspace(str(adopted.folder)) as workspace, workspace.store.transaction():
        late = replace(workspace.store.issued.get("TP-2027-0001"), number="TP-2027-0003", issued_at=workspace.clock())
        workspace.store.issued.add(late, b"%PDF-")

    assert adopted.run(*ADOPT, "--on", SECOND).exit_code == 0
