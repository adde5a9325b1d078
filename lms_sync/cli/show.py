"""How results look on a terminal, and plain when they go elsewhere.

The home of rich, which is imported where something is printed with it.
"""

import json
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lms_sync.cli.printing import printable, unescaped
from lms_sync.text import days_written

if TYPE_CHECKING:
    from rich.console import Console

_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?: (\d{2}:\d{2}))?(?=$| by | \()")
"""A day, and perhaps a time, with which a cell begins; a file's name that begins with one is none."""
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


def console() -> "Console":
    """Return a console for stdout; colour only on a terminal, and never with NO_COLOR."""
    from rich.console import Console

    return Console(file=unescaped(sys.stdout), highlight=False, width=None if sys.stdout.isatty() else 200)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; nothing when it has no rows. State words get their colour beside the word, never instead."""
    if not rows:
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(as_people_write(cell)), style=COLOURS.get(cell, "")) for cell in row))
    console().print(table)


def as_people_write(cell: str) -> str:
    """Return a cell for people: `2026-11-23 02:10` as `23 Nov 2026, 02:10`; for programs it stays as it is."""
    if not (day := _A_DAY.match(cell)):
        return cell
    return days_written(cell[:10]) + (f", {day[1]}" if day[1] else "") + cell[day.end() :]


def print_json(value: Any) -> None:
    """Print a value as JSON, as every command does with `--format json`."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def listing_json(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """Return a table's rows for other programs, each cell under its column's heading: `Since` → `since`."""
    keys = [heading.casefold().replace("'", "").replace(",", "").replace(" ", "_") for heading in headings]
    return [dict(zip(keys, row, strict=True)) for row in rows]


def print_listing(headings: Sequence[str], rows: Sequence[Sequence[str]], *, form: str, nothing: str = "") -> None:
    """Print a listing as a table or as JSON; a table without rows says `nothing`."""
    if form == "json":
        print_json(listing_json(headings, rows))
    elif rows:
        print_table(headings, rows)
    elif nothing:
        sys.stdout.write(f"{nothing}\n")


def print_text(text: str) -> None:
    """Print a text as it is."""
    from rich.text import Text

    console().print(Text(printable(text)))
