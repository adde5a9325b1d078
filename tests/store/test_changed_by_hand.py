"""A database that somebody changed by hand, or the disk did: named with the remedy, never a trace."""

from datetime import UTC, datetime

import pytest

from lms_sync.errors import ConfigError
from lms_sync.model.stored.facts import OFFERING
from lms_sync.store.known.judgement_settings import JUDGEMENT_SETTINGS
from lms_sync.store.known.snapshot import read_map
from lms_sync.store.store import Opening, open_store

START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["", "Pacific", "../../etc/passwd", "America", "x" * 300, "\x00"])
def test_settings_with_a_zone_that_is_none_are_refused_as_they_are_read(zone: str) -> None:
    payload = {"district": "Tahoma", "contact": "HR", "zone": zone, "due_soon_days": 60}
    with pytest.raises(ConfigError, match=r"holds a settings that this version of lms-sync can't read \(zone: "):
        JUDGEMENT_SETTINGS.read(payload)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [("{", "no JSON"), ("", "no JSON"), ("[]", "holds a offering"), ("null", "holds a offering"), ("7", "holds a")],
)
def test_a_changed_offering_is_refused_as_the_map_is_read(text: str, trouble: str) -> None:
    with open_store("sqlite://", Opening("d", "check", START)) as store:
        with store.transaction():
            store.facts.put(OFFERING.kind, "O1", {}, now=START)
            store.connection.exec_driver_sql("UPDATE fact SET payload = ?", (text,))
        with pytest.raises(ConfigError, match=trouble) as error:
            read_map(store)
    assert "restore a backup" in error.value.hint
