"""init, check: make a workspace, and find everything that is wrong with it."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from lms_sync.cli.findings import ALL_OF_THEM, findings_json, print_findings
from lms_sync.cli.opening import open_workspace
from lms_sync.cli.options import all_option, format_option, pass_folder
from lms_sync.cli.show import print_json
from lms_sync.errors import EXIT_FINDINGS, ConfigError, UsageError
from lms_sync.mail.before_issuing import MISSING, NO_EVIDENCE, missing
from lms_sync.model.finding import Area, Finding
from lms_sync.operations.check import check_workspace
from lms_sync.store.known.snapshot import read_snapshot
from lms_sync.tables.annotate import annotate, remark_of
from lms_sync.tables.typed_days import DateOrder
from lms_sync.workspace.settings.config import FILE_NAME, Config, read_config
from lms_sync.workspace.start.create import create
from lms_sync.workspace.start.server_files import write_server_files


@click.command(
    epilog="""\b
Examples:
  lms-sync init my-district
  lms-sync init my-district --dates month-first      9/5/2026 is 5 September in what people fill in
  lms-sync init --systemd my-district      the files that run the night on a server, in my-district/server
"""
)
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option(
    "--dates",
    type=click.Choice(("month-first", "day-first")),
    help="How people here write days in digits. Asked at a terminal; else a day that may be two is a finding.",
)
@click.option("--systemd", is_flag=True, help="Write systemd's units, a cron line and a Containerfile into server/.")
def init(folder: str, *, dates: DateOrder | None, systemd: bool) -> None:
    """Make a workspace with examples. What exists already is left as it is."""
    if systemd:
        for path in write_server_files(read_config(Path(folder))):
            click.echo(f"made  {path}")
        click.echo("\nNext: docs/operators.md, systemd.")
        return
    if dates is None and sys.stdin.isatty() and not (Path(folder) / FILE_NAME).exists():
        dates = _asked_dates()
    created = create(Path(folder), dates=dates or "")
    for path in created.created:
        click.echo(f"made  {path}")
    for path in created.kept:
        click.echo(f"kept  {path}")
    click.echo(f"\nNext: fill in {Path(folder) / 'roster.xlsx'}, then: lms-sync -w {folder} check")


def _asked_dates() -> DateOrder:
    click.echo("How do people here write days in digits, in the workbooks that they fill in?")
    click.echo("  month-first: 9/5/2026 is September 5.  day-first: it is 9 May.  ask: such a day is asked about.")
    answer: str = click.prompt("Dates", type=click.Choice(("month-first", "day-first", "ask")), default="month-first")
    return "month-first" if answer == "month-first" else "day-first" if answer == "day-first" else ""


@click.command(
    epilog="""\b
Examples:
  lms-sync check               exit code 0 all good · 1 something to look at · 2 something that must be mended
  lms-sync check --annotate    and copies of roster and course map with comments: roster.checked.xlsx
""",
)
@click.option("--annotate", "copy", is_flag=True, help="Write copies of roster and map with comments on the cells.")
@all_option(ALL_OF_THEM)
@format_option
@pass_folder
def check(folder: str, *, copy: bool, everything: bool, form: str) -> int:
    """Check settings, roster, course map, layouts, templates and database: everything wrong, at once.

    What says the same of several cells stands in one line, by sheet and row.
    """
    config = read_config(Path(folder))
    findings = [*check_workspace(config), *_database(folder)]
    findings.sort(key=lambda finding: finding.code not in MISSING)
    if copy:
        _annotate(config, findings)
    if form == "json":
        print_json(findings_json(findings))
    else:
        _tell(findings, everything=everything)
    return _exit_code(findings)


def _exit_code(findings: Sequence[Finding]) -> int:
    if any(finding.blocks for finding in findings):
        return UsageError.exit_code
    return EXIT_FINDINGS if findings else 0


def _annotate(config: Config, findings: Sequence[Finding]) -> None:
    """Write copies of the workbooks with comments on the cells of their findings; nothing where there are none."""
    settings = config.settings
    for path in (config.path(settings.roster.path), config.path(settings.mappings.courses)):
        here = [finding for finding in findings if finding.where.startswith(f"{path.name}, ")]
        if here and path.is_file():
            target = path.with_name(f"{path.stem}.checked.xlsx")
            annotate(path, target, [remark_of(finding, path.name) for finding in here])
            click.echo(f"Wrote {target}", err=True)


def _tell(findings: Sequence[Finding], *, everything: bool) -> None:
    print_findings(findings, everything=everything)
    blocking = sum(finding.blocks for finding in findings)
    if not findings:
        click.echo("All good: settings, roster, course map, layouts, templates, database.")
        return
    click.echo(f"\nFindings: {len(findings)}. To be mended before a file comes into force: {blocking}.")
    if any(finding.code in MISSING for finding in findings):
        click.echo("Nothing is issued until what stands first is settled.")


def _database(folder: str) -> Iterator[Finding]:
    """Yield what keeps the database from being used: its place, another identity key; or that it holds nothing."""
    try:
        with open_workspace(folder, writes=False) as workspace:
            snapshot = read_snapshot(workspace.store, workspace.clock())
            yield from (f for f in missing(workspace.config, snapshot) if f.code == NO_EVIDENCE)
    except ConfigError as error:
        yield Finding(
            Area.CONFIG,
            "unusable",
            "lms_sync.toml, [store]",
            str(error),
            expected="a database that opens with its identity key",
            remedy=error.hint,
            blocks=True,
        )
