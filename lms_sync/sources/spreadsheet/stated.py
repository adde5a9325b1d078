"""What a file's name, or a title above the header, tells about every row. Pure."""

import re
from collections.abc import Sequence

from lms_sync.sources.spreadsheet.layout import Layout, Role, StatedRule
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.sources.spreadsheet.privacy import mask
from lms_sync.tables.cells import Row, text
from lms_sync.text import plain


def stated_in(layout: Layout, file: str, above: Sequence[Row]) -> dict[Role, str]:
    """Return role → what the file's name or the rows above the header tell.

    Raises: Misread when a pattern finds nothing (unless its role is optional), or two different things.
    """
    stated: dict[Role, str] = {}
    for rule in layout.told:
        found = _found(rule, _places(rule, file, above)) or _found(rule, _labelled(rule, above))
        if len(found) == 1:
            stated[rule.role] = found[0]
        elif found:
            raise _two_values(rule, found, layout)
        elif rule.role not in layout.optional:
            raise _nothing(rule, file, layout)
    return stated


def _places(rule: StatedRule, file: str, above: Sequence[Row]) -> list[str]:
    if rule.where == "file name":
        return [file.rpartition("/")[2]]
    return [plain(text(cell)) for row in above for cell in row.cells if cell is not None]


def _labelled(rule: StatedRule, above: Sequence[Row]) -> list[str]:
    """Return labels above the header with their values beside or below them: `Class:` | `De-escalation`."""
    if rule.where == "file name":
        return []
    rows = {row.number: row for row in above}
    lines = []
    for row in above:
        words = [plain(text(cell)) for cell in row.cells]
        for column, label in enumerate(words):
            beside = next((value for value in words[column + 1 :] if value), "")
            if label.endswith(":") and (not beside or beside.endswith(":")):
                below = rows.get(row.number + 1)
                beside = plain(text(below.cell(column))) if below else ""
            lines += [f"{label} {beside}"] if label and beside else []
    return lines


def _found(rule: StatedRule, places: Sequence[str]) -> list[str]:
    matches = (re.search(rule.pattern, place) for place in places)
    values = (mask(plain(match[1] or "")) for match in matches if match)
    return list(dict.fromkeys(value for value in values if value))


def _nothing(rule: StatedRule, file: str, layout: Layout) -> Misread:
    where = f'the name "{file}"' if rule.where == "file name" else "no cell above the header"
    return Misread(
        f"{rule.role}-not-told".replace("_", "-"),
        f"{where} {'does not tell' if rule.where == 'file name' else 'tells'} {rule.role}",
        expected=f"what fits {rule.pattern} there",
        remedy=f"Correct it in the file, or the [[told]] rule of the layout {layout.name}; nothing of it was read.",
    )


def _two_values(rule: StatedRule, found: Sequence[str], layout: Layout) -> Misread:
    return Misread(
        f"{rule.role}-told-twice".replace("_", "-"),
        f"the {rule.where} tells {rule.role} in {len(found)} ways: " + " and ".join(f'"{value}"' for value in found),
        expected="one",
        remedy=f"Correct the title, or make the [[told]] rule of the layout {layout.name} more exact.",
    )
