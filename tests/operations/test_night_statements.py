"""A night asks the database as often for many people as for few: what grows is what a statement carries."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, event

from benchmarks.made_up import Size, build, write_export
from tests.operations.night_town import Town

FEW, MANY = 12, 48


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count the statements of the block, and hold that none asks for more than a handful of values."""
    statements: Counter[str] = Counter()
    laden: list[str] = []  # told behind the block: a fault inside is one of a source, which the night gets over

    def count(_connection: object, _cursor: object, statement: str, values: list[object], *rest: object) -> None:
        statements[statement] += 1
        many = rest[-1]
        if not (many or statement.startswith("INSERT ")) and len(values) > 20:  # many rows are many values
            laden.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert laden == []


def nights(folder: Path, people: int) -> list[int]:
    """Return how many statements a first night, an unchanged one, and one with more and other rows take."""
    build(folder, Size(people))
    town = Town(folder, datetime(2026, 11, 23, 10, 10, tzinfo=UTC))
    found = []
    for night in range(3):
        if night == 2:
            write_export(folder / "inbox" / "class.csv", Size(people, seed=17), more=people)
        with counted() as statements:
            made = town.night(days=night, insist={"class": "another list of the class"} if night == 2 else None)
        assert [pulled.error for pulled in made.pulled if pulled.source == "class"] == [None]
        found.append(statements.total())
    return found


def test_four_times_the_people_take_no_more_statements(tmp_path: Path) -> None:
    few, many = nights(tmp_path / "few", FEW), nights(tmp_path / "many", MANY)

    assert all(more <= less + 10 for less, more in zip(few, many, strict=True)), (few, many)
