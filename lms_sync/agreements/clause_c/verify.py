"""A file, or a number and code from paper → which document it is, whether it stands, whether its record is whole."""

from collections.abc import Mapping
from dataclasses import dataclass

from lms_sync.agreements.clause_c.codes import same_code
from lms_sync.agreements.clause_c.intact import record_troubles
from lms_sync.agreements.clause_c.recognise import Recognised, recognise
from lms_sync.agreements.clause_c.signed import look_behind
from lms_sync.agreements.clause_c.watch import contradictions
from lms_sync.model.issued import Issued
from lms_sync.reports.issuer import Issuer
from lms_sync.store.store import Store
from lms_sync.text import written_day


@dataclass(frozen=True, slots=True)
class Verification:
    """What was recognised, and what is wrong with it."""

    issued: Issued | None
    """None when nothing that was issued here was recognised."""
    how: str
    """In which form it was recognised, or why not, as a sentence."""
    remarks: tuple[str, ...] = ()
    """Whom signatures name, and which document came later, in sentences."""
    troubles: tuple[str, ...] = ()
    """Why it must not be relied on, in sentences: altered, withdrawn, its record changed, no longer true."""

    @property
    def sound(self) -> bool:
        """Tell whether the document is ours, unaltered and not withdrawn."""
        return self.issued is not None and not self.troubles


def verify_file(store: Store, content: bytes, issuer: Issuer) -> Verification:
    """Return what a file is: the issued bytes, the issued bytes and signatures behind them, or neither."""
    issued = {issued.sha256: issued for issued in store.issued.listed()}
    sizes = store.issued.sizes()
    found = recognise(content, {document.sha256: sizes[document.number] for document in issued.values()})
    if not found.known:
        return Verification(None, _unknown(found, {document.number: document for document in issued.values()}))
    document = issued[found.sha256]
    troubles, remarks = _troubles(store, document, issuer), _remarks(store, document)
    if not found.behind:
        how = "The file is the document as it was issued, byte for byte."
        return Verification(document, how, remarks, tuple(troubles))
    behind = look_behind(content, found.size)
    signature_words = tuple(
        f"signed by “{s.name}”, {'the signature is intact' if s.intact else 'THE SIGNATURE IS BROKEN'};"
        " whether the certificate can be trusted is for a PDF program to say"
        for s in behind.signatures
    )
    if behind.changed:
        troubles.insert(0, f"{behind.changed} Go by the document as issued, not by this file.")
    elif not behind.sound:
        troubles.insert(0, "A signature in the file does not fit it: the file was changed after it was signed.")
    how = f"The file begins with the document as it was issued; {found.behind:,} bytes follow it."
    return Verification(document, how, (*signature_words, *remarks), tuple(troubles))


def verify_code(store: Store, number: str, code: str, issuer: Issuer) -> Verification:
    """Return what a number and a code typed from paper stand for."""
    wanted = "".join(number.split()).upper()
    document = next((issued for issued in store.issued.listed() if issued.number == wanted), None)
    if document is None:
        return Verification(None, f"No document with the number {wanted} was issued here.")
    if not same_code(code, document.code):
        return Verification(None, f"{wanted} was issued here, but with another code: the paper is not that document.")
    how = "Number and code are those of a document that was issued here."
    return Verification(document, how, _remarks(store, document), tuple(_troubles(store, document, issuer)))


def _troubles(store: Store, issued: Issued, issuer: Issuer) -> list[str]:
    """Return why a document must not be relied on, whatever its bytes."""
    found = []
    if why := record_troubles(store, issuer.pseudonyms).get(issued.number):
        found.append(f"ITS RECORD WAS CHANGED SINCE IT WAS ISSUED: {why}. Compare with a backup.")
    if issued.withdrawn_at is not None:
        found.append(f"It was WITHDRAWN by {issued.withdrawn_by}: {issued.withdrawn_because}")
    else:
        found += [f"It is not true by what is known now: {why}" for why in contradictions(issued, issuer)]
    return found


def _remarks(store: Store, issued: Issued) -> tuple[str, ...]:
    later = [
        other
        for other in store.issued.listed(issued.agreement_id)
        if other.stands and other.issued_at > issued.issued_at
    ]
    return tuple(
        f"A later document of this agreement is in force: {other.number} as of {written_day(other.as_of)}."
        for other in later
    )


def _unknown(found: Recognised, issued: Mapping[str, Issued]) -> str:
    if found.claims in issued and issued[found.claims].purged:
        return (
            f"The file calls itself {found.claims}, whose content was purged here: only the very bytes that were"
            " issued can still be recognized, and these are others. A signed copy can't be told from an edited one."
        )
    if found.claims in issued:
        return (
            f"The file calls itself {found.claims}, which was issued here, but its bytes are not those: it was"
            " edited, or saved again by a program. Rely on the document as issued."
        )
    if found.claims:
        return (
            f"The file calls itself {found.claims}; this database knows of no document of that number. Where it was"
            " restored from a backup, one issued after the backup is not in it: compare with what was sent."
        )
    return "This file was not issued here."
