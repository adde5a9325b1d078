"""lms_sync.toml: every wrong key at once, and no secret in any text."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from lms_sync.errors import ConfigError
from lms_sync.files import shipped
from lms_sync.workspace.settings.config import Config, read_config, secret
from lms_sync.workspace.settings.secrets import named_secrets, secret_files

GOOD = """
[district]
id = "pinehill"
name = "Pinehill"
zone = "America/Los_Angeles"
hr = ["hr@example.org"]
contact = "HR"

[[source]]
name = "moodle"
kind = "spreadsheet"
export = "cumulative"
files = [{ path = "inbox/*.csv", layout = "moodle-custom-report", zone = "UTC" }]

[mail]
sender = "hr@example.org"
"""
SECRET = "correct-horse-battery"


def read(folder: Path, text: str) -> Config:
    (folder / "lms_sync.toml").write_text(text, encoding="utf-8")
    return read_config(folder)


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    assert caught.value.hint
    return str(caught.value).splitlines()


def test_the_defaults_are_those_of_a_new_workspace(tmp_path: Path) -> None:
    settings = read(tmp_path, GOOD).settings

    assert (settings.roster.path, settings.mappings.courses) == ("roster.xlsx", "mappings/courses.xlsx")
    assert (settings.mail.carrier, settings.mail.folder, settings.reports.due_soon_days) == ("folder", "outbox", 60)


def test_every_wrong_key_is_named_at_once(tmp_path: Path) -> None:
    text = (
        GOOD.replace('id = "pinehill"', 'id = "Pine Hill"\nidd = "x"')
        .replace('zone = "America/Los_Angeles"', 'zone = "Seattle"')
        .replace('hr = ["hr@example.org"]', "hr = []")
        .replace('export = "cumulative"', 'export = "all"')
        .replace('layout = "moodle-custom-report", zone = "UTC"', "layout = 7")
        .replace('sender = "hr@example.org"', "give_up_days = 0")
    )
    found = problems(tmp_path, text)

    for key in ("district.id", "district.idd", "district.zone", "district.hr", "mail.sender", "mail.give_up_days"):
        assert [line for line in found if line.startswith(f"lms_sync.toml, {key}: ")], key
    assert [line for line in found if "source.1." in line and "export" in line]
    assert [line for line in found if "source.1." in line and "layout" in line]


@pytest.mark.parametrize("section", ["district", "mail"])
def test_a_missing_section_is_named(tmp_path: Path, section: str) -> None:
    text = GOOD.replace(f"[{section}]", f"[{section}s]")

    assert any(line.startswith(f"lms_sync.toml, {section}: ") for line in problems(tmp_path, text))
    assert any(line.startswith(f"lms_sync.toml, {section}s: ") for line in problems(tmp_path, text))


@pytest.mark.parametrize("zone", ["Seattle", "", "../UTC", "PST9", "America", "x" * 300])
def test_an_unknown_zone_is_told_with_an_example(tmp_path: Path, zone: str) -> None:
    (line,) = problems(tmp_path, GOOD.replace("America/Los_Angeles", zone))

    assert line.startswith("lms_sync.toml, district.zone: ")
    assert "write one like America/Los_Angeles" in line


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    start = GOOD.index("[[source]]")
    doubled = GOOD[start : GOOD.index("[mail]")]
    (line,) = problems(tmp_path, GOOD.replace("[mail]", doubled + "[mail]"))

    assert "two [[source]] sections are called moodle" in line


def test_smtp_without_its_section_is_refused(tmp_path: Path) -> None:
    (line,) = problems(tmp_path, GOOD + 'carrier = "smtp"\n')

    assert "needs a section [mail.smtp]" in line


@pytest.mark.parametrize(
    ("text", "said"),
    [("[district\n", "line 1"), ('id = "1\n', "line 1"), ("a = 1\na = 2\n", "line 2")],
)
def test_no_toml_is_told_by_its_line(tmp_path: Path, text: str, said: str) -> None:
    (line,) = problems(tmp_path, text)

    assert said in line


def test_text_that_is_not_utf8_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "lms_sync.toml").write_bytes('name = "Müller"'.encode("latin-1"))

    with pytest.raises(ConfigError, match=r"lms_sync\.toml"):
        read_config(tmp_path)


def test_a_password_written_into_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    written = GOOD + f'[mail.smtp]\nhost = "localhost"\npassword = "{SECRET}"\nport = "{SECRET}"\n'
    found = problems(tmp_path, written)

    assert any("mail.smtp.password" in line for line in found)
    assert any("mail.smtp.port" in line for line in found)
    assert not any(SECRET in line for line in found)


def test_a_secret_comes_from_the_environment_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("another\n", encoding="utf-8")
    give = secret("RELAY_PASSWORD", "file", folder=tmp_path, key="[mail.smtp] password")
    monkeypatch.setenv("RELAY_PASSWORD", SECRET)

    assert give() == SECRET
    assert SECRET not in repr(give)


def test_a_secret_comes_from_a_file_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(f"{SECRET}\n", encoding="utf-8")

    assert secret("", "file", folder=tmp_path, key="k")() == SECRET


def test_a_secret_comes_from_systemds_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "file").write_text(SECRET, encoding="utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))

    assert secret("", "file", folder=tmp_path / "workspace", key="k")() == SECRET


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("RELAY_PASSWORD", ""), r"\[mail\.smtp\] password_env: the environment variable RELAY_PASSWORD is not set"),
        (("", "no-file"), r"\[mail\.smtp\] password_file: there is no file no-file"),
        (("", ""), r"\[mail\.smtp\] password: no secret is named"),
    ],
)
def test_a_missing_secret_says_where_it_was_looked_for(tmp_path: Path, names: tuple[str, str], said: str) -> None:
    give = secret(*names, folder=tmp_path, key="[mail.smtp] password")

    with pytest.raises(ConfigError, match=said) as caught:
        give()
    assert caught.value.hint


def test_the_identity_key_is_read_when_it_is_needed_and_stands_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = read(tmp_path, GOOD)
    with pytest.raises(ConfigError, match=r"\[store\] key_file: there is no file state/identity\.key"):
        config.identity_key()
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "identity.key").write_text("from the file, and long\n", encoding="utf-8")
    assert config.identity_key() == b"from the file, and long"
    monkeypatch.setenv("LMS_SYNC_IDENTITY_KEY", SECRET)
    assert config.identity_key() == SECRET.encode()
    assert SECRET not in repr(config)


@pytest.mark.parametrize("place", ["environment", "file"])
def test_7_a_short_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    config = read(tmp_path, GOOD + '[store]\nkey_file = "a.key"\n')
    (tmp_path / "a.key").write_text("fifteen letters\n", encoding="utf-8")
    if place == "environment":
        monkeypatch.setenv("LMS_SYNC_IDENTITY_KEY", "fifteen letters")
    with pytest.raises(ConfigError, match="too short a key: 15 characters, and 16 are the fewest") as caught:
        config.identity_key()
    assert "init" in caught.value.hint
    assert "fifteen" not in str(caught.value)


def test_7_a_key_file_may_begin_with_the_home_of_the_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.key").write_text("made up for the tests", encoding="utf-8")
    assert read(tmp_path, GOOD + '[store]\nkey_file = "~/a.key"\n').identity_key() == b"made up for the tests"


def test_the_databases_url_may_hold_a_password_only_outside_the_file(tmp_path: Path) -> None:
    config = read(tmp_path, GOOD + '[store]\nurl_env = "STORE_URL"\n')
    url = f"postgresql+psycopg://lms:{SECRET}@localhost/lms"

    assert config.store_url({"STORE_URL": url}) == url
    assert SECRET not in repr(config)
    with pytest.raises(ConfigError, match=r"\[store\] url_env: the environment variable STORE_URL is not set"):
        config.store_url({})


@pytest.mark.parametrize(
    ("url", "environment"), [("sqlite:///state/x.db", {}), ("", {"STORE_URL": "sqlite:///state/x.db"})]
)
def test_a_relative_database_lies_in_the_workspace(tmp_path: Path, url: str, environment: Mapping[str, str]) -> None:
    key = f'url = "{url}"' if url else 'url_env = "STORE_URL"'
    config = read(tmp_path, GOOD + f"[store]\n{key}\n")

    assert config.store_url(environment) == f"sqlite:///{tmp_path.resolve()}/state/x.db"


def test_settings_cannot_be_changed_by_accident(tmp_path: Path) -> None:
    config = read(tmp_path, GOOD)

    with pytest.raises(ValueError, match="frozen"):
        config.settings.district.name = "Another"


@pytest.mark.parametrize("package", ["workspace/start", "demo"])
def test_the_settings_that_ship_are_sound(package: str) -> None:
    folder = Path(__file__).parent.parent.parent / "lms_sync" / package

    assert read_config(folder).settings.district.id


def test_every_commented_key_of_a_new_workspace_is_a_real_one(tmp_path: Path) -> None:
    """The comments name every key: with all of them uncommented the file is sound."""
    path = Path(__file__).parent.parent.parent / "lms_sync" / "workspace" / "start" / "lms_sync.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line[2:] if commented(line) else line for line in lines)
    assert tomllib.loads(text).keys() >= {"source", "mail"}
    settings = read(tmp_path, text).settings

    assert settings.mail.smtp is not None
    assert len(settings.source) == 6


def commented(line: str) -> bool:
    """Tell whether a line is a setting behind a `# `, not a sentence."""
    return re.match(r"# (\[|\]|    \{|[a-z_]+ = )", line) is not None


@pytest.mark.parametrize("name", ["mappings", "reports"])
def test_what_ships_is_found(name: str) -> None:
    assert any(shipped(name).iterdir())


@pytest.mark.parametrize(
    "url", [f"postgresql+psycopg://lms:{SECRET}@db/lms", f"postgresql://db/lms?password={SECRET}"]
)
def test_a_password_in_the_databases_address_is_refused_and_not_repeated(tmp_path: Path, url: str) -> None:
    found = problems(tmp_path, GOOD + f'[store]\nurl = "{url}"\n')

    assert any("password_file" in line for line in found)
    assert not any(SECRET in line for line in found)


def test_the_password_of_a_database_server_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "pg").write_text(f"{SECRET}\n", encoding="utf-8")
    config = read(tmp_path, GOOD + '[store]\nurl = "postgresql+psycopg://lms@db/lms"\npassword_file = "pg"\n')

    assert config.store_password() == SECRET
    assert SECRET not in repr(config)
    assert read(tmp_path, GOOD).store_password() == ""


EVERY_SECRET = GOOD.replace(
    'zone = "UTC" }]',
    'zone = "UTC" },\n { path = "https://h.example.org/a.csv", layout = "moodle-custom-report", query_file = "q" },\n'
    ' { path = "sftp://h.example.org/a", layout = "moodle-custom-report", options_file = { password = "o" } }]',
) + (
    '[monitoring]\nping_file = "p"\n'
    '[web.oidc]\nissuer = "https://id.example.org"\nclient_id = "c"\nclient_secret_file = "w"\n'
    '[oauth]\nprovider = "microsoft"\ntenant = "t"\nclient_id = "c"\nsecret_file = "s"\n'
)


def test_every_secret_in_a_file_is_looked_for_and_its_rights_are_looked_at(tmp_path: Path) -> None:
    config = read(tmp_path, EVERY_SECRET)
    assert {"q", "o", "p", "w", "s"} == set(secret_files(config))
    missing = []
    for read_secret in named_secrets(config):
        with pytest.raises(ConfigError, match="there is no file") as caught:
            read_secret()
        missing.append(str(caught.value)[-1])
    assert sorted(missing) == sorted("qopws")


def test_the_query_of_an_address_is_a_secret_that_is_looked_for(tmp_path: Path) -> None:
    config = read(tmp_path, EVERY_SECRET.replace('query_file = "q"', 'query_env = "NO_SUCH_QUERY"'))
    with pytest.raises(ConfigError, match="moodle, query_env: the environment variable NO_SUCH_QUERY is not set"):
        [read_secret() for read_secret in named_secrets(config)]
