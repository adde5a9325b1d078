"""The carrier that lets nothing leave: each message becomes an .eml file, which a mail program opens."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from lms_sync.errors import MailError
from lms_sync.files import private_folder, private_opener
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult


@dataclass(frozen=True, slots=True)
class FolderCarrier:
    """Writes `TIME-DELIVERY.eml` files that only their owner can read; overwrites none."""

    path: Path
    clock: Callable[[], datetime] = field(repr=False)
    """Gives an aware instant; the file name tells it in UTC, to the second."""

    @property
    def name(self) -> str:
        """Return the name that lms_sync.toml calls it by."""
        return "folder"

    @contextmanager
    def session(self) -> Iterator["FolderCarrier"]:
        """Return the carrier itself: a folder needs no session."""
        yield self

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        """Write the message as one file; every recipient counts as accepted, with the file's name.

        Raises: MailError when the file can't be written, or is there already; then there is no new file.
        """
        when = self.clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        target = self.path / f"{when}-{envelope.delivery_id}.eml"
        try:
            private_folder(self.path)
            _write_new(target, message)
        except OSError as error:
            raise MailError(
                f"mail folder {self.path}: {target.name} was not written ({error.strerror or error})",
                hint="Make room for it, or name another folder at [mail] folder.",
            ) from error
        return tuple(RecipientResult(a, RecipientOutcome.ACCEPTED, target.name) for a in envelope.recipients)


def _write_new(target: Path, content: bytes) -> None:
    """Write a file that is either whole or not there. Raises: OSError, FileExistsError among them."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with open(part, "xb", opener=private_opener) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, target)  # unlike a rename, this never replaces a file
    finally:
        part.unlink(missing_ok=True)
