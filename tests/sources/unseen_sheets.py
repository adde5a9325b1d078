"""Sheets in the shapes of many products, written before the program had seen any of them; made-up people only.

They came in sets, each written after the one before had been read right, and before its own first try: of the second,
66 of 69 fields were right or asked about at that try, and one sheet was usable with a wrong day; of the third, 38 of
39, and one sheet (`zoom`) had two false completions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lms_sync.tables.cells import Block, Row, Sheet, Value


@dataclass(frozen=True, slots=True)
class Unseen:
    """One sheet, and how a careful person reads it."""

    name: str
    rows: Sequence[Sequence[Value]]
    roles: Mapping[str, str]
    """Role → the heading of its column (that of the last row of a header of two)."""
    done: frozenset[int] = frozenset()
    """The numbers of the rows that tell of a completion; every other one must not become one."""
    day_order: str = ""
    merged: tuple[Block, ...] = field(default=())

    def sheets(self) -> tuple[Sheet, ...]:
        """Return the file's one sheet."""
        rows = tuple(
            Row(number, tuple(None if cell == "" else cell for cell in row))
            for number, row in enumerate(self.rows, start=1)
            if any(cell not in (None, "") for cell in row)
        )
        return (Sheet("", hidden=False, rows=rows, merged=self.merged),)


ROSTER_IDS = ("00417", "00418", "00419", "00420")
ROSTER_EMAILS = tuple(f"{name}@heron.example.org" for name in ("ana.reyes", "bo.lee", "cy.roe", "dee.amari"))
MAP_TITLES = ("Trauma-Informed Approaches", "De-Escalation Basics", "FERPA for Safety Staff", "HB 1214 Unit 4")
MAP_CODES = ("SSS-04", "SSS-10", "SSS-12")
ANA, BO, CY, DEE = ROSTER_EMAILS
"""Written before the first try. `unseen_sheets_2` has two further sets, and what the first try of each gave."""
