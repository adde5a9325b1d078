"""Look for what new rules change, keep it until HR has accepted it, and record that it did."""

from datetime import datetime

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.model.rule_change import RuleChange
from lms_sync.store.known.registers import RULE_CHANGES
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace


def keep(store: Store, change: RuleChange | None, *, now: datetime) -> None:
    """Keep a change until HR accepts it, unless HR has accepted the very same; the caller holds the transaction."""
    if change is not None and not _accepted(store, change):
        RULE_CHANGES.put(store, change.finding_id, change, now=now)


def _accepted(store: Store, change: RuleChange) -> bool:
    """Tell whether HR has looked at it before: the next night finds again what `db upgrade` found."""
    history = [v for v in store.facts.history(RULE_CHANGES.kind) if v.key == change.finding_id]
    return any(v.ended_at is not None and RULE_CHANGES.form.read(v.payload) == change for v in history[-1:])


def accept_rules(workspace: Workspace, author: Author, *, finding_id: str) -> RuleChange:
    """Record that HR has looked at what new rules changed: the partners concerned are no longer held for it.

    Raises: UsageError when no such change waits.
    """
    store = workspace.store
    with store.transaction():
        change = RULE_CHANGES.read(store).get(finding_id)
        if change is None:
            raise UsageError(
                f"{finding_id}: no change of rules of that id waits", hint="`lms-sync worklist` shows the ids."
            )
        RULE_CHANGES.end(store, finding_id, now=author.at)
        store.audit.add(DecisionKind.RULES, finding_id, author, before=RULE_CHANGES.plain(change), after=None)
        store.findings.clear(finding_id, now=author.at)
    return change
