"""The cells of one row of a sheet that people fill in, as far as its form knows their columns."""

from collections.abc import Sequence

from lms_sync.tables.cells import Row, Value, text
from lms_sync.tables.fields import Column
from lms_sync.text import plain

EXAMPLE = "example"
Cell = tuple[Column, Value, str]
"""A cell of a known column: what it holds, and that as plain text."""


def cells_of(row: Row, there: Sequence[tuple[Column, int]]) -> list[Cell]:
    """Return the cells of a row that the form knows; `there` are its columns with the places where they stand."""
    values = row.cells
    beyond = len(values)
    read: list[Cell] = []
    for column, place in there:
        value = values[place] if place < beyond else None
        read.append((column, value, "" if value is None else plain(text(value))))
    return read


def passed_over(cells: Sequence[Cell]) -> bool:
    """Tell whether a row is blank in every known column, or one of the examples that the program ships."""
    if not any(words for _, _, words in cells):
        return True
    return any(column.kind == "id" and words.casefold().startswith(EXAMPLE) for column, _, words in cells)


def of_whom(columns: Sequence[Column], cells: Sequence[Cell]) -> str:
    """Return whose row it is, as its first columns say: ` (E100, Reyes, Ana)`; empty where they are blank."""
    names = ("Last name", "First name", "Person")
    first = next((column.heading for column in columns if column.kind == "id"), columns[0].heading)
    read = {column.heading: words for column, _, words in cells}
    whose = ", ".join(filter(None, (read.get(heading, "") for heading in (first, *names))))
    return f" ({whose})" if whose else ""
