"""source add: say where completions come from; the program writes the settings, and a layout where none fits."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from lms_sync.cli.layouts import asked_order, show_rows
from lms_sync.cli.opening import expect_known
from lms_sync.cli.options import pass_folder
from lms_sync.cli.source_columns import asked_columns, sorted_states, stated_columns
from lms_sync.errors import UsageError
from lms_sync.files import file_name, write_new
from lms_sync.model.evidence import Completion
from lms_sync.operations.setup import taken_already
from lms_sync.sources.propose.answers import ORDERS, headings_of
from lms_sync.sources.propose.columns import KnownValues
from lms_sync.sources.propose.draft import Proposal, layout_of, toml_of
from lms_sync.sources.propose.fits import denied, fitting
from lms_sync.sources.propose.proposal import propose
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.trial import counts, known_to, layouts_at_hand, sheets_of, tried
from lms_sync.tables.cells import Sheet
from lms_sync.text import closest, command_line, program_in
from lms_sync.workspace.settings.config import Config, read_config
from lms_sync.workspace.settings.edit import add_section

KINDS = ("canvas", "moodle", "xapi")
LISTS = frozenset(("courses", "partners", "verbs", "activities", "account_is_person_id"))
"""Keys of a source that take several values."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A layout at hand, and what it reads of the file."""

    layout: Layout
    read: FileRead

    @property
    def completions(self) -> int:
        """Return how many items are completions."""
        return sum(isinstance(item.reading, Completion) for item in self.read.items)


@click.command(
    "add",
    epilog="""\b
Examples:
  lms-sync source add inbox/moodle.csv                      finds the layout that reads it, or proposes one
  lms-sync source add inbox/vector --layout safeschools     a folder: its newest file shows what comes
  lms-sync source add inbox/guards.xlsx --day-order month-first --take-layout
  lms-sync source add inbox/pat.xlsx --column day=When --course "De-escalation" --take-layout
  lms-sync source add --kind canvas --name esd-canvas --set url=https://canvas.example.org \\
      --set token_file=state/canvas-token --set courses=sis_course_id:SSS-2026
""",
)
@click.argument("place", metavar="[FILE]", default="", type=click.Path())
@click.option("--name", default="", help="What to call the source. [default: its folder's or file's name]")
@click.option("--layout", default="", help="How its files are laid out. [default: the one that reads FILE best]")
@click.option("--zone", default="", help="The time zone of the times in the file. [default: the district's]")
@click.option(
    "--export",
    type=click.Choice(("cumulative", "increment")),
    default="cumulative",
    show_default=True,
    help="Does a new file hold everything up to now, or only what is new?",
)
@click.option("--day-order", type=click.Choice(list(ORDERS)), help="How to read 03/04/2026, if every date fits both.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="PART=HEADING",
    help="Which column holds day, course, number, name, …",
)
@click.option(
    "--status", "states", multiple=True, metavar="WORD=MEANING", help="What a status word means, such as OK=done."
)
@click.option("--course", default="", help="The course, where the whole file is about one.")
@click.option("--take-layout", "take", is_flag=True, help="Accept a proposed layout without being asked.")
@click.option("--kind", type=click.Choice(KINDS), help="An LMS that is asked directly, instead of FILE.")
@click.option("--set", "values", multiple=True, metavar="KEY=VALUE", help="A setting of it; repeat it for a list.")
@pass_folder
def add(folder: str, /, place: str, *, name: str, kind: str | None, **how: Any) -> None:
    """Add a source to lms_sync.toml; the rest of the file stays as it is. Nothing is stored yet."""
    config = read_config(Path(folder))
    values = _values(how["values"])
    if bool(place) == bool(kind):
        raise UsageError("name one file, or --kind", hint="Such as: lms-sync source add inbox/moodle.csv")
    section = {"kind": kind, **values} if kind else {**_files(folder, config, place, name=name, **how), **values}
    section = {"name": name or section.get("name") or f"esd-{kind}", **section}
    add_section(config.folder, "source", section)
    click.echo(f"Added the source {section['name']} to lms_sync.toml.")
    click.echo(f"Next: {program_in(folder)} {'doctor' if kind else 'setup'}")


