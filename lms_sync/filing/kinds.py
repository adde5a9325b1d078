"""What a file that somebody hands in is, told by its content. It is looked at as bytes: nothing in it is ever run."""

import json
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from enum import StrEnum

from lms_sync.errors import UsageError


class MediaKind(StrEnum):
    """The kinds of file that are kept."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"
    BADGE = "application/json"
    """An Open Badge."""
    MAIL = "message/rfc822"

    @property
    def ending(self) -> str:
        """Return what a file of this kind is called behind its name, so that a person's programs open it."""
        return _ENDINGS[self]


_ENDINGS = {
    MediaKind.PDF: ".pdf",
    MediaKind.PNG: ".png",
    MediaKind.JPEG: ".jpg",
    MediaKind.TIFF: ".tif",
    MediaKind.BADGE: ".json",
    MediaKind.MAIL: ".eml",
}
_STARTS = (
    (b"%PDF-", MediaKind.PDF),
    (b"\x89PNG\r\n\x1a\n", MediaKind.PNG),
    (b"\xff\xd8\xff", MediaKind.JPEG),
    (b"II*\x00", MediaKind.TIFF),
    (b"MM\x00*", MediaKind.TIFF),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a file is."""

    media_type: MediaKind
    notes: tuple[str, ...] = ()
    """What a person should know before opening it, in sentences."""


def kind_of(content: bytes, *, name: str) -> Told:
    """Return what a file is. Raises: UsageError for an empty file and for a kind that is not kept."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return Told(kind)
    if _is_badge(content):
        return Told(MediaKind.BADGE)
    if _is_mail(content):
        return Told(MediaKind.MAIL)
    found = "the file is empty" if not content.strip() else "its content is none of the kinds that are kept"
    raise UsageError(
        f"{name}: {found}",
        hint="Kept are PDF, images (PNG, JPEG, TIFF), Open Badges (JSON) and e-mails (.eml). Print others to PDF.",
    )


def _is_badge(content: bytes) -> bool:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and ("@context" in said or "type" in said)


def _is_mail(content: bytes) -> bool:
    head = content[:65536]
    if b"\x00" in head:
        return False
    message = message_from_bytes(head, policy=default)
    return bool(message["From"] and message["Date"])
