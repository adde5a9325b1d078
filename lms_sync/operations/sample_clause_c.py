"""An agreement of the demo's and what is issued for it: `check` renders the templates of clause C with them."""

from dataclasses import replace
from datetime import UTC, date, datetime

from lms_sync.agreements.clause_c.as_json import clause_c_json
from lms_sync.agreements.clause_c.pdf import Stamp
from lms_sync.agreements.clause_c.status import ClauseC, ComponentDocument, CoveredPerson
from lms_sync.compliance.gap_report import PersonGaps
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, made_up
from lms_sync.demo.books import HR
from lms_sync.demo.esd import ESD
from lms_sync.law.standing import State
from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.model.roster import Agreement, StaffClass
from lms_sync.operations.sample import SAMPLE_CONTACT, SAMPLE_DAY, SAMPLE_DISTRICT, sample_report
from lms_sync.store.known.judgement_settings import JudgementSettings

SAMPLE_STAMP = Stamp(
    number=made_up("TC-2026-0001"),
    code=made_up("7K3M-9QPD-2WXF-04TB"),
    issued_on=SAMPLE_DAY,
    issued_by=made_up(HR),
    program=made_up("0.0"),
    terms=made_up("RCW 28A.320.1242"),
)
SAMPLE_SETTINGS = JudgementSettings(SAMPLE_DISTRICT, SAMPLE_CONTACT, "America/Los_Angeles", 60)


def sample_clause() -> ClauseC:
    """Return clause C with each state once, in which nothing is left out that a template may be asked to say."""
    report = sample_report()
    agreement = Agreement("A-2026-1", report.partner.partner_id, "2026-27", date(2026, 9, 1), date(2027, 8, 31))
    citation = made_up("RCW 28A.400.345 and 28A.310.515")
    return ClauseC(agreement, report.partner, report, tuple(map(_covered, report.people)), citation)


def sample_confirmed() -> ClauseC:
    """Return clause C of an agreement whose people are all documented."""
    whole = sample_clause()
    covereds = tuple(covered for covered in whole.people if covered.gaps.state is not State.UNDETERMINED)
    people = tuple(replace(covered, documents=_on_file(covered.components), lacks=()) for covered in covereds)
    report = replace(whole.report, people=tuple(covered.gaps for covered in people))
    return replace(whole, report=report, people=people)


def sample_issued(kind: IssuedKind = IssuedKind.CONFIRMATION) -> Issued:
    """Return a document as issued, and withdrawn."""
    known_at = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
    judgement = clause_c_json(sample_confirmed())
    return Issued(
        number=SAMPLE_STAMP.number,
        kind=kind,
        agreement_id="A-2026-1",
        partner_id="fpd",
        as_of=SAMPLE_DAY,
        known_at=known_at,
        issued_at=known_at,
        issued_by=SAMPLE_STAMP.issued_by,
        program=SAMPLE_STAMP.program,
        law="2021-07-25",
        map_version="3f9c2a71",
        code=SAMPLE_STAMP.code,
        sha256="5" * 64,
        judgement=judgement,
        withdrawn_at=known_at,
        withdrawn_by=HR,
        withdrawn_because="the ESD revoked one of the documents",
    )


def _covered(gaps: PersonGaps) -> CoveredPerson:
    two = (made_up("classroom"), made_up("on-the-job"))
    components = (*two, made_up("check-in")) if gaps.staff_class is StaffClass.OTHER else two
    documented = components if gaps.state is State.DOCUMENTED else ()
    starter = gaps.state is State.NOT_STARTED
    return CoveredPerson(
        gaps=gaps,
        components=components,
        documents=_on_file(documented),
        to_request=components if gaps.state is State.COMPLETE and not gaps.doubted else (),
        deadlines=((two[0], date(2027, 7, 4)), (two[1], date(2028, 1, 4))) if starter else (),
        lacks=() if documented else tuple(fill("no ESD document for the {}", name) for name in components),
    )


def _on_file(components: tuple[PartnerText, ...]) -> tuple[ComponentDocument, ...]:
    return tuple(
        ComponentDocument(
            component=name,
            kind=made_up("verified"),
            esd=made_up(ESD),
            day=date(2026, 8, 3),
            number=fill("88-{}", number),
            document_id=fill("D{:08}", number),
            sha256=made_up("0123456789abcdef" * 4),
            origin=made_up("the ESD's list, row 4") if number else NOTHING,
        )
        for number, name in enumerate(components)
    )
