"""The items of a pull as they are stored: where each was read, what is kept of its text, what became of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lms_sync.model.evidence import StoredItem
from lms_sync.model.finding import Origin
from lms_sync.model.item_text import short_sha256, text_hash, text_repr
from lms_sync.operations.pull.changes import ItemOutcome
from lms_sync.operations.pull.readable import FileName, Ours
from lms_sync.operations.pull.readings import ItemRead


def stored_items(
    readings: Sequence[ItemRead], outcomes: Sequence[ItemOutcome], ours: Ours, names: Mapping[str, FileName]
) -> list[StoredItem]:
    """Return what is stored of each reading; `names` are of files, as they are kept."""
    return [_stored(read, outcome, ours, names) for read, outcome in zip(readings, outcomes, strict=True)]


def _stored(read: ItemRead, outcome: ItemOutcome, ours: Ours, names: Mapping[str, FileName]) -> StoredItem:
    text = ours.text(read.item)
    record = getattr(read.reading, "record", "")
    written = text_repr(text)
    item_id = short_sha256(f"({_place(read.origin)}, {record!r}, {written})")
    origin = _kept(read.origin, names[read.file.name])
    return StoredItem(item_id, origin, record, outcome, text, text_hash(record, written))


def _place(origin: Origin) -> str:
    """Return where an item was read, whatever its file is called; written as a tuple of texts."""
    return repr((origin.sha256, origin.sheet, origin.cell, origin.url, origin.item))


def _kept(origin: Origin, name: FileName) -> Origin:
    return origin if name.named or not origin.file else replace(origin, file=name.origin)
