"""The demo's last part: what the reviewer of agreements does with the ESD's documents and with clause C."""

from pathlib import Path

import click

from lms_sync.agreements.clause_c.issue import issue_document
from lms_sync.agreements.clause_c.verify import verify_file
from lms_sync.cli.documents_add import add_document
from lms_sync.demo.books import EVENTS
from lms_sync.demo.esd import ESD
from lms_sync.demo.made_up_district import esd_answer
from lms_sync.documents.decide import Filing, filing_reason
from lms_sync.documents.request.decide import RequestDraft, make_requests, request_reason
from lms_sync.documents.request.status import unasked
from lms_sync.errors import UsageError
from lms_sync.files import shared_folder, write_whole
from lms_sync.model.author import Author
from lms_sync.model.issued import IssuedKind
from lms_sync.operations.night import open_issuer
from lms_sync.store.known.registers import REQUESTS
from lms_sync.store.workspace import Workspace

AGREEMENT, BY = "NPS-2026", "demo"


def reviewer(workspace: Workspace, path: Path) -> None:
    """Ask the ESD, file what it answers, try to confirm an agreement, and issue its training plan."""
    _ask(workspace, path / "to-the-esd")
    click.echo("The ESD answers with a list. One of its rows is wrong:")
    answer = esd_answer(path)
    add_document(workspace, Author(BY, filing_reason(answer), workspace.clock()), Filing(answer))
    shared_folder(path / "agreements")
    confirmed = _issue(workspace, path, EVENTS, IssuedKind.CONFIRMATION)
    click.echo(f"\nAll guards of {EVENTS} are documented, so it is confirmed: {confirmed}")
    try:
        _issue(workspace, path, AGREEMENT, IssuedKind.CONFIRMATION)
    except UsageError as refusal:
        click.echo(f"No confirmation yet: {str(refusal).partition(chr(10))[0]}")
    click.echo(f"So its training plan is issued: {_issue(workspace, path, AGREEMENT, IssuedKind.PLAN)}")
    verdict = verify_file(workspace.store, confirmed.read_bytes(), open_issuer(workspace, as_of=workspace.today()))
    click.echo(f"The confirmation, verified: {verdict.how}")


def _issue(workspace: Workspace, path: Path, agreement_id: str, kind: IssuedKind) -> Path:
    """Issue one of clause C's documents and return its file. Raises: UsageError when it can't be issued."""
    issuer = open_issuer(workspace, as_of=workspace.today())
    author = Author(BY, f"clause C of {agreement_id}", workspace.clock())
    result = issue_document(workspace, author, issuer=issuer, agreement_id=agreement_id, kind=kind)
    file = path / "agreements" / f"{result.issued.number}.pdf"
    write_whole(file, result.content)
    return file


def _ask(workspace: Workspace, folder: Path) -> None:
    issuer = open_issuer(workspace, as_of=workspace.today())
    people = tuple(unasked(issuer.snapshot, issuer.judged, REQUESTS.read(workspace.store)))
    author = Author(BY, request_reason(ESD), workspace.clock())
    draft = RequestDraft(people, ESD, 30, again=False)
    recorded_requests = make_requests(workspace, author, issuer=issuer, draft=draft, folder=folder)
    click.echo(f"Complete is not yet documented: {len(recorded_requests)} packets for the ESD are in {folder}")
