"""Clause C of an agreement on a day: each covered person, the ESD's documents on file, what is still lacking. Pure.

Source: RCW 28A.320.1242 (confirm the documentation or describe the plan), RCW 28A.310.515(4) (an ESD documents).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from lms_sync.compliance.build import build_report
from lms_sync.compliance.gap_report import GapReport, PersonGaps, ReportedStanding
from lms_sync.compliance.gate import Gate, PartnerText, law_text, own_row
from lms_sync.compliance.judge import Judged
from lms_sync.compliance.open_gate import district_gate, partner_gate
from lms_sync.law.days import due
from lms_sync.law.rules import clock_start
from lms_sync.law.series import Component, Version
from lms_sync.law.standing import StaffClock, Standing, State, doubted_since
from lms_sync.model.evidence import Documentation
from lms_sync.model.roster import Agreement, Partner, StaffClass
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import written_day


@dataclass(frozen=True, slots=True)
class ComponentDocument:
    """A document of an ESD that speaks for one component of a person."""

    component: PartnerText
    kind: PartnerText
    """`verified` or `waived`."""
    esd: PartnerText
    day: date
    number: PartnerText
    """The ESD's number; empty when it has none."""
    document_id: PartnerText
    sha256: PartnerText
    """Of the file as it was handed in."""
    origin: PartnerText
    """The row of the ESD's list; empty for a document of its own."""


@dataclass(frozen=True, slots=True)
class CoveredPerson:
    """One person whom the agreement covers, as judged on the day."""

    gaps: PersonGaps
    components: tuple[PartnerText, ...]
    """What the person's class requires; without a class what every class requires."""
    documents: tuple[ComponentDocument, ...]
    """One for each component that is documented by the day judged, in the series' order."""
    to_request: tuple[PartnerText, ...]
    """Components that are finished and not documented: the ESD can be asked for them."""
    deadlines: tuple[tuple[PartnerText, date], ...]
    """(component, due) of somebody whose first day is still to come; empty for everybody else."""
    lacks: tuple[PartnerText, ...]
    """What keeps the person from being documented, in sentences' ends; empty for a documented person."""

    @property
    def documented(self) -> bool:
        """Tell whether an ESD's document is on file for every component, and nothing is undetermined."""
        return not self.lacks


@dataclass(frozen=True, slots=True)
class ClauseC:
    """All that a training confirmation or a training plan of an agreement rests on."""

    agreement: Agreement
    partner: Partner
    report: GapReport
    """About the covered people only; what names anybody outside the partner is withheld."""
    people: tuple[CoveredPerson, ...]
    """In the report's order."""
    citation: PartnerText
    """Of the training series in force on the day judged."""

    @property
    def undocumented(self) -> tuple[CoveredPerson, ...]:
        """Return those for whom the agreement cannot be confirmed."""
        return tuple(person for person in self.people if not person.documented)


def clause_c(snapshot: Snapshot, judged: Judged, agreement: Agreement) -> ClauseC:
    """Return clause C of an agreement on the day judged, by what was known then.

    Raises: KeyError when the roster has no partner of the agreement's Partner ID.
    """
    partner = snapshot.roster.partners[agreement.partner_id]
    assigned = snapshot.roster.covered_by(agreement.agreement_id, judged.as_of)
    report = build_report(snapshot, judged, partner, last=None, assigned=assigned)
    series = snapshot.law.on(judged.as_of)
    inside = {gaps.person_id for gaps in report.people}
    gate = partner_gate(judged.gate, snapshot.roster, partner, inside=inside)
    people = tuple(_person(gaps, snapshot, judged.as_of, gate) for gaps in report.people)
    return ClauseC(agreement, partner, report, people, law_text(series.citation))


def lacking(snapshot: Snapshot, judged: Judged, person_id: str, *, required_then: Collection[str]) -> tuple[str, ...]:
    """Return what keeps somebody on the roster from being documented on the day judged, whatever the assignments.

    Empty for a documented person. A class that was decided after that day does not ask for more than `required_then`,
    the components that were required on it. Raises: KeyError when nobody on the roster has the id.
    """
    person, judgement = snapshot.roster.people[person_id], judged.people[person_id]
    required = snapshot.law.on(judged.as_of).required(person.staff_class)
    if person.class_decided_on is not None and person.class_decided_on > judged.as_of:
        required = tuple(component for component in required if component.id in required_then)
    on_file = _on_file(snapshot, person_id, judged.as_of, district_gate(judged.gate))
    undocumented = [component for component in required if component.id not in on_file]
    return tuple(_lacks(person.staff_class, judgement.reasons, judgement.standings, undocumented))


