"""Try a sheet: by the layouts at hand, or by one that is proposed for it; nothing is stored."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from lms_sync.errors import LmsSyncError, UsageError
from lms_sync.files import shipped
from lms_sync.model.evidence import Completion, Item, NotDone, Refused, Revoked, Skipped
from lms_sync.sources.connectors import read_layouts
from lms_sync.sources.propose.columns import KnownValues, known_of
from lms_sync.sources.pull import FileRead
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.tables.cells import Sheet
from lms_sync.tables.guard import read_guarded
from lms_sync.tables.read import Unreadable, bytes_of
from lms_sync.text import written_day
from lms_sync.workspace.mapping.check import check_mapping
from lms_sync.workspace.roster.check import check_roster
from lms_sync.workspace.settings.config import read_config

ROW_HEADINGS = ("Where", "Who", "Course", "Day", "Status", "Becomes")


def sheets_of(path: Path) -> Sequence[Sheet]:
    """Return a file's sheets, read in a process of its own. Raises: UsageError for what can't be read."""
    try:
        return read_guarded(bytes_of(path)).sheets
    except Unreadable as error:
        raise UsageError(f"{path.name}: {error.found}", hint=error.remedy) from error


def layouts_at_hand(folder: str) -> list[Layout]:
    """Return the layouts of the workspace, or the shipped ones where there is no workspace."""
    try:
        config = read_config(Path(folder))
        place = config.path(config.settings.mappings.layouts)
    except LmsSyncError:
        place = shipped("mappings") / "layouts"
    return list(read_layouts(place)[0].values())


def known_to(folder: str) -> KnownValues:
    """Return the ids, addresses and courses of the workspace; nothing where there is none, or it can't be read."""
    try:
        config = read_config(Path(folder))
    except LmsSyncError:
        return KnownValues()
    settings = config.settings
    roster = check_roster(config.path(settings.roster.path), dates=settings.district.dates).roster
    people = roster.people.values() if roster else ()
    names = {source.name for source in settings.source}
    courses = config.path(settings.mappings.courses)
    course_map = check_mapping(courses, sources=names, dates=settings.district.dates).course_map
    rows = course_map.rows if course_map else ()
    return known_of(
        ids=[person.person_id for person in people],
        emails=[email for person in people for email in person.emails],
        titles=[title for row in rows for title in (row.title, row.unit, row.course if row.source == "*" else "")],
        codes=[row.course for row in rows if row.source != "*"],
    )


def tried(layout: Layout, path: Path) -> FileRead:
    """Return the file as the layout reads it, times of day as in UTC; nothing is stored."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place, path.name)
        copy.write_bytes(bytes_of(path))
        pattern = OpenedPattern(path.name, layout, "UTC" if layout.dates.needs_zone else "")
        (read,) = (
            Spreadsheet("proposed", "cumulative", (pattern,), Path(place), "America/Los_Angeles")
            .pull(frozenset())
            .files
        )
    return read


def row_words(item: Item) -> list[str]:
    """Return a row as it would be read, under `ROW_HEADINGS`."""
    match item.reading:
        case Completion() as done:
            course = " / ".join(filter(None, (done.course_title or done.course, done.unit_title or done.unit)))
            became = f"a claim: {done.claim}" if done.claim else "a completion"
            return [item.origin.cell, _who(done), course, str(done.day or ""), done.status, became]
        case NotDone() as reading:
            became = _not_done(reading)
            return [item.origin.cell, _who(reading), "", "", reading.status, became]
        case Refused(finding):
            return [item.origin.cell, "", "", "", "", f"refused: {finding.found}"]
        case Skipped(reason):
            return [item.origin.cell, "", "", "", "", f"skipped: {reason}"]
        case Revoked() as reading:
            return [item.origin.cell, "", "", "", reading.status, "revoked"]


def _not_done(reading: NotDone) -> str:
    if reading.sign_up is None:
        return "not a completion"
    return f"not a completion: signed up for {reading.sign_up.day or 'a day not stated'}"


def _who(reading: Completion | NotDone) -> str:
    who = reading.learner
    return f"{who.first_name} {who.last_name}".strip() or who.person_id or who.key


def counts(read: FileRead) -> str:
    """Return how many items there are, and what becomes of them."""
    names = {
        Completion: ("completion", "completions"),
        NotDone: ("not a completion", "not completions"),
        Refused: ("refused", "refused"),
        Skipped: ("skipped", "skipped"),
        Revoked: ("revoked", "revoked"),
    }
    found = Counter(names[type(item.reading)] for item in read.items)
    parts = (f"{number} {name[number > 1]}" for name, number in found.most_common())
    return f"{len(read.items)} {'item' if len(read.items) == 1 else 'items'}: " + ", ".join(parts)


def days_ahead(read: FileRead, today: date) -> str:
    """Return the question that completions on days to come raise; an empty string where there are none."""
    ahead = [
        item for item in read.items if isinstance(done := item.reading, Completion) and done.day and done.day > today
    ]
    if not ahead:
        return ""
    cell, day = ahead[0].origin.cell, getattr(ahead[0].reading, "day", None)
    number = "1 completion has a day" if len(ahead) == 1 else f"{len(ahead):,} completions have days"
    return f"{number} to come, the first in {cell}: {written_day(day)}. Is that until when it is valid, or due?"
