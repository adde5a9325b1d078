"""init, check: make a workspace, and find everything that is wrong with it."""

from collections.abc import Iterator
from pathlib import Path

import click

from lms_sync.cli.opening import open_workspace
from lms_sync.cli.options import pass_folder
from lms_sync.errors import EXIT_FINDINGS, ConfigError, UsageError
from lms_sync.mail.before_issuing import MISSING, NO_EVIDENCE, missing
from lms_sync.model.finding import Area, Finding
from lms_sync.operations.check import check_workspace
from lms_sync.store.known.snapshot import read_snapshot
from lms_sync.workspace.settings.config import read_config
from lms_sync.workspace.start.create import create
from lms_sync.workspace.start.server_files import write_server_files


@click.command(
    epilog="""\b
Examples:
  lms-sync init my-district
  lms-sync init --systemd my-district      the files that run the night on a server, in my-district/server
"""
)
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option("--systemd", is_flag=True, help="Write systemd's units, a cron line and a Containerfile into server/.")
def init(folder: str, *, systemd: bool) -> None:
    """Make a workspace with examples. What exists already is left as it is."""
    if systemd:
        for path in write_server_files(read_config(Path(folder))):
            click.echo(f"made  {path}")
        click.echo("\nNext: docs/operators.md, systemd.")
        return
    created = create(Path(folder))
    for path in created.created:
        click.echo(f"made  {path}")
    for path in created.kept:
        click.echo(f"kept  {path}")
    click.echo(f"\nNext: fill in {Path(folder) / 'roster.xlsx'}, then: lms-sync -w {folder} check")


@click.command(
    epilog="""\b
Examples:
  lms-sync check        exit code 0 all good · 1 something to look at · 2 something that must be mended
""",
)
@pass_folder
def check(folder: str) -> int:
    """Check settings, roster, course map, layouts, templates and database: everything wrong, at once."""
    findings = [*check_workspace(read_config(Path(folder))), *_database(folder)]
    findings.sort(key=lambda finding: finding.code not in MISSING)
    for finding in findings:
        click.echo(f"{'✗' if finding.blocks else '•'} {finding}")
    blocking = sum(finding.blocks for finding in findings)
    if not findings:
        click.echo("All good: settings, roster, course map, layouts, templates, database.")
        return 0
    click.echo(f"\nFindings: {len(findings)}. To be mended before a file comes into force: {blocking}.")
    if any(finding.code in MISSING for finding in findings):
        click.echo("Nothing is issued until what stands first is settled.")
    return UsageError.exit_code if blocking else EXIT_FINDINGS


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
