"""A sheet that people fill in → entries with typed answers, and findings for everything that is wrong, all at once.

Columns stand in any order. Rows whose id begins with EXAMPLE show how to fill the sheet in and are passed over.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lms_sync.model.finding import Area, Finding
from lms_sync.tables.cells import Row, Sheet, address, text
from lms_sync.tables.fields import Answer, Column, Wrong, answer, is_number
from lms_sync.tables.form_cells import (
    NAMES,
    Cell,
    all_crossed_out,
    beginning_alike,
    cells_of,
    crossed_out,
    ids_of,
    in_brackets,
    of_whom,
    passed_over,
    row_crossed_out,
)
from lms_sync.tables.typed_days import DateOrder
from lms_sync.text import closest, did_you_mean, fold, plain

SEARCHED_ROWS = 20
"""The header stands in one of a sheet's first rows that hold something."""


@dataclass(frozen=True, slots=True)
class Form:
    """A sheet that people fill in."""

    title: str
    columns: tuple[Column, ...]
    optional: bool = False
    """True when the workbook may lack the sheet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that somebody filled in."""

    place: str
    """File and sheet: `roster.xlsx, People`."""
    row: int
    columns: Mapping[str, int]
    """Heading → 0-based column; headings that the sheet lacks are missing."""
    answers: Mapping[str, Answer]
    """Heading → answer; blank and wrong cells are missing."""
    wrong: Mapping[str, Wrong]
    """Heading → what is wrong with its cell."""
    ids: tuple[str, ...] = ()
    """What stands in the columns of codes, by which the row is known again wherever it stands."""
    numbers: frozenset[str] = frozenset()
    """Headings of the codes that the spreadsheet holds as numbers: leading zeros may be gone."""

    @property
    def whose(self) -> str:
        """Return whose row it is, by its first code and its name: ` (E100, Reyes, Ana)`; empty where none is told."""
        return in_brackets((*self.ids[:1], *map(self.text, NAMES)))

    def subject(self, heading: str, part: str = "") -> str:
        """Return what a finding about a cell, or about one part of its list, is about: the row by its codes.

        A row without any is known by its place.
        """
        row = ", ".join((self.place, *self.ids)) if self.ids else self.where(heading)
        return ", ".join(filter(None, (row, heading, part)))

    def where(self, heading: str) -> str:
        """Return the cell's place, `roster.xlsx, People!B4`; the row's first cell for a column that is not there."""
        return f"{self.place}!{address(self.row, self.columns.get(heading, 0))}"

    def cell(self, heading: str) -> str:
        """Return the cell's place in the workbook: `People!B4`."""
        return self.where(heading).rpartition(", ")[2]

    def text(self, heading: str) -> str:
        """Return a text, code or choice; an empty string for a blank cell."""
        value = self.answers.get(heading)
        return value if isinstance(value, str) else ""

    def day(self, heading: str) -> date | None:
        """Return a day."""
        value = self.answers.get(heading)
        return value if isinstance(value, date) else None

    def whole(self, heading: str) -> int:
        """Return a whole number; 0 for a blank cell."""
        value = self.answers.get(heading)
        return value if isinstance(value, int) else 0

    def number(self, heading: str) -> Decimal | None:
        """Return a decimal number."""
        value = self.answers.get(heading)
        return value if isinstance(value, Decimal) else None

    def words(self, heading: str) -> tuple[str, ...]:
        """Return the parts of a list in the order in which they are written."""
        value = self.answers.get(heading)
        return value if isinstance(value, tuple) else ()

    def marked(self, heading: str) -> bool:
        """Tell whether the cell holds an x."""
        return self.answers.get(heading) is True


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form's sheet holds: its entries in the sheet's order, and what is wrong with it."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    whole: bool = True
    """False when the sheet or a column that it needs is not there."""


