"""What a person has put into a workbook beside its rows, and that is lost when the program writes it anew."""

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.text import fold

HEADER_ROWS = 10
"""The header stands in one of the first rows."""
MOST_ROWS = 5_000


def extras_of(content: bytes, sheets: Sequence[str], headings: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return a sentence for each thing that is not kept; none where nothing is lost.

    `sheets` are those that the program writes, `headings` the columns that it writes by the sheet's title.
    """
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            book = load_workbook(io.BytesIO(content), rich_text=True)
        except Exception:
            return ("The workbook can't be looked into for what people have added to it.",)
    lost = [f"the sheet {name}" for name in book.sheetnames if name not in sheets]
    for sheet in book.worksheets:
        if sheet.title in headings:
            lost += _of_sheet(sheet, headings[sheet.title])
    lost += sorted(
        {f"what Excel calls “{warning.message}”" for warning in warned if "extension" in str(warning.message)}
    )
    return tuple(f"Not kept: {thing}." for thing in dict.fromkeys(lost))


def _of_sheet(sheet: Worksheet, known: Sequence[str]) -> Iterator[str]:
    header = _header(sheet, known)
    if header:
        names = [str(cell.value).strip() for cell in sheet[header] if cell.value not in (None, "")]
        others = [name for name in names if fold(name) not in {fold(heading) for heading in known}]
        yield from (f"the column {name} of {sheet.title}" for name in others)
    if sheet._images:  # type: ignore[attr-defined]
        yield f"pictures on {sheet.title}"
    if sheet._charts:  # type: ignore[attr-defined]
        yield f"charts on {sheet.title}"
    if sheet.conditional_formatting:
        yield f"rules of colour on {sheet.title}"
    notes, coloured = _marked(sheet, header)
    if notes:
        yield f"{notes} notes on cells of {sheet.title}"
    if coloured:
        yield f"colours of {coloured} cells of {sheet.title}"


def _header(sheet: Worksheet, known: Sequence[str]) -> int:
    """Return the number of the header's row; 0 where none of the first rows looks like it."""
    wanted = {fold(heading) for heading in known}
    for number, row in enumerate(sheet.iter_rows(max_row=HEADER_ROWS, values_only=True), start=1):
        if len({fold(str(value)) for value in row if value} & wanted) >= 3:
            return number
    return 0


def _marked(sheet: Worksheet, header: int) -> tuple[int, int]:
    """Return how many cells below the header carry a note, and a colour that no other cell of their row has."""
    notes = coloured = 0
    for row in sheet.iter_rows(min_row=header + 1, max_row=min(sheet.max_row, header + MOST_ROWS)):
        notes += sum(cell.comment is not None for cell in row)
        fills = [cell.fill.fgColor.rgb if cell.fill and cell.fill.fill_type else None for cell in row]
        usual = max(set(fills), key=fills.count) if fills else None
        coloured += sum(fill is not None and fill != usual for fill in fills)
    return notes, coloured
