"""demo: three nights with made-up people, so that anybody can see the whole job in a minute."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lms_sync.cli.demo_reviewer import reviewer
from lms_sync.cli.opening import open_workspace
from lms_sync.cli.show import print_table
from lms_sync.compliance.gap_report import GapReport
from lms_sync.demo.cast import DEMO_DAY
from lms_sync.demo.made_up_district import build, corrected_map, esd_canvas, without_canvas
from lms_sync.demo.story import keep_district, write_story
from lms_sync.law.standing import State, state_group, state_words
from lms_sync.mail.issue import current_report
from lms_sync.mail.send import send
from lms_sync.model.author import Author
from lms_sync.model.course_map import requirement_words
from lms_sync.model.delivery import DeliveryState
from lms_sync.model.finding import AREA_HEADINGS, kind_words
from lms_sync.operations.monitoring.night_report import write_reports
from lms_sync.operations.night import Night, open_issuer, run_night
from lms_sync.operations.release import release_held
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_words, days_written, program_in

ZONE = ZoneInfo("America/Los_Angeles")
FIRST_NIGHT = datetime.combine(DEMO_DAY, time(2, 10), ZONE).astimezone(UTC)


@click.command(
    epilog="""\b
Examples:
  lms-sync demo my-demo
  lms-sync demo my-demo --open     and show its page in the browser
""",
)
@click.argument("folder", metavar="[DIR]", default="demo", type=click.Path(file_okay=False))
@click.option("--open", "show", is_flag=True, help="Show the story's page in the browser at the end.")
def demo(folder: str, *, show: bool) -> None:
    """See the whole job: a made-up district, messy files, an LMS, three nights, and what partners receive."""
    path = Path(folder)
    with esd_canvas() as url:
        build(path, url)
        click.echo(f"Made {path}: a district, its partners and officers (all made up), and the files they send.")
        click.echo(f"The educational service district's Canvas answers at {url} as long as the demo runs.")
        _nights(path)
    without_canvas(path, url)
    page = write_story(path)
    _where_to_look(path, page)
    if show and click.launch(str(page.resolve())):
        click.echo(f"No browser could be opened; open {page} yourself.", err=True)


def _nights(path: Path) -> None:
    _heading("The first night: everything is new, and nobody has released an address yet")
    with _office(path, FIRST_NIGHT) as workspace:
        _one_night(workspace, path, number=1)
        _states(_reports(workspace))
    _heading(
        "In the morning a person releases the addresses: the reports are built again and sent, here into a folder"
    )
    with _office(path, FIRST_NIGHT + timedelta(hours=6)) as workspace:
        _release(workspace)
    _heading("The second night: the same files, so no report is repeated; partners are reminded of what is due soon")
    with _office(path, FIRST_NIGHT + timedelta(days=1)) as workspace:
        _one_night(workspace, path, number=2)
    _heading("The third night: the trainer has corrected the course map, so everybody is judged again")
    with _office(path, FIRST_NIGHT + timedelta(days=2)) as workspace:
        before = _reports(workspace)
        corrected_map(path)
        _one_night(workspace, path, number=3)
        _differences(before, _reports(workspace))
    _heading("In the afternoon the reviewer of agreements turns to the ESD, and to clause C")
    with _office(path, FIRST_NIGHT + timedelta(days=2, hours=12)) as workspace:
        reviewer(workspace, path)


def _one_night(workspace: Workspace, path: Path, *, number: int) -> None:
    night = run_night(workspace, accept_drop={})
    _tell(workspace, night)
    for sentence in write_reports(workspace, night):
        click.echo(sentence, err=True)
    keep_district(path, number)


@contextmanager
def _office(path: Path, start: datetime) -> Iterator[Workspace]:
    """Open the demo's workspace on a clock of its own, which ticks a millisecond each time it is read."""
    ticks = iter(range(10**9))
    with open_workspace(str(path), clock=lambda: start + timedelta(milliseconds=next(ticks))) as workspace:
        yield workspace


def _heading(text: str) -> None:
    click.secho(f"\n{text}", bold=True)


