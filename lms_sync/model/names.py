"""Words of names: which of them say nothing of who somebody is."""

import unicodedata
from dataclasses import dataclass

PARTICLES = frozenset({"de", "da", "del", "della", "di", "la", "las", "los", "le", "van", "von", "der", "den", "y"})


SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})


def plain_words(text: str) -> tuple[str, ...]:
    """Return a text's words in small letters, without accents and punctuation: `O'Neil` is one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
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
