"""What an ESD is asked to document about one person → a PDF to send to it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from lms_sync.compliance.entries import RecordEntry
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, law_text, own_row, program, setting
from lms_sync.compliance.person_record import PersonRecord
from lms_sync.documents.request.status import FinishedComponent, NotAsked, RequestCandidate
from lms_sync.law.series import Component
from lms_sync.model.roster import StaffClass
from lms_sync.reports import words
from lms_sync.reports.entry_words import origin_words, verdict_words
from lms_sync.reports.missing import topic_words
from lms_sync.reports.templates import Templates
from lms_sync.reports.typeset import Pdf, typeset

CLASS_TITLES: dict[StaffClass | None, PartnerText] = {
    StaffClass.SRO: program("school resource officer"),
    StaffClass.OTHER: program("safety and security staff other than a school resource officer"),
    None: program("not recorded"),
}


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

    day: PartnerText
    title: PartnerText
    toward: PartnerText
    """Topics; empty where the component has none."""
    origin: PartnerText
    how: PartnerText
    """Host school, experienced officer, who accepted it; empty where there is nothing to add."""


@dataclass(frozen=True, slots=True)
class RequestedComponent:
    """One component that the ESD is asked to document."""

    title: PartnerText
    summary: PartnerText
    citation: PartnerText
    proofs: tuple[CompletionLine, ...]


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Everything that the page says, as finished sentences and cells."""

    title: PartnerText
    request_id: PartnerText
    esd: PartnerText
    district: PartnerText
    contact: PartnerText
    day: PartnerText
    law: PartnerText
    about: tuple[tuple[PartnerText, PartnerText], ...]
    parts: tuple[RequestedComponent, ...]
    not_asked: tuple[PartnerText, ...]
    mapping: PartnerText


def request_pdf(request: Request, templates: Templates) -> Pdf:
    """Return the packet as a tagged PDF, dated as the request. Raises: UsageError for a template that fails."""
    return typeset(templates, "request", asdict(request_page(request, templates)), day=request.record.as_of)


def request_page(request: Request, templates: Templates) -> RequestPage:
    """Return what the page says, in the reader's words."""
    record = request.record
    return RequestPage(
        title=program("Request for training series documentation"),
        request_id=words.clean(own_row(request.request_id)),
        esd=words.clean(setting(request.esd)),
        district=words.clean(setting(record.district)),
        contact=words.clean(setting(record.contact)),
        day=words.written_in_full(record.as_of),
        law=words.clean(law_text(record.citation)),
        about=_about(record),
        parts=tuple(_part(finished_component, templates) for finished_component in request.ask.asked),
        not_asked=tuple(not_asked_words(not_asked) for not_asked in request.ask.not_asked),
        mapping=setting(record.mapping) or program("none"),
    )


def not_asked_words(not_asked: NotAsked) -> PartnerText:
    """Return why a component is not asked for: `Check-in trainings: 4 of 6, not asked for`."""
    title = _title(not_asked.component)
    if not_asked.document:
        document = not_asked.document
        number = fill(", no. {}", words.clean(own_row(document.number))) if document.number else NOTHING
        esd, day = words.clean(setting(document.esd)), words.written(document.day)
        return fill("{}: {} by {} on {}{}, not asked for again", title, law_text(document.kind), esd, day, number)
    if not_asked.pending:
        return fill("{}: asked for in {}, not answered yet", title, own_row(not_asked.pending))
    if not_asked.doubted:
        return fill("{}: met, in doubt since {}, not asked for", title, words.written(not_asked.doubted))
    return fill("{}: {} of {}, not asked for", title, not_asked.have, not_asked.need)


def _title(component: Component) -> PartnerText:
    return words.COMPONENT_TITLES.get(component.id) or law_text(component.name)


def _about(record: PersonRecord) -> tuple[tuple[PartnerText, PartnerText], ...]:
    person = record.person
    now = [post for post in record.posts if post.assignment.covers(record.as_of)]
    employers = dict.fromkeys(words.clean(own_row(post.partner)) for post in now or record.posts)
    return (
        (program("Name"), words.clean(own_row(person.name))),
        (program("Person ID"), words.clean(own_row(person.person_id))),
        (program("Employer"), joined(", ", employers) or program("not recorded")),
        (program("Class"), CLASS_TITLES[person.staff_class]),
        (program("First day with students"), _day(person.first_day)),
    )


def _day(day: date | None) -> PartnerText:
    return words.written(day) if day else program("not recorded")


def _part(asked: FinishedComponent, templates: Templates) -> RequestedComponent:
    finished = program("Finished")
    if asked.finished_on:
        finished = fill("Finished on {}", words.written_in_full(asked.finished_on))
    return RequestedComponent(
        _title(asked.component),
        fill("{}: {}.", finished, _count(asked)),
        words.clean(law_text(asked.component.citation)),
        tuple(_proof(entry, asked, templates) for entry in asked.evidence),
    )


def _count(asked: FinishedComponent) -> PartnerText:
    if asked.component.topics:
        return fill("all {} subjects", asked.need)
    if asked.have < asked.need:
        return program("waived, according to the evidence")
    return fill("{} {}, of {} required", asked.have, law_text(asked.component.name), asked.need)


def _proof(entry: RecordEntry, asked: FinishedComponent, templates: Templates) -> CompletionLine:
    topics = [requirement for requirement in entry.requirements if requirement in asked.component.topics]
    return CompletionLine(
        day=words.written(entry.day) if entry.day else program("no day"),
        title=words.clean(entry.title),
        toward=_topics(topics, asked, templates),
        origin=origin_words(entry),
        how=joined("; ", (words.clean(entry.why), verdict_words(entry))),
    )


def _topics(topics: Sequence[str], asked: FinishedComponent, templates: Templates) -> PartnerText:
    if len(topics) > 1 and len(topics) == len(asked.component.topics):
        return fill("all {} subjects", len(topics))
    return joined(", ", (topic_words(topic, templates.names) for topic in topics))
