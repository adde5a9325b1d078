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
class Columns:
    """Columns of a text that stand side by side, with a `%s` or `%r` for the words of each."""

    hashed: str
    """As Python writes tuples, which is what the hashes are of that evidence is stored with."""
    stored: str
    """As JSON."""

    def written(self, words: tuple[str, ...]) -> tuple[str, str]:
        """Return them with the words of a row and commas between, as they are hashed and as they are stored."""
        return self.hashed % words, self.stored % tuple(map(encode_basestring_ascii, words))


@lru_cache(maxsize=1_024)
def columns_of(headings: Sequence[str]) -> Columns:
    """Return columns with these headings."""
    plain = [heading.replace("%", "%%") for heading in headings]
    hashed = ", ".join([f"({heading!r}, %r)" for heading in plain])
    return Columns(hashed, ", ".join([f"[{encode_basestring_ascii(heading)}, %s]" for heading in plain]))


def column_written(heading: str, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what `Columns.written` makes of a single column and its words in each of some rows: quicker."""
    hashed, stored = f"({heading!r}, ", f"[{encode_basestring_ascii(heading)}, "
    return (
        [f"{hashed}{of_row!r})" for of_row in words],
        [f"{stored}{of_row}]" for of_row in map(encode_basestring_ascii, words)],
    )


def text_json(text: Text) -> str:
    """Return a text as JSON: what `json.dumps` makes of it."""
    headings, words = _split(text)
    return f"[{columns_of(headings).stored % tuple(map(encode_basestring_ascii, words))}]"


def text_repr(text: Text) -> str:
    """Return a text as `repr` writes it."""
    headings, words = _split(text)
    hashed = columns_of(headings).hashed % words
    return f"({hashed},)" if len(words) == 1 else f"({hashed})"


def text_hash(record: str, written: str) -> str:
    """Return a hash of a text alone, whatever file and place it stood in; `written` is its `text_repr`."""
    return short_sha256(f"({record!r}, {written})")


def short_sha256(written: str) -> str:
    """Return 32 hexadecimal digits of a text's hash."""
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def _split(text: Text) -> tuple[tuple[str, ...], tuple[str, ...]]:
    headings, words = zip(*text, strict=True) if text else ((), ())
    return headings, words
