"""Groups whose commands are imported when they are run, so that help and a mistyped word cost nothing."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

atexit.register(gc.freeze)  # what is there at the end is given back at once: no cycles are looked for in it first


class LazyCommand(click.Command):
    """A command of which only the name and a line of help are known until it is loaded."""

    def __init__(self, name: str, address: str, short_help: str) -> None:
        super().__init__(name, short_help=short_help, add_help_option=False)
        self.address = address
        """`module:attribute`, the module below `lms_sync.cli`."""

    def load(self) -> click.Command:
        """Return the command itself."""
        module, _, attribute = self.address.partition(":")
        with _nothing_collected():
            command = getattr(import_module(f"lms_sync.cli.{module}"), attribute)
        assert isinstance(command, click.Command), self.address
        return command


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Look for no cycles of values meanwhile, nor among these later: what modules make stays.

    Looking it over takes a tenth of a start, and as much again once everything is there.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class LazyGroup(click.Group):
    """A group that loads the command it is asked to run, and no other."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return name, command and the arguments left, as click does; the command is loaded."""
        name, command, left = super().resolve_command(ctx, args)
        return name, loaded(command) if command else None, left


def loaded(command: click.Command) -> click.Command:
    """Return the command itself, imported if it was not yet."""
    return command.load() if isinstance(command, LazyCommand) else command


def lazy_group(name: str, *commands: LazyCommand, **attributes: Any) -> LazyGroup:
    """Return a group of these commands; `attributes` are those of click's Group."""
    return LazyGroup(name, commands={command.name: command for command in commands if command.name}, **attributes)
