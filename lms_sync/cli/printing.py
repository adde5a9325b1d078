"""What is printed: characters that a terminal would obey, or that nobody sees, are written out."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from lms_sync.text import escaped

_LONE_RETURN = re.compile(r"\r(?!\n)")
"""A carriage return that begins no new line lets what follows stand over what was printed."""

_ISOLATES = re.compile("[\u2068\u2069]")
"""Stand around a name that is read from right to left (`reports.words.clean`); a line may hold one of them alone."""

_BOLD = re.compile(r"(\x1b\[[01]m)")
"""Bold letters on and off, as our own headings have them; in a text from outside they do no harm."""


def printable(text: str) -> str:
    r"""Return a text as a terminal may have it: an escape sequence, say, as `\x1b[2J`.

    The marks that keep a name's direction to itself in a document are left out: a terminal has none of it.
    """
    return _LONE_RETURN.sub(r"\\x0d", escaped(text if text.isascii() else _ISOLATES.sub("", text)))


class Printing:
    """A stream of text that lets nothing through by which a terminal would be steered."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        """Where colours of our own may be written."""

    def write(self, text: str) -> int:
        """Write a text, and return how long it was."""
        parts = _BOLD.split(text)
        self.stream.write("".join(part if _BOLD.fullmatch(part) else printable(part) for part in parts))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def printing() -> Iterator[None]:
    """Have all that is printed meanwhile go through `Printing`, results and errors alike."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast(TextIO, Printing(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def unescaped(stream: TextIO) -> TextIO:
    """Return the stream itself, for texts that were made printable before their colours were added."""
    return stream.stream if isinstance(stream, Printing) else stream
