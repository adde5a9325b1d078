"""Where a sheet's table begins: its header, and which column plays which role."""

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lms_sync.sources.spreadsheet.layout import Layout, Role
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.tables.cells import CROSSED_OUT, CROSSED_OUT_LABEL, Row, Sheet, Value, column_letters, text
from lms_sync.text import did_you_mean, fold, plain

LABEL = re.compile(r"([^\W\d_][^:=]*):\s*(.*)")
"""How a cell begins that says what stands beside or behind it: no name has a colon, and no time of day a letter."""
_SEPARATOR = re.compile(r"[,;|]")
WIDEST = 16_383
"""The last column that a spreadsheet has, 0-based."""


@dataclass(frozen=True, slots=True)
class Table:
    """The part of a sheet that a layout reads."""

    sheet: str
    headings: tuple[str, ...]
    """By 0-based column, blanks collapsed; a column without a heading is called `column C`."""
    columns: Mapping[Role, int]
    """Role → 0-based column."""
    rows: tuple[Row, ...]
    """The rows below the header that hold something."""
    above: tuple[Row, ...] = ()
    """The rows above the header: titles, the report's query."""
    header_rows: int = 1
    """How many rows the header has."""
    from_1904: bool = False
    """True when numbers that stand for days are counted from 1904."""

    def is_unnamed(self, column: int) -> bool:
        """Tell whether a 0-based column has no heading of its own."""
        return self.headings[column] == unnamed(column)


def unnamed(column: int) -> str:
    """Return how a column without a heading is called."""
    return f"column {column_letters(column)}"


def find_tables(sheets: Sequence[Sheet], layout: Layout) -> tuple[Table, ...]:
    """Return the tables of the sheets that the layout chooses, at least one.

    Raises: Misread when no sheet fits, a chosen one has no header, or a role's heading stands there twice.
    """
    chosen = _chosen(sheets, layout)
    if layout.sheet.name or layout.sheet.pattern:
        return tuple(_table(sheet, layout, _header(sheet, layout)) for sheet in chosen)
    for sheet in chosen:
        header = _find_header(sheet, layout)
        if header is not None:
            return (_table(sheet, layout, header),)
    raise _no_header(chosen, layout, hidden=[sheet for sheet in sheets if sheet.hidden])


def unread_tables(sheets: Sequence[Sheet], layout: Layout, read: Sequence[Table]) -> tuple[Sheet, ...]:
    """Return further sheets, hidden ones too, that have the layout's header and are not read."""
    names = {table.sheet for table in read}
    others = [sheet for sheet in sheets if sheet.name not in names]
    return tuple(sheet for sheet in others if _find_header(sheet, layout) is not None)


def _chosen(sheets: Sequence[Sheet], layout: Layout) -> list[Sheet]:
    choice = layout.sheet
    if choice.name:
        chosen = [sheet for sheet in sheets if fold(sheet.name) == fold(choice.name)]
    elif choice.pattern:
        fits = fold(choice.pattern)
        chosen = [sheet for sheet in sheets if not sheet.hidden and fnmatch.fnmatchcase(fold(sheet.name), fits)]
    else:
        chosen = [sheet for sheet in sheets if not sheet.hidden]
    if chosen:
        return chosen
    names = ", ".join(f'"{sheet.name}"' for sheet in sheets) or "no sheet"
    raise Misread(
        "sheet-missing",
        f"the file has {names}",
        expected=f'a sheet "{choice.name or choice.pattern}"' if choice.name or choice.pattern else "a visible sheet",
        remedy=f"Correct `sheet` in the layout {layout.name}, or the name of the sheet.",
    )


def _aliases(layout: Layout) -> dict[str, Role]:
    return {fold(heading): role for role, headings in layout.columns.items() for heading in headings}


@dataclass(frozen=True, slots=True)
class Header:
    """The row, or rows, that may name the columns of a sheet."""

    first: int
    """Number of the first of its rows."""
    last: int
    headings: tuple[str, ...]
    """By 0-based column, blanks collapsed; empty for a column without a heading."""


