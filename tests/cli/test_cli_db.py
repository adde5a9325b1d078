"""db as it is typed, and what every command says of a database that is gone, empty, damaged or somebody else's."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.small_district import District


def backed_up(morning: District) -> Path:
    shown = morning.run("db", "backup")
    assert (shown.exit_code, "read back and complete" in shown.stdout) == (0, True)
    assert "identity.key" in shown.stdout
    return Path(shown.stdout.partition(": ")[0])


def test_a_backup_is_made_listed_looked_over_and_put_back(morning: District, tmp_path: Path) -> None:
    place = backed_up(morning)
    assert str(place.name) in morning.run("db", "backups").stdout
    assert morning.run("db", "check").stdout.startswith("Sound")
    dry = morning.run("db", "restore", str(place), "-n")
    assert "nothing was changed" in dry.stdout
    refused = morning.run("db", "restore", str(place))
    assert (refused.exit_code, "--replace" in refused.stderr) == (2, True)
    back = morning.run("db", "restore", str(place), "--replace", "--reason", "the disk broke", "--by", "Kim")
    assert (back.exit_code, "replaced" in back.stdout) == (0, True)
    assert morning.json("log", "show", "--format", "json", "--kind", "restore")[0]["by"] == "Kim"
    assert morning.run("nightly").exit_code in (0, 1)


def test_what_the_backup_does_not_know_is_said(morning: District) -> None:
    place = backed_up(morning)
    morning.run("nightly")
    morning.run("hold", "add", "everything", "--reason", "a court asks")
    shown = morning.run("db", "restore", str(place), "-n").stdout
    assert "decisions of people: 1" in shown


def vanish(database: Path) -> None:
    database.unlink()


def empty(database: Path) -> None:
    database.write_bytes(b"")


def damage(database: Path) -> None:
    database.write_bytes(b"junk" * 5000)


def another_program(database: Path) -> None:
    database.unlink()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE district (name TEXT)")


def without_rows(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            if table != "alembic_version":
                connection.execute(f"DELETE FROM {table}")
        connection.commit()


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (vanish, "is gone"),
        (empty, "is empty"),
        (damage, "damaged"),
        (another_program, "is another program's: it has the tables district, and there was a database since"),
        (without_rows, "is empty: it holds nothing of district"),
    ],
)
def test_a_database_that_is_lost_stops_every_command_and_names_the_newest_backup(
    morning: District, harm: Callable[[Path], None], words: str
) -> None:
    database = morning.folder / "state" / "lms_sync.db"
    before = morning.run("gaps").stdout
    place = backed_up(morning)
    harm(database)
    harmed = database.read_bytes() if database.exists() else b""
    for command in ("status", "nightly", "gaps"):
        shown = morning.run(command)
        assert (shown.exit_code, words in shown.stderr) == (2, True)
        assert f"db restore {place} --replace" in shown.stderr
    assert not database.exists() or database.read_bytes() == harmed, "nothing new was begun"
    assert morning.run("db", "restore", str(place), "--replace").exit_code == 0
    assert morning.run("gaps").stdout == before


def dated(place: Path, made_at: str) -> Path:
    """Copy a backup as one that was made at another time."""
    copied = Path(shutil.copytree(place, place.with_name(made_at.replace(":", "")[:17])))
    manifest = json.loads((copied / "backup.json").read_text(encoding="utf-8"))
    (copied / "backup.json").write_text(json.dumps({**manifest, "made_at": made_at}), encoding="utf-8")
    return copied


def test_a_backup_dated_by_a_clock_that_was_ahead_is_named_only_where_no_other_is(morning: District) -> None:
    place = backed_up(morning)
    first, second = dated(place, "2062-01-02T03:30:00+00:00"), dated(place, "2062-01-03T03:30:00+00:00")
    vanish(morning.folder / "state" / "lms_sync.db")
    shown = morning.run("status").stderr
    assert f"db restore {place} --replace" in shown
    assert f"Passed over, as dated ahead of this machine's clock: {second.name}, {first.name}." in shown

    shutil.rmtree(place)
    shown = morning.run("status").stderr
    assert f"db restore {first} --replace" in shown, "the first of them knows nothing of that time"
    assert f"Passed over, as dated ahead of this machine's clock: {second.name}." in shown


def test_another_programs_database_is_not_begun_in(morning: District) -> None:
    another_program(morning.folder / "state" / "lms_sync.db")
    (morning.folder / "state" / "database_was_here").unlink()
    shown = morning.run("status")
    assert (shown.exit_code, "is another program's" in shown.stderr, "[store] url" in shown.stderr) == (2, True, True)


def test_another_district_id_stops_and_says_whose_the_database_is(morning: District) -> None:
    settings = morning.folder / "lms_sync.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('id = "', 'id = "other-', 1), encoding="utf-8")
    shown = morning.run("status")
    assert (shown.exit_code, "belongs to district" in shown.stderr) == (2, True)
    settings.write_text(text, encoding="utf-8")
    assert morning.run("status").exit_code == 0


def test_a_folder_that_is_no_backup_is_said(morning: District, tmp_path: Path) -> None:
    shown = morning.run("db", "restore", str(tmp_path))
    assert (shown.exit_code, "is no backup" in shown.stderr) == (2, True)
    shutil.rmtree(morning.folder / "backups", ignore_errors=True)
    assert "There is none" in morning.run("db", "backups").stdout
