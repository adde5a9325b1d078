"""A file's text, decoded piece by piece: a whole one beside bytes and rows would take as much memory again."""

import codecs
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

PIECE = 2**19
"""Bytes, or characters, that a piece has at least; it ends with a line."""
MARK = "\ufeff"
"""Tells the byte order, and is no text."""
BY_BYTES = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "cp1252": "cp1252", "iso8859-1": "latin-1", "ascii": "ascii"}
"""Encodings in which the byte of a line break is nothing else, whatever stands before it, and how a piece is read."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A file's text, which can be gone through more than once; a byte that the encoding does not know stays in it."""

    data: bytes
    encoding: str

    def __iter__(self) -> Iterator[str]:
        """Yield the text in pieces of whole lines, without the mark of its byte order.

        Raises: UnicodeDecodeError; LookupError for an encoding that there is not.
        """
        by = self.by_bytes
        if by is None:
            yield from _of_text(self.whole)
            return
        start = self.start
        while start < len(self.data):
            end = self.data.find(b"\n", start + PIECE) + 1 or len(self.data)
            yield self.data[start:end].decode(by, "surrogateescape")
            start = end

    @property
    def by_bytes(self) -> str | None:
        """Return how lines are read whose ends are told by bytes; None where they are not.

        Raises: LookupError for an encoding that there is not.
        """
        return BY_BYTES.get(codecs.lookup(self.encoding).name)

    @property
    def start(self) -> int:
        """Return where the text begins, by bytes, in an encoding that is read by bytes."""
        name = codecs.lookup(self.encoding).name
        marks = {"utf-8": 1, "utf-8-sig": 2}.get(name, 0)
        return sum(len(codecs.BOM_UTF8) for n in range(marks) if self.data.startswith(codecs.BOM_UTF8 * (n + 1)))

    @property
    def whole(self) -> str:
        """Return the whole text. Raises: as above."""
        errors = "surrogatepass" if self.encoding.startswith("utf-16") else "surrogateescape"
        return self.data.decode(self.encoding, errors).removeprefix(MARK)

    @property
    def first(self) -> str:
        """Return the first piece, empty of an empty file. Raises: as above."""
        return next(iter(self), "")

    @property
    def ends_with_line(self) -> bool:
        """Tell whether there is a line break at the end."""
        last = deque(self, maxlen=1)
        return bool(last) and last[0].endswith(("\n", "\r"))

    def lines(self) -> Iterator[str]:
        """Return the lines, each with its end, of whatever kind that is."""
        return chain.from_iterable(map(_lines, self))


def _lines(piece: str) -> Iterator[str]:
    # Without lone carriage returns, text is parted in half the time.
    alone = piece.count("\r") != piece.count("\r\n")
    return io.StringIO(piece, newline="" if alone else "\n")


def _of_text(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find("\n", start + PIECE) + 1 or len(text)
        yield text[start:end]
        start = end
