"""Whether every file that was handed in is still there as it was, and what was filed and withdrawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms_sync.documents.vault import Vault
from lms_sync.model.agreement import FiledDocument, KeptFile
from lms_sync.model.finding import Area, Finding
from lms_sync.model.log import DecisionKind, LogEntry
from lms_sync.store.known.registers import ADOPTIONS, DOCUMENTS, DUTIES, POINTS, REPORTED, REQUESTS, SCANS
from lms_sync.store.store import Store


@dataclass(frozen=True, slots=True)
class _Use:
    """What a file is kept for."""

    file: KeptFile
    what: str
    """`D3f29c0d1`, `the adoption of TPD-2026` …"""
    people: tuple[str, ...] = ()
    """Person IDs."""


def kept_findings(store: Store, vault: Vault) -> tuple[Finding, ...]:
    """Return a finding for each kept file that is gone or was changed; each file is read once."""
    uses: dict[str, list[_Use]] = {}
    for use in _uses(store):
        uses.setdefault(use.file.sha256, []).append(use)
    found = []
    for of_one in uses.values():
        problem = vault.problem(of_one[0].file)
        if problem:
            found.append(_finding(of_one, problem, vault))
    return tuple(found)


def _uses(store: Store) -> Iterator[_Use]:
    for document in DOCUMENTS.read(store).values():
        yield _Use(document.file, f"the document {document.document_id}", document.people)
    for request in REQUESTS.read(store).values():
        yield _Use(request.packet, f"the request {request.request_id}", (request.person_id,))
    for scan in SCANS.read(store).values():
        yield _Use(scan.file, f"the scan {scan.scan_id} of {scan.sheet}")
    for point in POINTS.read(store).values():
        if point.file:
            yield _Use(point.file, f"{point.agreement_id}, point {point.point}")
    for adoption in ADOPTIONS.read(store).values():
        if adoption.file:
            yield _Use(adoption.file, f"the adoption of {adoption.agreement_id}")
    for reported in REPORTED.read(store).values():
        if reported.file:
            yield _Use(reported.file, f"the reported training {reported.report_id}", (reported.person_id,))
    for duty in DUTIES.read(store).values():
        if duty.file:
            yield _Use(duty.file, f"the duty {duty.duty} of {duty.school_year}")


def _finding(uses: Sequence[_Use], problem: str, vault: Vault) -> Finding:
    file = uses[0].file
    more = f" and {len(uses) - 5} more" if len(uses) > 5 else ""
    kept_for = ", ".join(use.what for use in uses[:5]) + more
    return Finding(
        Area.FILE,
        "document-file-changed" if "changed" in problem else "document-file-missing",
        where=f"{vault.folder.name}/{vault.place(file).name}",
        found=f"the file {problem} ({kept_for})",
        expected="the file as it was handed in, for as long as something rests on it",
        remedy="Put it back from a backup under this very name; nothing else is recognised.",
        people=tuple(dict.fromkeys(person for use in uses for person in use.people)),
    )


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A document that no longer counts, and by whose word."""

    document: FiledDocument
    at: datetime
    by: str
    reason: str


def withdrawn(store: Store) -> tuple[Withdrawn, ...]:
    """Return the documents that were withdrawn and not filed again, by the day of it."""
    in_force = DOCUMENTS.read(store)
    ends = {
        entry.decision.subject: entry.decision
        for entry in store.audit.entries(kinds=[DecisionKind.DOCUMENT])
        if _ends_one(entry)
    }
    found = []
    for fact_version in store.facts.history(DOCUMENTS.kind):
        if fact_version.ended_at is not None and fact_version.key not in in_force:
            why = ends.get(fact_version.key)
            document = DOCUMENTS.form.read(fact_version.payload)
            by, reason = (why.by, why.reason) if why else ("", "")
            found.append(Withdrawn(document, fact_version.ended_at, by, reason))
    latest = {withdrawal.document.document_id: withdrawal for withdrawal in found}
    return tuple(sorted(latest.values(), key=lambda withdrawal: withdrawal.at))


def _ends_one(entry: LogEntry) -> bool:
    return entry.kind == DecisionKind.DOCUMENT and not entry.purged and entry.decision.after is None
