"""The folder of files that people handed in: each once, under the hash of its content, never changed, never run."""

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from lms_sync.documents.file_kinds import MediaKind, kind_of
from lms_sync.documents.look import FileLook, look_into
from lms_sync.errors import UsageError
from lms_sync.files import private_folder, write_private
from lms_sync.model.agreement import KeptFile
from lms_sync.model.badge_issuer import BadgeIssuer

MEGABYTE = 1_000_000
_OPENING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
"""A pipe that nobody writes to must not hold the command up."""


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as it would be kept; nothing is written yet."""

    file: KeptFile
    content: bytes
    looked: FileLook = field(default_factory=FileLook)


def open_vault(folder: Path, largest_mb: int, issuers: tuple[BadgeIssuer, ...] = ()) -> "Vault":
    """Return the workspace's folder of files that people handed in, none larger than `largest_mb`."""
    return Vault(folder, largest_mb * MEGABYTE, issuers)


@dataclass(frozen=True, slots=True)
class Vault:
    """Keeps files under `folder`."""

    folder: Path
    largest: int
    """Bytes; a larger file is refused before it is read."""
    issuers: tuple[BadgeIssuer, ...] = ()
    """Those whose Open Badges may check out."""

    def take(self, path: Path) -> tuple[KeptFile, bytes]:
        """Return a file as it would be kept, and its content; nothing is written yet.

        Raises: UsageError for a missing, empty or too large file, for what is no file, and for a kind that is none of
        those that are kept.
        """
        handed = self.handed(path.name, self.read(path))
        return handed.file, handed.content

    def handed(self, name: str, content: bytes) -> IncomingFile:
        """Return the same for a content that was read already, with what was found inside it."""
        file_description = kind_of(content, name=plain_name(name))
        looked = look_into(content, file_description.media_type, issuers=self.issuers)
        notes = (*file_description.notes, *looked.notes)
        file = KeptFile(_hash(content), plain_name(name), file_description.media_type.value, len(content), notes)
        return IncomingFile(file, content, looked)

    def of_kind(self, name: str, content: bytes, kind: MediaKind) -> KeptFile:
        """Return a file as it would be kept whose kind is known: an ESD's list, or what was made here."""
        return KeptFile(_hash(content), plain_name(name), kind.value, len(content))

    def keep(self, file: KeptFile, content: bytes) -> Path:
        """Write a file, whole or not at all, and return its place; one that is there already stays as it is.

        When this returns, the file outlives a loss of power: a fact that names it may be stored.
        """
        place = self.place(file)
        if not place.is_file() or _hash_of(place) != file.sha256:
            private_folder(self.folder)
            write_private(place, content)
            _sync_folder(self.folder)
        return place

    def place(self, file: KeptFile) -> Path:
        """Return where a file lies: its hash, with the ending that its content has."""
        return self.folder / f"{file.sha256}{MediaKind(file.media_type).ending}"

    def problem(self, file: KeptFile) -> str:
        """Return what is wrong with a kept file, as the end of a sentence; empty when it is as it was handed in."""
        place = self.place(file)
        if not place.is_file():
            return "is no longer there"
        try:
            found = _hash_of(place)
        except OSError as error:
            return f"cannot be read ({error.strerror})"
        return "" if found == file.sha256 else "was changed since it was filed"

    def read(self, path: Path) -> bytes:
        """Return a file's content; a link is followed, and what it leads to is kept, never the link.

        Raises: UsageError for a missing or too large file, and for what is no file.
        """
        name = "".join(c if c.isprintable() else "_" for c in str(path))
        if not path.is_file():
            what = "a folder or a device, not a file" if path.exists() else "there is no such file"
            raise UsageError(f"{name}: {what}", hint="Name the file itself.")
        with open(os.open(path, _OPENING), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise UsageError(f"{name}: a device, not a file", hint="Name the file itself.")
            if found.st_size > self.largest:
                raise UsageError(
                    f"{name}: {found.st_size / MEGABYTE:,.1f} MB, and {self.largest / MEGABYTE:,.0f} MB are the most",
                    hint="Scan it in less detail, or raise [documents] largest_mb in lms_sync.toml.",
                )
            # A file may grow, or lie about its size, while it is read.
            content = file.read(self.largest + 1)
        if len(content) > self.largest:
            raise UsageError(f"{name}: it grows while it is read", hint="Copy it, then file the copy.")
        return content


def plain_name(name: str) -> str:
    """Return a file's name as it is kept: without any folder, without control characters, 120 characters at most."""
    last = PureWindowsPath(name.replace("\x00", "")).name
    plain = "".join(c if c.isprintable() else "_" for c in last)[-120:]
    return plain if plain.strip(". ") else "unnamed"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_of(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where the system can do that for a folder."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
