"""layouts: describe a sheet that nobody has described, and try the layouts on the files at hand."""

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from lms_sync.cli.findings import findings_json
from lms_sync.cli.options import format_option, output_file, pass_folder
from lms_sync.cli.show import print_json, print_table
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, LmsSyncError, UsageError
from lms_sync.files import write_whole
from lms_sync.model.evidence import Refused
from lms_sync.model.finding import Finding
from lms_sync.operations.intake import make_sources
from lms_sync.operations.opening import now
from lms_sync.sources.propose.answers import ORDERS
from lms_sync.sources.propose.draft import Proposal, layout_of, toml_of
from lms_sync.sources.propose.fits import denied, fitting
from lms_sync.sources.propose.proposal import propose
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import Spreadsheet
from lms_sync.sources.trial import (
    ROW_HEADINGS,
    counts,
    days_ahead,
    known_to,
    layouts_at_hand,
    row_words,
    sheets_of,
    tried,
)
from lms_sync.tables.cells import Sheet
from lms_sync.workspace.settings.config import Config, read_config

SHOWN_ROWS = 5


@click.command(
    "propose",
    epilog="""\b
Examples:
  lms-sync layouts propose inbox/new.xlsx                                 the layout, and the first rows by it
  lms-sync layouts propose inbox/new.csv -o mappings/layouts/new.toml     into a file to edit
  lms-sync layouts propose inbox/new.csv --day-order month-first          where the days fit both ways
""",
)
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--sheet", default="", help="The sheet to read. [default: the one with the best header]")
@click.option("--day-order", type=click.Choice(list(ORDERS)), help="How to read 03/04/2026, if every date fits both.")
@output_file("Write the layout to this file; it must not exist yet.")
@pass_folder
def propose_command(folder: str, file: str, *, sheet: str, day_order: str | None, output: str | None) -> int:
    """Work out FILE's sheet, header, columns, dates, names and status words; say how sure that is and why.

    It recognizes columns by their headings and by what is in them: the roster's ids and addresses, the map's courses,
    dates, status words. Exit code 0: the layout can be used as it is; 1: something in it is left for you to decide.
    """
    path = Path(file)
    at_hand = layouts_at_hand(folder)
    if output is not None and Path(output).exists():
        raise UsageError(f"{output} is there already", hint="Name another file, or remove it first.")
    sheets = sheets_of(path)
    _say_fits(sheets, at_hand, path)
    find = partial(propose, sheets, at_hand, known=known_to(folder), sheet=sheet)
    proposal = find(day_order=ORDERS.get(day_order or "", ""))
    if proposal is None:
        raise UsageError(
            f"{path.name}: no row looks like a header",
            hint="A header names people and one more thing at least (course, day). Is it another sheet (--sheet)?",
        )
    if proposal.ambiguous_day:
        answer = asked_order(path.name, proposal.ambiguous_day)
        proposal = find(day_order=ORDERS[answer]) or proposal
    _write(proposal, path, output)
    is_settled = _show_rows(proposal, path) and not proposal.open_questions
    return EXIT_DONE if is_settled else EXIT_FINDINGS


def _say_fits(sheets: Sequence[Sheet], layouts: Sequence[Layout], path: Path) -> None:
    """Say which layouts at hand read the file already; one that only finds its header in it does not."""
    for layout in fitting(sheets, layouts):
        read = tried(layout, path)
        refused = [item for item in read.items if isinstance(item.reading, Refused)]
        against = denied(sheets, layout, read)
        if read.items and not read.failed and not refused and not against:
            ahead = days_ahead(read, now().date())
            click.echo(
                f"{path.name} fits the layout {layout.name} already: it reads {counts(read)}. {ahead}".rstrip(),
                err=True,
            )
        elif refused or against:
            but = f" But {against}." if against else ""
            found = f"The layout {layout.name} finds its header in {path.name}, and reads {counts(read)}.{but}"
            click.echo(found, err=True)


