"""Holds: what may not be purged until somebody lifts them, and by whose word. The caller holds the transaction."""

from collections.abc import Collection
from datetime import date

from lms_sync.errors import UsageError
from lms_sync.model.agreement import Hold
from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.operations.retention.people import EVERYTHING
from lms_sync.store.known.registers import HOLDS
from lms_sync.store.store import Store
from lms_sync.text import did_you_mean


def add_hold(store: Store, subject: str, *, author: Author, day: date) -> Hold:
    """Record and log that nothing about `subject` may be purged from now on.

    Raises: UsageError for a subject that nothing is known of, and for one that is held already.
    """
    named = _known(subject, _subjects(store))
    before = HOLDS.read(store).get(named)
    if before is not None:
        raise UsageError(
            f"{named} is held already: {before.set_by}, {before.set_on}: {before.reason}",
            hint="It stays so until `lms-sync hold lift`.",
        )
    hold = Hold(named, author.reason, author.by, day)
    HOLDS.put(store, named, hold, now=author.at)
    store.audit.add(DecisionKind.HOLD, named, author, before=None, after=HOLDS.plain(hold))
    return hold


def lift_hold(store: Store, subject: str, *, author: Author) -> Hold:
    """Record and log that a hold ends, and return it as it was. Raises: UsageError when there is none."""
    holds = HOLDS.read(store)
    named = _same(subject, holds)
    if named is None:
        raise UsageError(
            f"{subject}: there is no such hold",
            hint=f"{did_you_mean(subject, holds)}`lms-sync hold list` shows what is held.",
        )
    HOLDS.end(store, named, now=author.at)
    store.audit.add(DecisionKind.HOLD, named, author, before=HOLDS.plain(holds[named]), after=None)
    return holds[named]


def _subjects(store: Store) -> frozenset[str]:
    """Return what can be held: every Person ID and Agreement ID that was ever on the roster, and everything."""
    known = {fact_version.key for kind in ("person", "agreement") for fact_version in store.facts.history(kind)}
    return frozenset(known | {EVERYTHING})


def _known(subject: str, subjects: Collection[str]) -> str:
    named = _same(subject, subjects)
    if named is None:
        raise UsageError(
            f"{subject}: neither a Person ID nor an Agreement ID that was ever on the roster",
            hint=f"{did_you_mean(subject, subjects)}`{EVERYTHING}` holds all that there is.",
        )
    return named


def _same(subject: str, among: Collection[str]) -> str | None:
    """Return the one of `among` that `subject` names, in any case where it is not exactly one of them."""
    wanted = subject.strip()
    folded = [one for one in among if one.casefold() == wanted.casefold()]
    return wanted if wanted in among else folded[0] if len(folded) == 1 else None
