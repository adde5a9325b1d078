"""A row of headings below the header that the layout knows: one thing to look at, not one a cell. Pure."""

from collections.abc import Sequence

from lms_sync.sources.spreadsheet.header import Table, course_columns
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.misread import Misread, quoted
from lms_sync.sources.spreadsheet.record_form import RecordForm
from lms_sync.tables.cells import Row, text
from lms_sync.text import fold, plain

OF_THE_DAY = frozenset(
    ("date", "dates", "day", "completed", "completed on", "date completed", "completion date", "date of completion")
)
"""What may stand below each course and tells no more than what its cells hold."""
PASSED_OVER = "a second row of the header, which says that its columns hold days"


def headings_below(row: Row, table: Table, courses: Sequence[int], form: RecordForm) -> tuple[str, ...]:
    """Return what a matrix's first row says below the courses where it goes on with the header; else nothing.

    Such a row names nobody, and below two courses at least there are words: no day, no state, no number.
    """
    if any(plain(text(row.cell(column))) for column in table.columns.values()):
        return ()
    cells = [row.cell(column) for column in courses]
    words = [plain(text(cell)) for cell in cells if plain(text(cell))]
    sound = all(isinstance(cell, str) and _is_heading(cell, form) for cell in cells if plain(text(cell)))
    return tuple(words) if len(words) > 1 and sound else ()


def _is_heading(cell: str, form: RecordForm) -> bool:
    """Tell whether a text may be a heading: it is no state of the layout, and has more letters than digits."""
    letters, digits = sum(map(str.isalpha, cell)), sum(map(str.isdecimal, cell))
    return form.state_of(cell) is None and letters > digits


def are_of_the_day(words: Sequence[str]) -> bool:
    """Tell whether a row of headings says nothing but that days stand below."""
    return all(fold(word) in OF_THE_DAY for word in words)


def expect_no_parts(table: Table, layout: Layout, form: RecordForm) -> None:
    """Refuse a matrix of which a heading stands over several columns that only a row below it tells apart.

    Raises: Misread: by the heading alone, a part of a course, or the day until when it is valid, would be the course.
    """
    courses = course_columns(table, layout)
    words = headings_below(table.rows[0], table, courses, form) if table.rows and courses else ()
    headings = [fold(table.headings[column]) for column in courses if plain(text(table.rows[0].cell(column)))]
    if len({*headings}) < len(headings) and words:
        raise second_header(words, layout, parts=True)


def second_header(words: Sequence[str], layout: Layout, *, parts: bool = False) -> Misread:
    """Return what to say of a row of headings below the header; `parts`: one above stands over several of them."""
    listed = ", ".join(map(quoted, dict.fromkeys(words[:3])))
    height = layout.sheet.header_rows
    mend = f"rite header_rows = {height + 1} under [sheet] of a layout for this file"
    either = f"If it names courses, or says what the days are (due, expires), w{mend}; else pass it over by [[skip]]."
    return Misread(
        "header-goes-on",
        f"a row of headings below the header ({listed}), of which the layout does not know",
        expected=f"a header of {height} {'row' if height == 1 else 'rows'}, as the layout {layout.name} says",
        remedy=f"W{mend}: one heading stands over several of these." if parts else either,
    )
