"""The one entry by which an upgrade makes the log speak of all that counts."""

from datetime import datetime

from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.store.known.differences import unspoken
from lms_sync.store.known.logged import IN_FORCE
from lms_sync.store.store import Store

WHY = "what counted when this workspace was upgraded, and no entry speaks of"


def write_baseline(store: Store, *, now: datetime) -> None:
    """Write down, once, what an earlier version left and no entry speaks of."""
    left = unspoken(store)
    if left is not None:
        with store.transaction():
            author = Author("lms-sync", WHY, now)
            after = {IN_FORCE: left}
            store.audit.add(DecisionKind.BASELINE, "the log of decisions", author, before=None, after=after)
