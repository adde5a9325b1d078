"""A backup is whole or none; put back, it says what it can't know, and nothing goes out twice because of it."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lms_sync.errors import ConfigError, UsageError
from lms_sync.model.author import Author
from lms_sync.model.delivery import DeliveryState
from lms_sync.operations.backup import make
from lms_sync.operations.backup.look_over import look_over
from lms_sync.operations.backup.make import make_backup, nightly_backup, rotate
from lms_sync.operations.backup.manifest import MANIFEST, backups
from lms_sync.operations.backup.restore import (
    newer_than,
    note_purge,
    noted_since,
    purge_again,
    purges_noted,
    put_back,
    put_edited,
    read_backup,
    settle_restored,
    settled,
)
from lms_sync.operations.opening import opened
from lms_sync.operations.retention.decide import planned_purge, purge
from lms_sync.operations.retention.record import Purge
from lms_sync.store.schema import metadata
from lms_sync.store.upkeep import rows_of
from lms_sync.workspace.settings.config import read_config
from tests.operations.certified_town import confirm, mail
from tests.operations.certified_town import file as document
from tests.operations.night_files import SETTINGS
from tests.operations.night_town import Town, found_town
from tests.operations.old_town import file

ZONE = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def town(settled: Town) -> Town:
    """Return a town with a document on file, after its first night."""
    file("80201")(settled)
    return settled


def backed_up(town: Town, into: Path | None = None) -> Path:
    town.later(minutes=1)
    with town.workspace() as workspace:
        return make_backup(workspace, into)[0]


def restored(town: Town, place: Path, folder: Path) -> Town:
    manifest = read_backup(place)
    folder.mkdir()
    put_edited(place, manifest, folder)
    put_back(read_config(folder), place, manifest, replace=False, now=town.clock())
    settled(read_config(folder))
    shutil.copy(town.folder / "state" / "identity.key", folder / "state" / "identity.key")
    return Town(folder, town.now)


def test_an_empty_place_gets_everything_but_the_key(town: Town, tmp_path: Path) -> None:
    before = town.rows()
    place = backed_up(town)
    assert "identity.key" not in {path.name for path in place.rglob("*")}
    twin = restored(town, place, tmp_path / "new")

    assert twin.rows() == before
    for name in ("lms_sync.toml", "roster.xlsx", "mappings/courses.xlsx"):
        assert (twin.folder / name).read_bytes() == (town.folder / name).read_bytes()
    (kept,) = (town.folder / "documents").iterdir()
    assert (twin.folder / "documents" / kept.name).read_bytes() == kept.read_bytes()
    with twin.workspace() as workspace:
        assert look_over(workspace) == ()
    shutil.copytree(town.folder / "inbox", twin.folder / "inbox")
    assert int(twin.night(hours=20).exit_code) == int(town.night(hours=20).exit_code)


def test_only_its_owner_reads_a_backup(town: Town) -> None:
    place = backed_up(town)
    assert {path.stat().st_mode & 0o077 for path in (place, *place.rglob("*"))} == {0}


def lose(place: Path) -> None:
    next((place / "documents").iterdir()).unlink()


def change(place: Path) -> None:
    (place / "workspace" / "roster.xlsx").write_bytes(b"other")


def damage(place: Path) -> None:
    copy = place / "database" / "database.db"
    content = bytearray(copy.read_bytes())
    content[8192:12288] = bytes(4096)
    copy.write_bytes(content)


def unsay(place: Path) -> None:
    (place / MANIFEST).unlink()


def lead_out(place: Path) -> None:
    manifest = place / MANIFEST
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("roster.xlsx", "../../../roster.xlsx"))


@pytest.mark.parametrize("harm", [lose, change, damage, unsay, lead_out])
def test_a_backup_that_is_not_whole_is_not_put_back(town: Town, harm: Callable[[Path], None]) -> None:
    place = backed_up(town)
    harm(place)
    with pytest.raises(UsageError) as caught:
        read_backup(place)
    assert caught.value.hint


def test_a_backup_that_fails_half_way_leaves_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr(make, "_documents", full)
    with town.workspace() as workspace, pytest.raises(ConfigError, match="No space"):
        make_backup(workspace)
    assert backups(town.folder / "backups") == ()
    assert list((town.folder / "backups").iterdir()) == []


def test_the_night_makes_one_when_it_is_due_and_lets_the_oldest_go(tmp_path: Path) -> None:
    town = found_town(tmp_path / "town")
    town.write("lms_sync.toml", SETTINGS.replace("[backup]\nevery_days = 0", "[backup]\nevery_days = 2\nkeep = 2"))
    kept = []
    for _ in range(7):
        town.later(days=1)
        with town.workspace() as workspace:
            assert nightly_backup(workspace) == ()
        kept.append(len(backups(town.folder / "backups")))
    assert kept == [1, 1, 2, 2, 2, 2, 2]
    newest = backups(town.folder / "backups")[0][1].made_at
    assert newest.date() == town.now.date()
    assert rotate(town.folder / "backups", 1, now=town.clock()) != ()


def test_a_night_without_room_for_its_backup_tells_hr_and_goes_on(town: Town) -> None:
    town.write("lms_sync.toml", SETTINGS.replace("every_days = 0", 'every_days = 1\nfolder = "roster.xlsx/no"'))
    town.night(hours=20)
    (finding,) = town.findings("backup-failed")
    assert "there is none yet" in finding
    town.write("lms_sync.toml", SETTINGS.replace("every_days = 0", "every_days = 1"))
    town.night(hours=20)
    assert town.findings("backup-failed") == []
    assert len(backups(town.folder / "backups")) == 1


def test_what_was_on_its_way_is_held_when_it_is_put_back(town: Town, tmp_path: Path) -> None:
    document(town, "D1")
    issued = confirm(town)
    with town.workspace() as workspace:
        workspace.store.connection.rollback()
    place = backed_up(town)
    sent = mail(town, issued)
    assert sent.state is DeliveryState.SENT
    with town.workspace() as workspace:
        newer = newer_than(workspace.store, read_backup(place))
    assert newer.sent == (sent.delivery_id,)
    assert newer.log_entries == 1
    assert bool(newer)

    place = backed_up(town)
    manifest = read_backup(place)
    twin = restored(town, place, tmp_path / "new")
    with closing(sqlite3.connect(twin.database)) as raw, raw:
        raw.execute("UPDATE delivery SET state = 'sending' WHERE delivery_id = ?", (sent.delivery_id,))
        raw.execute("UPDATE recipient SET state = 'waiting' WHERE delivery_id = ?", (sent.delivery_id,))
    with twin.workspace() as workspace:
        author = Author("A. Roe", "the disk broke", workspace.clock())
        (held,) = settle_restored(workspace, author, manifest=manifest, again=())
        assert (held.delivery_id, held.state) == (sent.delivery_id, DeliveryState.HELD)
        assert workspace.store.audit.entries()[-1].kind == "restore"


def test_a_purge_made_since_is_done_again(town: Town, tmp_path: Path) -> None:
    town.night(days=3000)
    place = backed_up(town)
    cutoff = date(2030, 1, 1)
    with town.workspace() as workspace:
        author = Author("A. Roe", "schedule", workspace.clock())
        done = purge(workspace, author, plan=planned_purge(workspace, cutoff))
        note_purge(place.parent, done)
        assert newer_than(workspace.store, read_backup(place)).purges == (done,)
        after = rows_of(workspace.store, ("completion", "report", "fact"))
    manifest = read_backup(place)
    again = purges_noted(place.parent, manifest.made_at)
    assert again == (done,)
    assert purges_noted(place.parent, manifest.made_at, known=again) == ()
    twin = restored(town, place, tmp_path / "new")
    with twin.workspace() as workspace:
        assert purge_again(workspace, again, author=Author("A. Roe", "restored", workspace.clock())) == (cutoff,)
        assert rows_of(workspace.store, ("completion", "report", "fact")) == after
        assert purge_again(workspace, again, author=Author("A. Roe", "restored", workspace.clock())) == ()


def test_a_database_that_is_there_is_replaced_only_when_that_is_said_and_kept_aside(town: Town) -> None:
    place, config = backed_up(town), read_config(town.folder)
    manifest = read_backup(place)
    with pytest.raises(UsageError, match="is there already"):
        put_back(config, place, manifest, replace=False, now=town.clock())
    old = put_back(config, place, manifest, replace=True, now=town.clock())
    assert old is not None
    assert old.is_file()


def test_another_districts_backup_is_refused(town: Town) -> None:
    place = backed_up(town)
    town.write("lms_sync.toml", SETTINGS.replace("quarry-sd", "other-sd"))
    with pytest.raises(UsageError, match="quarry-sd"):
        put_back(read_config(town.folder), place, read_backup(place), replace=True, now=town.clock())


def test_what_the_look_over_finds(town: Town) -> None:
    (kept,) = (town.folder / "documents").iterdir()
    kept.write_bytes(b"changed")
    with closing(sqlite3.connect(town.database)) as raw, raw:
        raw.execute("UPDATE audit SET previous = ? WHERE number = 1", ("f" * 64,))
        raw.execute("ALTER TABLE absence RENAME TO gone")
    with town.workspace() as workspace:
        found = "\n".join(look_over(workspace))
    assert "D1" in found
    assert "the log: " in found
    assert "the table absence is missing" in found
    assert metadata.tables["absence"] is not None


def test_what_a_killed_backup_left_goes_with_the_next_and_one_at_work_stays(town: Town) -> None:
    backed_up(town)
    folder, here = town.folder / "backups", town.now.astimezone(ZONE)
    killed, at_work, other = (
        folder / f"{here - timedelta(days=1):%Y-%m-%dT%H%M%S}",
        folder / f"{here - timedelta(minutes=5):%Y-%m-%dT%H%M%S}",
        folder / "2026-01-01T000000",
    )
    for place in (killed, at_work):
        (place / "database").mkdir(parents=True)
        (place / "database" / "database.db").write_bytes(b"half")
    other.mkdir()
    (other / "a person's notes.txt").write_bytes(b"keep me")
    backed_up(town)
    assert [place.exists() for place in (killed, at_work, other)] == [False, True, True]
    assert len(backups(folder)) == 2


def test_nothing_is_written_before_what_was_put_back_is_settled(town: Town) -> None:
    place, config = backed_up(town), read_config(town.folder)
    put_back(config, place, read_backup(place), replace=True, now=town.clock())
    with pytest.raises(ConfigError, match="was interrupted") as caught:
        town.night(hours=1)
    assert "BACKUP --replace`" in caught.value.hint
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(config), "store_url", lambda _: "postgresql+psycopg://lms_sync@db.example.org/lms_sync")
        with pytest.raises(ConfigError) as caught:
            town.night(hours=1)
    assert "a new, empty database in [store] url" in caught.value.hint
    with opened(config, clock=town.clock) as workspace:
        author = Author("A. Roe", "the disk broke", workspace.clock())
        settle_restored(workspace, author, manifest=read_backup(place), again=())
    settled(config)
    assert int(town.night(hours=1).exit_code) in (0, 1)


def test_a_purge_is_known_from_beside_any_backups(town: Town, tmp_path: Path) -> None:
    (town.folder / "backups").mkdir()
    done = Purge(date(2026, 1, 1), town.now, town.now.date() + timedelta(days=1), "A. Roe", "schedule", {})
    note_purge(town.folder / "backups", done)
    place = backed_up(town, tmp_path / "elsewhere")
    assert noted_since(read_config(town.folder), place, read_backup(place), known=()) == (done,)
    assert noted_since(read_config(town.folder), place, read_backup(place), known=(done,)) == (done,)


def test_a_disk_of_backups_that_is_not_mounted_is_said(town: Town, tmp_path: Path) -> None:
    """FAULTS: the folder was made anew beside the disk, on the very disk whose loss a backup is for."""
    disk = tmp_path / "disk"
    disk.mkdir()
    town.write("lms_sync.toml", SETTINGS.replace("every_days = 0", f'every_days = 1\nfolder = "{disk}/backups"'))
    backed_up(town)
    shutil.rmtree(disk / "backups")
    with pytest.raises(ConfigError, match="is gone") as caught:
        backed_up(town)
    assert "mounted" in caught.value.hint
    town.night(hours=20)
    (finding,) = town.findings("backup-failed")
    assert f"{disk}/backups is gone" in finding
    assert not (disk / "backups").exists()
    backed_up(town, tmp_path / "elsewhere")
