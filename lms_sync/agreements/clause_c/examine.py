"""The process that examines a signed copy, and the home of pyHanko: `python -m lms_sync.agreements.clause_c.examine`.

It takes the file on stdin, of which the first SIZE bytes are a PDF as issued, and answers with JSON on stdout. BYTES
is the memory that it may take. What was added behind must be signatures and their fields and nothing else, and a
visible one must stand in the place that the document has for signatures.
"""

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, NumberObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, FormUpdatingRule, StandardDiffPolicy
from pyhanko.sign.diff_analysis.constants import ACROFORM_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.diff_analysis.policy_api import ModificationLevel
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from lms_sync.agreements.clause_c.description import NoDescription, statements
from lms_sync.agreements.clause_c.signed import UNREADABLE, Appended, Signature
from lms_sync.tables.limits import limit_memory

PLACE, AFTER = "signatures", "verification"
"""Labels of the template (reports/clause_c.typ): the headings of the place for signatures, and of what follows it."""
_FORM = {"/Fields", "/SigFlags", "/DR", "/DA"}
_FIELD = {
    *("/Type", "/Subtype", "/FT", "/T", "/TU", "/V", "/Rect", "/F", "/Ff", "/P", "/AP", "/Kids", "/Parent", "/MK"),
    *("/DA", "/NM", "/Lock", "/SV", "/StructParent", "/BS", "/Border", "/M", "/DR", "/Q"),
}
"""What a signature's field may hold: no action, no script. Source: ISO 32000-2, tables 166, 192, 226, 233."""
_DEEPEST = 8
LONGEST_TEXT = 80


_BY_PROGRAMS = ("/ModDate", "/Producer")
"""What every signing program writes into Info: when the file was saved, and by which program."""


_PREFIXES = {"/ADBE", "/ISO_", "/ESIC", "/Type"}
_EXTENSION_TEXTS = ("/URL", "/ExtensionRevision")
_EXTENSION = {"/Type", "/BaseVersion", "/ExtensionLevel", *_EXTENSION_TEXTS}
"""What signing programs say of the extensions of PDF that a signature uses."""


class UnexpectedChange(Exception):
    """Something that no signing program does; its text is a sentence."""


def examine(content: bytes, size: int) -> Appended:
    """Return what the file holds behind its first `size` bytes."""
    signatures: tuple[Signature, ...] = ()
    try:
        issued, returned = PdfFileReader(BytesIO(content[:size])), PdfFileReader(BytesIO(content))
        _expect_built_on(issued, returned)
        # By readers of their own: what these look up would stand in the way of comparing objects afterwards.
        _expect_as_issued(PdfFileReader(BytesIO(content[:size])), PdfFileReader(BytesIO(content)))
        signatures = tuple(_signature(embedded_signature) for embedded_signature in returned.embedded_signatures)
        _expect_only_signatures(returned, issued.total_revisions)
        _expect_covered(returned)
        _expect_in_place(issued, returned)
    except UnexpectedChange as strange:
        return Appended(signatures, str(strange))
    except Exception:  # whatever a file from outside does to its reader, it is not taken for ours
        return Appended(signatures, UNREADABLE)
    return Appended(signatures, "")


def _expect_built_on(issued: PdfFileReader, returned: PdfFileReader) -> None:
    """Refuse a file whose newest state is not built on the issued one, such as a second PDF put behind it."""
    revisions = issued.total_revisions
    for revision in range(min(revisions, returned.total_revisions)):
        if returned.xrefs.get_startxref_for_revision(revision) != issued.xrefs.get_startxref_for_revision(revision):
            raise UnexpectedChange(
                "The issued bytes are followed by another document, which a program would show instead."
            )
    if returned.total_revisions <= revisions:
        raise UnexpectedChange("What follows the issued bytes is not part of a PDF.")


def _expect_as_issued(issued: PdfFileReader, returned: PdfFileReader) -> None:
    """Refuse a file whose information, description or catalog says anything that was not issued."""
    _expect_same(_information(issued), _information(returned), "The document's information (title, author, dates)")
    if not _same_description(_metadata(issued), _metadata(returned)):
        raise UnexpectedChange("The document's description in XMP was changed or added.")
    _expect_same(_catalog(issued), _catalog(returned), "The document's catalog")


