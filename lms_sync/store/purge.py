"""What retention asks of the tables, and what it does to them; the only place in which stored rows are removed.

The caller holds the transaction of a removal. Every table is read as rows of one shape, so that the plan
(`lms_sync/retention/`) can be made of values alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Index,
    MetaData,
    RowMapping,
    Table,
    and_,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)

from lms_sync.model.evidence import claim_id
from lms_sync.model.stored.judgement import PURGED, REPORT, PurgedClause
from lms_sync.model.stored.log_payload import PURGED_DECISION, PurgedDecision
from lms_sync.model.stored.pulled import FINDING
from lms_sync.model.stored_row import StoredRow, words_in
from lms_sync.store.evidence_rows import completion_of
from lms_sync.store.schema import item, metadata, origin

Content = Mapping[str, Any]
SIZE = "size"
"""Stands for the number of bytes of a delivery's message, which itself is not read."""


def _as_it_is(row: RowMapping) -> Content:
    return {name: value for name, value in row.items() if name != "district_id"}


def _completion(row: RowMapping) -> Content:
    claim = claim_id(completion_of(row)) if row["claim"] else ""
    return {"learner": row["learner"], "item_id": row["item_id"], "claim_id": claim}


def _finding(row: RowMapping) -> Content:
    finding = FINDING.read(row["payload"])
    text = " ".join((finding.where, finding.found, finding.remedy, finding.subject))
    people = frozenset(finding.people)
    return {"people": people, "words": people.union(re.split(r"[\s.,;:()“”\"`]+", text))}


def _report(row: RowMapping) -> Content:
    people = frozenset(person.id for person in REPORT.read(row["judgement"]).people)
    return {"partner_id": row["partner_id"], "people": people}


def _words(name: str) -> Callable[[RowMapping], Content]:
    return lambda row: {**_as_it_is(row), name: None, "purged": "purged" in row[name], "words": words_in(row[name])}


@dataclass(frozen=True, slots=True)
class _Look:
    """How the rows of one table are read."""

    began: str
    ended: str = ""
    also: tuple[str, ...] = ()
    """Further columns that are read."""
    content: Callable[[RowMapping], Content] = _as_it_is


_CONTENT = ("learner", "item_id", "course", "course_title", "unit", "day", "claim", "score", "attributes")
_LOOKS = {
    "fact": _Look("recorded_at", "ended_at", ("payload",)),
    "completion": _Look("recorded_at", "ended_at", _CONTENT, _completion),
    "learner": _Look("recorded_at", "ended_at"),
    "decision": _Look("recorded_at", "ended_at", ("verdict", "person_name")),
    "absence": _Look("accepted_at", "ended_at"),
    "item": _Look("recorded_at"),
    "finding": _Look("first_seen", "cleared_at", ("payload",), _finding),
    "file": _Look("first_read_at", "gone_at"),
    "pull": _Look("pulled_at", also=("outcome", "cursor")),
    "run": _Look("started_at", also=("command", "finished_at")),
    "report": _Look("issued_at", also=("partner_id", "judgement"), content=_report),
    "delivery": _Look("created_at", also=("report_id", "state", "about", SIZE)),
    "audit": _Look("at", also=("kind", "payload"), content=_words("payload")),
    "issued": _Look("issued_at", also=("agreement_id", "known_at", "judgement"), content=_words("judgement")),
}
LOOKED_AT = tuple(_LOOKS)
"""The tables that retention reads. Of the others a release stays; recipients go with their delivery, origins with
their items."""
REMOVED_IN_ORDER = (
    *("completion", "item", "fact", "learner", "decision", "absence", "finding", "file", "pull", "run"),
    *("recipient", "delivery", "report"),
)
"""The tables that rows are removed from; whatever refers to a row goes before it."""


_REFERRING = ("completion", "item")
"""The tables whose rows refer to origins, which are removed: by a column that no index of the schema has."""


def _column(table: Table, name: str) -> ColumnElement[Any]:
    return func.length(table.c.body).label(SIZE) if name == SIZE else table.c[name]


def _index(name: str) -> Index:
    """Return an index on a copy of the table, so that the schema itself has none."""
    table = metadata.tables[name].to_metadata(MetaData())
    return Index(f"ix_{name}_while_purging", table.c.district_id, table.c.source, table.c.origin_id)


