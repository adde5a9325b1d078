"""What a command loads: help loads no command, a question about the last night no judgement."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

import lms_sync
from lms_sync.cli.lazy import LazyCommand, loaded
from lms_sync.cli.main import main

LIGHT = frozenset(
    {"alembic", "holidays", "jinja2", "openpyxl", "pydantic", "requests", "rich", "sqlalchemy", "typst", "filelock"}
)
"""Libraries that help needs none of."""
PROGRAM = """
import json, sys
from lms_sync.cli.main import main
code = main(sys.argv[1:], standalone_mode=False)
print("\\n" + json.dumps([code, sorted(sys.modules)]))
"""


def modules(*words: str) -> set[str]:
    """Return the modules that a command has loaded when it ends."""
    answer = subprocess.run([sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, check=True)
    code, names = json.loads(answer.stdout.splitlines()[-1])
    assert code in (None, 0), answer.stdout
    return set(names)


@pytest.mark.parametrize("words", [("--help",), ("people", "--help"), ("agreements", "-h"), ("--version",)])
def test_help_loads_no_command_and_no_heavy_library(words: tuple[str, ...]) -> None:
    found = modules(*words)

    assert found & LIGHT == set()
    assert {name for name in found if name.startswith("lms_sync.")} == {
        *("lms_sync.cli", "lms_sync.errors", "lms_sync.files", "lms_sync.text"),
        *(f"lms_sync.cli.{name}" for name in ("commands", "edge", "launch", "lazy", "main")),
        *("lms_sync.cli.plain_signs", "lms_sync.cli.printing"),
    }


@pytest.mark.slow
def test_status_loads_nothing_that_judges_or_writes_reports(tmp_path: Path) -> None:
    folder = str(tmp_path / "ws")
    main(["init", folder], standalone_mode=False)
    main(["-w", folder, "status"], standalone_mode=False)  # makes the database, by its migrations

    found = modules("-w", folder, "status")

    assert found & {*LIGHT - {"sqlalchemy", "pydantic", "rich"}, "smtplib", "icalendar", "pypdf", "pyhanko"} == set()
    assert not [name for name in found if name.startswith(("lms_sync.law", "lms_sync.reports", "lms_sync.sources"))]


@pytest.mark.slow
def test_a_night_of_sheets_loads_nothing_that_asks_a_learning_system_or_a_mailbox() -> None:
    found = modules("nightly", "--help")

    assert "lms_sync.operations.night" in found
    assert found & {"openpyxl", "requests", "icalendar", "imap_tools", "smtplib", "alembic", "holidays"} == set()
    assert not [name for name in found if name.startswith(("lms_sync.sources.canvas", "lms_sync.sources.xapi"))]


def lazy_commands(group: click.Group) -> list[tuple[str, LazyCommand]]:
    return [
        (f"{group.name} {name}", command)
        for name, command in group.commands.items()
        if isinstance(command, LazyCommand)
    ] + [
        lazy
        for command in group.commands.values()
        if isinstance(command, click.Group)
        for lazy in lazy_commands(command)
    ]


@pytest.mark.parametrize(("words", "command"), lazy_commands(main), ids=lambda value: str(value))
def test_a_command_is_where_the_list_of_commands_says(words: str, command: LazyCommand) -> None:
    found = loaded(command)

    assert not isinstance(found, LazyCommand)
    assert found.name == words.rpartition(" ")[2]


def test_a_mistyped_command_still_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nihgtly"], standalone_mode=False) == 2

    assert "nightly" in capsys.readouterr().err


READ_AT_IMPORT = """
import importlib, json, pkgutil, sys
import lms_sync

folder, opened = sys.argv[1], []
def hear(event, arguments):
    path = str(arguments[0]) if event == "open" else ""
    ours = path.startswith(folder) and "site-packages" not in path and "__pycache__" not in path
    if ours and not path.endswith((".py", ".pyc")):
        opened.append(path)
sys.addaudithook(hear)
for module in pkgutil.walk_packages(lms_sync.__path__, "lms_sync."):
    if not module.name.startswith("lms_sync.store.migrations.") and not module.name.endswith(".__main__"):
        importlib.import_module(module.name)
print(json.dumps([len(sys.modules), opened]))
"""


@pytest.mark.slow
def test_no_module_reads_a_file_when_it_is_imported() -> None:
    folder = str(Path(lms_sync.__file__).parent.parent)

    answer = subprocess.run(
        [sys.executable, "-c", READ_AT_IMPORT, folder], capture_output=True, text=True, check=True
    )

    imported, opened = json.loads(answer.stdout)
    assert imported > 300
    assert opened == []
