"""Completions, items and files as rows of the store, and back."""

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import RowMapping

from lms_sync.model.evidence import Completion, Learner, StoredCompletion, StoredFile, StoredItem
from lms_sync.model.finding import Origin
from lms_sync.model.item_text import text_json
from lms_sync.model.many_records import RecordsOfFile
from lms_sync.model.stored.pulled import ATTRIBUTES, FILE_LEDGER, RECORDS
from lms_sync.store.origins import SharedOrigin
from lms_sync.store.rows import row_of, value_of

_PLACE_COLUMNS = ("origin_id", "cell", "item")
"""Of an item and of its completion: where it was read."""
COMPLETION_COLUMNS = (
    *("record", "learner", "course", "course_title", "unit", "unit_title", "day", "instant", "zone"),
    *("status", "claim", "score", "attributes", "item_id", *_PLACE_COLUMNS),
)
"""Of `completion_values`; the attributes are JSON as text."""
ITEM_COLUMNS = ("item_id", "record", "outcome", "text", "text_hash", *_PLACE_COLUMNS)
"""Of `item_values`; the text is JSON as text."""
Place = tuple[int, str, str]
"""Where an item was read, as it is stored: the id of its origin, cell, item of an answer."""


def completion_values(version: StoredCompletion, place: Place) -> tuple[Any, ...]:
    """Return what is stored of a completion, by `COMPLETION_COLUMNS`; `place` is its item's."""
    completion = version.completion
    return (
        completion.record,
        completion.learner.key,
        completion.course,
        completion.course_title,
        completion.unit,
        completion.unit_title,
        completion.day,
        completion.instant,
        completion.zone,
        completion.status,
        completion.claim and completion.claim.value,
        None if completion.score is None else str(completion.score),
        _json(completion.attributes),
        version.item_id,
        *place,
    )


@lru_cache(maxsize=4_096)
def _json(attributes: tuple[tuple[str, str], ...]) -> str:
    """Return attributes as they are stored: those of a class's rows are the same, and most rows have none."""
    return json.dumps(dict(attributes))


def completion_of(row: RowMapping) -> Completion:
    """Return the completion that a row tells of, with the place of its item where the row has that too."""
    cells = dict(row)
    attributes = cells["attributes"]
    return value_of(
        Completion,
        cells,
        learner=Learner(cells["source"], cells["learner"]),
        origin=value_of(Origin, cells),
        attributes=tuple(sorted(ATTRIBUTES.read(attributes).items())) if attributes else (),
    )


def last_ended(rows: Iterable[RowMapping]) -> dict[tuple[str, str, date | None], RowMapping]:
    """Return (source, record, day) → the row that ended last, of rows by when they ended.

    Without what came before its record was withdrawn.
    """
    last: dict[tuple[str, str, date | None], RowMapping] = {}
    for row in rows:
        record = row["source"], row["record"]
        if row["end_reason"] == "withdrawn":
            last = {key: ended for key, ended in last.items() if key[:2] != record}
        last[*record, row["day"]] = row
    return last


def item_values(item: StoredItem) -> tuple[Any, ...]:
    """Return what is stored of an item as read, by `ITEM_COLUMNS`; for its origin's id what that stands for."""
    at = item.origin
    place = SharedOrigin(at.file, at.sha256, at.sheet, at.url), at.cell, at.item
    return (item.item_id, item.record, item.outcome, text_json(item.text), item.text_hash, *place)


def item_of(row: RowMapping) -> tuple[Origin, tuple[tuple[str, str], ...]]:
    """Return where an item was read, and (heading, text) as it stood there."""
    return value_of(Origin, row), tuple((str(heading), str(text)) for heading, text in row["text"])


def file_row(file: StoredFile) -> dict[str, Any]:
    """Return the row that tells of a file as it was read."""
    return row_of(file, without=("there",), ledger=dict(file.ledger), **spoken_row(file))


def spoken_row(file: StoredFile) -> dict[str, Any]:
    """Return the part of a file's row that tells the records of which it speaks: each kind as one text, in any order.

    There may be a million of them, which to sort takes longer than to read the file.
    """
    same = file.spoken == file.records
    return {"records": file.records.text, "spoken": None if same else file.spoken.text}


def _spoken_of(row: RowMapping) -> tuple[RecordsOfFile, RecordsOfFile]:
    """Return the records that a file's row tells as done, and all of which it speaks.

    Earlier versions kept them as lists, and the second also where it was as the first.
    """
    records = _records_of(row["records"])
    return records, records if row["spoken"] is None else _records_of(row["spoken"])


def _records_of(kept: object) -> RecordsOfFile:
    return RecordsOfFile(kept) if isinstance(kept, str) else RecordsOfFile.of(RECORDS.read(kept))


def file_of(row: RowMapping) -> StoredFile:
    """Return the file that a row tells of."""
    records, spoken = _spoken_of(row)
    return value_of(
        StoredFile,
        row,
        ledger=FILE_LEDGER.read(row["ledger"]),
        records=records,
        spoken=spoken,
        there=row["gone_at"] is None,
    )
