"""Put back into the database what the log says, of one decision; the caller holds the transaction."""

from dataclasses import replace
from datetime import date

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.dispute import Difference, Payload
from lms_sync.model.doubt import Verdict
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.log import DecisionKind
from lms_sync.store.known.in_force import KEPT
from lms_sync.store.known.registers import DOUBTS, joined
from lms_sync.store.store import Store


def put_back(store: Store, difference: Difference, author: Author) -> None:
    """Make what the log says count again, or let what it does not tell end.

    Raises: UsageError where a purge has left only a hash of it.
    """
    if difference.logged_digest and difference.logged is None:
        raise UsageError(
            f"{difference.id}: the log holds only a hash of it, so it can't be put back from there",
            hint="Restore the database from a backup, or decide it again as if for the first time.",
        )
    logged, key = difference.logged, difference.key
    match difference.kind:
        case DecisionKind.CLAIM:
            _claim(store, key[0], logged, author)
        case DecisionKind.DOUBT:
            _doubts(store, key, logged, author)
        case DecisionKind.RELEASE:
            store.deliveries.take_back(*key)
            if logged is not None:
                releaser = Author(logged["by"], logged["reason"], author.at)
                store.deliveries.release(key[0], [key[1]], author=releaser)
        case DecisionKind.DROP:
            store.evidence.end_absences(key[0], {key[1]}, now=author.at)
            if logged is not None:
                store.evidence.accept_absences(key[0], [key[1]], by=logged["by"], now=author.at)
        case _:
            _fact(store, difference, author)


def _fact(store: Store, difference: Difference, author: Author) -> None:
    kind, name = KEPT[difference.kind].form.kind, joined(*difference.key)
    store.facts.end(kind, (difference.stored or {}).get("kept as", name), now=author.at)
    if difference.logged is not None:
        store.facts.put(kind, name, dict(difference.logged), now=author.at)


def _claim(store: Store, claim: str, logged: Payload | None, author: Author) -> None:
    store.findings.undecide(claim, now=author.at)
    if logged is not None:
        day, accepted = date.fromisoformat(logged["decided_on"]), logged["verdict"] == "accepted"
        store.findings.decide(ClaimDecision(claim, accepted, logged["reason"], logged["by"], day), now=author.at)


def _doubts(store: Store, key: tuple[str, ...], logged: Payload | None, author: Author) -> None:
    verdict = Verdict(logged["verdict"]) if logged else Verdict.OPEN
    # Also those that are stored to end only later, and would count until then.
    for name, doubt in {**DOUBTS.read(store, author.at), **DOUBTS.read(store)}.items():
        if (doubt.finding_id, doubt.record) == key:
            DOUBTS.end(store, name, now=author.at)
            DOUBTS.put(store, name, replace(doubt, verdict=verdict), now=author.at)