def _expect_same(issued: Mapping[str, object], returned: Mapping[str, object], what: str) -> None:
    """Refuse a dictionary that is not as issued, and tell which of its entries are not."""
    names = sorted(name for name in issued.keys() | returned.keys() if issued.get(name) != returned.get(name))
    if names:
        raise UnexpectedChange(f"{what} is not as issued: {', '.join(names[:8])}.")


def _information(reader: PdfFileReader) -> dict[str, object]:
    info = reader.trailer_view.get("/Info")
    entries = info.get_object().items() if info is not None else ()
    return {str(name): str(value) for name, value in entries if name not in _BY_PROGRAMS}


def _same_description(issued: bytes, returned: bytes) -> bool:
    try:
        return issued == returned or statements(issued) == statements(returned)
    except NoDescription:
        return False


def _metadata(reader: PdfFileReader) -> bytes:
    if "/Metadata" not in reader.root:
        return b""
    return bytes(getattr(reader.root["/Metadata"], "data", b"no stream"))


def _catalog(reader: PdfFileReader) -> dict[str, object]:
    """Return the catalog without what signatures need, each entry as it is written, objects by their number."""
    root = reader.root
    without = {"/AcroForm", "/Metadata"} | ({"/Extensions", "/Version"} if _is_plain(root) else set())
    return {str(name): repr(root.raw_get(name)) for name in root if name not in without}


def _is_plain(root: DictionaryObject) -> bool:
    """Tell whether version and extensions of a catalog are what signing programs write: names and numbers, no more.

    Source: ISO 32000-2, 7.12 (extensions dictionary).
    """
    if str(root.get("/Version", "/1.7")) not in ("/1.4", "/1.5", "/1.6", "/1.7", "/2.0"):
        return False
    extensions = root["/Extensions"] if "/Extensions" in root else {}  # noqa: SIM401 - `get` gives a reference
    if not isinstance(extensions, dict):
        return False
    listed = [part for name in extensions for part in _listed(extensions[name])] if extensions else []
    return set(extensions) <= _PREFIXES and all(
        isinstance(part, DictionaryObject)
        and set(part) <= _EXTENSION
        and all(isinstance(part[name], NameObject | NumberObject) for name in part if name not in _EXTENSION_TEXTS)
        and all(len(str(part.get(name, ""))) <= LONGEST_TEXT for name in _EXTENSION_TEXTS)
        for part in listed
    )


def _listed(value: object) -> list[object]:
    return [part.get_object() for part in value] if isinstance(value, ArrayObject) else [value]


_POLICY = StandardDiffPolicy(
    DEFAULT_DIFF_POLICY.global_rules,
    # The issued file has no form, so the first signature brings one, with the flag that there are signatures.
    FormUpdatingRule(
        DEFAULT_DIFF_POLICY.form_rule.field_rules if DEFAULT_DIFF_POLICY.form_rule else [],
        ACROFORM_EXEMPT_STRICT_COMPARISON | {"/SigFlags"},
    ),
)


def _expect_only_signatures(returned: PdfFileReader, revisions: int) -> None:
    """Compare the file as issued with the file as it is. Raises: also what pyHanko raises for other changes."""
    if not returned.embedded_signatures:
        raise UnexpectedChange("What follows the issued bytes contains no signature.")
    old = returned.get_historical_resolver(revisions - 1)
    new = returned.get_historical_resolver(returned.total_revisions - 1)
    if "/AcroForm" not in old.root:  # pyHanko compares forms, so the issued file gets an empty one, in memory
        form = {NameObject("/Fields"): ArrayObject()}
        old.root[NameObject("/AcroForm")] = DictionaryObject(form)  # type: ignore[no-untyped-call]
    if _POLICY.apply(old, new).modification_level.value > ModificationLevel.FORM_FILLING.value:
        raise UnexpectedChange(UNREADABLE)
    form = returned.root["/AcroForm"]
    if set(form) - _FORM:
        raise UnexpectedChange("What follows the issued bytes contains a form that does more than sign.")
    for field in form["/Fields"]:
        _expect_signed(field.get_object(), has_value=False, depth=0)


