"""Rows that are new to the evidence, by the hundred thousand: each an item and the completion that it states."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection

from lms_sync.store.bulk import insert_many, insert_new
from lms_sync.store.evidence_rows import ITEM_COLUMNS
from lms_sync.store.schema import completion, item

COLUMNS = (
    *("record", "learner", "course", "course_title", "unit", "unit_title", "day", "instant", "zone"),
    *("status", "claim", "score", "attributes", "item_id"),
)
"""Of `NewRow.completion`; the attributes are JSON as text."""
_AT_ONCE = 20_000


class NewRow(NamedTuple):
    """What is stored of one row."""

    item: tuple[Any, ...]
    """By `evidence_rows.ITEM_COLUMNS`; the text is JSON as text."""
    completion: tuple[Any, ...]
    """By `COLUMNS`."""


def add_new_rows(
    connection: Connection, district_id: str, source: str, rows: Iterable[NewRow], *, now: datetime
) -> None:
    """Store rows of a source, some at a time; an item that is stored already is left alone."""
    remaining = iter(rows)
    same = {"district_id": district_id, "source": source, "recorded_at": now}
    while some := list(islice(remaining, _AT_ONCE)):
        items, completions = zip(*some, strict=True)
        insert_new(connection, item, ITEM_COLUMNS, items, written=("text",), **same)
        insert_many(connection, completion, COLUMNS, completions, written=("attributes",), **same)
