"""What earlier versions ended because its source said "not done" counts again, and is in doubt."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from lms_sync.model.doubt import Doubt, DoubtCause
from lms_sync.model.evidence import Completion, StoredCompletion
from lms_sync.operations.pull.doubts import Asking, Question, doubts_of
from lms_sync.store.known.registers import DOUBTS, joined
from lms_sync.store.store import Store

ENDED_BY_A_NO = "no longer done"
"""The reason that earlier versions stored; no version stores it any more, so that each is restored once."""


def restore_undone(store: Store, *, zone: tzinfo, now: datetime) -> int:
    """Let those completions count again, each in doubt since the day on which it ended; return how many they are.

    Where the record was done again since, the later day is a further completion beside it. The caller holds the
    transaction. They count from a moment before `now`, at which a pull may correct them.
    """
    undone = store.evidence.ended_because(ENDED_BY_A_NO)
    moment = now - timedelta(milliseconds=1)
    pulls: dict[datetime, list[StoredCompletion]] = defaultdict(list)
    for stored, ended_at in undone:
        completion = stored.completion
        store.evidence.reinstate(completion.source, completion.record, completion.day, now=moment)
        pulls[ended_at].append(stored)
    doubts = [doubt for ended_at, ended in pulls.items() for doubt in _not_done(ended, ended_at, now=now, zone=zone)]
    doubts += _done_again(
        store, [stored.completion for stored, _ in undone], Asking(now, now.astimezone(zone).date())
    )
    for doubt in doubts:
        DOUBTS.put(store, joined(*doubt.key), doubt, now=now)
    for finding_id in store.findings.open_of("no-longer-done"):  # it says that the credit no longer counts
        store.findings.clear(finding_id, now=now)
    return len(undone)


def _not_done(ended: list[StoredCompletion], ended_at: datetime, *, now: datetime, zone: tzinfo) -> Iterator[Doubt]:
    """Yield the doubts of what one pull ended: of a course that it reset they are one question."""
    questions = [Question(stored.completion, DoubtCause.NOT_DONE, index) for index, stored in enumerate(ended)]
    asking = Asking(ended_at, ended_at.astimezone(zone).date())
    for doubt in doubts_of(questions, [stored.item_id for stored in ended], asking):
        yield replace(doubt, found_at=now)


def _done_again(store: Store, restored: list[Completion], asking: Asking) -> tuple[Doubt, ...]:
    """Return the doubts about the number of days where a record has several now."""
    records = {(completion.source, completion.record) for completion in restored}
    live: dict[tuple[str, str], list[Completion]] = defaultdict(list)
    for completion in store.evidence.completions() if records else ():
        if (completion.source, completion.record) in records and completion.day:
            live[completion.source, completion.record].append(completion)
    questions = [
        Question(earlier, DoubtCause.DONE_AGAIN, 0, later.status, instead=later, after_reset=True)
        for same in live.values()
        for earlier, later in pairwise(sorted(same, key=lambda completion: completion.day or date.max))
    ]
    return doubts_of(questions, [""] * len(questions), asking)
