"""Lines of one cell in the column of ids or names that are nobody: *Tacoma PD* above its people. Pure."""

from collections.abc import Iterator

from lms_sync.model.evidence import Refused
from lms_sync.model.finding import Area, Origin
from lms_sync.sources.spreadsheet.denying_lines import says_nothing_of_attendance
from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.layout import WHO, Layout
from lms_sync.sources.spreadsheet.misread import Misread, finding_of, quoted
from lms_sync.sources.spreadsheet.printed import filled_cells
from lms_sync.tables.cells import Row, address, text
from lms_sync.text import plain

TITLE = "a title of the rows below it"


class LoneLines:
    """Tells which rows have one cell, and no id in it as the other rows of the table have ids."""

    def __init__(self, layout: Layout, table: Table) -> None:
        # Where every row says by itself what it says, rows are read each by itself.
        has_lines = says_nothing_of_attendance(layout) or any(rule.where == "title" for rule in layout.told)
        columns = table.columns if has_lines and layout.matrix is None else {}
        self._ids = {columns[role] for role in ("learner", "person_id") if role in columns}
        self._who = {columns[role] for role in WHO if role in columns}
        self._employer = columns.get("employer", -1)
        whole = [dict(cells) for row in table.rows if len(cells := [*filled_cells(row)]) > 1] if self._who else []
        self._employers = {row[self._employer] for row in whole if self._employer in row}
        ids = [row[column] for row in whole for column in self._ids if column in row]
        self._have_blanks = not ids or any(" " in words for words in ids)
        self._have_no_digits = not ids or not all(map(_has_digit, ids))

    def reason(self, row: Row) -> str:
        """Return why a row is passed over in which nothing but an employer of others stands; empty for any other."""
        return TITLE if any(words in self._employers for _, words in self._lone(row)) else ""

    def refusal(self, row: Row, place: Origin, *, source: str) -> Refused | None:
        """Return the refusal of a row in which nothing stands but words in the place of an id; None for any other."""
        for column, words in self._lone(row):
            unlike = " " in words and not self._have_blanks
            unlike = unlike or (not _has_digit(words) and not self._have_no_digits)
            if column in self._ids and unlike:
                misread = Misread(
                    "words-alone",
                    f"{quoted(plain(text(row.cell(column))))} and nothing beside it, where the other rows have an id",
                    expected="an id, or a title that the layout passes over",
                    remedy="If it is a title of the rows below it, delete the line, or add a [[skip]] rule to the"
                    " layout; if it is a person, fill in the id.",
                )
                at = Origin(place.file, place.sha256, place.sheet, address(row.number, column), place.url, place.item)
                return Refused(finding_of(misread, str(at), source=source, area=Area.ROW))
        return None

    def _lone(self, row: Row) -> Iterator[tuple[int, str]]:
        """Give (column, folded text) of the one cell of a row that has one, where it should tell who it was."""
        cells = [*filled_cells(row)]
        return iter(cells if len(cells) == 1 and cells[0][0] in self._who else ())


def _has_digit(words: str) -> bool:
    return any(map(str.isdigit, words))
