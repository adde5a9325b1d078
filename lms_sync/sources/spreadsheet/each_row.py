"""The rows of a table one after the other: what is passed over, what a title says of those below, what is an item."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from lms_sync.model.evidence import Item, Refused, Skipped
from lms_sync.model.finding import Area
from lms_sync.sources.spreadsheet.items import RowReader, item_of, items_of, origin_of
from lms_sync.sources.spreadsheet.lines_between import LinesBetween
from lms_sync.sources.spreadsheet.lone_lines import TITLE
from lms_sync.sources.spreadsheet.misread import finding_of
from lms_sync.sources.spreadsheet.printed import begins, filled_cells
from lms_sync.sources.spreadsheet.second_header import PASSED_OVER, are_of_the_day, headings_below, second_header
from lms_sync.sources.spreadsheet.stated import titles_in
from lms_sync.tables.cells import Row, text
from lms_sync.text import fold, plain

T = TypeVar("T")


def read_items(reader: RowReader) -> Iterator[Item]:
    """Give the table's items in its order: a row each, or each filled cell of a matrix.

    A blank matrix cell is no item: it says nothing. A row that a skip rule passes over is one skipped item. So is a
    title between the rows, as of the next class on the sheet: it tells about the rows below it.

    Raises: ZoneMissing, AnotherHeader.
    """
    return read_each(reader, items_of)


def read_each(reader: RowReader, each: Callable[[Row, RowReader, str], Iterable[T]]) -> Iterator[Item | T]:
    """Give the same, with what is made of `each` row of which no other row says how it is to be taken.

    `each` is given the row, what reads it, and why it is passed over, where it is.
    """
    between, below = LinesBetween(reader.layout, reader.table, reader.courses), _below_header(reader)
    for row in reader.table.rows:
        refused = None
        reason, by_words = _reason_of_layout(row, reader)
        titles = {} if by_words else titles_in(reader.layout, row)
        if titles:  # before lines of the print, which have labels too
            reader = replace(reader, stated={**reader.stated, **titles})
            reason = TITLE
            between.title(titles)
        elif reason := (
            ("" if by_words else between.reason(row))
            or reason
            or _reason_of_print(row, reader)
            or between.reason_of_part(row)
        ):
            between.pass_over(row, known=by_words)
        else:
            refused = between.refusal(row, origin_of(row, reader), source=reader.form.source)
        if refused:
            yield item_of(row, reader, refused, origin=origin_of(row, reader))
        elif below is not None and row is reader.table.rows[0] and not reason:
            yield item_of(row, reader, below, origin=origin_of(row, reader), columns=reader.courses)
        else:
            yield from each(row, reader, reason)


def _below_header(reader: RowReader) -> Skipped | Refused | None:
    """Return what becomes of a matrix's first row where it goes on with the header; None for any other."""
    rows = reader.table.rows[:1] if reader.layout.matrix else ()
    words = headings_below(rows[0], reader.table, reader.courses, reader.form) if rows else ()
    if not words:
        return None
    if are_of_the_day(words):
        return Skipped(PASSED_OVER)
    place = str(origin_of(rows[0], reader))
    misread = second_header(words, reader.layout)
    return Refused(finding_of(misread, place, source=reader.form.source, area=Area.ROW))


def skip_reason(row: Row, reader: RowReader) -> str:
    """Return why a row is passed over, by the layout or as a line of the print; empty when it is not."""
    return _reason_of_layout(row, reader)[0] or _reason_of_print(row, reader)


def _reason_of_print(row: Row, reader: RowReader) -> str:
    """Return why a row is a line of the print; empty when it is none. Raises: AnotherHeader."""
    return reader.printed.reason(row) or reader.further.reason(row)


def _reason_of_layout(row: Row, reader: RowReader) -> tuple[str, bool]:
    """Return why the layout passes over a row, and whether by its first words; empty when it does not."""
    columns = reader.table.columns
    _, lead = next(filled_cells(row), (0, ""))
    if not lead:
        return "nothing in the row that may be kept", False
    for rule in reader.layout.skip:
        blank = all(role not in columns or not plain(text(row.cell(columns[role]))) for role in rule.blank)
        if blank and (not rule.first or any(begins(lead, fold(words)) for words in rule.first)):
            return rule.reason, bool(rule.first)
    return "", False
