"""Record an agreement's review: a checklist is read back as one act, whole or not at all.

Files go into the vault as the act's last step: a failure leaves a file that nobody names at most, never a fact
without its file.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from lms_sync.agreements.review.checklist import (
    ChecklistRow,
    ChecklistVersion,
    copy_of,
    fingerprint_of,
    is_plain,
    rows_of,
)
from lms_sync.agreements.review.filled_in import Change, Changes, plan_changes
from lms_sync.agreements.review.status import Recorded, Review, points_of, review_of
from lms_sync.documents.vault import Vault, open_vault
from lms_sync.errors import UsageError, WrongCells
from lms_sync.model.agreement import KeptFile, ReviewedPoint
from lms_sync.model.author import Author
from lms_sync.model.finding import Area, Finding
from lms_sync.model.issued import Issued
from lms_sync.model.known import known_agreement
from lms_sync.model.log import DecisionKind
from lms_sync.store.known.registers import ADOPTIONS, POINTS, joined
from lms_sync.store.known.snapshot import read_roster, read_yearly
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.tables.cells import Sheet
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import FormReader
from lms_sync.tables.guard import read_guarded
from lms_sync.tables.read import Unreadable, bytes_of
from lms_sync.text import command_line, plain, written_day


@dataclass(frozen=True, slots=True)
class ChecklistResult:
    """What a checklist that was read back came to."""

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
        tuple(_as_known(document, known_at) for document in issued),
        read_yearly(store, known_at),
    )


def _as_known(issued: Issued, known_at: datetime | None) -> Issued:
    if known_at is None or issued.withdrawn_at is None or issued.withdrawn_at <= known_at:
        return issued
    return replace(issued, withdrawn_at=None, withdrawn_by=None, withdrawn_because=None)


def read_review(workspace: Workspace, agreement_id: str, known_at: datetime | None = None) -> Review:
    """Return an agreement's review of today, by what was recorded at `known_at` (now for None).

    Raises: UsageError for an agreement that is not on the roster.
    """
    roster = read_roster(workspace.store)
    recorded = read_recorded(workspace.store, known_at)
    return review_of(roster, recorded, known_agreement(roster, agreement_id), as_of=workspace.today())


def copy_now(store: Store, review: Review, now: datetime) -> ChecklistVersion:
    """Return which state a checklist is written from at `now`."""
    name = review.agreement.agreement_id
    return ChecklistVersion(name, now, fingerprint_of(_points(store, name, now)))


def _points(store: Store, agreement_id: str, known_at: datetime | None) -> dict[str, ReviewedPoint]:
    return points_of(POINTS.read(store, known_at), agreement_id)


def read_checklist(
    workspace: Workspace, author: Author, *, agreement_id: str, path: Path, folder: Path
) -> ChecklistResult:
    """Record what a filled-in checklist says; attachments are files of `folder`.

    Raises: WrongCells when any of it can't be taken as it stands; UsageError for a workbook that is no checklist of
    this agreement, or one that was written from a state that is no longer known.
    """
    with workspace.store.transaction():
        review = read_review(workspace, agreement_id)
        name = review.agreement.agreement_id
        reader, base = _open(workspace, review, path)
        rows, findings = rows_of(reader, review)
        current = _points(workspace.store, name, None)
        plan = plan_changes({p: row.point_entry for p, row in rows.items()}, base, current, by=author.by)
        files, unread = _read_files(_vault(workspace), reader, rows, plan, folder=folder)
        # A row with an unsound cell may look like a conflict, and is none.
        conflicts = () if findings else plan.conflicts
        _refuse([*findings, *(_conflict(reader, rows[p], current.get(p), name) for p in conflicts), *unread], path)
        _record(workspace, author, name, plan=plan, files=files)
    unlike = sorted(
        {row.point_entry.attachment for p, row in rows.items() if _is_unlike(row, current.get(p), folder)}
    )
    return _result(plan, files, unlike)


def _vault(workspace: Workspace) -> Vault:
    return open_vault(*workspace.config.kept_files)


def _refuse(wrong: Sequence[Finding], path: Path) -> None:
    if wrong:
        raise WrongCells(
            f"{path.name} was not taken in: nothing was recorded",
            hint="Correct these cells, then read it again.",
            cells=map(str, wrong),
        )


def _result(plan: Changes, files: Mapping[str, tuple[KeptFile, bytes]], unlike: Sequence[str]) -> ChecklistResult:
    return ChecklistResult(
        tuple(change.point for change in plan.changes if change.point_entry.done),
        tuple(change.point for change in plan.changes if not change.point_entry.done),
        plan.newer,
        tuple(kept for kept, _ in files.values()),
        tuple(unlike),
    )


def _open(workspace: Workspace, review: Review, path: Path) -> tuple[FormReader, Mapping[str, ReviewedPoint]]:
    """Return a checklist's rows, and the points that it was written from."""
    sheets, copy = _opened(workspace, review, path)
    name = review.agreement.agreement_id
    base = _points(workspace.store, name, copy.written)
    if fingerprint_of(base) != copy.fingerprint:
        raise UsageError(
            f"{path.name}: what it was written from is no longer known here; a backup may have been restored",
            hint=f"Nothing was recorded. Write a new one: `{command_line('agreements review', name, o='F.xlsx')}`",
        )
    return FormReader(path.name, Area.FILE, sheets, workspace.config.settings.district.dates), base


