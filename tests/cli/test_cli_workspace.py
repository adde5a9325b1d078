"""init, check, demo, help, and what a person types wrong."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lms_sync import __version__
from lms_sync.cli.lazy import loaded
from lms_sync.cli.main import main
from tests.cli.small_district import District, run


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield (words, command) of every command."""
    for name, command in sorted(group.commands.items()):
        command = loaded(command)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = dict(commands(main))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_commands_help_has_an_example_that_begins_with_it(words: tuple[str, ...]) -> None:
    said = run(*words, "--help")

    assert said.exit_code == 0
    assert re.search(rf"  Examples:\n(?:    .*\n)*    lms-sync {' '.join(words)}\b", said.stdout)
    assert all(option.help for option in ALL[words].params if isinstance(option, click.Option))


def test_the_list_of_commands_cuts_no_sentence_short() -> None:
    listed = run("--help").stdout.split("Commands:")[1] + run("outbox", "--help").stdout.split("Commands:")[1]

    assert "..." not in listed


def test_the_version_is_told() -> None:
    assert run("--version").stdout == f"lms-sync, version {__version__}\n"


def test_no_command_shows_the_help_and_is_exit_2() -> None:
    bare = run()

    assert bare.exit_code == 2
    assert "lms-sync init my-district" in bare.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nigtly",), "'nightly'"),
        (("nightly", "--acept-drop", "x"), "--accept-drop"),
        (("report", "QPD"), "Missing option '-o'"),
        (("report",), "Missing argument 'PARTNER'"),
        (("outbox", "relase"), "'release'"),
    ],
)
def test_a_mistyped_word_gets_a_suggestion(words: tuple[str, ...], said: str) -> None:
    refused = run(*words)

    assert refused.exit_code == 2
    assert said in refused.stderr


def test_init_makes_a_workspace_and_says_what_comes_next(tmp_path: Path) -> None:
    made = run("init", str(tmp_path / "ws"))

    assert made.exit_code == 0
    assert f"made  {tmp_path / 'ws' / 'roster.xlsx'}" in made.stdout
    assert made.stdout.endswith(f"then: lms-sync -w {tmp_path / 'ws'} setup\n")


def test_init_twice_touches_nothing(tmp_path: Path) -> None:
    run("init", str(tmp_path))
    (tmp_path / "roster.xlsx").write_bytes(b"HR's own")
    before = contents(tmp_path)
    again = run("init", str(tmp_path))

    assert again.exit_code == 0
    assert contents(tmp_path) == before
    assert "made" not in again.stdout


def test_a_new_workspace_lacks_its_settings_its_sources_and_its_people(tmp_path: Path) -> None:
    run("init", str(tmp_path))
    check = run("-w", str(tmp_path), "check")

    assert check.exit_code == 2
    assert check.stdout.startswith("✗ lms_sync.toml: [district] name is")
    assert "✗ roster.xlsx, People: nobody on the roster" in check.stdout
    assert "Findings: 4. Of these, to correct before a file takes effect: 3." in check.stdout
    assert "[year] closed" in check.stdout
    night = run("-w", str(tmp_path), "nightly")
    assert night.exit_code == 2
    assert "Fill in roster.xlsx" in night.stderr


def test_the_workspace_may_come_from_the_environment(evening: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_SYNC_WORKSPACE", str(evening.folder))

    assert run("check").exit_code == 0


def test_a_sound_workspace_is_said_to_be(evening: District) -> None:
    check = evening.run("check")

    assert (check.exit_code, check.stderr) == (0, "")
    assert check.stdout == "All good: settings, roster, course map, layouts, templates, database.\n"


def test_check_names_everything_that_is_broken_at_once(morning: District) -> None:
    folder = morning.folder
    (folder / "roster.xlsx").unlink()
    (folder / "mappings" / "courses.xlsx").write_bytes(b"")
    (folder / "mappings" / "layouts" / "vector-completions.toml").write_text("kind = 7\n", encoding="utf-8")
    (folder / "reports").mkdir()
    (folder / "reports" / "partner.html.j2").write_text("{% if %}", encoding="utf-8")
    (folder / "state" / "identity.key").write_text("another key, of some length", encoding="utf-8")
    check = morning.run("check")

    assert check.exit_code == 2
    for place in ("roster.xlsx", "courses.xlsx", "vector-completions.toml", "source vendor", "reports", "[store]"):
        assert re.search(rf"^✗ .*{re.escape(place)}", check.stdout, re.MULTILINE), place
    assert not re.search(r"^✗ ([^:]+): \1[,:] |[?.!]\. ", check.stdout, re.MULTILINE)
    assert check.stderr == ""


def test_check_names_every_wrong_key_of_the_settings_at_once(evening: District) -> None:
    evening.settings('zone = "America/Los_Angeles"', 'zone = "Seattle"\nzoen = 1')
    evening.settings('kind = "spreadsheet"', 'kind = "sheet"')
    check = evening.run("check")

    assert check.exit_code == 2
    for key in ("district.zone", "district.zoen", "source.1"):
        assert f"lms_sync.toml, {key}: " in check.stderr
    assert "Traceback" not in check.output


def test_settings_that_are_no_toml_are_told_by_line(evening: District) -> None:
    (evening.folder / "lms_sync.toml").write_text("[district]\nid = pinehill\n", encoding="utf-8")

    assert "line 2" in evening.run("status").stderr


def test_a_file_in_the_folders_place_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for words in (("init", str(tmp_path / "file")), ("-w", str(tmp_path / "file"), "check")):
        refused = run(*words)
        assert refused.exit_code == 2
        assert "is a file" in refused.stderr


def test_a_file_in_the_place_of_the_state_is_a_sentence(evening: District) -> None:
    state = evening.folder / "state"
    (state / "identity.key").unlink()
    state.rmdir()
    state.write_text("")
    refused = evening.run("status")

    assert refused.exit_code == 2
    assert f"lms-sync: {state}: " in refused.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_a_sentence(evening: District) -> None:
    (evening.folder / "state").chmod(0o500)
    try:
        refused = evening.run("nightly")
    finally:
        (evening.folder / "state").chmod(0o700)

    assert refused.exit_code == 2
    assert "see the folder's owner and mode" in refused.stderr


def test_a_full_disk_is_a_sentence(evening: District) -> None:
    device = Path("/dev/full")
    if not device.exists():
        pytest.skip("no /dev/full here")
    (evening.folder / "state" / "lms_sync.db").symlink_to(device)
    refused = evening.run("nightly")

    assert refused.exit_code == 2
    assert "the disk of the database is full\n  → Make room" in refused.stderr
    assert "Traceback" not in refused.output


def test_the_demo_leaves_a_folder_alone_that_holds_something(evening: District) -> None:
    before = contents(evening.folder)
    refused = run("demo", str(evening.folder))

    assert refused.exit_code == 2
    assert "is not an empty folder" in refused.stderr
    assert contents(evening.folder) == before
