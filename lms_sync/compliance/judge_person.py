"""One person's completions → the person's judgement, and all that a later night must know of it. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import repeat

from lms_sync.compliance.claim_findings import claim_finding, future_finding
from lms_sync.compliance.credits import Claimed, Credited, Mapped, counted_by
from lms_sync.compliance.doubted import DoubtedCompletion, DoubtIndex
from lms_sync.compliance.map_index import MapIndex
from lms_sync.compliance.undecided import undecided_completion
from lms_sync.law.rules import RulesInForce
from lms_sync.law.standing import Judgement, PersonEvidence, StaffClock
from lms_sync.model.doubt import Doubt, Verdict
from lms_sync.model.evidence import Claim, Completion, Credit, claim_id
from lms_sync.model.finding import ClaimDecision, Finding
from lms_sync.model.links import OutdatedDecision
from lms_sync.model.person_names import PersonNames
from lms_sync.model.quickly_made import quickly_made
from lms_sync.store.known.judged_people import JudgedPerson, ReportedCompletion
from lms_sync.store.known.people_decided import outdated
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.workspace.settings.corrections import CORRECTIONS

DAY = timedelta(days=1)


@dataclass(slots=True)
class CollectedEvidence:
    """What speaks for one person."""

    credits: list[Credit] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


@quickly_made
@dataclass(frozen=True, slots=True)
class MappedCompletion:
    """One completion of somebody on the roster, and what it counts for by the map."""

    person_id: str
    completion: Completion
    mapped: Mapped


@dataclass(frozen=True, slots=True)
class NewJudgement:
    """One person judged anew."""

    person: JudgedPerson
    outcomes: tuple[MappedCompletion, ...]
    """Every completion, in the order of the evidence: those that don't count too."""
    doubted: tuple[DoubtedCompletion, ...] = ()
    """What HR is asked about."""
    outdated: tuple[OutdatedDecision, ...] = ()
    """Accepted claims that count for nobody: accepted for a person of another name."""


