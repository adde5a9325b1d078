"""The parts of an Office package (xlsx, xlsb), found as Office finds them, and given to the reader as it wants them.

Names are compared without case, with either slash; the workbook is where the package says it is.

Source: ECMA-376 part 2, 6.2.2 (part names) and 6.5 (relationships).
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lms_sync.tables.archive import check_all, pieces
from lms_sync.tables.cells import Sign
from lms_sync.tables.kinds import damaged
from lms_sync.tables.xml_stream import as_utf8, elements

ROOT_RELATIONS = "_rels/.rels"
BOOKS = ("xl/workbook.xml", "xl/workbook.bin")
"""Where the workbook stands when the package does not say."""
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
SHARED = ("styles", "sharedStrings")
"""The parts that all sheets share, by the last word of their relation's type."""
OPENED = ("worksheet", *SHARED)
"""The parts that the reader opens."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One line of a list of relations."""

    id: str
    kind: str
    """The last word of its type: `worksheet`, `styles`, …"""
    target: str
    """The part's name as the list gives it, from the package's root."""


class Package:
    """The parts of one package. Raises: Unreadable for whatever is wrong with it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries: dict[str, str] = {}
        self._read: set[str] = set()
        self.changed: dict[str, bytes] = {}
        """Name → content of the parts that the reader can't read as they are."""
        entries = archive.namelist()
        for entry in entries:
            self._entries.setdefault(folded(entry), entry)
        self.is_plain = len(self._entries) == len(entries) and all("\\" not in entry for entry in entries)
        """False when the reader might open another part than the one that is looked through here."""

    def has(self, name: str) -> bool:
        """Tell whether there is such a part."""
        return folded(name) in self._entries

    def names(self) -> list[str]:
        """Return the names of all parts, without case."""
        return list(self._entries)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Give a part in pieces, XML in UTF-8. Raises: Unreadable when it is not there or not whole."""
        if name in self.changed:
            yield self.changed[name]
            return
        entry = self._entries.get(folded(name))
        if entry is None:
            raise damaged(f"the part {name} is missing")
        self.is_plain &= entry == name
        self._read.add(entry)
        parts = pieces(self._archive, entry)
        first = next(parts, b"")
        if name.endswith(".bin") or as_utf8(first[:200]) == first[:200]:
            yield first
            yield from parts
            return
        self.changed[name] = as_utf8(b"".join((first, *parts)))
        yield self.changed[name]

    def read(self, name: str) -> bytes:
        """Return a part whole."""
        return b"".join(self.pieces(name))

    def relations(self, part: str) -> list[Relation]:
        """Return the relations of a part, in their order; none where it has no list. The package's own: part ''."""
        folder, name = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(where):
            return []
        found = [
            attributes
            for _, name, attributes in elements(self.pieces(where))
            if name == "Relationship" and attributes.get("TargetMode") != "External"
        ]
        listed = [
            (each.get("Id", ""), each.get("Type", "").rpartition("/")[2], each.get("Target", "")) for each in found
        ]
        # The reader does not go up a folder, or stay in one.
        self.is_plain &= not any(
            kind in OPENED and {"..", "."} & set(target.split("/")) for _, kind, target in listed
        )
        return [Relation(number, kind, _from_root(folder, target)) for number, kind, target in listed]

    def book(self) -> str:
        """Return the name of the workbook's part, an empty string where there is none."""
        stated = [r.target for r in self.relations("") if r.kind == "officeDocument" and self.has(r.target)]
        return next((name for name in (*stated, *BOOKS) if self.has(name)), "")

    def signs(self) -> set[Sign]:
        """Return what the package carries besides cells."""
        names = self.names()
        macros = {Sign.MACROS for name in names if name.endswith("vbaproject.bin")}
        return macros | {Sign.LINKS for name in names if name.startswith("xl/externallinks/")}

    def check_rest(self) -> None:
        """Inflate every part that the reader may open besides: a false size or a cut-off part is found here."""
        check_all(self._archive, read=frozenset(self._read))

    def as_the_reader_wants_it(self, book: str, sheets: Sequence[Relation]) -> bytes | None:
        """Return the package rebuilt with the names that the reader looks for; None where it can be read as it is.

        `sheets` are in the workbook's order.
        """
        if self.is_plain and not self.changed and book in BOOKS:
            return None
        kind = posixpath.splitext(book)[1]
        target = f"xl/workbook{kind}"
        shared = {r.kind: r.target for r in self.relations(book) if r.kind in SHARED and self.has(r.target)}
        places = [f"{sheet.kind}s/sheet{number}{kind}" for number, sheet in enumerate(sheets, 1)]
        lines = [_line(place, sheet.kind, sheet.id) for place, sheet in zip(places, sheets, strict=True)]
        lines += [_line(f"{name}{kind}", name, f"shared-{name}") for name in shared]
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as rebuilt:
            rebuilt.writestr(ROOT_RELATIONS, RELATIONS.format(_line(target, "officeDocument", "rId1")))
            rebuilt.writestr(target, self.read(book))
            rebuilt.writestr(f"xl/_rels/workbook{kind}.rels", RELATIONS.format("".join(lines)))
            for place, sheet in zip(places, sheets, strict=True):
                rebuilt.writestr(f"xl/{place}", self.read(sheet.target))
            for name, part in shared.items():
                rebuilt.writestr(f"xl/{name}{kind}", self.read(part))
        return stream.getvalue()


def folded(name: str) -> str:
    """Return what two names of one part have in common."""
    return posixpath.normpath(name.replace("\\", "/").lstrip("/")).casefold()


def _from_root(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/")


def _line(target: str, kind: str, name: str) -> str:
    return f'<Relationship Id="{_attribute(name)}" Type="{_attribute(KIND + kind)}" Target="{_attribute(target)}"/>'


def _attribute(text: str) -> str:
    """Return text as it stands between the quotes of an attribute.

    The library's own function for this brings its whole web client, which every child would import first.
    """
    return text.translate(_IN_ATTRIBUTE)


_IN_ATTRIBUTE = {ord(sign): f"&#{ord(sign)};" for sign in '&<>"\n\r\t'}