def _expect_signed(field: DictionaryObject, *, has_value: bool, depth: int) -> None:
    """Refuse a field that is not signed, or that holds more than a signature does; its parts too."""
    if depth > _DEEPEST or set(field) - _FIELD:
        raise UnexpectedChange("A field behind the issued bytes does more than sign.")
    value = has_value or "/V" in field
    parts = field.get("/Kids", [])
    if field.get("/FT", "/Sig") != "/Sig" or not (value or parts):
        raise UnexpectedChange("A field behind the issued bytes is not signed: it may cover what was issued.")
    for part in parts:
        _expect_signed(part.get_object(), has_value=value, depth=depth + 1)


def _expect_covered(returned: PdfFileReader) -> None:
    """Refuse a file in which anything stands behind the last signature, or which a signature covers in part only."""
    levels = [embedded_signature.evaluate_signature_coverage() for embedded_signature in returned.embedded_signatures]
    if levels[-1] is not SignatureCoverageLevel.ENTIRE_FILE:
        raise UnexpectedChange("Something follows the last signature.")
    if any(level < SignatureCoverageLevel.ENTIRE_REVISION for level in levels):
        raise UnexpectedChange("A signature covers only a part of the document.")


def _expect_in_place(issued: PdfFileReader, returned: PdfFileReader) -> None:
    """Refuse a visible signature outside the place that the document has for them: it could hide what was issued."""
    visible = list(_visible(returned))
    if not visible:
        return
    place = place_of(issued)
    for page, low, high in visible:
        if place is None or page != place[0] or not (place[1] <= low < high <= place[2]):
            raise UnexpectedChange(
                "A visible signature is outside the space for signatures, where it may hide what was issued."
            )


def _visible(returned: PdfFileReader) -> Iterator[tuple[int, float, float]]:
    """Yield (page, lowest, highest) of every field that shows anything; pages count from 0."""
    for number, page in enumerate(_pages(returned.root["/Pages"], depth=0)):
        for annotation in page.get("/Annots", []):
            widget = annotation.get_object()
            if widget.get("/Subtype") == "/Widget":
                edges = [float(edge) for edge in widget["/Rect"]]
                left, right = sorted(edges[::2])
                low, high = sorted(edges[1::2])
                if right > left and high > low:
                    yield number, low, high


def _pages(node: DictionaryObject, depth: int) -> Iterator[DictionaryObject]:
    if depth > _DEEPEST:
        raise UnexpectedChange(UNREADABLE)
    for child in node["/Kids"]:
        page_node = child.get_object()
        if "/Kids" in page_node:
            yield from _pages(page_node, depth + 1)
        else:
            yield page_node


def place_of(issued: PdfFileReader) -> tuple[int, float, float] | None:
    """Return (page, lowest, highest) of the place for signatures; None when the document's template tells none."""
    top, after = (_destination(issued, label) for label in (PLACE, AFTER))
    if top is None:
        return None
    return top[0], after[1] if after and after[0] == top[0] else 0.0, top[1]


def _destination(issued: PdfFileReader, label: str) -> tuple[int, float] | None:
    """Return (page, height) of a label of the template, which typst tells as a named destination."""
    listed = issued.root.get("/Names", {}).get("/Dests", {}).get("/Names", [])
    named = {str(listed[place]): listed[place + 1] for place in range(0, len(listed) - 1, 2)}
    if label not in named:
        return None
    found: Any = named[label]
    target = found["/D"] if isinstance(found, DictionaryObject) else found
    for number, page in enumerate(_pages(issued.root["/Pages"], depth=0)):
        if page.container_ref == target.raw_get(0).get_object().container_ref:
            return number, float(target[3])
    return None


def _signature(embedded: EmbeddedPdfSignature) -> Signature:
    # `compute_digest` is over the bytes that the signature says it covers.
    intact, valid = validate_sig_integrity(
        embedded.signer_info, embedded.signer_cert, "data", embedded.compute_digest()
    )
    named = embedded.signer_cert.subject.native.get("common_name") or embedded.signer_cert.subject.human_friendly
    return Signature(str(named[0] if isinstance(named, list) else named), intact and valid)


if __name__ == "__main__":
    limit_memory(int(sys.argv[1]))
    logging.disable()  # what the reader has to say about a file may hold what stands in it
    behind = examine(sys.stdin.buffer.read(), int(sys.argv[2]))
    json.dump({"signatures": [[s.name, s.intact] for s in behind.signatures], "changed": behind.changed}, sys.stdout)
