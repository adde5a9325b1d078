"""Hostile files behind the guard: each is one finding with a remedy, and the others go on."""

import os
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lms_sync.model.evidence import Completion
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.tables.cells import Row, Unreadable
from lms_sync.tables.guard import MEMORY_LIMIT, Guard, ReaderDied, read_guarded
from lms_sync.tables.read import read_sheets
from tests.tables.hostile import READ, REFUSED, empty_rows, good, one_giant_text, saved

LAYOUT = Layout.model_validate(
    {
        "name": "plain",
        "kind": "rows",
        "key": ["person_id", "course"],
        "columns": {"person_id": ["ID"], "course": ["Course"], "completed_on": ["Done on"]},
        "dates": {"order": "mdy"},
    }
)


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FileRead]:
    """Return what one pull over the whole corpus says of each file."""
    folder = tmp_path_factory.mktemp("inbox")
    for name, (make, _) in (REFUSED | READ).items():
        (folder / name).write_bytes(make())
    pull = Spreadsheet("acme", "increment", (OpenedPattern("*.*", LAYOUT),), folder, "UTC").pull(frozenset())
    return {file.name: file for file in pull.files}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_file_is_one_finding_with_a_remedy(pulled: dict[str, FileRead], name: str) -> None:
    (finding,) = pulled[name].findings
    assert (pulled[name].failed, pulled[name].items) == (True, ())
    assert (finding.code, finding.where) == ("file-unreadable", name)
    assert REFUSED[name][1] in finding.found
    assert finding.expected
    assert finding.remedy


@pytest.mark.parametrize("name", READ)
def test_file_that_is_only_odd_is_read(pulled: dict[str, FileRead], name: str) -> None:
    (item,) = pulled[name].items
    assert isinstance(item.reading, Completion)
    assert [finding.code for finding in pulled[name].findings] == [code for code in [READ[name][1]] if code]


def test_giant_text_is_looked_through_once() -> None:
    started = time.process_time()
    (sheet,) = read_guarded(one_giant_text()).sheets
    assert len(str(sheet.rows[2].cell(0))) == 16_000_000
    assert time.process_time() - started < 5


def child(code: str, **rest: Any) -> Guard:
    return Guard((sys.executable, "-c", code), **rest)


def test_reader_that_aborts_for_want_of_memory_is_a_refusal() -> None:
    guard = Guard((sys.executable, "-m", "lms_sync.tables.child", str(400 * 2**20)))
    try:
        with pytest.raises(ReaderDied):
            guard.read(saved([["x"]], ST38000="x"))
        assert guard.read(good()).sheets[0].rows[1] == Row(2, ("7", "A", "09/03/2025"))
    finally:
        guard.close()


def test_reader_that_aborts_is_a_refusal_with_a_remedy() -> None:
    with pytest.raises(ReaderDied, match=r"ended the program that reads it \(code -6\)") as caught:
        child("import os, sys; sys.stdin.buffer.read(9); os.abort()").read(good())
    assert caught.value.remedy


def test_reader_that_never_answers_is_stopped() -> None:
    with pytest.raises(Unreadable, match=r"not read within 0\.2 seconds"):
        child("import sys; sys.stdin.buffer.read()", seconds=0.2).read(good())


def test_workbook_that_takes_too_much_cpu_time_is_stopped_and_the_next_is_read() -> None:
    guard = Guard((sys.executable, "-m", "lms_sync.tables.child", str(MEMORY_LIMIT)), cpu=0.1)
    try:
        with pytest.raises(Unreadable, match="not read in the CPU time"):
            guard.read(empty_rows())
        assert guard.read(good()).sheets[0].rows[1] == Row(2, ("7", "A", "09/03/2025"))
    finally:
        guard.close()


def test_child_that_died_between_two_files_is_replaced() -> None:
    guard = Guard()
    try:
        first = guard.read(good())
        running = guard._child
        assert running is not None
        os.kill(running.process.pid, 9)
        running.process.wait()
        assert guard.read(good()) == first
        assert guard._child is not running
    finally:
        guard.close()


def test_answer_that_was_not_read_to_its_end_is_not_given_to_the_next_workbook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guard = Guard()
    try:
        with monkeypatch.context() as patch:
            patch.setattr("lms_sync.tables.guard._read_sheet", lambda *_: interrupt())
            with pytest.raises(KeyboardInterrupt):
                guard.read(good())
        other = saved([["ID"], ["8"]])
        assert guard.read(other).sheets[0].rows[1] == Row(2, ("8",))
    finally:
        guard.close()


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("answer", [b"", b"nonsense", pickle.dumps(("what",)), pickle.dumps(("book", ["?"], []))])
def test_child_that_talks_nonsense_is_a_refusal(answer: bytes) -> None:
    with pytest.raises(ReaderDied):
        child(f"import sys; sys.stdout.buffer.write({answer!r})").read(good())


def test_child_cannot_make_the_night_run_anything(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return (os.mkdir, (str(tmp_path / "made"),))

    code = (
        f"import sys; sys.stdout.buffer.write({pickle.dumps(Evil())!r}); sys.stdout.flush(); sys.stdin.buffer.read()"
    )
    with pytest.raises(ReaderDied):
        child(code).read(good())
    assert list(tmp_path.iterdir()) == []


def test_child_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LMS_SYNC_SMTP_PASSWORD", "do not tell")
    path = tmp_path / "environment"
    with pytest.raises(ReaderDied):
        child(f"import os; open({str(path)!r}, 'w').write(repr(dict(os.environ)))").read(good())
    assert "PYTHONPATH" in path.read_text()
    assert "do not tell" not in path.read_text()


def test_file_that_is_too_large_or_cannot_be_opened_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms_sync.tables.read.FILE_LIMIT", 10_000)
    (tmp_path / "a.csv").write_bytes(b"x" * 10_001)
    (tmp_path / "b.csv").write_bytes(b"ID,Course,Done on\n7,A,09/03/2025\n")
    (tmp_path / "c.csv").write_bytes(b"ID,Course,Done on\n8,A,09/03/2025\n")
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == "b.csv":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    source = Spreadsheet("acme", "increment", (OpenedPattern("*.csv", LAYOUT),), tmp_path, "UTC")
    large, closed, fine = source.pull(frozenset()).files
    assert (large.failed, large.findings[0].found) == (True, "the file has 10,001 bytes")
    assert (closed.failed, closed.findings[0].found) == (True, "the file cannot be opened (Permission denied)")
    assert len(fine.items) == 1


def test_csv_of_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms_sync.tables.delimited.DENSE_LIMIT", 1_000)
    with pytest.raises(Unreadable, match="holds about"):
        read_guarded(b"a,b\n" * 2_000)


def test_what_people_fill_in_is_read_behind_the_guard_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "roster.xlsx").write_bytes(good())
    monkeypatch.setattr("lms_sync.tables.guard.GUARD", child("import os, sys; sys.stdin.buffer.read(9); os.abort()"))
    with pytest.raises(ReaderDied):
        read_sheets(tmp_path / "roster.xlsx")


@pytest.mark.parametrize(
    ("module", "foreign"),
    [("lms_sync.tables.child", "http.client"), ("lms_sync.documents.child", "lms_sync.tables.workbook")],
)
def test_a_child_imports_what_it_needs_and_no_more(module: str, foreign: str) -> None:
    program = f"import sys, {module}; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout.split()

    assert module in loaded
    assert not {"sqlalchemy", "click", "openpyxl", "pydantic", "requests", foreign} & set(loaded)
