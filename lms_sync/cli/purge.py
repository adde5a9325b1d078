"""purge, hold: what is old enough to go, what must not, and doing it; what a replay says of a purged time."""

from collections import defaultdict
from typing import Any

import click

from lms_sync.cli.opening import open_workspace, who
from lms_sync.cli.options import by_option, format_option, pass_folder, reason_option
from lms_sync.cli.second_person import asked
from lms_sync.cli.show import listing_json, print_json, print_listing, print_table
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, NeedsSecond, UsageError
from lms_sync.model.author import Author
from lms_sync.model.second_person import AskedAct, SecondAct
from lms_sync.model.stored_row import StoredRow
from lms_sync.operations.backup.make import backup_folder
from lms_sync.operations.backup.restore import note_purge
from lms_sync.operations.retention import decide
from lms_sync.operations.retention.apply import counts_of, kind_of_row
from lms_sync.operations.retention.cutoff import cutoff_of
from lms_sync.operations.retention.plan import PurgePlan
from lms_sync.operations.retention.record import Purge, purges
from lms_sync.store.known.registers import HOLDS
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_day

HELD, PURGED = ("Held", "Since", "By", "Why"), ("On", "Before", "By", "Why")
GOES = ("What", "How many", "Oldest", "Newest")
KINDS = {
    "absence": "missing records that were accepted",
    "audit": "entries of the log: their text",
    "completion": "completions",
    "decision": "decisions about claims",
    "delivery": "messages, with their recipients",
    "file": "files that are no longer there",
    "finding": "findings that were settled",
    "issued": "issued documents: PDF and judgement",
    "item": "items as read",
    "learner": "learners",
    "message": "messages: their text, of reports that stay",
    "pull": "pulls",
    "report": "reports as issued",
    "run": "runs",
}


@click.command(
    epilog="""\b
Examples:
  lms-sync purge --older-than 7y                            what would go, and what stays and why
  lms-sync purge --older-than 2019-07-01 --go --reason "records schedule, item 12"
""",
)
@click.option(
    "--older-than", required=True, metavar="AGE", help="Years (7y) or a day (2019-07-01); 5 years at least."
)
@click.option("--go", is_flag=True, help="Do it. What is deleted is gone for good: make a backup first.")
@click.option("--reason", default="", help="Why; kept with the record of the purge. Needed with --go.")
@by_option
@format_option
@pass_folder
def purge(folder: str, *, older_than: str, go: bool, reason: str, by: str, form: str) -> int:
    """Show what would be deleted: history, evidence of people who left, old reports, log texts. --go deletes it.

    Kept is what counts now for somebody on the roster, what an issued document relies on, and what is held. Where
    the settings require a second person, --go only asks for it.
    """
    if go and not reason.strip():
        raise UsageError("--go needs a reason", hint='Add --reason "…", in words that make sense years later.')
    with open_workspace(folder, writes=go) as workspace:
        plan = decide.planned_purge(workspace, cutoff_of(older_than, workspace.today()))
        if form == "json":
            print_json(_plan_json(workspace, plan))
        else:
            _show(workspace, plan, go=go)
        if go and not plan.empty:
            author = Author(who(by), reason, workspace.clock())
            try:
                done = decide.purge(workspace, author, plan=plan)
            except NeedsSecond:
                return asked(workspace, author, _asked(plan))
            note_purge(backup_folder(workspace.config), done)
            words = f"Done by {done.by}, and logged. Backups, log files, sent mail and inbox/ are yours to clear."
            click.echo(f"\n{words}", err=form == "json")
    return EXIT_DONE


def _asked(plan: PurgePlan) -> AskedAct:
    note = "; ".join(f"{_words(kind)}: {number}" for kind, number in counts_of(plan).items())
    return AskedAct(SecondAct.PURGE, f"all from before {plan.cutoff}", plan.cutoff, note)


def _plan_json(workspace: Workspace, plan: PurgePlan) -> dict[str, Any]:
    return {
        "before": str(plan.cutoff),
        "goes": listing_json(GOES, _rows(workspace, plan)),
        "people": len(plan.people),
        "stays": [{"why": why, "how_many": number} for why, number in sorted(plan.kept.items())],
    }


