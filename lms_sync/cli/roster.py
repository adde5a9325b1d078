"""roster: may these people start on that day."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from lms_sync.cli.opening import day
from lms_sync.cli.options import format_option, pass_folder
from lms_sync.cli.show import print_json
from lms_sync.errors import EXIT_FINDINGS, UsageError
from lms_sync.model.roster import Roster
from lms_sync.operations.opening import now
from lms_sync.text import did_you_mean_id
from lms_sync.workspace.roster.check import check_roster
from lms_sync.workspace.roster.starters import AHEAD, StartAnswer, may_start, next_start, starts
from lms_sync.workspace.settings.config import Config, read_config


@click.command(
    epilog="""\b
Examples:
  lms-sync roster check                            everyone who starts within 30 days
  lms-sync roster check 100417 --on 2026-12-01     may this person start on that day?
"""
)
@click.argument("people", metavar="[PERSON]...", nargs=-1)
@click.option("--on", "on", metavar="DAY", help="The day of the start (YYYY-MM-DD). [default: each one's next start]")
@format_option
@pass_folder
def check(folder: str, *, people: tuple[str, ...], on: str | None, form: str) -> int:
    """Say whether people may start: class, first day, decision before assignment (RCW 28A.400.345(1)), agreement.

    It reads the roster workbook as it is now, so that what you have just typed counts.
    """
    config = read_config(Path(folder))
    found = _roster(config)
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


def _roster(config: Config) -> Roster:
    checked = check_roster(config.path(config.settings.roster.path), dates=config.settings.district.dates)
    if checked.roster is None:
        wrong = "\n".join(str(finding) for finding in checked.findings if finding.blocks)
        raise UsageError(f"the roster can't be used as it is:\n{wrong}", hint="Mend it, then ask again.")
    return checked.roster


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
    click.echo(f"{'yes' if answer.may_start else 'NO '}  {answer.name} ({answer.person_id}) on {answer.day}")
    for obstacle in answer.obstacles:
        click.echo(f"     ✗ {obstacle.found}\n       → {obstacle.remedy}")
    for decision in answer.decisions:
        click.echo(f"     ✓ {decision}")
