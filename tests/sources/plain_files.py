"""Files of a plain layout, and what is read of them."""

from pathlib import Path
from typing import Any

from lms_sync.model.evidence import Item
from lms_sync.model.finding import Finding
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from tests.sources.sample_files import PACIFIC

PLAIN: dict[str, Any] = {
    "name": "plain",
    "kind": "rows",
    "key": ["person_id", "course"],
    "optional": ["status", "name", "score"],
    "columns": {
        "person_id": ["ID"],
        "course": ["Course"],
        "completed_on": ["Done on"],
        "status": ["Status"],
        "name": ["Name"],
        "score": ["Score"],
    },
    "status": {"done": ["Completed"], "not_done": ["Open"], "claim": ["Waived"]},
    "dates": {"order": "mdy"},
}
HEAD = "ID,Course,Done on\n"


def layout(**parts: Any) -> Layout:
    return Layout.model_validate({**PLAIN, **parts})


def source(folder: Path, *patterns: OpenedPattern) -> Spreadsheet:
    return Spreadsheet("acme", "cumulative", patterns or (OpenedPattern("*.csv", layout()),), folder, PACIFIC)


def pull(folder: Path, words: str, *, zone: str = "", **parts: Any) -> FileRead:
    (folder / "acme.csv").write_text(words, encoding="utf-8")
    pattern = OpenedPattern("acme.csv", layout(**parts), zone)
    (read,) = source(folder, pattern).pull(frozenset()).files
    return read


def reading_of(folder: Path, words: str, **parts: Any) -> Any:
    (item,) = pull(folder, words, **parts).items
    return item.reading


def finding_of(folder: Path, words: str, **parts: Any) -> Finding:
    read = pull(folder, words, **parts)
    assert read.failed
    assert read.items == ()
    (finding,) = read.findings
    return finding


def matrix(folder: Path, words: str, **parts: Any) -> tuple[Item, ...]:
    columns = {"person_id": ["ID"], "name": ["Name"]}
    return pull(folder, words, kind="matrix", columns=columns, matrix={"ignore": ["Notes"], **parts}).items
