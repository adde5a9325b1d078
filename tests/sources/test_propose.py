"""Layouts proposed for sheets that nobody has described: right, or open at exactly what nobody can know."""

import csv
import os
import pty
import select
import sys
import time
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.cli.main import main
from lms_sync.files import shipped
from lms_sync.model.evidence import Completion
from lms_sync.sources.connectors import read_layouts
from lms_sync.sources.propose.draft import layout_of, toml_of
from lms_sync.sources.propose.fits import fitting
from lms_sync.sources.propose.proposal import Proposal, propose
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.tables.cells import Row, Sheet, Value
from lms_sync.tables.guard import read_guarded

SAMPLES = Path(__file__).parent / "samples"
SHIPPED = read_layouts(shipped("mappings") / "layouts")[0]


def read_by(layout: Layout, path: Path) -> list[tuple[str, ...]]:
    """Return what the layout makes of a file: who, course, day, status word, claim."""
    pattern = OpenedPattern(path.name, layout, "UTC")
    (read,) = Spreadsheet("s", "cumulative", (pattern,), path.parent, "America/Los_Angeles").pull(frozenset()).files
    done = [item.reading for item in read.items if isinstance(item.reading, Completion)]
    return [(d.learner.last_name, d.course_title or d.course, str(d.day), d.status, str(d.claim)) for d in done]


def without(name: str) -> list[Layout]:
    """Return the shipped layouts but for those that know the file already."""
    sheets = read_guarded((SAMPLES / name).read_bytes()).sheets
    known = fitting(sheets, SHIPPED.values())
    return [layout for layout in SHIPPED.values() if layout.name not in known]


def proposed(name: str, **said: str) -> Proposal:
    found = propose(read_guarded((SAMPLES / name).read_bytes()).sheets, without(name), **said)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "layout"), [("safeschools.csv", "safeschools"), ("vector-completions.xlsx", "vector-completions")]
)
def test_a_plain_sheet_is_read_as_by_the_layout_that_somebody_wrote(name: str, layout: str) -> None:
    found = layout_of(proposed(name), "x")
    assert found is not None
    meant, got = read_by(SHIPPED[layout], SAMPLES / name), read_by(found, SAMPLES / name)
    assert [row[:3] for row in got] == [row[:3] for row in meant]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("acadis.xlsx", "some ids of course have lost leading zeros; state digits = {course = 4}"),
        ("pdenroller.csv", "sort these status words: “Unverified”, “Verified”"),
        ("knowbe4.csv", "sort these status words: “Archived”"),
        (
            "sign-in-sheet.xlsx",
            "which course is it (above the table stands “Course: Basic School Resource Officer”)?",
        ),
        ("skillsoft.csv", "both “User Name” and “User ID” may be learner"),
        ("2025-11-14T0807_Grades-SSS-10.csv", "on which day was it?"),
        ("completion_report_SSS-10_pacific.csv", "is “ID” the person's own id, as on the roster?"),
    ],
)
def test_what_nobody_can_know_is_asked(name: str, asked: str) -> None:
    assert any(question.startswith(asked) for question in proposed(name).open_questions)


def sheet(*rows: Sequence[Value], name: str = "") -> Sheet:
    return Sheet(name, hidden=False, rows=tuple(Row(n, tuple(row)) for n, row in enumerate(rows, start=1)))


HEAD = ("Last Name", "First Name", "Email", "Course", "Completed", "Status")


def line(day: Value, status: str = "Completed", email: str = "a@x.example.org") -> tuple[Value, ...]:
    return ("Amari", "Noor", email, f"Course {day}", day, status)


@pytest.mark.parametrize(
    ("days", "order", "open_cell"),
    [
        (("03/25/2026", "03/04/2026"), "mdy", ""),
        (("25/03/2026", "03/04/2026"), "dmy", ""),
        (("2026-03-04",), "ymd", ""),
        (("03/04/2026", "05/06/2026"), "", "E2"),
        (("13/04/2026", "04/13/2026"), "", "E2"),
        (("03/04/2026 10:00",), "", "E2"),
        (("03-Sep-2026",), "", ""),
        ((date(2026, 3, 4),), "", ""),
    ],
)
def test_the_order_of_day_and_month_is_proved_by_a_cell_or_asked(
    days: tuple[Value, ...], order: str, open_cell: str
) -> None:
    found = propose([sheet(HEAD, *map(line, days))], ())
    assert found is not None
    assert (found.data["dates"].get("order", ""), found.ambiguous_day) == (order, open_cell)


