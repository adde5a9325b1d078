"""What a person should know about a file that was read: columns dropped, sheets left out, hidden rows. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.sources.spreadsheet.class_roll import WHO_WAS_THERE
from lms_sync.sources.spreadsheet.header import Table, unread_tables
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.privacy import Clean, Forbidden
from lms_sync.tables.cells import Book, Sheet, Sign, address, column_letters
from lms_sync.text import fold

LIKE_A_STATUS = re.compile(
    r"(completion |course |final |training )?(status|results?|outcome|pass ?/ ?fail|p/f|attendance|grade)|disposition"
    r"|(approved|approval|verified|verification|accepted|passed|failed|attended|cancell?ed|withdrawn|no.?show|absent"
    r"|completed?|incomplete|void(ed)?|wait.?list(ed)?|planned|signed.?off)\??"
)
"""Headings, folded, of columns that tell whether somebody completed it."""
MOST_NAMED = 10
"""So many stretches of hidden rows are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Makes findings about one file."""

    source: str
    file: str

    def about_book(self, book: Book, tables: Sequence[Table], layout: Layout) -> Iterator[Finding]:
        """Give what concerns the file, and its sheets as a whole."""
        yield from (self._sign(sign) for sign in sorted(book.signs))
        yield from (self._unread(sheet, layout) for sheet in unread_tables(book.sheets, layout, tables))
        if book.guessed:
            yield self._encoding(book.guessed, layout)
        sheets = {sheet.name: sheet for sheet in book.sheets}
        for table in tables:
            yield from self._unread_status(table, layout)
            if covered := sheets[table.sheet].covered:
                yield self._covered(table, covered)
            numbers = {row.number for row in table.rows}
            if pictures := [place for place in sheets[table.sheet].pictures if place[0] in numbers]:
                yield self._pictures(table, pictures)
            hidden = [number for number in sheets[table.sheet].hidden_rows if number in numbers]
            if hidden:
                yield self._hidden_rows(table, hidden)

    def about_dropped(self, clean: Clean) -> Iterator[Finding]:
        """Give what was removed of a table before anything was kept: columns, and values in other columns."""
        yield from (self._column(clean.table, column) for column in clean.columns)
        for what, (number, columns) in clean.values.items():
            where = ", ".join(column_letters(column) for column in columns[:MOST_NAMED])
            yield values_dropped(self._place(clean.table.sheet, where), what, number, source=self.source)

    def _column(self, table: Table, forbidden: Forbidden) -> Finding:
        return self._finding(
            "column-dropped",
            self._place(table.sheet, column_letters(forbidden.column)),
            f'the column "{forbidden.heading}" holds what looks like {forbidden.looks_like}',
            expected="an export without it",
            remedy="It was dropped before anything was kept; ask the sender to leave it out.",
        )

    def _sign(self, sign: Sign) -> Finding:
        what = {
            Sign.MACROS: ("workbook-macros", "the workbook carries macros; they were not run, its cells were read"),
            Sign.LINKS: (
                "workbook-links",
                "the workbook links to other workbooks; nothing was fetched, its cells were read as last calculated",
            ),
        }
        code, found = what[sign]
        return self._finding(
            code,
            self.file,
            found,
            expected="a workbook of plain values",
            remedy="Ask the sender for an .xlsx or csv export with values only.",
        )

    def _unread(self, sheet: Sheet, layout: Layout) -> Finding:
        if sheet.hidden:
            return self._finding(
                "sheet-hidden",
                self._place(sheet.name),
                "a hidden sheet with the header of the one that was read",
                expected="records on sheets that people see",
                remedy="If it counts, show the sheet, or name it as `sheet.name` in the layout "
                f"{layout.name}; otherwise delete it.",
            )
        return self._finding(
            "sheet-not-read",
            self._place(sheet.name),
            "a further sheet with the header of the one that was read",
            expected="one such sheet",
            remedy=f"If it counts too, state `sheet.pattern` in the layout {layout.name}; otherwise delete it.",
        )

    def _unread_status(self, table: Table, layout: Layout) -> Iterator[Finding]:
        """Give each column that may deny a completion, where the layout counts every row that has a day."""
        if layout.kind != "rows" or "status" in layout.known:
            return
        for column, heading in enumerate(table.headings):
            if column in table.columns.values() or not _is_like_a_status(fold(heading), layout):
                continue
            yield self._finding(
                "status-not-read",
                self._place(table.sheet, column_letters(column)),
                f"the column “{heading}” is not read, and every row with a day counts as completed",
                expected="a layout that reads what denies a completion",
                remedy=f"Name it under status in the layout {layout.name}, with its words; or under keep if it says"
                " nothing of who completed it.",
            )

    def _encoding(self, guessed: str, layout: Layout) -> Finding:
        if guessed == "utf-8":
            found = "the file is in UTF-8 but for some bytes; a row with such a byte is refused"
            remedy = "Ask for an export that is in one encoding throughout, or type the marked cells again."
        else:
            found = f"the file is not in UTF-8 and does not say what else; it was read as Windows-1252 ({guessed})"
            remedy = (
                f'If names with accents look right, state `encoding = "{guessed}"` under [sheet] in the layout '
                f"{layout.name}; otherwise save the file as csv in UTF-8."
            )
        return self._finding("encoding-guessed", self.file, found, expected="a csv file in UTF-8", remedy=remedy)

    def _covered(self, table: Table, covered: Sequence[tuple[int, int]]) -> Finding:
        cells = ", ".join(address(row, column) for row, column in covered[:MOST_NAMED])
        more = f" and {len(covered) - MOST_NAMED:,} more" if len(covered) > MOST_NAMED else ""
        return self._finding(
            "values-below-merge",
            self._place(table.sheet),
            f"merged cells cover values that nobody sees ({cells}{more}); the merged value was read in their place",
            expected="one value in merged cells",
            remedy="Take the merging off, and write into each row what belongs there.",
        )

    def _pictures(self, table: Table, pictures: Sequence[tuple[int, int]]) -> Finding:
        cells = ", ".join(address(row, column) for row, column in pictures[:MOST_NAMED])
        more = f" and {len(pictures) - MOST_NAMED:,} more" if len(pictures) > MOST_NAMED else ""
        return self._finding(
            "pictures-over-cells",
            self._place(table.sheet),
            f"pictures cover cells ({cells}{more}); what they show was not read, and a blank cell below is blank",
            expected="values in cells",
            remedy="If they are signatures or marks, type into each cell what its picture means.",
        )

    def _hidden_rows(self, table: Table, hidden: Sequence[int]) -> Finding:
        return self._finding(
            "rows-hidden",
            self._place(table.sheet),
            f"the sheet hides {_rows(hidden)}; what is hidden was read like the rest",
            expected="rows that people see",
            remedy="If they do not count, delete them; otherwise show them or take the filter off.",
        )

    def _place(self, sheet: str, cell: str = "") -> str:
        return str(Origin(file=self.file, sheet=sheet, cell=cell))

    def _finding(self, code: str, where: str, found: str, *, expected: str, remedy: str) -> Finding:
        return Finding(Area.FILE, code, where, found, expected, remedy, source=self.source)


def _is_like_a_status(heading: str, layout: Layout) -> bool:
    """Tell whether a folded heading speaks of a status, and the layout neither keeps nor refuses it."""
    refused = layout.is_roll and WHO_WAS_THERE.fullmatch(heading)
    return bool(LIKE_A_STATUS.fullmatch(heading)) and not refused and heading not in map(fold, layout.keep)


def values_dropped(where: str, what: str, number: int, *, source: str) -> Finding:
    """Return that values were removed before anything was kept; their items stay. It quotes none of them."""
    values = "1 value looks" if number == 1 else f"{number:,} values look"
    return Finding(
        Area.FILE,
        "values-dropped",
        where,
        f"{values} like {what}",
        "an export without them",
        "They were dropped before anything was kept, and the rest of their rows was read; ask the sender to leave"
        " them out.",
        source=source,
    )


def _rows(numbers: Sequence[int]) -> str:
    """Return ascending row numbers as a person would write them: `rows 5–7, 12`."""
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and number == stretches[-1][-1] + 1:
            stretches[-1][1:] = [number]
        else:
            stretches.append([number])
    named = ["–".join(map(str, stretch)) for stretch in stretches[:MOST_NAMED]]
    more = f" and more, {len(numbers)} in all" if len(stretches) > MOST_NAMED else ""
    return f"row{'s' if len(numbers) > 1 else ''} {', '.join(named)}{more}"
