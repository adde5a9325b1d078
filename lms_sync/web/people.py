"""People: search, the matrix of people and requirements, one person's record, and documents filed from there."""

from dataclasses import dataclass
from datetime import date

from flask import abort, request
from werkzeug.wrappers import Response

from lms_sync.compliance.build import build_report
from lms_sync.compliance.district_figures import district_figures
from lms_sync.compliance.person_record import PersonRecord, build_record
from lms_sync.documents.statement import COMPONENTS, asked_of
from lms_sync.errors import UsageError
from lms_sync.files import id_in_name
from lms_sync.law.standing import Judgement, Standing, State
from lms_sync.mail.documents import XLSX, make_plan
from lms_sync.model.agreement import FiledDocument
from lms_sync.model.evidence import Credit
from lms_sync.model.known import known_person
from lms_sync.model.log import LogEntry
from lms_sync.model.roster import Assignment, Person, Roster
from lms_sync.operations.person_log import decided_about
from lms_sync.reports.district.workbook import district_workbook
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.missing import topic_words
from lms_sync.reports.partner.planned import PlanLine, plan_lines
from lms_sync.reports.person.pdf import record_page, record_pdf
from lms_sync.text import fold
from lms_sync.web.opening import JudgedDistrict as Judged
from lms_sync.web.visit import Visit, content, line_from, page
from lms_sync.web.wording import STATE_NAMES, Cell, cell_of

MOST = 100
"""Lines of the matrix on one page."""
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people are asked for; empty for all."""

    words: str
    partner: str
    building: str
    state: str

    @classmethod
    def asked(cls) -> "Wanted":
        """Return what the address asks for."""
        return cls(*(request.args.get(name, "").strip() for name in ("q", "partner", "building", "state")))


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One person in the matrix."""

    person: Person
    partners: tuple[str, ...]
    state: State
    words: str
    due: date | None
    """The next last lawful day; None where nothing is due."""
    cells: tuple[Cell, ...]
    """In the order of the requirements."""
    found_by: str
    """What a search looks through."""
    buildings: frozenset[str]


def people(visit: Visit) -> str:
    """Return the matrix of those assigned today, the next deadline first."""
    judgement, wanted = visit.judgement, Wanted.asked()
    issuer = judgement.issuer
    lines = matrix_of(judgement)
    found = [line for line in lines if _fits(line, wanted)]
    start = line_from(len(found), MOST)
    return page(
        "people.html",
        lines=found[start : start + MOST],
        total=len(found),
        start=start,
        most=MOST,
        wanted=wanted,
        requirements=requirements(issuer),
        partners=issuer.snapshot.roster.partners,
        buildings=sorted({building for line in lines for building in line.buildings}),
        states=STATE_NAMES,
        day=issuer.judged.as_of,
    )


def requirements(issuer: Issuer) -> tuple[tuple[str, str, str], ...]:
    """Return (id, short sign, name) of each requirement of the series, in the law's order."""
    names = dict.fromkeys(s.requirement for judgement in issuer.judged.people.values() for s in judgement.standings)
    signs = {"on-the-job": "OJT", "check-in": "CI"}
    ordered = sorted(names, key=lambda name: (not name.startswith("topic-"), name == "check-in", name))
    return tuple(
        (name, signs.get(name, name.removeprefix("topic-").lstrip("0")), topic_words(name, issuer.templates.names))
        for name in ordered
    )


def matrix_of(judgement: Judged) -> list[MatrixLine]:
    """Return the matrix of a judgement, made once for it."""
    return judgement.once("matrix", lambda: matrix(judgement.issuer))


def matrix(issuer: Issuer) -> list[MatrixLine]:
    """Return a line for everybody assigned on the day judged: overdue first, then by the next last lawful day."""
    roster, judged = issuer.snapshot.roster, issuer.judged
    asked = requirements(issuer)
    lines = [
        _matrix_line(roster, roster.people[person_id], assignments, judged.people[person_id], asked)
        for person_id, assignments in roster.people_on(judged.as_of).items()
    ]
    return sorted(lines, key=lambda line: (line.due or date.max, line.person.name.casefold(), line.person.person_id))


def _matrix_line(
    roster: Roster,
    person: Person,
    assignments: tuple[Assignment, ...],
    judgement: Judgement,
    asked: tuple[tuple[str, str, str], ...],
) -> MatrixLine:
    standings = {standing.requirement: standing for standing in judgement.standings}
    partners = tuple(dict.fromkeys(assignment.partner_id for assignment in assignments))
    names = [roster.partners[partner].name for partner in partners if partner in roster.partners]
    return MatrixLine(
        person,
        partners,
        judgement.state,
        judgement.words,
        _due(judgement.standings),
        tuple(cell_of(standings.get(name)) for name, _, _ in asked),
        fold(" ".join((person.name, person.person_id, *person.emails, *names, *partners))),
        frozenset(building for assignment in assignments for building, _ in assignment.buildings),
    )


def _due(standings: tuple[Standing, ...]) -> date | None:
    return min((s.last_lawful_day for s in standings if s.open and s.last_lawful_day), default=None)


def _fits(line: MatrixLine, wanted: Wanted) -> bool:
    return (
        all(word in line.found_by for word in fold(wanted.words).split())
        and (not wanted.partner or wanted.partner in line.partners)
        and (not wanted.building or wanted.building in line.buildings)
        and (not wanted.state or line.state.value == wanted.state)
    )


def people_workbook(visit: Visit) -> Response:
    """Return who stands where, as the workbook that `gaps --format xlsx` writes: of one partner, or of all."""
    issuer = visit.issuer
    wanted = request.args.get("partner", "").strip()
    partners = [p for p in issuer.snapshot.roster.partners.values() if not wanted or p.partner_id == wanted]

    def write() -> bytes:
        reports = district_figures(issuer.snapshot, issuer.judged, partners)
        return district_workbook(reports, issuer.templates.names)

    with visit.district.heavy:
        book = visit.judgement.once(f"workbook of {wanted}", write)
        return content(book, kind=XLSX, name=f"training-gaps-{issuer.judged.as_of}.xlsx")


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
    record = build_record(issuer.snapshot, issuer.judged, known_on_roster(visit, person_id).person_id)
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
    record = build_record(issuer.snapshot, issuer.judged, known_on_roster(visit, person_id).person_id)
    with visit.district.heavy:
        pdf = record_pdf(record, issuer.templates)
    return content(pdf.content, kind=PDF, name=f"record-{id_in_name(person_id)}.pdf")
