"""The items of a pull with pseudonymous readings, and those among them that a purge has removed."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from lms_sync.model.evidence import Item, Reading, Refused, Skipped
from lms_sync.model.item_text import Text, text_hash, text_repr
from lms_sync.operations.pull.changes import PulledItem
from lms_sync.operations.retention.record import last_purge_at
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.store.store import Store

PURGED = Skipped("purged")


@dataclass(frozen=True, slots=True)
class ItemRead(PulledItem):
    """An item of the pull with its file, and its pseudonymous reading."""

    file: FileRead
    item: Item

    @property
    def purged(self) -> bool:
        """Tell whether it is passed over because a purge has removed it."""
        return self.reading is PURGED


def pseudonymous_items(
    pull: Pull, kept: Callable[[Item], Reading], *, first_read: Mapping[str, datetime], now: datetime
) -> list[ItemRead]:
    """Return the items, each with what is `kept` of its reading.

    An answer speaks for its source tonight, a file since a file like it was first read.
    """
    found: list[ItemRead] = []
    for file in pull.files:
        of_file = first_read.get(file.sha256, now)
        found += [
            ItemRead(kept(item), item.origin, now if item.origin.url else of_file, file, item) for item in file.items
        ]
    return found


def without_purged(
    store: Store, readings: Sequence[ItemRead], text: Callable[[Item], Text], *, source: str
) -> list[ItemRead]:
    """Return the readings; those that a purge removed from a file of the same content say nothing.

    A file is read again because the rules or its layout changed. Of what was read of it before, everything was kept:
    the item, its record, or what is kept of its `text`, read elsewhere since. Where a purge came since and none of
    these is there, the purge has removed it.
    """
    purged_at = last_purge_at(store)
    first_read = store.evidence.first_read(source)
    before = {content for content, at in first_read.items() if purged_at is not None and at < purged_at}
    if not any(reading.file.sha256 in before for reading in readings):
        return list(readings)
    places, records = store.of_source(source).places(), store.renaming(source).recorded()
    gone = {
        number: _text_hash(read, text)
        for number, read in enumerate(readings)
        if read.file.sha256 in before and _is_gone(read, places, records)
    }
    kept = store.of_source(source).text_hashes({*gone.values()})
    return [
        replace(read, reading=PURGED) if number in gone and gone[number] not in kept else read
        for number, read in enumerate(readings)
    ]


def _text_hash(read: ItemRead, text: Callable[[Item], Text]) -> str:
    return text_hash(getattr(read.reading, "record", ""), text_repr(text(read.item)))


def _is_gone(reading: ItemRead, places: AbstractSet[tuple[str, str, str]], records: AbstractSet[str]) -> bool:
    stated, origin = reading.reading, reading.origin
    if isinstance(stated, Skipped) or (origin.sha256, origin.sheet, origin.cell) in places:
        return False
    return isinstance(stated, Refused) or stated.record not in records
