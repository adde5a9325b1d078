"""One agreement's documents for an outsider: a time-limited link, read only, each look recorded."""

from flask import abort, request
from werkzeug.wrappers import Response

from lms_sync.mail.documents import PDF
from lms_sync.mail.page_links import hash_of
from lms_sync.model.partner_page import SharedEvidence
from lms_sync.operations.partner_page.shared_documents import EvidenceFile, evidence_of
from lms_sync.store.known.registers import SHARED
from lms_sync.store.workspace import Workspace
from lms_sync.web.looks import network, record_look
from lms_sync.web.opening import OpenDistrict
from lms_sync.web.visit import content, page


def folder(district: OpenDistrict, workspace: Workspace, secret: str) -> tuple[str, int]:
    """Return the list of documents; opening the link shows the list and changes nothing."""
    shared = _shared(workspace, secret)
    if shared is None:
        return page("outer/link.html", opened=None, secret=""), 404
    _look(district, shared, "the list")
    files = _files(district, workspace, shared)
    return page("outer/evidence.html", shared=shared, files=files, secret=secret), 200


def file(district: OpenDistrict, workspace: Workspace, secret: str, name: str) -> Response:
    """Return one document, looked up through the link's own agreement."""
    shared = _shared(workspace, secret)
    for found in _files(district, workspace, shared) if shared else ():
        if found.name == name and shared is not None:
            _look(district, shared, name)
            if found.content is not None:
                return content(found.content, kind=PDF, name=found.name)
            assert found.place is not None
            assert found.file is not None
            return content(found.place.read_bytes(), kind=found.file.media_type, name=found.name)
    abort(404)


def _shared(workspace: Workspace, secret: str) -> SharedEvidence | None:
    shared = SHARED.read(workspace.store).get(hash_of(secret))
    return shared if shared is not None and shared.works(workspace.today()) else None


def _files(district: OpenDistrict, workspace: Workspace, shared: SharedEvidence) -> tuple[EvidenceFile, ...]:
    return evidence_of(workspace, district.judgement(workspace).issuer, shared.agreement_id)


def _look(district: OpenDistrict, shared: SharedEvidence, what: str) -> None:
    where = network(request.remote_addr or "")
    record_look(district, shared.whom, f"{what} of agreement {shared.agreement_id}", where=where)
