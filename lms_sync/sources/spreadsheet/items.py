"""A row of a table → its items, each with its place and exactly one reading. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from lms_sync.model.evidence import Item, Reading, Refused, Skipped
from lms_sync.model.finding import Origin
from lms_sync.sources.spreadsheet.class_roll import expect_all_attended
from lms_sync.sources.spreadsheet.former_keys import former_keys
from lms_sync.sources.spreadsheet.further_header import FurtherHeaders
from lms_sync.sources.spreadsheet.header import Table, course_columns
from lms_sync.sources.spreadsheet.layout import IDENTIFYING, READABLE, Layout, Role, StatedRule
from lms_sync.sources.spreadsheet.printed import PrintedLines
from lms_sync.sources.spreadsheet.privacy import kept_columns
from lms_sync.sources.spreadsheet.record_form import Cells, RecordForm
from lms_sync.sources.spreadsheet.records import read_record
from lms_sync.sources.spreadsheet.remarks import Remarks
from lms_sync.sources.spreadsheet.stated import stated_in
from lms_sync.sources.spreadsheet.states import state_and_day, state_or_score
from lms_sync.sources.spreadsheet.tried import tried
from lms_sync.tables.cells import Rewritten, Row, Value, address, text
from lms_sync.text import plain

CELL_ROLES: tuple[Role, ...] = ("status", "completed_on", "score")
"""What a cell of a matrix may tell."""


@dataclass(frozen=True, slots=True)
class RowReader:
    """A table together with the form that it is read by."""

    table: Table
    form: RecordForm
    origin: Origin
    """Of the file; each item's own adds sheet and cell."""
    courses: tuple[int, ...]
    """The columns of a matrix that hold completions; none for a sheet of rows."""
    kept: frozenset[int]
    """The columns whose text is kept with each row."""
    identifying: frozenset[str]
    """The headings whose cells identify a person."""
    readable: frozenset[str]
    """The headings whose cells say nothing of who it was."""
    stated: Mapping[Role, str]
    """What the file's name or a title tells about every row."""
    printed: PrintedLines
    further: FurtherHeaders
    remarks: Remarks

    @property
    def layout(self) -> Layout:
        """Return the form's layout."""
        return self.form.layout


def reader_of(table: Table, form: RecordForm, origin: Origin) -> RowReader:
    """Return what reads a table of the file that `origin` names.

    Raises: Misread when the file's name or the title does not tell what the layout looks for there.
    """
    stated = stated_in(form.layout, origin.file, table.above)
    if form.layout.is_roll and "status" not in {*table.columns, *stated, *form.layout.constants}:
        expect_all_attended(table, form.layout)
    courses, printed = course_columns(table, form.layout), PrintedLines.of(table)
    return RowReader(
        table,
        form,
        origin,
        courses,
        kept_columns(table, form.layout),
        _headings(table, form, IDENTIFYING),
        _headings(table, form, READABLE - {"status"} if form.patterns or form.layout.is_roll else READABLE),
        stated,
        printed,
        FurtherHeaders.of(table, form.layout, courses, printed),
        Remarks.of(table, form.layout),
    )


def _headings(table: Table, form: RecordForm, roles: frozenset[Role]) -> frozenset[str]:
    """Return under which headings an item's text tells these roles; what a `*` is, or is signed, may be a name."""
    columns = (table.headings[column] for role, column in table.columns.items() if role in roles)
    return frozenset((*columns, *(_stated_heading(rule) for rule in form.layout.told if rule.role in roles)))


def items_of(row: Row, reader: RowReader, skipped: str) -> Iterator[Item]:
    """Give the items of one row; `skipped` is why it is passed over, where it is."""
    if skipped:
        yield item_of(row, reader, Skipped(skipped), origin=origin_of(row, reader))
    elif reader.layout.matrix is None:
        yield _row_item(row, reader)
    else:
        yield from (cell_item(row, column, reader) for column in filled_courses(row, reader))


def filled_courses(row: Row, reader: RowReader) -> Iterator[int]:
    """Give the columns of a matrix in which a row says something of a course: each of these cells is an item."""
    return (column for column in reader.courses if plain(text(row.cell(column))))


def columns_of_cell(column: int, reader: RowReader) -> tuple[int, ...]:
    """Return the columns that belong to a matrix cell: the one beside a word tells its day."""
    beside = reader.layout.matrix is not None and reader.layout.matrix.cells == "words"
    return (column, column + 1) if beside else (column,)


