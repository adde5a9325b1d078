"""Days that a spreadsheet program took for others: up to the 12th of a month it made dates of them."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.misread import Misread, quoted
from lms_sync.tables.cells import Value, address

IN_DIGITS = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})\b.*", re.DOTALL)
MONTHS = 12
DATES, TEXTS = 4, 3
"""So many different days there must be as dates, and as text: fewer may lie so by chance."""


def expect_days_alike(table: Table, layout: Layout, courses: Sequence[int]) -> None:
    """Expect no table whose days are dates up to the 12th of a month, and text from the 13th on.

    So they are where a program that writes the day first has opened a text that writes the month first, or the other
    way round: what may be a day so too it has made a date, of another day. `courses` are the columns of a matrix that
    hold completions. Raises: Misread.
    """
    columns = courses if layout.matrix else [n for role, n in table.columns.items() if role == "completed_on"]
    types = {type(row.cells[column]) for column in columns for row in table.rows if column < len(row.cells)}
    if not any(issubclass(kind, date) for kind in types):  # as in every csv file, of a million rows too
        return
    dates, texts = set[date](), set[str]()
    example: tuple[int, int, Value] | None = None
    for row in table.rows:
        for column in columns:
            cell = row.cell(column)
            if isinstance(cell, date):
                dates.add(cell.date() if isinstance(cell, datetime) else cell)
                if cell.day > MONTHS:
                    return
            elif isinstance(cell, str) and (found := IN_DIGITS.fullmatch(cell)):
                if int(found[1]) <= MONTHS and int(found[2]) <= MONTHS:
                    return
                texts.add(cell)
                example = example or (row.number, column, cell)
    if len(dates) < DATES or len(texts) < TEXTS or example is None:
        return
    number, column, cell = example
    place = address(number, column)
    raise Misread(
        "days-half-converted",
        f"all days up to the {MONTHS}th of a month are dates, all later ones are text ({quoted(cell)} in {place})",
        expected="days that are all written alike",
        remedy="A program that writes day and month in the other order opened the export, and took its days for"
        " others. Put the export there as it came, without opening and saving it.",
    )