def asked_order(name: str, cell: str) -> str:
    """Return what a person says of the order of day and month. Raises: UsageError without a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            f"{name}: whether day or month comes first is not settled ({cell}): every day fits both ways",
            hint="Ask who made the file, then add --day-order month-first or --day-order day-first.",
        )
    answer: str = click.prompt(
        f"{name}, {cell}: every date fits both ways. Which comes first, month or day?",
        type=click.Choice(["month", "day"]),
    )
    return f"{answer}-first"


def _write(proposal: Proposal, path: Path, output: str | None) -> None:
    content = toml_of(proposal, file=path.name)
    if output is None:
        click.echo(content)
    else:
        write_whole(Path(output), content.encode())
        click.echo(f"Wrote {output}", err=True)
        for choice in proposal.choices:
            click.echo(f"  {choice.sure:7} {choice.what}: {choice.why}", err=True)
        for column in proposal.unused:
            click.echo(f"  not used {column}", err=True)
    for question in proposal.open_questions:
        click.echo(f"to decide: {question}", err=True)


def _show_rows(proposal: Proposal, path: Path) -> bool:
    """Show how the layout reads the file; return whether nothing of that is left to ask."""
    layout = layout_of(proposal, path.stem)
    if layout is None:
        click.echo("It can't be tried yet: what is left to decide comes first.", err=True)
        return False
    read = tried(layout, path)
    for finding in read.findings:
        click.echo(f"{finding}", err=True)
    return show_rows(read)


def show_rows(read: FileRead) -> bool:
    """Print the first rows, as they would be read, and how many of each kind there are.

    Return whether nothing of them is left to ask.
    """
    rows = [row_words(item) for item in read.items[:SHOWN_ROWS]]
    if rows:
        click.echo("The first rows, as they would be read:")
    print_table(ROW_HEADINGS, rows)
    click.echo(counts(read))
    if ahead := days_ahead(read, now().date()):
        click.echo(f"to decide: {ahead}", err=True)
    return not ahead


@click.command(
    epilog="""\b
Examples:
  lms-sync layouts check          every layout, and what each source's files would give
  lms-sync layouts check acadis   one layout
""",
)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@format_option
@pass_folder
def check(folder: str, names: tuple[str, ...], *, form: str) -> int:
    """Say what is wrong with the layouts, and what they would read of each file; nothing is stored."""
    config = read_config(Path(folder))
    _expect(config, names)
    broken = [
        finding
        for finding in make_sources(config)[2]
        if not names or any(name in finding.where or name in finding.found for name in names)
    ]
    if form == "json":
        return _check_json(broken, list(_read(config, names)))
    for finding in broken:
        click.echo(f"✗ {finding}")
    wrong, files = bool(broken), list(_read(config, names))
    if not (broken or files):
        click.echo("The layouts are sound, but no source reads a file by them yet. `lms-sync source add` adds one.")
    for source, read in files:
        click.echo(f"{'✗' if read.failed else '✓'} {source}: {read.name}: {counts(read)}")
        refused = [item.reading.finding for item in read.items if isinstance(item.reading, Refused)]
        for finding in (*read.findings, *refused[:3]):
            click.echo(f"    {finding}")
        wrong = wrong or read.failed or bool(refused)
    return EXIT_FINDINGS if wrong else EXIT_DONE


def _check_json(broken: Sequence[Finding], files: Sequence[tuple[str, FileRead]]) -> int:
    rows = []
    for source, read in files:
        refused = [item.reading.finding for item in read.items if isinstance(item.reading, Refused)]
        counts = {"items": len(read.items), "refused": len(refused)}
        found = findings_json([*read.findings, *refused])
        rows.append({"source": source, "file": read.name, "failed": read.failed, **counts, "findings": found})
    print_json({"layouts": findings_json(broken), "files": rows})
    return EXIT_FINDINGS if broken or any(file["findings"] for file in rows) else EXIT_DONE


def _expect(config: Config, names: tuple[str, ...]) -> None:
    place = config.path(config.settings.mappings.layouts)
    known = sorted(path.stem for path in place.glob("*.toml"))
    for name in names:
        if name not in known:
            raise UsageError(f"{name}: there is no such layout", hint=f"In {place}: {', '.join(known) or 'none'}.")


def _read(config: Config, names: tuple[str, ...]) -> Iterator[tuple[str, FileRead]]:
    for source in make_sources(config)[0]:
        if not isinstance(source, Spreadsheet):
            continue
        patterns = tuple(
            opened_pattern for opened_pattern in source.patterns if not names or opened_pattern.layout.name in names
        )
        if not patterns:
            continue
        trial = Spreadsheet(source.name, source.export, patterns, source.folder, source.district_zone)
        try:
            for read in trial.pull(frozenset()).files:
                yield source.name, read
        except LmsSyncError as error:
            click.echo(f"✗ {source.name}: {error}\n    {error.hint}")
