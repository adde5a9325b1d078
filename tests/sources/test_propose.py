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
from lms_sync.model.finding import Origin
from lms_sync.sources.connectors import read_layouts
from lms_sync.sources.propose.columns import KnownValues, known_of
from lms_sync.sources.propose.draft import Proposal, layout_of, toml_of
from lms_sync.sources.propose.fits import fitting
from lms_sync.sources.propose.proposal import propose
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.spreadsheet.header import find_tables
from lms_sync.sources.spreadsheet.items import read_items, reader_of
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.record_form import form_of
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.tables.cells import Row, Sheet, Value
from lms_sync.tables.guard import read_guarded
from tests.sources.unseen_sheets import MAP_CODES, MAP_TITLES, ROSTER_EMAILS, ROSTER_IDS, UNSEEN, Unseen
from tests.sources.unseen_sheets_2 import LAST, MORE
from tests.sources.unseen_sheets_3 import NEWEST

EVERY = (*UNSEEN, *MORE, *LAST, *NEWEST)
WORKSPACE = known_of(ids=ROSTER_IDS, emails=ROSTER_EMAILS, titles=MAP_TITLES, codes=MAP_CODES)
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
    return [layout for layout in SHIPPED.values() if layout not in known]


def proposed(name: str) -> Proposal:
    found = propose(read_guarded((SAMPLES / name).read_bytes()).sheets, without(name))
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
        ("pdenroller.csv", "is “Session Dates” the day of completion?"),
        ("knowbe4.csv", "sort these status words: “Archived”"),
        ("sign-in-sheet.xlsx", "on which day was it?"),
        ("skillsoft.csv", "does “User ID” always stand for the same person in the source?"),
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
    assert (found.draft.dates.order, found.ambiguous_day) == (order, open_cell)


def test_what_a_person_says_settles_it_but_never_against_a_cell() -> None:
    said = propose([sheet(HEAD, line("03/04/2026"))], (), day_order="dmy")
    assert said is not None
    assert (said.draft.dates.order, said.ambiguous_day) == ("dmy", "")
    proved = propose([sheet(HEAD, line("03/25/2026"))], (), day_order="dmy")
    assert proved is not None
    assert proved.draft.dates.order == "mdy"


def test_forbidden_columns_are_never_proposed() -> None:
    head = (*HEAD, "SSN", "Date of birth")
    found = propose([sheet(head, (*line("03/25/2026"), "123-45-6789", "01/02/1980"))], ())
    assert found is not None
    assert "SSN" not in str(found.draft)
    assert "birth" not in str(found.draft)
    assert "123-45-6789" not in toml_of(found, file="x.csv")
    assert "01/02/1980" not in toml_of(found, file="x.csv")


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


def seen_by(unseen: Unseen, known: KnownValues) -> Proposal:
    found = propose(unseen.sheets(), SHIPPED.values(), known=known)
    assert found is not None
    return found


def completions(unseen: Unseen, found: Proposal) -> set[int]:
    """Return the rows of which the draft makes completions that count; none while it cannot be tried."""
    layout = layout_of(found, "x")
    if layout is None:
        return set()
    tables = find_tables(unseen.sheets(), layout)
    form = form_of("new", layout, Zones("UTC", "America/Los_Angeles"))
    items = [item for table in tables for item in read_items(reader_of(table, form, Origin("new.csv", "abc")))]
    done = [item for item in items if isinstance(item.reading, Completion) and not item.reading.claim]
    return {int(item.origin.cell.lstrip("ABCDEFGHIJ")) for item in done}


@pytest.mark.parametrize("known", [WORKSPACE, KnownValues()], ids=["workspace", "nothing-known"])
@pytest.mark.parametrize("unseen", EVERY, ids=lambda one: one.name)
def test_no_row_of_an_unseen_sheet_becomes_a_false_completion(unseen: Unseen, known: KnownValues) -> None:
    found = seen_by(unseen, known)
    assert completions(unseen, found) <= unseen.done
    if not found.open_questions:
        assert completions(unseen, found) == unseen.done


