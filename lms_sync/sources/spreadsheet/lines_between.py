"""Lines between the rows of a table that say something of the rows below them. Pure."""

from collections.abc import Mapping, Sequence

from lms_sync.model.evidence import Refused
from lms_sync.model.finding import Origin
from lms_sync.sources.spreadsheet.denying_lines import DenyingLines
from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.layout import Layout, Role
from lms_sync.sources.spreadsheet.lone_lines import LoneLines
from lms_sync.sources.spreadsheet.next_parts import NextParts
from lms_sync.tables.cells import Row


class LinesBetween:
    """Takes the rows of a table in their order, and tells which are such lines, and what they make of the others."""

    def __init__(self, layout: Layout, table: Table, courses: Sequence[int]) -> None:
        """Begin with a table; `courses` are the columns of a matrix that hold completions."""
        self._parts = NextParts(layout, table)
        self._denying = DenyingLines(layout, table, courses)
        self._lone = LoneLines(layout, table)

    def title(self, titles: Mapping[Role, str]) -> None:
        """Note a title that tells of the rows below it: what was said above it holds no longer."""
        self._parts.title(titles)
        self._denying.begin()

    def reason(self, row: Row) -> str:
        """Return why a row is passed over, whatever else it may be taken for; empty for one that is no such line."""
        return self._denying.reason(row) or self._lone.reason(row)

    def reason_of_part(self, row: Row) -> str:
        """Return why a row that may be an item is passed over as the beginning of a part; empty for any other."""
        return self._parts.reason(row)

    def pass_over(self, row: Row, *, known: bool) -> None:
        """Note a row that is passed over and no title; `known` where its first words say what it is."""
        self._parts.pass_over(row, known=known)

    def refusal(self, row: Row, place: Origin, *, source: str) -> Refused | None:
        """Note a row that is an item, and return its refusal where what stands above it, or it alone, asks for it."""
        self._parts.item()
        if self._parts.unknown:
            return self._parts.refusal(place, source=source)
        if self._denying.denied:
            return self._denying.refusal(place, source=source)
        return self._lone.refusal(row, place, source=source)
