"""Accept that records are missing from a source, or that its days are right: what a safety stop asks of a person."""

from collections.abc import Collection, Sequence
from datetime import datetime

from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.operations.pull.exchanged_days import DayChange
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


def days_author(by: str, at: datetime) -> Author:
    """Return the word of somebody who says that exchanged days are right now. Raises: UsageError for a blank name."""
    return Author(by, "these days are right, and the former ones were wrong (--accept-days)", at)


def accept_days(store: Store, source: str, changes: Sequence[DayChange], *, author: Author) -> None:
    """Log that a person said that days which came with day and month exchanged are right.

    It is part of the pull that tells them, in that pull's transaction; what is stored says what was before.
    """
    exchanged = sum(change.exchanged for change in changes)
    store.audit.add(DecisionKind.DAYS, source, author, before=None, after={"exchanged": exchanged})