@pytest.mark.parametrize("known", [WORKSPACE, KnownValues()], ids=["workspace", "nothing-known"])
def test_nineteen_fields_in_twenty_of_unseen_sheets_are_right_or_asked_about(known: KnownValues) -> None:
    wrong = [
        (unseen.name, role)
        for unseen in EVERY
        for found in [seen_by(unseen, known)]
        for role, heading in unseen.roles.items()
        if not {str(key): one for key, one in found.draft.columns.items()}.get(role, "").endswith(heading)
        and not any(f"{heading}”" in question for question in found.open_questions)
    ]
    assert len(wrong) * 20 <= sum(len(unseen.roles) for unseen in EVERY), wrong


@pytest.mark.parametrize("unseen", EVERY, ids=lambda one: one.name)
def test_every_column_is_used_or_listed(unseen: Unseen) -> None:
    found = seen_by(unseen, WORKSPACE)
    said = {*found.draft.columns.values(), *(column.heading for column in found.unused)}
    headings = max(([text for text in map(str, row) if text] for row in unseen.rows[:3]), key=len)
    silent = [heading for heading in headings if not any(one.endswith(heading) for one in said)]
    assert bool(silent) == (found.draft.matrix is not None)


FAILED = ("Employee ID", "Email", "Course", "Completed", "Succeeded?")


@pytest.mark.parametrize(
    ("rows", "done"),
    [
        (
            [FAILED, ("101", "a@x.org", "Law", "09/17/2025", "No"), ("102", "b@x.org", "Law", "09/18/2025", "Yes")],
            {3},
        ),
        (
            [
                ("Last Name", "Employee ID", "Course", "Completion Date", "Credit Status"),
                ("Reyes", "E100", "Trauma", "09/23/2025", "For Credit"),
                ("Lee", "E101", "Trauma", "09/24/2025", "Not for Credit"),
            ],
            {2},
        ),
        (
            [
                ("Employee ID", "Course", "Finished on", "Progress"),
                ("101", "Law", "09/23/2025", "100%"),
                ("102", "Law", "09/24/2025", "40%"),
            ],
            set(),
        ),
        ([FAILED[:4], ("101", "a@x.org", "Law", "100"), ("102", "b@x.org", "Law", "40")], set()),
    ],
)
def test_what_denies_a_completion_is_never_passed_over(rows: list[tuple[str, ...]], done: set[int]) -> None:
    unseen = Unseen("field", rows, {}, frozenset(done))
    assert completions(unseen, seen_by(unseen, KnownValues())) == done


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Attendance %", ("100%", "50%", "100%", "0%")),
        ("Hours Earned", (8, 0, 8, 0)),
        ("Credit Awarded", (1, 0, 1, 0)),
        ("Withdrawn On", ("", "9/19/2025", "", "10/1/2025")),
        ("Cancellation Date", ("", "9/19/2025", "", "")),
        ("Modules Completed", ("5/5", "3/5", "5/5", "4/5")),
        ("Is Deleted", ("0", "1", "0", "1")),
        ("Score | Passing Score", ("90|80", "60|80", "85|80", "79|80")),
        ("Hours Required | Hours Attended", ("8|8", "8|4", "8|8", "8|0")),
    ],
)
def test_what_denies_a_day_of_completion_is_asked_about_and_nothing_is_read(
    heading: str, cells: Sequence[str | int]
) -> None:
    head = ("Employee ID", "Employee Name", "Course", "Date Completed", *heading.split(" | "))
    days = ("9/17/2025", "9/18/2025", "9/28/2025", "9/30/2025")
    rows = [
        (person_id, f"A, {person_id}", MAP_TITLES[0], day, *str(cell).split("|"))
        for person_id, day, cell in zip(ROSTER_IDS, days, cells, strict=True)
    ]
    for known in (WORKSPACE, KnownValues()):
        found = seen_by(Unseen("denied", (head, *rows), {}), known)
        assert completions(Unseen("denied", (head, *rows), {}), found) == set()
        assert any("row 3 has" in question or "status" in question for question in found.open_questions)


def test_a_day_of_completion_among_words_is_asked_about() -> None:
    days = ("9/17/2025", "Pending", "9/28/2025", "Not attended")
    rows = [("00417", "Amari, Noor", "Ethics", day) for day in days]
    found = propose([sheet(("Employee ID", "Name", "Course", "Date Completed"), *rows)], ())
    assert found is not None
    assert any("If so, add completed_on = [“Date Completed”]" in question for question in found.open_questions)


