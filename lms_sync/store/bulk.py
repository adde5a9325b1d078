"""Many rows at once into a table: as tuples to the driver, stored as SQLAlchemy would."""

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, Table


def insert_many(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]], **same: Any
) -> None:
    """Insert rows whose values stand in the order of `names`; what they have in common is the `same` for all."""
    columns = list(zip(*rows, strict=True))
    if not columns:
        return
    varying = [map(_processor(connection, table, name), columns[number]) for number, name in enumerate(names)]
    common = [repeat(_processor(connection, table, name)(value)) for name, value in same.items()]
    quote = connection.dialect.identifier_preparer.quote
    sign = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    into = f"{quote(table.name)} ({', '.join(map(quote, (*names, *same)))})"
    statement = f"INSERT INTO {into} VALUES ({', '.join([sign] * (len(names) + len(same)))})"
    connection.exec_driver_sql(statement, list(zip(*varying, *common, strict=False)))


def _processor(connection: Connection, table: Table, name: str) -> Callable[[Any], Any]:
    """Return what makes of a column's value what the driver takes."""
    dialect = connection.dialect
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
