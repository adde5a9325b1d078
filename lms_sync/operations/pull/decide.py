"""Accept that records are missing from a source: what a safety stop asks of a person."""

from collections.abc import Collection
from datetime import datetime

from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.store.store import Store


def drop_author(by: str, at: datetime) -> Author:
    """Return the word of somebody who insists on a drop. Raises: UsageError when the name is blank."""
    return Author(by, "these records are really gone (--accept-drop)", at)


def accept_drop(store: Store, source: str, missing: Collection[str], *, author: Author) -> None:
    """Record and log that a person agreed that records are missing; nothing where all were agreed on before.

    It is part of the pull that misses them, in that pull's transaction: it counts only if the pull is stored.
    """
    new = store.evidence.accept_absences(source, missing, by=author.by, now=author.at)
    if new:
        store.audit.add(DecisionKind.DROP, source, author, before=None, after={"records": list(new)})