def _on_file(snapshot: Snapshot, person_id: str, as_of: date, gate: Gate) -> dict[str, ComponentDocument]:
    """Return component → the document that the judgement goes by: the first one, of one day a verified one."""
    found: dict[str, ComponentDocument] = {}
    documentations = [
        documentation for documentation in snapshot.documents.get(person_id, ()) if documentation.day <= as_of
    ]
    for documentation in sorted(documentations, key=lambda d: (d.day, d.kind != "verified", d.document_id)):
        document = snapshot.filed[documentation.document_id]
        origin = gate.list_of_esd(document.origin)
        found.setdefault(documentation.component, _component_document(documentation, document.file.sha256, origin))
    return found


def _component_document(documentation: Documentation, sha256: str, origin: PartnerText) -> ComponentDocument:
    return ComponentDocument(
        component=law_text(documentation.component),
        kind=law_text(documentation.kind),
        esd=own_row(documentation.esd),
        day=documentation.day,
        number=own_row(documentation.number),
        document_id=own_row(documentation.document_id),
        sha256=own_row(sha256),
        origin=origin,
    )


def _person(gaps: PersonGaps, snapshot: Snapshot, as_of: date, gate: Gate) -> CoveredPerson:
    series = snapshot.law.on(as_of)
    required = series.required(gaps.staff_class)
    on_file = _on_file(snapshot, gaps.person_id, as_of, gate)
    undocumented = [component for component in required if component.id not in on_file]
    starts = _to_start(gaps, series, snapshot)
    return CoveredPerson(
        gaps=gaps,
        components=tuple(law_text(component.id) for component in required),
        documents=tuple(on_file[component.id] for component in required if component.id in on_file),
        to_request=tuple(
            law_text(component.id)
            for component in undocumented
            if not any(s.open or s.doubted for s in _of(gaps.requirements, component))
        ),
        deadlines=tuple(
            (law_text(component.id), due(starts, component.months)) for component in undocumented if starts
        ),
        lacks=tuple(map(law_text, _lacks(gaps.staff_class, gaps.reasons, gaps.requirements, undocumented))),
    )


def _to_start(gaps: PersonGaps, series: Version, snapshot: Snapshot) -> date | None:
    """Return the day on which the clock of somebody starts who has not started; None for everybody else."""
    person = snapshot.roster.people[gaps.person_id]
    clock = StaffClock(person.staff_class, person.first_day, person.clock)
    return clock_start(clock, series) if gaps.state is State.NOT_STARTED else None


AnyStanding = TypeVar("AnyStanding", bound=Standing | ReportedStanding)


def _of(standings: Iterable[AnyStanding], component: Component) -> list[AnyStanding]:
    return [standing for standing in standings if standing.component == component.id]


def _lacks(
    staff_class: StaffClass | None,
    reasons: Sequence[str],
    standings: Sequence[Standing | ReportedStanding],
    undocumented: Iterable[Component],
) -> Iterator[str]:
    yield from (reason.partition(". ")[0].rstrip(".") for reason in reasons)
    if staff_class is None and not reasons:  # nothing is due yet, but nobody knows what will be
        yield "the class is not recorded, so nobody can say what is required"
    for component in undocumented:
        yield f"no ESD document for the {component.name} ({_progress(_of(standings, component))})"


def _progress(standings: Sequence[Standing | ReportedStanding]) -> str:
    doubted = doubted_since(standings)
    if doubted and not any(standing.open for standing in standings):
        return f"finished, in doubt since {written_day(doubted)}: the district decides first"
    if not any(standing.open for standing in standings):
        return "finished: the ESD can be asked"
    if len(standings) > 1:
        return f"{sum(not standing.open for standing in standings)} of {len(standings)} finished"
    return f"{min(standings[0].have, standings[0].need)} of {standings[0].need} finished"
