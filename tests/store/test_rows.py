"""Rows and the dataclasses that they stand for: the same value comes back, and no field is without a column."""

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Table, create_engine, insert, select

from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState, Recipient, RecipientState
from lms_sync.model.evidence import ClaimReason, Completion, Learner, StoredCompletion, StoredFile, StoredItem
from lms_sync.model.finding import ClaimDecision, OpenFinding, Origin
from lms_sync.model.issued import Issued, IssuedReport
from lms_sync.model.log import LogEntry
from lms_sync.model.many_records import RecordsOfFile
from lms_sync.model.run import PullRecord, RunRecord
from lms_sync.store import schema
from lms_sync.store.evidence_rows import (
    COMPLETION_COLUMNS,
    ITEM_COLUMNS,
    completion_of,
    completion_values,
    file_of,
    file_row,
    item_values,
)
from lms_sync.store.facts import FactVersion
from lms_sync.store.origins import SharedOrigin
from lms_sync.store.rows import row_of, value_of

AT = datetime(2026, 9, 1, 6, tzinfo=UTC)
ORIGIN = Origin("log.csv", "0" * 64, "Log", "A2", "", "row 2")


@pytest.mark.parametrize(
    ("form", "table", "without"),
    [
        (Delivery, schema.delivery, {"recipients"}),
        (Recipient, schema.recipient, set()),
        (Completion, schema.completion, {"origin"}),
        (Origin, schema.item, set(SharedOrigin._fields)),
        (Origin, schema.origin, {"cell", "item"}),
        (StoredItem, schema.item, {"origin"}),
        (StoredFile, schema.file, {"there"}),
        (Issued, schema.issued, set()),
        (IssuedReport, schema.report, set()),
        (LogEntry, schema.audit, set()),
        (RunRecord, schema.run, set()),
        (PullRecord, schema.pull, set()),
        (ClaimDecision, schema.decision, {"accepted"}),
        (OpenFinding, schema.finding, {"finding", "former"}),
        (FactVersion, schema.fact, set()),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_every_field_has_its_column(form: Any, table: Table, without: set[str]) -> None:
    assert {field.name for field in fields(form)} - set(table.c.keys()) == without


def kept(table: Table, row: dict[str, Any]) -> Any:
    """Return a row as the database gives it back, whatever else its table wants."""
    engine = create_engine("sqlite://")
    table.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(table).values(row))
        return connection.execute(select(table)).mappings().one()


@pytest.mark.parametrize("state", RecipientState)
def test_an_enumeration_is_kept_by_its_value(state: RecipientState) -> None:
    recipient = Recipient("ann@example.org", state, "450 later")
    assert row_of(recipient) == {"address": "ann@example.org", "state": state.value, "detail": "450 later"}
    assert type(row_of(recipient)["state"]) is str
    row = kept(schema.recipient, row_of(recipient, district_id="d", delivery_id="1"))
    assert value_of(Recipient, row) == recipient


def test_what_is_given_stands_and_what_has_no_column_has_its_default() -> None:
    delivery = Delivery("1", DeliveryKind.NIGHT, "", "hr@example.org", DeliveryState.SENT, AT, AT, (), report_id=None)
    row = kept(schema.delivery, row_of(delivery, without=("recipients",), district_id="d", body=b"x"))
    recipients = (Recipient("ann@example.org"),)
    assert value_of(Delivery, row, recipients=recipients, tries=3).recipients == recipients
    assert value_of(Delivery, row, recipients=(), tries=3).tries == 3
    assert value_of(Delivery, row, recipients=()) == delivery
    assert value_of(Origin, row) == Origin()


@pytest.mark.parametrize("claim", [None, *ClaimReason])
@pytest.mark.parametrize("score", [None, Decimal("87.50")])
@pytest.mark.parametrize("attributes", [(), (("host_school", "North"), ("hours", "2"))])
def test_a_completion_comes_back(
    claim: ClaimReason | None, score: Decimal | None, attributes: tuple[tuple[str, str], ...]
) -> None:
    completion = Completion(
        *("lms", "r1", Learner("lms", "h1"), "C1", "Course", date(2026, 8, 1), Origin(), "u", "Unit"),
        *(AT, "UTC", "passed", claim, score, attributes),
    )
    values = dict(
        zip(COMPLETION_COLUMNS, completion_values(StoredCompletion(completion, "i1"), (1, "", "")), strict=True)
    )
    values |= {"attributes": json.loads(values["attributes"])}
    row = kept(schema.completion, values | {"district_id": "d", "source": "lms", "recorded_at": AT})
    assert completion_of(row) == completion
    assert row["item_id"] == "i1"


def test_an_item_and_its_place_are_a_row_and_what_many_share() -> None:
    item = StoredItem("i1", ORIGIN, "r1", "added", (("Name", "Ann"), ("Day", "1 Aug")), "0" * 32)
    values = dict(zip(ITEM_COLUMNS, item_values(item), strict=True))
    values |= {"text": json.loads(values["text"])}
    shared = values.pop("origin_id")
    row = kept(schema.item, values | {"district_id": "d", "source": "lms", "recorded_at": AT, "origin_id": 1})
    assert value_of(Origin, {**row, **shared._asdict()}) == ORIGIN
    assert (row["text"], row["text_hash"]) == ([["Name", "Ann"], ["Day", "1 Aug"]], item.text_hash)


def test_a_file_comes_back() -> None:
    file = StoredFile("lms", "f1", "log.csv", "0" * 64, AT, {"added": 2}, RecordsOfFile("r2 r1"), RecordsOfFile("r1"))
    same = replace(file, spoken=file.records)
    for stored in (file, same, replace(same, records=RecordsOfFile(), spoken=RecordsOfFile())):
        assert file_of(kept(schema.file, file_row(stored) | {"district_id": "d"})) == stored
    earlier = file_row(file) | {"records": ["r1", "r2"], "spoken": ["r1"]}
    assert file_of(kept(schema.file, earlier | {"district_id": "d"})) == file
