"""Write a plan's changes into the store: a statement for each kind of change, whatever their number."""

from collections.abc import Sequence

from lms_sync.model.evidence import StoredCompletion, StoredItem
from lms_sync.operations.pull.changes import Add, ChangePlan, Correct, Withdraw
from lms_sync.operations.pull.doubts import Asking, Question, Settle, doubts_of
from lms_sync.store.known.registers import DOUBTS, joined
from lms_sync.store.store import Store


def write_changes(store: Store, plan: ChangePlan, items: Sequence[StoredItem], asking: Asking) -> None:
    """Write what a pull changes; `items` are the pull's, in the plan's order. The caller holds the transaction."""
    added: list[StoredCompletion] = []
    corrected, withdrawn, settled = [], [], []
    for change in plan.changes:
        match change:
            case Add(completion, item):
                added.append(StoredCompletion(completion, items[item].item_id))
            case Correct(old, new, item):
                corrected.append(old)
                added += [StoredCompletion(new, items[item].item_id)] if new else []
            case Withdraw(old, _):
                withdrawn.append(old)
            case Settle(doubt):
                settled.append(joined(*doubt.key))
            case Question():
                continue
    now = asking.found_at
    store.evidence.end_all(corrected, reason="corrected", now=now)
    for old in withdrawn[:1]:
        store.evidence.end(old.source, [completed.record for completed in withdrawn], reason="withdrawn", now=now)
    DOUBTS.end_all(store, settled, now=now)
    store.evidence.add(added, now=now)
    _ask(store, plan, items, asking)


def _ask(store: Store, plan: ChangePlan, items: Sequence[StoredItem], asking: Asking) -> None:
    questions = [change for change in plan.changes if isinstance(change, Question)]
    doubts = doubts_of(questions, [items[question.item].item_id for question in questions], asking)
    DOUBTS.put_all(store, {joined(*doubt.key): doubt for doubt in doubts}, now=asking.found_at)
