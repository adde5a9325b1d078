"""A database that somebody changed by hand, or the disk did: named with the remedy, never a trace."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect, text

from lms_sync.errors import ConfigError
from lms_sync.model.stored.facts import OFFERING
from lms_sync.store.engine import NoneOfOurs, make_engine
from lms_sync.store.known.judgement_settings import JUDGEMENT_SETTINGS
from lms_sync.store.known.snapshot import read_map
from lms_sync.store.store import Opening, open_store

START = datetime(2026, 11, 1, tzinfo=UTC)
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
