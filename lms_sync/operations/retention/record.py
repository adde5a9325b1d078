"""That a purge was done: what it took, when, by whose word; and whether a past judgement falls into what is gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from lms_sync.model.stored.stored_type import StoredType
from lms_sync.store.store import Store


@dataclass(frozen=True, slots=True)
class Purge:
    """One purge as it was recorded. It is never purged itself."""

    cutoff: date
    """History that ended before this day is gone, but for what had to stay."""
    cutoff_at: datetime
    """The first instant of that day where the district is."""
    on: date
    """The district's day of the purge."""
    by: str
    reason: str
    counts: Mapping[str, int]
    """Kind → how many went."""


PURGE: StoredType[Purge] = StoredType("purge", Purge)


def record_purge(store: Store, purge: Purge, *, now: datetime) -> None:
    """Record a purge; the caller holds its transaction."""
    store.facts.put(PURGE.kind, now.isoformat(), PURGE.plain(purge), now=now)


def purges(store: Store) -> tuple[Purge, ...]:
    """Return every purge that was ever done, the oldest first."""
    return tuple(PURGE.read(fact_version.payload) for fact_version in store.facts.history(PURGE.kind))


def last_purge_at(store: Store) -> datetime | None:
    """Return when the last purge was done; None where there was none."""
    return max((version.recorded_at for version in store.facts.history(PURGE.kind)), default=None)


def purged_before(store: Store, known_at: datetime | None) -> Purge | None:
    """Return the latest purge that may have taken something known at `known_at`; None when none has.

    What is known now (None) is whole: nothing that counts for somebody who is here was taken.
    """
    if known_at is None:
        return None
    return next((purge for purge in reversed(purges(store)) if known_at < purge.cutoff_at), None)