def test_what_a_person_says_settles_it_but_never_against_a_cell() -> None:
    said = propose([sheet(HEAD, line("03/04/2026"))], (), day_order="dmy")
    assert said is not None
    assert (said.data["dates"]["order"], said.ambiguous_day) == ("dmy", "")
    proved = propose([sheet(HEAD, line("03/25/2026"))], (), day_order="dmy")
    assert proved is not None
    assert proved.data["dates"]["order"] == "mdy"


def test_forbidden_columns_are_never_proposed() -> None:
    head = (*HEAD, "SSN", "Date of birth")
    found = propose([sheet(head, (*line("03/25/2026"), "123-45-6789", "01/02/1980"))], ())
    assert found is not None
    assert "SSN" not in str(found.data)
    assert "birth" not in str(found.data)


@given(
    top=st.integers(0, 12),
    order=st.permutations(range(6)),
    days=st.lists(st.dates(date(2020, 1, 13), date(2026, 1, 1)), min_size=2, max_size=6, unique=True),
    form=st.sampled_from(["%m/%d/%Y", "%d/%m/%Y", "%Y-%m-%d", "%d %b %Y", "%B %d, %Y"]),
)
def test_a_generated_sheet_comes_back_as_it_was_made(
    tmp_path_factory: pytest.TempPathFactory, top: int, order: list[int], days: list[date], form: str
) -> None:
    days = [*days, date(2026, 5, 25)]
    rows = [line(day.strftime(form), email=f"{n}@x.example.org") for n, day in enumerate(days)]
    grid = [*([("A report",)] * top), *([cells[i] for i in order] for cells in (HEAD, *rows))]
    path = tmp_path_factory.mktemp("propose") / "sheet.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(grid)
    found = propose(read_guarded(path.read_bytes()).sheets, SHIPPED.values())
    assert found is not None
    assert found.open_questions == ()
    layout = Layout.model_validate({"name": "x", **tomllib.loads(toml_of(found, file="sheet.csv"))})
    assert [row[2] for row in read_by(layout, path)] == [str(day) for day in days]


def run(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(main, ["-w", str(folder), "layouts", *args])


def write(path: Path, *rows: Sequence[Value]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_the_command_writes_a_layout_shows_the_rows_and_never_writes_over_one(tmp_path: Path) -> None:
    file = write(tmp_path / "new.csv", HEAD, line("03/25/2026"), line("03/04/2026", "Not Started"))
    shown = run(tmp_path, "propose", str(file), "-o", str(tmp_path / "new.toml"))
    assert shown.exit_code == 0
    assert "Noor Amari" in shown.stdout
    assert "2 items: 1 completions, 1 not completions" in shown.stdout
    assert "sure    days are written mdy: E2 has a day over 12 in second place" in shown.stderr
    again = run(tmp_path, "propose", str(file), "-o", str(tmp_path / "new.toml"))
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)


def test_without_a_terminal_an_open_order_is_refused_with_the_option(tmp_path: Path) -> None:
    file = write(tmp_path / "new.csv", HEAD, line("03/04/2026"))
    shown = run(tmp_path, "propose", str(file))
    assert (shown.exit_code, "--day-order month-first or --day-order day-first" in shown.stderr) == (2, True)
    assert run(tmp_path, "propose", str(file), "--day-order", "day-first").exit_code == 0


def test_at_a_terminal_it_asks(tmp_path: Path) -> None:
    file = write(tmp_path / "new.csv", HEAD, line("03/04/2026"))
    command = [sys.executable, "-c", "from lms_sync.cli.main import main; main()", "layouts", "propose", str(file)]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, {**os.environ, "TERM": "dumb"})
    shown, answered, deadline = "", False, time.monotonic() + 30
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                shown += os.read(terminal, 4096).decode()
            except OSError:
                break
        if "month or day?" in shown and not answered:
            os.write(terminal, b"day\n")
            answered = True
    os.waitpid(pid, 0)
    assert 'order = "dmy"' in shown
    assert "2026-04-03" in shown


@pytest.mark.parametrize("content", ["", "hello\n", "a,b\n1,2\n", "Name\nAnn\n"])
def test_what_is_no_such_sheet_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "new.csv").write_text(content, encoding="utf-8")
    shown = run(tmp_path, "propose", str(tmp_path / "new.csv"))
    assert (shown.exit_code, shown.stderr.startswith("lms-sync: ")) == (2, True)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert run(tmp_path, "propose", str(tmp_path / "none.csv")).exit_code == 2
