"""Many rows at once into a table: as tuples to the driver, by COPY to a server, stored as SQLAlchemy would."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Date, Dialect, Table
from sqlalchemy.exc import DBAPIError

from lms_sync.store.instant import Instant, sqlite_text

_COUNTED = {"preserve_rowcount": True}
Value = Callable[[Any], Any]
"""Makes of a column's value what the driver takes."""
_AT_ONCE = 20_000
"""Rows that are made ready together: so many are held, and no more."""
_VALUES_AT_ONCE = 900
"""Values that SQLite takes by one statement; to begin one costs as much as a few rows. Every version takes 999."""


def insert_many(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    *,
    written: Sequence[str] = (),
    by: Mapping[str, Value] = MappingProxyType({}),
    **same: Any,
) -> None:
    """Insert rows whose values stand in the order of `names`; what they have in common is the `same` for all.

    The columns of `written` hold what the driver takes, such as JSON that is text already; of those of `by` something
    else is made of what is given.
    """
    into, common = _listed(connection, table, (*same, *names)), _common(connection, table, same)
    for values in _ready(connection, table, names, rows, by={**dict.fromkeys(written), **by}):
        if connection.dialect.name == "postgresql":
            _copy(connection, f"COPY {into} FROM STDIN", _given(common, values, len(names)))
        else:
            _insert(connection, into, common, values, columns=len(names))


def insert_new(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    *,
    written: Sequence[str] = (),
    by: Mapping[str, Value] = MappingProxyType({}),
    **same: Any,
) -> int:
    """Insert rows as `insert_many` does; one whose key is there already is left as it stands.

    Return how many are new.
    """
    into, common = _listed(connection, table, (*same, *names)), _common(connection, table, same)
    new = 0
    for values in _ready(connection, table, names, rows, by={**dict.fromkeys(written), **by}):
        if connection.dialect.name == "postgresql":
            new += _copy_new(connection, into, _given(common, values, len(names)))
        else:
            new += _insert(connection, into, common, values, columns=len(names), or_else=" ON CONFLICT DO NOTHING")
    return new


def _listed(connection: Connection, table: Table, names: Sequence[str]) -> str:
    """Return a table and some of its columns as statements name them."""
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(table.name)} ({', '.join(map(quote, names))})"


def _common(connection: Connection, table: Table, same: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what all rows have in common as the driver takes it."""
    return tuple([bound(connection, table, name)(value) for name, value in same.items()])


def _ready(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    *,
    by: Mapping[str, Value | None],
) -> Iterator[list[Any]]:
    """Give the values of the rows as the driver takes them, row behind row; most columns it takes as they are."""
    bind = [by[name] if name in by else _processor(connection.dialect, table, name) for name in names]
    for some in _in_batches(rows):
        values = list(chain.from_iterable(some))
        for place, binder in enumerate(bind):
            if binder is not None:
                values[place :: len(names)] = [*map(binder, values[place :: len(names)])]
        yield values


def _given(common: tuple[Any, ...], values: Sequence[Any], size: int) -> Iterator[tuple[Any, ...]]:
    """Yield what all have in common with so many values at a time."""
    for at in range(0, len(values), size):
        yield (*common, *values[at : at + size])


def _insert(
    connection: Connection,
    into: str,
    common: tuple[Any, ...],
    values: Sequence[Any],
    *,
    columns: int,
    or_else: str = "",
) -> int:
    """Insert rows into SQLite: many by one statement, which is given once what they have in common.

    Return how many were inserted.
    """
    row = ", ".join([*(f"?{number}" for number in range(1, len(common) + 1)), *"?" * columns])
    many = max(_VALUES_AT_ONCE // columns, 1)
    whole = len(values) - len(values) % (many * columns)
    inserted = 0
    for rows, some in ((many, values[:whole]), (1, values[whole:])):
        if some:
            statement = f"INSERT INTO {into} VALUES {', '.join([f'({row})'] * rows)}{or_else}"
            given = [*_given(common, some, rows * columns)]
            inserted += connection.exec_driver_sql(statement, given, _COUNTED).rowcount
    return inserted


def _in_batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    waiting = iter(rows)
    while some := list(islice(waiting, _AT_ONCE)):
        yield some


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


def _copy_new(connection: Connection, into: str, rows: Iterable[tuple[Any, ...]]) -> int:
    """Send rows to a server beside their table, and let it take over those whose keys are new to it: so many."""
    table, columns = into.split(" ", 1)
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE IF NOT EXISTS incoming (LIKE {table}) ON COMMIT DROP")
    _copy(connection, f"COPY incoming {columns} FROM STDIN", rows)
    taken = f"SELECT {columns[1:-1]} FROM incoming"
    taking = f"INSERT INTO {into} {taken} ON CONFLICT DO NOTHING"
    new = connection.exec_driver_sql(taking, execution_options=_COUNTED).rowcount
    connection.exec_driver_sql("DROP TABLE incoming")
    return new


def _processor(dialect: Dialect, table: Table, name: str) -> Value | None:
    """Return what makes of a column's value what the driver takes; None where it takes it as it is."""
    kind = table.c[name].type
    if isinstance(kind, Instant) and dialect.name == "sqlite":
        return sqlite_text
    bind: Value | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return cache(bind) if bind and isinstance(kind, Date) else bind  # many rows, few days


def bound(connection: Connection, table: Table, name: str) -> Value:
    """Return what makes of a column's value what the driver takes."""
    return _processor(connection.dialect, table, name) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
