"""One person's completions → the person's judgement, and all that a later night must know of it. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import starmap

from lms_sync.compliance.claim_findings import claim_finding, future_finding, unsaid_day
from lms_sync.compliance.counted_alike import AlikeIndex
from lms_sync.compliance.credits import Claimed, Credited, Mapped
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


CountedCompletion = tuple[Completion, Mapped]
"""One completion of one person, and what it counts for by the map."""


@dataclass(frozen=True, slots=True)
class NewJudgement:
    """One person judged anew."""

    person_id: str
    person: JudgedPerson
    counted: Sequence[CountedCompletion] = ()
    """All of the person's, in the order of the evidence: those that don't count too."""
    doubted: tuple[DoubtedCompletion, ...] = ()
    """What HR is asked about."""
    outdated: tuple[OutdatedDecision, ...] = ()
    """Accepted claims that count for nobody: accepted for a person of another name."""

    @property
    def outcomes(self) -> tuple[MappedCompletion, ...]:
        """Return the same, each with the person."""
        return tuple(MappedCompletion(self.person_id, *counted) for counted in self.counted)


@dataclass(frozen=True, slots=True)
class Judging:
    """What everybody is judged by."""

    snapshot: Snapshot
    as_of: date
    rules: RulesInForce
    names: PersonNames
    index: MapIndex
    alike: AlikeIndex
    accepted: Mapping[str, date]
    """Claim id → the day that is credited where the source gives none."""
    refused: frozenset[str]
    doubts: Mapping[tuple[str, str], tuple[Doubt, ...]]
    """By source and record."""
    doubtful: frozenset[str]
    """Every record that was ever in doubt, of whatever source."""
    of_the_law: frozenset[date]
    """The days from which on the law's versions are in force."""

    @classmethod
    def of(cls, snapshot: Snapshot, names: PersonNames, *, as_of: date) -> "Judging":
        """Return what everybody is judged by on `as_of`; `names` are those on the roster."""
        decisions = snapshot.decisions.values()
        index = MapIndex.of(snapshot.course_map)
        return cls(
            snapshot,
            as_of,
            RulesInForce.of(snapshot.law, as_of),
            names,
            index,
            AlikeIndex(index),
            {decision.claim_id: decision.counts_from for decision in decisions if decision.accepted},
            frozenset(decision.claim_id for decision in decisions if not decision.accepted),
            DoubtIndex.of(snapshot.doubts, ()).doubts,
            frozenset(doubt.record for doubt in snapshot.doubts),
            frozenset(version.in_force_from for version in snapshot.law.versions),
        )

    def judged(self, person_id: str, completions: Iterable[Completion]) -> NewJudgement:
        """Return one person on the roster, judged by all completions that are the person's, in whatever order."""
        completions = sorted(completions, key=_place_in_order)
        decided = self._decided(completions)
        lost = self._outdated(person_id, decided)
        accepted = {claim: self.accepted[claim] for claim in decided if claim in self.accepted and claim not in lost}
        alike, mapped = self.alike.counted(
            completions, accepted=accepted, own=self.snapshot.roster.people[person_id].names
        )
        counted = list(zip(completions, mapped, strict=True))
        # Most completions are credited, and that is all there is to say of them.
        more = counted if decided else [each for each in counted if not _is_settled(*each)]
        evidence = CollectedEvidence(self._credits(counted), self._open_claims(more))
        judgement = self.judgement(person_id, evidence)
        days = _days(completions)
        return NewJudgement(
            person_id,
            JudgedPerson(
                judgement,
                tuple([(source, _newest(theirs, self.as_of)) for source, theirs in sorted(days.items())]),
                tuple(filter(None, starmap(undecided_completion, more))),
                tuple(self._claims(person_id, more, without={c for c, found in lost.items() if not found.answered})),
                tuple([future_finding(c) for c in completions if c.day and c.day > self.as_of]),
                tuple(dict.fromkeys([like.names for like in dict.fromkeys(alike)])),
                tuple(_decidable(more, decided)),
                tuple([_reported(completion) for completion, _ in more if completion.source == CORRECTIONS]),
                self._changes_on(person_id, set().union(*days.values()), evidence, judgement=judgement),
            ),
            counted,
            tuple(self._doubted(person_id, counted)) if self.doubts else (),
            tuple(lost.values()),
        )

    def _credits(self, counted: Iterable[CountedCompletion]) -> list[Credit]:
        """Return the credits of one person's completions, those in doubt marked."""
        doubts = self._doubts_about([completion for completion, _ in counted])
        credits: list[Credit] = []
        for completion, mapped in counted:
            if isinstance(mapped, Credited):
                credits += doubts.marked(mapped.credits, completion) if doubts else mapped.credits
        return credits

    def _open_claims(self, counted: Iterable[CountedCompletion]) -> list[Claim]:
        """Return the claims that nobody has refused."""
        return [claim for _, mapped in counted for claim in _claims_of(mapped) if claim.claim_id not in self.refused]

    def _doubts_about(self, completions: Sequence[Completion]) -> DoubtIndex | None:
        """Return what marks a person's credits; None where no record is in doubt, and none was done twice."""
        records = {completion.record for completion in completions}
        if len(records) == len(completions) and records.isdisjoint(self.doubtful):
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

    def _claims(
        self, person_id: str, counted: Iterable[CountedCompletion], *, without: Set[str]
    ) -> Iterator[Finding]:
        """Yield the claims that nobody has refused, but those `without`, and the accepted ones of an unsaid day."""
        for completion, mapped in counted:
            claims = _claims_of(mapped)
            if claims and claims[0].claim_id not in self.refused and claims[0].claim_id not in without:
                person, doubts = self.snapshot.roster.people[person_id], self._open_doubts(completion)
                yield claim_finding(claims, person, completion, doubt=next(doubts, None))
            elif completion.day is None and isinstance(mapped, Credited):
                yield from unsaid_day(self.snapshot.decisions, self.snapshot.roster.people[person_id], completion)

    def _doubted(self, person_id: str, counted: Iterable[CountedCompletion]) -> Iterator[DoubtedCompletion]:
        """Yield the open doubts about what counts for the person."""
        person, pairs = self.snapshot.roster.people[person_id], tuple(counted)
        index = DoubtIndex(self.doubts, {})
        done = [completion for completion, _ in pairs if completion.day and completion.day <= self.as_of]
        for completion, mapped in pairs:
            if isinstance(mapped, Credited):
                for doubt in self._open_doubts(completion):
                    yield DoubtedCompletion(doubt, person, mapped.credits, index.done_again(doubt, done))

    def _open_doubts(self, completion: Completion) -> Iterator[Doubt]:
        """Yield the doubts about a completion that nobody has decided."""
        for doubt in self.doubts.get((completion.source, completion.record), ()):
            if doubt.verdict is Verdict.OPEN and doubt.concerns(completion):
                yield doubt

    def _changes_on(
        self, person_id: str, done: Set[date | None], evidence: CollectedEvidence, *, judgement: Judgement
    ) -> date | None:
        """Return the first day after `as_of` on which the same facts may be judged otherwise; None: there is none.

        The law counts by the first day, the start of the clock, the days of evidence and documents, and by the last
        lawful days: each of them, and the day after it, may change something. `done` are the completions' days.
        """
        person = self.snapshot.roster.people[person_id]
        days = {person.first_day, person.clock.starts if person.clock else None, *done, *self.of_the_law}
        days.update([credit.day for credit in evidence.credits])
        days.update([claim.day for claim in evidence.claims])
        days.update([document.day for document in self.snapshot.documents.get(person_id, ())])
        days.update([standing.due for standing in judgement.standings])
        days.update([standing.last_lawful_day for standing in judgement.standings])
        return self.first_to_come(days)

    def first_to_come(self, days: Iterable[date | None]) -> date | None:
        """Return the first day after `as_of` that is one of the `days`, or the day after one; None: there is none."""
        to_come = [day for day in days if day and day >= self.as_of]
        return min([day if day > self.as_of else day + DAY for day in to_come], default=None)


