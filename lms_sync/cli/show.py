"""How results look on a terminal, and plain when they go elsewhere; the option for JSON. The home of rich."""

import sys
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to show it.",
)

COLOURS = {
    "overdue": "bold red",
    "undetermined": "magenta",
    "on plan": "yellow",
    "complete": "green",
    "documented": "bold green",
    "held": "yellow",
    "failed": "bold red",
    "unknown": "bold red",
    "sent": "green",
}


def console() -> Console:
    """Return a console for stdout; colour only on a terminal, and never with NO_COLOR."""
    return Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 200)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; nothing when it has no rows. State words get their colour beside the word, never instead."""
    if not rows:
        return
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell, style=COLOURS.get(cell, "")) for cell in row))
    console().print(table)


def print_text(text: str) -> None:
    """Print a text as it is."""
    console().print(Text(text))
