"""What is removed from a table before anything of it is kept: social security numbers and birth dates."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.tables.cells import Row, Value, column_letters, text
from lms_sync.text import fold, plain

SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
MASK = "***-**-****"
SSN_HEADING = re.compile(r"(?<![a-z])ssn(?![a-z])|s\.s\.n|social ?_?sec|soc\.? ?sec|social ?insurance")
BIRTH_HEADING = re.compile(r"(?<![a-z])dob(?![a-z])|d\.o\.b|(?<!child)birth|\bborn\b|\bbday\b")
YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](\d{4})|(\d{4})[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T].*)?")
WHO_HEADING = re.compile(
    r"\b(names?|user ?name|user|e-?mails?|login|phone|mobile|address|badge|employee|officer|student|learner|ids?"
    r"|signature|signed|supervisor|manager|instructor|trainer)\b"
)
WHAT_HEADING = re.compile(
    r"\b(course|activity|module|unit|event|class|school|host|agency|company|district|location)\b"
)
BIRTH_YEARS = range(1930, 2011)
ENOUGH_DAYS = 3
"""An unclaimed column of this many days, all in BIRTH_YEARS, is taken for birth dates."""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A column that must not be kept, and what it looks like."""

    column: int
    heading: str
    looks_like: str


def without_forbidden(table: Table, courses: frozenset[int] = frozenset()) -> tuple[Table, tuple[Forbidden, ...]]:
    """Return the table without forbidden columns, social security numbers elsewhere masked; and those columns.

    `courses` are the columns of a matrix that hold completions: their days are never taken for birth dates.

    Raises: Misread when a column that the layout uses holds social security numbers or birth dates.
    """
    used = {column: role for role, column in table.columns.items()}
    forbidden = []
    for column, name in enumerate(table.headings):
        heading = "" if table.is_unnamed(column) else name
        values = [row.cell(column) for row in table.rows]
        looks_like = _looks_like(fold(heading), values, guess_days=column not in used and column not in courses)
        if not looks_like:
            continue
        if column in used:
            raise Misread(
                "forbidden-column",
                f"column {column_letters(column)} holds what looks like {looks_like}, and the layout uses it "
                f"for {used[column]}",
                expected="a column that is neither",
                remedy="Ask for an export with another id, and correct the layout; nothing of the file was kept.",
            )
        forbidden.append(Forbidden(column, name, looks_like))
    blanked = {column.column for column in forbidden}
    return replace(table, rows=tuple(_clean(row, blanked) for row in table.rows)), tuple(forbidden)


def mask(words: str) -> str:
    """Return text with social security numbers masked."""
    return SSN.sub(MASK, words) if "-" in words else words


def identifies(heading: str) -> bool:
    """Tell whether a column that the layout does not name may identify a person, by its heading."""
    words = fold(heading)
    return WHO_HEADING.search(words) is not None and WHAT_HEADING.search(words) is None


def _looks_like(heading: str, values: Sequence[Value], *, guess_days: bool) -> str:
    if SSN_HEADING.search(heading) or _most(values, lambda words: SSN.fullmatch(words) is not None):
        return "social security numbers"
    if BIRTH_HEADING.search(heading) or (guess_days and _are_birth_days(values)):
        return "birth dates"
    return ""


def _most(values: Sequence[Value], fits: Callable[[str], bool]) -> bool:
    filled = [plain(text(value)) for value in values if isinstance(value, str)]
    return bool(filled) and sum(map(fits, filled)) * 2 > len(filled)


def _are_birth_days(values: Sequence[Value]) -> bool:
    filled = [value for value in values if value is not None]
    return len(filled) >= ENOUGH_DAYS and all(_year(value) in BIRTH_YEARS for value in filled)


def _year(value: Value) -> int | None:
    if isinstance(value, date | datetime):
        return value.year
    match = YEAR.fullmatch(plain(value)) if isinstance(value, str) else None
    return int(match[1] or match[2]) if match else None


def _clean(row: Row, blanked: set[int]) -> Row:
    if not blanked and not any(isinstance(cell, str) and "-" in cell and SSN.search(cell) for cell in row.cells):
        return row
    return Row(row.number, tuple(None if i in blanked else _masked(cell) for i, cell in enumerate(row.cells)))


def _masked(value: Value) -> Value:
    return mask(value) if isinstance(value, str) else value
