"""Record an agreement's review and adoption: a checklist is read back as one act, whole or not at all.

Files go into the vault before the fact that names them is kept: a failure leaves a file that nobody names at most,
never a fact without its file.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lms_sync.agreements.review.changes import Change, Changes, plan_changes
from lms_sync.agreements.review.checklist import (
    ChecklistRow,
    ChecklistVersion,
    copy_of,
    fingerprint_of,
    is_plain,
    rows_of,
)
from lms_sync.agreements.review.status import Recorded, Review
from lms_sync.documents.vault import Vault
from lms_sync.errors import UsageError
from lms_sync.model.agreement import KeptFile, ReviewedPoint
from lms_sync.model.author import Author
from lms_sync.model.finding import Area, Finding
from lms_sync.model.issued import Issued
from lms_sync.model.log import DecisionKind
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.store.known.registers import ADOPTIONS, POINTS, joined
from lms_sync.store.store import Store
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import FormReader
from lms_sync.tables.guard import read_guarded
from lms_sync.tables.read import Unreadable, bytes_of
from lms_sync.text import plain


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """Where a review is recorded, and by whose word."""

    store: Store
    vault: Vault
    pseudonyms: Pseudonyms
    author: Author
    today: date
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class ChecklistResult:
    """What a checklist that was read back came to."""

    findings: tuple[Finding, ...]
    """What is wrong with it; when there is any, nothing was recorded."""
    changed: tuple[str, ...] = ()
    """Points that were recorded, or recorded differently."""
    cleared: tuple[str, ...] = ()
    """Points that were taken back."""
    newer: tuple[str, ...] = ()
    """Points that somebody recorded since the copy was written; they stay as they are."""
    files: tuple[KeptFile, ...] = ()
    """Attachments that were taken in."""
    unlike: tuple[str, ...] = ()
    """Names of files of the folder that are not what was recorded under that name before; they were not taken in."""


def read_recorded(store: Store, known_at: datetime | None = None) -> Recorded:
    """Return what is recorded of all agreements, as it counted at `known_at` (now for None)."""
    issued = tuple(issued for issued in store.issued.listed() if known_at is None or issued.issued_at <= known_at)
    return Recorded(
        POINTS.read(store, known_at),
        ADOPTIONS.read(store, known_at),
        tuple(_as_known(one, known_at) for one in issued),
    )


def _as_known(issued: Issued, known_at: datetime | None) -> Issued:
    if known_at is None or issued.withdrawn_at is None or issued.withdrawn_at <= known_at:
        return issued
    return replace(issued, withdrawn_at=None, withdrawn_by=None, withdrawn_because=None)


def copy_now(store: Store, review: Review, now: datetime) -> ChecklistVersion:
    """Return which state a checklist is written from at `now`."""
    name = review.agreement.agreement_id
    return ChecklistVersion(name, now, fingerprint_of(_points(store, name, now)))


def _points(store: Store, agreement_id: str, known_at: datetime | None) -> dict[str, ReviewedPoint]:
    return Recorded(POINTS.read(store, known_at), {}, ()).of(agreement_id)


def take_back(desk: ReviewContext, review: Review, path: Path, *, folder: Path) -> ChecklistResult:
    """Record what a filled-in checklist says; attachments are files of `folder`. Unsound cells record nothing.

    Raises: UsageError for a workbook that is no checklist of this agreement, or one that was written from a state
    that is no longer known.
    """
    reader, copy = _open(desk, review, path)
    name = review.agreement.agreement_id
    base = _points(desk.store, name, copy.written)
    if fingerprint_of(base) != copy.fingerprint:
        raise UsageError(
            f"{path.name}: what it was written from is no longer known here; a backup may have been restored",
            hint=f"Write it anew: `lms-sync agreements review {name} -o FILE.xlsx`. Nothing was recorded.",
        )
    rows, findings = rows_of(reader, review)
    current = _points(desk.store, name, None)
    plan = plan_changes({p: row.said for p, row in rows.items()}, base, current, by=desk.author.by)
    files, unread = _read_files(desk, reader, rows, plan, folder)
    # A row with an unsound cell may look like a conflict, and is none.
    conflicts = () if findings else plan.conflicts
    wrong = (*findings, *(_conflict(reader, rows[p], current.get(p), name) for p in conflicts), *unread)
    if wrong:
        return ChecklistResult(wrong)
    _record(desk, name, plan, files)
    return ChecklistResult(
        (),
        tuple(change.point for change in plan.changes if change.said.done),
        tuple(change.point for change in plan.changes if not change.said.done),
        plan.newer,
        tuple(kept for kept, _ in files.values()),
        tuple(sorted({row.said.attachment for p, row in rows.items() if _is_unlike(row, current.get(p), folder)})),
    )


def _open(desk: ReviewContext, review: Review, path: Path) -> tuple[FormReader, ChecklistVersion]:
    try:
        sheets = read_guarded(bytes_of(path)).sheets
    except Unreadable as error:
        raise UsageError(f"{path.name}: {error.found}", hint=error.remedy) from error
    copy = copy_of(sheets, desk.pseudonyms)
    name = review.agreement.agreement_id
    if copy is None:
        raise UsageError(
            f"{path.name}: no checklist that this workspace has written",
            hint=f"`lms-sync agreements review {name} -o FILE.xlsx` writes one.",
        )
    if copy.agreement_id != name:
        raise UsageError(
            f"{path.name} is the checklist of {copy.agreement_id}, not of {name}",
            hint=f"`lms-sync agreements review {copy.agreement_id} --read …` reads it. Nothing was recorded.",
        )
    return FormReader(path.name, Area.FILE, sheets), copy


def _conflict(reader: FormReader, row: ChecklistRow, now: ReviewedPoint | None, agreement_id: str) -> Finding:
    whose = f"recorded by {now.recorded_by} on {now.recorded_on}" if now else "taken back by somebody"
    wrong = Wrong(
        f"this row and, since the checklist was written, another one: {whose}",
        "one word for each point",
        f"Write it anew (`lms-sync agreements review {agreement_id} -o FILE.xlsx`), and fill this row in there.",
    )
    return reader.finding("review-conflict", row.entry.where("Point"), wrong)


def _read_files(
    desk: ReviewContext, reader: FormReader, rows: Mapping[str, ChecklistRow], plan: Changes, folder: Path
) -> tuple[dict[str, tuple[KeptFile, bytes]], list[Finding]]:
    """Return point → its new attachment with its content, and findings for those that can't be had."""
    files, wrong = {}, []
    for change in plan.changes:
        if not (change.unread and is_plain(change.said.attachment)):
            continue
        try:
            kept, content = desk.vault.take(_named(folder, change.said.attachment))
            files[change.point] = (replace(kept, name=change.said.attachment), content)
        except UsageError as error:
            why = Wrong(str(error), "a file that can be kept", f"{error.hint} Nothing was recorded.")
            wrong.append(reader.finding("attachment", rows[change.point].entry.where("Attachment"), why))
    return files, wrong


