"""What runs the night on a server: filled in, and understood by systemd where it is there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lms_sync.errors import UsageError
from lms_sync.workspace.settings.config import Config, Settings
from lms_sync.workspace.start.server_files import NAMES, write_server_files

ZONES = ("America/Los_Angeles", "America/New_York", "Pacific/Honolulu")


def config(folder: Path, zone: str = ZONES[0]) -> Config:
    district = {"id": "x", "name": "100% Pine\nHill", "zone": zone, "hr": ["hr@example.org"], "contact": "HR"}
    return Config(
        folder=folder, settings=Settings.model_validate({"district": district, "mail": {"sender": "a@example.org"}})
    )


@pytest.mark.parametrize("zone", ZONES)
def test_every_place_is_filled_in(tmp_path: Path, zone: str) -> None:
    written = write_server_files(config(tmp_path, zone), user="lms")
    assert [path.name for path in written] == list(NAMES)
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"@[A-Z]+@", text) == []
        assert str(tmp_path) in text or path.suffix == ".timer"
    timer = (tmp_path / "server" / "lms-sync.timer").read_text(encoding="utf-8")
    assert f"03:30:00 {zone}" in timer


def test_writing_them_again_gives_the_same(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_server_files(config(tmp_path))]
    assert [path.read_bytes() for path in write_server_files(config(tmp_path))] == first


@pytest.mark.parametrize("name", ["two words", "50%", "a$b", "it's"])
def test_a_path_that_systemd_would_misread_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(UsageError, match="path") as caught:
        write_server_files(config(tmp_path / name))
    assert caught.value.hint


def test_a_key_in_another_accounts_home_is_handed_to_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULTS: a workspace that root had made named a key in root's home, which the service's account cannot see."""
    key, workspace, handed = tmp_path / "home" / "x.key", tmp_path / "ws", tmp_path / "credentials"
    for folder in (key.parent, workspace, handed):
        folder.mkdir()
    settings = config(workspace).settings
    store = settings.store.model_copy(update={"key_file": str(key)})
    ours = Config(folder=workspace, settings=settings.model_copy(update={"store": store}))
    write_server_files(ours)
    unit = (workspace / "server" / "lms-sync.service").read_text(encoding="utf-8")
    assert f"\nLoadCredential=x.key:{key}\n" in unit
    (handed / "x.key").write_text("made up for the tests\n", encoding="utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed))
    assert ours.identity_key() == b"made up for the tests"


def test_a_key_in_the_workspace_needs_no_handing_over(tmp_path: Path) -> None:
    write_server_files(config(tmp_path))
    assert "\nLoadCredential=" not in (tmp_path / "server" / "lms-sync.service").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_reads_the_units_and_finds_the_service_hard(tmp_path: Path) -> None:
    write_server_files(config(tmp_path), user="root")
    units = [str(tmp_path / "server" / name) for name in ("lms-sync.service", "lms-sync.timer")]
    verified = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    ours = [line for line in verified.stderr.splitlines() if str(tmp_path) in line]
    # The command itself need not be installed where the tests run.
    assert [line for line in ours if "not executable" not in line and "No such file" not in line] == []
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", units[0]], capture_output=True, text=True, check=False
    )
    exposure = re.search(r"exposure level for .*: ([\d.]+)", judged.stdout)
    assert exposure is None or float(exposure[1]) < 2.5, judged.stdout[-400:]
