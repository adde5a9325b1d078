"""Do what a purge's plan says: the database in one transaction, then the files, then the free space."""

from collections import Counter

from lms_sync.documents.vault import Vault
from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.model.stored_row import StoredRow
from lms_sync.operations.retention.plan import PurgePlan
from lms_sync.operations.retention.record import Purge, record_purge
from lms_sync.store.known.differences import in_force_now
from lms_sync.store.known.logged import ENTRIES, IN_FORCE
from lms_sync.store.purge import REMOVED_IN_ORDER, Purging
from lms_sync.store.store import Store


def kind_of_row(row: StoredRow) -> str:
    """Return what a row is counted as: its table, and of a fact its kind."""
    return f"fact: {row.key[0]}" if row.table == "fact" else row.table


def counts_of(plan: PurgePlan) -> dict[str, int]:
    """Return kind → how many go, by kind."""
    rows = [row for some in plan.removed.values() for row in some] + [*plan.tombstones, *plan.emptied]
    counts = Counter(map(kind_of_row, rows))
    counts["message of a delivery"] = len(plan.bodies)
    counts["kept file"] = len(plan.files)
    return {kind: number for kind, number in sorted(counts.items()) if number}


def carry_out(store: Store, plan: PurgePlan, done: Purge, *, vault: Vault, author: Author) -> None:
    """Do what the plan says, all of it or nothing, record it as `done`, and log it.

    Files are deleted only after the rows that referred to them are gone for good. A purge that is stopped between
    the two leaves files that nothing refers to, which the next one takes.
    """
    purging = Purging(store.connection, store.district_id)
    purging.overwrite()
    with store.transaction():
        with purging.indexed():
            for name in REMOVED_IN_ORDER:
                owner = "delivery" if name == "recipient" else name
                purging.remove(name, [row.key for row in plan.removed.get(owner, ())])
            purging.remove_origins()
        store.judgements.forget()
        purging.tombstone([row.key[0] for row in plan.tombstones], done.on)
        purging.empty_bodies([row.key[0] for row in plan.bodies])
        purging.empty_issued([row.key[0] for row in plan.emptied], done.on)
        store.known_rows.forget()  # what was taken may stand in sheets still, and is known by nothing
        record_purge(store, done, now=author.at)
        # What still counts goes on being held against the log, by hashes: the entries that told of it are gone.
        after = {
            "before": plan.cutoff.isoformat(),
            "counts": dict(done.counts),
            ENTRIES: sorted(row.key[0] for row in plan.tombstones),
            IN_FORCE: in_force_now(store),
        }
        store.audit.add(DecisionKind.PURGE, plan.cutoff.isoformat(), author, before=None, after=after)
    for name in plan.files:
        (vault.folder / name).unlink(missing_ok=True)
    purging.shrink()
