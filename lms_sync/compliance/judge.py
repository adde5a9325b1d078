"""Knowledge → a judgement for everybody on the roster, and what a person must look at. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lms_sync.compliance.claim_findings import undetermined_findings
from lms_sync.compliance.doubted import DoubtedCompletion, doubt_findings
from lms_sync.compliance.gate import Gate
from lms_sync.compliance.judge_person import Judging, MappedCompletion
from lms_sync.compliance.open_gate import names_of_partners, shared_gate
from lms_sync.compliance.plan.openings import Openings, openings
from lms_sync.compliance.sign_ups import expected_training
from lms_sync.compliance.trained_once import JudgedAnew, PeopleAlike
from lms_sync.law.standing import Judgement, State
from lms_sync.model.completion_rows import LearnersCompletions
from lms_sync.model.evidence import Completion
from lms_sync.model.finding import Finding
from lms_sync.model.links import OutdatedDecision
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.sign_up import ExpectedTraining
from lms_sync.people.findings import matching_findings
from lms_sync.people.match import Directory, Match, directory, match_all
from lms_sync.people.outdated import outdated_findings
from lms_sync.store.known.judged_people import JudgedInShort, ReportedCompletion, UndecidedCompletion
from lms_sync.store.known.not_read import NotRead
from lms_sync.store.known.snapshot import Snapshot

Matches = Mapping[tuple[str, str], Match]
"""(source, pseudonymous learner id) → what became of the learner."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Everybody on the roster, judged on one day."""

    as_of: date
    people: Mapping[str, Judgement]
    """A night unpacks each when it is asked for; what it needs of everybody stands in `short`."""
    short: Mapping[str, JudgedInShort]
    """Person ID → the judgement in short."""
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
    """Every completion of anybody on the roster, person by person: those that don't count too.

    A night keeps none of them, so there nobody can ask for them.
    """
    matches: Matches = field(default_factory=dict)
    outdated: tuple[OutdatedDecision, ...] = ()
    """What was decided for a Person ID that has another name now, and counts for nobody: links, merges, claims."""
    signed_up: Mapping[str, tuple[ExpectedTraining, ...]] = field(default_factory=dict)
    """Person ID → what the person has signed up for, the next first."""
    undecided: Mapping[str, tuple[UndecidedCompletion, ...]] = field(default_factory=dict)
    """Person ID → the person's completions that wait for the trainer."""
    reported: Mapping[str, tuple[ReportedCompletion, ...]] = field(default_factory=dict)
    """Person ID → what partners reported of the person in corrections."""

    @property
    def waiting(self) -> tuple[OutdatedDecision, ...]:
        """Return what of it waits for an answer."""
        return tuple(decision for decision in self.outdated if not decision.answered)

    @property
    def outdated_claims(self) -> frozenset[str]:
        """Return the ids of accepted claims that count for nobody."""
        return frozenset(decision.claim for decision in self.outdated if decision.claim)


@dataclass(frozen=True, slots=True)
class Everybody:
    """What became of everybody: judged anew, or as a night before has judged."""

    judging: Judging
    matches: Matches
    people: Mapping[str, Judgement]
    short: Mapping[str, JudgedInShort]
    """Person ID → the same in short, of the same people in the same order."""
    doubted: tuple[DoubtedCompletion, ...]
    """What HR is asked about; nobody's judgement of a night before stands who is asked about."""
    outdated: tuple[OutdatedDecision, ...]
    """Accepted claims that count for nobody; nobody's judgement of a night before stands who has one."""
    outcomes: tuple[MappedCompletion, ...] = NotRead()
    """What became of every completion; nobody may ask for it where a night judges."""


def judge_roster(
    snapshot: Snapshot, pseudonyms: Pseudonyms, *, as_of: date, people: Collection[str] | None = None
) -> Judged:
    """Return everybody judged on `as_of` by a snapshot; or these `people` alone."""
    book = book_of(snapshot, pseudonyms)
    matches = match_all(snapshot.learners, book)
    judging = Judging.of(snapshot, book.known, as_of=as_of)
    wanted = snapshot.roster.people if people is None else [i for i in snapshot.roster.people if i in people]
    completions = completions_by_person(snapshot.completions, matches)
    new = {person_id: judging.judged(person_id, completions.get(person_id, ())) for person_id in wanted}
    return judged_of(
        Everybody(
            judging,
            matches,
            {person_id: judged.person.judgement for person_id, judged in new.items()},
            {person_id: judged.person.in_short for person_id, judged in new.items()},
            tuple(doubt for judged in new.values() for doubt in judged.doubted),
            tuple(decision for judged in new.values() for decision in judged.outdated),
            tuple(outcome for judged in new.values() for outcome in judged.outcomes),
        )
    )


