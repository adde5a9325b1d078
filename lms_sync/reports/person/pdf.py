"""One person's record → plain text for a terminal or a letter, and a PDF for a hearing."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby

from lms_sync.compliance.entries import RecordEntry
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, law_text, own_row, program, setting
from lms_sync.compliance.person_record import PastAssignment, PersonRecord, UnconfirmedRecords, UnreadPlace
from lms_sync.law.standing import MetBy, Standing
from lms_sync.model.roster import Assignment
from lms_sync.reports import words
from lms_sync.reports.entry_words import origin_words, verdict_words
from lms_sync.reports.missing import missing_words, signed_up_words, topic_words
from lms_sync.reports.partner.email import Freshness, freshness
from lms_sync.reports.principal.email import days_words
from lms_sync.reports.templates import Templates, fill_text
from lms_sync.reports.typeset import Pdf, typeset


@dataclass(frozen=True, slots=True)
class DueLine:
    """What is missing of one component."""

    what: PartnerText
    due: PartnerText
    last_lawful_day: PartnerText
    citation: PartnerText
    late: bool


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One completion, as the page says it."""

    day: PartnerText
    title: PartnerText
    toward: PartnerText
    """The requirements; empty where the map tells of none."""
    origin: PartnerText
    """File, sheet and cell, source and record."""
    why: PartnerText
    remedy: PartnerText


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Everything that the page says, as finished sentences and cells."""

    title: PartnerText
    district: PartnerText
    contact: PartnerText
    day: PartnerText
    known_at: PartnerText
    law: PartnerText
    citation: PartnerText
    mapping: PartnerText
    state: PartnerText
    reasons: tuple[PartnerText, ...]
    about: tuple[tuple[PartnerText, PartnerText], ...]
    """(what, the recorded fact with who decided it)."""
    posts: tuple[tuple[PartnerText, PartnerText, PartnerText], ...]
    """(where, days, the decision before assignment), by first day."""
    missing: tuple[DueLine, ...]
    met: tuple[tuple[PartnerText, PartnerText], ...]
    """(requirement, how and when it was met)."""
    notes: tuple[PartnerText, ...]
    sources: tuple[Freshness, ...]
    counted: tuple[RecordLine, ...]
    uncounted: tuple[RecordLine, ...]
    doubts: tuple[PartnerText, ...]
    unread: tuple[PartnerText, ...]
    components: tuple[tuple[PartnerText, PartnerText], ...]
    """(what the class requires, the law's citation)."""


def record_text(record: PersonRecord, templates: Templates) -> str:
    """Return the record as plain text. Raises: UsageError when the template can't be filled."""
    return fill_text(templates, "record", {"page": record_page(record, templates)})


def record_pdf(record: PersonRecord, templates: Templates) -> Pdf:
    """Return the record as a tagged PDF, dated as it. Raises: UsageError when the template can't be filled."""
    return typeset(templates, "record", asdict(record_page(record, templates)), day=record.as_of)


def record_page(record: PersonRecord, templates: Templates) -> RecordPage:
    """Return what the page says, in the reader's words."""
    met = [standing for standing in record.standings if not standing.open]
    return RecordPage(
        title=fill("Training record of {}", words.clean(own_row(record.person.name))),
        district=words.clean(setting(record.district)),
        contact=words.clean(setting(record.contact)),
        day=words.written_in_full(record.as_of),
        known_at=setting(templates.instant(record.known_at)),
        law=law_text(record.law),
        citation=words.clean(law_text(record.citation)),
        mapping=setting(record.mapping) or program("none"),
        state=words.state_words(record.state, record.doubted),
        reasons=tuple(words.clean(law_text(reason)) for reason in record.reasons),
        about=tuple(_about(record)),
        posts=tuple(_post(post) for post in record.posts),
        missing=_missing(record, templates),
        met=tuple((topic_words(standing.requirement, templates.names), _met(standing)) for standing in met),
        notes=tuple(dict.fromkeys(words.clean(law_text(note)) for s in record.standings for note in s.notes)),
        sources=freshness(record.sources, templates),
        counted=tuple(_line(entry, templates) for entry in record.counted),
        uncounted=tuple(_line(entry, templates) for entry in record.uncounted),
        doubts=tuple(_doubt(doubt) for doubt in record.doubts),
        unread=tuple(_unread(unread) for unread in record.unread),
        components=tuple((law_text(c.name), words.clean(law_text(c.citation))) for c in record.components),
    )


def _about(record: PersonRecord) -> Iterator[tuple[PartnerText, PartnerText]]:
    person = record.person
    yield program("Person ID"), words.clean(own_row(person.person_id))
    what = words.CLASS_WORDS[person.staff_class]
    yield program("Class"), _decided(what, person.class_decided_by, person.class_decided_on)
    first_day = words.written(person.first_day) if person.first_day else program("not recorded")
    yield program("First day with students"), first_day
    if person.clock:
        clock = person.clock
        starts = fill("starts on {}, citing {}", words.written(clock.starts), words.clean(own_row(clock.citing)))
        yield program("Clock"), _decided(starts, clock.decided_by, clock.decided_on)
    for document in record.documents:
        number = fill(", no. {}", words.clean(own_row(document.number))) if document.number else NOTHING
        by, on = words.clean(setting(document.esd)), words.written(document.day)
        yield (
            fill("ESD document, {}", law_text(document.component)),
            fill("{} by {} on {}{}", law_text(document.kind), by, on, number),
        )


def _decided(what: PartnerText, by: str, on: date | None) -> PartnerText:
    if not by and on is None:
        return what
    person = words.clean(own_row(by)) or program("nobody named")
    return fill("{}, decided by {} on {}", what, person, words.written(on) if on else program("no day recorded"))


def _post(post: PastAssignment) -> tuple[PartnerText, PartnerText, PartnerText]:
    """Return one assignment; the record is the person's, and so is every row of it."""
    assignment = post.assignment
    agreement = own_row(assignment.agreement_id or "")
    under = fill("agreement {}", words.clean(agreement)) if agreement else NOTHING
    places = [fill("{} {}", words.clean(own_row(name)), days_words(days)) for name, days in assignment.buildings]
    where = (words.clean(own_row(post.partner)), words.clean(own_row(assignment.position)), under, *places)
    ends = fill("to {}", words.written(assignment.ends)) if assignment.ends else program("no end recorded")
    return joined(", ", where), fill("{}, {}", words.written(assignment.starts), ends), _series(assignment)


def _series(assignment: Assignment) -> PartnerText:
    if not assignment.series:
        return program("decision before assignment: not recorded")
    series = fill("series {}", own_row(assignment.series))
    return _decided(series, assignment.decided_by, assignment.decided_on)


def _missing(record: PersonRecord, templates: Templates) -> tuple[DueLine, ...]:
    citations = {component.id: law_text(component.citation) for component in record.components}
    groups = groupby(record.open, key=lambda standing: (standing.component, standing.due, standing.late))
    return tuple(
        DueLine(
            fill("{}{}", missing_words(together, templates.names), _booked(together, record, templates)),
            _known(together[0].due),
            _known(together[0].last_lawful_day),
            words.clean(citations[together[0].component]),
            together[0].late,
        )
        for together in (tuple(group) for _, group in groups)
    )


def _known(day: date | None) -> PartnerText:
    return words.written(day) if day else program("not known yet")


_HOW = {
    MetBy.CREDITS: program("met by training"),
    MetBy.VERIFIED: program("verified by an ESD"),
    MetBy.WAIVED: program("waived by an ESD"),
}


def _met(standing: Standing) -> PartnerText:
    how = _HOW[standing.met_by] if standing.met_by else program("met")
    on = fill(" on {}", words.written(standing.on)) if standing.on else NOTHING
    count = fill(", {} of {}", standing.have, standing.need) if standing.need > 1 else NOTHING
    late = program(", after the last lawful day") if standing.late else NOTHING
    doubt = fill(", in doubt since {}", words.written(standing.doubted)) if standing.doubted else NOTHING
    return fill("{}{}{}{}{}", how, on, count, late, doubt)


def _booked(standings: Iterable[Standing], record: PersonRecord, templates: Templates) -> PartnerText:
    booked = [(s.requirement, sign_up) for s in standings for sign_up in record.signed_up.get(s.requirement, ())]
    return signed_up_words(booked, templates.names)


def _line(entry: RecordEntry, templates: Templates) -> RecordLine:
    return RecordLine(
        day=words.written(entry.day) if entry.day else program("no day"),
        title=words.clean(entry.title),
        toward=joined(", ", (topic_words(requirement, templates.names) for requirement in entry.requirements)),
        origin=origin_words(entry),
        why=joined("; ", (words.clean(entry.why), verdict_words(entry))),
        remedy=words.clean(entry.remedy),
    )


def _doubt(doubt: UnconfirmedRecords) -> PartnerText:
    return fill(
        "{} of source {} may be this person's, but {}."
        " They count for nobody until the district confirms whose they are.",
        words.count(doubt.records, program("record"), program("records")),
        words.clean(doubt.source),
        doubt.why,
    )


def _unread(unread: UnreadPlace) -> PartnerText:
    place = words.clean(unread.place)
    if unread.rows == 1:
        return fill(
            "{}. This row may be this person's. It can't be read as it stands, or contradicts another row, and counts"
            " for nobody until the source has corrected it.",
            place,
        )
    return fill(
        "{}. {} rows of it can't be read as they stand. Some may be this person's, and they count for nobody until"
        " the source has corrected them.",
        place,
        unread.rows,
    )
