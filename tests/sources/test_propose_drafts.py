"""Layouts proposed for sheets that nobody has described: right, or open at exactly what nobody can know."""

import csv
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.evidence import Completion
from lms_sync.sources.propose.draft import Proposal, layout_of, toml_of
from lms_sync.sources.propose.fits import fitting
from lms_sync.sources.propose.proposal import propose
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.tables.cells import Value
from lms_sync.tables.guard import read_guarded
from tests.sources.propose_sheets import HEAD, SAMPLES, SHIPPED, line, sheet


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


def test_staff_numbers_are_no_days_of_a_spreadsheet() -> None:
    head = ("Staff ref", "Officer", "Law", "Trauma", "FERPA")
    lines = (("45903", "Lee, Ana", *["2025-09-17"] * 3), ("45904", "Roe, Jo", *["2025-10-17"] * 3))
    found = propose([sheet(head, *lines)], ())
    assert found is not None
    assert found.draft.columns == {"person_id": "Staff ref", "name": "Officer"}
    assert not found.draft.dates.serials
