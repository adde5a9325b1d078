"""Many rows at once into a table: as tuples to the driver, by COPY to a server, stored as SQLAlchemy would."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice, repeat
from typing import Any

from sqlalchemy import Connection, Date, Dialect, Table
from sqlalchemy.exc import DBAPIError

Value = Callable[[Any], Any]
"""Makes of a column's value what the driver takes."""
_AT_ONCE = 20_000
"""Rows that are made ready together: so many are held, and no more."""


def insert_many(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    *,
    written: Sequence[str] = (),
    **same: Any,
) -> None:
    """Insert rows whose values stand in the order of `names`; what they have in common is the `same` for all.

    The columns of `written` hold JSON that is text already.
    """
    dialect = connection.dialect
    ready = [None if name in written else _processor(dialect, table, name) for name in names]
    common = [_bound(_processor(dialect, table, name), value) for name, value in same.items()]
    quote = dialect.identifier_preparer.quote
    into = f"{quote(table.name)} ({', '.join(map(quote, (*names, *same)))})"
    for some in _in_batches(rows):
        values = _ready(some, ready, common)
        if dialect.name == "postgresql":
            _copy(connection, f"COPY {into} FROM STDIN", values)
        else:
            signs = ", ".join("?" * (len(names) + len(same)))
            connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({signs})", list(values))


def _in_batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    waiting = iter(rows)
    while some := list(islice(waiting, _AT_ONCE)):
        yield some


def _ready(
    rows: Sequence[tuple[Any, ...]], ready: Sequence[Value | None], common: Sequence[Any]
) -> Iterator[tuple[Any, ...]]:
    """Give rows as the driver takes them: column by column, since most of them are taken as they are."""
    columns = zip(*rows, strict=True)
    varying = [column if bind is None else map(bind, column) for bind, column in zip(ready, columns, strict=True)]
    return zip(*varying, *map(repeat, common), strict=False)


def _copy(connection: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Send rows to a server in its own way for many. Raises: DBAPIError, as SQLAlchemy does."""
    errors = connection.dialect.loaded_dbapi.Error
    try:
        driver: Any = connection.connection
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except errors as error:
        raise DBAPIError.instance(statement, None, error, errors, dialect=connection.dialect) from error


def _processor(dialect: Dialect, table: Table, name: str) -> Value | None:
    """Return what makes of a column's value what the driver takes; None where it takes it as it is."""
    bind: Value | None = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return cache(bind) if bind and isinstance(table.c[name].type, Date) else bind  # many rows, few days


def _bound(bind: Value | None, value: Any) -> Any:
    return value if bind is None else bind(value)
