"""roster: may these people start on that day; what an HR system's export says that the roster does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from lms_sync.cli.opening import day, expect_known
from lms_sync.cli.options import format_option, output_file, pass_folder
from lms_sync.cli.show import print_json
from lms_sync.errors import EXIT_FINDINGS, UsageError
from lms_sync.model.roster import Roster
from lms_sync.operations.opening import now
from lms_sync.operations.roster_before import roster_before
from lms_sync.reports.words import count
from lms_sync.sources.propose.hr_export import Beside, HrDays, compare, exported
from lms_sync.sources.trial import sheets_of
from lms_sync.tables.annotate import NewRows, propose_rows
from lms_sync.text import did_you_mean_id, written_day
from lms_sync.workspace.roster.check import check_roster
from lms_sync.workspace.roster.conflicts import Written
from lms_sync.workspace.roster.open_elsewhere import open_elsewhere
from lms_sync.workspace.roster.starters import AHEAD, StartAnswer, may_start, next_start, starts
from lms_sync.workspace.settings.config import Config, read_config

NAMED = 4
"""So many rows that could not be compared are named."""


@click.command(
    epilog="""\b
Examples:
  lms-sync roster check                            everyone who starts within 30 days
  lms-sync roster check 100417 --on 2026-12-01     may this person start on that day?
"""
)
@click.argument("people", metavar="[PERSON]...", nargs=-1)
@click.option("--on", "on", metavar="DAY", help="Day of the start (YYYY-MM-DD). [default: each person's next start]")
@format_option
@pass_folder
def check(folder: str, *, people: tuple[str, ...], on: str | None, form: str) -> int:
    """Check whether people may start: class, first day, agreement, decision before assignment (RCW 28A.400.345).

    It reads the roster workbook as it is now, so what you have just typed and saved counts.
    """
    config = read_config(Path(folder))
    found = roster_now(config).roster
    chosen = day(on, option="--on")
    answers = _answers(found, people, on=chosen, today=_today(config, now()))
    if form == "json":
        print_json([_json(answer) for answer in answers])
    for answer in answers if form != "json" else ():
        _tell(answer)
    if not answers and form != "json":
        click.echo(f"Nobody starts within {AHEAD.days} days.")
    return 0 if all(answer.may_start for answer in answers) else EXIT_FINDINGS


def _today(config: Config, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(config.settings.district.zone)).date()


@dataclass(frozen=True, slots=True)
class RosterNow:
    """The roster workbook as it is typed now."""

    path: Path
    roster: Roster
    written: Written


def roster_now(config: Config) -> RosterNow:
    """Return the roster workbook as it is now; says so where somebody has it open. Raises: UsageError when broken."""
    path = config.path(config.settings.roster.path)
    if sentence := open_elsewhere(path):
        click.echo(sentence, err=True)
    before = roster_before(config)
    checked = check_roster(path, dates=config.settings.district.dates, known=before.ids if before else None)
    if checked.roster is None or checked.written is None:
        wrong = "\n".join(str(finding) for finding in checked.findings if finding.blocks)
        raise UsageError(f"the roster can't be used as it is:\n{wrong}", hint="Correct it, then try again.")
    return RosterNow(path, checked.roster, checked.written)


def _answers(found: Roster, people: tuple[str, ...], *, on: date | None, today: date) -> list[StartAnswer]:
    """Return an answer for each person named, or for everyone who starts within 30 days of `on` (today)."""
    if not people:
        since = on or today
        coming = {(s.person_id, s.day): s for s in starts(found, since=since, until=since + AHEAD)}
        return [may_start(found, person_id, on=start) for person_id, start in coming]
    unknown = [person_id for person_id in people if person_id not in found.people]
    if unknown:
        raise UsageError(
            f"nobody on the roster has the Person ID {', '.join(unknown)}",
            hint=f"{did_you_mean_id(unknown[0], found.people)}The roster's sheet People holds the ids.",
        )
    return [
        may_start(found, fromkey, on=on or next_start(found, fromkey, since=today))
        for fromkey in dict.fromkeys(people)
    ]


def _json(answer: StartAnswer) -> dict[str, Any]:
    return {
        "person_id": answer.person_id,
        "name": answer.name,
        "day": str(answer.day),
        "may_start": answer.may_start,
        "obstacles": [{"found": obstacle.found, "remedy": obstacle.remedy} for obstacle in answer.obstacles],
        "decisions": list(answer.decisions),
    }


def _tell(answer: StartAnswer) -> None:
    click.echo(
        f"{'yes' if answer.may_start else 'NO '}  {answer.name} ({answer.person_id}) on {written_day(answer.day)}"
    )
    for obstacle in answer.obstacles:
        click.echo(f"     ✗ {obstacle.found}\n       → {obstacle.remedy}")
    for decision in answer.decisions:
        click.echo(f"     ✓ {decision}")


@click.command(
    epilog="""\b
Examples:
  lms-sync roster propose hr-export.csv                       a copy of the roster: roster.proposed.xlsx
  lms-sync roster propose hr-export.xlsx --only security      only rows that contain the word
  lms-sync roster propose guards.csv --partner HERON          the export lists HERON's people
"""
)
@click.argument("export", type=click.Path(dir_okay=False))
@click.option("--only", default="", metavar="WORD", help="Only rows of the export that contain this word.")
@click.option("--partner", "partners", multiple=True, metavar="ID", help="Whose people it lists. [default: ours]")
@output_file("Write the copy to this new file. [default: roster.proposed.xlsx beside the roster]")
@pass_folder
def propose(folder: str, export: str, *, only: str, partners: tuple[str, ...], output: str | None) -> int:
    """Compare an HR system's export with the roster, and write a copy with the differences to confirm.

    New people are added to People by id, name and address; who left and what changed is a comment on the cell. Class,
    first day and decisions are yours. The roster itself stays as it is.
    """
    config = read_config(Path(folder))
    days = HrDays(_today(config, now()), config.settings.district.dates)
    found = exported(sheets_of(Path(export)), days, only=only)
    now_typed = roster_now(config)
    expect_known(partners, now_typed.roster.partners, what="partner", where="In the sheet Partners")
    target = Path(output) if output else now_typed.path.with_name(f"{now_typed.path.stem}.proposed.xlsx")
    if target.exists():
        raise UsageError(
            f"{target} is there already", hint="Look through it and move it away, or name another with -o."
        )
    proposal = compare(Beside(now_typed.roster, now_typed.written), found.people, partners=frozenset(partners))
    counts = (len(proposal.joiners), len(proposal.leavers), len(proposal.changes))
    differences = f"{counts[0]} new, {counts[1]} may have left, {counts[2]} changed"
    click.echo(f"{len(found.people)} people in the export: {differences}.")
    if found.without_id:
        click.echo(_left_out(found.without_id), err=True)
    if not any(counts):
        return 0
    propose_rows(now_typed.path, target, (*proposal.leavers, *proposal.changes), new=NewRows("People", proposal.rows))
    click.echo(
        f"Wrote {target}. Nothing in {now_typed.path.name} has changed: confirm, then save it under that name."
    )
    return EXIT_FINDINGS


def _left_out(names: Sequence[str]) -> str:
    """Return who could not be compared for want of an id."""
    some = "; ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    rows = count(len(names), "row has", "rows have")
    return (
        f"{rows} no id and could not be compared: {some}. Give them their ids in the export, or look them up by hand."
    )
