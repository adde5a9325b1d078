"""Sheets as vendors write them, and what is read of them."""

from pathlib import Path
from typing import Any

from lms_sync.model.evidence import Completion, Item, Refused
from lms_sync.model.finding import Finding
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from tests.sources.sample_files import PACIFIC

PLAIN: dict[str, Any] = {
    "name": "plain",
    "kind": "rows",
    "key": ["person_id", "course"],
    "columns": {"person_id": ["ID"], "course": ["Course"], "completed_on": ["Done on"]},
    "dates": {"order": "mdy"},
}
HEAD = "ID,Course,Done on\n"


def read(folder: Path, name: str, *, zone: str = "", **parts: Any) -> FileRead:
    pattern = OpenedPattern(name, Layout.model_validate({**PLAIN, **parts}), zone)
    (file,) = Spreadsheet("acme", "cumulative", (pattern,), folder, PACIFIC).pull(frozenset()).files
    return file


def items(folder: Path, words: str, *, name: str = "acme.csv", **parts: Any) -> tuple[Item, ...]:
    (folder / name).write_text(words, encoding="utf-8")
    return read(folder, name, **parts).items


def done(item: Item) -> Completion:
    assert isinstance(item.reading, Completion), item.reading
    return item.reading


def refusal(item: Item) -> Finding:
    assert isinstance(item.reading, Refused), item.reading
    return item.reading.finding


def days(found: tuple[Item, ...]) -> list[str]:
    return [str(done(item).day) for item in found]
