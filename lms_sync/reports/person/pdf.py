"""One person's record → plain text for a terminal or a letter, and a PDF for a hearing."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby

from lms_sync.compliance.entries import RecordEntry
from lms_sync.compliance.person_record import PastAssignment, PersonRecord, UnconfirmedRecords
from lms_sync.law.standing import Standing
from lms_sync.model.roster import Assignment
from lms_sync.reports import words
from lms_sync.reports.missing import missing_words, topic_words
from lms_sync.reports.partner.email import Freshness, freshness
from lms_sync.reports.principal.email import days_words
from lms_sync.reports.templates import Templates, fill_text
from lms_sync.reports.typeset import Pdf, typeset

SHOWN_OF_A_RECORD = 12
"""Digits of a record's key that a page shows; the JSON holds all of them."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """What is missing of one component."""

    what: str
    due: str
    last_lawful_day: str
    citation: str
    late: bool


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One completion, as the page says it."""

    day: str
    title: str
    toward: str
    """The requirements; empty where the map tells of none."""
    origin: str
    """File, sheet and cell, source and record."""
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Everything that the page says, as finished sentences and cells."""

    title: str
    district: str
    contact: str
    day: str
    known_at: str
    law: str
    citation: str
    mapping: str
    state: str
    reasons: tuple[str, ...]
    about: tuple[tuple[str, str], ...]
    """(what, the recorded fact with who decided it)."""
    posts: tuple[tuple[str, str, str], ...]
    """(where, days, the decision before assignment), by first day."""
    missing: tuple[DueLine, ...]
    met: tuple[tuple[str, str], ...]
    """(requirement, how and when it was met)."""
    notes: tuple[str, ...]
    sources: tuple[Freshness, ...]
    counted: tuple[RecordLine, ...]
    uncounted: tuple[RecordLine, ...]
    doubts: tuple[str, ...]
    components: tuple[tuple[str, str], ...]
    """(what the class requires, the law's citation)."""


def record_text(record: PersonRecord, templates: Templates) -> str:
    """Return the record as plain text. Raises: UsageError when the template can't be filled."""
    return fill_text(templates, "record", {"page": record_page(record, templates)})


def record_pdf(record: PersonRecord, templates: Templates) -> Pdf:
    """Return the record as a tagged PDF, dated as it. Raises: UsageError when the template can't be filled."""
    return typeset(templates, "record", asdict(record_page(record, templates)), day=record.as_of)


def record_page(record: PersonRecord, templates: Templates) -> RecordPage:
    """Return what the page says, in the reader's words."""
    return RecordPage(
        title=f"Training record of {words.clean(record.person.name)}",
        district=words.clean(record.district),
        contact=words.clean(record.contact),
        day=words.written_in_full(record.as_of),
        known_at=templates.instant(record.known_at),
        law=record.law,
        citation=words.clean(record.citation),
        mapping=record.mapping or "none",
        state=words.state_words(record.state, record.doubted),
        reasons=tuple(words.clean(reason) for reason in record.reasons),
        about=tuple(_about(record)),
        posts=tuple(_post(post) for post in record.posts),
        missing=_missing(record, templates),
        met=tuple((topic_words(s.requirement, templates.names), _met(s)) for s in record.standings if not s.open),
        notes=tuple(dict.fromkeys(words.clean(note) for s in record.standings for note in s.notes)),
        sources=freshness(record.sources, templates),
        counted=tuple(_line(entry, templates) for entry in record.counted),
        uncounted=tuple(_line(entry, templates) for entry in record.uncounted),
        doubts=tuple(_doubt(doubt) for doubt in record.doubts),
        components=tuple((component.name, words.clean(component.citation)) for component in record.components),
    )


