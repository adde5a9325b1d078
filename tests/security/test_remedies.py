"""Issue 13, line 11: every command that is printed for a person is made of whole words, whatever stands in them."""

import ast
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lms_sync.cli.main import main
from lms_sync.errors import SafetyStop
from lms_sync.operations.pull.plausible import check_plausible
from lms_sync.text import Stated, command_line
from tests.security.by_hand import composed_by_hand, unencoded

CODE = Path(__file__).parent.parent.parent / "lms_sync"
HOSTILE = [
    "x; rm -rf ~",
    "$(touch y)",
    "`id`",
    "a'b",
    'a"b',
    "a b",
    "a\nb",
    "-x",
    "--help",
    "--",
    "-",
    "",
    "é",
    "~root",
    "*",
    "!!",
    "\\",
    "a&b",
    ">f",
    "#c",
    "{a,b}",
]


@pytest.mark.parametrize(
    "source",
    [
        'f"Run lms-sync people link {handle} PERSON."',
        "f'`agreements plan {name}`'",
        '"lms-sync pull " + source',
        '"lms-sync worklist accept {id}"',
        'f"x: lms-sync gaps " f"{partner}"',
        'f"Next: lms-sync -w {folder} setup"',
        'f"Next: lms-sync{where} setup"',
        "f'source add {named}'",
        'f"still lacks it: agreements show {name}"',
    ],
)
def test_a_command_composed_by_hand_would_be_found(source: str) -> None:
    assert list(composed_by_hand(ast.walk(ast.parse(source))))


def test_an_id_in_the_name_of_a_file_would_be_found() -> None:
    assert list(unencoded(ast.walk(ast.parse('f"record-{person_id}.pdf"')))) == ["person_id"]


def test_13_11_one_module_quotes_for_the_shell() -> None:
    found = {str(p.relative_to(CODE)) for p in CODE.rglob("*.py") if "shlex" in p.read_text(encoding="utf-8")}
    assert found == {"text.py"}


def words_of(line: str) -> dict[str, object]:
    """Return what click makes of a line. Raises: click.UsageError."""
    words = shlex.split(line)
    assert words[0] == "lms-sync"
    command: click.Command = main
    context = main.make_context("lms-sync", words[1:])
    rest = [*context._protected_args, *context.args]
    while isinstance(command, click.Group):
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command = found
        context = command.make_context(name, [*rest], parent=context)
        rest = [*getattr(context, "_protected_args", []), *context.args]
    return context.params


MANY: dict[str, tuple[int, Callable[[str], str]]] = {
    "people link": (2, lambda name: command_line("people link", name, name, reason=...)),
    "people unlink": (2, lambda name: command_line("people unlink", name, not_=name, reason=...)),
    "people merge": (2, lambda name: command_line("people merge", name, name, reason=...)),
    "people show": (1, lambda name: command_line("people show", name)),
    "pull": (2, lambda name: command_line("pull", name, accept_refused=name, reason=...)),
    "pull --accept-drop": (2, lambda name: command_line("pull", name, accept_drop=name)),
    "outbox release": (1, lambda name: command_line("outbox release", without=name, reason=...)),
    "agreements review": (2, lambda name: command_line("agreements review", name, o=name)),
    "agreements adopt": (1, lambda name: command_line("agreements adopt", name, undo=True, reason=...)),
    "layouts propose": (2, lambda name: command_line("layouts propose", name, o=name)),
    "gaps": (1, lambda name: command_line("gaps", name, as_of="2026-11-01")),
    "documents request": (2, lambda name: command_line("documents request", name, esd=..., o=name)),
    "calendar": (1, lambda name: command_line("calendar done students", building=name, on="2026-11-01", note=...)),
    "plausible": (2, lambda name: commands_in(stop_of(name))[0]),
}


def stop_of(source: str) -> str:
    with pytest.raises(SafetyStop) as stop:
        check_plausible(set(map(str, range(9))), set(), source=source)
    return str(stop.value.hint)


def commands_in(remedy: str) -> list[str]:
    """Return the commands of a remedy; a name in it may hold a backquote itself."""
    return re.findall(r"`(lms-sync .*)`", remedy, re.DOTALL)


@pytest.mark.parametrize("name", MANY)
def test_13_11_a_command_comes_through_shell_and_click_as_it_was_meant(name: str) -> None:
    times, line = MANY[name]
    plain = params_of(line("x"))
    assert plain.count("x") == times
    for value in HOSTILE:
        if not value.strip() and "-o" in line("x").split():
            continue  # what names nothing is no output: click says so
        assert params_of(line(value)) == [value if word == "x" else word for word in plain]


def params_of(line: str) -> list[str]:
    """Return what click has read, as texts."""
    parts = words_of(line).values()
    return [str(word) for part in parts for word in (part if isinstance(part, tuple) else (part,))]


text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(values=st.lists(text, max_size=3), option=text)
@example(values=["-x"], option="-y")
def test_13_11_the_shell_gives_back_the_words(values: list[str], option: str) -> None:
    stated: dict[str, Stated] = {"reason": option, "n": option, "undo": True}
    words = shlex.split(command_line("a b", *values, **stated))
    assert words[:3] == ["lms-sync", "a", "b"]
    assert [word for word in words if word in values] or not values
    assert "--undo" in words
    assert option in [*words, *(word.partition("=")[2] for word in words), *(word[2:] for word in words)]
