"""The folder of files that people handed in: each once, under the hash of its content, never changed, never run."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from lms_sync.config import Config
from lms_sync.errors import UsageError
from lms_sync.filing.kinds import MediaKind, kind_of
from lms_sync.model import KeptFile
from lms_sync.tables.whole import write_whole

MEGABYTE = 1_000_000


def open_vault(config: Config) -> "Vault":
    """Return the workspace's folder of files that people handed in."""
    settings = config.settings.documents
    return Vault(config.path(settings.folder), settings.largest_mb * MEGABYTE)


@dataclass(frozen=True, slots=True)
class Vault:
    """Keeps files under `folder`."""

    folder: Path
    largest: int
    """Bytes; a larger file is refused before it is read."""

    def take(self, path: Path) -> tuple[KeptFile, bytes]:
        """Return a file as it would be kept, and its content; nothing is written yet.

        Raises: UsageError for a missing, empty or too large file, for what is no file, and for a kind that is none of
        those that are kept.
        """
        content = self._read(path)
        told = kind_of(content, name=path.name)
        return KeptFile(
            _hash(content), plain_name(path.name), told.media_type.value, len(content), told.notes
        ), content

    def keep(self, file: KeptFile, content: bytes) -> Path:
        """Write a file, whole or not at all, and return its place; one that is there already stays as it is."""
        place = self.place(file)
        if not place.is_file() or _hash(place.read_bytes()) != file.sha256:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(place, content)
            os.chmod(place, 0o600)
        return place

    def place(self, file: KeptFile) -> Path:
        """Return where a file lies: its hash, with the ending that its content has."""
        return self.folder / f"{file.sha256}{MediaKind(file.media_type).ending}"

    def problem(self, file: KeptFile) -> str:
        """Return what is wrong with a kept file, as the end of a sentence; empty when it is as it was handed in."""
        place = self.place(file)
        if not place.is_file():
            return "is no longer there"
        return "" if _hash(place.read_bytes()) == file.sha256 else "was changed since it was filed"

    def _read(self, path: Path) -> bytes:
        if not path.is_file():
            what = "a folder or a device, not a file" if path.exists() else "there is no such file"
            raise UsageError(f"{path}: {what}", hint="Name the file itself.")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > self.largest:
                raise UsageError(
                    f"{path.name}: {size / MEGABYTE:,.1f} MB, and {self.largest / MEGABYTE:,.0f} MB are the most",
                    hint="Scan it in less detail, or raise [documents] largest_mb in lms_sync.toml.",
                )
            # A file may grow, or lie about its size, while it is read.
            content = file.read(self.largest + 1)
        if len(content) > self.largest:
            raise UsageError(f"{path.name}: it grows while it is read", hint="Copy it, then file the copy.")
        return content


def plain_name(name: str) -> str:
    """Return a file's name as it is kept: without any folder, without control characters, 120 characters at most."""
    last = PureWindowsPath(name.replace("\x00", "")).name
    return "".join(c if c.isprintable() else "_" for c in last)[-120:] or "unnamed"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
