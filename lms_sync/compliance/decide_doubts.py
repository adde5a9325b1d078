"""Decide what is in doubt: keep a completion or end it, and undo that.

Each decision opens its own transaction, and is for all doubts of one finding: those of a reset course share one.
"""

from dataclasses import dataclass, replace

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.doubt import Doubt, DoubtCause, Verdict
from lms_sync.model.evidence import Completion, StoredCompletion
from lms_sync.model.log import DecisionKind
from lms_sync.store.known.in_force import doubt_decided
from lms_sync.store.known.registers import DOUBTS, joined
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_line

ENDED_BY_HR = "ended by HR"


@dataclass(frozen=True, slots=True)
class DoubtsDecided:
    """What one decision was about."""

    finding_id: str
    course: str
    verdict: Verdict
    completions: int


def keep_completions(workspace: Workspace, author: Author, *, finding_id: str) -> DoubtsDecided:
    """Record that what is stored is right; that holds until the source says done and then no again.

    Raises: UsageError when nothing of that id is in doubt, or when it is decided already.
    """
    return _decide(workspace, author, finding_id, Verdict.KEEP)


def end_completions(workspace: Workspace, author: Author, *, finding_id: str) -> DoubtsDecided:
    """Record that what is stored is not right; from now on it counts no longer, and what waits in its place does.

    Raises: UsageError when nothing of that id is in doubt, or when it is decided already.
    """
    return _decide(workspace, author, finding_id, Verdict.END)


def undo_decision(workspace: Workspace, author: Author, *, finding_id: str) -> DoubtsDecided:
    """Take a decision back: what was ended counts again, and all of it is in doubt as before.

    Raises: UsageError when nothing of that id was decided, or when the source has answered it since.
    """
    store = workspace.store
    with store.transaction():
        doubts = _named(store, finding_id)
        decided = [doubt for doubt in doubts if doubt.verdict is not Verdict.OPEN]
        if not decided:
            raise UsageError(f"{finding_id} is not decided", hint="`lms-sync worklist` shows what waits.")
        for doubt in decided:
            if doubt.verdict is Verdict.END:
                _take_back(store, doubt, author)
        recorded = _record(store, decided, Verdict.OPEN, author)
        store.findings.reopen(finding_id)
    return recorded


def _decide(workspace: Workspace, author: Author, finding_id: str, verdict: Verdict) -> DoubtsDecided:
    store = workspace.store
    with store.transaction():
        doubts = _named(store, finding_id)
        waiting = [doubt for doubt in doubts if doubt.verdict is Verdict.OPEN]
        if not waiting:
            raise UsageError(
                f"{finding_id} is decided already: {doubts[0].verdict.value}",
                hint=f"Take that back first: {command_line('worklist undo', finding_id, reason=...)}.",
            )
        for doubt in waiting:
            if verdict is Verdict.END:
                _end(store, doubt, author)
        recorded = _record(store, waiting, verdict, author)
        store.findings.clear(finding_id, now=author.at)
    return recorded


def _named(store: Store, finding_id: str) -> list[Doubt]:
    doubts = DOUBTS.read(store).values()
    named = [doubt for doubt in doubts if doubt.finding_id == finding_id]
    if not named:
        other = next((o.finding for o in store.findings.open() if o.finding.id == finding_id), None)
        if other is not None:
            raise UsageError(f"{finding_id} is no completion in doubt: {other.found}", hint=other.remedy)
        where = "`lms-sync worklist` shows the ids." if doubts else "No completion is in doubt."
        raise UsageError(f"nothing that is in doubt has the id {finding_id}", hint=where)
    return named


def _record(store: Store, doubts: list[Doubt], verdict: Verdict, author: Author) -> DoubtsDecided:
    for doubt in doubts:
        DOUBTS.put(store, joined(*doubt.key), replace(doubt, verdict=verdict), now=author.at)
    first = doubts[0]
    about = {
        "source": first.source,
        "course": first.course_title,
        "cause": first.cause.value,
        "records": [doubt.record for doubt in doubts],
        "doubts": [doubt_decided(doubt) for doubt in doubts],
    }
    store.audit.add(
        DecisionKind.DOUBT,
        first.finding_id,
        author,
        before={"verdict": first.verdict.value or "undecided"},
        after={"verdict": verdict.value or "undecided", **about},
    )
    return DoubtsDecided(first.finding_id, first.course_title, verdict, len(doubts))


def _live(store: Store, doubt: Doubt) -> list[Completion]:
    return [
        completion for completion in store.evidence.completions(doubt.source) if completion.record == doubt.record
    ]


def _end(store: Store, doubt: Doubt, author: Author) -> None:
    if doubt.cause is DoubtCause.DONE_AGAIN and doubt.after_reset:
        return  # both stay: the later one is not a day of its own
    live = _live(store, doubt)
    for completion in live:
        if doubt.concerns(completion) or (doubt.cause is DoubtCause.CORRECTION and _in_its_place(doubt, completion)):
            reason = ENDED_BY_HR if doubt.cause is DoubtCause.NOT_DONE else "corrected"
            store.evidence.end_all([completion], reason=reason, now=author.at)
    if doubt.cause is DoubtCause.CORRECTION and doubt.instead and not any(map(doubt.tells, live)):
        store.evidence.add([StoredCompletion(doubt.instead, doubt.item_id)], now=author.at)


def _in_its_place(doubt: Doubt, completion: Completion) -> bool:
    """Tell whether a completion has the day of the one that comes instead, and is another."""
    instead = doubt.instead
    return instead is not None and instead.day == completion.day and not doubt.tells(completion)


def _take_back(store: Store, doubt: Doubt, author: Author) -> None:
    if doubt.cause is DoubtCause.DONE_AGAIN and doubt.after_reset:
        return
    live = _live(store, doubt)
    if doubt.cause is DoubtCause.CORRECTION:
        for completion in live:
            if doubt.tells(completion):
                store.evidence.end_all([completion], reason="corrected", now=author.at)
        live = _live(store, doubt)
    if not any(doubt.concerns(completion) for completion in live):
        store.evidence.reinstate(doubt.source, doubt.record, doubt.day, now=author.at)
