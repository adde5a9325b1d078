"""A look into a file that somebody handed in: its text, and what a person should know before opening it.

A file may be made to hang its reader or to eat memory. It is read by a child process of its own with a limit of both,
which nothing of the program's environment reaches; whatever happens there is `could not be looked into`.
"""

import json
from dataclasses import dataclass

from lms_sync.documents.badge import badge_text, parsed_badge
from lms_sync.documents.file_kinds import MediaKind
from lms_sync.tables.child_process import TIME_LIMIT, ask_child, child_of

CHILD = child_of("lms_sync.documents.child")
UNSEEN = "It could not be looked into: nobody knows what it carries. Open it where no script can run."

UNVERIFIED = (
    "It has the form of an Open Badge, and is a file that nobody has verified: neither its signature nor its issuer"
    " nor whether it was revoked. Ask the issuer."
)


@dataclass(frozen=True, slots=True)
class FileLook:
    """What was found in a file."""

    text: str | None = None
    """None when no text can be had from it: an image, a scan, a file that could not be read."""
    notes: tuple[str, ...] = ()
    """What a person should know before opening it, in sentences."""


def look_into(
    content: bytes, kind: MediaKind, *, program: tuple[str, ...] = CHILD, seconds: float = TIME_LIMIT
) -> FileLook:
    """Return what was found in a file. A file that its reader does not survive has no text, and a note."""
    match kind:
        case MediaKind.BADGE:
            return FileLook(badge_text(parsed_badge(content) or {}), (UNVERIFIED,))
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
    return FileLook(look["text"].strip() or None, tuple(str(note) for note in look["notes"]))
