"""agreements: what is due when, what adoption still needs, the checklist, and the adoption itself."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from lms_sync.agreements.clause_c.watch import contradictions
from lms_sync.agreements.review.adoption import Vote, undo_adoption
from lms_sync.agreements.review.adoption import adopt as record_adoption
from lms_sync.agreements.review.checklist import checklist_id
from lms_sync.agreements.review.progress import HEADINGS, CoveredRow, list_row, review_json, show_json, show_text
from lms_sync.agreements.review.record import (
    ChecklistResult,
    copy_now,
    file_problems,
    read_checklist,
    read_recorded,
    read_review,
)
from lms_sync.agreements.review.status import Review, listed, review_of
from lms_sync.agreements.review.workbook import review_workbook
from lms_sync.cli.opening import day, instant, open_workspace, who
from lms_sync.cli.options import all_option, by_option, format_option, known_at_option, output_file, pass_folder
from lms_sync.cli.purge import purged_json, tell_purged
from lms_sync.cli.second_person import asked
from lms_sync.cli.show import print_table, print_text
from lms_sync.documents.vault import open_vault
from lms_sync.errors import EXIT_DONE, NeedsSecond, UsageError, WrongCells
from lms_sync.files import write_whole
from lms_sync.law.days import due
from lms_sync.model.author import Author
from lms_sync.model.known import known_agreement
from lms_sync.model.roster import PartnerKind, Roster
from lms_sync.model.second_person import AskedAct, SecondAct
from lms_sync.operations.night import open_issuer
from lms_sync.operations.retention.record import purged_before
from lms_sync.reports import words
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.workspace import Workspace
from lms_sync.tables.annotate import annotate, remark_of_sentence
from lms_sync.text import command_line, written_day

YEAR = 12


@click.command(
    "list",
    epilog="""\b
Examples:
  lms-sync agreements list
  lms-sync agreements list --all --format json
""",
)
@all_option("Also those that ended more than a year ago.")
@format_option
@pass_folder
def list_(folder: str, *, everything: bool, form: str) -> None:
    """List the agreements, the next review due first: what was adopted, what is in force, what is missing."""
    with open_workspace(folder, writes=False) as workspace:
        today, roster = workspace.today(), read_roster(workspace.store)
        reviews = listed(roster, read_recorded(workspace.store), as_of=today)
    chosen = [candidate for candidate in reviews if everything or _recent(candidate, today)]
    if form == "json":
        answer = {"as_of": today.isoformat(), "agreements": [review_json(reviewed) for reviewed in chosen]}
        click.echo(json.dumps(answer, indent=1))
        return
    print_table(HEADINGS, [list_row(reviewed) for reviewed in chosen])
    if not chosen:
        click.echo("The roster has no agreement with an agency or a company; its sheet Agreements holds them.")
    if len(chosen) < len(reviews):
        click.echo(f"{len(reviews) - len(chosen)} ended more than a year ago; --all shows them.")
    if own := _own(roster, today):
        click.echo(f"The district's own officers ({own}) need no agreement.")


def _recent(candidate: Review, today: date) -> bool:
    return candidate.agreement.ends is None or due(today, -YEAR) <= candidate.agreement.ends


def _own(roster: Roster, today: date) -> int:
    """Return how many people work for the district itself today."""
    own = [partner.partner_id for partner in roster.partners.values() if partner.kind is PartnerKind.DISTRICT]
    return len({a.person_id for partner_id in own for a in roster.assigned(partner_id, today)})


@click.command(
    epilog="""\b
Examples:
  lms-sync agreements show HERON-26
  lms-sync agreements show HERON-26 --known-at 2026-06-30T18:00 --format json
