"""A header between the rows of a table, of the next page or a second table: whether it has the same columns. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.layout import WHO, Layout, Role
from lms_sync.sources.spreadsheet.misread import Misread, quoted
from lms_sync.sources.spreadsheet.printed import HEADER_AGAIN, PrintedLines, filled_cells
from lms_sync.tables.cells import Row, address, text
from lms_sync.text import fold, plain

ENOUGH = 3
"""So many different headings make a row a header; as many as there are where the table has fewer."""


class AnotherHeader(Misread):
    """Below another header the columns hold something else: nothing of the file can be taken."""


@dataclass(frozen=True, slots=True)
class FurtherHeaders:
    """Tells which rows of one table are headers, and whether they are of its columns."""

    sheet: str
    headings: tuple[str, ...]
    """As they stand in the table's own header, by column."""
    courses: frozenset[int]
    """The columns of a matrix that hold completions."""
    roles: Mapping[int, Role]
    """By column."""
    aliases: Mapping[str, Role]
    """Folded heading → what it tells, by the layout."""
    known: frozenset[str]
    """Folded: all of the layout's headings, and the table's own."""
    printed: PrintedLines

    @classmethod
    def of(cls, table: Table, layout: Layout, courses: tuple[int, ...], printed: PrintedLines) -> "FurtherHeaders":
        """Return what tells the headers of a table."""
        aliases = {fold(heading): role for role, headings in layout.columns.items() for heading in headings}
        named = (fold(heading) for column, heading in enumerate(table.headings) if not table.is_unnamed(column))
        roles = {column: role for role, column in table.columns.items()}
        known = frozenset((*aliases, *named))
        return cls(table.sheet, table.headings, frozenset(courses), roles, aliases, known, printed)

    def reason(self, row: Row) -> str:
        """Return why a row is passed over that is the table's header in other words; empty where it is no header.

        Raises: AnotherHeader where it has other columns.
        """
        cells = list(filled_cells(row))
        words = {found for _, found in cells if found in self.known}
        if len(words) < min(ENOUGH, len(self.roles)) or 2 * len(words) <= len(cells):
            return ""
        if not any(self.aliases.get(found) in WHO for found in words):
            return ""
        other = next((column for column, found in cells if self._is_other(column, found)), None)
        if other is None:
            return HEADER_AGAIN
        raise self._another(row, other)

    def _is_other(self, column: int, words: str) -> bool:
        """Tell whether folded words are no heading of what the table has in this column."""
        if column < len(self.headings) and self.printed.is_heading(column, words):
            return False
        says, holds = self.aliases.get(words), self.roles.get(column)
        return says != holds if says or holds else column in self.courses

    def _another(self, row: Row, column: int) -> AnotherHeader:
        before = self.headings[column] if column < len(self.headings) else ""
        place = f"{self.sheet}!{address(row.number, column)}" if self.sheet else address(row.number, column)
        above = (
            f"the header above it has {quoted(before)} there" if before else "the header above it ends before that"
        )
        return AnotherHeader(
            "header-differs",
            f"a second header, in row {row.number}, has other columns: {quoted(plain(text(row.cell(column))))} in"
            f" {place}, and {above}",
            expected="one table on a sheet, with the same columns on each of its pages",
            remedy="Put the rows below it on a sheet or into a file of their own, or bring the columns into the same"
            " order; nothing of the file was read, as its rows would be taken for something else.",
        )
