"""Whether an issued document is genuine: told to anybody, so it names nobody."""

from dataclasses import dataclass
from datetime import date

from lms_sync.agreements.clause_c.verify import Verification, verify_code, verify_file
from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError
from lms_sync.reports.words import ISSUED_WORDS
from lms_sync.store.workspace import Workspace
from lms_sync.web.opening import OpenDistrict
from lms_sync.web.uploads import uploaded
from lms_sync.web.visit import form


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """What anybody may know of a document."""

    genuine: bool
    stands: bool
    """False too where it was withdrawn, or something of it is no longer so."""
    what: str = ""
    number: str = ""
    as_of: date | None = None


NOT_OURS = PublicAnswer(genuine=False, stands=False)
"""The same for a wrong number and for a wrong code."""


def answer(district: OpenDistrict, workspace: Workspace) -> PublicAnswer:
    """Return whether the file that was sent, or the number and code, is a document of this district."""
    issuer = district.judgement(workspace).issuer
    with uploaded("file", optional=True) as path:
        if path is not None:
            data = open_vault(*workspace.config.kept_files).read(path)
            return _answer(verify_file(workspace.store, data, issuer))
    if not form("number") or not form("code"):
        raise UsageError("nothing to verify", hint="Choose a file, or type the number and the code.")
    return _answer(verify_code(workspace.store, form("number"), form("code"), issuer))


def _answer(found: Verification) -> PublicAnswer:
    issued = found.issued
    if issued is None:
        return NOT_OURS
    what = ISSUED_WORDS[issued.kind]
    return PublicAnswer(genuine=True, stands=found.sound, what=what, number=issued.number, as_of=issued.as_of)
