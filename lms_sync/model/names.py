"""Words of names: which of them say nothing of who somebody is."""

import unicodedata

PARTICLES = frozenset({"de", "da", "del", "della", "di", "la", "las", "los", "le", "van", "von", "der", "den", "y"})


SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})


def plain_words(text: str) -> tuple[str, ...]:
    """Return a text's words in small letters, without accents and punctuation: `O'Neil` is one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    for apostrophe in "'’ʼ`":
        bare = bare.replace(apostrophe, "")
    return tuple("".join(c if c.isalnum() else " " for c in bare).split())
