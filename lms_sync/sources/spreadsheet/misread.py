"""Why an item cannot be read, before anyone knows where it stands."""

import re

from lms_sync.errors import LmsSyncError
from lms_sync.model.finding import Area, Finding
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.tables.cells import CellCause, ErrorValue, Value, text
from lms_sync.text import plain

ERROR_TEXT = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)|Err:\d{3}")

ERROR_SIGNS = frozenset("#eE")
"""How errors that an export wrote as text begin."""
CAUSES: dict[CellCause, tuple[str, str, str]] = {
    CellCause.FAILED: ("error-cell", "the error {}", "Correct the formula or type the value in its place."),
    CellCause.UNCALCULATED: (
        "formula-without-value",
        "a formula that no program has calculated, so the file holds no value for it",
        "Open the workbook in a spreadsheet program and save it, or ask for an export with plain values.",
    ),
    CellCause.PICTURE: (
        "picture-cell",
        "a picture, or one of Excel's rich data types, which says nothing as text",
        "Type its meaning in its place, or ask for an export with plain values.",
    ),
    CellCause.UNFIT: (
        "unfit-text",
        'text with characters that are not allowed: "{}"',
        "Type the text again in its place; if the whole file is like that, ask for an export in UTF-8.",
    ),
    CellCause.CROSSED_OUT: (
        "crossed-out",
        "a value that is crossed out",
        "If it does not count, delete the row, or the value; otherwise take the line through it off.",
    ),
}
"""Cause → the finding's code, what is found, what to do."""


class Misread(LmsSyncError):
    """A value that cannot be taken; caught beside the row it stands in and told as a finding."""

    def __init__(self, code: str, found: str, *, expected: str, remedy: str) -> None:
        super().__init__(found, hint=remedy)
        self.code = code
        self.found = found
        self.expected = expected
        self.remedy = remedy
        self.column: int | None = None
        """0-based; None for the row as a whole."""


def finding_of(misread: Misread, where: str, *, source: str, area: Area) -> Finding:
    """Return a Misread as the finding that a person reads."""
    return Finding(area, misread.code, where, mask(misread.found), misread.expected, misread.remedy, source=source)


class ZoneMissing(LmsSyncError):
    """A file gives times of day and nobody has stated its zone; the file is refused whole."""


def quoted(value: Value) -> str:
    """Return a value as findings quote it."""
    return f'"{text(value)}"'


def may_be_error(value: Value) -> bool:
    """Tell whether a value is worth a look by `refuse_error`; True for every value that it refuses."""
    if isinstance(value, str):
        return (first := value[:1]) in ERROR_SIGNS or (first.isspace() and value.lstrip()[:1] in ERROR_SIGNS)
    return isinstance(value, ErrorValue)


def refuse_error(value: Value) -> None:
    """Raise Misread when a formula failed or was never calculated, also where an export wrote the error as text."""
    if isinstance(value, str) and may_be_error(value) and ERROR_TEXT.fullmatch(plain(value)):
        value = ErrorValue(plain(value))
    if isinstance(value, ErrorValue):
        code, found, remedy = CAUSES[value.cause]
        raise Misread(code, found.format(value.text.strip()), expected="a value", remedy=remedy)
