"""What a file's name, or a title above the header, tells about every row. Pure."""

import re
from collections.abc import Sequence

from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.layout import ATTRIBUTES, Layout, Role, StatedRule
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.tables.cells import ErrorValue, Row, Value, text
from lms_sync.text import plain

QUOTED_CELLS = 6
"""So many cells above a header are quoted where none of them tells what is looked for."""
NOTHING_TOLD = "\0"
"""Stands for a value that nobody may take: no cell holds such a sign."""
ANY_NAME = "Ivy Moss"
"""A rule that fits a person's name cannot tell a title from a row of which only the name is filled in."""


def stated_in(layout: Layout, file: str, above: Sequence[Row]) -> dict[Role, str]:
    """Return role → what the file's name or the rows above the header tell.

    Raises: Misread when a pattern finds nothing (unless its role is optional), or two different things.
    """
    stated: dict[Role, str] = {}
    for rule in layout.told:
        found = _values(rule, file, above)
        if len(found) == 1 or (found and rule.role in ATTRIBUTES):  # a class may have two instructors
            stated[rule.role] = "; ".join(found)
        elif found:
            raise _two_values(rule, found, layout)
        elif rule.role not in layout.optional:
            raise _nothing(rule, file, layout, above=above)
    return stated


def titles_in(layout: Layout, row: Row) -> dict[Role, str]:
    """Return what a row among the others tells of the rows below it; nothing unless all of its cells are titles."""
    rules = [rule for rule in layout.told if rule.where == "title" and not re.search(rule.pattern, ANY_NAME)]
    if not rules:
        return {}
    words = {column: _words(cell) for column, cell in enumerate(row.cells)}
    left = {column: cell for column, cell in words.items() if cell}
    found: dict[Role, str] = {}
    for rule in rules:
        for column, label in list(left.items()):
            beside = next((other for other in left if other > column), None)
            several = {column: label} if beside is None else {column: label, beside: left[beside]}
            labelled = f"{label} {left[beside]}" if beside is not None and label.endswith(":") else ""
            taken = [column] if _found(rule, [label]) else list(several) if _found(rule, [labelled]) else []
            if taken and rule.role not in found:
                (found[rule.role],) = _found(rule, [label]) or _found(rule, [labelled])
                left = {other: cell for other, cell in left.items() if other not in taken}
    return {} if left else found


def tells(rule: StatedRule, rows: Sequence[Row]) -> bool:
    """Tell whether rows that follow each other tell what a rule looks for."""
    return bool(_values(rule, "", rows))


def _places(rule: StatedRule, file: str, above: Sequence[Row]) -> list[str]:
    if rule.where == "file name":
        return [file.rpartition("/")[2]]
    return [_words(cell) for row in above for cell in row.cells if cell is not None]


def _words(cell: Value) -> str:
    """Return what a cell says, `NOTHING_TOLD` for a value that nobody may take, such as one that is crossed out."""
    return NOTHING_TOLD if isinstance(cell, ErrorValue) else plain(text(cell))


def _values(rule: StatedRule, file: str, above: Sequence[Row]) -> list[str]:
    """Return what is told, in one cell or else in a label's neighbour; of what may be several, all of it."""
    alone = _found(rule, _places(rule, file, above))
    if alone and rule.role not in ATTRIBUTES:
        return alone
    labelled = _found(rule, _labelled(rule, above, colon=":"))
    return list(dict.fromkeys((*alone, *labelled))) or _found(rule, _labelled(rule, above, colon=""))


def _labelled(rule: StatedRule, above: Sequence[Row], *, colon: str) -> list[str]:
    """Return labels above the header with their values beside or below them: `Class:` | `De-escalation`.

    A label ends in `colon`; an empty one makes any cell a label (`Class` | `De-escalation`).
    """
    if rule.where == "file name":
        return []
    rows = {row.number: row for row in above}
    lines = []
    for row in above:
        words = [_words(cell) for cell in row.cells]
        for column, label in enumerate(words):
            if not label or not label.endswith(colon):
                continue
            beside = next((value for value in words[column + 1 :] if value), "")
            if not beside or beside.endswith(":"):
                below = rows.get(row.number + 1)
                beside = _words(below.cell(column)) if below else ""
            lines += [f"{label.removesuffix(':')}: {beside}"] if beside else []
    return lines


def _found(rule: StatedRule, places: Sequence[str]) -> list[str]:
    matches = (re.search(rule.pattern, place) for place in places)
    values = (mask(plain(match[1] or "")) for match in matches if match)
    return list(dict.fromkeys(value for value in values if value and NOTHING_TOLD not in value))


def _nothing(rule: StatedRule, file: str, layout: Layout, *, above: Sequence[Row]) -> Misread:
    found = f'the name "{file}" does not state {rule.role}'
    if rule.where == "title":
        found = f"no cell above the header states {rule.role}"
        words = [text(cell) for row in above for cell in row.cells if cell is not None]
        if there := ", ".join(f'"{mask(plain(cell))}"' for cell in words[:QUOTED_CELLS] if cell):
            found += f"; there stands {there}"
    return Misread(
        f"{rule.role}-not-told".replace("_", "-"),
        found,
        expected=f"what fits {rule.pattern} there",
        remedy=f"Correct it in the file, or the [[told]] rule of the layout {layout.name}; nothing of it was read.",
    )


def _two_values(rule: StatedRule, found: Sequence[str], layout: Layout) -> Misread:
    return Misread(
        f"{rule.role}-told-twice".replace("_", "-"),
        f"the {rule.where} states {rule.role} in {len(found)} ways: " + " and ".join(f'"{value}"' for value in found),
        expected="one",
        remedy=f"Correct the title, or make the [[told]] rule of the layout {layout.name} more exact.",
    )
