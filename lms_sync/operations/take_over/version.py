"""The workbook that people edit, as a page has read it: another one meanwhile is a conflict, never written over."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lms_sync.errors import UsageError
from lms_sync.files import shared_folder, write_whole
from lms_sync.workspace.roster.open_elsewhere import opened_by

VERSIONS = "versions"
"""Folder beside the workbook in which every version that was replaced from here is kept."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A workbook as it was read: its content, and the hash by which another content is told."""

    path: Path
    content: bytes
    """Empty where there is no file."""

    @property
    def sha256(self) -> str:
        """Return the hash of the content."""
        return hashlib.sha256(self.content).hexdigest()


def read_file(path: Path) -> ReadFile:
    """Return the workbook as it is now."""
    return ReadFile(path, path.read_bytes() if path.is_file() else b"")


def expect_unchanged(path: Path, sha256: str) -> None:
    """Refuse to write over a workbook that somebody has changed since it was read. Raises: UsageError."""
    if read_file(path).sha256 != sha256:
        raise UsageError(
            f"{path.name} was changed since you opened it; nothing was written",
            hint="Compare what it says now with what you wanted, and make your change again where it still applies.",
        )


def opened_elsewhere(path: Path) -> str:
    """Return a warning where a program seems to have the workbook open; empty where none does.

    The sign stays behind after a crash, so it is a warning and never a lock.
    """
    if not opened_by(path):
        return ""
    return f"{path.name} seems to be open in Excel or LibreOffice; if it is saved there, this version is lost."


def replace(path: Path, content: bytes, *, at: datetime) -> Path | None:
    """Write the workbook whole, with its mode, and return where the version before it is kept; None for a new one."""
    before, kept = read_file(path), None
    shared_folder(path.parent)
    if before.content:
        folder = path.parent / VERSIONS
        shared_folder(folder)
        kept = folder / f"{path.stem}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{before.sha256[:8]}{path.suffix}"
        write_whole(kept, before.content)
    write_whole(path, content)
    return kept
