"""Rows that speak of one record with others are known again together: somebody enrolled twice, a line told twice."""

import random
from collections.abc import Callable

import pytest

from lms_sync.model.roster import Person
from lms_sync.store.known.registers import DOUBTS
from tests.operations.test_known_not_done import play, rows
from tests.operations.two_stores import Town, class_of, one_class, readings, town

__all__ = ["readings", "town"]

SEEDS = 24
DONE, OTHERWISE, UNDONE = ("1", "T1", "Yes"), ("1", "T1", "yes"), ("1", "T1", "No")
BESIDE = ("2", "T1", "Yes")


def every_row_twice(people: int, *, more: int = 0) -> bytes:
    """Return an export of a class that has each line twice, as of people who are enrolled two times."""
    header, *lines = class_of(people, more=more).splitlines(keepends=True)
    return b"".join([header, *(line for line in lines for _ in range(2))])


def test_only_new_rows_are_read_and_those_that_were_refused(town: Callable[[], Town], readings: list[str]) -> None:
    here = town()
    one_class(here, every_row_twice(20))
    readings.clear()
    one_class(here, every_row_twice(20, more=6))
    refused = every_row_twice(20).count(b"in autumn")
    assert len({*readings}) == 12 + refused
    play(town(), *({"a.csv": every_row_twice(9, more=more)} for more in (0, 6, 7)))


@pytest.mark.parametrize(
    "others",
    [
        pytest.param((DONE, BESIDE), id="the second is gone"),
        pytest.param((OTHERWISE, BESIDE), id="the first is gone"),
        pytest.param((BESIDE,), id="both are gone"),
        pytest.param((DONE, DONE, BESIDE), id="the second says the same as the first"),
        pytest.param((DONE, UNDONE, BESIDE), id="the second is not done"),
        pytest.param((UNDONE, OTHERWISE, BESIDE), id="the first is not done"),
        pytest.param((OTHERWISE, DONE, BESIDE), id="in another order"),
        pytest.param((DONE, OTHERWISE, OTHERWISE, BESIDE), id="a third row"),
        pytest.param((DONE, OTHERWISE, UNDONE, BESIDE), id="a third row that is not done"),
    ],
)
@pytest.mark.parametrize("first", [(DONE, OTHERWISE), (DONE, DONE), (DONE, UNDONE), (DONE, OTHERWISE, UNDONE)])
def test_a_record_of_several_rows_that_comes_otherwise(
    town: Callable[[], Town], first: tuple[tuple[str, str, str], ...], others: tuple[tuple[str, str, str], ...]
) -> None:
    before, after = rows(*first, BESIDE), rows(*others)
    play(town(), {"a.csv": before}, {"a.csv": before + b"\n"}, {"a.csv": after}, {"a.csv": after + b"\n"}, drop=True)


def test_rows_of_one_record_in_two_files_are_read(town: Callable[[], Town]) -> None:
    together, apart = {"a.csv": rows(DONE, OTHERWISE)}, {"a.csv": rows(DONE, BESIDE), "b.csv": rows(OTHERWISE)}
    play(town(), together, {"a.csv": rows(DONE, OTHERWISE) + b"\n"}, apart, together, apart)


def test_who_is_done_by_no_row_any_more_is_asked_about(town: Callable[[], Town]) -> None:
    here, before = town(), rows(DONE, UNDONE, BESIDE)
    play(here, {"a.csv": before}, {"a.csv": before + b"\n"}, {"a.csv": rows(UNDONE, BESIDE)})
    assert DOUBTS.read(here.stores[0])


def test_several_rows_of_which_none_is_done(town: Callable[[], Town], readings: list[str]) -> None:
    undone = rows(UNDONE, UNDONE, ("1", "T1", ""), BESIDE)
    here = town()
    one_class(here, undone)
    readings.clear()
    one_class(here, undone + b"\n")
    assert readings == []
    play(town(), {"a.csv": undone}, {"a.csv": undone + b"\n"}, {"a.csv": undone + rows(DONE)}, {"a.csv": undone})


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nights_of_a_class_that_tells_much_several_times(town: Callable[[], Town], seed: int) -> None:
    chance, here = random.Random(seed), town()
    everybody = [Person(f"E{n:06}", "Ortiz", "Mia") for n in range(3)]
    words = ("Yes", "Yes", "yes", "YES", "No", "")
    table = [(str(n), f"T{c}", chance.choice(words)) for n in range(3) for c in range(2) for _ in range(3)]
    for _ in range(6):
        if chance.random() < 0.2:
            here.hires(everybody[: len(here.people) + 2])
        for _ in range(chance.randrange(4)):
            place = chance.randrange(len(table))
            match chance.randrange(4):
                case 0:
                    table.insert(chance.randrange(len(table)), table[place])
                case 1:
                    table[place] = *table[place][:2], chance.choice(words)
                case 2 if len(table) > 6:
                    del table[place]
                case _:
                    chance.shuffle(table)
        middle = chance.randrange(1, len(table))
        halves = {"a.csv": rows(*table[:middle]), "b.csv": rows(*table[middle:])}
        play(here, halves if chance.random() < 0.2 else {"a.csv": rows(*table)}, drop=True)
