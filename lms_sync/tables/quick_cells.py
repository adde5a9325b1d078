"""Cells as an xlsx file holds them, each content composed once a workbook: most cells say what others say.

XlsxWriter's own way takes three times as long a cell. What it alone can write (a link, text that looks like markup)
it goes on to write, beside these in the same row. It holds all rows until the workbook ends; here a row without
anything of its own is written at once, and let go. This rests on names that it does not promise to keep;
tests/tables/test_quick_cells.py holds that both ways give one sheet.
"""

import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from io import StringIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

Content = str
"""What follows a cell's place in the sheet's XML: ` s="3" t="s"><v>12</v></c>`."""

_FIRST_SURE_DAY = date(1900, 3, 1)
_DAY_ZERO = date(1899, 12, 30)
"""From the first sure day on; before, Excel counts a 29 February 1900."""
_name = lru_cache(maxsize=1024)(xl_col_to_name)
_IN_MEMORY = 4_000_000
"""Rows that take more bytes than these wait in a file that has no name, and is gone with the program."""
_AT_ONCE = 65_536
"""So many signs of rows are put out together."""


class QuickSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet that takes whole rows of contents."""

    dim_rowmax: int
    """XlsxWriter's: the last row that it writes."""

    def __init__(self) -> None:
        """Begin without rows."""
        super().__init__()
        self._first_ended: int | None = None
        self._ending = StringIO()
        """The last of the rows that are ended and not held, as the sheet's XML has them."""
        self.rows_out: IO[str] = SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="")  # noqa: SIM115
        """Those before them; whoever adds the sheet closes it when the workbook is written."""
        self._signs_out = 0
        self._held: list[tuple[int, int]] = []
        """Ended rows with cells that XlsxWriter itself writes, each with how many signs stand before it."""

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

    def end_row(self, row: int) -> None:
        """Tell that a row is whole, and below all that were ended before: most need not be held any longer."""
        self._first_ended = row if self._first_ended is None else self._first_ended
        first, *more = self.table[row].values()
        if more or not isinstance(first, str):
            self._held.append((row, self._signs_out + self._ending.tell()))
            return
        self.fh = self._ending
        self._write_ended(row)
        if self._ending.tell() > _AT_ONCE:
            self._put_out()

    def _put_out(self) -> None:
        self._signs_out += self.rows_out.write(self._ending.getvalue())
        self._ending.seek(0)
        self._ending.truncate()

    def _write_ended(self, row: int) -> None:
        """Write a row, and let it go."""
        cells = self.table[row]
        self._write_row(row, None, self.row_info[row])
        for column in sorted(cells):
            self._write_cell(row, column, cells[column])
        self._xml_end_tag("row")
        del self.table[row], self.row_info[row]

    def put_table(self, top: int, style: Mapping[str, Any]) -> None:
        """Add a table with its header in a row, over the first columns; `end_table` tells where it ends."""
        self.add_table(top, 0, top + 1, len(style["columns"]) - 1, style)

    def end_table(self, top: int, bottom: int, columns: int) -> None:
        """Have the sheet's table end in a row.

        XlsxWriter would look at each cell of it, to see that no other table has it: a sheet has one.
        """
        whole = xl_range(top, 0, bottom, columns - 1)
        self.tables[-1] |= {"range": whole, "a_range": whole, "autofilter": whole}

    def _write_rows(self) -> None:
        """Write the rows that were never ended, and below them the others in their order."""
        last, copied = self.dim_rowmax, 0
        self.dim_rowmax = last if self._first_ended is None else self._first_ended - 1
        super()._write_rows()
        self.dim_rowmax = last
        self._put_out()
        self.rows_out.seek(0)
        for row, before in self._held:
            self._copy(before - copied)
            self._write_ended(row)
            copied = before
        self._copy(self._signs_out - copied)

    def _copy(self, number: int) -> None:
        """Write so many signs of the rows that were put out."""
        for copied in range(0, number, _AT_ONCE):
            self.fh.write(self.rows_out.read(min(_AT_ONCE, number - copied)))

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
