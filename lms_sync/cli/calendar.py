"""calendar: what is due, as a table and for a calendar program; and recording that a yearly duty was done."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from lms_sync.agreements.year.calendar_pages import (
    HEADINGS,
    CalendarPage,
    calendar_ical,
    calendar_json,
    calendar_rows,
)
from lms_sync.agreements.year.entry import DaySpan, DueState
from lms_sync.agreements.year.read_calendar import calendar_page
from lms_sync.agreements.year.record import SAY_HOW, DutyNamed, record_done, undo_done
from lms_sync.cli.opening import day, open_workspace, who
from lms_sync.cli.options import all_option, by_option, output_file, pass_folder, reason_option, year_option
from lms_sync.cli.show import print_table
from lms_sync.errors import UsageError
from lms_sync.files import write_whole
from lms_sync.law.yearly import load_yearly
from lms_sync.model.author import Author
from lms_sync.operations.night import open_issuer
from lms_sync.text import written_day

BACK, AHEAD = timedelta(days=60), timedelta(days=365)
REACH = 10
"""Years."""
FORMS = {".ics": "ical", ".json": "json"}


class DutyName(click.ParamType[str]):
    """A yearly duty by its name in the law, which is read when a name is to be checked or of_span."""

    name = "duty"

    def _choice(self) -> "click.Choice[str]":
        return click.Choice([duty.id for duty in load_yearly().versions[-1].duties])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """Return all names, for the usage line."""
        return self._choice().get_metavar(param, ctx)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name. Raises: click.BadParameter for one that the law does not know."""
        return self._choice().convert(value, param, ctx)


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  lms-sync calendar                                     what is open, the overdue first
  lms-sync calendar --from 2026-09-01 --until 2027-08-31 --all
  lms-sync calendar -o duties.ics                       for Outlook and others; the next file replaces it
  lms-sync calendar done students --building "Lincoln HS" --on 2026-09-16 --note "assembly, questions after"
""",
)
@click.option("--from", "first", metavar="DAY", help="From this day on, and nothing older. [default: 60 days back]")
@click.option("--until", "last", metavar="DAY", help="Up to this day. [default: a year ahead]")
@all_option("Also show what is done; iCalendar always includes it.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "ical"]), help="How to show it. [default: table]"
)
@output_file("Write to this file: .ics or .json.")
@click.option("--names", is_flag=True, help="Include names in iCalendar and JSON. [default: Person IDs only]")
@click.pass_context
def calendar(context: click.Context, /, **options: Any) -> None:
    """Show reviews, adoptions, presentations, notices, the OSPI report, requests to ESDs and people's deadlines."""
    if context.invoked_subcommand is None:
        _show(context.obj, **options)


def _show(
    folder: str,
    *,
    first: str | None,
    last: str | None,
    everything: bool,
    form: str | None,
    output: str | None,
    names: bool,
) -> None:
    form = _form(form, output)
    with open_workspace(folder, writes=False) as workspace:
        span = _span(workspace.today(), day(first, option="--from"), day(last, option="--until"))
        issuer = open_issuer(workspace, as_of=workspace.today())
        named, done = names or form == "table", everything or form == "ical"
        sheet = calendar_page(workspace, issuer, span, names=named, done=done)
    match form:
        case "ical":
            content = calendar_ical(sheet)
        case "json":
            content = (json.dumps(calendar_json(sheet), ensure_ascii=False, indent=1) + "\n").encode()
        case _:
            _print(sheet)
            return
    if output is None:
        click.echo(content, nl=False)
    else:
        write_whole(Path(output), content)
        click.echo(f"Wrote {output}")


def _form(form: str | None, output: str | None) -> str:
    by_ending = FORMS.get(Path(output).suffix.lower()) if output else "table"
    chosen = form or by_ending
    if chosen is None or (output and chosen == "table"):
        raise UsageError(f"{output}: in which form?", hint="Name a file that ends in .ics or .json, or add --format.")
    return chosen