@dataclass(frozen=True, slots=True)
class Judging:
    """What everybody is judged by."""

    snapshot: Snapshot
    as_of: date
    rules: RulesInForce
    names: PersonNames
    index: MapIndex
    accepted: Mapping[str, date]
    """Claim id → the day of the decision."""
    refused: frozenset[str]
    doubts: Mapping[tuple[str, str], tuple[Doubt, ...]]
    """By source and record."""

    @classmethod
    def of(cls, snapshot: Snapshot, names: PersonNames, *, as_of: date) -> "Judging":
        """Return what everybody is judged by on `as_of`; `names` are those on the roster."""
        decisions = snapshot.decisions.values()
        return cls(
            snapshot,
            as_of,
            RulesInForce.of(snapshot.law, as_of),
            names,
            MapIndex.of(snapshot.course_map),
            {decision.claim_id: decision.decided_on for decision in decisions if decision.accepted},
            frozenset(decision.claim_id for decision in decisions if not decision.accepted),
            DoubtIndex.of(snapshot.doubts, ()).doubts,
        )

    def judged(self, person_id: str, completions: Sequence[Completion]) -> NewJudgement:
        """Return one person on the roster, judged by all completions that are the person's, in whatever order."""
        completions = sorted(completions, key=_place_in_order)
        decided = self._decided(completions)
        lost = self._outdated(person_id, decided)
        accepted = {claim: self.accepted[claim] for claim in decided if claim in self.accepted and claim not in lost}
        found = [self.index.found(completion) for completion in completions]
        mapped = [
            counted_by(rows, completion, self.index, accepted=accepted)
            for completion, (_, rows) in zip(completions, found, strict=True)
        ]
        outcomes = tuple(map(MappedCompletion, repeat(person_id), completions, mapped))
        claimed = [outcome for outcome in outcomes if _claims_of(outcome.mapped)]
        evidence = self.collected(outcomes)
        judgement = self.judgement(person_id, evidence)
        return NewJudgement(
            JudgedPerson(
                judgement,
                tuple(sorted(_newest(completions).items())),
                tuple(filter(None, map(undecided_completion, completions, mapped))),
                tuple(self._claims(claimed, without={c for c, decision in lost.items() if not decision.answered})),
                tuple(future_finding(c) for c in completions if c.day and c.day > self.as_of),
                tuple(dict.fromkeys([names for names, _ in found])),
                tuple(_decidable(outcomes, decided)),
                tuple(ReportedCompletion(c.course, c.day, claim_id(c)) for c in completions if _is_reported(c)),
                self._changes_on(person_id, completions, evidence, judgement=judgement),
            ),
            outcomes,
            tuple(self._doubted(outcomes)),
            tuple(lost.values()),
        )

    def collected(self, outcomes: Sequence[MappedCompletion]) -> CollectedEvidence:
        """Return what speaks for the one person whose outcomes these are."""
        evidence = CollectedEvidence()
        doubts = self._doubts_about([outcome.completion for outcome in outcomes])
        for outcome in outcomes:
            mapped = outcome.mapped
            if isinstance(mapped, Credited):
                evidence.credits += doubts.marked(mapped.credits, outcome.completion) if doubts else mapped.credits
            claims = _claims_of(mapped)
            if claims and claims[0].claim_id not in self.refused:
                evidence.claims += claims
        return evidence

    def _doubts_about(self, completions: Sequence[Completion]) -> DoubtIndex | None:
        """Return what marks a person's credits; None where no record is in doubt, and none was done twice."""
        records = {(completion.source, completion.record) for completion in completions}
        if len(records) == len(completions) and records.isdisjoint(self.doubts):
            return None
        return DoubtIndex(self.doubts, _first_days(completions))

    def judgement(self, person_id: str, evidence: CollectedEvidence) -> Judgement:
        """Return one person on the roster judged by `evidence` and the documents on file."""
        person, documents = self.snapshot.roster.people[person_id], self.snapshot.documents.get(person_id, ())
        return self.rules.judge(
            StaffClock(person.staff_class, person.first_day, person.clock),
            PersonEvidence(tuple(evidence.credits), tuple(evidence.claims), documents),
        )

    def outdated_decision(self, person_id: str, decision: ClaimDecision) -> OutdatedDecision | None:
        """Return an accepted claim of the person that counts for nobody; None for one that counts."""
        subject = f"the acceptance of claim {decision.claim_id}"
        found = OutdatedDecision(person_id, decision.person_name, subject, claim=decision.claim_id)
        return outdated(found, self.names, self.snapshot.decided.answers)

    def _decided(self, completions: Iterable[Completion]) -> dict[str, ClaimDecision]:
        """Return claim id → the decision, of what was ever decided about a person's completions."""
        decisions = self.snapshot.decisions
        ids = map(claim_id, completions) if decisions else ()
        return {claim: decisions[claim] for claim in ids if claim in decisions}

    def _outdated(self, person_id: str, decided: Mapping[str, ClaimDecision]) -> dict[str, OutdatedDecision]:
        """Return claim id → the accepted claims of a person that count for nobody."""
        accepted = [decision for claim, decision in decided.items() if claim in self.accepted]
        found = {decision.claim_id: self.outdated_decision(person_id, decision) for decision in accepted}
        return {claim: decision for claim, decision in found.items() if decision}

    def _claims(self, outcomes: Iterable[MappedCompletion], *, without: set[str]) -> Iterator[Finding]:
        """Yield the claims that nobody has refused, but those `without`, as findings."""
        for outcome in outcomes:
            claims = _claims_of(outcome.mapped)
            if claims and claims[0].claim_id not in self.refused and claims[0].claim_id not in without:
                yield claim_finding(claims, self.snapshot.roster.people[outcome.person_id], outcome.completion)

    def _doubted(self, outcomes: Iterable[MappedCompletion]) -> Iterator[DoubtedCompletion]:
        """Yield the open doubts about what counts for the person."""
        for outcome in outcomes if self.doubts else ():
            if isinstance(outcome.mapped, Credited):
                person = self.snapshot.roster.people[outcome.person_id]
                for doubt in self.doubts.get((outcome.completion.source, outcome.completion.record), ()):
                    if doubt.verdict is Verdict.OPEN and doubt.concerns(outcome.completion):
                        yield DoubtedCompletion(doubt, person, outcome.mapped.credits)

    def _changes_on(
        self, person_id: str, completions: Iterable[Completion], evidence: CollectedEvidence, *, judgement: Judgement
    ) -> date | None:
        """Return the first day after `as_of` on which the same facts may be judged otherwise; None: there is none.

        The law counts by the first day, the start of the clock, the days of evidence and documents, and by the last
        lawful days: each of them, and the day after it, may change something.
        """
        person = self.snapshot.roster.people[person_id]
        days = [completion.day for completion in completions]
        days += [person.first_day, person.clock.starts if person.clock else None]
        days += [credit.day for credit in evidence.credits]
        days += [claim.day for claim in evidence.claims]
        days += [document.day for document in self.snapshot.documents.get(person_id, ())]
        for standing in judgement.standings:
            days += standing.due, standing.last_lawful_day
        days += [version.in_force_from for version in self.snapshot.law.versions]
        to_come = {day for day in days if day is not None and day >= self.as_of}
        return min((day if day > self.as_of else day + DAY for day in to_come), default=None)


def _place_in_order(completion: Completion) -> tuple[str, str, date]:
    """Return what the evidence is ordered by."""
    return (completion.source, completion.record, completion.day or date.min)


def _is_reported(completion: Completion) -> bool:
    return completion.source == CORRECTIONS


def _decidable(outcomes: Iterable[MappedCompletion], decided: Collection[str]) -> Iterator[str]:
    """Yield the ids of claims of which a decision says, or may say, what the completion counts for."""
    for outcome in outcomes:
        completion, claims = outcome.completion, _claims_of(outcome.mapped)
        if claims:
            yield claims[0].claim_id
        elif completion.claim or completion.day is None or (decided and claim_id(completion) in decided):
            yield claim_id(completion)


def _first_days(completions: Iterable[Completion]) -> dict[tuple[str, str], date]:
    """Return the first day of each record."""
    first: dict[tuple[str, str], date] = {}
    for completion in completions:
        if completion.day:
            key = completion.source, completion.record
            first[key] = min(completion.day, first.get(key, completion.day))
    return first


def _newest(completions: Iterable[Completion]) -> dict[str, date | None]:
    """Return source → the newest day of a completion; None where none has a day."""
    newest: dict[str, date | None] = {}
    for completion in completions:
        source, day = completion.source, completion.day
        known = newest.setdefault(source, day)
        if day is not None and (known is None or day > known):
            newest[source] = day
    return newest


_COUNTING = (Credited, Claimed)


def _claims_of(mapped: Mapped) -> tuple[Claim, ...]:
    return mapped.claims if isinstance(mapped, _COUNTING) else ()
