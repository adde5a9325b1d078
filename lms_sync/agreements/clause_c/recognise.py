"""A file that somebody shows us → the document that we issued: byte for byte, or with something behind it, or none.

A signed PDF is the issued file with an *incremental update* behind it (ISO 32000-2, 7.5.6): the issued bytes stay in
front, unchanged. What stands behind them is for signed.py to judge.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

_NUMBER = re.compile(rb"T[CP]-[0-9]{4}-[0-9]{4,}")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is, held against everything that was issued."""

    sha256: str
    """Of the issued bytes that the file is, or begins with; empty for none."""
    size: int
    """How many bytes of the file are as issued; 0 for none."""
    behind: int
    """How many bytes stand behind them."""
    claims: str
    """The number that the file itself names, whether it is true or not; empty for none."""

    @property
    def known(self) -> bool:
        """Tell whether the file is, or begins with, a document that was issued."""
        return bool(self.sha256)


def recognise(content: bytes, issued: Mapping[str, int]) -> Recognised:
    """Return what the file is; `issued` is sha256 → size in bytes of every document that was ever issued.

    Of several that it begins with the longest counts. A size of 0 is that of a document whose bytes were purged: its
    exact bytes are recognised by their hash, and what stands behind them can't be told from them any more.
    """
    claim = _NUMBER.search(content)
    claims = claim[0].decode() if claim else ""
    whole = hashlib.sha256(content).hexdigest()
    if whole in issued:
        return Recognised(whole, len(content), 0, claims)
    by_size: dict[int, set[str]] = {}
    for sha256, size in issued.items():
        by_size.setdefault(size, set()).add(sha256)
    found, digest, read = ("", 0), hashlib.sha256(), 0
    for size in sorted(size for size in by_size if 0 < size <= len(content)):
        digest.update(content[read:size])
        read = size
        if digest.hexdigest() in by_size[size]:
            found = (digest.hexdigest(), size)
    return Recognised(*found, len(content) - found[1], claims)