@dataclass(frozen=True, slots=True)
class Purging:
    """One district's rows, to be looked at and removed."""

    connection: Connection
    district_id: str

    def rows(self, name: str) -> tuple[StoredRow, ...]:
        """Return all rows of one of `LOOKED_AT`, by when each began and by key."""
        table, look = metadata.tables[name], _LOOKS[name]
        keys = [column.name for column in table.primary_key][1:]
        wanted = dict.fromkeys([*keys, look.began, *([look.ended] if look.ended else []), *look.also])
        query = select(*(_column(table, field) for field in wanted)).where(table.c.district_id == self.district_id)
        query = query.order_by(table.c[look.began], *(table.c[key] for key in keys))
        return tuple(
            StoredRow(
                name,
                tuple(row[key] for key in keys),
                row[look.began],
                row[look.ended] if look.ended else None,
                look.content(row),
            )
            for row in self.connection.execute(query).mappings()
        )

    def remove(self, name: str, keys: Iterable[tuple[Any, ...]]) -> None:
        """Remove rows by their keys; of recipients all of one delivery."""
        table = metadata.tables[name]
        columns = [table.c.delivery_id] if name == "recipient" else list(table.primary_key)[1:]
        conditions = [column == bindparam(f"key_{column.name}") for column in columns]
        rows = [{f"key_{c.name}": part for c, part in zip(columns, key, strict=True)} for key in keys]
        if rows:
            query = delete(table).where(and_(table.c.district_id == self.district_id, *conditions))
            self.connection.execute(query, rows)

    def remove_origins(self) -> None:
        """Remove the origins of which no item is left."""
        left = select(item.c.source, item.c.origin_id).where(item.c.district_id == self.district_id).distinct()
        gone = tuple_(origin.c.source, origin.c.origin_id).not_in(left)
        self.connection.execute(delete(origin).where(origin.c.district_id == self.district_id, gone))

    def tombstone(self, numbers: Iterable[int], day: date) -> None:
        """Replace the payloads of entries of the audit log by the day; the chain over their hashes stays whole."""
        table = metadata.tables["audit"]
        self._replace(table.c.number, numbers, {"payload": PURGED_DECISION.plain(PurgedDecision(day))})

    def empty_issued(self, numbers: Iterable[str], day: date) -> None:
        """Take the PDF and the judgement of issued documents; number, code, hash and dates stay."""
        table = metadata.tables["issued"]
        self._replace(table.c.number, numbers, {"content": b"", "judgement": PURGED.plain(PurgedClause(purged=day))})

    def empty_bodies(self, delivery_ids: Iterable[str]) -> None:
        """Take the message of deliveries; that and when they were sent, and to whom, stays."""
        self._replace(metadata.tables["delivery"].c.delivery_id, delivery_ids, {"body": b""})

    def _replace(self, column: Any, numbers: Iterable[object], values: Mapping[str, object]) -> None:
        table = column.table
        query = update(table).where(table.c.district_id == self.district_id, column == bindparam("of"))
        rows = [{"of": number} for number in numbers]
        if rows:
            self.connection.execute(query.values(**values), rows)

    @contextmanager
    def indexed(self) -> Iterator[None]:
        """Have indexes while rows are removed, by which the database finds what still refers to each; then drop them.

        Without them every removed origin would cost a look at every item. They live in the caller's transaction.
        """
        indexes = [_index(name) for name in _REFERRING]
        for index in indexes:
            index.create(self.connection)
        yield
        for index in indexes:
            index.drop(self.connection)

    def overwrite(self) -> None:
        """Have what is removed on this connection overwritten; for the moment before the transaction.

        SQLite would leave it readable in the free pages of its file. PostgreSQL frees it by its own (auto)vacuum.
        """
        if self.connection.dialect.name == "sqlite":
            self._plainly("PRAGMA secure_delete = ON")

    def shrink(self, tables: Iterable[str] = ()) -> None:
        """Write the database's file anew without what was removed; for the moment after the transaction.

        PostgreSQL writes the `tables` anew; of others it frees the space by its own (auto)vacuum.
        """
        if self.connection.dialect.name == "sqlite":
            self._plainly("VACUUM")
            self._plainly("PRAGMA wal_checkpoint(TRUNCATE)")
        elif self.connection.dialect.name == "postgresql":
            self._vacuum(tables)

    def _vacuum(self, tables: Iterable[str]) -> None:
        self.connection.rollback()
        driver: Any = self.connection.connection.driver_connection
        driver.autocommit = True
        try:
            for name in tables:
                driver.execute(f'VACUUM (FULL) "{metadata.tables[name].name}"')
        finally:
            driver.autocommit = False

    def _plainly(self, statement: str) -> None:
        """Run a statement outside of any transaction, as these must."""
        self.connection.rollback()
        driver: Any = self.connection.connection.driver_connection
        driver.execute(statement).close()
