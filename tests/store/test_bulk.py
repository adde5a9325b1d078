"""Many rows at once, on either engine: what comes back is what SQLAlchemy's own insert would have stored."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    cast,
    insert,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from lms_sync.store import bulk
from lms_sync.store.bulk import insert_many, insert_new
from lms_sync.store.engine import make_engine
from lms_sync.store.instant import Instant, sqlite_text

AT = datetime(2026, 9, 1, 6, 30, 0, 125, tzinfo=UTC)
THINGS = Table(
    "thing",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("name", Text),
    Column("group", String(20)),  # a word of SQL
    Column("day", Date),
    Column("at", Instant),
    Column("facts", JSON),
    Column("content", LargeBinary),
)
NAMES = ("number", "name", "day", "at", "facts", "content")
ODD = "a\tb\nc\\d\\N\"e'%s€李\U0001f600"
"""Whatever a way to write rows may take for its own: ends, escapes, the sign for nothing."""
ROWS: list[tuple[Any, ...]] = [
    (1, ODD, date(2026, 9, 1), AT, {"a": [1, None, ODD]}, b"\x00\\x\xff"),
    (2, "", None, None, None, b""),
    (3, "\\N", date(1950, 1, 1), AT.astimezone(timezone(timedelta(hours=-7))), [], None),
    (4, None, date(2026, 9, 1), AT, {}, b"x"),
]


@contextmanager
def things(url: str) -> Iterator[Connection]:
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            THINGS.create(connection)
            yield connection
    finally:
        engine.dispose()


def stored(connection: Connection) -> list[tuple[Any, ...]]:
    """Return all rows, and the very text of their JSON."""
    query = select(THINGS, cast(THINGS.c.facts, Text)).order_by(THINGS.c.number)
    return [tuple(row) for row in connection.execute(query)]


def test_the_rows_are_those_of_sqlalchemys_insert(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_AT_ONCE", 3)
    monkeypatch.setattr(bulk, "_VALUES_AT_ONCE", 2 * len(NAMES) + 1)  # two rows by one statement, then one
    with things(url) as connection:
        connection.execute(insert(THINGS), [dict(zip(NAMES, row, strict=True), group="all") for row in ROWS])
        expected = stored(connection)
        connection.execute(THINGS.delete())
        insert_many(connection, THINGS, NAMES, iter(ROWS), group="all")
        assert stored(connection) == expected
        assert expected[0][1] == ODD


def test_json_that_is_written_already_is_stored_as_it_is(url: str) -> None:
    rows = [(number, json.dumps(facts)) for number, *_, facts, _ in ROWS]
    with things(url) as connection:
        insert_many(connection, THINGS, ("number", "facts"), rows, written=("facts",), at=AT)
        assert [(row[0], row[4], row[5]) for row in stored(connection)] == [(r[0], AT, r[4]) for r in ROWS]


def test_only_rows_whose_key_is_new_are_inserted(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_AT_ONCE", 2)
    monkeypatch.setattr(bulk, "_VALUES_AT_ONCE", 2 * len(NAMES))
    with things(url) as connection:
        insert_new(connection, THINGS, ("number", "name"), [(2, "before"), (4, "before")])
        for _ in range(2):
            insert_new(connection, THINGS, NAMES, iter(ROWS), group="all")
        assert [row[:3] for row in stored(connection)] == [
            *((1, ODD, "all"), (2, "before", None), (3, "\\N", "all"), (4, "before", None)),
        ]


@given(st.none() | st.datetimes(timezones=st.timezones() | st.just(UTC), min_value=datetime(2, 1, 1)))
def test_an_instant_is_written_for_sqlite_as_sqlalchemy_writes_it(at: datetime | None) -> None:
    dialect = sqlite.dialect()
    bind = Instant().dialect_impl(dialect).bind_processor(dialect)
    assert bind is not None
    assert sqlite_text(at) == bind(at)


def test_nothing_is_inserted_of_no_rows(url: str) -> None:
    with things(url) as connection:
        insert_many(connection, THINGS, NAMES, iter(()), group="all")
        assert stored(connection) == []


def test_a_row_that_is_there_already_is_an_error_like_any_other(url: str) -> None:
    with pytest.raises(IntegrityError), things(url) as connection:
        insert_many(connection, THINGS, ("number",), [(1,), (1,)])
