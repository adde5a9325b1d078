"""Stored rows as a cleaning looks at them and writes them anew; the caller holds the transaction."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select, update

from lms_sync.store.judgements import JudgementStore
from lms_sync.store.origins import SHARED, same_origin
from lms_sync.store.schema import issued, item, metadata, origin, report

Key = tuple[Any, ...]
"""The primary key without the district, in the table's order."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """New values for one row."""

    table: str
    key: Key
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeptRows:
    """One district's rows."""

    connection: Connection
    district_id: str

    def any(self, name: str) -> bool:
        """Tell whether a table holds anything."""
        table = metadata.tables[name]
        query = select(func.count()).select_from(table).where(table.c.district_id == self.district_id)
        return bool(self.connection.scalar(query))

    def rows(self, name: str) -> Iterator[tuple[Key, Mapping[str, Any]]]:
        """Give (key, row) of every row of a table, by key; an item's with its origin."""
        table = metadata.tables[name]
        keys = [column.name for column in table.primary_key][1:]
        query = select(item, *SHARED).join(origin, same_origin(item)) if table is item else select(table)
        ours = query.where(table.c.district_id == self.district_id).order_by(*(table.c[key] for key in keys))
        for row in self.connection.execute(ours).mappings().all():
            yield tuple(row[key] for key in keys), dict(row)

    def cited(self) -> frozenset[tuple[str, str]]:
        """Return (source, record) of all that an issued report or document cites."""
        found: set[tuple[str, str]] = set()
        for table in (report, issued):
            query = select(table.c.judgement).where(table.c.district_id == self.district_id)
            for judgement in self.connection.scalars(query):
                found.update(_citations(judgement))
        return frozenset(found)

    def rewrite(self, changes: Iterable[Rewrite]) -> None:
        """Write the new values of rows, and let go of the judgements that may rest on the old ones."""
        several: dict[tuple[str, tuple[str, ...]], list[Rewrite]] = {}
        for change in changes:
            several.setdefault((change.table, tuple(sorted(change.values))), []).append(change)
        if several:
            JudgementStore(self.connection, self.district_id).forget()
        for (name, columns), some in several.items():
            table = metadata.tables[name]
            keys = list(table.primary_key)[1:]
            same = [key == bindparam(f"key_{key.name}") for key in keys]
            query = update(table).where(and_(table.c.district_id == self.district_id, *same))
            query = query.values({column: bindparam(f"new_{column}") for column in columns})
            self.connection.execute(query, [_parameters(change, [key.name for key in keys]) for change in some])


def _parameters(change: Rewrite, keys: list[str]) -> dict[str, Any]:
    which = {f"key_{name}": part for name, part in zip(keys, change.key, strict=True)}
    return which | {f"new_{name}": value for name, value in change.values.items()}


def _citations(value: object) -> Iterator[tuple[str, str]]:
    """Give every (source, record) anywhere in a judgement."""
    if isinstance(value, Mapping):
        source, record = value.get("source"), value.get("record")
        if isinstance(source, str) and isinstance(record, str):
            yield source, record
        for part in value.values():
            yield from _citations(part)
    elif isinstance(value, list):
        for part in value:
            yield from _citations(part)
