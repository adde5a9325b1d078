"""A PostgreSQL database is backed up, put back into an empty one, and says what it needs where it can't be."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from lms_sync.errors import ConfigError, UsageError
from lms_sync.model.author import Author
from lms_sync.model.delivery import DeliveryState
from lms_sync.operations.backup.look_over import look_over
from lms_sync.operations.backup.make import make_backup
from lms_sync.operations.backup.restore import put_back, put_edited, read_backup, settle_restored, settled
from lms_sync.operations.opening import opened
from lms_sync.workspace.settings.config import read_config
from tests.operations.night_files import SETTINGS
from tests.operations.night_town import Town, found_town
from tests.operations.old_town import file
from tests.postgresql import Server, binaries

pytestmark = pytest.mark.slow


@pytest.fixture
def town(postgresql: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Return a town after its first night on a server, with a message queued that did not leave."""
    monkeypatch.setenv("PATH", f"{binaries()}{os.pathsep}{os.environ['PATH']}")
    town = found_town(tmp_path / "town")
    on(town, postgresql.empty())
    town.night()
    file("80201")(town)
    with town.workspace() as workspace, workspace.store.transaction():
        held = workspace.store.deliveries.listed(DeliveryState.HELD)[0]
        workspace.store.deliveries.save(held, replace(held, state=DeliveryState.QUEUED))
    return town


def on(town: Town, url: str) -> None:
    town.write("lms_sync.toml", SETTINGS + f'\n[store]\nurl = "{url}"\n')


def backed_up(town: Town) -> Path:
    town.later(minutes=1)
    with town.workspace() as workspace:
        return make_backup(workspace)[0]


def test_it_is_put_back_into_an_empty_database_and_what_was_queued_is_held(
    town: Town, postgresql: Server, tmp_path: Path
) -> None:
    before, place = town.rows(), backed_up(town)
    twin = Town(tmp_path / "twin", town.now)
    twin.folder.mkdir()
    put_edited(place, read_backup(place), twin.folder)
    with pytest.raises(UsageError, match="not empty"):
        put_back(read_config(twin.folder), place, read_backup(place), replace=True, now=twin.clock())
    on(twin, postgresql.empty())
    twin.write("state/identity.key", (town.folder / "state" / "identity.key").read_bytes())
    config = read_config(twin.folder)
    assert put_back(config, place, read_backup(place), replace=False, now=twin.clock()) is None
    with opened(config, clock=twin.clock) as workspace:
        author = Author("A. Roe", "the server broke", workspace.clock())
        (held,) = settle_restored(workspace, author, manifest=read_backup(place), again=())
        assert look_over(workspace) == ()
    settled(config)
    assert held.state is DeliveryState.HELD
    after = twin.rows()
    assert {name: rows for name, rows in after.items() if name not in ("audit", "delivery")} == {
        name: rows for name, rows in before.items() if name not in ("audit", "delivery")
    }
    shutil.copytree(town.folder / "inbox", twin.folder / "inbox")
    assert int(twin.night(hours=20).exit_code) in (0, 1)


def test_without_its_programs_it_says_the_command(
    town: Town, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = backed_up(town)
    monkeypatch.setenv("PATH", str(town.folder))
    town.later(minutes=1)
    with town.workspace(rehearsal=True) as workspace, pytest.raises(ConfigError, match="pg_dump is not installed"):
        make_backup(workspace)
    on(town, postgresql.empty())
    with pytest.raises(ConfigError, match="pg_restore is not installed") as caught:
        put_back(read_config(town.folder), place, read_backup(place), replace=False, now=town.clock())
    assert f"--dbname=postgresql://postgres@/{_name(town)}" in caught.value.hint
    assert str(place / "database" / "database.dump") in caught.value.hint


def test_a_dump_that_is_cut_short_changes_nothing(town: Town, postgresql: Server) -> None:
    place = backed_up(town)
    dump = place / "database" / "database.dump"
    manifest = read_backup(place)
    dump.write_bytes(dump.read_bytes()[:-2000])
    on(town, postgresql.empty())
    with pytest.raises(ConfigError, match="put nothing back") as caught:
        put_back(read_config(town.folder), place, manifest, replace=False, now=town.clock())
    assert "By hand: pg_restore" in caught.value.hint
    assert postgresql.say("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", _name(town)) == [(0,)]


def _name(town: Town) -> str:
    return str(make_url(read_config(town.folder).store_url()).database)


def test_a_backup_of_another_engine_is_refused(town: Town, tmp_path: Path) -> None:
    place = backed_up(town)
    town.write("lms_sync.toml", SETTINGS)
    with pytest.raises(UsageError, match="another engine"):
        put_back(read_config(town.folder), place, read_backup(place), replace=True, now=town.clock())
