"""Write remarks into a copy of a workbook: a comment on each cell, and a sheet that lists them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import cast

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.errors import UsageError
from lms_sync.files import write_whole
from lms_sync.model.finding import Finding
from lms_sync.model.finding_groups import place_of
from lms_sync.tables.added_text import set_text
from lms_sync.tables.cells import Sheet, Unreadable, text
from lms_sync.tables.guard import read_guarded
from lms_sync.tables.read import bytes_of
from lms_sync.text import fold

AUTHOR = "lms-sync"
ONLY_SHEET = "Sheet1"
"""How the sheet of a csv file is called, which has no name."""
MOST_OF_A_TITLE = 31
"""Characters that a sheet's name may have."""
LIST, TO_CONFIRM = "To correct", "To confirm"
"""What the sheet that lists the remarks is called."""
JOINER = "New in the export. Fill in what is blank, and Assignments; or delete the row: no guard of a school."
_MARK = {True: PatternFill("solid", fgColor="F8D7DA"), False: PatternFill("solid", fgColor="FFF3CD")}


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said about one place in a workbook."""

    sheet: str
    cell: str
    """A1 address; empty for the sheet as a whole."""
    text: str
    serious: bool


def remark_of(finding: Finding, file: str) -> Remark:
    """Return what a finding in the file of that name says, for its cell."""
    words = f"{finding.found}. Expected: {finding.expected}. {finding.remedy}"
    return _remark(finding.where, words, file=file, serious=finding.blocks)


def remark_of_sentence(sentence: str, file: str) -> Remark:
    """Return what a finding that was made a sentence says (`roster.xlsx, People!B4: …`), for its cell."""
    where, _, words = sentence.partition(": ")
    return _remark(where, words, file=file, serious=True)


def _remark(where: str, words: str, *, file: str, serious: bool) -> Remark:
    place = place_of(where)
    if place.row:
        sheet = place.before.removeprefix(f"{file}, ").removesuffix("!") or ONLY_SHEET
        return Remark(sheet, f"{place.column}{place.row}", words, serious)
    sheet, _, column = where.removeprefix(file).removeprefix(", ").partition("!")
    return Remark(sheet or ONLY_SHEET, f"{column}1" if column.isalpha() else "", words, serious)


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column that is added where the sheet has none of its heading."""

    sheet: str
    heading: str
    values: Mapping[str, str]
    """A1 address of any cell of a row → what the column says there."""


def annotate(source: Path, target: Path, remarks: Sequence[Remark], *, column: NewColumn | None = None) -> None:
    """Write a copy of the xlsx file `source` with `remarks` to `target`, whole or not at all; `source` stays.

    The `column` is added where it has values and the sheet lacks it.

    What the workbook holds (drop-downs, widths, comments of its own) is kept as far as openpyxl knows it. It is
    opened here only after its reader behind the guard has read it to its end.
    Raises: UsageError for a file that is no xlsx, or of which openpyxl can't make sense.
    """
    book = _opened(source)
    if column and column.values:
        _add(book, column)
    _list(book, remarks)
    _save(book, remarks, target)


@dataclass(frozen=True, slots=True)
class NewRows:
    """Rows that are added below those of a sheet."""

    sheet: str
    rows: Sequence[Mapping[str, str]]
    """Heading → text; headings that the sheet lacks are left out."""


def propose_rows(source: Path, target: Path, remarks: Sequence[Remark], *, new: NewRows) -> None:
    """Write a copy of the xlsx file `source` with new rows, and `remarks` to confirm; `source` stays.

    Raises: UsageError as `annotate`.
    """
    book = _opened(source)
    sheet = next(sheet for sheet in book.worksheets if fold(sheet.title) == fold(new.sheet))
    header, columns = _header_of(sheet, {heading for row in new.rows for heading in row})
    filled = [row[0].row for row in sheet.iter_rows() if any(cell.value not in (None, "") for cell in row)]
    first = max((number for number in filled if number is not None), default=header) + 1
    added = []
    for number, row in enumerate(new.rows, start=first):
        for heading, words in row.items():
            if words and heading in columns:
                set_text(_cell(sheet, number, columns[heading]), words)
        added.append(Remark(sheet.title, f"A{number}", JOINER, serious=False))
    _list(book, (*remarks, *added), title=TO_CONFIRM)
    _save(book, (*remarks, *added), target)


