"""What is due → rows of a table, JSON, and iCalendar (RFC 5545); the one home of icalendar.

People are told by their Person ID; by name only where `names` has them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from icalendar import Alarm, Calendar, Event

from lms_sync import __version__
from lms_sync.agreements.year.entry import DueItem, DueKind, DueState
from lms_sync.reports import words
from lms_sync.text import command_line, written_day

AHEAD = timedelta(days=14)
"""How long before its day an open entry that is not overdue reminds its reader."""
HEADINGS = ("Due", "State", "What", "Last lawful day", "Source")
_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
"""SEQUENCE counts seconds from here on, so that it grows and stays a 31-bit number until 2088."""
_UNITS = {"classroom": "subjects", "on-the-job": "days", "check-in": "check-ins"}


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """A calendar as somebody asked for it."""

    district: str
    district_id: str
    entries: tuple[DueItem, ...]
    names: Mapping[str, str]
    """Person ID → name; empty when nobody is to be named."""
    today: date
    now: datetime


def calendar_rows(sheet: CalendarPage) -> list[list[str]]:
    """Return a row for each entry, in their order, under `HEADINGS`."""
    return [
        [
            written_day(due_item.due, "no day set"),
            _state(due_item, sheet.today),
            what(due_item, sheet.names),
            written_day(due_item.last_day, "") if due_item.kind is DueKind.TRAINING else "",
            words.clean(due_item.citation.partition(": ")[0]),
        ]
        for due_item in sheet.entries
    ]


def calendar_json(sheet: CalendarPage) -> list[dict[str, object]]:
    """Return an object for each entry, in their order; days are ISO 8601 text."""
    return [
        {
            "id": _key(due_item),
            "kind": due_item.kind.value,
            "state": due_item.standing(sheet.today).value,
            "due": _iso(due_item.due),
            "last_day": _iso(due_item.last_day),
            "done_on": _iso(due_item.done_on),
            "what": what(due_item, sheet.names),
            "subject": due_item.subject,
            "person": due_item.person_id,
            "school_year": due_item.school_year,
            "have": due_item.have,
            "need": due_item.need,
            "source": due_item.citation,
        }
        for due_item in sheet.entries
    ]


def calendar_ical(sheet: CalendarPage) -> bytes:
    """Return an iCalendar file, an event of a whole day for each entry that has a day.

    The same entries at the same instant give the same bytes. An entry keeps its UID however it changes, so that a
    later file replaces it.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//lms-sync//lms-sync {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Training duties, {words.clean(sheet.district)}")
    for due_item in sheet.entries:
        if day := due_item.due or due_item.done_on:
            calendar.add_component(_event(due_item, day, sheet))
    content: bytes = calendar.to_ical()
    return content


def what(entry: DueItem, names: Mapping[str, str]) -> str:
    """Return what is due, as a person would write it into a calendar."""
    subject, about = words.clean(entry.subject), words.clean(entry.about)
    match entry.kind:
        case DueKind.REVIEW:
            return f"Review the agreement with {about} ({subject})"
        case DueKind.ADOPTION:
            return f"Board adopts the agreement with {about} ({subject})"
        case DueKind.STUDENTS:
            return f"Presentation to students at {subject}, {entry.school_year}"
        case DueKind.FAMILIES:
            return f"Information for families about safety and security staff, {entry.school_year}"
        case DueKind.OSPI:
            return f"Report to the state superintendent (OSPI), {entry.school_year}"
        case DueKind.REQUEST:
            return f"Remind {about} of request {subject} about {_whose(entry, names)}"
        case DueKind.TRAINING:
            title, unit = words.COMPONENT_TITLES.get(entry.about, about).lower(), _UNITS.get(entry.about, "done")
            whose = _whose(entry, names)
            doubt = f", in doubt since {written_day(entry.doubted)}" if entry.doubted else ""
            return f"{whose[0].upper()}{whose[1:]}: {title}, {entry.have} of {entry.need} {unit}{doubt}"


def _whose(entry: DueItem, names: Mapping[str, str]) -> str:
    person_id = words.clean(entry.person_id)
    name = words.clean(names.get(entry.person_id, ""))
    return f"{name} ({person_id})" if name else f"person {person_id}"


def _state(entry: DueItem, today: date) -> str:
    standing = entry.standing(today)
    if standing is DueState.DONE:
        return f"✓ {entry.done_word} {written_day(entry.done_on)}"
    return "" if standing is DueState.NO_DAY else standing.value


def _event(entry: DueItem, day: date, sheet: CalendarPage) -> Event:
    event = Event()
    event.add("uid", f"{_key(entry)}@{quote(sheet.district_id, safe='')}.lms-sync")
    event.add("dtstamp", sheet.now.replace(microsecond=0))
    event.add("last-modified", sheet.now.replace(microsecond=0))
    event.add("sequence", int((sheet.now - _SINCE).total_seconds()))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", _SIGNS[entry.standing(sheet.today)] + what(entry, sheet.names))
    event.add("description", "\n".join(_description(entry, sheet)))
    event.add("categories", [_CATEGORIES[entry.kind]])
    event.add("class", "PRIVATE" if entry.person_id else "PUBLIC")
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    # One whose day is past would ring at once, at every import anew.
    if entry.standing(sheet.today) is DueState.DUE:
        event.add_component(_alarm(entry, sheet.names))
    return event


def _alarm(entry: DueItem, names: Mapping[str, str]) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"In two weeks: {what(entry, names)}")
    alarm.add("trigger", -AHEAD)
    return alarm


_SIGNS = {DueState.OVERDUE: "Overdue: ", DueState.DUE: "", DueState.NO_DAY: "", DueState.DONE: "✓ "}
_CATEGORIES = {
    DueKind.REVIEW: "Agreements",
    DueKind.ADOPTION: "Agreements",
    DueKind.STUDENTS: "Yearly duties",
    DueKind.FAMILIES: "Yearly duties",
    DueKind.OSPI: "Yearly duties",
    DueKind.REQUEST: "ESD requests",
    DueKind.TRAINING: "Training deadlines",
}


def _description(entry: DueItem, sheet: CalendarPage) -> Iterator[str]:
    """Yield the lines below an event's title. What was noted about a person is told only where names are."""
    if entry.done_on:
        yield f"{entry.done_word.capitalize()} on {words.written(entry.done_on)}."
        if entry.note and (sheet.names or not entry.person_id):
            yield words.clean(entry.note)
    elif entry.last_day and entry.last_day != entry.due:
        yield f"The last lawful day is {words.written(entry.last_day)}."
    yield f"Source: {words.clean(entry.citation)}"
    if entry.done_on is None and (how := _how(entry)):
        yield how


def _how(entry: DueItem) -> str:
    """Return the command that records it, or shows more."""
    subject = words.clean(entry.subject)
    match entry.kind:
        case DueKind.STUDENTS:
            return f"When done: {command_line('calendar done students', building=subject, on='DAY', note=...)}"
        case DueKind.FAMILIES | DueKind.OSPI:
            return f"When done: {command_line('calendar done', entry.kind, on='DAY', note=...)}"
        case DueKind.REVIEW:
            return f"The checklist: {command_line('agreements review', subject, o='checklist.xlsx')}"
        case DueKind.ADOPTION:
            return f"When adopted: {command_line('agreements adopt', subject, on='DAY')}"
        case DueKind.REQUEST:
            return f"When answered: {command_line('documents answered', subject, note=...)}, or file the document"
        case DueKind.TRAINING:
            return f"More: {command_line('people show', subject)}"


def _key(entry: DueItem) -> str:
    return ".".join(quote(part, safe="-_") for part in entry.key)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
