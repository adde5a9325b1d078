"""Knowledge → a judgement for everybody on the roster, and what a person must look at. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lms_sync.compliance.credits import Claimed, Credited, MapIndex, Mapped, credits_of
from lms_sync.compliance.doubted import DoubtedCompletion, DoubtIndex, doubt_findings
from lms_sync.compliance.gate import Gate
from lms_sync.compliance.open_gate import names_of_partners, shared_gate
from lms_sync.compliance.plan.openings import Openings, openings
from lms_sync.compliance.sign_ups import expected_training
from lms_sync.law.rules import NO_CLASS, judge
from lms_sync.law.standing import Judgement, PersonEvidence, StaffClock, State
from lms_sync.model.doubt import Verdict
from lms_sync.model.evidence import Claim, ClaimReason, Completion, Credit, claim_id
from lms_sync.model.finding import Area, Finding
from lms_sync.model.links import OutdatedDecision
from lms_sync.model.person_names import PersonNames
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Person
from lms_sync.model.sign_up import ExpectedTraining
from lms_sync.people.findings import matching_findings
from lms_sync.people.match import Directory, Match, directory, match_all
from lms_sync.people.outdated import outdated_findings
from lms_sync.store.known.people_decided import outdated
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import command_line


@dataclass(slots=True)
class CollectedEvidence:
    """What speaks for one person."""

    credits: list[Credit] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)
    """Sources that hold any evidence of this person."""


@dataclass(frozen=True, slots=True)
class MappedCompletion:
    """One completion of somebody on the roster, and what it counts for by the map."""

    person_id: str
    completion: Completion
    mapped: Mapped


@dataclass(frozen=True, slots=True)
class Judged:
    """Everybody on the roster, judged on one day."""

    as_of: date
    people: Mapping[str, Judgement]
    sources: Mapping[str, frozenset[str]]
    """Person ID → sources that hold evidence of the person."""
    conflicts: frozenset[str]
    """People with evidence that contradicting identifiers keep from being credited."""
    findings: tuple[Finding, ...]
    not_ours: int
    """Learners of the sources who are not on the roster."""
    newest: Mapping[str, date]
    """Source → the newest completion day of anybody on the roster."""
    gate: Gate
    """Of a reader to whom nothing belongs; each reader's own is made of it (open_gate)."""
    openings: Openings
    """Who may take which offering."""
    outcomes: tuple[MappedCompletion, ...] = ()
    """Every completion of anybody on the roster, in the order of the evidence: those that don't count too."""
    matches: Mapping[tuple[str, str], Match] = field(default_factory=dict)  # (source, sealed id) → what became of it
    outdated: tuple[OutdatedDecision, ...] = ()
    """What was decided for a Person ID that has another name now, and counts for nobody: links, merges, claims."""
    signed_up: Mapping[str, tuple[ExpectedTraining, ...]] = field(default_factory=dict)
    """Person ID → what the person has signed up for, the next first."""

    @property
    def waiting(self) -> tuple[OutdatedDecision, ...]:
        """Return what of it waits for an answer."""
        return tuple(decision for decision in self.outdated if not decision.answered)

    @property
    def outdated_claims(self) -> frozenset[str]:
        """Return the ids of accepted claims that count for nobody."""
        return frozenset(decision.claim for decision in self.outdated if decision.claim)


def judge_roster(snapshot: Snapshot, pseudonyms: Pseudonyms, *, as_of: date) -> Judged:
    """Return everybody judged on `as_of` by a snapshot."""
    book = book_of(snapshot, pseudonyms)
    matches = match_all(snapshot.learners, book)
    outdated_claims = find_outdated_claims(snapshot, matches, book.known)
    outcomes = _outcomes(snapshot, matches, without=outdated_claims.keys())
    asked = {claim for claim, decision in outdated_claims.items() if not decision.answered}
    evidence = evidence_of(snapshot, outcomes, people=snapshot.roster.people)
    people = {i: judged_person(snapshot, i, evidence[i], as_of=as_of) for i in snapshot.roster.people}
    findings = _claims(snapshot, outcomes, without=asked)
    standings = {i: judgement.standings for i, judgement in people.items()}
    findings += doubt_findings(_doubted(snapshot, outcomes), standings, as_of=as_of)
    findings += [_future(c) for c in snapshot.completions if c.day and c.day > as_of and _whose(c, matches)]
    findings += matching_findings(snapshot.learners, matches)
    no_more = (*snapshot.decided.outdated, *outdated_claims.values())
    findings += outdated_findings(no_more, snapshot.roster.people)
    for person_id in sorted(snapshot.roster.people_on(as_of)):
        findings += _undetermined(snapshot.roster.people[person_id], people[person_id])
    return Judged(
        as_of=as_of,
        people=people,
        sources={person_id: frozenset(collected.sources) for person_id, collected in evidence.items()},
        conflicts=frozenset(p for m in matches.values() if m.conflict or m.candidates for p in m.people)
        | {decision.person_id for decision in no_more if not decision.answered},
        findings=tuple(findings),
        not_ours=sum(not match.ours for match in matches.values()),
        newest=_newest(snapshot.completions, matches),
        gate=shared_gate(snapshot, matches),
        openings=_openings(snapshot, as_of),
        outcomes=outcomes,
        matches=matches,
        outdated=no_more,
        signed_up=expected_training(snapshot, matches, as_of=as_of),
    )