def _about(record: PersonRecord) -> Iterator[tuple[str, str]]:
    person = record.person
    yield "Person ID", words.clean(person.person_id)
    yield "Class", _decided(words.CLASS_WORDS[person.staff_class], person.class_decided_by, person.class_decided_on)
    yield "First day with students", words.written(person.first_day) if person.first_day else "not recorded"
    if person.clock:
        clock = person.clock
        starts = f"starts on {words.written(clock.starts)}, citing {words.clean(clock.citing)}"
        yield "Clock", _decided(starts, clock.decided_by, clock.decided_on)
    for document in record.documents:
        number = f", no. {words.clean(document.number)}" if document.number else ""
        yield (
            f"ESD document, {document.component}",
            f"{document.kind} by {words.clean(document.esd)} on {words.written(document.day)}{number}",
        )


def _decided(what: str, by: str, on: date | None) -> str:
    if not by and on is None:
        return what
    return (
        f"{what}, decided by {words.clean(by) or 'nobody named'} on {words.written(on) if on else 'no day recorded'}"
    )


def _post(post: PastAssignment) -> tuple[str, str, str]:
    assignment = post.assignment
    under = f"agreement {words.clean(assignment.agreement_id)}" if assignment.agreement_id else ""
    places = [f"{words.clean(name)} {days_words(days)} a week" for name, days in assignment.buildings]
    where = (words.clean(post.partner), words.clean(assignment.position), under, *places)
    ends = f"to {words.written(assignment.ends)}" if assignment.ends else "no end recorded"
    return (
        ", ".join(part for part in where if part),
        f"{words.written(assignment.starts)}, {ends}",
        _series(assignment),
    )


def _series(assignment: Assignment) -> str:
    if not assignment.series:
        return "decision before assignment: not recorded"
    return _decided(f"series {assignment.series}", assignment.decided_by, assignment.decided_on)


def _missing(record: PersonRecord, templates: Templates) -> tuple[DueLine, ...]:
    citations = {component.id: component.citation for component in record.components}
    groups = groupby(record.open, key=lambda standing: (standing.component, standing.due, standing.late))
    return tuple(
        DueLine(
            missing_words(together, templates.names),
            words.written(together[0].due) if together[0].due else "not known yet",
            words.written(together[0].last_lawful_day) if together[0].last_lawful_day else "not known yet",
            words.clean(citations[together[0].component]),
            together[0].late,
        )
        for together in (tuple(group) for _, group in groups)
    )


def _met(standing: Standing) -> str:
    by = standing.met_by.value if standing.met_by else ""
    how = {"credits": "training", "verified": "verified by an ESD", "waived": "waived"}[by]
    on = f" on {words.written(standing.on)}" if standing.on else ""
    count = f", {standing.have} of {standing.need}" if standing.need > 1 else ""
    doubt = f", in doubt since {words.written(standing.doubted)}" if standing.doubted else ""
    return f"met by {how}{on}{count}{', after the last lawful day' if standing.late else ''}{doubt}"


def _line(entry: RecordEntry, templates: Templates) -> RecordLine:
    return RecordLine(
        day=words.written(entry.day) if entry.day else "no day",
        title=words.clean(entry.title),
        toward=", ".join(topic_words(requirement, templates.names) for requirement in entry.requirements),
        origin=f"{words.clean(entry.origin)}; source {words.clean(entry.source)}, record"
        f" {words.clean(entry.record[:SHOWN_OF_A_RECORD])}",
        why="; ".join(part for part in (words.clean(entry.why), _verdict(entry)) if part),
        remedy=words.clean(entry.remedy),
    )


def _verdict(entry: RecordEntry) -> str:
    """Return who accepted or refused the claim, when and why; empty where nobody had to."""
    decision = entry.decision
    if decision is None:
        return ""
    who = f"{'accepted' if decision.accepted else 'refused'} by {words.clean(decision.decided_by)}"
    return f"{who} on {words.written(decision.decided_on)}: {words.clean(decision.reason)}"


def _doubt(doubt: UnconfirmedRecords) -> str:
    records = words.count(doubt.records, "record", "records")
    return (
        f"{records} of source {words.clean(doubt.source)} may be this person's, but {doubt.why}."
        " They count for nobody until the district confirms whose they are."
    )
