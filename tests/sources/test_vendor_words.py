"""Ids in disguise, status words, scores in a matrix, and rules that a layout may not state."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from lms_sync.model.evidence import ClaimReason, Completion, Item, NotDone, Refused
from lms_sync.sources.spreadsheet.layout import Layout
from tests.sources.sample_files import FILES, read_sample
from tests.sources.vendor_sheets import HEAD, PLAIN, done, items, read, refusal


def test_ids_that_lost_their_zeros_are_refused_and_never_guessed(tmp_path: Path) -> None:
    right, lost, other = items(
        tmp_path, HEAD + "7,0080,09/03/2025\n7,80,09/03/2025\n7,A1,09/03/2025\n", digits={"course": 4}
    )
    assert (done(right).course, done(other).course) == ("0080", "A1")
    assert (refusal(lost).code, refusal(lost).where) == ("lost-zeros", "acme.csv, B3")


def test_star_in_a_status_word_stands_for_any_text(tmp_path: Path) -> None:
    columns = {**PLAIN["columns"], "status": ["Status"]}
    status = {"done": ["Completed", "Completed (set by *)"], "not_done": ["Completed (did not achieve pass grade)"]}
    rows = [
        "Completed (set by A. [Bo] *)",
        "Completed (did not achieve pass grade)",
        "Completed (set by A) later",
    ]
    words = "ID,Course,Done on,Status\n" + "".join(f"7,A,09/03/2025,{row}\n" for row in rows)
    found = items(tmp_path, words, columns=columns, status=status)
    assert [type(item.reading) for item in found] == [Completion, NotDone, Refused]


def matrix(folder: Path, words: str, **parts: Any) -> tuple[Item, ...]:
    columns = {"person_id": ["ID"]}
    return items(folder, words, kind="matrix", columns=columns, key=["person_id", "course"], matrix=parts)


def test_matrix_of_scores_proves_that_and_not_when(tmp_path: Path) -> None:
    found = matrix(tmp_path, 'ID,Quiz (1),Total\n7,"9,5",50\n8,88%,50\n9,good,50\n', cells="scores", fits=r"\(\d+\)$")
    assert [(str(done(item).score), done(item).claim, done(item).day) for item in found[:2]] == [
        ("9.5", ClaimReason.NO_DATE, None),
        ("88", ClaimReason.NO_DATE, None),
    ]
    assert (refusal(found[2]).code, refusal(found[2]).where) == ("bad-score", "acme.csv, B4")


def test_day_beside_a_status_word_belongs_to_it(tmp_path: Path) -> None:
    (tmp_path / "acme.csv").write_text("ID,A,,B,\n7,Yes,09/03/2025,No,\n8,Yes,soon,,\n")
    file = read(
        tmp_path,
        "acme.csv",
        kind="matrix",
        columns={"person_id": ["ID"]},
        matrix={"cells": "words"},
        status={"done": ["Yes"], "not_done": ["No"]},
    )
    first, second, third = file.items
    assert (done(first).course, str(done(first).day)) == ("A", "2025-09-03")
    assert first.text == (("ID", "7"), ("A", "Yes"), ("column C", "09/03/2025"))
    assert (type(second.reading), second.origin.cell) == (NotDone, "D2")
    assert refusal(third).where == "acme.csv, C3"


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"told": [{"role": "course", "where": "title", "pattern": "Course: .+"}]}, "one group"),
        ({"told": [{"role": "course", "where": "title", "pattern": "(("}]}, "no regular expression"),
        ({"told": [{"role": "unit", "where": w, "pattern": "(x)"} for w in ("title", "file name")]}, "two [[told]]"),
        ({"tidy": [{"role": "course_title", "remove": "*"}]}, "no regular expression"),
        ({"tidy": [{"role": "name", "remove": "x"}]}, "tidy"),
        ({"digits": {"course": 1}}, "digits"),
        ({"sheet": {"header_rows": 4}}, "header_rows"),
        ({"dates": {"epoch": 1970}}, "epoch"),
        ({"kind": "matrix", "matrix": {"fits": "("}}, "no regular expression"),
        ({"columns": {"person_id": ["ID"]}, "key": ["person_id"]}, "must give course or course_title"),
    ],
)
def test_wrong_rules_are_refused_with_the_reason(parts: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Layout.model_validate({**PLAIN, **parts})
    assert message in str(caught.value)


def test_two_downloads_of_one_completion_report_are_the_same_evidence() -> None:
    reads = [read_sample(path) for path in FILES if path.name.startswith("completion_report")]
    pacific, utc = [
        {done(i).record: done(i).content for i in file.items if isinstance(i.reading, Completion)} for file in reads
    ]
    assert pacific == utc
    assert len(pacific) >= 8
