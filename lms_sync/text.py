"""Text as it is compared and told: in one Unicode form, folded, with the closest known word."""

import difflib
import re
import unicodedata
from collections.abc import Iterable


def plain(words: str) -> str:
    """Return text in Unicode's NFC, without blanks at its ends and with single spaces inside."""
    return " ".join(unicodedata.normalize("NFC", words).split())


def fold(words: str) -> str:
    """Return what two texts have in common that differ in case, blanks or Unicode form only."""
    return plain(unicodedata.normalize("NFC", plain(words).casefold()))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `Did you mean …? ` for the known word that is closest, an empty string when none is close."""
    by_fold = {fold(name): name for name in known}
    close = difflib.get_close_matches(fold(word), by_fold, n=1, cutoff=0.6)
    return f'Did you mean "{by_fold[close[0]]}"? ' if close else ""


def did_you_mean_id(word: str, known: Iterable[str]) -> str:
    """Return `Did you mean …? ` for the one known id that differs in leading zeros, case or blanks only.

    Never for one that is merely spelt like it: a near id is another person's.
    """
    same = [name for name in known if _without_zeros(name) == _without_zeros(word)]
    return f'Did you mean "{same[0]}"? ' if len(same) == 1 else ""


def _without_zeros(word: str) -> str:
    """Return an id as it is left when a spreadsheet has taken it for a number."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", fold(word)).removesuffix(".0")
