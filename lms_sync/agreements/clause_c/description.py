"""What a PDF's description in XMP states, whichever way it is written. Source: ISO 16684-1 (XMP), RDF/XML."""

from xml.parsers import expat

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_BY_PROGRAMS = {
    "http://ns.adobe.com/xap/1.0/ ModifyDate",
    "http://ns.adobe.com/xap/1.0/ MetadataDate",
    "http://ns.adobe.com/pdf/1.3/ Producer",
}
"""What every signing program writes there."""


class NoDescription(ValueError):
    """The stream holds no description that can be read."""


def statements(xmp: bytes) -> list[tuple[str, str]]:
    """Return (property, text) of all that is stated, sorted, without what every signing program writes.

    Raises: NoDescription for what is no XML, or declares a document type.
    """
    found: list[tuple[str, str]] = []
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name)
        if name == f"{_RDF} Description":
            found.extend((key, value) for key, value in attributes.items() if not key.startswith(_RDF))

    def text(words: str) -> None:
        if words.strip():
            found.append((next((name for name in reversed(path) if not name.startswith(_RDF)), ""), words.strip()))

    def refuse(*_: object) -> None:
        raise NoDescription("a document type")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.EndElementHandler = lambda _: _drop(path)
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xmp, True)  # noqa: FBT003 - expat takes no keywords
    except expat.ExpatError as error:
        raise NoDescription(str(error)) from error
    return sorted((name, words) for name, words in found if name not in _BY_PROGRAMS)


def _drop(path: list[str]) -> None:
    path.pop()
