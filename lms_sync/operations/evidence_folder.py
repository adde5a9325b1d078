"""One folder for an outsider (a lawyer, an auditor): documents, record, judgement, the log's entries, and hashes.

That it was made, by whom and for whom, is an entry of the log.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms_sync.agreements.review.progress import CoveredRow, show_json, show_text
from lms_sync.agreements.review.record import file_problems, read_recorded
from lms_sync.agreements.review.status import review_of
from lms_sync.compliance.person_record import build_record
from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError
from lms_sync.files import apart, id_in_name
from lms_sync.model.author import Author
from lms_sync.model.known import known_agreement, known_person
from lms_sync.model.log import DecisionKind
from lms_sync.operations.partner_page.shared_documents import EvidenceFile, evidence_of
from lms_sync.operations.unread_rows import UnreadRows
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.person.as_json import record_json
from lms_sync.reports.person.pdf import record_pdf, record_text
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_day, written_minute
from lms_sync.whole_folder import expect_ours, write_folder

README = "Evidence of training, made for one reader"
"""The first line of a folder's README.txt, by which it is known again."""


@dataclass(frozen=True, slots=True)
class About:
    """What a folder is about: an agreement with the people whom it covers, or one person."""

    subject: str
    agreement: bool
    people: tuple[str, ...]
    """Person IDs."""


@dataclass(frozen=True, slots=True)
class EvidenceFolder:
    """What stands in a folder, and what does not."""

    files: tuple[str, ...]
    left_out: tuple[str, ...]
    """Documents on file for these people that are not in it, and why, a sentence each."""


def export_evidence(
    workspace: Workspace, author: Author, *, issuer: Issuer, about: str, whom: str, folder: Path
) -> EvidenceFolder:
    """Write the folder, log it, and return what is in it.

    Raises: UsageError for an unknown agreement or person, for nobody as reader, and for a folder that is not ours.
    """
    if not whom.strip():
        raise UsageError("nobody is named as the reader", hint='Add --for "who will read it".')
    chosen = _about(workspace, issuer, about)
    expect_ours(folder, mark=README)
    with workspace.store.transaction():
        files = dict(_files(workspace, issuer, chosen))
        contents = EvidenceFolder(tuple(files), tuple(_left_out(workspace, issuer, chosen)))
        readme = _readme(workspace, author, chosen, whom=whom.strip(), contents=contents)
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        after = {"for": whom.strip(), "files": len(files), "sha256": _hash_of(hashes)}
        workspace.store.audit.add(DecisionKind.EVIDENCE, chosen.subject, author, before=None, after=after)
        write_folder(folder, {"README.txt": readme, **files}, mark=README)
    return contents


