"""How alike two names are, in figures and words: nicknames, initials, hyphens, suffixes, swapped or married names.

A likeness ranks candidates for a person to look at; it never matches anybody. The weights were set by hand and are
measured in benchmarks/matching.py.
"""

from dataclasses import dataclass
from operator import itemgetter

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from lms_sync.model.names import Name
from lms_sync.model.nicknames import same_name

LAST_WEIGHT, FIRST_WEIGHT = 0.6, 0.4
SWAPPED_COSTS = 0.03
"""A swapped order happens, but the order as told goes before it."""
SUFFIX_COSTS = 0.25
_Parts = tuple[tuple[str, ...], tuple[str, ...]]
"""The words of a last name and of a first name, or of what may be one."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are."""

    score: float
    """0 … 1; 1 for the same words."""
    words: str
    """What agrees and what does not, for a person to read."""


def likeness(name: Name, other: Name, *, least: float = 0.0) -> Likeness:
    """Return how alike two names are, whichever way round their parts stand.

    Where that is less than `least`, it is some likeness under it: two names of which no word is alike are many.
    """
    against = _suffixes(name, other)
    score, words = _straight((name.last, name.first), (other.last, other.first), against, least)
    if name.first and name.last:
        turned, turned_words = max(
            _straight((name.first, name.last), (other.last, other.first), against, least),
            _straight((name.last, name.first), (other.first, other.last), against, least),
            key=itemgetter(0),
        )
        if turned - SWAPPED_COSTS > score:
            score, words = turned - SWAPPED_COSTS, ("first and last name swapped", *turned_words)
    return Likeness(score, "; ".join(filter(None, words)))


def _suffixes(name: Name, other: Name) -> str:
    """Return what is against it in the suffixes; empty for nothing."""
    differ = name.suffix and other.suffix and name.suffix != other.suffix
    return f"“{name.suffix}” is not “{other.suffix}”" if differ else ""


def _straight(name: _Parts, other: _Parts, against: str, least: float) -> tuple[float, tuple[str, ...]]:
    """Return the score of two names as (last, first), and what agrees and what does not; 0 for one under `least`."""
    last, last_words = _last(name[0], other[0])
    if LAST_WEIGHT * last + FIRST_WEIGHT < least:  # whatever the first name is
        return 0.0, ()
    first, first_words = _first(name[1], other[1])
    score = LAST_WEIGHT * last + FIRST_WEIGHT * first - (SUFFIX_COSTS if against else 0)
    return max(score, 0.0), (last_words, first_words, against)


def _last(first: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, str]:
    if not first or not other:
        return 0.0, "no last name"
    if first == other or "".join(first) == "".join(other):
        return 1.0, "same last name"
    if shared := set(first).intersection(other):
        return 0.9, f"last names share “{' '.join(sorted(shared))}”"
    near = max([JaroWinkler.similarity(a, b) for a in first for b in other])
    whole = fuzz.ratio(" ".join(first), " ".join(other)) / 100
    score = max(near * 0.95, whole)
    return (score, "similar last name") if score >= 0.8 else (score * 0.6, "another last name")


def _first(first: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, str]:
    if not first or not other:
        return 0.4, "no first name"
    a, b = first[0], other[0]
    if a == b:
        middle = _middle(first[1:], other[1:])
        return 1.0 - (0.15 if middle else 0.0), "same first name" + middle
    if any(word in other for word in first if len(word) > 1):
        return 0.9, "one of the first names is the same"
    if same_name(a, b):
        middle = _middle(first[1:], other[1:])
        return 0.92 - (0.15 if middle else 0.0), f"{a.title()} and {b.title()} are forms of one name" + middle
    if (len(a) == 1 or len(b) == 1) and a[0] == b[0]:
        return 0.75, "the initial agrees"
    if min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a)):
        return 0.85, "one first name begins the other"
    near = JaroWinkler.similarity(a, b)
    return (near * 0.9, "similar first name") if near >= 0.85 else (near * 0.5, "another first name")


def _middle(first: tuple[str, ...], other: tuple[str, ...]) -> str:
    """Return what is against it in the middle names; empty for nothing."""
    if first and other and first[0][0] != other[0][0]:
        return f", but middle {first[0].title()} is not {other[0].title()}"
    return ""
