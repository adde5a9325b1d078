"""What was known at a time: the roster, the map, the law and the settings as recorded, and the evidence beside them.

The night records what people wrote and the program ships as facts; a judgement of any day reads them back.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from lms_sync.law.series import Law
from lms_sync.law.yearly import Yearly, load_yearly, parse_yearly
from lms_sync.model.agreement import FiledDocument, SheetScan
from lms_sync.model.course_map import CourseMap
from lms_sync.model.dispute import Difference
from lms_sync.model.doubt import Doubt
from lms_sync.model.evidence import Completion, Documentation
from lms_sync.model.finding import FORMER_DIGITS, ClaimDecision
from lms_sync.model.links import Merge, PeopleDecisions
from lms_sync.model.log import DecisionKind
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.model.readings import ReadingAccepted, RefusedRows
from lms_sync.model.roster import Assignment, Person, Roster
from lms_sync.model.rule_change import RuleChange
from lms_sync.model.run import PullRecord
from lms_sync.model.sign_up import KnownSignUp
from lms_sync.model.stored.facts import (
    AGREEMENT,
    ASSIGNMENT,
    COURSE,
    LAW,
    MAP_VERSION,
    OFFERING,
    PARTNER,
    PERSON,
    VERSION,
    KnownVersion,
    ShippedText,
)
from lms_sync.model.stored.stored_type import StoredType
from lms_sync.store.facts import Payloads
from lms_sync.store.known.decided_names import with_linked_names
from lms_sync.store.known.differences import read_differences
from lms_sync.store.known.documented import documentation_of, person_documents
from lms_sync.store.known.judgement_settings import JUDGEMENT_SETTINGS, JudgementSettings
from lms_sync.store.known.not_read import NotRead
from lms_sync.store.known.people_decided import by_whole_id, claim_decisions, decisions_about
from lms_sync.store.known.readers import PartnerHistory, law_of, read_readers, roster_history
from lms_sync.store.known.registers import ACCEPTED, DOCUMENTS, DOUBTS, REFUSED, RULE_CHANGES, SCANS, SIGN_UPS, joined
from lms_sync.store.known.safe_side import believed, believed_decisions, believed_doubts, without_disputed
from lms_sync.store.known.who_is_who import read_links, read_merges
from lms_sync.store.known.whole_roster import whole_roster
from lms_sync.store.store import Store
from lms_sync.workspace.mapping.versions import Period

Fact = TypeVar("Fact")


YEARLY = "yearly"
"""The key of the yearly law's text among the facts of the law."""


