"""The cells of a matrix are known again: of somebody who has done one course more, only that cell is read."""

import random
from collections.abc import Callable

import pytest

from lms_sync.demo.exports import xlsx
from lms_sync.model.roster import Person
from lms_sync.store.known.registers import DOUBTS
from tests.operations.two_stores import Town, one_class, readings, town
from tests.sources.sample_files import layout_named

__all__ = ["readings", "town"]

SEEDS = 16
LAYOUT = layout_named("training-matrix")
WORDS = layout_named("moodle-activity-progress")
COURSES = ("T1", "T2", "T3")
CELLS = ("9/2/2026", "9/3/2026", "10/14/2026", "x", "-", "", "in autumn", "Exempt", "scheduled")
"""What may stand below a course: days, a mark without a day, not done, nothing, what nobody can read, a claim …"""
Line = tuple[str, ...]


def of(number: int, *cells: str, name: str = "Ortiz, Mia") -> Line:
    """Return the row of somebody."""
    return (f"E{number:06}", name, f"u{number}@example.org", "Acme", *cells)


def matrix(*lines: Line, courses: tuple[str, ...] = COURSES) -> bytes:
    """Return a sheet of rows, or of other lines."""
    table = (("Person ID", "Name", "Email", "Agency", *courses), *lines)
    return "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in table).encode()


def play(here: Town, *nights: bytes, name: str = "a.csv") -> None:
    """Let nights go by; nothing may tell known cells from those that are read."""
    for number, data in enumerate(nights):
        here.files = {name: (data, LAYOUT, "UTC")}
        known, anew = here.night(accept_drop=True)
        assert (known.files, known.findings, str(known.error)) == (anew.files, anew.findings, str(anew.error)), number
        assert here.differences() == [], number


MANY = [of(number, "9/2/2026", "-", "") for number in range(8)]


def test_only_new_cells_are_read_and_those_that_were_refused(town: Callable[[], Town], readings: list[str]) -> None:
    here = town()
    one_class(here, matrix(*MANY, of(8, "9/2/2026", "in autumn", "")), layout=LAYOUT)
    assert len(readings) == 17  # and one cell that says nothing that could be read
    readings.clear()
    more = matrix(
        of(9, "9/3/2026", "", ""), *MANY[:7], of(7, "9/2/2026", "9/9/2026", "-"), of(8, "9/2/2026", "in autumn", "")
    )
    one_class(here, more, layout=LAYOUT)
    assert readings == ["a.csv, E2", "a.csv, F10", "a.csv, G10"]


def test_a_word_is_known_with_the_day_beside_it(town: Callable[[], Town], readings: list[str]) -> None:
    def report(day: str) -> bytes:
        lines = (
            (f"Mia Ortiz,u{n}@example.org,E{n},Acme,Completed,2026-09-0{d} 15:00:00") for n, d in ((1, 1), (2, day))
        )
        return "\n".join((",Email address,ID number,Institution,Topic 1,", *lines, "")).encode()

    here = town()
    name = "progress.sss-01.csv"
    one_class(here, report("2"), layout=WORDS, name=name)
    readings.clear()
    one_class(here, report("3"), layout=WORDS, name=name)
    assert readings == [f"{name}, E3"]


def test_a_workbook_is_known_as_a_csv_file_is(town: Callable[[], Town], readings: list[str]) -> None:
    heading = ("Person ID", "Name", "Email", "Agency", *COURSES)
    here = town()
    one_class(here, xlsx("Matrix", [heading, *MANY]), layout=LAYOUT, name="a.xlsx")
    readings.clear()
    one_class(here, xlsx("Matrix", [heading, *MANY, of(9, "9/3/2026")]), layout=LAYOUT, name="a.xlsx")
    assert readings == ["a.xlsx, Matrix!E10"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(matrix(*MANY[:4], ("", "No show"), *MANY[4:]), id="below a line that denies it"),
        pytest.param(matrix(*MANY[:4], ("Total", "4"), *MANY[4:]), id="a line of totals between"),
        pytest.param(matrix(*MANY[::-1]), id="in another order"),
        pytest.param(matrix(*MANY, *MANY), id="everybody twice"),
        pytest.param(matrix(*MANY, of(1, "9/3/2026")), id="one with another day"),
        pytest.param(matrix(*MANY[:7], of(7, "9/2/2026", "-", name="Ortiz, Ann")), id="one with another name"),
        pytest.param(matrix(*MANY[:7], of(7, "-", "9/2/2026")), id="one not done, another done"),
        pytest.param(matrix(*MANY, courses=("T1", "T3", "T2")), id="courses in another order"),
        pytest.param(matrix(*MANY[:7], of(7, "9/2/2026", "536-90-4399")), id="a number that must not be kept"),
        pytest.param(matrix(*MANY, of(8, "x", "Exempt", "scheduled")), id="without a day, a claim, signed up"),
    ],
)
def test_a_matrix_that_comes_otherwise(town: Callable[[], Town], other: bytes) -> None:
    play(town(), matrix(*MANY), other, other + b"\n", matrix(*MANY), other)


def test_who_is_not_done_any_more_is_asked_about(town: Callable[[], Town]) -> None:
    here = town()
    play(here, matrix(*MANY), matrix(*MANY[:7], of(7, "-", "-", "")))
    assert DOUBTS.read(here.stores[0])


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nights_of_a_matrix_that_changes(town: Callable[[], Town], seed: int) -> None:
    chance, here = random.Random(seed), town()
    everybody = [Person(f"E{n:06}", "Ortiz", "Mia") for n in range(5)]
    table = [of(n % 5, *(chance.choice(CELLS) for _ in COURSES)) for n in range(6)]
    for _ in range(6):
        if chance.random() < 0.3:
            here.hires(everybody[: len(here.people) + 2])
        for _ in range(chance.randrange(4)):
            place = chance.randrange(len(table))
            match chance.randrange(5):
                case 0:
                    table.insert(chance.randrange(len(table)), table[place])
                case 1 | 2:
                    column = 4 + chance.randrange(len(COURSES))
                    table[place] = (*table[place][:column], chance.choice(CELLS), *table[place][column + 1 :])
                case 3 if len(table) > 4:
                    del table[place]
                case _:
                    chance.shuffle(table)
        lines = [*table]
        if chance.random() < 0.2:
            lines.insert(chance.randrange(len(table)), ("", chance.choice(("No show", "Attended", "Waitlist (2)"))))
        play(here, matrix(*lines))