def _candidates(sheet: Sheet, layout: Layout) -> Iterator[Header]:
    """Give every header that may begin in the first rows."""
    height = layout.sheet.header_rows
    rows = {row.number: row for row in sheet.rows[: layout.sheet.header_within + height]}
    for first in rows:
        if first > layout.sheet.header_within:
            return
        last = first + height - 1
        cells = [spread(rows[number], sheet) for number in range(first, last + 1) if number in rows]
        width = max(map(len, cells))
        lines = [[*line, *[""] * (width - len(line))] for line in cells]
        yield Header(first, last, tuple(plain(" ".join(column)) for column in zip(*lines, strict=True)))


def spread(row: Row, sheet: Sheet) -> list[str]:
    """Return the texts of a header's row; a cell merged over several columns stands in each of them."""
    words = [text(cell) for cell in row.cells]
    for block in sheet.merged:
        if block.top == row.number and block.left < len(words):
            last = min(block.right, WIDEST)
            words += [""] * (last + 1 - len(words))
            words[block.left : last + 1] = [words[block.left]] * (last + 1 - block.left)
    return words


def _roles(header: Header, layout: Layout) -> set[Role | None]:
    aliases = _aliases(layout)
    return {aliases.get(fold(heading)) for heading in header.headings}


def _required(layout: Layout) -> set[Role]:
    return layout.columns.keys() - set(layout.optional)


def _find_header(sheet: Sheet, layout: Layout) -> Header | None:
    """Return the first header that fits; of several rows not so high that a title is its first one.

    A title above it may stand in a column without a role.
    """
    required, found = _required(layout), None
    for header in _candidates(sheet, layout):
        if required <= _roles(header, layout):
            if found and not _goes_on(sheet, layout, header):
                break
            found = header
        elif found:
            break
    return found


def _goes_on(sheet: Sheet, layout: Layout, lower: Header) -> bool:
    """Tell whether the last row of a header that fits too, one row lower, holds headings and no entries."""
    row = next((row for row in sheet.rows if row.number == lower.last), None)
    cells = [cell for cell in row.cells if plain(text(cell))] if row and lower.last > lower.first else []
    words = [cell for cell in cells if isinstance(cell, str) and any(map(str.isalpha, cell))]
    begins_anew = not _aliases(layout).keys().isdisjoint(map(fold, words))
    return len(cells) > 1 and len(words) == len(cells) and not begins_anew


def _header(sheet: Sheet, layout: Layout) -> Header:
    header = _find_header(sheet, layout)
    if header is None:
        raise _no_header([sheet], layout)
    return header


def _no_header(sheets: Sequence[Sheet], layout: Layout, *, hidden: Sequence[Sheet] = ()) -> Misread:
    """Say what is missing in the row that comes nearest to the header; `hidden` are sheets that nobody sees."""
    required = _required(layout)
    found = [(header, _roles(header, layout)) for sheet in sheets for header in _candidates(sheet, layout)]
    nearest, roles = max(found, key=lambda pair: len(required & pair[1]), default=(None, set()))
    if nearest is None or not required & roles:
        where, missing = f"none of the first {layout.sheet.header_within} rows is a header", required
        there: tuple[str, ...] = ()
    else:
        missing = required - roles
        aliases = _aliases(layout)
        there = tuple(heading for heading in nearest.headings if heading and fold(heading) not in aliases)
        where = f"row {nearest.last} lacks {len(missing)} of {len(required)} headings"
    wanted = [layout.columns[role][0] for role in layout.columns if role in missing]
    return Misread(
        "header-missing",
        where,
        expected="a row with the headings " + ", ".join(wanted),
        remedy=did_you_mean(wanted[0], there)
        + _where_else(sheets, layout, hidden)
        + f"Correct the sheet, or add its headings to the layout {layout.name}.",
    )


