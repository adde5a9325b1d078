"""What earlier versions ended because its source said "not done" counts again, and is in doubt."""

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from lms_sync.model.doubt import DoubtCause
from lms_sync.operations.pull.doubts import Asking, Question, doubts_of
from lms_sync.store.known.registers import DOUBTS, joined
from lms_sync.store.store import Store

ENDED_BY_A_NO = "no longer done"
"""The reason that earlier versions stored; no version stores it any more, so that each is restored once."""


def restore_undone(store: Store, *, zone: tzinfo, now: datetime) -> int:
    """Let those completions count again, each in doubt since the day on which it ended; return how many they are.

    The caller holds the transaction. They count from a moment before `now`, at which a pull may correct them.
    """
    undone = store.evidence.ended_because(ENDED_BY_A_NO)
    for stored, _ in undone:
        completion = stored.completion
        moment = now - timedelta(microseconds=1)
        store.evidence.reinstate(completion.source, completion.record, completion.day, now=moment)
    questions = [Question(stored.completion, DoubtCause.NOT_DONE, index) for index, (stored, _) in enumerate(undone)]
    doubts = doubts_of(questions, [stored.item_id for stored, _ in undone], Asking(now, now.astimezone(zone).date()))
    for doubt, (_, ended_at) in zip(doubts, undone, strict=True):
        since = replace(doubt, since=ended_at.astimezone(zone).date())
        DOUBTS.put(store, joined(*since.key), since, now=now)
    for waiting in store.findings.open():
        if waiting.finding.code == "no-longer-done":  # it says that the credit no longer counts
            store.findings.clear(waiting.finding.id, now=now)
    return len(undone)
