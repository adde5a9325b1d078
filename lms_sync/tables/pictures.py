"""Pictures that lie over the cells of an xlsx sheet: a signature that was scanned and laid there is no cell's value.

Source: ECMA-376 part 1, 20.5 (SpreadsheetML drawings).
"""

import re

from lms_sync.tables.package import Package

MOST_PICTURES = 1_000
"""More pictures of one sheet than these are not looked at."""
_ANCHOR = re.compile(rb"<(?:\w+:)?(?:one|two)CellAnchor\b.*?</(?:\w+:)?(?:one|two)CellAnchor>", re.DOTALL)
_FROM = re.compile(rb"<(?:\w+:)?from>\s*<(?:\w+:)?col>(\d{1,5})<.*?<(?:\w+:)?row>(\d{1,7})<", re.DOTALL)
_PICTURE = re.compile(rb"<(?:\w+:)?pic\b")


def pictures_over(package: Package, sheet: str) -> list[tuple[int, int]]:
    """Return the cells (row 1-based, column 0-based) in which the pictures over a sheet's part begin."""
    drawings = [relation.target for relation in package.relations(sheet) if relation.kind == "drawing"]
    cells: dict[tuple[int, int], None] = {}
    for drawing in drawings:
        for anchor in _ANCHOR.finditer(package.read(drawing) if package.has(drawing) else b""):
            place = _FROM.search(anchor[0])
            if place and _PICTURE.search(anchor[0]) and len(cells) < MOST_PICTURES:
                cells[int(place[2]) + 1, int(place[1])] = None
    return sorted(cells)
