"""nightly, pull: what runs unattended."""

import gc
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from lms_sync.cli.findings import findings_json, print_findings
from lms_sync.cli.insist import expect_sources, insist, insist_options
from lms_sync.cli.opening import day, open_workspace, who
from lms_sync.cli.options import all_option, by_option, dry_run, format_option, pass_folder
from lms_sync.cli.show import print_json, print_table, print_text
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, ConfigError, LmsSyncError, UsageError, worst
from lms_sync.files import shared_folder, write_whole
from lms_sync.mail.before_issuing import MISSING
from lms_sync.model.author import Author
from lms_sync.model.run import FileLedger, Pulled, RunRecord
from lms_sync.operations.intake import take_in
from lms_sync.operations.issuing import NOT_MADE
from lms_sync.operations.monitoring.night_report import write_reports
from lms_sync.operations.monitoring.ping import announced
from lms_sync.operations.night import Night, run_night
from lms_sync.operations.once_a_day import night_instead
from lms_sync.operations.plausible_roster import ROSTER
from lms_sync.operations.pull.sources import pull_sources
from lms_sync.operations.pull.waiting import accept_refused
from lms_sync.reports.night.email import night_text
from lms_sync.sources.connectors import Source
from lms_sync.sources.spreadsheet.source import Spreadsheet
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.settings.config import read_config

log = logging.getLogger(__name__)


@click.command(
    epilog="""\b
Examples:
  lms-sync nightly            from cron: prints nothing when nothing needs a person
  lms-sync nightly -n         what would happen tonight; nothing is stored or sent
  lms-sync nightly --accept-drop esd-moodle    after a safety stop; so --accept-days
  lms-sync nightly --once-a-day    for a timer: does nothing if today's night has run
  lms-sync nightly --all      judge everybody again, and say whether anything differs
"""
)
@dry_run
@insist_options
@by_option
@click.option("--as-of", metavar="DAY", help="Judge as of this day (YYYY-MM-DD), with -n only. [default: today]")
@click.option("--once-a-day", is_flag=True, help="Do nothing if today's night has already finished.")
@all_option("Judge everybody again, not only those with a change; a night does so by itself once a week.")
@pass_folder
def nightly(folder: str, /, *, dry_run: bool, as_of: str | None, **asked_for: Any) -> int:
    """Run one night: pull, judge, queue, send, and mail HR a summary.

    When the clock goes back an hour, a night that ran in that hour is not run again.
    """
    asked = Asked(day(as_of, option="--as-of"), dry_run, **asked_for)
    if dry_run:
        return _one_night(folder, asked)
    with announced(read_config(Path(folder))) as ending:
        ending.exit_code = _one_night(folder, asked)
    return ending.exit_code


@dataclass(frozen=True, slots=True)
class Asked:
    """What a night is asked to do."""

    judged: date | None
    """The day to judge; None for today."""
    dry_run: bool
    once_a_day: bool
    everything: bool
    """Judge everybody, not only those of whom anything changed."""
    drops: tuple[str, ...]
    """Sources whose missing records are said to be really gone."""
    days: tuple[str, ...]
    """Sources whose exchanged days are said to be right."""
    by: str


def _one_night(folder: str, asked: Asked) -> int:
    judged, dry_run = asked.judged, asked.dry_run
    _collect_seldom()
    with open_workspace(folder, rehearsal=dry_run) as workspace:
        earlier = None if dry_run else night_instead(workspace, once_a_day=asked.once_a_day)
        if earlier is not None:
            _stand_back(earlier, workspace.zone)
            return earlier.exit_code or EXIT_DONE
        if judged not in (None, workspace.today()) and not dry_run:
            raise UsageError(
                f"--as-of {judged}: another day than today is judged, but never mailed",
                hint="Add -n to see that night, or use `lms-sync gaps --as-of`.",
            )
        _announce(workspace, ())
        sure = insist(workspace, drops=asked.drops, days=asked.days, by=asked.by)
        night = run_night(workspace, **sure, as_of=judged, everybody=asked.everything)
        unwritten = () if dry_run else write_reports(workspace, night)
        code = worst({night.exit_code, *(ConfigError.exit_code for _ in unwritten)})
        _print_night(workspace, night, dry_run=dry_run, code=code)
        for sentence in unwritten:
            click.echo(f"lms-sync: {sentence}", err=True)
        return code


