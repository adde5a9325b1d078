"""Options that several commands share, each worded once; and what a command is handed of the group's own."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

pass_folder = click.pass_obj
"""Hands a command the workspace's folder, from -w."""
by_option = click.option("--by", default="", help="Who decides. [default: LMS_SYNC_USER, else your account]")
reason_option = click.option("--reason", required=True, help="Why; kept with the decision.")
as_of_option = click.option("--as-of", metavar="DAY", help="Judge as of this day (YYYY-MM-DD). [default: today]")
known_at_option = click.option(
    "--known-at", metavar="INSTANT", help="Use only what was known then (YYYY-MM-DDTHH:MM). [default: now]"
)
year_option = click.option("--year", metavar="YEAR", help="The school year, such as 2026-27.")


def format_choice(*forms: str, text: str = "How to show it.") -> Callable[[Decorated], Decorated]:
    """Return the option `--format` with these forms; the first is the default."""
    return click.option("--format", "form", type=click.Choice(forms), default=forms[0], show_default=True, help=text)


class NamedPath(click.Path):
    """A file or folder that has a name: `-o "$OUT"` of a variable that is not set has none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path as click does. Raises: BadParameter for a blank one."""
        if not str(value).strip():
            self.fail("it names nothing; is a variable of the shell not set?", param, ctx)
        return super().convert(value, param, ctx)


def output_file(text: str, *, required: bool = False) -> Callable[[Decorated], Decorated]:
    """Return the option `-o` for a file."""
    return click.option("-o", "--output", required=required, type=NamedPath(dir_okay=False), help=text)


def output_folder(text: str) -> Callable[[Decorated], Decorated]:
    """Return the option `-o` for a folder, which must be named."""
    return click.option("-o", "--output", required=True, type=NamedPath(file_okay=False), help=text)


def all_option(text: str) -> Callable[[Decorated], Decorated]:
    """Return the option `--all`, as `everything`."""
    return click.option("--all", "everything", is_flag=True, help=text)


format_option = format_choice("table", "json")

dry_run = click.option(
    "-n", "--dry-run", is_flag=True, help="Go through everything, but store nothing and send nothing."
)
