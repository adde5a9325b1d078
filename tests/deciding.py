"""Decisions for tests, made and logged in one breath, without all that the acts ask for; the caller's transaction."""

from datetime import datetime

from lms_sync.model.agreement import FiledDocument
from lms_sync.model.author import Author
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.links import Merge
from lms_sync.model.log import DecisionKind
from lms_sync.model.stored.facts import MERGE
from lms_sync.store.known.registers import DOCUMENTS
from lms_sync.store.known.who_is_who import record_merge
from lms_sync.store.store import Store


def file_document(store: Store, document: FiledDocument, *, at: datetime) -> None:
    """Let a document count from now on."""
    plain = DOCUMENTS.plain(document)
    DOCUMENTS.put(store, document.document_id, document, now=at)
    author = Author(document.filed_by or "Kim", "so filed", at)
    store.audit.add(DecisionKind.DOCUMENT, document.document_id, author, before=None, after=plain)


def take_back_document(store: Store, document_id: str, *, at: datetime) -> None:
    """Let a document count no more."""
    before = DOCUMENTS.plain(DOCUMENTS.read(store)[document_id])
    DOCUMENTS.end(store, document_id, now=at)
    store.audit.add(DecisionKind.DOCUMENT, document_id, Author("Kim", "so be it", at), before=before, after=None)


def decide_claim(store: Store, decision: ClaimDecision, *, at: datetime) -> None:
    """Record a decision about a claim."""
    store.findings.decide(decision, now=at)
    verdict = "accepted" if decision.accepted else "refused"
    after = {"verdict": verdict, "decided_on": decision.decided_on.isoformat(), "reason": decision.reason}
    author = Author(decision.decided_by, decision.reason, at)
    store.audit.add(DecisionKind.CLAIM, decision.claim_id, author, before=None, after=after)


def merge_people(store: Store, former: str, person_id: str, *, at: datetime) -> None:
    """Let a former Person ID be the person of another one."""
    merge = Merge(former, person_id, (), (), (), "Kim", at.date(), "new badge")
    record_merge(store, merge, now=at)
    store.audit.add(DecisionKind.MERGE, former, Author("Kim", "new badge", at), before=None, after=MERGE.plain(merge))
