"""What stands behind the issued bytes of a PDF: signatures and nothing else, or something that changes what it shows.

The file comes from outside, so it is examined (examine.py) by a process of its own with limits of memory and time.
Whether a signer is who the certificate says is not judged: that needs a list of whom to trust, as a PDF viewer has.
"""

import json
from dataclasses import dataclass

from lms_sync.tables.child_process import ask_child, child_of


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature in the file."""

    name: str
    """Whom its certificate names; nobody has checked that certificate."""
    intact: bool
    """False when the bytes that it covers, or the signature itself, were changed."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What stands behind the issued bytes."""

    signatures: tuple[Signature, ...]
    changed: str
    """Why the file may show something else than what was issued, in a sentence; empty when it does not."""

    @property
    def sound(self) -> bool:
        """Tell whether there is nothing but intact signatures."""
        return not self.changed and bool(self.signatures) and all(signature.intact for signature in self.signatures)


UNREADABLE = "What follows the issued bytes changes more than signatures do, or can't be read."


def look_behind(content: bytes, size: int) -> Appended:
    """Return what the file holds behind its first `size` bytes, which are a PDF as issued."""
    answer = ask_child((*child_of("lms_sync.agreements.clause_c.examine"), str(size)), content)
    try:
        parsed = json.loads(answer or b"")
        signatures = tuple(Signature(str(name), intact is True) for name, intact in parsed["signatures"])
        return Appended(signatures, str(parsed["changed"]))
    except (ValueError, KeyError, TypeError):
        return Appended((), UNREADABLE)