def _stand_back(earlier: RunRecord, zone: ZoneInfo) -> None:
    """Say in the log that today's night has run; as a warning where its exit code is not 0."""
    began, level = earlier.started_at.astimezone(zone), logging.WARNING if earlier.exit_code else logging.INFO
    ended = f"today's night began at {began:%H:%M} and ended with exit code {earlier.exit_code}: nothing is done"
    log.log(level, ended)


def _collect_seldom() -> None:
    """Look for cycles of values seldom: what a night makes lives until its end, and hardly any of it is one.

    Of ten thousand people a night makes some thirty thousand values in cycles, a few megabytes, among five million.
    """
    gc.freeze()
    gc.set_threshold(4_000_000, 50, 1_000)


def _announce(workspace: Workspace, only: tuple[str, ...]) -> None:
    """Say on a terminal what begins; the log tells each source that is done. Under cron there is silence."""
    if sys.stderr.isatty():
        names = [source.name for source in workspace.config.settings.source if not only or source.name in only]
        click.echo(f"Pulling {', '.join(names) or 'nothing: no [[source]] in lms_sync.toml'} …", err=True)


def _print_night(workspace: Workspace, night: Night, *, dry_run: bool, code: int) -> None:
    if night.summary is None:
        return
    if dry_run:
        click.echo("Dry run: nothing was stored, nothing was sent.\n")
    if dry_run or sys.stdout.isatty():
        print_text(night_text(night.summary, zone=workspace.zone))
    elif code:
        _print_troubles(workspace, night)
        click.echo(f"Exit code {code}.")


def _print_troubles(workspace: Workspace, night: Night) -> None:
    """Say in a few lines, which name nobody, why the exit code is not 0: cron mails them to the operator."""
    waiting = workspace.store.findings.in_the_way((*MISSING, *NOT_MADE))
    for finding in (finding for finding in waiting if finding.code in MISSING):
        click.echo(f"lms-sync: nothing is issued: {finding}", err=True)
    for trouble in (*[pulled.error for pulled in night.pulled], *night.troubles):
        _tell(trouble)
    if night.unsent:
        click.echo(f"lms-sync: the night's summary could not be sent; it is in {night.unsent}", err=True)
    mend = sum(finding.blocks and finding.code not in MISSING for finding in waiting)
    not_made = sum(finding.code in NOT_MADE for finding in waiting)
    lines = [
        (len(night.new), "new on the worklist. See `lms-sync worklist`."),
        (not_made, "of tonight's reports could not be made. See `lms-sync worklist`."),
        (mend, "to correct before a file takes effect. See `lms-sync check`."),
    ]
    for number, what in lines:
        if number:
            click.echo(f"{number} {what}")


