"""What a strategy found on the site, as a table like the one of a report's download, and how it is read.

The layout of the downloads reads it, so records have the same keys and learners whether they come by file or by API.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date

from lms_sync.errors import SourceError
from lms_sync.model.evidence import ClaimReason, Completion, Item, Skipped
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.sources.moodle.proof import ASKED
from lms_sync.sources.pull import FileRead, fingerprint
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.spreadsheet.each_row import read_items
from lms_sync.sources.spreadsheet.header import Table, find_tables
from lms_sync.sources.spreadsheet.items import reader_of
from lms_sync.sources.spreadsheet.layout import Layout, Role, SheetChoice
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.sources.spreadsheet.notices import values_dropped
from lms_sync.sources.spreadsheet.privacy import without_forbidden
from lms_sync.sources.spreadsheet.record_form import form_of
from lms_sync.tables.cells import Row, Sheet, Value, address, text

MAY_BE_MISSING: frozenset[Role] = frozenset(("name", "first_name", "last_name", "employer", "course_title"))
"""Roles whose column a report may lack; of the others that the layout calls optional, a missing one was renamed."""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One row; `cells` stand below the headings."""

    cells: tuple[Value, ...]
    skip: str = ""
    """Why the site has no answer for it; empty for a row that is read."""
    days: tuple[date, ...] = ()
    """The days on one of which it may have been completed, sorted, where the site does not tell which."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table as the site told it."""

    name: str
    """E.g. `report 2 of https://lms.example.org`."""
    url: str
    """Where a person can see it in a browser."""
    headings: tuple[str, ...]
    rows: tuple[FoundRow, ...]
    findings: tuple[Finding, ...] = ()
    zone: str = ASKED
    """In which its times are told."""

    @property
    def sha256(self) -> str:
        """Return a hash of the headings and cells."""
        content = [self.headings, [[*map(text, row.cells), row.skip, *map(str, row.days)] for row in self.rows]]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ReportReading:
    """How what was found is read: for which source, by which layout."""

    source: str
    layout: Layout
    district_zone: str

    def mark(self, found: FoundTable) -> str:
        """Return what must be unchanged for it to be skipped."""
        return fingerprint(found.sha256, self.layout.hash, zone=found.zone, district_zone=self.district_zone)

    def read(self, found: FoundTable) -> FileRead:
        """Return the items, one a row in the site's order; cells as in the report's download (header in row 1).

        Raises: SourceError when a heading of the layout is missing or stands there twice.
        """
        table = self._table(found)
        clean = without_forbidden(table, self.layout)
        form = form_of(self.source, self.layout, Zones(found.zone, self.district_zone))
        reader = reader_of(clean.table, form, Origin(url=found.url))
        items = dict(zip((row.number for row in clean.table.rows), read_items(reader), strict=True))
        items |= {number: self._skipped(found, number) for number, row in _numbered(found) if row.skip}
        items |= {number: _on_one_of(items[number], row.days) for number, row in _numbered(found) if row.days}
        findings = [*found.findings, *(self._dropped(found, c.heading, c.looks_like) for c in clean.columns)]
        findings += [
            values_dropped(found.name, what, number, source=self.source) for what, (number, _) in clean.values.items()
        ]
        return FileRead(
            found.name,
            found.sha256,
            self.mark(found),
            tuple(items[number] for number in sorted(items)),
            tuple(findings),
            (*(column.heading for column in clean.columns), *clean.headings(clean.unnamed)),
        )

    def _table(self, found: FoundTable) -> Table:
        rows = tuple(Row(number, row.cells) for number, row in _numbered(found) if not row.skip)
        optional = tuple(role for role in self.layout.optional if role in MAY_BE_MISSING)
        layout = self.layout.model_copy(update={"optional": optional, "sheet": SheetChoice()})
        try:
            (table,) = find_tables((Sheet("", hidden=False, rows=(Row(1, found.headings), *rows)),), layout)
        except Misread as misread:
            raise SourceError(
                f"source {self.source}: {found.name}: {misread.found}; expected {misread.expected}",
                hint=f"Rename the report's columns back, or correct the layout {self.layout.name}. {misread.remedy}",
            ) from None
        return table

    def _skipped(self, found: FoundTable, number: int) -> Item:
        """Return a row for which the site has no answer: that it was there, and why nothing of it was read."""
        return Item(Origin(url=found.url, cell=address(number, 0)), (), Skipped(found.rows[number - 2].skip))

    def _dropped(self, found: FoundTable, heading: str, looks_like: str) -> Finding:
        return Finding(
            Area.FILE,
            "column-dropped",
            found.name,
            f'the column "{heading}" holds what looks like {looks_like}',
            "a report without it",
            "It was dropped before anything was kept; take it out of the report.",
            source=self.source,
            subject=f"{found.name}, column {heading}",
        )


def _on_one_of(item: Item, days: tuple[date, ...]) -> Item:
    """Return an item whose completion is a claim on the last of the days that it may be."""
    if not isinstance(item.reading, Completion):
        return item
    possible = ("possible_days", ", ".join(map(str, days)))
    attributes = tuple(sorted((*item.reading.attributes, possible)))
    claim = replace(item.reading, day=days[-1], claim=ClaimReason.DAY_UNSURE, attributes=attributes)
    return replace(item, reading=claim)


def _numbered(found: FoundTable) -> enumerate[FoundRow]:
    """Return the rows with their numbers in the download."""
    return enumerate(found.rows, start=2)
