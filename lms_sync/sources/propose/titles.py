"""What stands above a sheet's header as a label with its value: the class, its day, who held it where. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lms_sync.sources.propose.date_order import Cell, is_day
from lms_sync.sources.propose.headings import heading_words, ideas_of
from lms_sync.sources.propose.vocabulary import Idea
from lms_sync.sources.spreadsheet.layout_rules import Role, StatedRule
from lms_sync.tables.cells import Row, address, text
from lms_sync.text import plain

LONGEST_LABEL = 4
"""Words that a label may have."""
PLACES = frozenset(("location", "place", "venue", "room", "site", "lieu", "lugar"))
MAY_BE_MISSING: tuple[Role, ...] = ("instructor", "place", "hours")
_OF_DAYS: frozenset[Idea] = frozenset(("date", "held", "complete"))
_NO_COURSE: frozenset[Idea] = frozenset(("date", "other day", "somebody else", "id", "status", "hours", "assigned"))


@dataclass(frozen=True, slots=True)
class LabelledTitle:
    """A label above the header, and the rule that reads its value."""

    label: str
    rule: StatedRule
    cell: Cell
    """Of the value."""


def titles_above(rows: Sequence[Row], taken: frozenset[Role]) -> tuple[LabelledTitle, ...]:
    """Return what the rows above the header tell; nothing of a role that is `taken` or that two labels tell."""
    found: dict[Role, list[LabelledTitle]] = {}
    for label, cell in _labelled(rows):
        role = _role(label, cell)
        if role is not None and role not in taken:
            rule = StatedRule(role=role, where="title", pattern=f"^{re.escape(label)}: (.+)$")
            found.setdefault(role, []).append(LabelledTitle(label, rule, cell))
    return tuple(titles[0] for titles in found.values() if len(titles) == 1)


def _labelled(rows: Sequence[Row]) -> Iterator[tuple[str, Cell]]:
    """Yield labels with the cells of their values: in one cell, or beside or below a cell that ends in a colon."""
    by_number = {row.number: row for row in rows}
    for row in rows:
        words = [plain(text(cell)) for cell in row.cells]
        for column, cell in enumerate(words):
            label, colon, value = (part.strip() for part in cell.partition(":"))
            if not colon or not label or len(label.split()) > LONGEST_LABEL:
                continue
            if value:
                yield label, (address(row.number, column), value)
                continue
            beside = next((other for other in range(column + 1, len(words)) if words[other]), None)
            if beside is not None and not words[beside].endswith(":"):
                yield label, (address(row.number, beside), row.cell(beside))
            elif (below := by_number.get(row.number + 1)) and below.cell(column) is not None:
                yield label, (address(below.number, column), below.cell(column))


def _role(label: str, cell: Cell) -> Role | None:
    words, ideas = heading_words(label), ideas_of(label)
    if is_day(cell[1]):
        # `Report date` is no day of a class: each word must be one of days, or of courses.
        of_days = all(ideas_of(word) & (_OF_DAYS | {"course"}) for word in words)
        return "completed_on" if of_days and "date" in ideas and not ideas & {"other day", "assigned"} else None
    if PLACES & set(words):
        return "place"
    if "somebody else" in ideas:
        return "instructor"
    if "hours" in ideas and any(sign.isdigit() for sign in text(cell[1])):
        return "hours"
    return "course_title" if "course" in ideas and not ideas & _NO_COURSE else None
