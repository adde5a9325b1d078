"""How alike two names are, in figures and words: nicknames, initials, hyphens, suffixes, swapped or married names.

A likeness ranks candidates for a person to look at; it never matches anybody. The weights were set by hand and are
measured in benchmarks/matching.py.
"""

from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from lms_sync.model.names import Name
from lms_sync.model.nicknames import same_name

LAST_WEIGHT, FIRST_WEIGHT = 0.6, 0.4
SWAPPED_COSTS = 0.03
"""A swapped order happens, but the order as told goes before it."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are."""

    score: float
    """0 … 1; 1 for the same words."""
    words: str
    """What agrees and what does not, for a person to read."""


def likeness(name: Name, other: Name) -> Likeness:
    """Return how alike two names are, whichever way round their parts stand."""
    straight = _straight(name, other)
    if not (name.first and name.last):
        return straight
    turned = max(_straight(_turned(name), other), _straight(name, _turned(other)), key=lambda found: found.score)
    if turned.score - SWAPPED_COSTS > straight.score:
        return Likeness(turned.score - SWAPPED_COSTS, f"first and last name swapped; {turned.words}")
    return straight


def _turned(name: Name) -> Name:
    return Name(name.last, name.first, name.suffix)


def _straight(name: Name, other: Name) -> Likeness:
    last, last_words = _last(name.last, other.last)
    first, first_words = _first(name.first, other.first)
    score = LAST_WEIGHT * last + FIRST_WEIGHT * first
    words = [last_words, first_words]
    if name.suffix and other.suffix and name.suffix != other.suffix:
        score -= 0.25
        words.append(f"“{name.suffix}” is not “{other.suffix}”")
    return Likeness(max(score, 0.0), "; ".join(word for word in words if word))


def _last(first: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, str]:
    if not first or not other:
        return 0.0, "no last name"
    if first == other or "".join(first) == "".join(other):
        return 1.0, "same last name"
    shared = set(first) & set(other)
    if shared:
        return 0.9, f"last names share “{' '.join(sorted(shared))}”"
    near = max(JaroWinkler.similarity(a, b) for a in first for b in other)
    whole = fuzz.ratio(" ".join(first), " ".join(other)) / 100
    score = max(near * 0.95, whole)
    return (score, "similar last name") if score >= 0.8 else (score * 0.6, "another last name")


def _first(first: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, str]:
    if not first or not other:
        return 0.4, "no first name"
    a, b = first[0], other[0]
    middle = _middle(first[1:], other[1:])
    if a == b:
        return 1.0 - (0.15 if middle else 0.0), "same first name" + middle
    if set(first) & set(other) - {word for word in first if len(word) == 1}:
        return 0.9, "one of the first names is the same"
    if same_name(a, b):
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
