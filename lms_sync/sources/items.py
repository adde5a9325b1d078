"""A table → its items, each with its place and exactly one reading. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lms_sync.model import Area, Finding, Item, Origin, Reading, Refused, Skipped
from lms_sync.sources.header import Table
from lms_sync.sources.layout import IDENTIFYING, Layout, Role
from lms_sync.sources.misread import Misread
from lms_sync.sources.privacy import identifies, mask
from lms_sync.sources.records import Cells, Form, read_record
from lms_sync.tables.cells import Row, Value, address, text
from lms_sync.tables.fields import fold, plain


@dataclass(frozen=True, slots=True)
class Reader:
    """A table together with the form that it is read by."""

    table: Table
    form: Form
    origin: Origin
    """Of the file; each item's own adds sheet and cell."""
    courses: tuple[int, ...]
    """The columns of a matrix that hold completions; none for a sheet of rows."""
    identifying: frozenset[str]
    """The headings whose cells identify a person."""

    @property
    def layout(self) -> Layout:
        """Return the form's layout."""
        return self.form.layout


def reader_of(table: Table, form: Form, origin: Origin) -> Reader:
    """Return what reads a table of the file that `origin` names."""
    roles = {column: role for role, column in table.columns.items()}
    identifying = frozenset(
        heading
        for column, heading in enumerate(table.headings)
        if (roles[column] in IDENTIFYING if column in roles else identifies(heading))
    )
    return Reader(table, form, origin, course_columns(table, form.layout), identifying)


def course_columns(table: Table, layout: Layout) -> tuple[int, ...]:
    """Return the columns of a matrix that hold completions: those with a heading, no role, and not ignored."""
    if layout.matrix is None:
        return ()
    taken, ignored = set(table.columns.values()), {fold(heading) for heading in layout.matrix.ignore}
    return tuple(
        column
        for column, heading in enumerate(table.headings)
        if column not in taken and fold(heading) not in ignored and not table.is_unnamed(column)
    )


def read_items(reader: Reader) -> Iterator[Item]:
    """Give the table's items in its order: a row each, or each filled cell of a matrix.

    A blank matrix cell is no item: it says nothing. A row that a skip rule passes over is one skipped item.

    Raises: ZoneMissing when the file tells times of day and its zone is not stated.
    """
    for row in reader.table.rows:
        reason = _skip_reason(row, reader)
        if reason:
            yield _item(row, reader, Skipped(reason))
        elif reader.layout.matrix is None:
            yield _row_item(row, reader)
        else:
            yield from (_cell_item(row, column, reader) for column in reader.courses if plain(text(row.cell(column))))


def _skip_reason(row: Row, reader: Reader) -> str:
    """Return why the layout passes over the row; an empty string when it does not."""
    columns = reader.table.columns
    lead = next((fold(text(cell)) for cell in row.cells if plain(text(cell))), "")
    if not lead:
        return "nothing in the row that may be kept"
    for rule in reader.layout.skip:
        blank = all(role not in columns or not plain(text(row.cell(columns[role]))) for role in rule.blank)
        if blank and (not rule.first or any(_begins(lead, fold(words)) for words in rule.first)):
            return rule.reason
    return ""


def _begins(lead: str, words: str) -> bool:
    """Tell whether a cell begins with whole words: `total: 40` with `total`, but not `totally`."""
    return lead.startswith(words) and not lead[len(words) : len(words) + 1].isalnum()


def _row_item(row: Row, reader: Reader) -> Item:
    return _item(row, reader, _reading(_cells(row, reader, {}, reader.table.columns), row, reader))


def _cell_item(row: Row, column: int, reader: Reader) -> Item:
    """Return the item of one matrix cell: a date, a status word, or a word and a date (`x 09/03/2025`)."""
    heading, value = reader.table.headings[column], row.cell(column)
    matrix = reader.layout.matrix
    course: dict[Role, Value] = {"course": heading, "course_title": heading}
    if matrix and matrix.as_units_of:
        course = {"course": matrix.as_units_of, "unit": heading, "unit_title": heading}
    here = {**reader.table.columns, "status": column, "completed_on": column}
    cells = _cells(row, reader, {**course, **_state_and_day(value, reader.form)}, here)
    cells = replace(cells, origin=replace(cells.origin, cell=address(row.number, column)))
    others = frozenset(reader.courses) - {column}
    return _item(row, reader, _reading(cells, row, reader), cell=cells.origin.cell, without=others)


def _state_and_day(value: Value, form: Form) -> dict[Role, Value]:
    """Return what a matrix cell tells: a known word is the status, what follows a word for done is the day."""
    if not isinstance(value, str):
        return {"completed_on": value}
    words = plain(value)
    if fold(words) in form.states:
        return {"status": words}
    first, _, rest = words.partition(" ")
    if rest and fold(first) in form.states:
        return {"status": first, "completed_on": rest}
    return {"completed_on": words}


def _cells(row: Row, reader: Reader, more: Mapping[Role, Value], columns: Mapping[Role, int]) -> Cells:
    values: dict[Role, Value] = dict(reader.layout.constants)
    values |= {role: row.cell(column) for role, column in reader.table.columns.items()}
    return Cells({**values, **more}, columns, _origin(row, reader))


def _origin(row: Row, reader: Reader) -> Origin:
    return replace(reader.origin, sheet=reader.table.sheet, cell=address(row.number, 0))


def _reading(cells: Cells, row: Row, reader: Reader) -> Reading:
    try:
        return read_record(cells, reader.form)
    except Misread as misread:
        place = cells.origin
        if misread.column is not None:
            place = replace(place, cell=address(row.number, misread.column))
        return Refused(finding_of(misread, str(place), source=reader.form.source, area=Area.ROW))


def finding_of(misread: Misread, where: str, *, source: str, area: Area) -> Finding:
    """Return a Misread as the finding that a person reads."""
    return Finding(area, misread.code, where, mask(misread.found), misread.expected, misread.remedy, source=source)


def _item(
    row: Row, reader: Reader, reading: Reading, *, cell: str = "", without: frozenset[int] = frozenset()
) -> Item:
    headings = reader.table.headings
    kept = [
        (headings[column], text(value))
        for column, value in enumerate(row.cells)
        if value is not None and column not in without
    ]
    origin = replace(_origin(row, reader), cell=cell or address(row.number, 0))
    return Item(origin, tuple(kept), reading, reader.identifying & {heading for heading, _ in kept})
