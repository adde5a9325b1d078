"""Sheets that nobody has described, and the layouts proposed for them."""

from collections.abc import Sequence
from pathlib import Path

from lms_sync.files import shipped
from lms_sync.model.evidence import Completion
from lms_sync.model.finding import Origin
from lms_sync.sources.connectors import read_layouts
from lms_sync.sources.propose.columns import KnownValues, known_of
from lms_sync.sources.propose.draft import Proposal, layout_of
from lms_sync.sources.propose.proposal import propose
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.spreadsheet.each_row import read_items
from lms_sync.sources.spreadsheet.header import find_tables
from lms_sync.sources.spreadsheet.items import reader_of
from lms_sync.sources.spreadsheet.record_form import form_of
from lms_sync.tables.cells import Row, Sheet, Value
from tests.sources.unseen_sheets import MAP_CODES, MAP_TITLES, ROSTER_EMAILS, ROSTER_IDS, Unseen

WORKSPACE = known_of(ids=ROSTER_IDS, emails=ROSTER_EMAILS, titles=MAP_TITLES, codes=MAP_CODES)
SAMPLES = Path(__file__).parent / "samples"
SHIPPED = read_layouts(shipped("mappings") / "layouts")[0]


def sheet(*rows: Sequence[Value], name: str = "") -> Sheet:
    return Sheet(name, hidden=False, rows=tuple(Row(n, tuple(row)) for n, row in enumerate(rows, start=1)))


HEAD = ("Last Name", "First Name", "Email", "Course", "Completed", "Status")


def line(day: Value, status: str = "Completed", email: str = "a@x.example.org") -> tuple[Value, ...]:
    return ("Amari", "Noor", email, f"Course {day}", day, status)


def seen_by(unseen: Unseen, known: KnownValues) -> Proposal:
    found = propose(unseen.sheets(), SHIPPED.values(), known=known)
    assert found is not None
    return found


def completions(unseen: Unseen, found: Proposal) -> set[int]:
    """Return the rows of which the draft makes completions that count; none while it cannot be tried."""
    layout = layout_of(found, "x")
    if layout is None:
        return set()
    tables = find_tables(unseen.sheets(), layout)
    form = form_of("new", layout, Zones("UTC", "America/Los_Angeles"))
    items = [item for table in tables for item in read_items(reader_of(table, form, Origin("new.csv", "abc")))]
    done = [item for item in items if isinstance(item.reading, Completion) and not item.reading.claim]
    return {int(item.origin.cell.lstrip("ABCDEFGHIJ")) for item in done}
