"""Verification codes: what is printed on an issued document, so that paper leads back to what was issued.

A code is made with the workspace's identity key over everything that the document says: nobody can make one up, and a
row of the database that was changed later no longer fits its own code.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from lms_sync.model.pseudonyms import Pseudonyms

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which people take for other letters. Source: Crockford's Base32."""
LENGTH = 16
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def verification_code(
    pseudonyms: Pseudonyms, number: str, *, as_of: date, known_at: datetime, judgement: Mapping[str, Any]
) -> str:
    """Return the code of a document, four groups of four: `7K3M-9QPD-2WXF-04TB` (80 bits)."""
    canonical = json.dumps(judgement, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\x1f".join((number, as_of.isoformat(), known_at.isoformat(), digest))
    value = int(pseudonyms.of("issued document", text), 16)
    letters = "".join(LETTERS[value >> 5 * place & 31] for place in range(LENGTH))
    return "-".join(letters[place : place + 4] for place in range(0, LENGTH, 4))


def same_code(typed: str, code: str) -> bool:
    """Tell whether a code typed from paper is `code`, whatever its case, blanks, hyphens and likely misreadings."""
    return hmac.compare_digest(_plain(typed).encode(), _plain(code).encode())


def _plain(code: str) -> str:
    return "".join(c for c in code.upper().translate(_MISREAD) if c.isalnum())
