"""Findings that say the same → one line with all their cells, in the order of sheets and rows. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lms_sync.model.finding import Finding

_CELL = re.compile(r"(?P<before>.*(?:, |!))(?P<column>[A-Z]{1,3})(?P<row>[1-9][0-9]{0,6})", re.DOTALL)
_WHOSE = re.compile(r"(?P<found>.*\S) \((?P<whose>[^()]+)\)", re.DOTALL)
MOST_NAMED = 4
"""Of more people than these the others are counted in a line, and not named."""
MOST_RANGES = 6
"""More blocks of cells than these in one line are counted, not listed."""
MOST_LISTED = 20
"""Of more lines than these that have one code and stand in one sheet, the others are counted, not listed."""


@dataclass(frozen=True, slots=True)
class FindingPlace:
    """Where a finding stands; without a cell it stands before everything that has one."""

    before: str
    """File and sheet, as `roster.xlsx, People!`; the whole place of what stands in no cell."""
    row: int = 0
    column: str = ""

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Return what places are sorted by: sheet, row, column."""
        return (self.before.removesuffix("!").removesuffix(", "), self.row, len(self.column), self.column)


def place_of(where: str) -> FindingPlace:
    """Return a finding's place in its parts."""
    match = _CELL.fullmatch(where)
    return FindingPlace(match["before"], int(match["row"]), match["column"]) if match else FindingPlace(where)


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings that say the same of several cells of one sheet; or one finding alone."""

    findings: tuple[Finding, ...]
    """In the order of their places."""

    @property
    def first(self) -> Finding:
        """Return the one that stands first."""
        return self.findings[0]

    @property
    def where(self) -> str:
        """Return the place, or the cells: `roster.xlsx, 27 cells, Assignments!F3:F29`."""
        if len(self.findings) == 1:
            return self.first.where
        places = [place_of(finding.where) for finding in self.findings]
        file, _, sheet = places[0].before.rpartition(", ")
        cells = _ranges(places)
        more = f" and {len(cells) - MOST_RANGES} more" if len(cells) > MOST_RANGES else ""
        return f"{file}, {len(places):,} cells, {sheet}{', '.join(cells[:MOST_RANGES])}{more}"

    @property
    def found(self) -> str:
        """Return what was found, and whose the cells are: `Class is blank (E100, Reyes, Ana; E101, Lee, Bo)`."""
        same = dict.fromkeys(finding.found for finding in self.findings)
        parts = [match for match in map(_WHOSE.fullmatch, same) if match]
        if len(same) == 1 or not parts:
            return self.first.found
        more = f"; and {len(parts) - MOST_NAMED} more" if len(parts) > MOST_NAMED else ""
        return f"{parts[0]['found']} ({'; '.join(part['whose'] for part in parts[:MOST_NAMED])}{more})"

    @property
    def as_one(self) -> Finding:
        """Return one finding that stands for all of them, with all their cells and people."""
        if len(self.findings) == 1:
            return self.first
        people = tuple(sorted({person for finding in self.findings for person in finding.people}))
        return replace(self.first, where=self.where, found=self.found, people=people, handle=self.first.id)

    def __str__(self) -> str:
        """Return the finding as one line, with all its cells."""
        return str(replace(self.first, where=self.where, found=self.found))


def _ranges(places: Sequence[FindingPlace]) -> list[str]:
    """Return cells as blocks: `F3:F29`, `H4`."""
    blocks: list[tuple[FindingPlace, int]] = []
    for place in sorted(dict.fromkeys(places), key=lambda place: (len(place.column), place.column, place.row)):
        if blocks and (blocks[-1][0].column, blocks[-1][1] + 1) == (place.column, place.row):
            blocks[-1] = (blocks[-1][0], place.row)
        else:
            blocks.append((place, place.row))
    return [
        f"{first.column}{first.row}" if last == first.row else f"{first.column}{first.row}:{first.column}{last}"
        for first, last in blocks
    ]


def together(findings: Iterable[Finding]) -> tuple[FindingGroup, ...]:
    """Return the findings of one sheet by row, those that say the same together where the first of them stands.

    Sheets come in the order in which they are first named. What a person decides by its id stays alone.
    """
    sheets: dict[str, list[Finding]] = {}
    for finding in findings:
        sheets.setdefault(place_of(finding.where).before, []).append(finding)
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for before, several in sheets.items():
        for finding in sorted(several, key=lambda finding: place_of(finding.where).order):
            alone = finding.handle or not place_of(finding.where).row
            content = (
                finding.code,
                _found(finding),
                finding.expected,
                finding.remedy,
                finding.blocks,
                finding.source,
            )
            key = (finding.area, before, finding.where if alone else "", finding.handle, *content)
            groups.setdefault(key, []).append(finding)
    return tuple(FindingGroup(tuple(several)) for several in groups.values())


def _found(finding: Finding) -> str:
    """Return what was found, without whose cell it is, which stands in parentheses at its end."""
    match = _WHOSE.fullmatch(finding.found)
    return match["found"] if match else finding.found


@dataclass(frozen=True, slots=True)
class ListedLines:
    """The lines of a listing, and how many like them are left out."""

    groups: tuple[FindingGroup, ...]
    left_out: tuple[tuple[str, int], ...]
    """(`code` in a place, how many lines more)."""


def capped(groups: Sequence[FindingGroup], most: int = MOST_LISTED) -> ListedLines:
    """Return at most `most` lines of one code in one sheet, and what of each is left out."""
    counts: dict[tuple[str, str], int] = {}
    lines = []
    for group in groups:
        place = place_of(group.first.where)
        key = group.first.code, place.before.rstrip("!, ") if place.row else ""
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= most:
            lines.append(group)
    left = [(f"{code} in {where}" if where else code, n - most) for (code, where), n in counts.items() if n > most]
    return ListedLines(tuple(lines), tuple(left))
