"""The cells of one row of a sheet that people fill in, as far as its form knows their columns."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from traceback import format_tb

from lms_sync.tables.cells import CROSSED_OUT, Row, Value, text
from lms_sync.tables.fields import CROSSED_OUT_REMEDY, Answer, Column, Wrong
from lms_sync.text import fold, plain

log = logging.getLogger(__name__)

EXAMPLE = "example"
FEWEST_LETTERS = 5
"""So many letters two headings begin with at least, where one of them is taken for the other."""
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


def crossed_out(cells: Sequence[Cell], columns: Mapping[str, int], struck: Collection[int]) -> list[Cell]:
    """Return the cells of a row with nothing that can be taken where somebody has crossed out what they hold.

    `columns` are the places of the headings, `struck` those that are crossed out.
    """
    if not struck:
        return [*cells]
    return [
        (column, CROSSED_OUT, words) if words and columns[column.heading] in struck else (column, value, words)
        for column, value, words in cells
    ]


def all_crossed_out(cells: Sequence[Cell]) -> bool:
    """Tell whether whatever a row holds is crossed out."""
    return all(value is CROSSED_OUT for _, value, words in cells if words)


def passed_over(cells: Sequence[Cell]) -> bool:
    """Tell whether a row is blank in every known column, or one of the examples that the program ships."""
    if not any(words for _, _, words in cells):
        return True
    return any(column.kind == "id" and words.casefold().startswith(EXAMPLE) for column, _, words in cells)


NAMES = ("Last name", "First name", "Person")
"""Headings of what people are called, as a form may have them."""


def of_whom(columns: Sequence[Column], cells: Sequence[Cell]) -> str:
    """Return whose row it is, as its first columns say: ` (E100, Reyes, Ana)`; empty where they are blank."""
    first = next((column.heading for column in columns if column.kind == "id"), columns[0].heading)
    read = {column.heading: words for column, _, words in cells}
    return in_brackets(read.get(heading, "") for heading in (first, *NAMES))


def in_brackets(words: Iterable[str]) -> str:
    """Return words as they stand behind what is said of a row: ` (E100, Reyes, Ana)`; empty where there are none."""
    listed = ", ".join(filter(None, words))
    return f" ({listed})" if listed else ""


def ids_of(cells: Sequence[Cell], answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Return what a row's columns of codes say that can be taken; of a row that is crossed out, what stands there."""
    codes = [(column.heading, words) for column, _, words in cells if column.kind == "id"]
    if not answers and all_crossed_out(cells):
        return tuple(words for _, words in codes if words)
    return tuple(str(answers[heading]) for heading, _ in codes if heading in answers)


def row_crossed_out(columns: Sequence[Column], cells: Sequence[Cell]) -> Wrong:
    """Return what is said once of a row of which everything is crossed out."""
    ends = any(column.heading == "Ends" for column, _, _ in cells)
    until = " Where it counted until some day, write that under Ends." if ends else ""
    found = f"a row that is crossed out{of_whom(columns, cells)}"
    return Wrong(found, "rows that count, and no others", CROSSED_OUT_REMEDY + until)


def beginning_alike(written: str, headings: Sequence[str]) -> str:
    """Return the one heading that goes on where this one ends, or the other way round; an empty string for none."""
    pairs = [(heading, sorted((fold(written), fold(heading)), key=len)) for heading in headings]
    alike = [heading for heading, (short, long) in pairs if len(short) >= FEWEST_LETTERS and long.startswith(short)]
    return alike[0] if len(alike) == 1 else ""


def beyond_the_form(error: Exception) -> Wrong:
    """Return what is wrong with a workbook that the program cannot deal with; the trace goes to the log."""
    # Without its last line, which may quote what stands in a cell.
    log.error("%s in a form\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
    return Wrong(
        f"something that the program cannot deal with ({type(error).__name__})",
        "a workbook as the district fills it in",
        "Look for what is odd in it and correct that; please report it, with the log of that night.",
    )
