"""Text that a spreadsheet keeps as text: what may stand in a cell."""

import re
from typing import Literal

Kind = Literal["text", "date", "number", "money", "link"]
FORMATS: dict[Kind, str] = {
    "text": "@",
    "date": "d mmm yyyy",
    "number": "General",
    "money": "$#,##0.00",
    "link": "@",
}
LONGEST_TEXT = 32_767
"""Excel's limit of characters in a cell."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_risky(text: str) -> bool:
    """Tell whether a spreadsheet may run a text that somebody edits."""
    return text.startswith(_RISKY)


def fit_text(text: str) -> str:
    """Return what of a text can stand in a cell: characters that XML knows, and not too many of them."""
    clean = _NOT_IN_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return clean if len(clean) <= LONGEST_TEXT else clean[: LONGEST_TEXT - 1] + "…"
