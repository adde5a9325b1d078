"""Decide which is right where the log of decisions and the database differ.

Each act opens its own transaction, and logs who decided and why.
"""

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.dispute import Difference
from lms_sync.model.log import DecisionKind
from lms_sync.operations.agreed.put_back import put_back
from lms_sync.store.known.differences import read_differences
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace


def find_difference(store: Store, wanted: str) -> Difference | None:
    """Return the difference that a person names by its id; None for no such."""
    return next((difference for difference in read_differences(store) if difference.id == wanted), None)


def database_is_right(workspace: Workspace, author: Author, *, difference_id: str) -> Difference:
    """Record that what the database holds counts, or that somebody has looked at what is wrong with the log itself.

    Raises: UsageError when no such difference waits.
    """
    store = workspace.store
    with store.transaction():
        difference = _waiting(store, difference_id)
        if difference.about_the_log:
            after = {"trouble": difference.stored_digest, "words": difference.mark}
        else:
            after = {"kind": difference.kind.value, "mark": difference.mark, "digest": difference.stored_digest}
        store.audit.add(DecisionKind.DIFFERENCE, difference.id, author, before=None, after=after)
        store.findings.clear(difference.id, now=author.at)
    return difference


def log_is_right(workspace: Workspace, author: Author, *, difference_id: str) -> Difference:
    """Put back into the database what the log says, and record that.

    Raises: UsageError when no such difference waits, and when it is about the log itself.
    """
    store = workspace.store
    with store.transaction():
        difference = _waiting(store, difference_id)
        if difference.about_the_log:
            raise UsageError(
                f"{difference_id} is about the log itself, and nothing can be put back from it",
                hint="Put the database back from a backup; or, when you have looked at it: lms-sync worklist accept.",
            )
        put_back(store, difference, author)
        after = {"kind": difference.kind.value, "mark": difference.mark, "digest": difference.logged_digest}
        store.audit.add(DecisionKind.DIFFERENCE, difference.id, author, before=None, after=after)
        store.findings.clear(difference.id, now=author.at)
    return difference


def _waiting(store: Store, difference_id: str) -> Difference:
    difference = find_difference(store, difference_id)
    if difference is None:
        raise UsageError(
            f"{difference_id}: no such difference waits", hint="`lms-sync worklist` shows the ids (log-differs)."
        )
    return difference
