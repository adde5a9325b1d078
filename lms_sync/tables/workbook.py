"""One file's bytes → its book, in the process that asks; what comes from outside goes through `guard.py`."""

import io
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
)
from python_calamine import SheetVisibleEnum as Visible

from lms_sync.model.quickly_made import maker
from lms_sync.tables.cells import Block, Book, ErrorValue, Rewritten, Row, Sheet, Value, text, text_cell
from lms_sync.tables.crossed_out import crossed_out
from lms_sync.tables.delimited import read_delimited
from lms_sync.tables.kinds import Kind, beyond_us, encrypted
from lms_sync.tables.prescan import prescan
from lms_sync.tables.signs import Scan, SheetSigns, check_merged
from lms_sync.tables.values_by_text import ValuesByText
from lms_sync.text import escaped_name

AT_ONCE = 2_000
"""Rows that are read at once."""
AS_THEY_ARE = frozenset((int, float, bool, date, datetime, time))
"""Types of values that are taken as the reader gives them."""
_row = maker(Row)
RawValue = str | int | float | bool | date | datetime | time | timedelta
"""What the reader gives for a cell; an empty string for a blank one."""


def text_book(data: bytes, *, encoding: str, separator: str) -> Book:
    """Return a csv file as a book of one sheet without a name. Raises: Unreadable."""
    rows, guessed = read_delimited(data, encoding=encoding, separator=separator)
    return Book((Sheet("", hidden=False, rows=rows),), guessed=guessed)


def workbook_of(data: bytes, kind: Kind) -> Book:
    """Return the workbook of a kind that is no text. Raises: Unreadable."""
    scan = prescan(data, kind)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(scan.data or data)) as book:
            sheets = tuple(_sheets(book, scan, named=kind is not Kind.XLS))
    except PasswordError as error:
        raise encrypted() from error
    except (CalamineError, OSError) as error:  # an OSError is the reader's word for bytes that are not there
        raise beyond_us(str(error)) from error
    return Book(sheets, frozenset(scan.signs))


def _sheets(book: CalamineWorkbook, scan: Scan, *, named: bool) -> Iterator[Sheet]:
    """Give the sheets of cells. Raises: Unreadable when the reader sees others than the scan."""
    found = book.sheets_metadata
    for number, meta in enumerate(found):
        name, signs = scan.sheets[number] if number < len(scan.sheets) else ("", SheetSigns())
        # The names of old workbooks may be read in two ways; their places can't.
        if len(found) != len(scan.sheets) or (named and name != meta.name):
            raise beyond_us(f"the sheet {escaped_name(meta.name)} is not where the workbook says that it is")
        if meta.typ is SheetTypeEnum.WorkSheet:
            hidden = meta.visible is not Visible.Visible
            yield _sheet(book.get_sheet_by_index(number), signs, hidden=hidden, from_1904=scan.from_1904)


def _sheet(sheet: CalamineSheet, signs: SheetSigns, *, hidden: bool, from_1904: bool) -> Sheet:
    rows = _rows(sheet, signs)
    check_merged(signs.merged, rows[-1].number if rows else 0)
    rows, covered = _as_seen(rows, signs.merged)
    return Sheet(
        escaped_name(sheet.name),
        hidden=hidden,
        rows=rows,
        merged=tuple(signs.merged),
        covered=covered,
        hidden_rows=tuple(row.number for row in rows if row.number in signs.hidden_rows),
        pictures=tuple(signs.pictures),
        from_1904=from_1904,
        crossed_out=crossed_out(signs.displays),
    )


def _as_seen(rows: tuple[Row, ...], merged: list[Block]) -> tuple[tuple[Row, ...], tuple[tuple[int, int], ...]]:
    """Return the rows without what lies below merged cells, and (row, column) of what was left out."""
    place = {row.number: index for index, row in enumerate(rows)} if merged else {}
    changed: dict[int, list[Value]] = {}
    covered = []
    for block in merged:
        for number in _numbers(block, rows):
            row = rows[place[number]]
            for column in range(block.left, min(block.right + 1, len(row.cells))):
                if (number, column) != (block.top, block.left) and row.cells[column] is not None:
                    changed.setdefault(place[number], list(row.cells))[column] = None
                    covered.append((number, column))
    seen = (Row(row.number, tuple(changed.get(index, row.cells))) for index, row in enumerate(rows))
    return (tuple(row for row in seen if _holds_something(row.cells)) if changed else rows), tuple(sorted(covered))


