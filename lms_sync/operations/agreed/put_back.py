"""Put back into the database what the log says, of one decision; the caller holds the transaction."""

from dataclasses import replace
from datetime import date

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.dispute import Difference, Payload
from lms_sync.model.doubt import Verdict
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.log import DecisionKind
from lms_sync.store.known.in_force import KEPT, doubt_key
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
        decided = claim, accepted, logged["reason"], logged["by"], day
        done_on = date.fromisoformat(logged["training_day"]) if "training_day" in logged else None
        # Entries of earlier versions tell no name: the roster's history does.
        store.findings.decide(ClaimDecision(*decided, logged.get("person_name", ""), done_on), now=author.at)


def _doubts(store: Store, key: tuple[str, ...], logged: Payload | None, author: Author) -> None:
    # Also those that are stored to end only later, and would count until then.
    stored = {**DOUBTS.read(store, author.at), **DOUBTS.read(store)}
    of_record = {name: doubt for name, doubt in stored.items() if key[:2] == (doubt.finding_id, doubt.record)}
    if len(key) == 2:
        verdict = Verdict(logged["verdict"]) if logged else Verdict.OPEN
        put = {name: replace(doubt, verdict=verdict) for name, doubt in of_record.items()}
    else:  # what the decision was about
        of_record = {name: doubt for name, doubt in of_record.items() if doubt_key(doubt) == key}
        verdict = next((doubt.verdict for doubt in of_record.values()), Verdict.OPEN)
        logged_doubt = replace(DOUBTS.form.read(logged), verdict=verdict) if logged else None
        put = {joined(*logged_doubt.key): logged_doubt} if logged_doubt else {}
    for name in of_record:
        DOUBTS.end(store, name, now=author.at)
    for name, doubt in put.items():
        DOUBTS.put(store, name, doubt, now=author.at)
