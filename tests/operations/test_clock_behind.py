"""A clock that stands before what was recorded: nothing is stored, decided or sent by it."""

from datetime import timedelta

import pytest

from lms_sync.errors import SafetyStop
from lms_sync.operations.backup.make import rotate
from lms_sync.operations.backup.manifest import backups, read_manifest
from lms_sync.operations.backup.restore import put_back
from lms_sync.operations.backup.restore import settled as restored
from lms_sync.workspace.settings.config import read_config
from tests.operations.night_files import CLASS, CLASS_ROWS, SETTINGS, done, sheet
from tests.operations.night_town import Town

AHEAD = timedelta(days=40)


def back_up_each_night(town: Town) -> None:
    town.write("lms_sync.toml", SETTINGS.replace("every_days = 0", "every_days = 1"))


def stop_of(town: Town) -> SafetyStop:
    with pytest.raises(SafetyStop) as stopped:
        town.night()
    return stopped.value


def put_back_from(town: Town, place: str) -> None:
    config, backup = read_config(town.folder), town.folder / "backups" / place
    put_back(config, backup, read_manifest(backup), replace=True, now=town.now)
    restored(config)


def test_a_night_by_a_clock_that_was_set_back_does_nothing(settled: Town) -> None:
    settled.night(days=3)
    rows, mail = settled.rows(), len(settled.mail())
    settled.write(CLASS, sheet(CLASS_ROWS[:-1]))
    settled.later(days=-2)
    stop = stop_of(settled)
    assert stop.exit_code == 4
    assert "clock says 24 Nov 2026" in str(stop)
    assert "the last run here was at 26 Nov 2026" in str(stop)
    settled.later(days=3)
    assert (settled.rows(), len(settled.mail())) == (rows, mail)
    assert settled.night().exit_code == 0


@pytest.mark.parametrize("minutes", [-1, -50])
def test_a_clock_that_goes_back_by_less_than_an_hour_stops_nothing(settled: Town, minutes: int) -> None:
    settled.night(days=3)
    assert settled.night(minutes=minutes).exit_code == 0


def test_after_a_night_by_a_clock_that_was_ahead_the_backup_made_before_it_is_named_and_mends_all(
    settled: Town,
) -> None:
    """What was read by that clock would count for nobody until the day comes."""
    back_up_each_night(settled)
    settled.night(days=1)
    before = settled.open_topics("70102")
    settled.write(CLASS, sheet([*CLASS_ROWS, done("70102", "Everything", "10/09/2026")]))
    settled.night(days=AHEAD.days)
    settled.later(days=1 - AHEAD.days)
    place = stop_of(settled).hint.split("backups/")[1].split(" ")[0]
    assert place.startswith("2027-01-0")
    put_back_from(settled, place)
    assert settled.open_topics("70102") == before != set()
    settled.night(minutes=1)
    assert settled.open_topics("70102") == set()


def test_a_backup_dated_by_a_clock_that_was_ahead_keeps_no_later_night_from_its_own(settled: Town) -> None:
    back_up_each_night(settled)
    settled.night(days=AHEAD.days)
    settled.later(days=-AHEAD.days)
    ahead = stop_of(settled).hint.split("backups/")[1].split(" ")[0]
    put_back_from(settled, ahead)
    for made in (1, 2):
        settled.night(days=1)
        now = settled.clock()
        assert (
            len([place for place, manifest in backups(settled.folder / "backups") if manifest.made_at < now]) == made
        )
    (gone,) = rotate(settled.folder / "backups", 2, now=now)
    assert gone.name == ahead
