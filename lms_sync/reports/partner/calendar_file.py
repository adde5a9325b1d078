"""The sittings of a plan → an iCalendar file (RFC 5545) that goes with the partner's e-mail."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from lms_sync import __version__
from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.gate import fill, joined
from lms_sync.reports import words
from lms_sync.reports.partner.sittings import SittingLine

if TYPE_CHECKING:
    from icalendar import Event


def sittings_ical(report: GapReport, sittings: Sequence[SittingLine]) -> bytes:
    """Return an event of whole days for each sitting; empty bytes where nothing is planned.

    The same report gives the same bytes. A sitting keeps its UID, so that a later file replaces it.
    """
    if not sittings:
        return b""
    # Imported here: on most nights no partner gets any.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//lms-sync//lms-sync {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", fill("Planned training, {}", words.clean(report.district)))
    for sitting in sittings:
        calendar.add_component(_event(sitting, report))
    content: bytes = calendar.to_ical()
    return content


def _event(sitting: SittingLine, report: GapReport) -> "Event":
    from icalendar import Event

    event = Event()
    whose = quote(report.partner.partner_id, safe="")
    event.add("uid", f"{quote(sitting.offering_id, safe='-_')}.{sitting.first}.{whose}.lms-sync")
    event.add("dtstamp", report.known_at.replace(microsecond=0))
    event.add("dtstart", sitting.last if sitting.self_paced else sitting.first)
    event.add("dtend", sitting.last + timedelta(days=1))
    event.add("summary", fill("Planned: {}", sitting.what))
    event.add("description", "\n".join(_description(sitting, report)))
    if sitting.place:
        event.add("location", sitting.place)
    if sitting.link:
        event.add("url", sitting.link)
    event.add("class", "PRIVATE")
    event.add("status", "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return event


def _description(sitting: SittingLine, report: GapReport) -> tuple[str, ...]:
    return (
        fill("{}. {}.", sitting.when, sitting.details),
        fill("Who: {}.", joined(" and ", (joined("; ", sitting.names[:-1]), *sitting.names[-1:]))),
        fill("Covers: {}.", sitting.closes),
        fill("Seats are not reserved: sign up yourselves. Questions: {}", words.clean(report.contact)),
    )
