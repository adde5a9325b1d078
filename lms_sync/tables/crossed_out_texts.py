"""Which of the texts that an xlsx workbook's sheets share have words in them that are crossed out."""

from collections.abc import Iterator

from lms_sync.tables.package import Package
from lms_sync.tables.xml_stream import Attributes, feed, local, stream

STRIKE = b"strike"
"""Stands in every list of texts in which any word is crossed out."""


def is_struck(attributes: Attributes) -> bool:
    """Tell whether an element called `strike` says that it is so."""
    return attributes.get("val", "1") not in ("0", "false")


def crossed_out_texts(package: Package, book: str) -> frozenset[str]:
    """Return the numbers of the texts with words that are crossed out, as cells name them. Raises: Unreadable."""
    parts = (relation.target for relation in package.relations(book) if relation.kind == "sharedStrings")
    part = next(parts, "")
    if not package.has(part) or not _holds(package.pieces(part)):
        return frozenset()
    texts = _Texts()
    feed(texts.parser, package.pieces(part))
    return frozenset(texts.found)


def _holds(pieces: Iterator[bytes]) -> bool:
    """Tell whether anything may be crossed out; every piece is looked at, so that a part that is cut off is found."""
    last, found = b"", False
    for piece in pieces:
        found = found or STRIKE in last + piece
        last = piece[-len(STRIKE) :]
    return found


class _Texts:
    """Follows the elements of the list of texts."""

    def __init__(self) -> None:
        self.parser = stream(self._start)
        self.found: set[str] = set()
        self._number = -1

    def _start(self, tag: str, attributes: Attributes) -> None:
        name = local(tag)
        if name == "si":
            self._number += 1
        elif name == "strike" and is_struck(attributes):
            self.found.add(str(self._number))
