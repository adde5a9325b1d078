"""Rows that are new to the evidence, by the hundred thousand: each an item and the completion that it states."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from datetime import date, datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection

from lms_sync.model.evidence import StoredCompletion
from lms_sync.store.bulk import bound, insert_many, insert_new
from lms_sync.store.evidence_rows import COMPLETION_COLUMNS, ITEM_COLUMNS, completion_values
from lms_sync.store.origins import OriginIds, SharedOrigin, places_of
from lms_sync.store.schema import completion, item

_AT_ONCE = 20_000
"""Rows that are stored together, in the order of their keys: so many are held as they are stored, and no more."""
_WRITTEN = ("attributes", "day", "instant")
"""What of a completion is as the driver takes it already."""
_ITEM_ID, _PLACE = COMPLETION_COLUMNS.index("item_id"), COMPLETION_COLUMNS.index("origin_id")


class RowsToStore(NamedTuple):
    """What is stored of some rows, as the database's driver takes it: made with what `Shared` gives."""

    items: list[tuple[Any, ...]]
    """By `evidence_rows.ITEM_COLUMNS`; the text is JSON as text."""
    completions: list[tuple[Any, ...]]
    """By `evidence_rows.COMPLETION_COLUMNS`; the attributes are JSON as text."""


Kept = Callable[[Collection[str], str], Set[str]]
"""Gives those of some hashes whose texts are kept with an outcome on which nothing stands."""


class Shared(NamedTuple):
    """Gives what is stored of values that many rows share, so that it is made once for all of them."""

    origin: Callable[[SharedOrigin], int]
    day: Callable[[date | None], Any]
    instant: Callable[[datetime | None], Any]
    kept: Kept
    """By it rows are left out that say again what nothing stands on."""


def add_new_rows(
    connection: Connection,
    district_id: str,
    source: str,
    rows: Callable[[Shared], Iterable[RowsToStore]],
    kept: Kept,
    *,
    now: datetime,
    before: Callable[[Sequence[tuple[Any, ...]]], None] = lambda items: None,
) -> None:
    """Store rows of a source; an item that is stored already is left alone. `before` is given items before that."""
    same: dict[str, Any] = {"district_id": district_id, "source": source, "recorded_at": now}
    shared = Shared(
        OriginIds(connection, district_id, source, now).id_of,
        bound(connection, completion, "day"),
        bound(connection, completion, "instant"),
        kept,
    )
    for items, completions in _together(rows(shared)):
        before(items)
        # By the tables' keys: quicker. Of items with the same id the first is the one that is kept.
        items.sort(key=itemgetter(ITEM_COLUMNS.index("item_id")))
        new = insert_new(connection, item, ITEM_COLUMNS, items, written=("text",), **same)
        completions.sort(key=itemgetter(COMPLETION_COLUMNS.index("record")))
        if new < len(items):  # a completion was read where its item was read first
            places = places_of(connection, district_id, source, map(itemgetter(_ITEM_ID), completions))
            completions[:] = [(*row[:_PLACE], *places[row[_ITEM_ID]]) for row in completions]
        items.clear()
        insert_many(connection, completion, COMPLETION_COLUMNS, completions, written=_WRITTEN, **same)


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


def add_completions(
    connection: Connection, district_id: str, versions: Iterable[StoredCompletion], *, now: datetime
) -> None:
    """Store completions of items that are stored already, each with the place of its item.

    Raises: KeyError where an item is not there, which would be a fault of the program.
    """
    in_order = sorted(versions, key=lambda version: (version.completion.source, version.completion.record))
    for source, theirs in groupby(in_order, lambda version: version.completion.source):
        same = {"district_id": district_id, "source": source, "recorded_at": now}
        while some := list(islice(theirs, _AT_ONCE)):
            places = places_of(connection, district_id, source, (version.item_id for version in some))
            rows = (completion_values(version, places[version.item_id]) for version in some)
            insert_many(connection, completion, COMPLETION_COLUMNS, rows, written=("attributes",), **same)