def _hash_of(hashes: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()


def _about(workspace: Workspace, issuer: Issuer, about: str) -> About:
    roster = issuer.snapshot.roster
    if about in roster.people:
        return About(known_person(roster, about).person_id, agreement=False, people=(about,))
    agreement = known_agreement(roster, about)
    review = review_of(roster, read_recorded(workspace.store), agreement, as_of=issuer.judged.as_of)
    return About(agreement.agreement_id, agreement=True, people=review.staff)


def _files(workspace: Workspace, issuer: Issuer, about: About) -> Iterator[tuple[str, bytes]]:
    """Yield (path in the folder, content)."""
    if about.agreement:
        yield from _review(workspace, issuer, about)
    unread = UnreadRows.of(workspace, issuer)
    for person_id, name in zip(about.people, apart(map(id_in_name, about.people)), strict=True):
        rows = unread.of_person(person_id)
        record = build_record(issuer.snapshot, issuer.judged, person_id, for_district=True, unread=rows)
        stem = f"people/{name}"
        yield f"{stem}.json", _json(record_json(record))
        yield f"{stem}.txt", record_text(record, issuer.templates).encode()
        yield f"{stem}.pdf", record_pdf(record, issuer.templates).content
    for file in _documents(workspace, issuer, about):
        content = file.content if file.place is None else file.place.read_bytes()
        if content is not None:
            yield f"documents/{file.name}", content
    yield "log.json", _json(list(_entries(workspace, {about.subject, *about.people})))


def _review(workspace: Workspace, issuer: Issuer, about: About) -> Iterator[tuple[str, bytes]]:
    roster = issuer.snapshot.roster
    agreement = known_agreement(roster, about.subject)
    review = review_of(roster, read_recorded(workspace.store), agreement, as_of=issuer.judged.as_of)
    people = [CoveredRow(i, roster.people[i].name, issuer.judged.people[i].words) for i in review.staff]
    problems = file_problems(open_vault(*workspace.config.kept_files), review)
    yield "review.txt", show_text(review, people, problems).encode()
    yield "review.json", _json(show_json(review, people, problems))


def _documents(workspace: Workspace, issuer: Issuer, about: About) -> Iterable[EvidenceFile]:
    """Return the documents; of a list that names others too nothing is shown but what the record says of it."""
    if about.agreement:
        return evidence_of(workspace, issuer, about.subject)
    vault = open_vault(*workspace.config.kept_files)
    theirs = [d for d in issuer.snapshot.filed.values() if set(d.people) == set(about.people) and not d.origin]
    return [
        EvidenceFile(f"{number}-{d.file.name}", f"{d.kind} by {d.esd}", None, d.file, vault.place(d.file))
        for number, d in enumerate(theirs, start=1)
        if not vault.problem(d.file)
    ]


def _left_out(workspace: Workspace, issuer: Issuer, about: About) -> Iterator[str]:
    """Yield each ESD document on file for these people that the folder does not hold, and why."""
    vault, people = open_vault(*workspace.config.kept_files), set(about.people)
    there = {file.file.sha256 for file in _documents(workspace, issuer, about) if file.file}
    seen: set[str] = set()
    for document in issuer.snapshot.filed.values():
        if people.isdisjoint(document.people) or document.file.sha256 in there | seen:
            continue
        seen.add(document.file.sha256)
        problem = vault.problem(document.file)
        why = f"the file {problem}" if problem else "it names other people too"
        yield f"{document.file.name} ({document.esd}, {written_day(document.day)}): {why}."


def _entries(workspace: Workspace, subjects: set[str]) -> Iterator[dict[str, Any]]:
    for entry in workspace.store.audit.entries():
        if not entry.purged and entry.decision.subject in subjects:
            row = {"number": entry.number, "at": entry.at.isoformat(), "kind": entry.kind}
            yield {**row, "hash": entry.payload_hash, "previous": entry.previous, "decision": dict(entry.payload)}


def _readme(workspace: Workspace, author: Author, about: About, *, whom: str, contents: EvidenceFolder) -> bytes:
    district, when = workspace.config.settings.district, author.at.astimezone(workspace.zone)
    what = "agreement" if about.agreement else "person"
    lines = (
        README,
        "",
        f"{district.name}: {what} {about.subject}, as known on {written_minute(when)} {when:%Z}.",
        f"Made by {author.by} for {whom}: {author.reason}",
        f"Questions: {district.contact}",
        "",
        *(("review       the agreement's yearly review, point by point",) if about.agreement else ()),
        "people       what counts for each person and why, what is missing and by when; as text, PDF and JSON",
        "documents    what was issued, attached and filed",
        "log.json     who decided what, when and why; each entry's hash covers the one before it",
        "SHA256SUMS.txt   the files' hashes: sha256sum -c SHA256SUMS.txt",
        "",
        *(("Not in this folder:", *(f"- {line}" for line in contents.left_out), "") if contents.left_out else ()),
        "It names people: do not pass it on to anybody else.",
        f"{len(contents.files)} files.",
    )
    return ("\n".join(lines) + "\n").encode()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n").encode()
