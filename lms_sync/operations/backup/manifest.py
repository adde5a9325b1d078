"""What a backup says of itself: a file beside its content, by which it is told whole from half and old from new."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lms_sync.errors import UsageError
from lms_sync.files import write_private

MANIFEST = "backup.json"
NAMED = "%Y-%m-%dT%H%M%S"
"""What a backup's folder is called: when it was begun, in the district's zone."""
UNSETTLED = "state/restore_not_finished"
"""In the workspace, while a backup is put back: what was queued in it may not leave before it is held."""
DATABASE, DOCUMENTS, EDITED = "database", "documents", "workspace"
"""What a file of a backup is: the database, something that was filed, something that people edit."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """One file of a backup."""

    part: str
    name: str
    """Path from the folder of its part, with /."""
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup."""

    district: str
    made_at: datetime
    program: str
    revision: str
    log_entries: int
    log_head: str
    key_at: str
    """Where the identity key was, in words: it is not in the backup."""
    files: tuple[BackedUp, ...]

    @property
    def size(self) -> int:
        """Return how many bytes its files have."""
        return sum(file.size for file in self.files)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, last: a folder without one is no backup."""
    written = {**asdict(manifest), "made_at": manifest.made_at.isoformat(), "version": 1}
    write_private(folder / MANIFEST, json.dumps(written, indent=1, ensure_ascii=False).encode())


def read_manifest(folder: Path) -> Manifest:
    """Return what a backup says of itself. Raises: UsageError for a folder that is no whole backup."""
    try:
        written: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = tuple(BackedUp(**file) for file in written.pop("files"))
        made_at = datetime.fromisoformat(written.pop("made_at"))
        if written.pop("version") != 1:
            raise ValueError("a newer form")
        return Manifest(**written, made_at=made_at, files=files)
    except FileNotFoundError as error:
        hint = "Name a folder that `lms-sync db backup` made; `lms-sync db backups` lists them."
        raise UsageError(f"{folder} is no backup: it has no {MANIFEST}", hint=hint) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{folder / MANIFEST} cannot be read", hint="Take another backup.") from error


def place_of(folder: Path, file: BackedUp) -> Path:
    """Return where a file of a backup lies. Raises: UsageError for a name that would lead out of it."""
    base = (folder / file.part).resolve()
    place = (base / file.name).resolve()
    if not place.is_relative_to(base) or file.part not in (DATABASE, DOCUMENTS, EDITED):
        raise UsageError(f"{folder / MANIFEST} names {file.name}, which is not in the backup", hint="Take another.")
    return place


def described(part: str, name: str, place: Path) -> BackedUp:
    """Return a file as the manifest tells of it."""
    return BackedUp(part, name, hash_of(place), place.stat().st_size)


def hash_of(place: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def broken_off(folder: Path, before: datetime) -> tuple[Path, ...]:
    """Return the folders that backups begun before an instant have left half made, because they were killed.

    A younger one may still be at work. `before` is in the zone in which folders are named.
    """
    found = []
    for place in folder.iterdir() if folder.is_dir() else ():
        try:
            begun = datetime.strptime(place.name, NAMED).replace(tzinfo=before.tzinfo)
        except ValueError:
            continue
        if begun < before and place.is_dir() and not (place / MANIFEST).exists():
            parts = {path.name for path in place.iterdir()}
            if parts <= {DATABASE, DOCUMENTS, EDITED, f".{MANIFEST}.part"}:
                found.append(place)
    return tuple(sorted(found))


def backups(folder: Path) -> tuple[tuple[Path, Manifest], ...]:
    """Return the whole backups in a folder, the newest first."""
    found = []
    for place in folder.iterdir() if folder.is_dir() else ():
        if (place / MANIFEST).is_file():
            try:
                found.append((place, read_manifest(place)))
            except UsageError:
                continue
    return tuple(sorted(found, key=lambda pair: pair[1].made_at, reverse=True))
