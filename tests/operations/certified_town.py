"""The small town's agreement year: documents of the ESD filed in an instant, and clause C issued."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from lms_sync.agreements.clause_c.issue import IssueResult, issue_document, read_clause
from lms_sync.agreements.clause_c.send import send_document, withdraw_document
from lms_sync.agreements.clause_c.status import ClauseC
from lms_sync.mail.send import send
from lms_sync.model.agreement import FiledDocument, KeptFile
from lms_sync.model.author import Author
from lms_sync.model.delivery import Delivery
from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.model.known import known_agreement
from lms_sync.operations.night import open_issuer
from lms_sync.reports.issuer import Issuer
from lms_sync.store.workspace import Workspace
from tests.deciding import file_document, take_back_document
from tests.operations.night_town import Town

EVERY = ("classroom", "on-the-job", "check-in")
GUARDS = ("80201", "80202")
"""Who is assigned under heron-26."""


def document(document_id: str, people: Sequence[str], components: Sequence[str], day: date) -> FiledDocument:
    kept = KeptFile(f"{document_id:0>64}", f"{document_id}.pdf", "application/pdf", 9)
    told = ("verified", "ESD 113", day, f"no-{document_id}", kept, "Kim", day)
    return FiledDocument(document_id, tuple(people), tuple(components), *told)


def file(
    town: Town, document_id: str, people: Sequence[str] = GUARDS, *components: str, day: date | None = None
) -> None:
    """File a document of the ESD, for every component unless some are named, of a day last week."""
    with town.workspace() as workspace, workspace.store.transaction():
        one = document(document_id, people, components or EVERY, day or date(2026, 11, 16))
        file_document(workspace.store, one, at=workspace.clock())


def unfile(town: Town, document_id: str) -> None:
    with town.workspace() as workspace, workspace.store.transaction():
        take_back_document(workspace.store, document_id, at=workspace.clock())


@contextmanager
def desk(town: Town, as_of: date | None = None) -> Iterator[tuple[Workspace, Issuer]]:
    with town.workspace() as workspace:
        yield workspace, open_issuer(workspace, as_of=as_of or workspace.today())


def clause(town: Town, agreement_id: str = "heron-26", as_of: date | None = None) -> ClauseC:
    with desk(town, as_of) as (_, issuer):
        return read_clause(issuer, known_agreement(issuer.snapshot.roster, agreement_id))


def issue(town: Town, kind: IssuedKind, agreement_id: str = "heron-26", as_of: date | None = None) -> IssueResult:
    town.later(minutes=1)
    with desk(town, as_of) as (workspace, issuer):
        author = Author("A. Roe", "clause C", workspace.clock())
        return issue_document(workspace, author, issuer=issuer, agreement_id=agreement_id, kind=kind)


def confirm(town: Town, agreement_id: str = "heron-26", as_of: date | None = None) -> Issued:
    return issue(town, IssuedKind.CONFIRMATION, agreement_id, as_of).issued


def mail(town: Town, issued: Issued) -> Delivery:
    """Send an issued document to its partner."""
    with desk(town) as (workspace, issuer):
        author = Author("A. Roe", "mailed", workspace.clock())
        posted = send_document(workspace, author, issuer=issuer, number=issued.number, again=True)
        send(workspace)
        return workspace.store.deliveries.get(posted.delivery_id)


def withdraw(town: Town, issued: Issued, reason: str = "the ESD revoked its letter") -> Delivery | None:
    town.later(minutes=1)
    with desk(town) as (workspace, issuer):
        author = Author("A. Roe", reason, workspace.clock())
        told = withdraw_document(workspace, author, issuer=issuer, number=issued.number)
        send(workspace)
        return told and workspace.store.deliveries.get(told.delivery_id)
