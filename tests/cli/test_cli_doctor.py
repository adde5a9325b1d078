"""doctor: what it prints, and the exit code that a script can act on."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.small_district import SETTINGS, District, district
from tests.sources.fault_server import Reply, Site
from tests.sources.moodle_site import REPORT, TOKEN, report_site
from tests.sources.recorded import answering

MOODLE = """
[[source]]
name = "esd"
kind = "moodle"
url = "{url}"
token_env = "LMS_SYNC_ESD_TOKEN"
report = "{report}"
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[District]:
    with district(tmp_path / "ws", nights=0) as one:
        yield one


@pytest.fixture
def site() -> Iterator[Site]:
    with answering(report_site()) as one:
        yield one


def join(folder: Path, url: str) -> None:
    (folder / "lms_sync.toml").write_text(SETTINGS + MOODLE.format(url=url, report=REPORT), encoding="utf-8")


def test_files_alone_have_nothing_to_ask(home: District) -> None:
    told = home.run("doctor", "vendor")
    assert told.exit_code == 0
    assert "vendor" in told.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("simplecache::sftp://lms.example.org/a.csv", "sftp://lms.example.org/a.csv behind another scheme"),
        ("htps://lms.example.org/a.csv", '"htps", which is no way to open a file'),
    ],
)
def test_address_that_no_pull_opens_is_told_before(home: District, path: str, found: str) -> None:
    old = 'files = [{ path = "'
    assert old in SETTINGS
    more = f'files = [{{ path = "{path}", layout = "vector-completions" }}, {{ path = "'
    (home.folder / "lms_sync.toml").write_text(SETTINGS.replace(old, more, 1), encoding="utf-8")
    for command in (("check",), ("doctor", "vendor"), ("pull",)):
        run = home.run(*command)
        assert found in " ".join((run.stdout + run.stderr).split()), command


def test_8_doctor_tells_of_what_others_may_open_and_narrows_it(home: District) -> None:
    state = home.folder / "state"
    wide = {state: 0o755, state / "identity.key": 0o644, state / "lms_sync.db": 0o644, home.folder / "outbox": 0o777}
    (state / "lms_sync.db").touch()
    (home.folder / "outbox").mkdir()
    (home.folder / "out").mkdir()
    wide |= {home.folder / "out": 0o777, home.folder / "mappings": 0o777, home.folder / "lms_sync.toml": 0o666}
    for path, mode in wide.items():
        path.chmod(mode)
    (home.folder / "roster.xlsx").chmod(0o664)
    told = home.run("doctor")
    assert told.exit_code == 1
    assert sum(str(path) in told.stdout for path in wide) >= 5
    assert "others may open" in told.stdout
    fixed = home.run("doctor", "--fix")
    assert "narrowed: " in fixed.stdout
    assert [path.stat().st_mode & 0o777 for path in wide] == [0o700, 0o600, 0o600, 0o700, 0o770, 0o775, 0o664]
    assert (home.folder / "roster.xlsx").stat().st_mode & 0o777 == 0o660
    assert "database, keys, outbox, documents and logs are this account's alone" in home.run("doctor").stdout


def test_7_doctor_says_how_to_move_a_key_that_lies_beside_its_database(home: District, tmp_path: Path) -> None:
    old = home.folder / "state" / "identity.key"
    told = home.run("doctor")
    (move,) = re.findall(r"mkdir -p -m 700 .* && mv -n \S+ \S+", told.stdout)
    assert shlex.split(move)[-2] == str(old)
    new = Path(shlex.split(move)[-1])
    assert new.parent == Path(os.environ["XDG_CONFIG_HOME"]) / "lms-sync"
    subprocess.run(move, shell=True, check=True)
    refused = home.run("status")
    assert "there is no file state/identity.key" in refused.stderr
    assert "✗ lms_sync.toml, [store]: key_file: there is no file state/identity.key." in home.run("check").stdout
    assert "With another key no stored record is recognised" in refused.stderr
    home.settings("[mail]", f'[store]\nkey_file = "{new}"\n[mail]')
    assert home.run("status").exit_code == 0
    assert f"✓ key: {new} is kept apart from the database" in home.run("doctor").stdout


