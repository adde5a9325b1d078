"""Samples changed at random, the same each time: whatever comes out is counted, and nothing crashes or hangs."""

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.header import find_tables
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.tables.guard import read_guarded
from tests.sources.sample_files import FILES, PACIFIC, ZONES, layout_named, layout_of

FEW, MANY = 25, 500
SPLICES = (
    b"", b"\x00", b"\x1b", b"\xff", b'"', b",", b"\n", b"9" * 12, b"-1", b"<", b"&#0;", b"NaN", b"1E999",
    b"0001-01-01", b"9999-12-31", b"\xe2\x80\xae", b'" t="e" x="', b" hidden=\"1\"", b"\xed\xa0\xbd",
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return a file with a few bytes changed: of a zip in one of its parts, so that the zip itself stays whole."""
    if not data.startswith(b"PK"):
        return spliced(data, chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        names = [name for name in old.namelist() if name.endswith((".xml", ".rels", ".bin"))]
        chosen = chance.choice([*names, *[name for name in names if "sheet" in name or "content" in name] * 3])
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, spliced(part, chance) if name == chosen else part)
    return stream.getvalue()


def spliced(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 1, 2, 8, 40)))
        data = data[:start] + chance.choice((*SPLICES, bytes((chance.randrange(256),)))) + data[end:]
    return data


def read(data: bytes, name: str, layout: Layout, folder: Path) -> FileRead:
    path = folder / name
    path.write_bytes(data)
    pattern = OpenedPattern(name, layout, ZONES.get(name, ""))
    (found,) = Spreadsheet("esd", "cumulative", (pattern,), folder, PACIFIC).pull(frozenset()).files
    return found


def seeds(count: int) -> Iterator[tuple[int, Path]]:
    return ((seed, FILES[seed % len(FILES)]) for seed in range(count))


def check(seed: int, path: Path, folder: Path) -> None:
    layout = layout_named(layout_of(path))
    data = mutated(path.read_bytes(), random.Random(seed))
    found = read(data, path.name, layout, folder)
    if found.failed:
        assert found.items == ()
        assert [bool(finding.remedy) for finding in found.findings] == [True]
        assert "ended the program" not in found.findings[0].found
        assert "not read within" not in found.findings[0].found
        return
    sheets = read_guarded(data, encoding=layout.sheet.encoding, separator=layout.sheet.separator).sheets
    rows = [(table.sheet, row.number) for table in find_tables(sheets, layout) for row in table.rows]
    said = [(item.origin.sheet, int("".join(filter(str.isdigit, item.origin.cell)))) for item in found.items]
    if layout.kind == "rows":
        assert said == rows
    assert set(said) <= set(rows)


def test_mutated_sheets_keep_the_ledger_balanced(tmp_path: Path) -> None:
    for seed, path in seeds(FEW):
        check(seed, path, tmp_path)


@pytest.mark.proof
def test_many_mutated_sheets_keep_the_ledger_balanced(tmp_path: Path) -> None:
    for seed, path in seeds(MANY):
        check(seed, path, tmp_path)
