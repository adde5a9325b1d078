"""people find: the Person ID behind a name, as the roster has it now."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lms_sync.cli.options import format_option, pass_folder
from lms_sync.cli.roster import roster_now
from lms_sync.cli.show import print_listing
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS
from lms_sync.model.roster import DAYS_NOT_RECORDED, Person, Roster
from lms_sync.operations.opening import now
from lms_sync.text import closest, fold
from lms_sync.workspace.settings.config import read_config

HEADINGS = ("Person ID", "Name", "Class", "Works for", "Buildings", "Addresses")


@click.command(
    epilog="""\b
Examples:
  lms-sync people find garcia
  lms-sync people find "Maria Garcia"
"""
)
@click.argument("name")
@format_option
@pass_folder
def find(folder: str, *, name: str, form: str) -> int:
    """Find people on the roster by any part of name, address, id or building; all words must match."""
    config = read_config(Path(folder))
    roster = roster_now(config).roster
    today = now().astimezone(ZoneInfo(config.settings.district.zone)).date()
    people = [person for person in roster.people.values() if matches(roster, person, name)]
    if not people and form == "table" and (likely := closest(name, names_of(roster))):
        click.echo(f"Nobody is called {name}. Did you mean {likely}?")
    rows = [
        [person.person_id, person.name, *_posts(roster, person, today), "; ".join(person.emails)] for person in people
    ]
    nothing = "" if form == "table" and closest(name, names_of(roster)) else "Nobody on the roster matches."
    print_listing(HEADINGS, rows, form=form, nothing=nothing)
    return EXIT_DONE if people else EXIT_FINDINGS


def matches(roster: Roster, person: Person, words: str) -> bool:
    """Tell whether each word stands in what the roster says of the person."""
    buildings = (name for a in roster.assignments if a.person_id == person.person_id for name, _ in a.buildings)
    about = fold(" ".join((person.person_id, person.name, *person.emails, *buildings)))
    return all(word in about for word in fold(words).replace(",", " ").split())


def names_of(roster: Roster) -> Iterator[str]:
    """Yield what people are called, each way round and by the last name alone."""
    for person in roster.people.values():
        yield from (f"{person.first_name} {person.last_name}", person.name, person.last_name)


def _posts(roster: Roster, person: Person, today: date) -> tuple[str, str, str]:
    """Return class, partners and buildings of the assignments that are not over."""
    current = [a for a in roster.assignments if a.person_id == person.person_id and not a.ended(today)]
    partners = dict.fromkeys(roster.partners[a.partner_id].name for a in current)
    buildings = dict.fromkeys(
        name if days == DAYS_NOT_RECORDED else f"{name}: {days.normalize():f}"
        for a in current
        for name, days in a.buildings
    )
    return str(person.staff_class or "not decided"), ", ".join(partners), "; ".join(buildings)