def _values(written: Sequence[str]) -> dict[str, Any]:
    """Return the keys that were set. Raises: UsageError for what is no KEY=VALUE."""
    values: dict[str, Any] = {}
    for text in written:
        key, equals, value = text.partition("=")
        if not (key and equals):
            raise UsageError(f"--set {text}: not KEY=VALUE", hint="Such as: --set url=https://canvas.example.org")
        if key in LISTS:
            values[key] = [*values.get(key, ()), value]
        else:
            values[key] = {"true": True, "false": False}.get(value, int(value) if value.isdecimal() else value)
    return values


def _files(folder: str, config: Config, place: str, *, name: str, **how: Any) -> dict[str, Any]:
    """Return the section of a source that comes in files like this one."""
    path = _shown_file(config, place)
    relative = path.relative_to(config.folder)
    if taken := taken_already(config, path):
        raise UsageError(f"{relative} belongs to the source {taken} already", hint="There is nothing to add.")
    pattern, called = pattern_of(relative)
    layout = _layout(folder, path, called=name or called, how=how)
    file = {"path": pattern, "layout": layout.name}
    if layout.dates.needs_zone:
        file["zone"] = how["zone"] or config.settings.district.zone
        click.echo(f"Its times of day are read as of {file['zone']}; --zone names another.")
    click.echo(f"Files: {pattern}")
    return {"name": called, "kind": "spreadsheet", "export": how["export"], "files": [file]}


def _shown_file(config: Config, place: str) -> Path:
    """Return the file that shows what comes: itself, or the newest of a folder. Raises: UsageError."""
    tries = [path.resolve() for path in (Path(place), config.folder / place) if path.exists()]
    inside = [path for path in tries if path.is_relative_to(config.folder)]
    if not inside:
        found = f"{place}: it is outside the workspace" if tries else f"{place}: there is no such file or folder"
        raise UsageError(found, hint=f"Put it into {config.folder / 'inbox'} first.")
    if not inside[0].is_dir():
        return inside[0]
    files = [path for path in inside[0].iterdir() if path.is_file() and not path.name.startswith((".", "~$"))]
    if not files:
        raise UsageError(
            f"{place} is empty", hint="Put a file of the source into it, which shows how it is laid out."
        )
    return max(files, key=lambda path: (path.stat().st_mtime, path.name))


def pattern_of(relative: Path) -> tuple[str, str]:
    """Return the pattern of files like this one, and a name for their source.

    A folder of its own is the source; in the inbox itself the file's name is, without days and numbers.
    """
    inbox = relative.parent.name in ("", "inbox")
    stem = re.sub(r"[\s_-]*[\d(].*$", "", relative.stem) if inbox else ""
    called = file_name(stem or (relative.stem if inbox else relative.parent.name), ending="").lower() or "files"
    escaped = re.sub(r"([\[*?])", r"[\1]", stem)
    return (relative.parent / f"{escaped}*{relative.suffix}").as_posix(), called


def _layout(folder: str, path: Path, *, called: str, how: Mapping[str, Any]) -> Layout:
    at_hand = layouts_at_hand(folder)
    by_name = {layout.name: layout for layout in at_hand}
    if how["layout"]:
        expect_known([how["layout"]], by_name, what="layout", where="In mappings/layouts")
        return by_name[how["layout"]]
    sheets = sheets_of(path)
    fits = [Fit(layout, tried(layout, path)) for layout in fitting(sheets, at_hand)]
    best = best_fits(fits)
    against = {fit.layout.name: words for fit in best if (words := denied(sheets, fit.layout, fit.read))}
    if whole := tuple(fit for fit in best if fit.layout.name not in against):
        return _chosen(whole, called)
    for name, words in against.items():
        click.echo(f"The layout {name} would read it, but {words}. If it is right all the same: --layout {name}.")
    known = stated_columns(known_to(folder), how["columns"], how["course"])
    proposal = _proposed(sheets, at_hand, known, path, order=how["day_order"] or "")
    if proposal and layout_of(proposal, called) is None:
        headings = headings_of(proposal)
        answered = asked_columns(proposal, known, headings)
        if answered != known:
            proposal = _proposed(sheets, at_hand, answered, path, order=how["day_order"] or "")
    if proposal:
        proposal = sorted_states(proposal, how["states"])
    return _taken_over(folder, proposal, path, called=called, take=how["take"])


