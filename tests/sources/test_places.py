"""Files from elsewhere: found, opened and recognised at a URL as in a folder, with real fsspec file systems."""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from pydantic import ValidationError

from lms_sync.errors import ConfigError, SourceError
from lms_sync.model.finding import Finding
from lms_sync.sources.pull import Pull
from lms_sync.sources.spreadsheet import places
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.sources.spreadsheet.places import FilePlace, Server, nested, places_of, quotable
from lms_sync.sources.spreadsheet.source import Spreadsheet, from_settings
from lms_sync.workspace.settings.sources import FilePattern as PatternSettings
from lms_sync.workspace.settings.sources import SpreadsheetSettings
from tests.sources.sample_files import SAMPLES, layout_named

NONE: frozenset[str] = frozenset()
SHEET = SAMPLES / "moodle-custom-report.csv"
LAYOUT = "moodle-custom-report"
PASSWORD = "correct horse"


class Vault(MemoryFileSystem):  # type: ignore[misc]
    """A server that asks for a password."""

    protocol = "vault"

    def __init__(self, *args: Any, password: str = "", client: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if password != PASSWORD and client != {"headers": {"key": PASSWORD}}:
            raise PermissionError(13, "refused", f"with {password}")

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.replace("vault://", "memory://")))


@pytest.fixture(autouse=True)
def memory() -> Iterator[MemoryFileSystem]:
    fsspec.register_implementation("vault", Vault, clobber=True)
    system = MemoryFileSystem()
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield system
    system.store.clear()


def source(folder: Path, *paths: str, **more: Any) -> Spreadsheet:
    files = [{"path": path, "layout": LAYOUT, "zone": "UTC", **more} for path in paths]
    told = {"name": "esd", "kind": "spreadsheet", "export": "cumulative", "files": files}
    settings = SpreadsheetSettings.model_validate(told)
    layouts = {LAYOUT: layout_named(LAYOUT)}
    return from_settings(settings, folder=folder, layouts=layouts, district_zone="America/Los_Angeles")


def findings(pull: Pull) -> list[Finding]:
    return [finding for file in pull.files for finding in file.findings]


@pytest.mark.parametrize(
    "path", ["{}/in/*.csv", "file://{}/in/*.csv", "file://{}/in/log.csv", "file://{}/**/lo?.csv"]
)
def test_a_folder_by_url_gives_what_the_folder_gives(tmp_path: Path, path: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "log.csv").write_bytes(SHEET.read_bytes())
    (tmp_path / "in" / ".log.csv").write_bytes(b"")
    (tmp_path / "in" / "~$log.csv").write_bytes(b"")
    (here,) = source(tmp_path, "in/*.csv").pull(NONE).files
    (there,) = source(tmp_path, path.format(tmp_path)).pull(NONE).files
    assert there == here
    assert there.items


def test_a_changed_file_is_recognised_by_its_content(tmp_path: Path, memory: MemoryFileSystem) -> None:
    there = source(tmp_path, "memory://exports/*.csv")
    memory.pipe("/exports/log.csv", SHEET.read_bytes())
    first = there.pull(NONE)
    seen = frozenset(file.fingerprint for file in first.files)
    memory.pipe("/exports/log.csv", SHEET.read_bytes())
    again = there.pull(seen)
    assert (again.files, [one.name for one in again.skipped]) == ((), ["log.csv"])
    memory.pipe("/exports/log.csv", SHEET.read_bytes() + b"\r\n")
    (changed,) = there.pull(seen).files
    assert changed.fingerprint not in seen


def test_two_files_of_one_name_are_told_apart_by_where_they_lie(tmp_path: Path, memory: MemoryFileSystem) -> None:
    for folder in ("a", "b"):
        memory.pipe(f"/exports/{folder}/log.csv", SHEET.read_bytes())
    pull = source(tmp_path, "memory://exports/**/*.csv").pull(NONE)
    assert [file.name for file in pull.files] == ["memory://exports/a/log.csv", "memory://exports/b/log.csv"]


