"""worklist: what waits for a person, and decisions about claims."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from lms_sync.cli.findings import ALL_OF_THEM, finding_json, lines_of, print_left_out, sign
from lms_sync.cli.opening import day, open_workspace, who
from lms_sync.cli.options import all_option, by_option, format_option, pass_folder, reason_option
from lms_sync.cli.show import print_json, print_table
from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.finding import AREA_HEADINGS, OpenFinding
from lms_sync.model.finding_groups import together
from lms_sync.operations.worklist import Answer, settle
from lms_sync.store.known.named_ids import whole_id
from lms_sync.store.workspace import Workspace
from lms_sync.text import shortened, written_day


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  lms-sync worklist
  lms-sync worklist accept 3fa94c12 --reason "ESD 105 letter of 3 March 2026, no. 88"
  lms-sync worklist refuse 3fa94c12 --reason "no record of it at the ESD"
  lms-sync worklist keep 5b7e90aa --reason "the course was reset for the new year"
""",
)
@all_option(ALL_OF_THEM)
@format_option
@click.pass_context
def worklist(context: click.Context, *, everything: bool, form: str) -> None:
    """Show what waits for a person: claims, people to confirm, courses the map does not have yet, unreadable rows.

    ✗ keeps its file from taking effect. Cells with the same problem share one line.
    """
    if context.invoked_subcommand is None:
        with open_workspace(context.obj, writes=False) as workspace:
            waiting = workspace.store.findings.open()
            workspace.store.let_go()  # the list may stand in a pager for hours
            if form == "json":
                print_json([_open_json(open_finding, workspace) for open_finding in waiting])
            else:
                _show(waiting, workspace, everything=everything)


def _open_json(open_finding: OpenFinding, workspace: Workspace) -> dict[str, Any]:
    since = f"{open_finding.first_seen.astimezone(workspace.zone):%Y-%m-%d}"
    return finding_json(open_finding.finding) | {"since": since}


def _show(waiting: Sequence[OpenFinding], workspace: Workspace, *, everything: bool) -> None:
    if not waiting:
        click.echo("Nothing waits for anybody.")
    since = {
        open_finding.finding: open_finding.first_seen.astimezone(workspace.zone).date() for open_finding in waiting
    }
    short = shortened(finding.id for finding in since)
    groups = [("Waiting too long: decide these first", [finding for finding in since if finding.leads])]
    groups += [
        (heading, [f for f in since if f.area is area and not f.leads]) for area, heading in AREA_HEADINGS.items()
    ]
    for heading, found in groups:
        if not found:
            continue
        click.echo(f"\n{heading} ({len(found)})")
        lines = lines_of(sorted(together(found), key=lambda group: -group.first.weight), everything=everything)
        rows = [
            [
                short[group.first.id],
                written_day(min(since[finding] for finding in group.findings)),
                sign(group.first),
                group.where,
                f"{group.found}\n→ {group.first.remedy}",
            ]
            for group in lines.groups
        ]
        print_table(["ID", "Since", "", "Where", "Found → what to do"], rows)
        print_left_out(lines)


@worklist.command(
    epilog="""\b
Examples:
  lms-sync worklist accept 3fa94c12 --reason "ESD 105 letter of 3 March 2026, no. 88"
  lms-sync worklist accept 7c01d9e4 --day 2026-10-05 --reason "the sign-in sheet shows the day"
"""
)
@click.argument("claim_id", metavar="ID")
@click.option("--day", "on", metavar="DAY", help="Of a claim whose source gives no day: when the training was.")
@reason_option
@by_option
@pass_folder
def accept(folder: str, *, claim_id: str, on: str | None, reason: str, by: str) -> None:
    """Accept a claim: it counts from now on, with your name and reason.

    Where the source gives no day, name the day of the training (YYYY-MM-DD): it says whether it was done in time.
    For a Person ID with another name: it is the same person, who has a new name. For what new rules of the program
    change: HR has looked at it, and mail to the partners concerned is no longer held for it. For a difference between
    the log of decisions and the database: the database is right, and counts.
    """
    _settle(folder, claim_id, Answer.ACCEPT, reason=reason, by=by, training_day=day(on, option="--day"))


@worklist.command(
    epilog="""\b
Examples:
  lms-sync worklist refuse 3fa94c12 --reason "no record of it at the ESD" --by "A. Roe, HR"
"""
)
@click.argument("claim_id", metavar="ID")
@reason_option
@by_option
@pass_folder
def refuse(folder: str, *, claim_id: str, reason: str, by: str) -> None:
    """Refuse a claim: it leaves the worklist and does not count.

    For a Person ID with another name: it is another person now. For a difference between the log of decisions and the
    database: the log is right, and the database is set back to it.
    """
    _settle(folder, claim_id, Answer.REFUSE, reason=reason, by=by)


@worklist.command(
    epilog="""\b
Examples:
  lms-sync worklist keep 3fa94c12 --reason "the sign-in sheet of 3 March shows all of them"
"""
)
@click.argument("finding_id", metavar="ID")
@reason_option
@by_option
@pass_folder
def keep(folder: str, *, finding_id: str, reason: str, by: str) -> None:
    """Keep what is in doubt: it goes on counting, unless its source says done and then takes it back again."""
    _settle(folder, finding_id, Answer.KEEP, reason=reason, by=by)


@worklist.command(
    epilog="""\b
Examples:
  lms-sync worklist end 3fa94c12 --reason "nobody was in that class"
"""
)
@click.argument("finding_id", metavar="ID")
@reason_option
@by_option
@pass_folder
def end(folder: str, *, finding_id: str, reason: str, by: str) -> None:
    """End what is in doubt: it no longer counts from now on."""
    _settle(folder, finding_id, Answer.END, reason=reason, by=by)


@worklist.command(
    epilog="""\b
Examples:
  lms-sync worklist undo 3fa94c12 --reason "the wrong course"
"""
)
@click.argument("finding_id", metavar="ID")
@reason_option
@by_option
@pass_folder
def undo(folder: str, *, finding_id: str, reason: str, by: str) -> None:
    """Take back what was kept or ended: it is in doubt again."""
    _settle(folder, finding_id, Answer.UNDO, reason=reason, by=by)


def _settle(
    folder: str, finding_id: str, answer: Answer, *, reason: str, by: str, training_day: date | None = None
) -> None:
    if not reason.strip():
        raise UsageError("--reason is empty", hint="Say why, in words that make sense years later.")
    with open_workspace(folder) as workspace:
        author = Author(who(by), reason, workspace.clock())
        whole = whole_id(workspace.store, finding_id)
        settled = settle(workspace, author, finding_id=whole, answer=answer, training_day=training_day)
        click.echo(settled.replace(whole, finding_id))
