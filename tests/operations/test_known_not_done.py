"""Rows that say that something is not done are known again too, while nothing is stored of what they speak of."""

import random
from collections.abc import Callable

import pytest

from lms_sync.model.roster import Person
from lms_sync.store.known.registers import DOUBTS
from tests.operations.two_stores import HEADINGS, LAYOUT, Town, class_of, one_class, readings, town

__all__ = ["readings", "town"]

SEEDS = 12
WHEN = '"Wednesday, 2 September 2026, 03:00 PM"'


def half_done(people: int, *, more: int = 0) -> bytes:
    """Return an export of a class of which every second row is not done."""
    header, *rows = class_of(people, more=more).splitlines(keepends=True)
    return b"".join([header, *(row if n % 2 else _undone(row) for n, row in enumerate(rows))])


def _undone(row: bytes) -> bytes:
    return row[: row.index(b",Yes,")] + b",No,\n"


def rows(*cells: tuple[str, str, str]) -> bytes:
    """Return rows of people by number, course, and whether it is done."""
    days = [WHEN if done.lower() == "yes" else "" for _, _, done in cells]
    lines = [f"u{n},E{n:0>6},,Mia,Ortiz,Acme,{c},,{done},{on}" for (n, c, done), on in zip(cells, days, strict=True)]
    return "\n".join((HEADINGS, *lines, "")).encode()


def play(here: Town, *nights: dict[str, bytes], drop: bool = False) -> None:
    """Let nights go by; nothing may tell known rows from those that are read."""
    for number, files in enumerate(nights):
        here.files = {name: (data, LAYOUT, "UTC") for name, data in files.items()}
        known, anew = here.night(accept_drop=drop)
        assert (known.files, known.findings, str(known.error)) == (anew.files, anew.findings, str(anew.error)), number
        assert here.differences() == [], number


def test_only_new_rows_are_read_and_those_that_were_refused(town: Callable[[], Town], readings: list[str]) -> None:
    here = town()
    one_class(here, half_done(50))
    readings.clear()
    one_class(here, half_done(50, more=6))
    refused = half_done(50).count(b"in autumn")
    assert len(readings) == 6 + refused
    play(town(), {"a.csv": half_done(9)}, {"a.csv": half_done(9, more=6)}, {"a.csv": half_done(9, more=7)})


def test_of_somebody_on_the_roster_of_whom_nothing_is_done_they_are_known_while_it_is_the_same(
    town: Callable[[], Town], readings: list[str]
) -> None:
    here, first = town(), rows(("1", "T1", "No"), ("1", "T2", "No"), ("2", "T1", "Yes"))
    here.hires([Person("E000001", "Ortiz", "Mia")])
    one_class(here, first)
    readings.clear()
    one_class(here, first + b"\n")
    assert readings == []
    here.hires([Person("E000001", "Ortiz", "Mia"), Person("E000002", "Ortiz", "Mia")])
    one_class(here, first)
    assert len({*readings}) == 3


def test_against_what_is_stored_a_row_speaks_each_night(town: Callable[[], Town]) -> None:
    here = town()
    both = rows(("1", "T1", "Yes"), ("1", "T1", "No"), ("2", "T1", "Yes"))
    play(here, {"a.csv": both}, {"a.csv": both + b"\n"}, {"a.csv": rows(("1", "T1", "No"), ("2", "T1", "Yes"))})
    assert [doubt.record for doubt in DOUBTS.read(here.stores[0]).values()], (
        "who was done is not any more: HR is asked"
    )


def test_what_another_file_has_done_in_the_meantime_is_asked_about_by_the_next_export(
    town: Callable[[], Town],
) -> None:
    here, undone = town(), rows(("1", "T1", "No"), ("2", "T1", "Yes"))
    done = rows(("1", "T1", "Yes"))
    play(here, {"a.csv": undone}, {"a.csv": undone, "b.csv": done}, {"a.csv": undone + b"\n", "b.csv": done})
    assert DOUBTS.read(here.stores[0]), "the newer of the two says that it is not done"


def test_a_row_that_becomes_done_and_undone_again(town: Callable[[], Town]) -> None:
    undone, done = (rows(("1", "T1", word), ("1", "T2", "Yes"), ("2", "T2", "No")) for word in ("No", "Yes"))
    play(town(), *({"a.csv": data} for data in (undone, undone + b"\n", done, done + b"\n", undone, undone + b"\n")))


def test_a_file_with_nothing_done_but_refused_rows_fails_as_one_that_is_read(town: Callable[[], Town]) -> None:
    refused = b"".join(b"u%d,E00000%d,,Mia,Ortiz,Acme,T9,,Yes,in autumn\n" % (n, n) for n in range(1, 8))
    undone = rows(*((str(n), "T1", "No") for n in range(1, 9)))
    play(town(), {"a.csv": undone}, {"a.csv": undone + refused}, {"a.csv": undone + refused + b"\n"})


def test_a_drop_is_counted_by_what_is_done(town: Callable[[], Town]) -> None:
    many = [(str(n), "T1", "Yes") for n in range(20)] + [(str(n), "T2", "No") for n in range(90)]
    here = town()
    play(here, {"a.csv": rows(*many)}, {"a.csv": rows(*many) + b"\n"}, {"a.csv": rows(*many[10:])})


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nights_of_one_class_that_changes(town: Callable[[], Town], seed: int) -> None:
    chance, here = random.Random(seed), town()
    everybody = [Person(f"E{n:06}", "Ortiz", "Mia") for n in range(6)]
    table = [(str(n), f"T{c}", chance.choice(("Yes", "No", "No", ""))) for n in range(6) for c in range(4)]
    for _ in range(5):
        if chance.random() < 0.3:
            here.hires(everybody[: len(here.people) + 2])
        for _ in range(3):
            place = chance.randrange(len(table))
            who, course, _done = table[place]
            changed = who, course, chance.choice(("Yes", "No", ""))
            table.insert(place, changed) if chance.random() < 0.3 else table.__setitem__(place, changed)
        if chance.random() < 0.5:
            chance.shuffle(table)
        middle = chance.randrange(len(table))
        halves = {"a.csv": rows(*table[:middle]), "b.csv": rows(*table[middle:])}
        play(here, halves if chance.random() < 0.3 else {"a.csv": rows(*table)}, drop=True)
