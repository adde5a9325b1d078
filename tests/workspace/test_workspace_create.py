import os
import pwd
import re
import sys
import tomllib
from pathlib import Path

import pytest

from lms_sync.errors import UsageError
from lms_sync.files import shipped, user_folder
from lms_sync.tables.typed_days import DateOrder
from lms_sync.workspace.mapping.check import check_mapping
from lms_sync.workspace.roster.check import check_roster
from lms_sync.workspace.settings.config import FILE_NAME, Settings, read_config
from lms_sync.workspace.settings.sources import SpreadsheetSettings
from lms_sync.workspace.start.create import create
from lms_sync.workspace.start.first_settings import Answers


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_new_workspace_holds_everything_and_is_sound(tmp_path: Path) -> None:
    folder = tmp_path / "district" / "training"
    made = create(folder, tmp_path / "keys")
    layouts = {f"mappings/layouts/{path.name}" for path in (shipped("mappings") / "layouts").glob("*.toml")}
    assert layouts
    expected = {
        FILE_NAME,
        "roster.xlsx",
        "mappings/courses.xlsx",
        "mappings/phrases.toml",
        "mappings/README.md",
        *layouts,
    }
    assert set(content(folder)) == expected
    assert (folder / "inbox").is_dir()
    assert made.kept == ()
    assert {folder / name for name in expected} <= set(made.created)
    assert read_config(folder).settings.mail.carrier == "folder"
    assert check_mapping(folder / "mappings/courses.xlsx", sources=()).findings == ()
    assert [finding.code for finding in check_roster(folder / "roster.xlsx").findings] == ["roster-empty"]


def test_the_identity_key_is_secret_of_its_own_and_never_renewed_beside_a_database(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    create(one)
    create(other)
    key, others = (Path(read_config(folder).settings.store.key_file) for folder in (one, other))
    assert key.stat().st_mode & 0o077 == 0
    assert len(key.read_bytes()) == 64
    assert key.read_bytes() != others.read_bytes()
    assert read_config(one).identity_key() == key.read_bytes()
    (one / "state" / "lms_sync.db").touch()
    key.unlink()
    create(one)
    assert not key.exists()


def test_7_a_new_key_lies_in_the_users_settings_and_not_in_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    create(tmp_path / "my district")
    (key,) = (tmp_path / "settings" / "lms-sync").iterdir()
    assert re.fullmatch(r"my-district-[0-9a-f]{8}\.key", key.name)
    assert key.parent.stat().st_mode & 0o777 == 0o700
    assert not list((tmp_path / "my district").rglob("*.key"))
    monkeypatch.delenv("XDG_CONFIG_HOME")  # as under cron
    assert read_config(tmp_path / "my district").identity_key() == key.read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own place")
def test_7_without_a_variable_the_account_tells_where_its_settings_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert user_folder() == Path(pwd.getpwuid(os.getuid()).pw_dir, ".config", "lms-sync")
    assert user_folder({"XDG_CONFIG_HOME": "/srv/settings"}) == Path("/srv/settings/lms-sync")


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ('key_file = "secrets/the.key"', "secrets/the.key"),
        ("", "state/identity.key"),
        ("key_file = 7", "state/identity.key"),
    ],
)
def test_7_settings_that_are_there_say_where_the_key_lies(tmp_path: Path, settings: str, place: str) -> None:
    (tmp_path / FILE_NAME).write_text(f"[store]\n{settings}\n", encoding="utf-8")
    assert tmp_path / place in create(tmp_path, tmp_path / "elsewhere").created
    assert not (tmp_path / "elsewhere").exists()
    assert tmp_path / place in create(tmp_path).kept


def test_8_a_new_workspace_is_private_where_it_must_be_and_readable_for_its_group_elsewhere(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        create(tmp_path / "ws", tmp_path / "keys")
    finally:
        os.umask(before)
    modes = {path.relative_to(tmp_path): path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    private = {path for path in modes if "keys" in path.parts or "state" in path.parts}
    assert {modes[path] for path in private} == {0o600, 0o700}
    assert {modes[path] for path in modes.keys() - private} == {0o640, 0o750}


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    create(tmp_path / "ws", tmp_path / "keys")
    before = content(tmp_path)
    again = create(tmp_path / "ws")
    assert again.created == ()
    assert {str(path.relative_to(tmp_path)) for path in again.kept} == set(before)
    assert content(tmp_path) == before


def test_what_exists_is_not_touched_and_the_rest_is_added(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "roster.xlsx").write_bytes(b"HR's own")
    (tmp_path / "mappings" / "courses.xlsx").symlink_to(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    made = create(tmp_path)
    assert (tmp_path / "roster.xlsx").read_bytes() == b"HR's own"
    assert (tmp_path / "mappings" / "courses.xlsx").is_symlink()
    assert not (tmp_path / "nowhere").exists()
    assert set(made.kept) == {tmp_path / "roster.xlsx", tmp_path / "mappings" / "courses.xlsx"}
    assert (tmp_path / FILE_NAME).is_file()


def test_something_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "inbox").write_text("a file", encoding="utf-8")
    with pytest.raises(UsageError, match="inbox"):
        create(tmp_path)


def test_the_examples_in_the_settings_are_sound_once_uncommented(tmp_path: Path) -> None:
    create(tmp_path)
    text = (tmp_path / FILE_NAME).read_text(encoding="utf-8")
    shown = re.sub(r"^# (?=\[|\]|files|    \{|\w+ = )", "", text, flags=re.MULTILINE)
    settings = Settings.model_validate(tomllib.loads(shown))
    layouts = {path.stem for path in (tmp_path / "mappings" / "layouts").iterdir()}
    sheets = [source for source in settings.source if isinstance(source, SpreadsheetSettings)]
    assert {pattern.layout for source in sheets for pattern in source.files} <= layouts
    assert {source.kind for source in settings.source} >= {"spreadsheet", "canvas", "moodle"}
    assert settings.mail.smtp is not None
    assert settings.store.password_file


@pytest.mark.parametrize("dates", ["", "month-first", "day-first"])
def test_new_settings_state_the_order_of_days_that_was_answered(tmp_path: Path, dates: DateOrder) -> None:
    create(tmp_path, answers=Answers(dates=dates))
    assert read_config(tmp_path).settings.district.dates == dates