def _named(folder: Path, name: str) -> Path:
    """Return the entry of a folder that has this name in any Unicode form, never anything outside the folder.

    Raises: UsageError when there is none, or it leads out of the folder.
    """
    found = [path for path in sorted(folder.iterdir()) if plain(path.name) == name] if folder.is_dir() else []
    if not found:
        raise UsageError(f"{name}: no such file in {folder}", hint="Put it there, or name its folder: --attachments.")
    if not found[0].resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"{name}: a link that leads out of the folder", hint="Put the file itself there.")
    return found[0]


def _is_unlike(row: ChecklistRow, now: ReviewedPoint | None, folder: Path) -> bool:
    """Tell whether the folder holds another file under the name of the one that is recorded."""
    kept = now.file if now else None
    if kept is None or row.said.attachment != kept.name:
        return False
    try:
        path = _named(folder, kept.name)
    except UsageError:
        return False
    if not path.is_file() or path.stat().st_size != kept.size:
        return path.is_file()
    return hashlib.sha256(path.read_bytes()).hexdigest() != kept.sha256


def _record(
    desk: ReviewContext, agreement_id: str, plan: Changes, files: Mapping[str, tuple[KeptFile, bytes]]
) -> None:
    for kept, content in files.values():
        desk.vault.keep(kept, content)
    with desk.store.transaction():
        for change in plan.changes:
            new = files.get(change.point)
            _put(desk, agreement_id, change, new[0] if new else change.file)


def _put(desk: ReviewContext, agreement_id: str, change: Change, file: KeptFile | None) -> None:
    after = change.after(agreement_id, desk.author, desk.today, file=file)
    key = joined(agreement_id, change.point)
    if after is None:
        POINTS.end(desk.store, key, now=desk.author.at)
    else:
        POINTS.put(desk.store, key, after, now=desk.author.at)
    desk.store.audit.add(
        DecisionKind.REVIEW,
        agreement_id,
        desk.author,
        before=POINTS.plain(change.before) if change.before else None,
        after=POINTS.plain(after) if after else None,
    )


def file_problems(vault: Vault, review: Review) -> dict[str, str]:
    """Return hash → what is wrong with a kept file, as the end of a sentence, for a review's attachments."""
    files = [found.file for _, found in review.points if found and found.file]
    files += [review.adoption.file] if review.adoption and review.adoption.file else []
    return {file.sha256: problem for file in files if (problem := vault.problem(file))}
