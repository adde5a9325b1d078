"""status: how the last night went, and what waits. It judges nothing, so it loads nothing that judges."""

import click

from lms_sync.cli.opening import open_workspace
from lms_sync.cli.options import pass_folder
from lms_sync.cli.show import print_table
from lms_sync.model.delivery import DeliveryState


@click.command(
    epilog="""\b
Examples:
  lms-sync status
""",
)
@pass_folder
def status(folder: str) -> None:
    """Show the last night, the age of each source, what waits for a person, and the outbox."""
    with open_workspace(folder, writes=False) as workspace:
        last = workspace.store.runs.last("nightly")
        zone = workspace.zone
        if last is None:
            click.echo("No night has run here yet: lms-sync nightly")
        else:
            ended = f"exit code {last.exit_code}" if last.finished_at else "did not finish"
            click.echo(f"Last night: {last.started_at.astimezone(zone):%Y-%m-%d %H:%M}, {ended}")
        rows = [
            [source, f"{stored.pulled_at.astimezone(zone):%Y-%m-%d %H:%M}" if stored else "never", attempt.outcome]
            for source, (stored, attempt) in sorted(workspace.store.runs.pulls().items())
        ]
        print_table(["Source", "Last stored", "Last attempt"], rows)
        waiting = workspace.store.findings.open()
        areas = sorted({open_finding.finding.area.value for open_finding in waiting})
        counts = [[area, str(sum(open_finding.finding.area == area for open_finding in waiting))] for area in areas]
        print_table(["Waiting on the worklist", "Findings"], counts)
        states = [[s.value, str(len(workspace.store.deliveries.listed(s)))] for s in DeliveryState]
        print_table(["Outbox", "Deliveries"], [row for row in states if row[1] != "0"])
