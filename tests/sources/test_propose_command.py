"""`layouts propose`: what the command writes, asks and says."""

import csv
import os
import pty
import select
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms_sync.cli.main import main
from lms_sync.tables.cells import Value
from tests.sources.propose_sheets import HEAD, SAMPLES, line


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
    assert "2 items: 1 completion, 1 not a completion" in shown.stdout
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
    assert "3 Apr 2026" in shown


@pytest.mark.parametrize("content", ["", "hello\n", "a,b\n1,2\n", "Name\nAnn\n"])
def test_what_is_no_such_sheet_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "new.csv").write_text(content, encoding="utf-8")
    shown = run(tmp_path, "propose", str(tmp_path / "new.csv"))
    assert (shown.exit_code, shown.stderr.startswith("lms-sync: ")) == (2, True)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert run(tmp_path, "propose", str(tmp_path / "none.csv")).exit_code == 2


def test_a_layout_is_said_to_fit_only_when_it_reads_the_file(tmp_path: Path) -> None:
    head = ("Email address", "Lesson learnt", "Stamp")
    write(tmp_path / "e.csv", head, ("a@x.example.org", "Law", "09/17/2025 9:30:00"))
    assert "fits the layout" not in run(tmp_path, "propose", str(tmp_path / "e.csv")).stderr
    good = "\n".join((SAMPLES / "iomad.csv").read_text(encoding="utf-8").splitlines()[:3])
    (tmp_path / "good.csv").write_text(good, encoding="utf-8")
    fits = run(tmp_path, "propose", str(tmp_path / "good.csv")).stderr
    assert "good.csv fits the layout iomad already: it reads 2 items: 1 completion," in fits
    refused = run(tmp_path, "propose", str(SAMPLES / "iomad.csv")).stderr
    assert "The layout iomad finds its header in iomad.csv, and reads 4 items" in refused


@pytest.mark.parametrize(
    ("heading", "cells", "denied"),
    [
        ("Attendance", ("Present", "Absent"), "row 3 is refused by it, and has “Absent” in “Attendance”"),
        ("Approved", ("Yes", "No - cancelled"), "has “No - cancelled” in “Approved”, which it does not read"),
        ("Cancelled?", ("", "Yes"), "row 3 is a completion by it, and has “Yes” in “Cancelled?”"),
        ("Suspended", ("No", "No"), ""),
        ("Shift", ("Late", "Early"), ""),
    ],
)
def test_a_layout_fits_no_sheet_in_which_another_column_denies_what_it_reads(
    tmp_path: Path, heading: str, cells: tuple[str, str], denied: str
) -> None:
    head = ("Date", "Officer", "Person ID", "Activity", "Experienced officer", "Host school", "Hours", heading)
    row = ("Marsh, Ada", "00101", "On-the-job day", "Lee, Bo", "Pinehill HS", "8")
    days = ("9/15/2026", "9/16/2026")
    file = write(tmp_path / "log.csv", head, *((day, *row, cell) for day, cell in zip(days, cells, strict=True)))
    shown = run(tmp_path, "propose", str(file)).stderr
    assert ("fits the layout on-the-job-log already" in shown, denied in shown) == (not denied, True)


def test_what_was_not_used_is_shown_and_the_workspace_knows_its_own_people(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["init", str(tmp_path / "w")]).exit_code == 0
    head = ("Ref", "Course", "Completed", "Shift")
    file = write(
        tmp_path / "n.csv", head, ("00417", "Law", "09/17/2025", "Night"), ("00418", "Law", "09/18/2025", "Day")
    )
    shown = run(tmp_path / "w", "propose", str(file))
    assert shown.exit_code == 1
    assert "# not used “Shift”: “Night”, “Day”" in shown.stdout
    assert "to decide: is “Ref” the person's own id" in shown.stderr


def test_a_completion_on_a_day_to_come_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "matrix.csv"
    path.write_text('Employee ID,Name,Ethics,Trauma,FERPA\n00417,"Amari, Noor",9/17/2091,9/18/2091,9/17/2025\n')
    result = CliRunner().invoke(main, ["layouts", "propose", str(path)])
    assert result.exit_code == 1
    asked = "2 completions have days to come, the first in C2: 17 Sep 2091. Is that until when it is valid, or due?"
    assert result.stderr.count(asked) == 2  # of the shipped layout that fits, and of the proposed one
