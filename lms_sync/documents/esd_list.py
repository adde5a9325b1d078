"""A list from an ESD, which files many documents at once: its columns, and the empty one to fill in."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath

from lms_sync.documents.file_kinds import MediaKind, list_kind
from lms_sync.documents.statement import ALL, COMPONENTS, KINDS
from lms_sync.model.finding import Area, Finding
from lms_sync.model.names import plain_words
from lms_sync.tables.cells import Book, Row, Sheet, Unreadable, Value, address, text
from lms_sync.tables.fields import Column
from lms_sync.tables.form import SEARCHED_ROWS, Entry, Form, FormReader
from lms_sync.tables.form_cells import EXAMPLE
from lms_sync.tables.guard import read_guarded
from lms_sync.tables.typed_days import DateOrder
from lms_sync.tables.write import ColumnSpec, SheetSpec, write_workbook
from lms_sync.text import fold, plain

TITLE = "Documents"
DOCUMENTS_FORM = Form(
    TITLE,
    (
        Column(
            "Person ID",
            "id",
            required=True,
            aliases=("Employee ID", "Badge number", "Staff ID"),
            note="As in the roster's sheet People, as text: 00417 keeps its zeros.",
        ),
        Column(
            "Last name",
            optional=True,
            width=18,
            aliases=("Surname", "Family name"),
            note="Compared with the roster: a row under another person's number is not filed.",
        ),
        Column("First name", optional=True, width=16, aliases=("Given name",), note="Compared with the roster too."),
        Column(
            "Component",
            "choice",
            choices=(*COMPONENTS, ALL),
            width=14,
            aliases=("Training component", "Requirement"),
            note="What was verified or waived. all: everything that the series asks of the person's class.",
        ),
        Column(
            "Kind",
            "choice",
            choices=KINDS,
            width=12,
            aliases=("Verified or waived",),
            note="As the ESD says.",
        ),
        Column("ESD", optional=True, width=16, aliases=("Issuing ESD",), note="Such as ESD 113."),
        Column(
            "Date",
            "date",
            optional=True,
            width=13,
            aliases=("Day", "Verified on", "Date verified", "Issued on", "Date issued"),
            note="The day on which the ESD verified or waived, year-month-day.",
        ),
        Column(
            "Number",
            "id",
            optional=True,
            width=14,
            aliases=("Document number", "No."),
            note="The ESD's number of the document. Blank: it has none.",
        ),
    ),
)
_TRAINING_WORDS = """
    assessment attempts completed completion course courses credits enrolled enrollment exam grade hours
    lesson module passed progress quiz result score status title training trainings
"""
_OF_TRAINING = frozenset(_TRAINING_WORDS.split())
"""Words in headings of a record of training, which tells what people finished and never what an ESD verified."""
_INTRO = (
    "Training series documentation of the educational service district",
    "One row for each person and component that was verified or waived (RCW 28A.310.515(4)).",
    "lms-sync documents add FILE files the rows that are sound, and says of each other row what is wrong with it.",
)
_EXAMPLE_ROW = (f"{EXAMPLE.upper()}-1", "Roe", "Alex", "classroom", "verified", "EXAMPLE", None, "")


def empty_list() -> bytes:
    """Return an xlsx file to fill in: headings, drop-downs, notes, one example that is passed over."""
    columns = tuple(
        ColumnSpec(c.heading, c.width, "date" if c.kind == "date" else "text", c.note, c.choices)
        for c in DOCUMENTS_FORM.columns
    )
    sheet = SheetSpec(TITLE, columns, (_EXAMPLE_ROW,), intro=_INTRO, table="Documents", freeze_columns=1)
    return write_workbook(None, [sheet], title="Documents of the ESD")


def list_in(content: bytes) -> tuple[MediaKind, Book] | None:
    """Return the list that a file holds; None for a document of its own, and for text without a column of ids.

    Raises: Unreadable for a workbook that is damaged, asks for a password, or does its reader harm.
    """
    kind = list_kind(content)
    if kind is None:
        return None
    try:
        book = read_guarded(content)
    except Unreadable:
        if kind is MediaKind.CSV:
            return None
        raise
    return None if kind is MediaKind.CSV and not any(map(_has_ids, book.sheets)) else (kind, book)


def read_list(book: Book, *, file: str, dates: DateOrder = "") -> tuple[tuple[Entry, ...], tuple[Finding, ...], bool]:
    """Return (rows, what is wrong with cells and headings, whether it is a list of documents with its columns).

    A record of training is none, and nothing of it is read. Every visible sheet with a column for the Person ID is
    read; without one, the first sheet says what is missing.
    """
    named = [replace(sheet, name=sheet.name or PurePath(file).stem, rows=_clean(sheet)) for sheet in book.sheets]
    visible = [sheet for sheet in named if not sheet.hidden] or named
    lists = [sheet for sheet in visible if _has_ids(sheet)] or visible[:1]
    training = [finding for sheet in lists if (finding := _record_of_training(sheet, file=file))]
    if training:
        return (), tuple(training), False
    entries: list[Entry] = []
    findings: list[Finding] = []
    whole = bool(lists)
    for sheet in lists:
        read = FormReader(file, Area.ROW, [sheet], dates).read(replace(DOCUMENTS_FORM, title=sheet.name))
        entries += read.entries
        findings += read.findings
        whole = whole and read.whole
    return tuple(entries), tuple(findings), whole


def _has_ids(sheet: Sheet) -> bool:
    return next(_headers(sheet), None) is not None


def _headers(sheet: Sheet) -> Iterator[Row]:
    """Yield the rows that may be the header: those that name the column of ids."""
    known = _names_of(DOCUMENTS_FORM.columns[:1])
    return (row for row in sheet.rows[:SEARCHED_ROWS] if any(fold(text(cell)) in known for cell in row.cells))


def _names_of(columns: Iterable[Column]) -> frozenset[str]:
    return frozenset(fold(name) for column in columns for name in (column.heading, *column.aliases))


def _record_of_training(sheet: Sheet, *, file: str) -> Finding | None:
    """Return what marks a sheet as a record of training; None for a list of documents."""
    ours = _names_of(DOCUMENTS_FORM.columns)
    found = [
        (address(row.number, index), plain(text(cell)))
        for row in _headers(sheet)
        for index, cell in enumerate(row.cells)
        if fold(text(cell)) not in ours and _OF_TRAINING & set(plain_words(text(cell)))
    ]
    if not found:
        return None
    return Finding(
        Area.ROW,
        "list-of-training",
        where=f"{file}, {sheet.name}!{found[0][0]}",
        found=f"a record of training, by its headings {', '.join(f'“{heading}”' for _, heading in found)}",
        expected="a list of what an ESD verified or waived: Person ID, Component, Kind, ESD, Date, Number",
        remedy="A record of training goes into the inbox, as a source's file: it shows what people finished, and "
        "documents nothing. If an ESD did send this list, call the column that says verified or waived Kind, "
        "and take the columns out that are named here.",
    )


def _clean(sheet: Sheet) -> tuple[Row, ...]:
    """Return the rows with nothing in their texts that steers a terminal: findings show cells as they are."""
    return tuple(Row(row.number, tuple(_cleaned(row))) for row in sheet.rows)


def _cleaned(row: Row) -> Iterator[Value]:
    for cell in row.cells:
        if isinstance(cell, str) and not cell.isprintable():
            yield "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in cell)
        else:
            yield cell
