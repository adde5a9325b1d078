"""Ids of the worklist as people type them: whole, or any beginning that only one has."""

from lms_sync.errors import UsageError
from lms_sync.store.known.registers import DOUBTS, RULE_CHANGES
from lms_sync.store.store import Store
from lms_sync.text import beginning_with


def whole_id(store: Store, typed: str) -> str:
    """Return the id that was meant: of what waits, or else of what was decided; as typed where there is none.

    Raises: UsageError when several begin so.
    """
    waiting = [waiting.finding.id for waiting in store.findings.open()]
    decided = [doubt.finding_id for doubt in DOUBTS.read(store).values()]
    decided += [*RULE_CHANGES.read(store), *store.findings.decisions(), *store.findings.ids()]
    meant = beginning_with(typed, waiting) or beginning_with(typed, decided)
    if len(meant) > 1:
        raise UsageError(f"{typed} is the beginning of {len(meant)} ids", hint=f"Say which: {', '.join(meant)}.")
    return meant[0] if meant else typed
