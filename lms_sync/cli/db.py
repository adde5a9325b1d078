"""db upgrade: bring the database up to this program, and see what its new rules change."""

import click

from lms_sync.cli.opening import open_workspace
from lms_sync.cli.options import dry_run, pass_folder
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS
from lms_sync.operations.upgrade.night import keep_judged_anew
from lms_sync.operations.upgrade.status import findings


@click.command(
    epilog="""\b
Examples:
  lms-sync db upgrade -n        what the new rules change; nothing is stored
  lms-sync db upgrade
"""
)
@dry_run
@pass_folder
def upgrade(folder: str, *, dry_run: bool) -> int:
    """Bring the tables up to date, and list whose standing the program's new rules change by the same facts.

    The partners of these people are held until `worklist accept` of the finding. The next night does the same.
    """
    with open_workspace(folder, rehearsal=dry_run) as workspace:
        change = keep_judged_anew(workspace, now=workspace.clock())
    if dry_run:
        click.echo("Dry run: nothing was stored.")
    if change is None:
        click.echo("The tables are up to date, and the rules change nobody's standing.")
        return EXIT_DONE
    for finding in findings([change]):
        click.echo(f"{finding.where}: {len(change.lines)} people are judged otherwise by the same facts.")
    for line in change.lines:
        click.echo(f"  {line}")
    if change.unrecorded:
        click.echo(f"Nothing was recorded of: {', '.join(change.unrecorded)}")
    return EXIT_FINDINGS
