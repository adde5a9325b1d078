"""The rows that were refused, of the files that are there today: what is kept of each."""

from dataclasses import dataclass

from sqlalchemy import select

from lms_sync.model.finding import Origin
from lms_sync.model.stored.pulled import FILE_LEDGER
from lms_sync.store.evidence_rows import item_of
from lms_sync.store.origins import SHARED, same_origin
from lms_sync.store.schema import file, item, origin
from lms_sync.store.store import Store

REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """A row as it was read and could not be taken in."""

    source: str
    origin: Origin
    text: tuple[tuple[str, str], ...]
    """(heading, text); of a row that names nobody on the roster most are keyed hashes."""


def refused_items(store: Store) -> tuple[RefusedItem, ...]:
    """Return what is kept of the refused rows of files that are there, by source and place."""
    ours = file.c.district_id == store.district_id
    there = select(file.c.source, file.c.sha256, file.c.ledger).where(ours, file.c.gone_at.is_(None))
    refusing = {(row.source, row.sha256) for row in store.connection.execute(there) if _refuses(row.ledger)}
    if not refusing:
        return ()
    kept = select(item, *SHARED).join(origin, same_origin(item))
    kept = kept.where(item.c.district_id == store.district_id, item.c.outcome == REFUSED)
    rows = store.connection.execute(kept.order_by(item.c.source, origin.c.file, item.c.item_id)).mappings()
    return tuple(
        RefusedItem(row["source"], *item_of(row)) for row in rows if (row["source"], row["sha256"]) in refusing
    )


def _refuses(ledger: object) -> bool:
    return bool(FILE_LEDGER.read(ledger).get(REFUSED))
