"""Questions about many keys at once: they are put beside the tables, since a statement takes only so many.

And answers of many keys: they come as one text, since a row of its own for each takes three times as long.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, MetaData, Table, Text, delete, func, select

from lms_sync.store.bulk import insert_many

_ASKED_FOR = Table("asked_for", MetaData(), Column("key", Text, primary_key=True), prefixes=["TEMPORARY"])
"""Lives as long as the connection; nobody else sees it."""


def among(connection: Connection, column: ColumnElement[Any], keys: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of the keys; it holds for the next question only."""
    _ASKED_FOR.create(connection, checkfirst=True)
    connection.execute(delete(_ASKED_FOR))
    insert_many(connection, _ASKED_FOR, ("key",), ((key,) for key in set(keys)))
    return column.in_(select(_ASKED_FOR.c.key))


def keys_of(connection: Connection, column: ColumnElement[Any], *where: ColumnElement[bool]) -> frozenset[str]:
    """Return what a column of keys holds in the rows that are asked for; no key has a blank in it."""
    text = connection.scalar(select(together(column)).where(*where))
    return frozenset(text.split() if text else ())


def together(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return what has the keys of a column as one text, with a blank between any two."""
    return func.aggregate_strings(column, " ")
