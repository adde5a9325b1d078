"""What an ESD is asked to document about one person → a PDF to send to it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from lms_sync.compliance.entries import RecordEntry
from lms_sync.compliance.person_record import PersonRecord
from lms_sync.documents.request.status import FinishedComponent, NotAsked, RequestCandidate
from lms_sync.model.roster import StaffClass
from lms_sync.reports import words
from lms_sync.reports.missing import topic_words
from lms_sync.reports.templates import Templates
from lms_sync.reports.typeset import Pdf, typeset

CLASS_TITLES: dict[StaffClass | None, str] = {
    StaffClass.SRO: "school resource officer",
    StaffClass.OTHER: "safety and security staff other than a school resource officer",
    None: "not recorded",
}
SHOWN_OF_A_RECORD = 12
"""Digits of a record's key that a page shows."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it is sent."""

    request_id: str
    esd: str
    record: PersonRecord
    """Dated the day of the request."""
    ask: RequestCandidate


@dataclass(frozen=True, slots=True)
class CompletionLine:
    """One completion that speaks for a component."""

    day: str
    title: str
    toward: str
    """Topics; empty where the component has none."""
    origin: str
    how: str
    """Host school, experienced officer, who accepted it; empty where there is nothing to add."""


@dataclass(frozen=True, slots=True)
class RequestedComponent:
    """One component that the ESD is asked to document."""

    title: str
    summary: str
    citation: str
    proofs: tuple[CompletionLine, ...]


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Everything that the page says, as finished sentences and cells."""

    title: str
    request_id: str
    esd: str
    district: str
    contact: str
    day: str
    law: str
    about: tuple[tuple[str, str], ...]
    parts: tuple[RequestedComponent, ...]
    not_asked: tuple[str, ...]
    mapping: str


def request_pdf(request: Request, templates: Templates) -> Pdf:
    """Return the packet as a tagged PDF, dated as the request. Raises: UsageError for a template that fails."""
    return typeset(templates, "request", asdict(request_page(request, templates)), day=request.record.as_of)


def request_page(request: Request, templates: Templates) -> RequestPage:
    """Return what the page says, in the reader's words."""
    record = request.record
    return RequestPage(
        title="Request for training series documentation",
        request_id=words.clean(request.request_id),
        esd=words.clean(request.esd),
        district=words.clean(record.district),
        contact=words.clean(record.contact),
        day=words.written_in_full(record.as_of),
        law=words.clean(record.citation),
        about=_about(record),
        parts=tuple(_part(finished_component, templates) for finished_component in request.ask.asked),
        not_asked=tuple(not_asked_words(not_asked) for not_asked in request.ask.not_asked),
        mapping=record.mapping or "none",
    )


def not_asked_words(not_asked: NotAsked) -> str:
    """Return why a component is not asked for: `Check-in trainings: 4 of 6, not asked for`."""
    title = words.COMPONENT_TITLES.get(not_asked.component.id, not_asked.component.name)
    if not_asked.document:
        number = f", no. {words.clean(not_asked.document.number)}" if not_asked.document.number else ""
        esd, day = words.clean(not_asked.document.esd), words.written(not_asked.document.day)
        return f"{title}: {not_asked.document.kind} by {esd} on {day}{number}, not asked for again"
    if not_asked.pending:
        return f"{title}: asked for in {not_asked.pending}, not answered yet"
    if not_asked.doubted:
        return f"{title}: met, in doubt since {words.written(not_asked.doubted)}, not asked for"
    return f"{title}: {not_asked.have} of {not_asked.need}, not asked for"


def _about(record: PersonRecord) -> tuple[tuple[str, str], ...]:
    person = record.person
    now = [post for post in record.posts if post.assignment.covers(record.as_of)]
    employers = dict.fromkeys(words.clean(post.partner) for post in now or record.posts)
    return (
        ("Name", words.clean(person.name)),
        ("Person ID", words.clean(person.person_id)),
        ("Employer", ", ".join(employers) or "not recorded"),
        ("Class", CLASS_TITLES[person.staff_class]),
        ("First day with students", _day(person.first_day)),
    )


def _day(day: date | None) -> str:
    return words.written(day) if day else "not recorded"


def _part(asked: FinishedComponent, templates: Templates) -> RequestedComponent:
    component = asked.component
    finished = f"Finished on {words.written_in_full(asked.finished_on)}" if asked.finished_on else "Finished"
    return RequestedComponent(
        words.COMPONENT_TITLES.get(component.id, component.name),
        f"{finished}: {_count(asked)}.",
        words.clean(component.citation),
        tuple(_proof(entry, asked, templates) for entry in asked.evidence),
    )


def _count(asked: FinishedComponent) -> str:
    if asked.component.topics:
        return f"all {asked.need} subjects"
    if asked.have < asked.need:
        return "waived, as the evidence tells"
    return f"{asked.have} {asked.component.name}, of {asked.need} required"


def _proof(entry: RecordEntry, asked: FinishedComponent, templates: Templates) -> CompletionLine:
    topics = [requirement for requirement in entry.requirements if requirement in asked.component.topics]
    return CompletionLine(
        day=words.written(entry.day) if entry.day else "no day",
        title=words.clean(entry.title),
        toward=_topics(topics, asked, templates),
        origin=f"{words.clean(entry.origin)}; source {words.clean(entry.source)}, record"
        f" {words.clean(entry.record[:SHOWN_OF_A_RECORD])}",
        how="; ".join(part for part in (words.clean(entry.why), _accepted(entry)) if part),
    )


def _topics(topics: Sequence[str], asked: FinishedComponent, templates: Templates) -> str:
    if len(topics) > 1 and len(topics) == len(asked.component.topics):
        return f"all {len(topics)} subjects"
    return ", ".join(topic_words(topic, templates.names) for topic in topics)


def _accepted(entry: RecordEntry) -> str:
    decision = entry.decision
    if decision is None:
        return ""
    who, when = words.clean(decision.decided_by), words.written(decision.decided_on)
    return f"accepted by {who} on {when}: {words.clean(decision.reason)}"
