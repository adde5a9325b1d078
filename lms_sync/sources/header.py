"""Where a sheet's table begins: its header, and which column plays which role."""

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms_sync.sources.layout import Layout, Role
from lms_sync.sources.misread import Misread
from lms_sync.tables.cells import Row, Sheet, column_letters, text
from lms_sync.tables.fields import did_you_mean, fold, plain


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
    raise _no_header(chosen, layout)


def unread_tables(sheets: Sequence[Sheet], layout: Layout, read: Sequence[Table]) -> tuple[str, ...]:
    """Return the names of further visible sheets that have the layout's header and are not read."""
    names = {table.sheet for table in read}
    others = [sheet for sheet in sheets if not sheet.hidden and sheet.name not in names]
    return tuple(sheet.name for sheet in others if _find_header(sheet, layout) is not None)


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


def _find_header(sheet: Sheet, layout: Layout) -> Row | None:
    aliases = _aliases(layout)
    required = layout.columns.keys() - set(layout.optional)
    for row in sheet.rows:
        if row.number > layout.sheet.header_within:
            return None
        if required <= {aliases.get(fold(text(cell))) for cell in row.cells}:
            return row
    return None


def _header(sheet: Sheet, layout: Layout) -> Row:
    header = _find_header(sheet, layout)
    if header is None:
        raise _no_header([sheet], layout)
    return header


def _no_header(sheets: Sequence[Sheet], layout: Layout) -> Misread:
    """Say what is missing in the row that comes nearest to the header."""
    aliases = _aliases(layout)
    required = layout.columns.keys() - set(layout.optional)
    rows = [row for sheet in sheets for row in sheet.rows if row.number <= layout.sheet.header_within]
    found = [{aliases.get(fold(text(cell))) for cell in row.cells} for row in rows]
    nearest = max(range(len(rows)), key=lambda i: len(required & found[i]), default=None)
    if nearest is None or not required & found[nearest]:
        where, missing = f"none of the first {layout.sheet.header_within} rows is a header", required
        there: tuple[str, ...] = ()
    else:
        missing = required - found[nearest]
        there = tuple(text(cell) for cell in rows[nearest].cells if cell is not None)
        where = f"row {rows[nearest].number} lacks {len(missing)} of {len(required)} headings"
    wanted = [layout.columns[role][0] for role in layout.columns if role in missing]
    return Misread(
        "header-missing",
        where,
        expected="a row with the headings " + ", ".join(wanted),
        remedy=did_you_mean(wanted[0], there)
        + f"Correct the sheet, or add its headings to the layout {layout.name}.",
    )


def _table(sheet: Sheet, layout: Layout, header: Row) -> Table:
    below = tuple(row for row in sheet.rows if row.number > header.number)
    width = max((len(row.cells) for row in (header, *below)), default=0)
    headings = tuple(plain(text(header.cell(i))) or unnamed(i) for i in range(width))
    return Table(sheet.name, headings, _columns(headings, layout), below)


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
