"""Rows that are new to the evidence, by the hundred thousand: each an item and the completion that it states."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection

from lms_sync.store.bulk import insert_many, insert_new
from lms_sync.store.evidence_rows import ITEM_COLUMNS
from lms_sync.store.schema import completion, item

COLUMNS = (
    *("record", "learner", "course", "course_title", "unit", "unit_title", "day", "instant", "zone"),
    *("status", "claim", "score", "attributes", "item_id"),
)
"""Of `RowsToStore.completions`; the attributes are JSON as text."""
_AT_ONCE = 20_000
"""Rows that are stored together, in the order of their keys: so many are held as they are stored, and no more."""


class RowsToStore(NamedTuple):
    """What is stored of some rows."""

    items: list[tuple[Any, ...]]
    """By `evidence_rows.ITEM_COLUMNS`; the text is JSON as text."""
    completions: list[tuple[Any, ...]]
    """By `COLUMNS`."""


def add_new_rows(
    connection: Connection, district_id: str, source: str, rows: Iterable[RowsToStore], *, now: datetime
) -> None:
    """Store rows of a source; an item that is stored already is left alone."""
    same = {"district_id": district_id, "source": source, "recorded_at": now}
    for items, completions in _together(rows):
        # By the tables' keys: quicker. Of items with the same id the first is the one that is kept.
        items.sort(key=itemgetter(ITEM_COLUMNS.index("item_id")))
        insert_new(connection, item, ITEM_COLUMNS, items, written=("text",), **same)
        items.clear()
        completions.sort(key=itemgetter(COLUMNS.index("record")))
        insert_many(connection, completion, COLUMNS, completions, written=("attributes",), **same)


def _together(rows: Iterable[RowsToStore]) -> Iterator[RowsToStore]:
    """Yield the same rows, more at a time."""
    waiting = RowsToStore([], [])
    for items, completions in rows:
        waiting.items.extend(items)
        waiting.completions.extend(completions)
        if len(waiting.items) >= _AT_ONCE:
            yield waiting
            waiting = RowsToStore([], [])
    if waiting.items:
        yield waiting
