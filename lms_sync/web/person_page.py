"""One person's record: each requirement with what counts for it, documents, what is planned, what was decided."""

from dataclasses import dataclass
from datetime import date

from flask import abort
from werkzeug.wrappers import Response

from lms_sync.compliance.build import build_report
from lms_sync.compliance.person_record import PersonRecord, build_record
from lms_sync.documents.statement import COMPONENTS, asked_of
from lms_sync.errors import UsageError
from lms_sync.files import id_in_name
from lms_sync.mail.documents import make_plan
from lms_sync.model.agreement import FiledDocument
from lms_sync.model.evidence import Credit
from lms_sync.model.known import known_person
from lms_sync.model.log import LogEntry
from lms_sync.model.roster import Person
from lms_sync.operations.person_log import decided_about
from lms_sync.operations.unread_rows import UnreadRows
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.missing import topic_words
from lms_sync.reports.partner.planned import PlanLine, plan_lines
from lms_sync.reports.person.pdf import record_page, record_pdf
from lms_sync.web.visit import Visit, content, page
from lms_sync.web.wording import STATE_NAMES, Cell, cell_of

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One requirement of a person: how it stands, and what counts for it."""

    name: str
    cell: Cell
    due: date | None
    credits: tuple[Credit, ...]
    """With the file, sheet and cell, as only the district reads them."""


def person(visit: Visit, person_id: str) -> str:
    """Return one person's record: each requirement with what counts for it, what does not and why, documents, log."""
    issuer = visit.issuer
    record = _record(visit, person_id)
    return page(
        "person.html",
        record=record_page(record, issuer.templates),
        person=record.person,
        state=STATE_NAMES[record.state],
        kind=record.state.name.lower(),
        requirements=[
            RequirementLine(
                topic_words(standing.requirement, issuer.templates.names),
                cell_of(standing),
                standing.last_lawful_day,
                standing.credits,
            )
            for standing in issuer.judged.people[person_id].standings
        ],
        uncounted=_uncounted(issuer, record),
        doubted=record.doubted,
        documents=_documents(issuer, person_id),
        history=_history(visit, person_id),
        plan=_plan(visit, person_id),
        components=COMPONENTS,
        asked=asked_of(person_id, issuer.snapshot, today=issuer.judged.as_of),
        today=issuer.judged.as_of,
        zone=visit.workspace.zone,
    )


@dataclass(frozen=True, slots=True)
class UncountedLine:
    """One completion that does not count, and why."""

    day: str
    title: str
    origin: str
    why: str
    remedy: str


def _uncounted(issuer: Issuer, record: PersonRecord) -> list[UncountedLine]:
    """Return what does not count; the district reads from which file and cell it came."""
    whose = record.person.person_id
    places = {o.completion.record: str(o.completion.origin) for o in issuer.judged.outcomes if o.person_id == whose}
    lines = record_page(record, issuer.templates).uncounted
    return [
        UncountedLine(line.day, line.title, places.get(entry.record, line.origin), line.why, line.remedy)
        for entry, line in zip(record.uncounted, lines, strict=True)
    ]


def known_on_roster(visit: Visit, person_id: str) -> Person:
    """Return somebody on the roster; a page that is not there for anybody else."""
    try:
        return known_person(visit.issuer.snapshot.roster, person_id)
    except UsageError:
        abort(404)


def _documents(issuer: Issuer, person_id: str) -> list[FiledDocument]:
    filed = issuer.snapshot.filed
    ids = {documentation.document_id for documentation in issuer.snapshot.documents.get(person_id, ())}
    return sorted((filed[i] for i in ids if i in filed), key=lambda document: document.day)


def _history(visit: Visit, person_id: str) -> list[LogEntry]:
    """Return what people decided about somebody, the newest first."""
    by_person = visit.judgement.once("log by person", lambda: decided_about(visit.workspace))
    return by_person.get(person_id, [])


def _plan(visit: Visit, person_id: str) -> tuple[PlanLine, ...]:
    """Return what is planned for somebody, of all partners to whom the person is assigned today."""
    issuer = visit.issuer
    lines: dict[PlanLine, None] = {}
    for assignment in issuer.snapshot.roster.people_on(issuer.judged.as_of).get(person_id, ()):
        lines |= dict.fromkeys(_plans(visit, assignment.partner_id).get(person_id, ()))
    return tuple(lines)


def _plans(visit: Visit, partner_id: str) -> dict[str, tuple[PlanLine, ...]]:
    """Return Person ID → what is planned, of all people of one partner: a plan is made for all of them at once."""
    issuer = visit.issuer
    partner = issuer.snapshot.roster.partners.get(partner_id)

    def make() -> dict[str, tuple[PlanLine, ...]]:
        if partner is None:
            return {}
        report = build_report(issuer.snapshot, issuer.judged, partner, last=None)
        return {str(planned.person_id): tuple(plan_lines(planned)) for planned in make_plan(report, issuer).people}

    return visit.judgement.once(f"plans of {partner_id}", make)


def person_pdf(visit: Visit, person_id: str) -> Response:
    """Return the record as a PDF, for the person, the chief, a hearing."""
    issuer = visit.issuer
    record = _record(visit, person_id)
    with visit.district.heavy:
        pdf = record_pdf(record, issuer.templates)
    return content(pdf.content, kind=PDF, name=f"record-{id_in_name(person_id)}.pdf")


def _record(visit: Visit, person_id: str) -> PersonRecord:
    """Return a person's record, with the rows that wait to be read."""
    issuer, known_id = visit.issuer, known_on_roster(visit, person_id).person_id
    rows = visit.judgement.once("unread rows", lambda: UnreadRows.of(visit.workspace, issuer))
    return build_record(issuer.snapshot, issuer.judged, known_id, unread=rows.of_person(known_id))