@dataclass(frozen=True, slots=True)
class ShippedLaw:
    """The law as it ships with the program."""

    series: Law
    yearly: Yearly


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a judgement rests on, as known at `known_at`."""

    known_at: datetime
    roster: Roster
    course_map: CourseMap
    law: Law
    yearly: Yearly
    """What agreements must hold and the district owes each year."""
    settings: JudgementSettings
    completions: tuple[Completion, ...]
    """Claims among them; records and learners as keyed hashes."""
    learners: tuple[PseudonymousLearner, ...]
    decisions: Mapping[str, ClaimDecision]
    """Claim id → the decision in force."""
    documents: Mapping[str, tuple[Documentation, ...]]
    """Person ID → documents of an ESD that count for the person."""
    pulls: Mapping[str, tuple[PullRecord | None, PullRecord]]
    """Source → the last pull that was stored, the last attempt."""
    decided: PeopleDecisions = field(default_factory=PeopleDecisions)
    """What persons decided about who is who."""
    filed: Mapping[str, FiledDocument] = field(default_factory=dict)
    """Document id → the document of an ESD as filed."""
    readers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """`name_key` → the learners of every item ever read under the name."""
    history: PartnerHistory = field(default_factory=PartnerHistory)
    refused: tuple[RefusedRows, ...] = ()
    """Files whose refused rows keep partners waiting."""
    accepted: tuple[ReadingAccepted, ...] = ()
    rule_changes: Mapping[str, RuleChange] = field(default_factory=dict)
    """Finding id → what new rules changed and HR has not accepted yet."""
    doubts: tuple[Doubt, ...] = ()
    """What HR is asked about completions, and what it decided."""
    sign_ups: tuple[KnownSignUp, ...] = ()
    """Who has signed up for what; past ones too, where their source has not been read since."""
    scans: tuple[SheetScan, ...] = ()
    differences: tuple[Difference, ...] = ()
    """Where the log of decisions and the database differ: none of it counts here until a person has decided."""
    counted: Mapping[tuple[str, str], int] | None = None
    """As `counts`, where it is known without the completions."""

    @property
    def counts(self) -> Mapping[tuple[str, str], int]:
        """Return (source, learner) → how many completions of the learner count, of all who have any."""
        known = self.counted
        return Counter((c.source, c.learner.key) for c in self.completions) if known is None else known

    @property
    def merges(self) -> tuple[Merge, ...]:
        """Return the merged Person IDs that count by the names on the roster."""
        return self.decided.merges


def record_roster(store: Store, roster: Roster, *, now: datetime, before: Roster | None = None) -> None:
    """Make `roster` the one in force from `now` on; `before` is the one that is, where it was read already."""
    former = (before or read_roster(store)).people
    people = with_linked_names(roster.people, former, store.facts)
    _record(store, PARTNER, dict(roster.partners), now=now)
    _record(store, AGREEMENT, dict(roster.agreements), now=now)
    _record(store, PERSON, people, now=now)
    _record(store, ASSIGNMENT, {_assignment_key(a): a for a in roster.assignments}, now=now)


def _assignment_key(assignment: Assignment) -> str:
    return joined(
        assignment.person_id,
        assignment.partner_id,
        assignment.agreement_id or "",
        assignment.starts.isoformat(),
        assignment.position,
    )


def record_map(store: Store, course_map: CourseMap, *, now: datetime) -> None:
    """Make `course_map` the one in force from `now` on."""
    rows = {
        joined(r.source, r.course, r.unit, str(r.counts_from or ""), str(r.counts_until or "")): r
        for r in course_map.rows
    }
    _record(store, COURSE, rows, now=now)
    _record(store, OFFERING, {o.offering_id: o for o in course_map.offerings}, now=now)
    _record(store, MAP_VERSION, {"map": KnownVersion(course_map.version)}, now=now)


def record_program(
    store: Store, law: ShippedLaw, settings: JudgementSettings, *, versions: Mapping[str, str], now: datetime
) -> None:
    """Record the law's texts, the settings and the versions (program, layouts) in force from `now` on."""
    texts = {**law.series.texts, YEARLY: law.yearly.text}
    _record(store, LAW, {name: ShippedText(text) for name, text in texts.items()}, now=now)
    _record(store, JUDGEMENT_SETTINGS, {"settings": settings}, now=now)
    _record(store, VERSION, {name: KnownVersion(version) for name, version in versions.items()}, now=now)


def _record(store: Store, form: StoredType[Fact], facts: Mapping[str, Fact], *, now: datetime) -> None:
    store.facts.record(form.kind, Payloads(facts, form.plain), now=now)


def read_roster(store: Store, known_at: datetime | None = None) -> Roster:
    """Return the roster in force at `known_at`; an empty one when none was recorded.

    Raises: ConfigError for one that no version has recorded.
    """
    return whole_roster(
        Roster(
            partners=_read(store, PARTNER, known_at),
            agreements=_read(store, AGREEMENT, known_at),
            people=_read(store, PERSON, known_at),
            assignments=tuple(_read(store, ASSIGNMENT, known_at).values()),
        )
    )


def read_map(store: Store, known_at: datetime | None = None) -> CourseMap:
    """Return the map in force at `known_at`; an empty one when none was recorded."""
    version = _read(store, MAP_VERSION, known_at).get("map", KnownVersion("")).version
    rows = _read(store, COURSE, known_at)
    offered = {key: _seated(offering) for key, offering in store.facts.read(OFFERING.kind, known_at).items()}
    return CourseMap(version, tuple(rows.values()), tuple(OFFERING.read_all(offered).values()))


def _seated(offering: object) -> object:
    """Return an offering's payload with its seats as a number; earlier versions kept any text."""
    if not isinstance(offering, dict):
        return offering  # somebody changed it: whoever reads it says so
    seats = str(offering.get("seats") or "")
    return {**offering, "seats": int(seats) if seats.isdecimal() else None}