def _span(today: date, first: date | None, last: date | None) -> DaySpan:
    for given, option in ((first, "--from"), (last, "--until")):
        if given and abs(given.year - today.year) > REACH:
            raise UsageError(
                f"{option} {given}: too far away", hint=f"A calendar reaches {REACH} years back and ahead."
            )
    span = DaySpan(first or min(today - BACK, last or today), last or max(today, first or today) + AHEAD, bool(first))
    if span.last < span.first:
        raise UsageError(f"--until {span.last} is before --from {span.first}", hint="Name a later day.")
    return span


def _print(sheet: CalendarPage) -> None:
    if not sheet.entries:
        click.echo("Nothing is due in that time.")
        return
    print_table(HEADINGS, calendar_rows(sheet))
    overdue = sum(due_item.standing(sheet.today) is DueState.OVERDUE for due_item in sheet.entries)
    click.echo(f"\n{len(sheet.entries)} entries, {overdue} overdue.")


building_option = click.option(
    "--building", "buildings", multiple=True, metavar="NAME", help="At this building only; may be repeated."
)


@calendar.command(
    short_help="Record that a yearly duty was done.",
    epilog="""\b
Examples:
  lms-sync calendar done students --on 2026-09-16 --note "assemblies at every school; 20 minutes of questions"
  lms-sync calendar done students --building "Lincoln HS" --on 2026-09-16 --note "assembly" --file agenda.pdf
  lms-sync calendar done families --on 2026-09-04 --note "with the fall newsletter" --file newsletter.pdf
  lms-sync calendar done ospi --on 2027-07-10 --year 2026-27 --note "sent through the EDS portal"
""",
)
@click.argument("duty", type=DutyName())
@building_option
@click.option("--on", "on", required=True, metavar="DAY", help="The day on which it was done.")
@click.option("--note", required=True, help="How it was done; kept with the record.")
@click.option("--file", "file", type=click.Path(), help="Proof of it (PDF, image, e-mail); kept with the record.")
@year_option
@by_option
@pass_folder
def done(
    folder: str,
    *,
    duty: str,
    buildings: tuple[str, ...],
    on: str,
    note: str,
    file: str | None,
    year: str | None,
    by: str,
) -> None:
    """Record that DUTY was done: for students at the buildings named, or at every building still open."""
    with open_workspace(folder) as workspace:
        author = Author(who(by), note, workspace.clock(), remedy=SAY_HOW)
        named = DutyNamed(duty, year or "", buildings)
        done_on, proof = day(on, option="--on"), Path(file) if file else None
        recorded = record_done(workspace, author, named=named, on=done_on, file=proof)
    for duty_done in recorded.new:
        click.echo(
            f"✓ {duty_done.duty} {duty_done.school_year} {duty_done.building}".rstrip()
            + f": done on {written_day(duty_done.on)}"
        )
    for building in recorded.before:
        click.echo(f"  {building}: was recorded before, left as it is")
    for sentence in recorded.notes:
        click.echo(f"  {file}: {sentence}")


@calendar.command(
    short_help="Take a mistaken record of a yearly duty back.",
    epilog="""\b
Examples:
  lms-sync calendar undo students --building "Lincoln HS" --reason "it was Stadium HS"
  lms-sync calendar undo families --year 2025-26 --reason "recorded for the wrong year"
""",
)
@click.argument("duty", type=DutyName())
@building_option
@year_option
@reason_option
@by_option
@pass_folder
def undo(folder: str, *, duty: str, buildings: tuple[str, ...], year: str | None, reason: str, by: str) -> None:
    """Take back what was recorded of DUTY in this school year: at the buildings named, or all of it."""
    with open_workspace(folder) as workspace:
        author = Author(who(by), reason, workspace.clock())
        ended = undo_done(workspace, author, named=DutyNamed(duty, year or "", buildings))
    for duty_done in ended:
        click.echo(
            f"{duty_done.duty} {duty_done.school_year} {duty_done.building}".rstrip()
            + f" is open again, by {author.by}."
        )