""",
)
@click.argument("agreement_id", metavar="AGREEMENT")
@known_at_option
@format_option
@pass_folder
def show(folder: str, *, agreement_id: str, known_at: str | None, form: str) -> int:
    """Show each point and who recorded it, what is missing and what to do, the documents, and who is covered."""
    with open_workspace(folder, writes=False) as workspace:
        then = instant(known_at, workspace.zone)
        gone = purged_before(workspace.store, then)
        as_of = then.astimezone(workspace.zone).date() if then else workspace.today()
        issuer = open_issuer(workspace, as_of=as_of, known_at=then)
        roster = issuer.snapshot.roster
        agreement = known_agreement(roster, agreement_id)
        review = review_of(roster, read_recorded(workspace.store, then), agreement, as_of=as_of)
        people = [
            CoveredRow(person_id, roster.people[person_id].name, issuer.judged.people[person_id].words)
            for person_id in review.staff
        ]
        problems = file_problems(open_vault(*workspace.config.kept_files), review)
        doubts = contradictions(review.clause_c, issuer) if review.clause_c else ()
    if form == "json":
        click.echo(
            json.dumps(show_json(review, people, problems) | {"contradictions": doubts} | purged_json(gone), indent=1)
        )
    else:
        print_text(show_text(review, people, problems).rstrip("\n"))
    for why in doubts if form == "table" else ():
        print_text(f"! The document of clause C is not true by what is known: {why}")
    return tell_purged(gone)


@click.command(
    epilog="""\b
Examples:
  lms-sync agreements review HERON-26 -o checklist.xlsx        to fill in
  lms-sync agreements review HERON-26 --read checklist.xlsx    to record: all of it, or nothing
  lms-sync agreements review HERON-26 --read checklist.xlsx --attachments scans -o checklist.xlsx
  lms-sync agreements review HERON-26 --read checklist.xlsx --annotate    what is wrong, on a copy's cells
""",
)
@click.argument("agreement_id", metavar="AGREEMENT")
@output_file("Write the checklist, after --read the new one.")
@click.option("--read", "filled", type=click.Path(dir_okay=False), help="Read a checklist that was filled in.")
@click.option(
    "--attachments",
    type=click.Path(file_okay=False),
    help="The folder of the files that it names. [default: the checklist's own]",
)
@click.option("--annotate", "copy", is_flag=True, help="With --read: a copy with comments on the cells to correct.")
@by_option
@pass_folder
def review(
    folder: str, /, *, agreement_id: str, output: str | None, filled: str | None, attachments: str | None, **how: Any
) -> None:
    """Write AGREEMENT's checklist as a workbook, or read it back: each point with day, who, how, note, attachment."""
    if output is None and filled is None:
        raise UsageError(
            "neither -o nor --read", hint="-o FILE.xlsx writes the checklist, --read FILE.xlsx reads it."
        )
    if attachments is not None and filled is None:
        raise UsageError("--attachments without --read", hint="It names the folder of files that a checklist names.")
    with open_workspace(folder, writes=filled is not None) as workspace:
        if filled is not None:
            scans = Path(filled).parent if attachments is None else Path(attachments)
            _read(workspace, agreement_id, Path(filled), scans=scans, how=how)
        if output is not None:
            _write(workspace, agreement_id, Path(output), fresh=output != filled)


def _write(workspace: Workspace, agreement_id: str, path: Path, *, fresh: bool) -> None:
    if fresh and path.exists():
        raise UsageError(f"{path} is there already", hint="It may be filled in: read it, or name another file.")
    now = workspace.clock()
    review = read_review(workspace, agreement_id, now)
    version = checklist_id(copy_now(workspace.store, review, now), workspace.pseudonyms)
    write_whole(path, review_workbook(review, checklist=version))
    click.echo(f"Wrote {path}: the checklist of {review.agreement.agreement_id}, {len(review.lacks)} missing")


def _read(workspace: Workspace, agreement_id: str, path: Path, *, scans: Path, how: Mapping[str, Any]) -> None:
    """Record a checklist; `how` holds who does so, and whether a refused one is copied with comments."""
    author = Author(who(how["by"]), f"checklist {path.name}", workspace.clock())
    try:
        taken = read_checklist(workspace, author, agreement_id=agreement_id, path=path, folder=scans)
    except WrongCells as error:
        for sentence in error.cells:
            print_text(f"✗ {words.clean(sentence)}")
        if how["copy"]:
            target = path.with_name(f"{path.stem}.checked.xlsx")
            annotate(path, target, [remark_of_sentence(sentence, path.name) for sentence in error.cells])
            click.echo(f"Wrote {target}", err=True)
        raise
    _tell(path, taken)
    after = read_review(workspace, agreement_id)
    name = after.agreement.agreement_id
    if after.lacks:
        lacking = ", ".join(lack.point.id for lack in after.lacks)
        click.echo(f"{name} still lacks {lacking}: {command_line('agreements show', name)}")
    elif after.adoption is None:
        click.echo(f"Nothing is missing: {command_line('agreements adopt', name, on='DAY')}")