def _openings(snapshot: Snapshot, as_of: date) -> Openings:
    partners: dict[str, set[str]] = {}
    for assignment in snapshot.roster.assignments:
        if assignment.covers(as_of):
            partners.setdefault(assignment.person_id, set()).add(assignment.partner_id)
    theirs = {person_id: frozenset(several) for person_id, several in partners.items()}
    return openings(snapshot.course_map, snapshot.roster, names_of_partners(snapshot), partners=theirs)


def judged_person(snapshot: Snapshot, person_id: str, evidence: CollectedEvidence, *, as_of: date) -> Judgement:
    """Return one person on the roster judged on `as_of` by `evidence` and the documents on file."""
    person = snapshot.roster.people[person_id]
    return judge(
        StaffClock(person.staff_class, person.first_day, person.clock),
        PersonEvidence(tuple(evidence.credits), tuple(evidence.claims), snapshot.documents.get(person_id, ())),
        as_of=as_of,
        law=snapshot.law,
    )


def book_of(snapshot: Snapshot, pseudonyms: Pseudonyms) -> Directory:
    """Return the roster's people as learners are matched with them: with links and merged Person IDs."""
    roster = snapshot.roster
    return directory(roster.people.values(), pseudonyms, decided=snapshot.decided, employers=roster.employers())


def find_outdated_claims(
    snapshot: Snapshot, matches: Mapping[tuple[str, str], Match], names: PersonNames
) -> dict[str, OutdatedDecision]:
    """Return claim id → the accepted claims that count for nobody: accepted for a person of another name."""
    accepted = {decision.claim_id: decision for decision in snapshot.decisions.values() if decision.accepted}
    found: dict[str, OutdatedDecision] = {}
    for completion in snapshot.completions if accepted else ():
        person_id, claim = _whose(completion, matches), claim_id(completion)
        if person_id and claim in accepted:
            subject = f"the acceptance of claim {claim}"
            decision = OutdatedDecision(person_id, accepted[claim].person_name, subject, claim=claim)
            if lost := outdated(decision, names, snapshot.decided.answers):
                found[claim] = lost
    return found


def _outcomes(
    snapshot: Snapshot, matches: Mapping[tuple[str, str], Match], *, without: Collection[str]
) -> tuple[MappedCompletion, ...]:
    mapped = mapped_by(snapshot, without=without)
    return tuple(
        MappedCompletion(person_id, completion, mapped(completion))
        for completion in snapshot.completions
        if (person_id := _whose(completion, matches))
    )


def mapped_by(snapshot: Snapshot, *, without: Collection[str] = ()) -> Callable[[Completion], Mapped]:
    """Return what tells of a completion what it counts for, by the map and the decisions in force.

    The acceptances of the claims `without` do not count.
    """
    index = MapIndex.of(snapshot.course_map)
    decisions = snapshot.decisions.values()
    accepted = {d.claim_id: d.decided_on for d in decisions if d.accepted and d.claim_id not in without}
    return lambda completion: credits_of(completion, index, accepted=accepted)


def evidence_of(
    snapshot: Snapshot, outcomes: Sequence[MappedCompletion], *, people: Iterable[str]
) -> dict[str, CollectedEvidence]:
    """Return Person ID → what speaks for the person; `outcomes` are of these people only."""
    refused = {d.claim_id for d in snapshot.decisions.values() if not d.accepted}
    doubts = DoubtIndex.of(snapshot.doubts, (outcome.completion for outcome in outcomes))
    evidence = {person_id: CollectedEvidence() for person_id in people}
    for outcome in outcomes:
        collected_evidence = evidence[outcome.person_id]
        collected_evidence.sources.add(outcome.completion.source)
        if isinstance(outcome.mapped, Credited):
            collected_evidence.credits += doubts.marked(outcome.mapped.credits, outcome.completion)
        claims = _claims_of(outcome.mapped)
        if claims and claims[0].claim_id not in refused:
            collected_evidence.claims += claims
    return evidence


