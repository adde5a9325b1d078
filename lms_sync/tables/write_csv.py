"""Rows → csv text; no cell of it runs when a spreadsheet opens it."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

from lms_sync.tables.sheet_cells import Value
from lms_sync.tables.write import neutral


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """Return the headings and rows as csv, lines ended by CR LF; days are ISO 8601, None is an empty cell."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _cell(cell: Value) -> str:
    match cell:
        case None:
            return ""
        case date():
            return cell.isoformat()
        case _:
            return neutral(str(cell))