def _tell(path: Path, taken: ChecklistResult) -> None:
    if taken.changed:
        click.echo(f"Recorded: {', '.join(taken.changed)}")
    if taken.cleared:
        click.echo(f"Taken back: {', '.join(taken.cleared)}")
    if not (taken.changed or taken.cleared):
        click.echo(f"{path.name} says nothing new; nothing was changed.")
    for file in taken.files:
        print_text("\n  ".join((f"Kept: {file.name} ({file.size:,} bytes)", *(f"! {note}" for note in file.notes))))
    for name in taken.unlike:
        print_text(f"! {name} is not the file that was read under this name before, and was not taken in.")
        click.echo("  → Give it another name, and write that into the checklist.")
    if taken.newer:
        click.echo(
            f"{', '.join(taken.newer)}: changed here since {path.name} was written, and left as recorded.\n"
            "  → To change these, write a new checklist with -o."
        )


@click.command(
    epilog="""\b
Examples:
  lms-sync agreements adopt HERON-26 --on 2026-06-11 --note "board meeting, item 7" --file minutes.pdf
  lms-sync agreements adopt HERON-26 --undo --reason "the vote was put off"
""",
)
@click.argument("agreement_id", metavar="AGREEMENT")
@click.option("--on", metavar="DAY", help="The day of the board's vote (YYYY-MM-DD).")
@click.option("--note", default="", help="Meeting and agenda item. Required for a vote before what it relies on.")
@click.option("--file", type=click.Path(dir_okay=False), help="The adopted agreement, or the minutes; it is kept.")
@click.option("--undo", is_flag=True, help="Take the record back.")
@click.option("--reason", default="", help="Why it is taken back. Required with --undo.")
@by_option
@pass_folder
def adopt(
    folder: str, *, agreement_id: str, on: str | None, note: str, file: str | None, undo: bool, reason: str, by: str
) -> int:
    """Record that the board adopted AGREEMENT. Refused until its review is complete; it lists what is missing.

    Where the settings require a second person, this only asks for it: somebody else approves it at the desk.
    """
    voted = day(on, option="--on")
    if undo == (voted is not None) or (undo and (note or file)):
        raise UsageError("either --on DAY, or --undo", hint='adopt AGREEMENT --on DAY, or --undo --reason "…"')
    if bool(reason.strip()) != undo:
        if undo:
            raise UsageError("--undo needs a reason", hint='Add --reason "…".')
        raise UsageError("--reason is for --undo only", hint="What there is to say of an adoption goes into --note.")
    with open_workspace(folder) as workspace:
        if voted is None:
            author = Author(who(by), reason, workspace.clock())
            before = undo_adoption(workspace, author, agreement_id=agreement_id)
            name = before.agreement_id
            click.echo(
                f"{name}: the adoption on {written_day(before.on)} is taken back; it stays in `lms-sync log show`."
            )
            return EXIT_DONE
        issuer = open_issuer(workspace, as_of=workspace.today())
        vote = Vote(voted, note, Path(file) if file else None)
        author = Author(who(by), vote.reason, workspace.clock())
        try:
            new = record_adoption(workspace, author, issuer=issuer, agreement_id=agreement_id, vote=vote)
        except NeedsSecond:
            name = known_agreement(issuer.snapshot.roster, agreement_id).agreement_id
            return asked(workspace, author, AskedAct(SecondAct.ADOPT, name, voted, note), file=vote.file)
        after = read_review(workspace, agreement_id)
    name = after.agreement.agreement_id
    click.echo(
        f"{name} was adopted on {written_day(voted)}."
        if new
        else f"{name}: that was recorded before; nothing was changed."
    )
    if after.differs:
        click.echo(f"! {after.differs}. Correct the roster's sheet Agreements.")
    elif after.agreement.adopted_on is None:
        click.echo("The roster's `Adopted on` may stay blank; this record counts.")
    return EXIT_DONE
