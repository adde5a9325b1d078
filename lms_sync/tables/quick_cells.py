"""Cells as an xlsx file holds them, each content composed once a workbook: most cells say what others say.

XlsxWriter's own way takes three times as long a cell. What it alone can write (a link, text that looks like markup)
it goes on to write, beside these in the same row. This rests on names that it does not promise to keep;
tests/tables/test_quick_cells.py holds that both ways give one sheet.
"""

import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

Content = str
"""What follows a cell's place in the sheet's XML: ` s="3" t="s"><v>12</v></c>`."""

_FIRST_SURE_DAY = date(1900, 3, 1)
_DAY_ZERO = date(1899, 12, 30)
"""From the first sure day on; before, Excel counts a 29 February 1900."""
_name = lru_cache(maxsize=1024)(xl_col_to_name)


class QuickSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet that takes whole rows of contents."""

    def put(self, row: int, contents: Mapping[int, Content]) -> None:
        """Write contents by column, in its order, after all else of the row; row and column are counted from 0."""
        if not contents:
            return
        first, last = min(contents), max(contents)
        self._check_dimensions(row, first)
        self._check_dimensions(row, last)
        cells = {column: f'<c r="{_name(column)}{row + 1}"{content}' for column, content in contents.items()}
        # Alone in their row they are written at once.
        self.table[row].update(cells if self.table[row] else {first: "".join(cells.values())})

    def put_table(self, top: int, bottom: int, style: Mapping[str, Any]) -> None:
        """Add a table from its header's row to its last one, over the first columns.

        XlsxWriter would look at each cell of it, to see that no other table has it: a sheet has one.
        """
        last = len(style["columns"]) - 1
        self.add_table(top, 0, top + 1, last, style)
        whole = xl_range(top, 0, bottom, last)
        self.tables[-1] |= {"range": whole, "a_range": whole, "autofilter": whole}

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if isinstance(cell, str):
            self.fh.write(cell)
        else:
            super()._write_cell(row, col, cell)

    def _calculate_spans(self) -> None:
        """Leave out which columns a row has, which is a hint to readers, and no more."""
        self.row_spans: dict[int, str] = {}


class CellContents:
    """CellContents of one workbook's cells."""

    def __init__(self, book: Any) -> None:
        """Share the table of texts of `book`, a workbook of XlsxWriter."""
        self._texts = book.str_table

    def text(self, text: str, look: Any) -> Content:
        """Return a cell's content that is a text without markup."""
        return f' s="{look._get_xf_index()}" t="s"><v>{self._texts._get_shared_string_index(text)}</v></c>'

    def text_again(self) -> None:
        """Count a text that stands in a further cell."""
        self._texts.count += 1

    @staticmethod
    def blank(look: Any) -> Content:
        """Return the content of a cell that only has a look."""
        return f' s="{look._get_xf_index()}"/>'

    @staticmethod
    def number(number: float | Decimal, look: Any) -> Content | None:
        """Return the content of a number; None for what is none."""
        return f' s="{look._get_xf_index()}"><v>{number:.16G}</v></c>' if math.isfinite(number) else None

    @staticmethod
    def day(day: date, look: Any) -> Content | None:
        """Return the content of a day; None for an instant or a day that Excel counts in another way."""
        if isinstance(day, datetime) or day < _FIRST_SURE_DAY:
            return None
        return f' s="{look._get_xf_index()}"><v>{(day - _DAY_ZERO).days}</v></c>'
