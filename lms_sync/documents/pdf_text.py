"""The text of a PDF, and what it carries that a reader might run: scripts, launches, files. Home of pypdf.

This reads in the process that asks; files from outside go through `look.look_into`.
"""

import contextlib
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from lms_sync.text import plain

LOCKED = "It is encrypted and could not be looked into: open it where no script can run."
SCRIPT = "It carries a script (JavaScript), as forms to fill in often do: open it where no script can run."
LAUNCH = "It asks to start another program or to open another file (Launch): do not allow it."
ATTACHED = "It carries other files inside: do not open them from within."
SENDS = "It can send what is filled in to an address on the network (SubmitForm)."
XFA = "It is a form in XFA, which may carry scripts: open it where no script can run."
DAMAGED = "Parts of it are damaged and could not be looked into."
MOST_PAGES = 60
"""Pages whose text is read."""
_ACTIONS = {
    "/JavaScript": SCRIPT,
    "/Rendition": SCRIPT,
    "/Launch": LAUNCH,
    "/ImportData": LAUNCH,
    "/GoToE": ATTACHED,
    "/SubmitForm": SENDS,
}
_NAME = re.compile(rb"/((?:[A-Za-z]|#[0-9A-Fa-f]{2}){6,40})")
"""A name of six letters at least: shorter ones stand in compressed pictures by chance."""
_SPELT = {b"JavaScript": SCRIPT, b"Launch": LAUNCH, b"EmbeddedFile": ATTACHED, b"EmbeddedFiles": ATTACHED}
_KEYS = {"/JS": SCRIPT, "/EmbeddedFiles": ATTACHED, "/EF": ATTACHED, "/RichMediaContent": SCRIPT, "/XFA": XFA}


def look_into_pdf(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return (text, notes) of a PDF; no text for a scan.

    Raises: whatever pypdf raises for a file that it cannot read at all.
    """
    reader = PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted and not _opens(reader):
        return "", (LOCKED,)
    notes = dict.fromkeys((*_spelt_in(content), *(note for part in _objects(reader) for note in _notes_of(part))))
    texts = []
    for number in range(min(len(reader.pages), MOST_PAGES)):
        with contextlib.suppress(Exception):  # one page that cannot be read leaves the others
            texts.append(reader.pages[number].extract_text())
    return "\n".join((*texts, _filled_in(reader))), tuple(notes)


def _opens(reader: PdfReader) -> bool:
    """Tell whether no password is needed to read, as with documents that only forbid changes."""
    try:
        return bool(reader.decrypt(""))
    except Exception:  # a cipher that is not built in
        return False


def _filled_in(reader: PdfReader) -> str:
    """Return what was typed into a form: it stands beside the pages."""
    with contextlib.suppress(Exception):
        return "\n".join(plain(str(field)) for field in (reader.get_form_text_fields() or {}).values() if field)
    return ""


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Yield every object, those in object streams and those that nothing refers to as well; None for a broken one."""
    yield reader.trailer
    numbers = {(number, generation) for generation, places in reader.xref.items() for number in places}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    for number, generation in sorted(numbers):
        try:
            found = reader.get_object(IndirectObject(number, generation, reader))
            if isinstance(found, StreamObject) and found.get("/Type") == "/ObjStm":
                found.get_data()  # what cannot be unpacked is broken, too
            yield found
        except Exception:  # whatever a broken object makes its reader raise, the others are looked into
            yield None


def _spelt_in(content: bytes) -> Iterator[str]:
    """Yield a note for each name that stands in bytes: an object that pypdf gives up on, another reader may run."""
    for name in dict.fromkeys(_NAME.findall(content)):
        plain_name = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), name)
        if plain_name in _SPELT:
            yield _SPELT[plain_name]


def _notes_of(part: Any) -> Iterator[str]:
    """Yield a note for everything in an object that could do something; without recursion, however deep it nests."""
    if part is None:
        yield DAMAGED
    if isinstance(part, StreamObject) and part.get("/Type") == "/ObjStm":
        yield from _spelt_in(part.get_data())
    waiting = [part]
    while waiting:
        here = waiting.pop()
        if isinstance(here, DictionaryObject):
            if (action := _action(here)) in _ACTIONS:
                yield _ACTIONS[action]
            yield from (note for key, note in _KEYS.items() if key in here)
            waiting += (here.raw_get(key) for key in here)
        elif isinstance(here, ArrayObject):
            waiting += list.__iter__(here)


def _action(here: DictionaryObject) -> str:
    """Return what kind of action an object is; empty for none. The word may stand in an object of its own."""
    with contextlib.suppress(Exception):
        return str(here["/S"])
    return ""
