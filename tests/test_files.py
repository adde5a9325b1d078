"""Who may open what is written: modes and groups, whatever the umask is and whoever made the folder first."""

import grp
import logging
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lms_sync.cli.edge import ToFile, log_to_file
from lms_sync.documents.vault import open_vault
from lms_sync.errors import ConfigError
from lms_sync.files import (
    copy_private,
    narrow,
    new_private_folder,
    private_folder,
    shared_folder,
    shared_with,
    write_private,
    write_whole,
)
from lms_sync.mail.folder import FolderCarrier
from lms_sync.model.carrier import Envelope
from lms_sync.store.store import Opening, open_store
from lms_sync.whole_folder import write_folder

LETTER = b"From: a@example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nWe verified this:"
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture(autouse=True, params=[0o000, 0o022, 0o077])
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Return path → mode of a folder, itself `.`, and of all that is in it."""
    return {
        str(path.relative_to(folder)): path.lstat().st_mode & 0o777 for path in (folder, *sorted(folder.rglob("*")))
    }


def _database(folder: Path) -> None:
    with open_store(f"sqlite:///{folder / 'lms_sync.db'}", Opening("pinehill", "check", NOW)) as store:
        store.connection.exec_driver_sql("SELECT 1")


def _database_with_log(folder: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        (folder / f"lms_sync.db{end}").touch(0o666)
    _database(folder)


def _outbox(folder: Path) -> None:
    FolderCarrier(folder, lambda: NOW).send(Envelope("D1", "a@example.org", ("b@example.org",)), b"From: a\r\n\r\n")


def _vault(folder: Path) -> None:
    vault = open_vault(folder, 1)
    handed = vault.handed("letter.eml", LETTER)
    vault.keep(handed.file, handed.content)


def _log(folder: Path) -> None:
    (folder / "lms_sync.log").touch(0o666)
    log_to_file(folder)
    logging.getLogger("lms_sync").info("one line")
    for handler in [one for one in logging.getLogger().handlers if isinstance(one, ToFile)]:
        logging.getLogger().removeHandler(handler)
        handler.close()


def _secret(folder: Path) -> None:
    private_folder(folder)
    (folder / "a.key").touch(0o666)
    write_private(folder / "a.key", b"a key")


@pytest.mark.parametrize("write", [_outbox, _vault, _log, _secret])
def test_8_what_the_program_keeps_is_its_accounts_alone(tmp_path: Path, write: Callable[[Path], None]) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    folder.chmod(0o777)  # somebody else made it first
    write(folder)
    found = modes(folder)
    assert found.pop(".") == 0o700
    assert set(found.values()) == {0o600}


@pytest.mark.parametrize("write", [_database, _database_with_log])
def test_8_the_database_and_what_lies_beside_it_are_the_accounts_alone(
    tmp_path: Path, write: Callable[[Path], None]
) -> None:
    write(tmp_path)
    found = modes(tmp_path)
    del found["."]
    assert set(found.values()) == {0o600}
    _database(tmp_path / "new")
    assert modes(tmp_path / "new") == {".": 0o700, "lms_sync.db": 0o600}


def test_8_what_lies_beside_the_database_while_somebody_writes_is_the_accounts_alone(tmp_path: Path) -> None:
    _database(tmp_path)
    with open_store(f"sqlite:///{tmp_path / 'lms_sync.db'}", Opening("pinehill", "check", NOW)) as store:
        with store.transaction():
            store.runs.start("nightly", NOW)
        found = modes(tmp_path)
    del found["."]
    assert found == dict.fromkeys(("lms_sync.db", "lms_sync.db-shm", "lms_sync.db-wal"), 0o600)


def test_8_a_file_for_people_keeps_the_mode_of_what_it_replaces(tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    write_whole(report, b"1")
    assert report.stat().st_mode & 0o777 == 0o640
    for mode in (0o664, 0o600, 0o444):
        report.chmod(mode)
        write_whole(report, b"2")
        assert report.stat().st_mode & 0o777 == mode


def test_8_a_folder_for_people_keeps_the_modes_of_what_it_replaces(tmp_path: Path) -> None:
    files = {"README.txt": b"mark\n", "a/b.txt": b"1"}
    write_folder(tmp_path / "out", files, mark="mark")
    assert set(modes(tmp_path / "out").values()) == {0o750, 0o640}
    (tmp_path / "out" / "a" / "b.txt").chmod(0o664)
    (tmp_path / "out").chmod(0o775)
    write_folder(tmp_path / "out", {**files, "a/b.txt": b"2"}, mark="mark")
    found = modes(tmp_path / "out")
    assert (found["."], found["a/b.txt"]) == (0o775, 0o664)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file to any group")
def test_8_a_new_file_is_given_to_the_group_and_one_that_is_there_keeps_its_own(tmp_path: Path) -> None:
    groups = [group for group in grp.getgrall() if group.gr_gid != os.getegid()][:2]
    with shared_with(groups[0].gr_name):
        write_whole(tmp_path / "new", b"1")
        write_whole(tmp_path / "old", b"1")
        os.chown(tmp_path / "old", -1, groups[1].gr_gid)
        write_whole(tmp_path / "old", b"2")
    assert [(tmp_path / name).stat().st_gid for name in ("new", "old")] == [group.gr_gid for group in groups]


def test_8_a_group_that_is_not_there_is_told() -> None:
    with (
        pytest.raises(ConfigError, match="there is no group nobody-of-this-name"),
        shared_with("nobody-of-this-name"),
    ):
        pass


def test_8_links_are_not_narrowed(tmp_path: Path) -> None:
    (tmp_path / "outside").touch(0o666)
    (tmp_path / "outside").chmod(0o666)
    (tmp_path / "link").symlink_to(tmp_path / "outside")
    assert narrow(tmp_path / "link")
    assert (tmp_path / "outside").stat().st_mode & 0o777 == 0o666


def test_8_folders_above_are_as_narrow_as_the_one_that_is_made(tmp_path: Path) -> None:
    new_private_folder(tmp_path / "a" / "b" / "c")
    shared_folder(tmp_path / "d" / "e")
    (tmp_path / "wide").write_bytes(b"x")
    copy_private(tmp_path / "wide", tmp_path / "a" / "copy")
    found = modes(tmp_path)
    assert {found[name] for name in ("a", "a/b", "a/b/c")} == {0o700}
    assert {found[name] for name in ("d", "d/e")} == {0o750}
    assert found["a/copy"] == 0o600
