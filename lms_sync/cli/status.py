"""status: how the last night went, and what waits. It judges nothing, so it loads nothing that judges."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from lms_sync.cli.opening import open_workspace
from lms_sync.cli.options import format_option, pass_folder
from lms_sync.cli.show import print_table
from lms_sync.errors import EXIT_DONE, LmsSyncError
from lms_sync.model.finding import AREA_HEADINGS, Area, kind_words
from lms_sync.operations.monitoring.health import Health, HealthVerdict, check_line, health_json, health_of
from lms_sync.text import written_minute


@click.command(
    epilog="""\b
Examples:
  lms-sync status
  lms-sync status --check           one line and 0 OK · 1 warning · 2 critical · 3 unknown, for monitoring
  lms-sync status --format json
""",
)
@click.option("--check", is_flag=True, help="One line and an exit code, as Nagios and similar tools expect.")
@format_option
@pass_folder
def status(folder: str, *, check: bool, form: str) -> int:
    """Show the last night, the age of each source, what waits for a person, and the outbox."""
    if check:
        return _check(folder)
    with open_workspace(folder, writes=False) as workspace:
        health, zone = health_of(workspace), workspace.zone
    if form == "json":
        click.echo(json.dumps(health_json(health), indent=1, ensure_ascii=False))
    else:
        _show(health, zone)
    return EXIT_DONE


def _check(folder: str) -> int:
    try:
        with open_workspace(folder, writes=False) as workspace:
            verdict, line = check_line(health_of(workspace))
    except (LmsSyncError, OSError) as error:
        verdict, line = HealthVerdict.UNKNOWN, f"LMS_SYNC UNKNOWN - {' '.join(str(error).split())}"
    click.echo(line)
    return int(verdict)


def _show(health: Health, zone: ZoneInfo) -> None:
    last = health.last
    if last is None:
        click.echo("No night has run here yet: lms-sync nightly")
    else:
        unfinished = "runs still" if health.runs else "did not finish"
        ended = f"exit code {last.exit_code}" if last.finished_at else unfinished
        click.echo(f"Last night: {_minute(last.started_at, zone)}, {ended}")
    rows = [
        [
            source.name,
            _minute(source.stored_at, zone) if source.stored_at else "never",
            source.outcome,
        ]
        for source in health.sources
    ]
    print_table(["Source", "Last stored", "Last attempt"], rows)
    counts = [[kind_words(AREA_HEADINGS[Area(area)]), str(number)] for area, number in health.waiting.items()]
    print_table(["Waiting on the worklist", "Findings"], counts)
    states = [[state, str(number)] for state, number in health.outbox.items() if number]
    print_table(["Outbox", "Deliveries"], states)


def _minute(instant: datetime, zone: ZoneInfo) -> str:
    return written_minute(instant.astimezone(zone))