def _place_in_order(completion: Completion) -> tuple[str, str, date]:
    """Return what the evidence is ordered by."""
    return (completion.source, completion.record, completion.day or date.min)


def _is_settled(completion: Completion, mapped: Mapped) -> bool:
    """Tell whether a completion is credited, and no person has to decide or to be told anything about it."""
    if not isinstance(mapped, Credited) or mapped.claims or completion.claim or completion.day is None:
        return False
    return completion.source != CORRECTIONS


def _reported(completion: Completion) -> ReportedCompletion:
    return ReportedCompletion(completion.course, completion.day, claim_id(completion))


def _decidable(counted: Iterable[CountedCompletion], decided: Collection[str]) -> Iterator[str]:
    """Yield the ids of claims of which a decision says, or may say, what the completion counts for."""
    for completion, mapped in counted:
        claims = _claims_of(mapped)
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


def _days(completions: Iterable[Completion]) -> dict[str, set[date | None]]:
    """Return source → the days of its completions."""
    days: dict[str, set[date | None]] = defaultdict(set)
    for completion in completions:
        days[completion.source].add(completion.day)
    return days


def _newest(days: Iterable[date | None], as_of: date) -> date | None:
    """Return the newest day that has come: a day to come, mistyped most often, does not make a source look fresh."""
    return max((day for day in days if day is not None and day <= as_of), default=None)


_COUNTING = (Credited, Claimed)


def _claims_of(mapped: Mapped) -> tuple[Claim, ...]:
    return mapped.claims if isinstance(mapped, _COUNTING) else ()
