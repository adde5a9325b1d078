"""An item's text, (heading, words) by column, written out as it is hashed and as it is stored. Pure.

The rows of a sheet have their headings in common, so that those are written out once.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring_ascii

Text = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Form:
    """A text with the headings of some rows and a `%s` or `%r` for each of its words."""

    hashed: str
    """As Python writes tuples, which is what the hashes are of that evidence is stored with."""
    stored: str
    """As JSON."""


def text_json(text: Text) -> str:
    """Return a text as JSON: what `json.dumps` makes of it."""
    headings, words = _columns(text)
    return _form(headings).stored % tuple(map(encode_basestring_ascii, words))


def text_repr(text: Text) -> str:
    """Return a text as `repr` writes it."""
    headings, words = _columns(text)
    return _form(headings).hashed % words


def pair_json(heading: str, words: str) -> str:
    """Return one column of a text as `text_json` writes it."""
    return f"[{encode_basestring_ascii(heading)}, {encode_basestring_ascii(words)}]"


def pair_repr(heading: str, words: str) -> str:
    """Return one column of a text as `text_repr` writes it."""
    return f"({heading!r}, {words!r})"


def text_hash(record: str, written: str) -> str:
    """Return a hash of a text alone, whatever file and place it stood in; `written` is its `text_repr`."""
    return short_sha256(f"({record!r}, {written})")


def short_sha256(written: str) -> str:
    """Return 32 hexadecimal digits of a text's hash."""
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def _columns(text: Text) -> tuple[tuple[str, ...], tuple[str, ...]]:
    headings, words = zip(*text, strict=True) if text else ((), ())
    return headings, words


@lru_cache(maxsize=1_024)
def _form(headings: Sequence[str]) -> _Form:
    plain = [heading.replace("%", "%%") for heading in headings]
    pairs = [f"({heading!r}, %r)" for heading in plain]
    end = ",)" if len(pairs) == 1 else ")"
    stored = (f"[{encode_basestring_ascii(heading)}, %s]" for heading in plain)
    return _Form(f"({', '.join(pairs)}{end}", f"[{', '.join(stored)}]")
