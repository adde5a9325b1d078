"""The scan of a class's sheet, filed with the typed sheet that is a source's file: for whoever asks to see it.

A scan documents nothing by itself: what counts is what was read of the sheet.
"""

import hashlib
from pathlib import Path

from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError
from lms_sync.model.agreement import SheetScan
from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.store.known.registers import SCANS
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import did_you_mean, did_you_mean_id


def file_scan(workspace: Workspace, author: Author, *, path: Path, source: str, sheet: str) -> SheetScan:
    """Keep a scan with the file `sheet` of a source; the same one twice changes nothing that is kept.

    Raises: UsageError for a file of no source, for a scan that is filed with it already, and for what can't be kept.
    """
    store = workspace.store
    vault = open_vault(*workspace.config.kept_files)
    file, content = vault.take(path)
    with store.transaction():
        _expect_read(store, source, sheet)
        scan_id = "S" + hashlib.sha256(f"{source}\x1f{sheet}\x1f{file.sha256}".encode()).hexdigest()[:8]
        if scan_id in SCANS.read(store):
            raise UsageError(f"{file.name} is filed with {sheet} already ({scan_id})", hint="Nothing was changed.")
        scan = SheetScan(scan_id, source, sheet, file, author.by, workspace.day(author.at), author.reason)
        vault.keep(file, content)
        SCANS.put(store, scan_id, scan, now=author.at)
        store.audit.add(DecisionKind.SCAN, scan_id, author, before=None, after=SCANS.plain(scan))
    return scan


def withdraw_scan(workspace: Workspace, author: Author, *, scan_id: str) -> SheetScan:
    """Let a scan stand beside its sheet no longer; the file stays. Raises: UsageError for an unknown id."""
    store = workspace.store
    with store.transaction():
        scans = SCANS.read(store)
        if scan_id not in scans:
            raise UsageError(
                f"{scan_id}: there is no such scan",
                hint=f"{did_you_mean_id(scan_id, scans)}`lms-sync documents scans` lists them.",
            )
        SCANS.end(store, scan_id, now=author.at)
        store.audit.add(DecisionKind.SCAN, scan_id, author, before=SCANS.plain(scans[scan_id]), after=None)
    return scans[scan_id]


def _expect_read(store: Store, source: str, sheet: str) -> None:
    names = sorted({file.name for file in store.evidence.files(source, gone=True)})
    if sheet in names:
        return
    if not names:
        known = ", ".join(sorted(store.runs.pulls())) or "none"
        raise UsageError(f"no file of a source {source} was ever read", hint=f"Sources that were read: {known}.")
    raise UsageError(
        f"the source {source} has no file {sheet}",
        hint=f"{did_you_mean(sheet, names)}It has {', '.join(names[:5])}{' and others' if len(names) > 5 else ''}.",
    )
