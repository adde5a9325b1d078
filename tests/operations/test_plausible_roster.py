"""A roster that loses too many people overnight is not believed, as an export that does is not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from lms_sync.model.roster import Assignment, Person, Roster
from lms_sync.operations.plausible_roster import implausible
from tests.cli.small_district import District, district

TODAY = date(2026, 11, 23)
NAMES = ("Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gum", "Hazel", "Iroko", "Juniper")
PEOPLE = {f"p{n}": Person(f"p{n}", name, f"{name}y") for n, name in enumerate(NAMES)}


def work(person_id: str, partner: str = "PD", ends: date | None = None) -> Assignment:
    return Assignment(person_id, partner, None, date(2026, 9, 1), ends)


BEFORE = Roster({}, {}, PEOPLE, tuple(work(person_id) for person_id in PEOPLE))


def gone(number: int) -> Roster:
    left = dict(list(PEOPLE.items())[number:])
    return replace(BEFORE, people=left, assignments=tuple(work(person_id) for person_id in left))


def without_work(number: int) -> Roster:
    return replace(BEFORE, assignments=BEFORE.assignments[number:])


def renamed(number: int) -> Roster:
    """Return the roster after the column with the names was sorted by itself, as far as the first ones."""
    ids = list(PEOPLE)[:number]
    others = [*ids[1:], *ids[:1]]
    people = PEOPLE | {i: replace(PEOPLE[j], person_id=i) for i, j in zip(ids, others, strict=True)}
    return replace(BEFORE, people=people)


def moved(number: int) -> Roster:
    partners = ["GC"] * number + ["PD"] * len(PEOPLE)
    return replace(BEFORE, assignments=tuple(work(i, partner) for i, partner in zip(PEOPLE, partners, strict=False)))


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (gone, "6 gone"),
        (without_work, "6 without any assignment"),
        (renamed, "6 with a wholly different name"),
        (moved, "6 at another partner"),
    ],
)
def test_more_than_five_and_a_tenth_are_not_believed(made: Callable[[int], Roster], words: str) -> None:
    found = implausible(BEFORE, made(6), today=TODAY, file="roster.xlsx")
    assert found is not None
    assert (found.blocks, found.found) == (True, f"of 10 people at work today {words}")
    assert implausible(BEFORE, made(5), today=TODAY, file="roster.xlsx") is None


def test_leavers_with_a_last_day_a_new_contract_and_a_married_name_are_believed() -> None:
    yesterday = date(2026, 11, 22)
    ended = replace(BEFORE, assignments=tuple(work(i, ends=yesterday) for i in PEOPLE))
    contract = replace(ended, assignments=(*ended.assignments, *(work(i, "GC") for i in PEOPLE)))
    married = replace(BEFORE, people={i: replace(p, last_name=f"{p.last_name}-Lee") for i, p in PEOPLE.items()})
    nobody = Roster({}, {}, {}, ())
    pairs = ((BEFORE, ended), (BEFORE, contract), (BEFORE, married), (ended, nobody), (nobody, BEFORE))
    for before, after in pairs:
        assert implausible(before, after, today=TODAY, file="roster.xlsx") is None


def test_people_without_a_word_in_their_names_are_who_they_were() -> None:
    people = {i: replace(p, last_name="-", first_name=".") for i, p in PEOPLE.items()}
    same = replace(BEFORE, people=people)
    assert implausible(same, same, today=TODAY, file="roster.xlsx") is None


def rows_of(book: Path, change: Callable[[Any, int], None]) -> None:
    """Change the rows of everybody in the sheets People and Assignments."""
    workbook = load_workbook(BytesIO(book.read_bytes()))
    for title in ("People", "Assignments"):
        sheet = workbook[title]
        (row,) = (r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == "00201")
        change(sheet, row)
    workbook.save(book)


def six_more(sheet: Any, row: int) -> None:
    for number in range(6):
        line = [cell.value for cell in sheet[row]]
        line[0] = f"9000{number}"
        if sheet.title == "People":
            line[1:5] = NAMES[number], "Jo", None, f"{NAMES[number].lower()}@example.org"
        sheet.append(line)


def without_them(sheet: Any, row: int) -> None:
    sheet.delete_rows(sheet.max_row - 5, 6)


def test_the_roster_of_before_stays_until_somebody_insists(tmp_path: Path) -> None:
    def larger(small: District) -> None:
        rows_of(small.folder / "roster.xlsx", six_more)
        small.run("nightly")

    with district(tmp_path / "ws", nights=1, prepare=larger) as small:
        before = small.run("gaps").stdout
        assert "90005" in before
        rows_of(small.folder / "roster.xlsx", without_them)

        assert small.run("nightly").exit_code == 2
        assert small.run("gaps").stdout == before
        for command in ("check", "worklist"):
            assert "of 8 people at work today 6 gone" in small.run(command).output, command

        assert small.run("nightly", "--accept-drop", "roster", "--by", "Kim").exit_code in (0, 1)
        assert "90005" not in small.run("gaps").stdout
        assert "at work today" not in small.run("check").output
        (logged,) = small.json("log", "show", "--kind", "drop", "--format", "json")
        assert (logged["by"], "of 8 people at work today 6 gone" in str(logged["after"])) == ("Kim", True)
