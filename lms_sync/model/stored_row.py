"""A row of any table, as retention looks at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row of a table, as retention looks at it."""

    table: str
    key: tuple[Any, ...]
    """The primary key without the district, in the table's order."""
    began: datetime
    """When it became known, was read, tried or issued."""
    ended: datetime | None
    """When it stopped counting, was cleared or gone; None while it counts, and where nothing ends."""
    content: Mapping[str, Any]
    """What else the plan must know of it, by name."""

    def counted_at(self, at: datetime) -> bool:
        """Tell whether it counted at an instant."""
        return self.began <= at and (self.ended is None or at < self.ended)


def words_in(value: object) -> frozenset[str]:
    """Return every text that stands anywhere in a JSON value; names of its fields are none."""
    return frozenset(_texts(value))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
