"""One agreement's documents, shared with an outsider for a time: a link that shows and changes nothing."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from lms_sync.agreements.review.record import read_recorded
from lms_sync.agreements.review.status import Review, review_of
from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError
from lms_sync.mail.page_links import BYTES, hash_of
from lms_sync.model.agreement import KeptFile
from lms_sync.model.author import Author
from lms_sync.model.known import known_agreement
from lms_sync.model.log import DecisionKind
from lms_sync.model.partner_page import SharedEvidence
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.registers import SHARED
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_day

PATH = "/e/"
MOST_DAYS = 90


def share_evidence(workspace: Workspace, author: Author, *, agreement_id: str, whom: str, days: int) -> str:
    """Return the address of a new link to an agreement's documents; only its hash is kept.

    Raises: UsageError without an address of the outer app, for a blank name, and for a time that is too long.
    """
    outer = workspace.config.settings.web.outer
    if not outer.url:
        raise UsageError("there is no address to share", hint="State [web.outer] url in lms_sync.toml.")
    if not whom.strip():
        raise UsageError("nobody is named as the reader", hint="Say who will look at it.")
    if not 1 <= days <= MOST_DAYS:
        raise UsageError(f"{days} days: from 1 to {MOST_DAYS}", hint="Share it again when the time is over.")
    store, secret, today = workspace.store, secrets.token_urlsafe(BYTES), workspace.day(author.at)
    with store.transaction():
        name = known_agreement(read_roster(store), agreement_id).agreement_id
        shared = SharedEvidence(name, whom.strip(), author.by, today, today + timedelta(days=days))
        SHARED.put(store, hash_of(secret), shared, now=author.at)
        store.audit.add(DecisionKind.SHARED, name, author, before=None, after=SHARED.plain(shared))
    return f"{outer.url}{PATH}{secret}"


def end_sharing(workspace: Workspace, author: Author, *, agreement_id: str) -> int:
    """Let no link to an agreement's documents work any longer, and return how many did.

    Raises: UsageError when none does.
    """
    store, today = workspace.store, workspace.day(author.at)
    with store.transaction():
        working = {k: s for k, s in SHARED.read(store).items() if s.agreement_id == agreement_id and s.works(today)}
        if not working:
            raise UsageError(f"{agreement_id}: nothing of it is shared", hint="Nothing was changed.")
        for key, shared in working.items():
            SHARED.put(store, key, replace(shared, ended_by=author.by, ended_on=today), now=author.at)
        was = {"for": sorted(shared.whom for shared in working.values())}
        store.audit.add(DecisionKind.SHARED, agreement_id, author, before=was, after=None)
    return len(working)


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file that may be looked at."""

    name: str
    what: str
    """What it shows, in words."""
    content: bytes | None = None
    """Of a document that was issued; None for a kept file."""
    file: KeptFile | None = None
    place: Path | None = None


def evidence_of(workspace: Workspace, issuer: Issuer, agreement_id: str) -> tuple[EvidenceFile, ...]:
    """Return the documents of an agreement: those issued, what its review rests on, what ESDs gave for its people."""
    roster = issuer.snapshot.roster
    agreement = known_agreement(roster, agreement_id)
    review = review_of(roster, read_recorded(workspace.store), agreement, as_of=issuer.judged.as_of)
    return (*_issued(workspace, review), *_kept(workspace, issuer, review))


def _issued(workspace: Workspace, review: Review) -> Iterator[EvidenceFile]:
    for issued in review.issued:
        if issued.stands and not issued.purged:
            content = workspace.store.issued.content(issued.number)
            yield EvidenceFile(
                f"{issued.number}.pdf", f"{issued.kind.value} as of {written_day(issued.as_of)}", content
            )


def _kept(workspace: Workspace, issuer: Issuer, review: Review) -> Iterator[EvidenceFile]:
    vault = open_vault(*workspace.config.kept_files)
    files = [(found.file, f"{point.id}, {point.name}") for point, found in review.points if found and found.file]
    if review.adoption and review.adoption.file:
        files.append((review.adoption.file, f"adopted on {written_day(review.adoption.on)}"))
    staff = set(review.staff)
    for document in issuer.snapshot.filed.values():
        # A list of an ESD may name people of others: it is not shown, the documents of single people are.
        if staff.issuperset(document.people) and not document.origin:
            files.append((document.file, f"{document.kind} by {document.esd} on {written_day(document.day)}"))
    for number, (file, what) in enumerate(files, start=1):
        if not vault.problem(file):
            yield EvidenceFile(f"{number}-{file.name}", what, None, file, vault.place(file))