@click.command(
    epilog="""\b
Examples:
  lms-sync pull                      every source
  lms-sync pull esd-moodle -n        read one, store nothing
  lms-sync pull --anew               after a purge, when somebody who had left is back
  lms-sync pull vector --accept-refused vector --reason "those rows are of other districts"
  lms-sync pull vector --annotate    and to-hand-back/vector/export.checked.xlsx, for whoever made the file
""",
)
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@dry_run
@insist_options
@click.option("--anew", is_flag=True, help="Read unchanged files too, as if for the first time.")
@click.option(
    "--accept-refused",
    "rows_of",
    multiple=True,
    metavar="SOURCE",
    help="Let reports go out without the rows refused in SOURCE's files as they are now. Needs --reason.",
)
@click.option("--reason", default="", help="Why; kept with the decision of --accept-refused.")
@click.option(
    "--annotate", "copy", is_flag=True, help="Write copies of files with comments on the cells: to-hand-back/"
)
@by_option
@format_option
@pass_folder
def pull(folder: str, /, *, sources: tuple[str, ...], dry_run: bool, anew: bool, form: str, **decided: Any) -> int:
    """Fetch and store the sources (all, or those named), and print what became of each file."""
    with open_workspace(folder, rehearsal=dry_run) as workspace:
        by = decided["by"]
        _accept_refused(workspace, decided["rows_of"], reason=decided["reason"], by=by)
        sure = insist(workspace, drops=decided["drops"], days=decided["days"], by=by)
        expect_sources(workspace, sources)
        _announce(workspace, sources)
        begun = workspace.clock()
        intake = take_in(workspace, now=begun, insisting=sure["accept_drop"].get(ROSTER, ""))
        pulled = pull_sources(workspace, intake, **sure, only=sources, anew=anew)
        new = [open_finding for open_finding in workspace.store.findings.open() if open_finding.first_seen >= begun]
        if form == "json":
            print_json([_pulled_json(result) for result in pulled])
        else:
            _print_pulled(pulled, dry_run=dry_run)
        if decided["copy"]:
            _hand_back(intake.sources, sources, workspace.config.path("to-hand-back"))
        return worst(
            {result.error.exit_code for result in pulled if result.error} | ({EXIT_FINDINGS} if new else set())
        )


def _print_pulled(pulled: Sequence[Pulled], *, dry_run: bool) -> None:
    rows = [
        [result.source, file.name, "not read again" if file.unchanged else "", _sum(file.outcomes), _not_kept(file)]
        for result in pulled
        for file in result.files
    ]
    if dry_run:
        click.echo("Dry run: nothing was stored.\n")
    print_table(["Source", "File", "", "Items", "Columns that are not kept"], rows)
    for result in pulled:
        _tell(result.error)
    print_findings(finding for result in pulled for found in result.findings.values() for finding in found)


def _pulled_json(pulled: Pulled) -> dict[str, Any]:
    files = [
        {
            "file": file.name,
            "read_again": not file.unchanged,
            "items": dict(sorted(file.outcomes.items())),
            "columns_not_kept": list(file.dropped),
        }
        for file in pulled.files
    ]
    findings = findings_json(finding for found in pulled.findings.values() for finding in found)
    error = str(pulled.error) if pulled.error else None
    return {"source": pulled.source, "error": error, "files": files, "findings": findings}


def _hand_back(sources: Sequence[Source], only: Sequence[str], folder: Path) -> None:
    """Write copies of the files in which something is wrong, with comments on the cells, a folder a source."""
    # Imported here: only who asks for copies needs what annotates a workbook.
    from lms_sync.sources.spreadsheet.hand_back import commented_files

    for source in sources:
        if isinstance(source, Spreadsheet) and (not only or source.name in only):
            for copy in commented_files(source):
                place = folder / source.name
                shared_folder(place)
                write_whole(place / copy.name, copy.content)
                click.echo(f"Wrote {place / copy.name}", err=True)


def _accept_refused(workspace: Workspace, names: tuple[str, ...], *, reason: str, by: str) -> None:
    expect_sources(workspace, names)
    if reason and not names:
        raise UsageError("--reason goes with --accept-refused", hint="Name the source: --accept-refused SOURCE.")
    for name in names:
        for rows in accept_refused(workspace, Author(who(by), reason, workspace.clock()), source=name):
            click.echo(f"Accepted: {rows.refused} of {rows.counted} rows of {rows.file} are not read.")


def _not_kept(file: FileLedger) -> str:
    return ", ".join(file.dropped)


def _sum(outcomes: Mapping[str, int]) -> str:
    parts = [f"{number} {outcome}" for outcome, number in sorted(outcomes.items())]
    return f"{sum(outcomes.values())} = {' + '.join(parts)}" if parts else "0"


def _tell(error: LmsSyncError | None) -> None:
    if error:
        click.echo(f"lms-sync: {error}" + (f"\n  → {error.hint}" if error.hint else ""), err=True)
