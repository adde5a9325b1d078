"""A look into a file that somebody handed in: its text, and what a person should know before opening it.

A file may be made to hang its reader or to eat memory. It is read by a child process of its own with a limit of both,
which nothing of the program's environment reaches; whatever happens there is `could not be looked into`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lms_sync.documents.badge import LARGEST, Badge
from lms_sync.documents.file_kinds import MediaKind
from lms_sync.model.badge_issuer import BadgeIssuer
from lms_sync.tables.child_process import TIME_LIMIT, ask_child, child_of

CHILD = child_of("lms_sync.documents.child")
UNSEEN = "It could not be looked into: nobody knows what it carries. Open it where no script can run."
_BAKED = b"openbadge"
"""What both names of a picture's piece begin with in which a badge stands."""


@dataclass(frozen=True, slots=True)
class FileLook:
    """What was found in a file."""

    text: str | None = None
    """None when no text can be had from it: an image, a scan, a file that could not be read."""
    notes: tuple[str, ...] = ()
    """What a person should know before opening it, in sentences."""
    badge: Badge | None = None
    """What the file says where it has the form of an Open Badge; whether that checks out, a note says."""


def look_into(
    content: bytes,
    kind: MediaKind,
    *,
    issuers: Sequence[BadgeIssuer] = (),
    program: tuple[str, ...] = CHILD,
    seconds: float = TIME_LIMIT,
) -> FileLook:
    """Return what was found in a file. A file that its reader does not survive has no text, and a note.

    A badge is called one if its signature, the key of one of the `issuers` and its status check out.
    """
    match kind:
        case MediaKind.BADGE | MediaKind.BADGE_TOKEN | MediaKind.BADGE_PICTURE:
            return _ask((*program, "BADGE"), _known(issuers) + content, seconds)
        case MediaKind.PNG if _BAKED in content:
            return _ask((*program, "BADGE"), _known(issuers) + content, seconds)
        case MediaKind.PDF | MediaKind.MAIL | MediaKind.OUTLOOK:
            return _ask((*program, kind.name), content, seconds)
        case _:
            return FileLook()


def _ask(program: tuple[str, ...], content: bytes, seconds: float) -> FileLook:
    answer = ask_child(program, content, seconds=seconds)
    try:
        return FileLook(None, (UNSEEN,)) if answer is None else _answer(answer)
    except ValueError:
        return FileLook(None, (UNSEEN,))


def _answer(answer: bytes) -> FileLook:
    """Return what the child said. Raises: ValueError when that is no answer."""
    look = json.loads(answer)
    if not (isinstance(look, dict) and isinstance(look.get("text"), str) and isinstance(look.get("notes"), list)):
        raise ValueError("no answer")
    badge = look.get("badge")
    notes = tuple(str(note) for note in look["notes"])
    return FileLook(look["text"].strip() or None, notes, badge if isinstance(badge, dict) else None)


def _known(issuers: Sequence[BadgeIssuer]) -> bytes:
    """Return what is known of the issuers, as one line that goes before a badge."""
    known = [
        {"name": issuer.name, "id": issuer.id, "key": _text(issuer.key), "lists": [_list(at) for at in issuer.lists]}
        for issuer in issuers
    ]
    return json.dumps(known).encode() + b"\n"


def _list(place: Path) -> tuple[str, str]:
    text = _text(place)
    return text, date.fromtimestamp(place.stat().st_mtime).isoformat() if text else ""


def _text(place: Path | None) -> str:
    """Return what a file of ours says; empty when it cannot be read: its badges do not check out then."""
    if place is None:
        return ""
    try:
        with place.open("rb") as file:
            return file.read(LARGEST).decode()
    except (OSError, ValueError):
        return ""