def _numbers(block: Block, rows: tuple[Row, ...]) -> Iterator[int]:
    """Give the numbers of the rows that a block covers, as far as they hold something."""
    first = bisect_left(rows, block.top, key=lambda row: row.number)
    for row in rows[first:]:
        if row.number > block.bottom:
            return
        yield row.number


def _rows(sheet: CalamineSheet, signs: SheetSigns) -> tuple[Row, ...]:
    failed: dict[int, dict[int, ErrorValue]] = {}
    for (number, column), error in signs.errors.items():
        failed.setdefault(number, {})[column] = error
    rows: list[Row] = []
    first, texts = 1, ValuesByText()
    for group in _groups(sheet, max(failed, default=0)):
        numbered: Iterable[tuple[int, tuple[Value, ...]]] = enumerate(_cells(group, first, signs, texts), first)
        if failed:
            numbered = [(n, _with_errors(cells, failed[n]) if n in failed else cells) for n, cells in numbered]
        rows.extend([_row(number, cells) for number, cells in numbered if _holds_something(cells)])
        first += len(group)
    return tuple(rows)


def _cells(
    group: Sequence[Sequence[RawValue]], first: int, signs: SheetSigns, texts: ValuesByText
) -> Iterable[tuple[Value, ...]]:
    """Return the cells of some rows as they are shown; `first` is the number of the first of them."""
    rows = (
        [_as_shown(values, signs, number) for number, values in enumerate(group, first)] if signs.displays else group
    )
    columns = [_column(column, texts) for column in zip(*rows, strict=True)]
    return zip(*columns, strict=True) if columns else [()] * len(group)


def _column(column: tuple[Any, ...], texts: ValuesByText) -> tuple[Value, ...]:
    """Return the cells of a column, as it is shown."""
    kinds = set(map(type, column))
    if kinds == {str}:
        return texts.of([column])[0]
    if kinds <= AS_THEY_ARE:
        return column
    words = iter(texts.of([[value for value in column if type(value) is str]])[0])
    return tuple([next(words) if type(value) is str else _value(value) for value in column])


def _holds_something(cells: tuple[Value, ...]) -> bool:
    """Tell whether anybody would see something in a row."""
    first = cells[0] if cells else None
    if type(first) is str and not first.isspace():
        return True
    return any(cell is not None and not (isinstance(cell, str) and cell.isspace()) for cell in cells)


def _groups(sheet: CalamineSheet, last_row: int) -> Iterator[Sequence[Sequence[RawValue]]]:
    """Give the cells of every row from row 1 to the sheet's end, and at least to `last_row`, many rows at once.

    The rows of a group have one width.
    """
    height = 0
    if sheet.start is not None:
        # The reader keeps blank rows above the first cell, and drops blank columns left of it.
        margin = ("",) * sheet.start[1]
        rows = sheet.iter_rows()
        while group := list(islice(rows, AT_ONCE)):
            height += len(group)
            yield [(*margin, *values) for values in group] if margin else group
    yield [()] * (last_row - height)


def _as_shown(values: Sequence[RawValue], signs: SheetSigns, number: int) -> Sequence[Any]:
    if number not in signs.displays:
        return values
    cells: list[Any] = list(values)
    for column, display in signs.displays[number]:
        if column < len(cells) and cells[column] != "":
            says = display.displayed(cells[column])
            cells[column] = cells[column] if says is cells[column] else _in_words(says, cells[column])
    return cells


def _in_words(words: Value, value: RawValue) -> Value:
    """Return what the sheet shows; together with the value itself, of which the reader once made another text."""
    former = _value(value)
    return Rewritten(words, former) if isinstance(words, str) and words != text(former) else words


def _value(value: RawValue) -> Value:
    if isinstance(value, str):
        cell = text_cell(value) if value else None
        return Rewritten(cell, value.former) if isinstance(value, Rewritten) and isinstance(cell, str) else cell
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return value


def _with_errors(cells: tuple[Value, ...], failed: Mapping[int, ErrorValue]) -> tuple[Value, ...]:
    width = max(len(cells), max(failed) + 1)
    padded = (*cells, *(None,) * (width - len(cells)))
    return tuple(failed.get(i, cell) for i, cell in enumerate(padded))
