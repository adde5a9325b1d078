"""A score as sheets write it → a number; what is no number is no score."""

import re
from decimal import Decimal, InvalidOperation

from lms_sync.sources.spreadsheet.misread import Misread, quoted
from lms_sync.tables.cells import Value, text
from lms_sync.text import plain

DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
MOST_PLACES = 20
"""Digits that a score may have before its point, and behind it."""


def read_score(value: Value) -> Decimal | None:
    """Return a score as `score_of` does. Raises: Misread for what no scale has: infinite, no number, far too long."""
    words = plain(text(value))
    score = score_of(words)
    no_number = words.casefold().strip("+-") in ("nan", "inf", "infinity")
    if no_number or (score is not None and (score.adjusted() > MOST_PLACES or _places(score) > MOST_PLACES)):
        raise Misread(
            "bad-score",
            f"{quoted(words[:40])}, which is no score",
            expected="a number such as 85, 85.5 or 85%",
            remedy="Correct the score, or clear its cell.",
        )
    return score


def _places(score: Decimal) -> int:
    """Return how many digits stand behind the point."""
    exponent = score.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def score_of(words: str) -> Decimal | None:
    """Return a score, None for what is no number (`Pass`, `-`); the item keeps its text.

    A comma before one or two digits is a decimal comma: exports follow the user who made them.
    """
    number = plain(words).removesuffix("%").strip()
    try:
        score = Decimal(number.replace(",", ".") if DECIMAL_COMMA.fullmatch(number) else number)
    except InvalidOperation:
        return None
    return score if score.is_finite() else None