@dataclass(frozen=True, slots=True)
class FormReader:
    """Reads the forms of one workbook."""

    file: str
    """Its name without the folder."""
    area: Area
    sheets: Sequence[Sheet]
    dates: DateOrder = ""
    """The order in which the workspace's people write days in digits."""

    def read(self, form: Form) -> Filled:
        """Return the entries of one form. The whole sheet is looked through, whatever is found on the way."""
        sheet = next((s for s in self.sheets if fold(s.name) == fold(form.title)), None)
        if sheet is None:
            return Filled((), ()) if form.optional else Filled((), (self._no_sheet(form),), whole=False)
        header = _header(form, sheet)
        if header is None:
            return Filled((), (self._no_header(form),), whole=False)
        columns, findings = self._columns(form, header)
        there = [(column, columns[column.heading]) for column in form.columns if column.heading in columns]
        cells = ((row, cells_of(row, there)) for row in sheet.rows if row.number > header.number)
        filled = ((row, read) for row, read in cells if not passed_over(read))
        marked = ((row, crossed_out(read, columns, sheet.crossed_out.get(row.number, ()))) for row, read in filled)
        entries = [self._entry(form, row, read, columns=columns) for row, read in marked]
        wrong = [finding for _, found in entries for finding in found]
        numbers = self._codes_as_numbers(form, entries)
        whole = all(column.heading in columns or column.optional for column in form.columns)
        return Filled(tuple(entry for entry, _ in entries), (*findings, *wrong, *numbers), whole)

    def header(self, form: Form) -> tuple[int, dict[str, int]]:
        """Return the row with the headings, and heading → 0-based column. Raises: ValueError where there are none."""
        sheet = next((s for s in self.sheets if fold(s.name) == fold(form.title)), None)
        header = _header(form, sheet) if sheet else None
        if header is None:
            raise ValueError(f"{self.file}: no sheet {form.title} with its headings")
        return header.number, self._columns(form, header)[0]

    def finding(self, code: str, where: str, wrong: Wrong, *, blocks: bool = True, subject: str = "") -> Finding:
        """Return a finding of this workbook; `where` is a place in it, such as `People!B4`."""
        place = where if where.startswith(self.file) else f"{self.file}, {where}"
        words = (wrong.found, wrong.expected, wrong.remedy)
        return Finding(self.area, code, place, *words, blocks=blocks, subject=subject)

    def _no_sheet(self, form: Form) -> Finding:
        names = [sheet.name for sheet in self.sheets]
        found = "the sheets " + ", ".join(names) if any(names) else "a file without sheets"
        hint = did_you_mean(form.title, names)
        wrong = Wrong(found, f"a sheet called {form.title}", f"{hint}Name the sheet {form.title}.")
        return self.finding("sheet-missing", form.title, wrong)

    def _no_header(self, form: Form) -> Finding:
        wrong = Wrong(
            f"no header row in the first {SEARCHED_ROWS} rows",
            "a row with the headings " + ", ".join(column.heading for column in form.columns if not column.optional),
            "Put the headings back; `lms-sync init` in an empty folder writes a fresh workbook to copy them from.",
        )
        return self.finding("header-missing", form.title, wrong)

    def _columns(self, form: Form, header: Row) -> tuple[dict[str, int], list[Finding]]:
        """Return heading → column, and findings for headings that are unknown, doubled or not there."""
        known = _headings(form)
        present = {fold(text(value)) for value in header.cells}
        free = [c.heading for c in form.columns if not present & set(map(fold, (c.heading, *c.aliases)))]
        columns: dict[str, int] = {}
        findings = []
        renamed: set[str] = set()
        for index, value in enumerate(header.cells):
            written = plain(text(value))
            where = f"{form.title}!{address(header.number, index)}"
            column = known.get(fold(written))
            if column is None and written:
                left = [heading for heading in free if heading not in renamed]
                meant = closest(written, left) or beginning_alike(written, left)
                renamed.add(meant)
                findings.append(self._unknown_heading(form, where, written=written, meant=meant))
            elif column is None:
                continue
            elif column.heading in columns:
                wrong = Wrong(
                    f'a second column "{written}"', "one column of each", "Delete or rename one of the two."
                )
                findings.append(self.finding("heading-doubled", where, wrong))
            else:
                columns[column.heading] = index
        gone = [c.heading for c in form.columns if c.heading not in columns and not c.optional]
        missing = [heading for heading in gone if heading not in renamed]
        return columns, findings + [self._missing_heading(form, header, name=name) for name in missing]

    def _unknown_heading(self, form: Form, where: str, *, written: str, meant: str) -> Finding:
        """Return the finding; `meant` is the heading that the sheet lacks and this one may stand for, if any.

        Where it must be there, that is all that is said of it: it keeps the file from coming into force.
        """
        if any(column.heading == meant and not column.optional for column in form.columns):
            remedy = f'Did you mean "{meant}"? Call the column so; if it is another one, add that.'
            wrong = Wrong(f'the heading "{written}"', f'the heading "{meant}"', remedy)
            return self.finding("heading-missing", where, wrong)
        hint = did_you_mean(written, [meant] if meant else [])
        expected = "one of the headings " + ", ".join(column.heading for column in form.columns)
        wrong = Wrong(f'the heading "{written}"', expected, f"{hint}The column is not read.")
        return self.finding("heading-unknown", where, wrong, blocks=False)

    def _missing_heading(self, form: Form, header: Row, *, name: str) -> Finding:
        wrong = Wrong("no such heading", f'a column "{name}"', f'Add a column with the heading "{name}".')
        where = f"{form.title}!{address(header.number, 0)}"
        return self.finding("heading-missing", where, wrong, subject=f"{self.file}, {form.title}, {name}")

    def _entry(
        self, form: Form, row: Row, cells: Sequence[Cell], *, columns: Mapping[str, int]
    ) -> tuple[Entry, list[Finding]]:
        answers: dict[str, Answer] = {}
        wrong: dict[str, Wrong] = {}
        for column, value, words in cells:
            if value is None and not column.required:
                continue
            read = answer(column, value, words, dates=self.dates)
            if isinstance(read, Wrong):
                named = column.kind == "date" or not words
                whose = of_whom(form.columns, cells) if named else ""
                wrong[column.heading] = replace(read, found=read.found + whose)
            elif read is not None:
                answers[column.heading] = read
        ids = ids_of(cells, answers)
        numbers = frozenset(c.heading for c, value, _ in cells if c.kind == "id" and is_number(value))
        entry = Entry(f"{self.file}, {form.title}", row.number, columns, answers, wrong, ids, numbers)
        if wrong and all_crossed_out(cells):
            place, crossed = entry.where(next(iter(wrong))), row_crossed_out(form.columns, cells)
            return entry, [self.finding("crossed-out", place, crossed, subject=f"{place}, crossed out")]
        return entry, [self._unreadable(entry, c, wrong[c.heading]) for c, _, _ in cells if c.heading in wrong]

    def _unreadable(self, entry: Entry, column: Column, wrong: Wrong) -> Finding:
        heading = column.heading
        return self.finding(f"{column.kind}-unreadable", entry.where(heading), wrong, subject=entry.subject(heading))

    def _codes_as_numbers(self, form: Form, entries: Sequence[tuple[Entry, list[Finding]]]) -> list[Finding]:
        """Return a finding per code column in which a spreadsheet holds numbers."""
        findings = []
        for heading in (column.heading for column in form.columns if column.kind == "id"):
            cells = [e.cell(heading) for e, _ in entries if heading in e.answers and heading in e.numbers]
            if cells:
                more = f" and {len(cells) - 1} more below" if len(cells) > 1 else ""
                wrong = Wrong(
                    f"a number in a column of codes{more}",
                    "text, so that leading zeros stay",
                    "Check the codes, format the column as text and type them again. They are read as they are.",
                )
                subject = f"{self.file}, {form.title}, {heading}"
                findings.append(self.finding("code-is-number", cells[0], wrong, blocks=False, subject=subject))
        return findings


def _headings(form: Form) -> dict[str, Column]:
    return {fold(name): column for column in form.columns for name in (column.heading, *column.aliases)}


def _header(form: Form, sheet: Sheet) -> Row | None:
    """Return the row with the most known headings; the uppermost of equals, None when no row has any."""
    known = _headings(form)
    counts = Counter(
        {row.number: sum(fold(text(v)) in known for v in row.cells) for row in sheet.rows[:SEARCHED_ROWS]}
    )
    best = max(counts.values(), default=0)
    return next((row for row in sheet.rows[:SEARCHED_ROWS] if best and counts[row.number] == best), None)
