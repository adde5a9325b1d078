"""Words of names: which of them say nothing of who somebody is."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_PARTICLES = """
de da das del della der den des di do dos du la las los le van von ter ten zu y e al el bin ibn bint abu af av
"""
_SUFFIXES = "jr sr ii iii iv v 2nd 3rd 4th esq phd md jd ret"
_TITLES = """
mr mrs ms miss mx dr prof sir
officer ofc ofcr off po sro sso srso ssgt sgt sergeant msgt tsgt sfc cpl corporal lt lieutenant ltc cpt capt captain
maj major col colonel cdr cmdr commander chief deputy dep det detective inv investigator insp inspector trooper tpr
sheriff undersheriff marshal constable pfc pvt private spc agent patrolman patrolwoman patrolperson supervisor
guard security
"""

PARTICLES = frozenset(_PARTICLES.split())
SUFFIXES = frozenset(_SUFFIXES.split())
TITLES = frozenset(_TITLES.split())
"""Titles and ranks, as they stand in front of names or in place of them."""

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that Unicode does not take apart."""


@lru_cache(maxsize=16_384)
def plain_words(text: str) -> tuple[str, ...]:
    """Return a text's words in small letters, without accents and punctuation: `O'Neil` is one word."""
    if text.isascii() and text.isalnum():
        return (text.lower(),)
    decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    for apostrophe in "'’ʼ`":
        bare = bare.replace(apostrophe, "")
    return tuple("".join(c if c.isalnum() else " " for c in bare).split())


@dataclass(frozen=True, slots=True)
class Name:
    """A name in words, in small letters and without accents."""

    first: tuple[str, ...]
    """Given names and initials, as they stand."""
    last: tuple[str, ...]
    """Without particles, unless there is nothing else."""
    suffix: str = ""


def name_of(first: str, last: str) -> Name:
    """Return a name in words; `Last, First M.` in the last name alone is taken apart."""
    if not first.strip() and "," in last:
        last, _, first = last.partition(",")
    given, family = plain_words(first), plain_words(last)
    if not (family and given) and len(family + given) > 1:
        given, family = (family + given)[:-1], (family + given)[-1:]
    suffix = next((word for word in (*family[1:], *given[1:]) if word in SUFFIXES), "")
    given = tuple(word for word in given if word != suffix) or given
    family = tuple(word for word in family if word != suffix) or family
    return Name(given, tuple(word for word in family if word not in PARTICLES) or family, suffix)
