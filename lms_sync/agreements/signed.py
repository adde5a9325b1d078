"""What stands behind the issued bytes of a PDF: signatures and nothing else, or something that changes what it shows.

The one home of pyHanko. Its difference analysis compares the file as issued with the file as shown to us. Whether a
signer is who the certificate says is not judged: that needs a list of whom to trust, which a PDF viewer has.
"""

from dataclasses import dataclass
from io import BytesIO

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, FormUpdatingRule, StandardDiffPolicy
from pyhanko.sign.diff_analysis.constants import ACROFORM_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.diff_analysis.policy_api import ModificationLevel
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

LARGEST_FIELD = 0.15
"""The part of a page that a visible signature may cover; a larger one could hide or replace what stands there."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature in the file."""

    name: str
    """Whom its certificate names; nobody has checked that certificate."""
    intact: bool
    """False when the bytes that it covers, or the signature itself, were changed."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the issued bytes."""

    signatures: tuple[Signature, ...]
    changed: str
    """Why the file may show something else than what was issued, in a sentence; empty when it does not."""

    @property
    def sound(self) -> bool:
        """Tell whether there is nothing but intact signatures."""
        return not self.changed and bool(self.signatures) and all(one.intact for one in self.signatures)


def look_behind(content: bytes, size: int) -> Behind:
    """Return what the file holds behind its first `size` bytes, which are a PDF as issued."""
    try:
        issued, shown = PdfFileReader(BytesIO(content[:size])), PdfFileReader(BytesIO(content))
        revisions = issued.total_revisions
        if shown.total_revisions == revisions:
            return Behind((), "What stands behind the issued bytes is no part of a PDF.")
        signatures = tuple(_signature(one) for one in shown.embedded_signatures)
        if not signatures:
            return Behind((), "What stands behind the issued bytes holds no signature.")
        _compare(shown, revisions)
        large = max(_share(shown, one) for one in shown.embedded_signatures)
    except Exception:  # whatever a file from outside does to its reader, it is not taken for ours
        return Behind((), "What stands behind the issued bytes changes more than signatures do, or can't be read.")
    if large > LARGEST_FIELD:
        return Behind(signatures, "A signature covers so much of a page that it may hide what was issued.")
    return Behind(signatures, "")


_POLICY = StandardDiffPolicy(
    DEFAULT_DIFF_POLICY.global_rules,
    # The issued file has no form, so the first signature brings one, with the flag that there are signatures.
    FormUpdatingRule(
        DEFAULT_DIFF_POLICY.form_rule.field_rules if DEFAULT_DIFF_POLICY.form_rule else [],
        ACROFORM_EXEMPT_STRICT_COMPARISON | {"/SigFlags"},
    ),
)


def _compare(shown: PdfFileReader, revisions: int) -> None:
    """Compare the file as issued with the file as it is. Raises: what pyHanko raises for more than signatures."""
    old = shown.get_historical_resolver(revisions - 1)
    new = shown.get_historical_resolver(shown.total_revisions - 1)
    _with_empty_form(old, new)
    found = _POLICY.apply(old, new)
    if found.modification_level.value > ModificationLevel.FORM_FILLING.value:
        raise ValueError("more than signing")


def _with_empty_form(old: HistoricalResolver, new: HistoricalResolver) -> None:
    """Let the issued revision have an empty form, in memory, where the signed one has any: pyHanko compares forms."""
    if "/AcroForm" in new.root and "/AcroForm" not in old.root:
        form = {NameObject("/Fields"): ArrayObject()}
        old.root[NameObject("/AcroForm")] = DictionaryObject(form)  # type: ignore[no-untyped-call]


def _signature(one: EmbeddedPdfSignature) -> Signature:
    # `compute_digest` is over the bytes that the signature says it covers.
    intact, valid = validate_sig_integrity(one.signer_info, one.signer_cert, "data", one.compute_digest())
    named = one.signer_cert.subject.native.get("common_name") or one.signer_cert.subject.human_friendly
    return Signature(str(named[0] if isinstance(named, list) else named), intact and valid)


def _share(shown: PdfFileReader, one: EmbeddedPdfSignature) -> float:
    """Return how much of a page a signature's field covers."""
    left, bottom, right, top = (float(edge) for edge in one.sig_field.get("/Rect", [0, 0, 0, 0]))
    page = shown.root["/Pages"]
    while "/MediaBox" not in page:
        page = page["/Kids"][0]
    x, y, width, height = (float(edge) for edge in page["/MediaBox"])
    return abs((right - left) * (top - bottom)) / abs((width - x) * (height - y))