def test_a_url_that_finds_nothing_makes_the_source_incomplete(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(SHEET.read_bytes())
    pull = source(tmp_path, "log.csv", "memory://nowhere/*.csv").pull(NONE)
    assert pull.failed == ("memory://nowhere/*.csv",)
    assert [one.code for one in findings(pull) if one.code == "file-missing"] == ["file-missing"]
    with pytest.raises(SourceError, match=r"no file fits memory://nowhere/\*\.csv"):
        source(tmp_path, "memory://nowhere/*.csv").pull(NONE)


@pytest.mark.parametrize("call", ["ls", "glob"])
def test_a_server_that_fails_is_a_finding_without_its_words(
    tmp_path: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("token=s3cret")

    (tmp_path / "log.csv").write_bytes(SHEET.read_bytes())
    memory.pipe("/exports/other.csv", SHEET.read_bytes())
    monkeypatch.setattr(MemoryFileSystem, call, fail)
    pull = source(tmp_path, "log.csv", "memory://exports/*.csv").pull(NONE)
    (finding,) = [one for one in findings(pull) if one.code == "place-unreachable"]
    assert "memory://exports/*.csv cannot be read (ConnectionError)" in finding.found
    assert "s3cret" not in str(finding)


def test_a_file_that_breaks_off_while_it_is_read_stops_no_other(
    tmp_path: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.pipe("/exports/a.csv", SHEET.read_bytes())
    memory.pipe("/exports/b.csv", SHEET.read_bytes())
    opened = MemoryFileSystem.open

    def fail(self: MemoryFileSystem, path: str, *args: Any, **kwargs: Any) -> Any:
        if path.endswith("a.csv"):
            raise TimeoutError
        return opened(self, path, *args, **kwargs)

    monkeypatch.setattr(MemoryFileSystem, "open", fail)
    pull = source(tmp_path, "memory://exports/*.csv").pull(NONE)
    assert (pull.failed, [file.failed for file in pull.files]) == (("a.csv",), [True, False])


def test_a_file_too_large_is_refused(
    tmp_path: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.pipe("/exports/log.csv", b"12345")
    monkeypatch.setattr(places, "FILE_LIMIT", 4)
    (finding,) = findings(source(tmp_path, "memory://exports/*.csv").pull(NONE))
    assert (finding.code, finding.expected) == ("file-unreadable", "at most 4 bytes")


def test_without_the_extra_the_remedy_is_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(Misread) as caught:
        places_of("sftp://sftp.example.org/exports/*.csv", folder=tmp_path, server=Server())
    assert (caught.value.code, "lms-sync[remote]" in caught.value.remedy) == ("extra-missing", True)
    (tmp_path / "log.csv").write_bytes(SHEET.read_bytes())
    assert source(tmp_path, "log.csv").pull(NONE).files[0].items


@pytest.mark.parametrize("option", ["password", "client.headers.key"])
def test_secrets_come_from_the_environment_or_a_file(
    tmp_path: Path, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    memory.pipe("/exports/log.csv", SHEET.read_bytes())
    (tmp_path / "secret").write_text(PASSWORD, encoding="utf-8")
    by_env = source(tmp_path, "vault://exports/*.csv", options_env={option: "VAULT"})
    by_file = source(tmp_path, "vault://exports/*.csv", options_file={option: "secret"})
    with pytest.raises(ConfigError, match="VAULT is not set"):
        by_env.pull(NONE)
    monkeypatch.setenv("VAULT", PASSWORD)
    assert by_env.pull(NONE) == by_file.pull(NONE)
    assert PASSWORD not in repr(by_env)
    monkeypatch.setenv("VAULT", "wrong horse")
    with pytest.raises(SourceError, match=r"vault://exports/\*\.csv cannot be read \(refused\)$"):
        by_env.pull(NONE)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("inbox/*.csv", "inbox/*.csv"),
        ("sftp://ana@sftp.example.org/out/lo?.csv", "sftp://sftp.example.org/out/lo?.csv"),
        ("https://files.example.org/log.csv?sig=s3cret", "https://files.example.org/log.csv"),
        ("s3://bucket/exports/*.csv", "s3://bucket/exports/*.csv"),
    ],
)
def test_findings_show_no_user_and_no_query(path: str, told: str) -> None:
    assert quotable(path) == told


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"path": "sftp://ana:pw@sftp.example.org/*.csv"}, "holds a password"),
        ({"path": "http://files.example.org/log.csv"}, "in the clear"),
        ({"path": "ftp://files.example.org/log.csv"}, "in the clear"),
        ({"path": "inbox/*.csv", "options": {"username": "ana"}}, "a path that is a URL"),
    ],
)
def test_settings_that_would_give_a_secret_away_are_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        PatternSettings.model_validate({"layout": LAYOUT, **more})


def test_options_with_dots_lie_within_one_another() -> None:
    assert nested({"port": 22, "a.b": "1", "a.c.d": "2"}) == {"port": 22, "a": {"b": "1", "c": {"d": "2"}}}


def test_places_are_the_same_when_they_lie_in_the_same_place() -> None:
    one = FilePlace("in/log.csv", lambda: b"1")
    assert one == replace(one, read=lambda: b"2")
    assert one.name == "log.csv"


def test_the_settings_in_the_guide_are_sound() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "remote-files.md").read_text(encoding="utf-8")
    example = guide[guide.index("    [[source.files]]") :].partition("\n\n")[0]
    told = tomllib.loads(example.replace("source.files", "files"))
    (file,) = [PatternSettings.model_validate(one) for one in told["files"]]
    assert file.options_env == {"password": "LMS_SYNC_SFTP_PASSWORD"}
