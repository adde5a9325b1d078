"""init: what it asks, writes and refuses."""

from pathlib import Path

import pytest
from click.testing import _NamedTextIOWrapper

from lms_sync.workspace.settings.config import read_config
from lms_sync.workspace.start.first_settings import id_from
from tests.cli.new_workspace import NAMED, started
from tests.cli.small_district import run


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_NamedTextIOWrapper, "isatty", lambda _: True, raising=False)


def test_init_writes_what_is_given(tmp_path: Path) -> None:
    made = run("init", str(tmp_path), *NAMED, "--zone", "America/Denver", "--dates", "day-first", "--id", "ph")
    settings = read_config(tmp_path).settings

    assert made.exit_code == 0, made.output
    district = settings.district
    assert (district.id, district.zone, district.dates, district.hr) == (
        "ph",
        "America/Denver",
        "day-first",
        ("hr@pinehill.example.org",),
    )
    assert district.contact == "Pinehill School District, Human Resources, 360-555-0100, hr@pinehill.example.org"
    assert (settings.mail.sender, settings.mail.carrier) == ("hr@pinehill.example.org", "folder")
    text = (tmp_path / "lms_sync.toml").read_text(encoding="utf-8")
    assert "# as reports shall call it" in text
    assert "the settings of one district's workspace" in text.casefold()


@pytest.mark.parametrize(
    ("options", "key", "value"),
    [
        (("--mail", "smtp", "--mail-host", "mail.example.org"), "host", "mail.example.org"),
        (
            ("--mail", "smtp", "--mail-host", "mail.example.org", "--mail-user", "u"),
            "password_file",
            "state/smtp-password",
        ),
        (("--mail", "graph", "--tenant", "t.example.org", "--client-id", "c"), "secret_file", "state/oauth-secret"),
    ],
)
def test_a_carrier_gets_the_section_that_it_needs(
    tmp_path: Path, options: tuple[str, ...], key: str, value: str
) -> None:
    assert run("init", str(tmp_path), *NAMED, *options).exit_code == 0
    settings = read_config(tmp_path).settings

    assert value in (getattr(settings.mail.smtp, key, None), getattr(settings.oauth, key, None))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--hr", "hr"), "--hr hr: An e-mail address"),
        (("--id", "Pine Hill"), "--id Pine Hill: Small letters"),
        (("--zone", "America/Los_Angelos"), 'Did you mean "America/Los_Angeles"?'),
        (("--telephone", "later"), "A telephone number"),
        (("--mail", "smtp"), "--mail smtp needs --mail-host"),
        (("--mail", "graph", "--tenant", "t"), "--mail graph needs --client-id"),
    ],
)
def test_an_answer_that_cant_be_used_writes_nothing(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    refused = run("init", str(tmp_path / "ws"), *options)

    assert (refused.exit_code, words in refused.stderr) == (2, True), refused.output
    assert not (tmp_path / "ws").exists()


def test_options_do_not_change_settings_that_are_there(tmp_path: Path) -> None:
    started(tmp_path)
    refused = run("init", str(tmp_path), "--name", "Another")

    assert refused.exit_code == 2
    assert "lms_sync.toml is there already" in refused.stderr


@pytest.mark.usefixtures("terminal")
def test_at_a_terminal_it_asks_and_asks_again(tmp_path: Path) -> None:
    answers = [
        "Pinehill School District",
        "",
        "nobody",
        "hr@pinehill.example.org",
        "555",
        "360-555-0100",
        "",
        "ask",
        "",
    ]
    asked = run("init", str(tmp_path), stdin="\n".join(answers) + "\n")
    settings = read_config(tmp_path).settings

    assert asked.exit_code == 0, asked.output
    assert (settings.district.id, settings.district.dates, settings.mail.carrier) == ("pinehill", "", "folder")
    assert "An e-mail address" in asked.output
    assert "The mail relay" not in asked.output


@pytest.mark.parametrize(
    ("name", "district_id"),
    [
        ("Cascade School District", "cascade"),
        ("Lake Washington School District No. 414", "lake-washington-414"),
        ("The School District", "the-school-district"),
    ],
)
def test_an_id_is_made_of_the_name(name: str, district_id: str) -> None:
    assert id_from(name) == district_id