def _tell(workspace: Workspace, night: Night) -> None:
    rows = []
    for pulled in night.pulled:
        for file in pulled.files:
            counts = " + ".join(f"{number} {outcome}" for outcome, number in sorted(file.outcomes.items()))
            again = "not read again" if file.unchanged else f"{sum(file.outcomes.values())} items = {counts}"
            rows.append([pulled.source, file.name, again])
    print_table(["Source", "File", "Ledger"], rows)
    new = Counter(finding.area for finding in night.new)
    found = ", ".join(f"{kind_words(heading)} {new[area]}" for area, heading in AREA_HEADINGS.items() if new[area])
    waiting = len(workspace.store.findings.open())
    click.echo(f"New findings: {found or 'none'} (waiting in all: {waiting}) · exit code {night.exit_code}")
    posted = Counter(workspace.store.deliveries.get(delivery.delivery_id).state.value for delivery in night.posted)
    sums = ", ".join(f"{number} {state}" for state, number in posted.items())
    click.echo(f"Mails to partners tonight: {sums or 'none, because nothing changed that they should know'}")


def _release(workspace: Workspace) -> None:
    held = tuple(delivery.delivery_id for delivery in workspace.store.deliveries.listed(DeliveryState.HELD))
    author = Author("demo", "addresses checked against the agreements", workspace.clock())
    released = release_held(workspace, author, delivery_ids=held)
    sent = {delivery.delivery_id: delivery.state.value for delivery in send(workspace).tried}
    rows = [
        [delivery.delivery_id, delivery.partner_id, sent.get(delivery.delivery_id, delivery.state.value)]
        for delivery in released.built
    ]
    print_table(["Delivery", "Partner", "State"], rows)


def _reports(workspace: Workspace) -> list[GapReport]:
    issuer = open_issuer(workspace, as_of=workspace.today())
    return [current_report(workspace.store, issuer, partner) for partner in issuer.snapshot.roster.partners.values()]


def _states(reports: list[GapReport]) -> None:
    click.echo(people_line(reports))
    people = [(report, person) for report in reports for person in report.people]
    rows = [[r.partner.name, p.name, p.state.value, str(len(p.open))] for r, p in people if p.state is State.OVERDUE]
    print_table(["Partner", "Overdue", "State", "Open requirements"], rows)


def people_line(reports: list[GapReport]) -> str:
    """Return how many people are in which state, the most first."""
    counts = Counter(state_group(person.state, person.doubted) for report in reports for person in report.people)
    return "People: " + ", ".join(f"{number} {group}" for group, number in counts.most_common())


def _differences(before: list[GapReport], after: list[GapReport]) -> None:
    print_table(["Judged again", "Now met", "No longer met", "State"], difference_rows(before, after))


def difference_rows(before: list[GapReport], after: list[GapReport]) -> list[list[str]]:
    """Return whose standing changed: name, what is met now, what no longer is, the state then and now."""
    was = {p.person_id: p for report in before for p in report.people}
    rows = []
    for person in (p for report in after for p in report.people):
        old = was[person.person_id]
        now_open, then_open = ({s.requirement for s in gaps.open} for gaps in (person, old))
        gained, lost = sorted(then_open - now_open), sorted(now_open - then_open)
        then, now = state_words(old.state, old.doubted), state_words(person.state, person.doubted)
        if gained or lost or then != now:
            rows.append(
                [
                    person.name,
                    requirement_words(gained),
                    requirement_words(lost),
                    days_written(f"{then} → {now}") if then != now else "",
                ]
            )
    return rows


def _where_to_look(path: Path, page: Path) -> None:
    """Say in at most ten lines where to look, and how to go on."""
    _heading("Look: the three nights on one page, with mails, workbooks, plans and the district’s own page")
    click.echo(f"  {page}")
    click.echo(f"The mails are in {path / 'outbox'} as files that any mail program opens.")
    click.echo("The Canvas ended with the demo, so its source was taken out of the settings; its records stay.")
    here = program_in(str(path))
    click.echo(f"Go on:\n  {here} {command_words('gaps', as_of=str(DEMO_DAY))}\n  {here} worklist\n  {here} nightly")
