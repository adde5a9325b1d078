"""One person's record: what counts and what does not, what is missing, who decided what. Pure.

The officer, the chief and a grievance hearing read it. It names nobody but the person and those who decided.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from lms_sync.compliance.build import source_ages
from lms_sync.compliance.entries import EntryContext, RecordEntry, counted, counting, uncounted
from lms_sync.compliance.gap_report import ReportedSignUp, SourceAge
from lms_sync.compliance.gate import Gate, PartnerText, program
from lms_sync.compliance.judge import Judged
from lms_sync.compliance.open_gate import district_gate, person_gate
from lms_sync.compliance.reported import signed_up
from lms_sync.law.series import Component
from lms_sync.law.standing import Standing, State, doubted_since
from lms_sync.model.evidence import Documentation
from lms_sync.model.finding import Origin
from lms_sync.model.roster import Assignment, Person
from lms_sync.store.known.snapshot import Snapshot

CONTRADICTED = program("their identifiers contradict each other")
ALIKE = program("only a name or an id looks alike, and no id or e-mail of theirs is on the roster")


@dataclass(frozen=True, slots=True)
class UnconfirmedRecords:
    """Records that may be the person's; until somebody confirms whose they are, nobody is told what is in them."""

    source: PartnerText
    records: int
    why: PartnerText


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row, or several of one file, that could not be taken in and may be the person's."""

    source: str
    origin: Origin
    found: str
    """What is wrong with it; it may quote the row."""
    rows: int = 1


@dataclass(frozen=True, slots=True)
class UnreadPlace:
    """The same as the reader of the record may read it."""

    place: PartnerText
    """Where it stands; for the district also what is wrong with it."""
    rows: int


@dataclass(frozen=True, slots=True)
class PastAssignment:
    """One assignment, past ones too, with the partner's name."""

    partner: str
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """All that is known of one person's training on `as_of`, and what the law makes of it."""

    district: str
    contact: str
    """Where to dispute it, in one line."""
    as_of: date
    known_at: datetime
    law: str
    """The version of the training series in force, as `series.toml` names it."""
    citation: str
    components: tuple[Component, ...]
    """What the person's class requires, with the citation of each."""
    mapping: str
    person: Person
    posts: tuple[PastAssignment, ...]
    """By the day on which they start."""
    state: State
    reasons: tuple[str, ...]
    """Why the state is undetermined; empty otherwise."""
    standings: tuple[Standing, ...]
    """Without their credits and claims, which stand in `counted` and `uncounted`."""
    counted: tuple[RecordEntry, ...]
    """Oldest first."""
    uncounted: tuple[RecordEntry, ...]
    """Oldest first; those without a day last."""
    doubts: tuple[UnconfirmedRecords, ...]
    documents: tuple[Documentation, ...]
    sources: tuple[SourceAge, ...]
    """How old the sources are that hold evidence of the person."""
    signed_up: Mapping[str, tuple[ReportedSignUp, ...]] = field(default_factory=dict)
    """Requirement → the classes that the person has signed up for, of those requirements that are not met."""
    unread: tuple[UnreadPlace, ...] = ()
    """What could not be taken in and may be the person's."""

    @property
    def open(self) -> tuple[Standing, ...]:
        """Return the requirements that are not met."""
        return tuple(standing for standing in self.standings if standing.open)

    @property
    def doubted(self) -> date | None:
        """Return since when anything is met only with doubted credits; None where all is sound."""
        return doubted_since(self.standings)


def build_record(
    snapshot: Snapshot,
    judged: Judged,
    person_id: str,
    *,
    for_district: bool = False,
    unread: Iterable[UnreadRow] = (),
) -> PersonRecord:
    """Return the record of a person on the roster, on the day judged; `for_district` with every text as it was read.

    Raises: KeyError when nobody on the roster has the id.
    """
    series = snapshot.law.on(judged.as_of)
    person, judgement = snapshot.roster.people[person_id], judged.people[person_id]
    case = _case(snapshot, judged, person, for_district=for_district)
    mappeds = [outcome for outcome in judged.outcomes if outcome.person_id == person_id]
    return PersonRecord(
        district=snapshot.settings.district,
        contact=snapshot.settings.contact,
        as_of=judged.as_of,
        known_at=snapshot.known_at,
        law=series.id,
        citation=series.citation,
        components=series.required(person.staff_class),
        mapping=snapshot.course_map.version,
        person=person,
        posts=_posts(snapshot, person_id),
        state=judgement.state,
        reasons=judgement.reasons,
        standings=tuple(replace(standing, credits=(), claims=()) for standing in judgement.standings),
        counted=counted(mappeds, case),
        uncounted=uncounted(mappeds, case),
        doubts=_doubts(snapshot, judged, person_id, case.gate),
        documents=snapshot.documents.get(person_id, ()),
        sources=source_ages(snapshot, judged, {person_id}, case.gate),
        signed_up={
            standing.requirement: several
            for standing in judgement.standings
            if (several := signed_up(standing, case.gate, judged.signed_up.get(person_id, ())))
        },
        unread=tuple(
            UnreadPlace(case.gate.origin(row.source, row.origin, f"{row.origin}: {row.found}"), row.rows)
            for row in unread
        ),
    )


def _case(snapshot: Snapshot, judged: Judged, person: Person, *, for_district: bool) -> EntryContext:
    standings = judged.people[person.person_id].standings
    components = snapshot.law.on(judged.as_of).required(person.staff_class)
    return EntryContext(
        as_of=judged.as_of,
        staff_class=person.staff_class,
        required=tuple(standing.requirement for standing in standings),
        counting=counting(standings, {component.id: component.counts for component in components}),
        decisions={claim: d for claim, d in snapshot.decisions.items() if claim not in judged.outdated_claims},
        scans=_scans(snapshot),
        gate=district_gate(judged.gate) if for_district else person_gate(judged.gate, snapshot, person.person_id),
    )


def _scans(snapshot: Snapshot) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for scan in snapshot.scans:
        key = scan.source, scan.sheet
        found[key] = (*found.get(key, ()), scan.scan_id)
    return found


def _posts(snapshot: Snapshot, person_id: str) -> tuple[PastAssignment, ...]:
    partners = snapshot.roster.partners
    assignments = [a for a in snapshot.roster.assignments if a.person_id == person_id]
    named = [
        PastAssignment(partners[a.partner_id].name if a.partner_id in partners else a.partner_id, a)
        for a in assignments
    ]
    return tuple(sorted(named, key=lambda post: (post.assignment.starts, post.partner)))


def _doubts(snapshot: Snapshot, judged: Judged, person_id: str, gate: Gate) -> tuple[UnconfirmedRecords, ...]:
    """Return the learners who may be the person, by source, without telling of anybody else whom they may be."""
    found = []
    for (source, learner), match in sorted(judged.matches.items()):
        if person_id in match.people and not match.person_id:
            completions = [c for c in snapshot.completions if c.source == source and c.learner.key == learner]
            why = CONTRADICTED if match.conflict else ALIKE
            found.append(UnconfirmedRecords(gate.source(source), len(completions), why))
    return tuple(found)
