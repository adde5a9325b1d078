"""Who has signed up for what, by what a source says tonight: kept until the day of the class is past.

A sign-up is no evidence: it is shown beside what is missing, and changes nothing that was done before.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain

from lms_sync.model.evidence import Completion, NotDone, Revoked, StoredFile
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms, pseudonymous_learner
from lms_sync.model.sign_up import KnownSignUp
from lms_sync.operations.pull.changes import PulledItem
from lms_sync.people.match import Directory, match_all
from lms_sync.sources.pull import Pull
from lms_sync.store.known.registers import SIGN_UPS, joined
from lms_sync.store.store import Store

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SourceTonight:
    """What a source's pull says of its records."""

    source: str
    seen: Sequence[PulledItem]
    unread: Mapping[str, datetime]
    """Record → when the newest file that speaks of it and was not read tonight was first read."""
    still: AbstractSet[str]
    """The records of the files that are there and were not read tonight."""
    whole: bool
    """True when a record that nothing speaks of any more is gone: a cumulative export, read to its end."""


def source_tonight(
    pull: Pull, seen: Sequence[PulledItem], unread: Mapping[str, datetime], not_read: Iterable[StoredFile]
) -> SourceTonight:
    """Return what a pull says, and what the files say that it has not read: `not_read` are those that are there."""
    still = frozenset[str]().union(*(file.spoken.each for file in not_read))
    whole = pull.export == "cumulative" and not pull.failed
    return SourceTonight(pull.source, seen, unread, still, whole)


def booked_by(
    store: Store, source: str, seen: Sequence[PulledItem], learners: Sequence[PseudonymousLearner], *, book: Directory
) -> frozenset[str]:
    """Return the learners, as hashes, who are new, have only signed up, and are certainly on the roster.

    Nobody else is kept for a sign-up: it would put people in doubt of whom there is no evidence at all. Nor is a
    learner with an identifier that another one of the source has: the evidence of that one would be in doubt.
    """
    booked = {
        reading.learner.key for item in seen if isinstance(reading := item.reading, NotDone) and reading.sign_up
    }
    new = {who.learner: who for who in learners if who.in_clear is not None and who.in_clear.key in booked}
    for known in store.of_source(source).learners(new) if new else ():
        del new[known.learner]
    if not any(who.identifiers for who in new.values()):
        return frozenset()
    others = chain(learners, store.evidence.learners(source=source))
    taken = {identifier for other in others if other.learner not in new for identifier in other.identifiers}
    matches = match_all(list(new.values()), book)
    certain = (
        key for key, who in new.items() if matches[source, key].person_id and taken.isdisjoint(who.identifiers)
    )
    return frozenset(certain)


def give_way(store: Store, source: str, evident: Sequence[PseudonymousLearner], *, now: datetime) -> None:
    """Let those be known no more who have only signed up, where a learner of tonight's evidence has an id of theirs.

    By a sign-up nobody's evidence comes to be in doubt, whichever of the two was read first.
    """
    recorded = (sign_up for _, sign_up in store.facts.ever(SIGN_UPS.kind, now))
    booked = {sign_up["learner"] for sign_up in recorded if sign_up["source"] == source} if evident else set()
    booked -= {who.learner for who in evident}
    if not booked:
        return
    taken = {identifier for who in evident for identifier in who.identifiers}
    of_source = store.of_source(source)
    same = {who.learner for who in of_source.learners(booked) if not taken.isdisjoint(who.identifiers)}
    if gone := same - of_source.with_evidence(same):
        store.renaming(source).end_learners(gone, now=now)


def end_past(store: Store, source: str, *, today: date, now: datetime) -> None:
    """End the sign-ups of a source whose day is past; the caller holds the transaction."""
    stored = [known for known in SIGN_UPS.read(store).values() if known.source == source]
    past = [known for known in stored if not known.sign_up.day or known.sign_up.day < today]
    SIGN_UPS.end_all(store, [joined(source, known.record) for known in past], now=now)


def keep_sign_ups(
    store: Store, tonight: SourceTonight, pseudonyms: Pseudonyms, *, today: date, now: datetime
) -> None:
    """Bring the sign-ups of one source up to date; the caller holds the transaction."""
    stored = {known.record: known for known in SIGN_UPS.read(store).values() if known.source == tonight.source}
    kept = sign_ups_kept(stored, tonight, pseudonyms, today=today)
    SIGN_UPS.end_all(store, [joined(tonight.source, record) for record in stored.keys() - kept.keys()], now=now)
    SIGN_UPS.put_all(store, {joined(tonight.source, record): known for record, known in kept.items()}, now=now)


def sign_ups_kept(
    stored: Mapping[str, KnownSignUp], tonight: SourceTonight, pseudonyms: Pseudonyms, *, today: date
) -> dict[str, KnownSignUp]:
    """Return record → the sign-ups that stand after tonight: those to come, as the newest export tells them."""
    if not stored and not any(isinstance(item.reading, NotDone) for item in tonight.seen):
        return {}
    newest: dict[str, tuple[datetime, KnownSignUp | None]] = {}
    for item in tonight.seen:
        if not isinstance(item.reading, Completion | NotDone | Revoked):
            continue
        record = item.reading.record
        if tonight.unread.get(record, LONG_AGO) > item.first_read:
            continue
        known = _known(item.reading, pseudonyms) if isinstance(item.reading, NotDone) else None
        at, before = newest.get(record, (LONG_AGO, None))
        if item.first_read > at or (item.first_read == at and before is None):
            newest[record] = item.first_read, known
    kept = {
        record: known
        for record, known in stored.items()
        if record not in newest and (not tonight.whole or record in tonight.still)
    }
    kept |= {record: known for record, (_, known) in newest.items() if known is not None}
    return {record: known for record, known in kept.items() if known.sign_up.day and known.sign_up.day >= today}


def _known(reading: NotDone, pseudonyms: Pseudonyms) -> KnownSignUp | None:
    if reading.sign_up is None:
        return None
    learner = pseudonymous_learner(reading.learner, pseudonyms).learner
    return KnownSignUp(reading.source, reading.record, learner, reading.sign_up)
