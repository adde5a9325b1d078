"""One file's bytes → what stands in it: its tables found, what must never be kept taken out, its rows read."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.model.row_memory import RowMemory
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.spreadsheet.converted_days import expect_days_alike
from lms_sync.sources.spreadsheet.file_parts import FileParts, LinesPassed
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.header import Table, course_columns, find_tables
from lms_sync.sources.spreadsheet.items import RowReader, reader_of
from lms_sync.sources.spreadsheet.known import may_be_known, read_table, rests_on
from lms_sync.sources.spreadsheet.known_lines import KnownLines, NotAlike
from lms_sync.sources.spreadsheet.layout import Layout, counting_from_1904
from lms_sync.sources.spreadsheet.misread import Misread, ZoneMissing, finding_of
from lms_sync.sources.spreadsheet.notices import Notices
from lms_sync.sources.spreadsheet.privacy import Clean, Cleaning, cleaning_of
from lms_sync.sources.spreadsheet.record_form import form_of
from lms_sync.sources.spreadsheet.second_header import expect_no_parts
from lms_sync.tables.cells import Book, Sheet, Unreadable
from lms_sync.tables.guard import read_guarded, text_lines_guarded


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads one file by one layout."""

    source: str
    file: Origin
    mark: str
    """The fingerprint by which the file is known, with all that its reading rests on."""
    layout: Layout
    zones: Zones
    asked: str
    """What the settings call it, for the sentence that asks for its zone."""
    memory: RowMemory | None
    """The rows that were read before; None to read every row."""

    def read(self, content: list[bytes]) -> tuple[FileRead, FileParts]:
        """Return the file without its items, and what stands in it; a file that cannot be read is one finding.

        Its bytes are taken out of `content`, so that they are let go before its rows are read.
        """
        try:
            return self._read(content)
        except Unreadable as error:
            problem = Misread("file-unreadable", error.found, expected=error.expected, remedy=error.remedy)
        except ZoneMissing as error:
            problem = _zone_missing(str(error), self.asked)
        except Misread as misread:
            problem = misread
        finding = finding_of(problem, self.file.file, source=self.source, area=Area.FILE)
        return failed(self.file, self.mark, finding), FileParts()

    def _read(self, content: list[bytes]) -> tuple[FileRead, FileParts]:
        layout, sheet = self.layout, self.layout.sheet
        if layout.dates.needs_zone and not self.zones.file:
            raise ZoneMissing(f"the layout {layout.name} gives times of day")
        if self.memory and may_be_known(layout):
            text = text_lines_guarded(content[0], encoding=sheet.encoding, separator=sheet.separator)
            first = sheet.header_within + sheet.header_rows
            lines = KnownLines.of(text, self.memory, self._like, first=first) if text else None
            if lines and (found := self._read_lines(lines)):
                return found
            del text, lines
        return self._read_whole(content)

    def _read_whole(self, content: list[bytes]) -> tuple[FileRead, FileParts]:
        sheet = self.layout.sheet
        return self._read_book(read_guarded(content.pop(), encoding=sheet.encoding, separator=sheet.separator))

    def _read_lines(self, lines: KnownLines) -> tuple[FileRead, FileParts] | None:
        """Return what stands in the lines that were not read before; None where they don't tell what the file is."""
        try:
            return self._read_book(lines.book(), lines)
        except (NotAlike, Unreadable, ZoneMissing, Misread):  # the whole file says what is wrong with it
            return None

    def _read_book(self, book: Book, lines: KnownLines | None = None) -> tuple[FileRead, FileParts]:
        book = replace(book, sheets=tuple(replace(sheet, name=mask(sheet.name)) for sheet in book.sheets))
        tables = deque(find_tables(book.sheets, self.layout))
        notices = Notices(self.source, self.file.file)
        findings = list(notices.about_book(book, tables, self.layout))
        parts = FileParts(self._passed(lines)) if lines else FileParts()
        dropped: list[str] = []
        del book  # nothing but `rows` is to hold a table's rows while they are read, and let go
        while tables:
            table = tables.popleft()
            (reader, cleaning), rows = self._opened(table), deque(table.rows)
            del table
            clean = read_table(reader, cleaning, rows, self.memory, parts, lines)
            findings.extend(notices.about_dropped(clean))
            dropped += _dropped(clean, self.layout)
        found = FileRead(self.file.file, self.file.sha256, self.mark, (), tuple(findings), tuple(dropped))
        return found, parts

    def _opened(self, table: Table) -> tuple[RowReader, Cleaning]:
        """Return what reads a table, and what takes out of it what must never be kept."""
        form = form_of(self.source, self.layout, self.zones)
        expect_no_parts(table, self.layout, form)
        courses = course_columns(table, self.layout)
        expect_days_alike(table, self.layout, courses)
        cleaning = cleaning_of(table, self.layout, frozenset(courses))
        form = replace(form, layout=counting_from_1904(form.layout)) if table.from_1904 else form
        return reader_of(cleaning.headed, form, self.file), cleaning

    def _like(self, sheet: Sheet) -> object:
        """Return what the reading of each row of a sheet rests on."""
        (table,) = find_tables((sheet,), self.layout)
        return rests_on(*self._opened(table))

    def _passed(self, lines: KnownLines) -> LinesPassed:
        def read_anew(numbers: Sequence[int]) -> tuple[FileRead, FileParts]:
            return self._read_lines(lines.with_rows(numbers)) or self._read_whole([lines.text.data])

        read_some = read_anew if lines.numbers else None  # it holds the file's content
        return LinesPassed(lines.numbers, lines.places, read_some, lines.known())


def failed(file: Origin, mark: str, finding: Finding) -> FileRead:
    """Return a file that could not be read as a whole, and why."""
    return FileRead(file.file, file.sha256, mark, items=(), findings=(finding,), failed=True)


def _dropped(clean: Clean, layout: Layout) -> tuple[str, ...]:
    """Return the headings of the columns of which nothing is kept: forbidden ones, and those that nobody named."""
    in_words = layout.matrix is not None and layout.matrix.cells == "words"
    beside = [column + 1 for column in course_columns(clean.table, layout)] if in_words else []
    unnamed = [column for column in clean.unnamed if column not in beside]
    return (*(column.heading for column in clean.columns), *clean.headings(unnamed))


def _zone_missing(found: str, asked: str) -> Misread:
    return Misread(
        "zone-missing",
        f"{found}, and nobody has stated the zone",
        expected=f'`zone = "America/Los_Angeles"` (or UTC, …) beside {asked}',
        remedy="State in lms_sync.toml the zone of the user who downloads it; nothing of the file was read.",
    )