def _show(workspace: Workspace, plan: PurgePlan, *, go: bool) -> None:
    if plan.empty:
        click.echo(f"There is nothing to purge from before {written_day(plan.cutoff)}.")
    else:
        click.echo(
            f"{'Goes' if go else 'Would go'}, all from before {written_day(plan.cutoff)}"
            " or of people who left before it:\n"
        )
        print_table(GOES, _rows(workspace, plan))
        click.echo(f"\nPeople who left and whose evidence {'goes' if go else 'would go'}: {len(plan.people)}")
    if plan.kept:
        click.echo("\nOld, and stays:\n")
        print_table(["What, and why", "How many"], [[why, str(number)] for why, number in sorted(plan.kept.items())])
    if not (go or plan.empty):
        click.echo('\nNothing was changed. To do it: make a backup, then add --go --reason "…".')


def _rows(workspace: Workspace, plan: PurgePlan) -> list[list[str]]:
    kinds: dict[str, list[StoredRow]] = defaultdict(list)
    for row in (*plan.tombstones, *plan.emptied, *(row for rows in plan.removed.values() for row in rows)):
        kinds[kind_of_row(row)].append(row)
    kinds["message"] = list(plan.bodies)
    lines = []
    for kind, rows in sorted(((k, rows) for k, rows in kinds.items() if rows), key=lambda pair: _words(pair[0])):
        days = [f"{row.began.astimezone(workspace.zone):%Y-%m-%d}" for row in rows]
        lines.append([_words(kind), str(len(rows)), min(days), max(days)])
    return lines + ([["kept files that nothing refers to", str(len(plan.files)), "", ""]] if plan.files else [])


def _words(kind: str) -> str:
    return KINDS.get(kind) or f"history: {kind.removeprefix('fact: ')}"


@click.command(
    epilog="""\b
Examples:
  lms-sync hold add 100417 --reason "grievance 26-118"
  lms-sync hold add FPD-26 --reason "public records request 88"
  lms-sync hold add everything --reason "audit of the state, letter of 3 May"
""",
)
@click.argument("subject")
@reason_option
@by_option
@pass_folder
def add(folder: str, *, subject: str, reason: str, by: str) -> None:
    """Keep the records of SUBJECT from being purged: a Person ID, an Agreement ID, or `everything`."""
    with open_workspace(folder) as workspace:
        new = decide.add_hold(workspace, Author(who(by), reason, workspace.clock()), subject=subject)
    click.echo(f"{new.subject} is held by {new.set_by}. No purge takes anything about it until the hold is lifted.")


@click.command(
    name="list",
    epilog="""\b
Examples:
  lms-sync hold list
""",
)
@format_option
@pass_folder
def list_(folder: str, *, form: str) -> None:
    """List the holds (since when, by whom and why), and the purges that were done."""
    with open_workspace(folder, writes=False) as workspace:
        held, done = HOLDS.read(workspace.store).values(), purges(workspace.store)
    holds = [[h.subject, str(h.set_on), h.set_by, h.reason] for h in held]
    purged = [[str(d.on), str(d.cutoff), d.by, d.reason] for d in done]
    if form == "json":
        print_json({"holds": listing_json(HELD, holds), "purges": listing_json(PURGED, purged)})
        return
    print_listing(HELD, holds, form=form, nothing="Nothing is held.")
    if done:
        click.echo("\nPurges:")
        print_table(PURGED, purged)


@click.command(
    epilog="""\b
Examples:
  lms-sync hold lift 100417 --reason "grievance closed on 3 May"
""",
)
@click.argument("subject")
@reason_option
@by_option
@pass_folder
def lift(folder: str, *, subject: str, reason: str, by: str) -> None:
    """Lift a hold: what it covered may be purged once it is old enough."""
    with open_workspace(folder) as workspace:
        ended = decide.lift_hold(workspace, Author(who(by), reason, workspace.clock()), subject=subject)
    click.echo(f"{ended.subject} is no longer held.")


def tell_purged(gone: Purge | None) -> int:
    """Say on stderr that a past time was purged, and return the exit code of what is shown of it."""
    if gone is None:
        return EXIT_DONE
    click.echo(
        f"! History before {written_day(gone.cutoff)} was purged on {written_day(gone.on)}:"
        " what was known then may be missing",
        err=True,
    )
    return EXIT_FINDINGS


def purged_json(gone: Purge | None) -> dict[str, dict[str, str]]:
    """Return what an answer in JSON says besides of a purged time; nothing for one that is whole."""
    return {} if gone is None else {"purged": {"before": gone.cutoff.isoformat(), "on": gone.on.isoformat()}}
