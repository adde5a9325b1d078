"""XML from outside, read as a stream by expat: no document types, no entities of the file's own."""

import re
from collections.abc import Callable, Iterable
from xml.parsers import expat

from lms_sync.tables.kinds import damaged

Attributes = dict[str, str]
MOST_ELEMENTS = 500_000
"""Elements of a part that is listed whole: relations, styles, the workbook's sheets."""
_NAMES_ENCODING = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*(?:"([^">]*)"|'([^'>]*)')""")


def stream(start: Callable[[str, Attributes], None], end: Callable[[str], None] | None = None) -> expat.XMLParserType:
    """Return a parser that calls these with each element's name as the file writes it, prefix and all.

    It takes UTF-8, whatever encoding a document names: `as_utf8` has looked at that.
    """
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def feed(parser: expat.XMLParserType, parts: Iterable[bytes]) -> None:
    """Parse a document that comes in pieces. Raises: Unreadable when it is no XML."""
    try:
        for piece in parts:
            parser.Parse(piece)
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged(str(error)) from error


def elements(parts: Iterable[bytes]) -> list[tuple[str, str, Attributes]]:
    """Return (parent, name, attributes) of every element in order, names without prefixes.

    Raises: Unreadable when it is no XML, or far larger than an honest one.
    """
    found: list[tuple[str, str, Attributes]] = []
    path = [""]

    def start(tag: str, attributes: Attributes) -> None:
        if len(found) >= MOST_ELEMENTS:
            raise damaged(f"more than {MOST_ELEMENTS:,} elements in one list")
        name = local(tag)
        found.append((path[-1], name, {local(key): value for key, value in attributes.items()}))
        path.append(name)

    feed(stream(start, lambda _: _drop(path)), parts)
    return found


def local(tag: str) -> str:
    """Return a name without its prefix."""
    return tag.rpartition(":")[2]


def as_utf8(data: bytes) -> bytes:
    """Return an XML document in UTF-8, whatever encoding it names. Raises: Unreadable."""
    encoding = _encoding(data)
    if not encoding:
        return data
    try:
        words = data.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as error:
        raise damaged(str(error)) from error
    if words.startswith("<?xml"):
        words = words.partition("?>")[2]
    return words.encode("utf-8", "replace")


def _encoding(data: bytes) -> str:
    """Return the encoding that a document names, empty for UTF-8."""
    start = data[:200]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if start[:2] in (b"<\0", b"\0<"):
        return "utf-16-le" if start[:1] == b"<" else "utf-16-be"
    declared = _NAMES_ENCODING.search(start)
    named = (declared[1] or declared[2] or b"").decode("ascii", "replace") if declared else ""
    return "" if named.casefold() in ("", "utf-8", "utf8", "us-ascii", "ascii") else named


def _drop(path: list[str]) -> None:
    path.pop()


def _refuse_document_type(*_: object) -> None:
    raise damaged("its XML declares a document type")