def _header_of(sheet: Worksheet, headings: set[str]) -> tuple[int, dict[str, int]]:
    """Return the row with most of these headings, and heading → 1-based column."""
    by_fold = {fold(heading): heading for heading in headings}
    best: tuple[int, dict[str, int]] = (1, {})
    for row in sheet.iter_rows(max_row=20):
        known = {
            by_fold[fold(str(c.value))]: place for place, c in enumerate(row, 1) if fold(str(c.value)) in by_fold
        }
        if len(known) > len(best[1]):
            best = (row[0].row or 1, known)
    return best


def _save(book: Workbook, remarks: Sequence[Remark], target: Path) -> None:
    for remark in remarks:
        _comment(book, remark)
    content = BytesIO()
    book.save(content)
    write_whole(target, content.getvalue())


def _opened(source: Path) -> Workbook:
    data = bytes_of(source)
    try:
        read_guarded(data)
        return load_workbook(BytesIO(data))
    except Unreadable as error:
        raise UsageError(f"{source.name}: {error.found}", hint=error.remedy) from error
    except Exception as error:  # openpyxl raises many kinds for a file that is damaged or of another format
        raise UsageError(
            f"{source.name}: a copy with comments can be made of an xlsx file only",
            hint="Open it in Excel or LibreOffice, and save it as .xlsx.",
        ) from error


def commented_copy(sheets: Sequence[Sheet], remarks: Sequence[Remark]) -> bytes:
    """Return an xlsx file with the cells of sheets as text, and `remarks` on them; nothing else is taken over.

    For files from outside, whatever their kind: they were read behind the guard, and no other reader opens them.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        copy = book.create_sheet((sheet.name or ONLY_SHEET)[:MOST_OF_A_TITLE])
        copy.sheet_state = "hidden" if sheet.hidden else "visible"
        for row in sheet.rows:
            for column, value in enumerate(row.cells, start=1):
                if words := text(value):
                    set_text(_cell(copy, row.number, column), words)
    _list(book, remarks)
    for remark in remarks:
        _comment(book, remark)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _add(book: Workbook, column: NewColumn) -> None:
    sheet = next((sheet for sheet in book.worksheets if fold(sheet.title) == fold(column.sheet)), None)
    if sheet is None:
        return
    rows = [sheet[address].row for address in column.values]
    # The headings stand above the rows: in the one there that has the most texts.
    above = enumerate(sheet.iter_rows(max_row=max(min(rows) - 1, 1)), start=1)
    number, header = max(above, key=lambda row: sum(isinstance(cell.value, str) for cell in row[1]))
    if any(fold(str(cell.value)) == fold(column.heading) for cell in header if cell.value):
        return
    place = max(place for place, cell in enumerate(header, start=1) if cell.value is not None) + 1
    set_text(_cell(sheet, number, place), column.heading)
    for row, value in zip(rows, column.values.values(), strict=True):
        set_text(_cell(sheet, row, place), value)


def _comment(book: Workbook, remark: Remark) -> None:
    sheet = next((worksheet for worksheet in book.worksheets if fold(worksheet.title) == fold(remark.sheet)), None)
    if sheet is None or not remark.cell:
        return
    cell = sheet[remark.cell]
    before = f"{cell.comment.text}\n\n" if cell.comment else ""
    comment = Comment(f"{before}{remark.text}", AUTHOR)
    comment.width, comment.height = 360, 40 + 18 * (len(comment.text) // 45 + comment.text.count("\n") + 1)
    cell.comment = comment
    cell.fill = _MARK[remark.serious]


def _list(book: Workbook, remarks: Sequence[Remark], *, title: str = LIST) -> None:
    title = next(name for name in (title, *(f"{title} {n}" for n in range(2, 100))) if name not in book.sheetnames)
    sheet: Worksheet = book.create_sheet(title, 0)
    book.active = 0
    for worksheet in book.worksheets:
        worksheet.sheet_view.tabSelected = worksheet is sheet
    for column, (heading, width) in enumerate(
        (("Where", 22), ("Must be corrected", 16), ("What to correct", 110)), start=1
    ):
        cell = sheet.cell(1, column, heading)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for row, remark in enumerate(remarks, start=2):
        where = f"{remark.sheet}!{remark.cell}" if remark.cell else remark.sheet
        for column, words in enumerate((where, "yes" if remark.serious else "", remark.text), start=1):
            cell = _cell(sheet, row, column)
            set_text(cell, words)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 15.0 * (len(remark.text) // 100 + 1)
        if remark.cell and any(fold(name) == fold(remark.sheet) for name in book.sheetnames):
            link = _cell(sheet, row, 1)
            link.hyperlink = f"#'{remark.sheet}'!{remark.cell}"
            link.font = Font(color="0563C1", underline="single")
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    # The list merges no cells, so it is never the other member of openpyxl's union.
    return cast(Cell, sheet.cell(row, column))
