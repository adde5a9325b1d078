"""What the documents promise: every command line parses, every file is there, every option is explained."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lms_sync import errors
from lms_sync.cli.lazy import loaded
from lms_sync.cli.main import main
from lms_sync.files import shipped
from lms_sync.operations.check import check_workspace
from lms_sync.operations.opening import now
from lms_sync.workspace.settings.config import read_config
from tests.test_layers import GROUND, ROOMS

ROOT = Path(__file__).parent.parent.parent
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "mappings" / "README.md", *(ROOT / "docs").glob("*.md")]
TEXTS = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted(DOCS)}
EVERYTHING = "\n".join(TEXTS.values())


def lines_of(text: str) -> Iterator[str]:
    """Yield every command line, from code blocks and from between backquotes."""
    for block in re.findall(r"^(?: {4}|\t)(.+)$", text, re.MULTILINE):
        for part in block.split("&&"):
            if found := re.search(r"(?:^|[\s/])(lms-sync(?: .*)?)$", part.split("   ")[0].rstrip()):
                yield found[1]
    yield from re.findall(r"`(lms-sync [^`]+)`", text.replace("\n  ", " "))


LINES = sorted({(name, line) for name, text in TEXTS.items() for line in lines_of(text)})


def parse(line: str) -> None:
    """Parse a command line as click would, without running it. Raises: click.UsageError."""
    words = shlex.split(line)[1:]
    if not words or words[0].isupper():
        return  # `lms-sync COMMAND --help` speaks of any command
    command: click.Command = main
    context = main.make_context("lms-sync", words, resilient_parsing=False)
    rest = [*context._protected_args, *context.args]
    while isinstance(command, click.Group) and rest:
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command = found
        context = command.make_context(name, [*rest], parent=context)
        rest = [*getattr(context, "_protected_args", []), *context.args]


def test_the_documents_show_many_commands() -> None:
    assert len(LINES) > 20


def why_not(line: str) -> str:
    """Return why a command line does not parse; empty for one that does."""
    try:
        parse(line)
    except click.exceptions.Exit:
        pass  # --help
    except click.ClickException as error:
        return error.format_message()
    return ""


def test_each_documented_command_line_parses() -> None:
    assert {f"{name}: {line}": why for name, line in LINES if (why := why_not(line))} == {}


@pytest.mark.parametrize("line", ["lms-sync nihgtly", "lms-sync gaps --as-off 2026-01-01", "lms-sync outbox rm"])
def test_a_wrong_command_line_would_be_found(line: str) -> None:
    with pytest.raises(click.UsageError):
        parse(line)


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        command = loaded(command)
        yield f"{path}{name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")


def test_every_command_is_in_a_document() -> None:
    names = [name for name, _ in commands(main)]
    assert len(names) > 50
    assert [name for name in names if not re.search(rf"lms-sync (?:-w \S+ )?{name}\b", EVERYTHING)] == []


def test_every_option_is_in_a_document() -> None:
    options = {
        next(o for o in parameter.opts if o.startswith("--"))
        for _, command in (("", main), *commands(main))
        for parameter in command.params
        if isinstance(parameter, click.Option)
    }
    short = {"--dry-run": "-n", "--output": "-o", "--workspace": "-w"}
    assert len(options) > 50
    assert {o for o in options if not re.search(rf"(?<![\w-]){short.get(o, o)}\b", EVERYTHING)} == set()


@pytest.mark.parametrize("name", ["README.md", "docs/operators.md"])
def test_the_exit_codes_are_those_of_the_program(name: str) -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", TEXTS[name], re.MULTILINE)}

    assert listed == set(errors.PRECEDENCE)


def test_the_help_lists_the_same_exit_codes() -> None:
    assert main.help is not None
    listed = re.findall(r"^ +(\d+)  ", main.help.split("Exit codes:")[1], re.MULTILINE)

    assert {int(code) for code in listed} == set(errors.PRECEDENCE)


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    links = [link for link in re.findall(r"\]\(([^)#\s]+)\)", TEXTS[name]) if "://" not in link]

    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_file_of_the_tree_that_is_named_is_there(name: str) -> None:
    named = re.findall(r"`((?:lms_sync|tests|mappings|reports|docs|benchmarks|\.ci)/[\w./-]*)`", TEXTS[name])

    assert [path for path in named if "NAME" not in path and not (ROOT / path).exists()] == []


def test_every_target_of_make_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)(?:`|\s+#)", EVERYTHING))

    assert {"demo", "test", "check", "goldens"} <= named <= targets


def test_the_rooms_in_contributing_are_those_of_the_tree() -> None:
    """Their order is that of the layer test, their sentences those of the folders themselves."""
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", TEXTS["CONTRIBUTING.md"], re.MULTILINE)
    said = {room: ast.parse((ROOT / "lms_sync" / room / "__init__.py").read_text(encoding="utf-8")) for room in ROOMS}

    assert rows == [(room, ast.get_docstring(said[room])) for room in ROOMS]
    assert all(f"`{module}`" in TEXTS["CONTRIBUTING.md"] for module in GROUND)


def test_the_settings_in_the_operators_guide_are_sound(tmp_path: Path) -> None:
    """Each example stands for itself, in a workspace that has only what every workspace has."""
    blocks = re.findall(r"(?:^    .*\n)+", TEXTS["docs/operators.md"], re.MULTILINE)
    found = []
    for block in (block for block in blocks if block.lstrip().startswith("[")):
        district = '[district]\nid = "x"\nname = "X"\nzone = "UTC"\nhr = ["hr@example.org"]\ncontact = "HR"\n'
        mail = "" if "[mail]" in block else '[mail]\nsender = "hr@example.org"\n'
        (tmp_path / "lms_sync.toml").write_text(district + mail + block, encoding="utf-8")
        found.append(read_config(tmp_path).settings)

    assert {settings.mail.carrier for settings in found} == {"folder", "smtp"}
    assert {settings.oauth.provider for settings in found if settings.oauth} == {"microsoft", "google"}
    assert any(settings.store.password_file for settings in found)
    assert any([source.name for source in settings.source] == ["esd-moodle"] for settings in found)


@pytest.mark.slow
def test_every_shipped_template_is_rendered_by_the_check(tmp_path: Path) -> None:
    """A broken copy of any template in a workspace is found by `check`, so each of them has its sample."""
    district = '[district]\nid = "x"\nname = "X"\nzone = "UTC"\nhr = ["hr@example.org"]\ncontact = "HR"\n'
    (tmp_path / "lms_sync.toml").write_text(district + '[mail]\nsender = "hr@example.org"\n', encoding="utf-8")
    reports = tmp_path / "reports"
    reports.mkdir()
    config = read_config(tmp_path)
    unnoticed = []
    for template in sorted(shipped("reports").glob("*.j2")):
        copy = reports / template.name
        copy.write_text("{% if %}", encoding="utf-8")
        if not any(finding.where == "reports" for finding in check_workspace(config, now=now())):
            unnoticed.append(template.name)
        copy.unlink()

    assert unnoticed == []
