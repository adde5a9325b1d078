"""Remarks that a row was not done, in columns that are not read for it: *No show*, *Cancelled*. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lms_sync.sources.spreadsheet.denying_lines import denies_by_itself
from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.layout import ATTRIBUTES, Layout
from lms_sync.sources.spreadsheet.misread import Misread, quoted
from lms_sync.tables.cells import Row
from lms_sync.text import fold, plain

SAYS_NOT_DONE = "says-not-done"
OF_REMARKS = re.compile(r"(.* )?(notes?|remarks?|comments?|memo|details?|explanations?|reasons?)|column [a-z]+")
"""Headings, folded, of columns of remarks; and how a column without a heading is called."""
LONGEST = 60
"""More letters no such remark has that says nothing else."""
MOST_KEPT = 10_000
"""Of so many different texts it is kept what they say."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """Tells which rows of a table say beside what is read of them that it was not done."""

    headings: tuple[str, ...]
    columns: frozenset[int]
    """Those in which a remark may stand; none where a column says how each row stands, or the sheet is a matrix."""
    layout: str
    """Its name."""
    of_remarks: frozenset[int]
    """Those of them that are for remarks."""
    _known: dict[tuple[bool, str], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table, layout: Layout) -> "Remarks":
        """Return what tells the remarks of a table: in columns of details, and in those that nobody has named."""
        if layout.matrix is not None or "status" in table.columns:
            return cls(table.headings, frozenset(), layout.name, frozenset())
        keep = set(map(fold, layout.keep))
        read = {column for role, column in table.columns.items() if role not in ATTRIBUTES}
        headings = [*enumerate(map(fold, table.headings))]
        columns = frozenset(n for n, heading in headings if n not in read and heading not in keep)
        of_remarks = frozenset(n for n, heading in headings if n in columns and OF_REMARKS.fullmatch(heading))
        return cls(table.headings, columns, layout.name, of_remarks)

    def among(self, rows: Iterable[Row]) -> list[int]:
        """Return which of some rows have such a remark, by their places."""
        return [n for n, row in enumerate(rows) if self.column(row) is not None] if self.columns else []

    def column(self, row: Row) -> int | None:
        """Return the column of a row's remark that it was not done; None where it has none."""
        cells, known = row.cells, self._known
        for column in self.columns:
            cell = cells[column] if column < len(cells) else None
            if isinstance(cell, str) and cell:
                says = is_remark, cell = column in self.of_remarks, cell
                if known[says] if says in known else self._denies(cell, is_remark=is_remark):
                    return column
        return None

    def expect_none(self, row: Row) -> None:
        """Expect no such remark in a row. Raises: Misread with its column."""
        column = self.column(row)
        if column is None:
            return
        misread = Misread(
            SAYS_NOT_DONE,
            f"{quoted(row.cell(column))} under “{self.headings[column]}”, and nothing else says whether it was done",
            expected="rows of what was done",
            remedy="If it was not done, delete the row; if it was, clear the cell. Where the column says nothing of"
            f" that, name it under keep in the layout {self.layout}.",
        )
        misread.column = column
        raise misread

    def _denies(self, cell: str, *, is_remark: bool) -> bool:
        denies = len(cell) <= LONGEST and denies_by_itself(fold(plain(cell)), is_remark=is_remark)
        if len(self._known) < MOST_KEPT:
            self._known[is_remark, cell] = denies
        return denies