def _row_item(row: Row, reader: RowReader) -> Item:
    cells = _cells(row, reader, {}, reader.table.columns)

    def read() -> Reading:
        reader.remarks.expect_none(row)
        return read_record(cells, reader.form)

    reading = tried(read, cells.origin, row=row, source=reader.form.source)
    item = item_of(row, reader, reading, origin=cells.origin)
    former = former_keys(cells, reader.form)
    return replace(item, former=former) if former else item


def cell_item(row: Row, column: int, reader: RowReader) -> Item:
    """Return the item of one matrix cell."""
    place = origin_of(row, reader, address(row.number, column))
    read = partial(_cell_reading, row, column, reader, place)
    reading = tried(read, place, row=row, source=reader.form.source)
    item = item_of(row, reader, reading, columns=columns_of_cell(column, reader), origin=place)
    if isinstance(reading, Refused) or not any(
        isinstance(row.cell(c), Rewritten) for c in reader.table.columns.values()
    ):
        return item
    return replace(item, former=former_keys(_matrix_cells(row, column, reader, place), reader.form))


def _cell_reading(row: Row, column: int, reader: RowReader, place: Origin) -> Reading:
    return read_record(_matrix_cells(row, column, reader, place), reader.form)


def _matrix_cells(row: Row, column: int, reader: RowReader, place: Origin) -> Cells:
    says = _cell_values(row, column, reader)
    here = {**reader.table.columns, **dict.fromkeys(CELL_ROLES, column)}
    if reader.layout.matrix and reader.layout.matrix.cells == "words":
        here["completed_on"] = column + 1
    return replace(_cells(row, reader, {**_course_of(column, reader), **says}, here), origin=place)


def _course_of(column: int, reader: RowReader) -> dict[Role, Value]:
    """Return what a matrix column's heading tells: a course, or a unit of the course that is known already."""
    heading, matrix = reader.table.headings[column], reader.layout.matrix
    course = reader.stated.get("course", matrix.as_units_of if matrix else "")
    if course:
        return {"course": course, "unit": heading, "unit_title": heading}
    return {"course": heading, "course_title": heading}


def _cell_values(row: Row, column: int, reader: RowReader) -> dict[Role, Value]:
    """Return what a matrix cell tells, by the kind of cells that the layout states."""
    value, matrix = row.cell(column), reader.layout.matrix
    match matrix.cells if matrix else "days":
        case "scores":
            return state_or_score(value, reader.form, column=column)
        case "words":
            return {"status": value, "completed_on": row.cell(column + 1)}
        case _:
            return state_and_day(value, reader.form, column=column, heading=reader.table.headings[column])


def _cells(row: Row, reader: RowReader, more: Mapping[Role, Value], columns: Mapping[Role, int]) -> Cells:
    cells, width = row.cells, len(row.cells)
    values: dict[Role, Value] = {**reader.layout.constants, **reader.stated}
    for role, column in reader.table.columns.items():
        values[role] = cells[column] if column < width else None
    values.update(more)
    return Cells(values, columns, origin_of(row, reader), reader.table.headings)


def origin_of(row: Row, reader: RowReader, cell: str = "") -> Origin:
    """Return where a row stands, or a cell of it."""
    file = reader.origin
    return Origin(file.file, file.sha256, reader.table.sheet, cell or address(row.number, 0), file.url, file.item)


def stated_text(reader: RowReader) -> tuple[tuple[str, str], ...]:
    """Return what stands in the text of every item because the file's name or a title tells it."""
    stated = reader.stated
    return tuple((_stated_heading(rule), stated[rule.role]) for rule in reader.layout.told if rule.role in stated)


def _stated_heading(rule: StatedRule) -> str:
    return f"{rule.role} ({rule.where})"


def item_of(row: Row, reader: RowReader, reading: Reading, *, origin: Origin, columns: tuple[int, ...] = ()) -> Item:
    """Return the item with the text that is kept of it: of the columns that the layout names, and of `columns`."""
    headings = reader.table.headings
    kept = [
        (headings[column], value if isinstance(value, str) else text(value))
        for column, value in enumerate(row.cells)
        if value is not None and (column in reader.kept or column in columns)
    ]
    kept += stated_text(reader)
    names = tuple([heading for heading, _ in kept])
    readable = reader.readable
    if not isinstance(reading, Refused):  # what a matrix says in a cell that can be read is a day, a score or a state
        readable |= {headings[column] for column in columns if column < len(headings)}
    identifying, readable = headings_among(reader.identifying, names), headings_among(readable, names)
    return Item(origin, tuple(kept), reading, identifying, readable)


@lru_cache(maxsize=4_096)
def headings_among(headings: frozenset[str], names: tuple[str, ...]) -> frozenset[str]:
    """Return the headings that stand in a text; one set for all rows that have the same columns filled."""
    return headings.intersection(names)