def test_a_site_that_works_is_told_with_what_to_know(
    home: District, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_SYNC_ESD_TOKEN", TOKEN)
    join(home.folder, site.url)
    told = home.run("doctor", "esd")
    assert told.exit_code == 1
    assert "✓ rows: report 2 of" in told.stdout
    assert "• service:" in told.stdout
    assert "vendor" not in told.stdout
    assert TOKEN not in told.stdout


def test_a_token_that_is_not_set_is_wrong(home: District, site: Site) -> None:
    join(home.folder, site.url)
    told = home.run("doctor", "esd")
    assert told.exit_code == 3
    assert "✗ set-up:" in told.stdout
    assert "LMS_SYNC_ESD_TOKEN is not set" in told.stdout


def test_a_site_that_is_down_is_wrong(home: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_SYNC_ESD_TOKEN", TOKEN)
    with answering(lambda ask: Reply(404)) as site:
        join(home.folder, site.url)
        told = home.run("doctor")
    assert told.exit_code == 3
    assert "wwwroot" in told.stdout


def test_settings_that_cannot_work_are_wrong(home: District) -> None:
    join(home.folder, "http://lms.example.org")
    told = home.run("doctor", "esd")
    assert told.exit_code == 3
    assert "✗ settings:" in told.stdout
    assert "https://" in told.stdout


def test_a_source_that_is_not_there_is_named(home: District) -> None:
    told = home.run("doctor", "nosuch")
    assert told.exit_code == 2
    assert "there is no source called nosuch" in told.stderr


def test_doctor_looks_at_the_workspace_and_its_machine(home: District) -> None:
    found = {check["what"]: check for check in home.json("doctor", "--format", "json") if check["source"] != "vendor"}
    assert found["disk"]["verdict"] == found["clock"]["verdict"] == "good"
    assert "none yet" in found["database"]["found"]
    assert "in America/Los_Angeles" in found["clock"]["found"]
    home.run("pull")
    (home.folder / "lms_sync.toml").write_text(SETTINGS.replace("hr = [", 'hr = ["chief", '), encoding="utf-8")
    database = home.folder / "state" / "lms_sync.db"
    content = bytearray(database.read_bytes())
    content[4096 * 3 : 4096 * 6] = b"\xff" * 4096 * 3
    database.write_bytes(content)
    os.utime(database, (4e9, 4e9))
    found = {check["what"]: check for check in home.json("doctor", "--format", "json")}
    assert (found["database"]["verdict"], found["clock"]["verdict"]) == ("wrong", "note")
    assert "Put a backup back" in found["database"]["remedy"]
    database.unlink()
    database.mkdir()  # as a full disk and a failing one: it can't be read at all
    found = {check["what"]: check for check in home.json("doctor", "--format", "json")}
    assert ("cannot be looked at" in found["database"]["found"], "backup" in str(found["database"])) == (True, False)


def test_a_test_mail_goes_the_way_that_reports_take(home: District) -> None:
    sent = home.run("doctor", "vendor", "--mail-to", "me@pinehill.example.org")
    assert "the carrier folder took it for me@pinehill.example.org" in sent.stdout
    assert [path.suffix for path in (home.folder / "outbox").iterdir()] == [".eml"]
    refused = home.run("doctor", "vendor", "--mail-to", "me at home")
    assert (refused.exit_code, "test mail" in refused.stdout) == (3, True)


def test_doctor_says_where_mail_is_handed_over(home: District) -> None:
    assert "messages are kept in the folder outbox; none is sent" in home.run("doctor").stdout
    home.settings("[mail]\n", '[mail]\ncarrier = "smtp"\n')
    with (home.folder / "lms_sync.toml").open("a", encoding="utf-8") as file:
        file.write('[mail.smtp]\nhost = "127.0.0.1"\nport = 9\nsecurity = "plain"\n')
    shown = home.run("doctor")
    assert shown.exit_code == 3
    assert "mail: mail server 127.0.0.1:9 " in shown.stdout