def read_people_decisions(
    store: Store, roster: Roster, known_at: datetime | None = None, *, found: Sequence[Difference] | None = None
) -> PeopleDecisions:
    """Return what persons had decided about who is who at `known_at`, and what of it counts by the roster of then.

    What the log and the database tell otherwise counts for nobody; `found` are those differences, where known.
    """
    found = read_differences(store) if found is None else found
    decided = believed_decisions((read_links(store, known_at), read_merges(store, known_at)), found)
    known = decisions_about(store.facts, roster.people, decided=decided, known_at=known_at)
    return without_disputed(known, found)


def former_people(store: Store) -> dict[str, Person]:
    """Return Person ID → the person as last recorded, of all who were once on the roster and no longer are."""
    return PERSON.read_all(store.facts.gone(PERSON.kind))


def map_history(store: Store) -> tuple[Period, ...]:
    """Return every version of the map that was ever in force, the oldest first."""
    versions = store.facts.history(MAP_VERSION.kind)
    return tuple(Period(read_map(store, v.recorded_at), v.recorded_at, v.ended_at) for v in versions)


def _read(store: Store, form: StoredType[Fact], known_at: datetime | None) -> dict[str, Fact]:
    return form.read_texts(store.facts.each_text(form.kind, known_at))


def read_yearly(store: Store, known_at: datetime | None = None) -> Yearly:
    """Return what was known at `known_at` (now for None) of what agreements must hold and districts owe each year.

    Earlier versions recorded the training's law only: for a time before the first record it is what ships.
    """
    recorded = _read(store, LAW, known_at).get(YEARLY)
    return load_yearly() if recorded is None else parse_yearly(recorded.text)


def read_snapshot(
    store: Store,
    known_at: datetime,
    *,
    counted: Mapping[tuple[str, str], int] | None = None,
    roster: Roster | None = None,
    differing: tuple[Difference, ...] | None = None,
) -> Snapshot | None:
    """Return what was known at `known_at`; None when no night had been recorded by then.

    Where `counted` tells how many completions each learner has, they are not read; unless what log and database tell
    otherwise, or a decision of an earlier version, is found only by them. `roster` and `differing` were read already.
    """
    settings = _read(store, JUDGEMENT_SETTINGS, known_at).get("settings")
    texts = {name: recorded.text for name, recorded in _read(store, LAW, known_at).items()}
    if settings is None or not texts:
        return None
    roster = roster or read_roster(store, known_at)
    differing = read_differences(store) if differing is None else differing
    decided = read_people_decisions(store, roster, known_at, found=differing)
    filed = believed(DOCUMENTS.read(store, known_at), DecisionKind.DOCUMENT, differing)
    claims = believed(claim_decisions(store.findings, store.facts, known_at), DecisionKind.CLAIM, differing)
    by_beginning = any(len(claim) == FORMER_DIGITS for claim in claims)
    without = counted is not None and not differing and not by_beginning
    completions = NotRead() if without else store.evidence.completions(known_at=known_at)
    return Snapshot(
        known_at=known_at,
        roster=roster,
        course_map=read_map(store, known_at),
        law=law_of(texts["topics"], texts["series"]),
        yearly=read_yearly(store, known_at),
        settings=settings,
        completions=completions,
        learners=store.evidence.learners(known_at),
        decisions=claims if without else by_whole_id(claims, completions),
        documents=documentation_of(person_documents(filed.values(), roster.people, decided)),
        pulls=store.runs.pulls(known_at),
        decided=decided,
        filed=filed,
        readers=read_readers(store, known_at, at_once=counted is None),
        history=roster_history(store, known_at),
        refused=tuple(REFUSED.read(store, known_at).values()),
        accepted=tuple(ACCEPTED.read(store, known_at).values()),
        rule_changes=RULE_CHANGES.read(store, known_at),
        doubts=believed_doubts(DOUBTS.read(store, known_at).values(), differing),
        differences=differing,
        sign_ups=tuple(SIGN_UPS.read(store, known_at).values()),
        scans=tuple(SCANS.read(store, known_at).values()),
        counted=counted,
    )