def _claims_of(mapped: Mapped) -> tuple[Claim, ...]:
    return mapped.claims if isinstance(mapped, Credited | Claimed) else ()


def _claims(snapshot: Snapshot, outcomes: Sequence[MappedCompletion], *, without: Collection[str]) -> list[Finding]:
    """Return the claims that nobody has refused, but those `without`, as findings."""
    refused = {d.claim_id for d in snapshot.decisions.values() if not d.accepted}.union(without)
    people = snapshot.roster.people
    return [
        _claim(claims, people[outcome.person_id], outcome.completion)
        for outcome in outcomes
        if (claims := _claims_of(outcome.mapped)) and claims[0].claim_id not in refused
    ]


def _doubted(snapshot: Snapshot, outcomes: Sequence[MappedCompletion]) -> Iterator[DoubtedCompletion]:
    """Yield the open doubts about what counts for somebody on the roster."""
    doubts = DoubtIndex.of(snapshot.doubts, ())
    for outcome in outcomes:
        if isinstance(outcome.mapped, Credited):
            for doubt in doubts.about(outcome.completion):
                if doubt.verdict is Verdict.OPEN:
                    yield DoubtedCompletion(doubt, snapshot.roster.people[outcome.person_id], outcome.mapped.credits)


def _whose(completion: Completion, matches: Mapping[tuple[str, str], Match]) -> str:
    return matches[completion.source, completion.learner.key].person_id


def _newest(completions: Sequence[Completion], matches: Mapping[tuple[str, str], Match]) -> dict[str, date]:
    newest: dict[str, date] = {}
    for completion in completions:
        if completion.day and _whose(completion, matches):
            newest[completion.source] = max(completion.day, newest.get(completion.source, completion.day))
    return newest


def _future(completion: Completion) -> Finding:
    return Finding(
        Area.ROW,
        "future-day",
        where=str(completion.origin),
        found=f"“{completion.course_title or completion.course}” completed on {completion.day}, a day to come",
        expected="a day that has passed",
        remedy="Ask the source for the right day; it counts for nothing until the day has come.",
        source=completion.source,
        subject=f"record {completion.record}",
    )


def _claim(claims: Sequence[Claim], person: Person, completion: Completion) -> Finding:
    first = claims[0]
    return Finding(
        Area.CLAIM,
        "claim",
        where=first.origin,
        found=f"{person.name} ({person.person_id}): “{first.title}”, {first.day or 'no date'}: {first.reason}"
        + _attributes(completion),
        expected=f"a person's decision whether it counts toward {', '.join(claim.requirement for claim in claims)}",
        remedy=f"{command_line('worklist accept', first.claim_id, reason=...)} (or refuse)",
        people=(person.person_id,),
        source=first.source,
        handle=first.claim_id,
    )


def _attributes(completion: Completion) -> str:
    """Return what a claim tells besides, for the person who decides: the days that it may be, who reported it."""
    attributes = dict(completion.attributes)
    if completion.claim is ClaimReason.DAY_UNSURE:
        days = " or ".join(attributes["possible_days"].split(", "))
        return f" ({days}; if it is accepted, the last of them counts)"
    if completion.claim is not ClaimReason.CORRECTION:
        return ""
    names = {"provider": "provider ", "certificate": "certificate ", "host_school": "host school "}
    names = {"reported_by": "by ", "sender": ""} | names | {"enclosed": "with it, among the documents: "}
    return f" ({'; '.join(f'{word}{attributes[name]}' for name, word in names.items() if name in attributes)})"


def _undetermined(person: Person, judgement: Judgement) -> list[Finding]:
    if judgement.state is not State.UNDETERMINED:
        return []
    return [
        Finding(
            Area.PERSON,
            "undetermined",
            where=f"roster, person {person.person_id}",
            found=f"{person.name}: {reason}",
            expected="a class and a day on which the clock started",
            remedy="Record it in the roster with who decided and when; until then nobody can say what is due when.",
            people=(person.person_id,),
            subject=f"person {person.person_id}, {'class' if reason == NO_CLASS else 'first day'}",
        )
        for reason in judgement.reasons
    ]
