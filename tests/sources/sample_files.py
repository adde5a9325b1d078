"""The samples, their goldens, and short ways to a source.

`python tests/sources/sample_files.py` writes every golden anew; a person reads the diff before it is committed.
"""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from lms_sync.files import shipped
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout, read_layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet

SAMPLES = Path(__file__).parent / "samples"
PACIFIC = "America/Los_Angeles"
ZONES = {
    "moodle-custom-report.csv": "UTC",
    "moodle-custom-report.xlsx": PACIFIC,
    "moodle-custom-report.ods": PACIFIC,
    "activity_progress_report_SSS-10.csv": PACIFIC,
    "completion_report_SSS-10_pacific.csv": PACIFIC,
    "completion_report_SSS-10_utc_excel.csv": "UTC",
}
LAYOUTS = {
    "2025-11-14T0807_Grades-SSS-10.csv": "canvas-gradebook",
    "activity_progress_report_SSS-10.csv": "moodle-activity-progress",
    "completion_report_SSS-10_pacific.csv": "moodle-course-completion",
    "completion_report_SSS-10_utc_excel.csv": "moodle-course-completion",
}
"""The layout of files whose name tells something else."""
FILES = sorted(path for path in SAMPLES.iterdir() if path.suffix != ".json")


def layout_of(path: Path) -> str:
    """Return the name of a sample's layout."""
    return LAYOUTS.get(path.name, path.stem)


def layout_named(name: str) -> Layout:
    """Return a shipped layout."""
    return read_layout(shipped("mappings") / "layouts" / f"{name}.toml")


def source_of(path: Path, layout: Layout, zone: str = "") -> Spreadsheet:
    """Return a source that reads one file."""
    return Spreadsheet("esd", "cumulative", (OpenedPattern(path.name, layout, zone),), path.parent, PACIFIC)


def read_sample(path: Path) -> FileRead:
    """Return what the sample's layout reads in it."""
    (read,) = source_of(path, layout_named(layout_of(path)), ZONES.get(path.name, "")).pull(frozenset()).files
    return read


def as_json(value: object) -> Any:
    """Return a value in JSON's types; hashes and empty fields, which tell a reader nothing, are left out."""
    if is_dataclass(value):
        said = {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
        kept = {key: part for key, part in said.items() if part not in EMPTY and key not in HASHES}
        return {"is": type(value).__name__, **kept}
    if isinstance(value, tuple):
        return [as_json(part) for part in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value) if isinstance(value, date | Decimal) else value


HASHES = ("sha256", "fingerprint")
NO_ROWS = tuple({"is": name} for name in ("RowsOfFile", "RecordsOfRows", "KnownRows", "RowsPassed"))
EMPTY: tuple[Any, ...] = ("", b"", [], {}, None, *NO_ROWS)


def golden_path(path: Path) -> Path:
    """Return where a sample's golden lies."""
    return path.with_name(path.name + ".json")


def golden_text(path: Path) -> str:
    """Return what the sample's golden ought to say."""
    said = as_json(read_sample(path))
    items = [json.dumps(item, ensure_ascii=False) for item in said.pop("items")]
    whole = json.dumps({**said, "items": []}, ensure_ascii=False, indent=1)
    return whole.replace('"items": []', '"items": [\n' + ",\n".join(items) + "\n]") + "\n"


if __name__ == "__main__":
    for sample in FILES:
        golden_path(sample).write_text(golden_text(sample), encoding="utf-8")
