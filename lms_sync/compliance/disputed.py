"""Whom it concerns that the log of decisions and the database differ. Pure."""

from collections.abc import Iterator

from lms_sync.compliance.judge import Judged
from lms_sync.model.dispute import Difference
from lms_sync.model.evidence import claim_id
from lms_sync.model.log import DecisionKind
from lms_sync.store.known.snapshot import Snapshot

WHY_IT_WAITS = "the log of decisions and the database differ about one of its people, and nobody has decided yet"
_OF_PARTNERS = DecisionKind.RELEASE


def disputed_people(snapshot: Snapshot, judged: Judged) -> frozenset[str]:
    """Return the Person IDs on the roster whom differences concern: everybody where nobody can tell whom."""
    everybody = frozenset(snapshot.roster.people)
    found: set[str] = set()
    for difference in snapshot.differences:
        if difference.kind is _OF_PARTNERS:
            continue
        people = frozenset(_people(difference, snapshot, judged))
        if not people and _names_nobody(difference):
            return everybody
        found |= people & everybody
    return frozenset(found)


def release_waits(snapshot: Snapshot, partner_id: str) -> bool:
    """Tell whether nobody can tell to which of a partner's addresses mail may go."""
    doubtful = [difference for difference in snapshot.differences if difference.kind is _OF_PARTNERS]
    return any(partner_id in difference.key[:1] or not difference.key for difference in doubtful)


def _names_nobody(difference: Difference) -> bool:
    """Tell whether it may be about anybody: the log itself, and what a purge has left as a hash."""
    return difference.about_the_log or not difference.key


def _people(difference: Difference, snapshot: Snapshot, judged: Judged) -> Iterator[str]:
    for payload in (difference.logged, difference.stored):
        for name in ("person_id", "former", "subject"):
            yield from [payload[name]] if payload and payload.get(name) else ()
        for name in ("people", "refused"):
            yield from payload.get(name, ()) if payload else ()
    key = difference.key
    match difference.kind:
        case DecisionKind.LINK if len(key) == 2:
            yield from _learner(judged, (key[0], key[1]))
        case DecisionKind.CLAIM | DecisionKind.DOUBT | DecisionKind.DROP if key:
            for completion in snapshot.completions:
                named = claim_id(completion) if completion.claim else ""
                if named == key[0] or completion.record in key[1:2]:
                    yield from _learner(judged, (completion.source, completion.learner.key))
        case DecisionKind.HOLD if key:
            # What is held may be an agreement, or everything; then its people are.
            yield from (a.person_id for a in snapshot.roster.assignments if a.agreement_id == key[0])


def _learner(judged: Judged, learner: tuple[str, str]) -> tuple[str, ...]:
    match = judged.matches.get(learner)
    return match.people if match else ()