def _proposed(
    sheets: Sequence[Sheet], at_hand: Sequence[Layout], known: KnownValues, path: Path, *, order: str
) -> Proposal | None:
    find = partial(propose, sheets, at_hand, known=known)
    proposal = find(day_order=ORDERS.get(order, ""))
    if proposal and proposal.ambiguous_day:
        proposal = find(day_order=ORDERS[asked_order(path.name, proposal.ambiguous_day)])
    return proposal


def best_fits(fits: Sequence[Fit]) -> tuple[Fit, ...]:
    """Return the layouts that read most of the file, if they read nine rows in ten; several that read it alike."""
    good = [
        fit
        for fit in fits
        if fit.completions and not fit.read.failed and fit.completions * 10 >= len(fit.read.items) * 9
    ]
    most = max((fit.completions for fit in good), default=0)
    return tuple(fit for fit in good if fit.completions == most)


def _chosen(fits: Sequence[Fit], called: str) -> Layout:
    names = {fit.layout.name: fit for fit in fits}
    likely = [name for name in names if set(name.split("-")) & set(called.split("-"))]
    name = likely[0] if len(likely) == 1 else closest(called, names) if len(names) > 1 else next(iter(names))
    if not name and sys.stdin.isatty():
        name = click.prompt("Several layouts read it alike. Which vendor is it?", type=click.Choice(list(names)))
    if not name:
        raise UsageError(
            f"several layouts read it alike: {', '.join(names)}", hint="Name the vendor's with --layout."
        )
    click.echo(f"The layout {name} reads it: {counts(names[name].read)}.")
    return names[name].layout


def _taken_over(folder: str, proposal: Proposal | None, path: Path, *, called: str, take: bool) -> Layout:
    """Return a proposed layout that a person takes over, written into the workspace. Raises: UsageError."""
    layout = layout_of(proposal, called) if proposal else None
    by_hand = command_line("layouts propose", str(path), o=f"mappings/layouts/{called}.toml")
    if proposal is None or layout is None:
        asked = "; ".join(proposal.open_questions) if proposal else "no row looks like a header"
        headings = ", ".join(headings_of(proposal)) if proposal else ""
        say = f"Name it with --column, such as --column day=HEADING (headings: {headings}), or by --course TITLE."
        raise UsageError(
            f"{path.name}: no layout reads it, and none can be proposed: {asked}", hint=say if proposal else by_hand
        )
    click.echo(f"None of the layouts reads {path.name}. This one is proposed:")
    for choice in proposal.choices:
        click.echo(f"  {choice.sure:7} {choice.what}: {choice.why}")
    for question in proposal.open_questions:
        click.echo(f"  look at this: {question}")
    read = tried(layout, path)
    show_rows(read)
    if read.items and not any(isinstance(item.reading, Completion) for item in read.items):
        raise UsageError(
            f"{path.name}: no row would be read as a completion",
            hint=f"Correct it with --column, --status or --course, or edit it: {by_hand}",
        )
    if not take and not sys.stdin.isatty():
        raise UsageError(
            "nobody has confirmed that it reads the file correctly", hint="Look at the rows, then add --take-layout."
        )
    if not (take or click.confirm("Are the rows read correctly? Take the layout over?")):
        raise UsageError("the layout was not taken over", hint=f"To edit it: {by_hand}")
    config = read_config(Path(folder))
    target = config.path(config.settings.mappings.layouts) / f"{called}.toml"
    write_new(target, toml_of(proposal, file=path.name).encode())
    click.echo(f"Wrote {target}")
    return layout
