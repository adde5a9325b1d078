"""What a word in a matrix's cell means, alone, and before a day."""

from pathlib import Path

import pytest

from lms_sync.model.evidence import Completion, NotDone, Reading, Refused, Revoked
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet

WORDS = {
    "done": ["x", "Completed"],
    "not_done": ["pending"],
    "signed_up": ["scheduled"],
    "failed": ["Failed", "Did not pass"],
    "revoked": ["Revoked", "Certificate rescinded"],
}


def reading(folder: Path, cell: str, *, beside: str | None = None) -> Reading:
    """Return what one cell of a matrix says, as days, or (with what stands beside it) as words."""
    layout = Layout.model_validate(
        {
            "name": "matrix",
            "kind": "matrix",
            "key": ["person_id", "course"],
            "columns": {"person_id": ["ID"]},
            "matrix": {"cells": "days" if beside is None else "words"},
            "status": WORDS,
            "dates": {"order": "mdy"},
        }
    )
    head, row = ("ID,Rights", f"7,{cell}") if beside is None else ("ID,Rights,", f"7,{cell},{beside}")
    (folder / "matrix.csv").write_text(f"{head}\n{row}\n8,x{'' if beside is None else ','}\n")
    source = Spreadsheet("acme", "cumulative", (OpenedPattern("matrix.csv", layout),), folder, "America/Los_Angeles")
    (read,) = source.pull(frozenset()).files
    return read.items[0].reading


@pytest.mark.parametrize(
    ("cell", "kind", "status"),
    [
        ("Failed", NotDone, "Failed"),
        ("failed 09/03/2025", NotDone, "failed"),
        ("Did not pass", NotDone, "Did not pass"),
        ("Did not  pass 09/03/2025", NotDone, "Did not pass"),
        ("Revoked", Revoked, "Revoked"),
        ("Revoked 09/03/2025", Revoked, "Revoked"),
        ("Certificate rescinded 09/03/2025", Revoked, "Certificate rescinded"),
        ("scheduled 09/03/2025", NotDone, "scheduled"),
        ("Completed 09/03/2025", Completion, "Completed"),
        ("09/03/2025", Completion, ""),
    ],
)
def test_a_word_is_told_from_the_day_behind_it(tmp_path: Path, cell: str, kind: type, status: str) -> None:
    found = reading(tmp_path, cell)
    assert isinstance(found, kind)
    assert isinstance(found, Completion | NotDone | Revoked)
    assert (found.status, found.record) == (status, "7\x1frights")


def test_a_word_that_the_layout_does_not_know_is_refused(tmp_path: Path) -> None:
    assert isinstance(reading(tmp_path, "Withdrawn 09/03/2025"), Refused)


@pytest.mark.parametrize(
    ("cell", "code", "found"),
    [
        ("TBD", "unknown-status", '"TBD", which is neither a day nor a status word'),
        ("Completed never", "unknown-status", '"Completed never", which'),
        ("✗", "unknown-status", '"✗", which'),
        ("#N/A", "error-cell", "the error #N/A"),
        ("Completed in 2025", "bad-date", '"in 2025"'),
    ],
)
def test_what_is_neither_a_day_nor_a_word_is_told_as_such(tmp_path: Path, cell: str, code: str, found: str) -> None:
    refused = reading(tmp_path, cell)
    assert isinstance(refused, Refused)
    assert (refused.finding.code, refused.finding.where) == (code, "matrix.csv, B2")
    assert refused.finding.found.startswith(found)


@pytest.mark.parametrize(("cell", "kind"), [("Failed", NotDone), ("Revoked", Revoked), ("Completed", Completion)])
def test_words_whose_day_stands_beside_them_mean_the_same(tmp_path: Path, cell: str, kind: type) -> None:
    assert isinstance(reading(tmp_path, cell, beside="09/03/2025"), kind)
    assert isinstance(reading(tmp_path, "pending", beside=""), NotDone)
