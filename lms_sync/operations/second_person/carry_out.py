"""Do what was asked for, once a second person has agreed: by the same acts as everywhere, with both names."""

from datetime import date
from pathlib import Path
from typing import assert_never

from lms_sync.agreements.clause_c.issue import issue_document
from lms_sync.agreements.review.adoption import Vote, adopt
from lms_sync.documents.decide import Filing, file_path
from lms_sync.documents.vault import plain_name
from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.issued import IssuedKind
from lms_sync.model.second_person import AskedAct, SecondAct
from lms_sync.operations.backup.make import backup_folder
from lms_sync.operations.backup.restore import note_purge
from lms_sync.operations.night import open_issuer
from lms_sync.operations.retention.decide import planned_purge, purge
from lms_sync.reports.issuer import Issuer
from lms_sync.store.workspace import Workspace


def waiver(filing: Filing) -> AskedAct:
    """Return what is asked for where a document waives something; its file goes beside."""
    return AskedAct(
        SecondAct.WAIVE,
        plain_name(filing.path.name),
        filing.day,
        people=filing.people,
        components=filing.components,
        kind=filing.kind,
        esd=filing.esd,
        number=filing.number,
        insists=filing.insists,
    )


def carry_out(wanted: AskedAct, workspace: Workspace, *, author: Author, path: Path | None) -> str:
    """Do it, and return what was done as a sentence; `path` is the file that goes with it.

    Raises: UsageError when it cannot be done as it was asked for; nothing is changed then.
    """
    match wanted.act:
        case SecondAct.CONFIRM:
            return _confirm(workspace, author, wanted)
        case SecondAct.ADOPT:
            return _adopt(workspace, author, wanted, path)
        case SecondAct.WAIVE:
            return _waive(workspace, author, wanted, path)
        case SecondAct.PURGE:
            return _purge(workspace, author, wanted)
    assert_never(wanted.act)


def _issuer(workspace: Workspace, wanted: AskedAct) -> Issuer:
    as_of = wanted.day if wanted.act is SecondAct.CONFIRM else None
    return open_issuer(workspace, as_of=as_of or workspace.today())


def _confirm(workspace: Workspace, author: Author, wanted: AskedAct) -> str:
    issuer, kind = _issuer(workspace, wanted), IssuedKind.CONFIRMATION
    result = issue_document(workspace, author, issuer=issuer, agreement_id=wanted.subject, kind=kind)
    if not result.new:
        return f"Nothing has changed since {result.issued.number}, which is in force."
    return f"Issued: {result.issued.number}, verification code {result.issued.code}."


def _adopt(workspace: Workspace, author: Author, wanted: AskedAct, path: Path | None) -> str:
    vote = Vote(_day(wanted), wanted.note, path)
    adopt(workspace, author, issuer=_issuer(workspace, wanted), agreement_id=wanted.subject, vote=vote)
    return f"{wanted.subject}: adopted on {wanted.day}."


def _waive(workspace: Workspace, author: Author, wanted: AskedAct, path: Path | None) -> str:
    if path is None:
        raise UsageError("the document is no longer here", hint="Refuse the request, and ask for it again.")
    filing = Filing(
        path,
        wanted.people,
        wanted.components,
        wanted.kind,
        wanted.esd,
        wanted.day,
        wanted.number,
        insists=wanted.insists,
    )
    filed = file_path(workspace, author, filing=filing, snapshot=_issuer(workspace, wanted).snapshot)
    ids = ", ".join(document.document_id for document in filed.new)
    return f"On file now: {ids}." if ids else "It was on file already; nothing was changed."


def _purge(workspace: Workspace, author: Author, wanted: AskedAct) -> str:
    done = purge(workspace, author, plan=planned_purge(workspace, _day(wanted)))
    note_purge(backup_folder(workspace.config), done)
    return f"Purged: all from before {done.cutoff} that may go. Backups and log files are the operator's to clear."


def _day(wanted: AskedAct) -> date:
    """Return the day of a request that has one. Raises: UsageError for one without."""
    if wanted.day is None:
        raise UsageError("the request names no day", hint="Refuse it, and ask for it again.")
    return wanted.day
