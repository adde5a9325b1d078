"""Ids as spreadsheets leave them → ids as their owners wrote them, or a refusal: nothing is guessed."""

import re
from datetime import date, time

from lms_sync.sources.spreadsheet.misread import Misread, quoted, refuse_error
from lms_sync.tables.cells import Value, text
from lms_sync.text import fold, plain

EXACT_DIGITS = 15
"""A spreadsheet keeps no more digits of a number than these."""
WHOLE = re.compile(r"(0|[1-9]\d*)\.0+")
SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+\d+")


NOBODY = frozenset(("n/a", "na", "none", "null", "nil", "unknown", "tbd"))


def is_nobodys(words: str) -> bool:
    """Tell whether an id or address is what people write where there is none: `N/A`, `-`, `0000`."""
    # Not by `fold` alone, which remembers what it was asked: ids and addresses are many.
    folded = words.strip().lower() if words.isascii() else fold(words)
    return not words.strip("0") or folded in NOBODY or not any(map(str.isalnum, words))


def identifier(value: Value, *, digits: int = 0) -> str:
    """Return an id without blanks at its ends, an empty string for a blank cell; the number 417.0 is `417`.

    `digits` is how many digits such ids have at least; 0 when nothing is known about it.

    Raises: Misread for a number whose digits are not all there, a date, or an error value.
    """
    words = _words(value)
    if words.isdecimal() and len(words) < digits:
        raise Misread(
            "lost-zeros",
            f"{quoted(value)}, which has {len(words)} digits",
            expected=f"an id of {digits} digits, with the zeros in front",
            remedy="Format the column as text in the export, or export as csv and do not save it from Excel.",
        )
    return words


def _words(value: Value) -> str:
    if type(value) is str and value.isascii() and value.isalnum():
        return value  # neither blanks nor a number that a spreadsheet has rewritten nor the words of an error
    refuse_error(value)
    if isinstance(value, bool | date | time):
        raise _rewritten(value, "which the spreadsheet made of what was typed")
    words = plain(text(value))
    if isinstance(value, float) and not value.is_integer():
        raise _rewritten(value, "a number with decimals, whose last zeros may be lost")
    if isinstance(value, int | float) and len(words.lstrip("-")) > EXACT_DIGITS:
        raise _rewritten(value, "a number too long for a spreadsheet to keep")
    if SCIENTIFIC.fullmatch(words):
        raise _rewritten(value, "a number in scientific notation")
    return words.partition(".")[0] if WHOLE.fullmatch(words) else words


def _rewritten(value: Value, why: str) -> Misread:
    return Misread(
        "bad-id",
        f"{quoted(value)}, {why}",
        expected="an id as its owner writes it",
        remedy="Format the column as text in the export, and write the id again.",
    )