def _where_else(sheets: Sequence[Sheet], layout: Layout, hidden: Sequence[Sheet]) -> str:
    """Return where the headings stand instead: in a sheet that is hidden, or all in one cell."""
    for sheet in hidden:
        if _find_header(sheet, layout):
            return f'The hidden sheet "{sheet.name}" has them: if it counts, show it, or name it in the layout. '
    aliases = _aliases(layout).keys()
    for sheet in sheets:
        for row in sheet.rows[: layout.sheet.header_within]:
            cells = [words for cell in row.cells if (words := plain(text(cell)))]
            parts = {fold(part.strip(' "')) for part in _SEPARATOR.split(cells[0])} if len(cells) == 1 else set()
            if len(parts & aliases) > 1:
                return (
                    "Row by row all stands in one cell: a program took another sign for the one between the columns,"
                    " and saved the file so. Export it again, and put it there without opening it. "
                )
    return ""


def _table(sheet: Sheet, layout: Layout, header: Header) -> Table:
    below = carried_down(sheet, header.last)
    width = max((len(header.headings), *(len(row.cells) for row in below)))
    named = (*header.headings, *("",) * (width - len(header.headings)))
    headings = tuple(heading or unnamed(column) for column, heading in enumerate(named))
    titles = (row for row in sheet.rows if row.number < header.first)
    above = tuple(_without(row, sheet.crossed_out.get(row.number, ())) for row in titles)
    height = header.last - header.first + 1
    return Table(sheet.name, headings, _columns(headings, layout), below, above, height, sheet.from_1904)


def carried_down(sheet: Sheet, after: int) -> tuple[Row, ...]:
    """Return the rows below row `after`; a value merged over several rows stands in each of those that hold anything.

    Over several columns it is not carried: a remark across a row is no date in each of its columns. What is crossed
    out can't be taken for a value.
    """
    rows = [row for row in sheet.rows if row.number > after]
    if sheet.crossed_out:
        rows = [_without(row, sheet.crossed_out.get(row.number, ())) for row in rows]
    place = {row.number: index for index, row in enumerate(rows)}
    for block in sheet.merged:
        if block.top == block.bottom or block.top not in place:
            continue
        first = place[block.top]
        value = rows[first].cell(block.left)
        for index in range(first + 1, len(rows)):
            if rows[index].number > block.bottom:
                break
            rows[index] = _with(rows[index], block.left, value)
    return tuple(rows)


def _without(row: Row, columns: Sequence[int]) -> Row:
    """Return a row in which nothing of these columns can be taken for a value."""
    cells = [
        _crossed_out(value) if column in columns and value is not None else value
        for column, value in enumerate(row.cells)
    ]
    return Row(row.number, tuple(cells)) if columns else row


def _crossed_out(value: Value) -> Value:
    return CROSSED_OUT_LABEL if isinstance(value, str) and LABEL.fullmatch(plain(value)) else CROSSED_OUT


def _with(row: Row, column: int, value: Value) -> Row:
    cells = [*row.cells, *[None] * (column + 1 - len(row.cells))]
    if cells[column] is None:
        cells[column] = value
    return Row(row.number, tuple(cells))


def _columns(headings: Sequence[str], layout: Layout) -> dict[Role, int]:
    aliases = _aliases(layout)
    columns: dict[Role, int] = {}
    for column, heading in enumerate(headings):
        role = aliases.get(fold(heading))
        if role is None:
            continue
        if role in columns:
            raise Misread(
                "heading-twice",
                f"both columns {column_letters(columns[role])} and {column_letters(column)} tell {role}",
                expected="one column for it",
                remedy=f"Rename or delete one, or correct the headings of {role} in the layout {layout.name}.",
            )
        columns[role] = column
    return columns


def course_columns(table: Table, layout: Layout) -> tuple[int, ...]:
    """Return the columns of a matrix that hold completions: those that fit, have no role, and are not ignored."""
    if layout.matrix is None:
        return ()
    taken, ignored = set(table.columns.values()), {fold(heading) for heading in layout.matrix.ignore}
    fits = re.compile(layout.matrix.fits)
    return tuple(
        column
        for column, heading in enumerate(table.headings)
        if column not in taken
        and fold(heading) not in ignored
        and not table.is_unnamed(column)
        and fits.search(heading)
    )