def test_staff_numbers_are_no_days_of_a_spreadsheet() -> None:
    head = ("Staff ref", "Officer", "Law", "Trauma", "FERPA")
    lines = (("45903", "Lee, Ana", *["2025-09-17"] * 3), ("45904", "Roe, Jo", *["2025-10-17"] * 3))
    found = propose([sheet(head, *lines)], ())
    assert found is not None
    assert found.draft.columns == {"person_id": "Staff ref", "name": "Officer"}
    assert not found.draft.dates.serials


def test_a_day_until_which_it_is_valid_is_no_completion_and_one_that_nobody_names_is_asked_about() -> None:
    head = ("Email", "Course", "Valid to", "Stamp")
    found = propose([sheet(head, ("a@x.org", "Law", "09/17/2026", "09/17/2025"))], ())
    assert found is not None
    assert "completed_on" not in found.draft.columns
    assert "Valid to" in [column.heading for column in found.unused]
    assert any("“Stamp”" in question for question in found.open_questions)


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


def test_a_status_in_numbers_is_asked_about() -> None:
    codes = ("2", "1", "2", "3")
    rows = [line("2025-09-17", code, f"{n}@x.example.org") for n, code in enumerate(codes)]
    found = propose([sheet((*HEAD[:5], "Completion Status"), *rows)], SHIPPED.values())
    assert found is not None
    assert "sort these status words: “1”, “2”, “3”" in found.open_questions


def test_a_matrix_of_days_until_which_it_is_valid_has_no_day_of_completion() -> None:
    titles = tuple(f"{title} (exp)" for title in MAP_TITLES)
    rows = [(person_id, f"A, {person_id}", *("9/17/2027",) * 4) for person_id in ROSTER_IDS]
    found = propose([sheet(("Employee ID", "Name", *titles), *rows)], SHIPPED.values(), known=WORKSPACE)
    assert found is not None
    assert "completed_on" not in found.draft.columns
    assert any(question.startswith("on which day was it?") for question in found.open_questions)


def test_who_it_was_is_asked_where_no_column_tells() -> None:
    head = ("Certificate No.", "Awarded To", "Course", "Date Awarded")
    found = propose([sheet(head, ("C-1", "Noor Amari", "Ethics", "2025-09-17"))], SHIPPED.values())
    assert found is not None
    assert [q.partition("?")[0] for q in found.open_questions] == ["who was it"]
    assert "“Awarded To”" in found.open_questions[0]


def test_a_completion_on_a_day_to_come_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "matrix.csv"
    path.write_text('Employee ID,Name,Ethics,Trauma,FERPA\n00417,"Amari, Noor",9/17/2091,9/18/2091,9/17/2025\n')
    result = CliRunner().invoke(main, ["layouts", "propose", str(path)])
    assert result.exit_code == 1
    asked = "2 completions have days to come, the first in C2: 17 Sep 2091. Is that until when it is valid, or due?"
    assert result.stderr.count(asked) == 2  # of the shipped layout that fits, and of the proposed one


def test_labels_above_the_header_become_rules_that_the_layout_reads_them_by() -> None:
    roll = next(unseen for unseen in NEWEST if unseen.name == "class roll by hand")
    found = seen_by(roll, KnownValues())
    layout = layout_of(found, "x")
    assert layout is not None
    assert {rule.role for rule in layout.told} == {"course_title", "completed_on", "instructor", "place"}
    assert (layout.attempts, "completed_on" in layout.key) == (True, True)
    assert not any("which course" in question or "which day" in question for question in found.open_questions)
    read = tomllib.loads(toml_of(found, file="roll.csv"))
    assert Layout.model_validate({"name": "x", **read}).hash == layout.hash


def test_a_day_of_the_report_above_the_header_is_no_day_of_completion() -> None:
    head = ("Name", "Signature")
    rows = [("Topic:", "Law"), ("Report date:", "9/17/2025"), ("Printed on:", "9/18/2025"), head, ("Ana Reyes", "x")]
    found = propose([sheet(*rows)], ())
    assert found is not None
    assert [rule.role for rule in found.draft.stated] == ["course_title"]
    assert any("on which day was it?" in question for question in found.open_questions)
