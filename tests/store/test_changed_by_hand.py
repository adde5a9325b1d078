"""A database that somebody changed by hand, or the disk did: named with the remedy, never a trace."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import inspect, text

from lms_sync.errors import ConfigError
from lms_sync.model.evidence import StoredCompletion
from lms_sync.model.stored.facts import OFFERING
from lms_sync.store.engine import NoneOfOurs, make_engine, sqlite_file
from lms_sync.store.known.judgement_settings import JUDGEMENT_SETTINGS
from lms_sync.store.known.snapshot import read_map, read_roster
from lms_sync.store.store import Opening, Store, open_store
from lms_sync.store.upkeep import problems_of_file, problems_of_tables
from tests.store.opened_store import DONE, ITEM

START = datetime(2026, 11, 1, tzinfo=UTC)
LASTS = {"starts": "2026-09-01", "ends": None}
OPENING = Opening("d", "check", START)


@pytest.mark.parametrize("zone", ["", "Pacific", "../../etc/passwd", "America", "x" * 300, "\x00"])
def test_settings_with_a_zone_that_is_none_are_refused_as_they_are_read(zone: str) -> None:
    payload = {"district": "Tahoma", "contact": "HR", "zone": zone, "due_soon_days": 60}
    with pytest.raises(ConfigError, match=r"holds a settings that this version of lms-sync can't read \(zone: "):
        JUDGEMENT_SETTINGS.read(payload)


@pytest.mark.parametrize(
    ("payload", "trouble"),
    [("{", "no JSON"), ("", "no JSON"), ("[]", "holds a offering"), ("null", "holds a offering"), ("7", "holds a")],
)
def test_a_changed_offering_is_refused_as_the_map_is_read(payload: str, trouble: str) -> None:
    with open_store("sqlite://", OPENING) as store:
        with store.transaction():
            store.facts.put(OFFERING.kind, "O1", {}, now=START)
            store.connection.exec_driver_sql("UPDATE fact SET payload = ?", (payload,))
        with pytest.raises(ConfigError, match=trouble) as error:
            read_map(store)
    assert "restore a backup" in error.value.hint


def test_completions_whose_items_are_gone_are_found(url: str) -> None:
    with open_store(url, replace(OPENING, alone=False)) as store:
        with store.transaction():
            store.evidence.add_items("moodle", [ITEM], now=START)
            store.evidence.add([StoredCompletion(DONE, "i1")], now=START)
        store.let_go()
        assert problems(url, store) == ()
        with store.transaction():
            store.connection.exec_driver_sql("DELETE FROM item")
        assert problems(url, store) == ("1 of the rows of completion refer to a row of item that is not there",)


def problems(url: str, store: Store) -> tuple[str, ...]:
    file = sqlite_file(url)
    return (*(problems_of_file(file, thorough=True) if file else ()), *problems_of_tables(store))


def test_a_database_without_the_district_that_was_in_it_is_not_begun_anew(url: str) -> None:
    with pytest.raises(NoneOfOurs, match="nothing of district d"), open_store(url, replace(OPENING, was_here=True)):
        pass
    with open_store(url, OPENING):
        pass
    with open_store(url, replace(OPENING, was_here=True)) as store:
        assert not store.facts.any("person")


def test_another_programs_database_is_refused(url: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        for table in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE {table} CASCADE"))
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
    engine.dispose()
    with pytest.raises(NoneOfOurs, match="another program's: it has the tables alembic_version"):
        open_store(url, OPENING).__enter__()


QUARRY = {"partner_id": "q", "name": "Quarryville Police", "kind": "law enforcement"}
RECORDED: dict[str, tuple[str, dict[str, Any]]] = {
    "partner": ("q", {**QUARRY, "report_to": [], "copy_to": [], "cadence": "none"}),
    "agreement": ("q-26", {"agreement_id": "q-26", "partner_id": "q", "school_year": "2026-27", **LASTS}),
    "person": ("7", {"person_id": "7", "last_name": "Roe", "first_name": "Ann"}),
    "assignment": ("7\x1fq", {"person_id": "7", "partner_id": "q", "agreement_id": "q-26", **LASTS}),
}
"""A roster as it is recorded: kind → key, payload."""


@pytest.mark.parametrize(
    ("kind", "field"),
    [(kind, field) for kind, (_, payload) in RECORDED.items() for field in payload if field.endswith("_id")]
    + [(kind, "") for kind in ("partner", "agreement", "person")],
)
def test_a_roster_that_does_not_hang_together_is_refused_as_it_is_read(kind: str, field: str) -> None:
    with open_store("sqlite://", Opening("d", "check", START)) as store, store.transaction():
        for name, (key, payload) in RECORDED.items():
            store.facts.put(name, key, payload, now=START)
        assert read_roster(store).people.keys() == {"7"}
        if field:
            changed = (json.dumps({**RECORDED[kind][1], field: "other"}), kind)
            store.connection.exec_driver_sql("UPDATE fact SET payload = ? WHERE kind = ?", changed)
        else:
            store.connection.exec_driver_sql("UPDATE fact SET key = 'other' WHERE kind = ?", (kind,))
        with pytest.raises(ConfigError, match="the database holds a") as error:
            read_roster(store)
    assert "Somebody changed it" in error.value.hint
