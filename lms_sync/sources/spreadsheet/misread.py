"""Why an item cannot be read, before anyone knows where it stands."""

import re

from lms_sync.errors import LmsSyncError
from lms_sync.tables.cells import UNCALCULATED, ErrorValue, Value, text
from lms_sync.text import plain

ERROR_TEXT = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)|Err:\d{3}")


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


class ZoneMissing(LmsSyncError):
    """A file tells times of day and nobody has stated its zone; the file is refused whole."""


def shown(value: Value) -> str:
    """Return a value as findings quote it."""
    return f'"{text(value)}"'


def refuse_error(value: Value) -> None:
    """Raise Misread when a formula failed or was never calculated, also where an export wrote the error as text."""
    if value == UNCALCULATED:
        raise Misread(
            "formula-without-value",
            "a formula that no program has calculated, so the file holds no value for it",
            expected="a value",
            remedy="Open the workbook in a spreadsheet program and save it, or ask for an export with plain values.",
        )
    if isinstance(value, ErrorValue) or (isinstance(value, str) and ERROR_TEXT.fullmatch(plain(value))):
        raise Misread(
            "error-cell",
            f"the error {text(value).strip()}",
            expected="a value",
            remedy="Mend the formula or type the value in its place.",
        )