def _opened(workspace: Workspace, review: Review, path: Path) -> tuple[Sequence[Sheet], ChecklistVersion]:
    try:
        sheets = read_guarded(bytes_of(path)).sheets
    except Unreadable as error:
        raise UsageError(f"{path.name}: {error.found}", hint=error.remedy) from error
    copy = copy_of(sheets, workspace.pseudonyms)
    name = review.agreement.agreement_id
    if copy is None:
        raise UsageError(
            f"{path.name}: no checklist that this workspace has written",
            hint=f"`{command_line('agreements review', name, o='FILE.xlsx')}` writes one.",
        )
    if copy.agreement_id != name:
        raise UsageError(
            f"{path.name} is the checklist of {copy.agreement_id}, not of {name}",
            hint=f"`{command_line('agreements review', copy.agreement_id, read=...)}` reads it. Nothing was kept.",
        )
    return sheets, copy


def _conflict(reader: FormReader, row: ChecklistRow, now: ReviewedPoint | None, agreement_id: str) -> Finding:
    whose = f"recorded by {now.recorded_by} on {written_day(now.recorded_on)}" if now else "taken back by somebody"
    wrong = Wrong(
        f"this row and, since the checklist was written, another one: {whose}",
        "one word for each point",
        f"Write a new one (`{command_line('agreements review', agreement_id, o='F.xlsx')}`), and fill it in there.",
    )
    return reader.finding("review-conflict", row.entry.where("Point"), wrong)


def _read_files(
    vault: Vault, reader: FormReader, rows: Mapping[str, ChecklistRow], plan: Changes, *, folder: Path
) -> tuple[dict[str, tuple[KeptFile, bytes]], list[Finding]]:
    """Return point → its new attachment with its content, and findings for those that can't be had."""
    files, wrong = {}, []
    for change in plan.changes:
        if not (change.unread and is_plain(change.point_entry.attachment)):
            continue
        try:
            kept, content = vault.take(_named(folder, change.point_entry.attachment))
            files[change.point] = (replace(kept, name=change.point_entry.attachment), content)
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
    if kept is None or row.point_entry.attachment != kept.name:
        return False
    try:
        path = _named(folder, kept.name)
    except UsageError:
        return False
    if not path.is_file() or path.stat().st_size != kept.size:
        return path.is_file()
    return hashlib.sha256(path.read_bytes()).hexdigest() != kept.sha256


def _record(
    workspace: Workspace,
    author: Author,
    agreement_id: str,
    *,
    plan: Changes,
    files: Mapping[str, tuple[KeptFile, bytes]],
) -> None:
    for change in plan.changes:
        kept, _ = files.get(change.point, (change.file, b""))
        after = change.after(agreement_id, author, workspace.day(author.at), file=kept)
        log_point(workspace.store, author, agreement_id, change=change, after=after)
    for file, content in files.values():
        _vault(workspace).keep(file, content)


def log_point(
    store: Store, author: Author, agreement_id: str, *, change: Change, after: ReviewedPoint | None
) -> None:
    """Let a point count as it is from now on, None as taken back, and log it; the caller holds the transaction."""
    key = joined(agreement_id, change.point)
    if after is None:
        POINTS.end(store, key, now=author.at)
    else:
        POINTS.put(store, key, after, now=author.at)
    was, becomes = (POINTS.plain(point) if point else None for point in (change.before, after))
    store.audit.add(DecisionKind.REVIEW, agreement_id, author, before=was, after=becomes)


def file_problems(vault: Vault, review: Review) -> dict[str, str]:
    """Return hash → what is wrong with a kept file, as the end of a sentence, for a review's attachments."""
    files = [found.file for _, found in review.points if found and found.file]
    files += [review.adoption.file] if review.adoption and review.adoption.file else []
    return {file.sha256: problem for file in files if (problem := vault.problem(file))}
