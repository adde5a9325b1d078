"""Instants in the tables: aware and in UTC, whatever the database knows of zones."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, TypeDecorator
from sqlalchemy.engine import Dialect

_KNOWN = 1_000
"""So many instants are kept at hand, each once: those at which nights wrote what they did."""
_WITHOUT_ZONE = len("2026-09-01 06:30:00.000125")


class Instant(TypeDecorator[datetime]):
    """An aware datetime in UTC, on databases that know zones and on those that don't."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the value in UTC. Raises: ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what makes an aware instant of a cell: a night reads hundreds of thousands, of which few differ."""
        read: Callable[[Any], Any] = self.impl_instance.result_processor(dialect, coltype) or _as_it_is
        return lru_cache(_KNOWN)(lambda cell: None if cell is None else _aware(read(cell)))


def _aware(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _as_it_is(cell: Any) -> Any:
    return cell


def sqlite_text(value: datetime | None) -> str | None:
    """Return what `Instant` stores of a value on SQLite: quicker, where there are many.

    Raises: ValueError for a naive one.
    """
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return utc.isoformat(" ", "microseconds")[:_WITHOUT_ZONE]
