"""The calendar of a workspace: what is due, by the roster, the law, the settings and what was recorded."""

from lms_sync.agreements.year.calendar import CalendarFacts, entries_of
from lms_sync.agreements.year.calendar_pages import CalendarPage
from lms_sync.agreements.year.entry import DaySpan, of_span
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.registers import ADOPTIONS, DUTIES, REQUESTS
from lms_sync.store.workspace import Workspace


def calendar_page(workspace: Workspace, issuer: Issuer, span: DaySpan, *, names: bool, done: bool) -> CalendarPage:
    """Return what is due in a span of days; with `names` of people, with `done` what is done, too."""
    store, settings, people = workspace.store, workspace.config.settings, issuer.snapshot.roster.people
    facts = CalendarFacts(
        issuer.snapshot,
        issuer.judged,
        settings.year,
        adoptions=ADOPTIONS.read(store),
        requests=REQUESTS.read(store),
        done=DUTIES.read(store),
    )
    chosen = of_span(entries_of(facts, span), span, today=workspace.today())
    return CalendarPage(
        settings.district.name,
        settings.district.id,
        tuple(due_item for due_item in chosen if done or not due_item.done_on),
        {person_id: person.name for person_id, person in people.items()} if names else {},
        workspace.today(),
        issuer.now,
    )
