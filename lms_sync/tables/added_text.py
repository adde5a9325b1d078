"""Text into a cell of a workbook that is there already, so that the spreadsheet keeps it as text."""

import re

from openpyxl.cell import Cell

from lms_sync.tables.text_cells import fit_text, is_risky

# Excel reads `_x000D_` in a text as a character code; its own escape for the underscore keeps the text as it is.
_CODE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def set_text(cell: Cell, text: str) -> None:
    """Write text as text: never a formula, whatever it starts with, also after someone edits the cell."""
    clean = fit_text(text)
    cell.value = _CODE_LIKE.sub("_x005F_", clean)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = is_risky(clean)