def judge_people(
    judging: Judging, evidence: Iterable[LearnersCompletions], matches: Matches, *, people: Iterable[str]
) -> Iterator[tuple[str, JudgedAnew]]:
    """Yield these people judged anew, one after the other; `evidence` is what there is of each learner.

    Of a million completions not all have room at once: whoever is one learner is judged as soon as the learner's are
    read, and they are let go; whoever is several when all have been.
    """
    alike = PeopleAlike(judging)
    learners = Counter(match.person_id for match in matches.values())
    waiting = dict.fromkeys(people)
    several: dict[str, list[LearnersCompletions]] = defaultdict(list)
    for theirs in evidence:
        person_id = matches[theirs.learner.source, theirs.learner.key].person_id
        if person_id in waiting and learners[person_id] == 1:
            del waiting[person_id]
            yield person_id, alike.judged(person_id, (theirs,))
        elif person_id in waiting:
            several[person_id].append(theirs)
    for person_id in waiting:
        yield person_id, alike.judged(person_id, several.pop(person_id, ()))


def completions_by_person(completions: Iterable[Completion], matches: Matches) -> dict[str, list[Completion]]:
    """Return Person ID → the completions that are the person's, in the order of the evidence."""
    found: dict[str, list[Completion]] = defaultdict(list)
    for completion in completions:
        if person_id := matches[completion.source, completion.learner.key].person_id:
            found[person_id].append(completion)
    return found


def judged_of(everybody: Everybody) -> Judged:
    """Return the whole judgement that everybody's judgements come to."""
    snapshot, as_of = everybody.judging.snapshot, everybody.judging.as_of
    matches, short = everybody.matches, everybody.short
    no_more = (*snapshot.decided.outdated, *everybody.outdated)
    return Judged(
        as_of=as_of,
        people=everybody.people,
        short=short,
        sources=_sources(short),
        conflicts=frozenset(p for m in matches.values() if m.conflict or m.candidates for p in m.people)
        | {decision.person_id for decision in no_more if not decision.answered},
        findings=tuple(_findings(everybody, no_more)),
        not_ours=sum(not match.ours for match in matches.values()),
        newest=_newest(short.values()),
        gate=shared_gate(snapshot, matches),
        openings=_openings(snapshot, as_of),
        outcomes=everybody.outcomes,
        matches=matches,
        outdated=no_more,
        signed_up=expected_training(snapshot, matches, as_of=as_of),
        undecided={i: person.undecided for i, person in short.items() if person.undecided},
        reported={i: person.reported for i, person in short.items() if person.reported},
    )


def _findings(everybody: Everybody, no_more: Sequence[OutdatedDecision]) -> list[Finding]:
    snapshot, as_of = everybody.judging.snapshot, everybody.judging.as_of
    people, short, roster = everybody.people, everybody.short, snapshot.roster.people
    findings = [finding for person in short.values() for finding in person.claims]
    standings = {doubt.person.person_id: people[doubt.person.person_id].standings for doubt in everybody.doubted}
    findings += doubt_findings(everybody.doubted, standings, as_of=as_of)
    findings += [finding for person in short.values() for finding in person.future]
    findings += matching_findings(snapshot.learners, everybody.matches)
    findings += outdated_findings(no_more, roster)
    undetermined = {person_id for person_id, person in short.items() if person.state is State.UNDETERMINED}
    for person_id in sorted(undetermined & snapshot.roster.people_on(as_of).keys() if undetermined else ()):
        findings += undetermined_findings(roster[person_id], people[person_id])
    return findings


def _openings(snapshot: Snapshot, as_of: date) -> Openings:
    assigned = snapshot.roster.people_on(as_of).items()
    theirs = _shared((i, frozenset([assignment.partner_id for assignment in several])) for i, several in assigned)
    return openings(snapshot.course_map, snapshot.roster, names_of_partners(snapshot), partners=theirs)


def book_of(snapshot: Snapshot, pseudonyms: Pseudonyms) -> Directory:
    """Return the roster's people as learners are matched with them: with links and merged Person IDs."""
    roster = snapshot.roster
    return directory(roster.people.values(), pseudonyms, decided=snapshot.decided, employers=roster.employers())


def _sources(short: Mapping[str, JudgedInShort]) -> dict[str, frozenset[str]]:
    """Return Person ID → the person's sources."""
    return _shared((i, frozenset([source for source, _ in person.sources])) for i, person in short.items())


def _shared(theirs: Iterable[tuple[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    """Return Person ID → what several people have of a kind: of those who have the same, one set."""
    sets: dict[frozenset[str], frozenset[str]] = {}
    return {person_id: sets.setdefault(several, several) for person_id, several in theirs}


def _newest(people: Iterable[JudgedInShort]) -> dict[str, date]:
    newest: dict[str, date] = {}
    for person in people:
        for source, day in person.sources:
            if day:
                newest[source] = max(day, newest.get(source, day))
    return newest
