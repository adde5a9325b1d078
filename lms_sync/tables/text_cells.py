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
"""Excel's limit of what a cell holds, in units of UTF-16: a letter beyond the first plane counts for two."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_risky(text: str) -> bool:
    """Tell whether a spreadsheet may run a text that somebody edits."""
    return text.startswith(_RISKY)


def fit_text(text: str) -> str:
    """Return what of a text can stand in a cell: characters that XML knows, and not too many of them."""
    clean = _NOT_IN_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean) <= LONGEST_TEXT // 2:
        return clean
    units = clean.encode("utf-16-le")
    if len(units) // 2 <= LONGEST_TEXT:
        return clean
    # "ignore": half of a letter that the cut leaves is left out.
    return units[: (LONGEST_TEXT - 1) * 2].decode("utf-16-le", "ignore") + "…"
