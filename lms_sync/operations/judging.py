"""The night's judging: those of whom anything changed are judged anew, of the others the stored judgement stands."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path

from lms_sync import __version__
from lms_sync.compliance.doubted import DoubtedCompletion
from lms_sync.compliance.judge import (
    Everybody,
    Judged,
    Matches,
    judge_people,
    judged_of,
)
from lms_sync.compliance.judge_person import Judging
from lms_sync.compliance.touched import JudgedFrom
from lms_sync.compliance.trained_once import JudgedAnew
from lms_sync.errors import EXIT_BUG, ConfigError
from lms_sync.law.standing import Judgement
from lms_sync.model.completion_rows import LearnersCompletions, by_learner
from lms_sync.model.finding import Finding, short_hash
from lms_sync.model.links import OutdatedDecision
from lms_sync.model.roster import Person, Roster
from lms_sync.model.rule_change import RuleChange
from lms_sync.operations.book_in_force import BookInForce
from lms_sync.operations.cleaning.once import RULES as RULES_OF_KEEPING
from lms_sync.operations.opening import STATE
from lms_sync.operations.upgrade import rule_versions
from lms_sync.operations.upgrade.decide import keep
from lms_sync.operations.upgrade.status import stored_otherwise
from lms_sync.people.match import match_all
from lms_sync.store.judgements import LearnerEvidence
from lms_sync.store.known.differences import read_differences_again
from lms_sync.store.known.judged_people import JudgedInShort
from lms_sync.store.known.judgements_on_demand import JudgementsOnDemand
from lms_sync.store.known.not_read import NotRead
from lms_sync.store.known.packed_aside import PackedAside
from lms_sync.store.known.packed_judgement import judgement_of, unpacked
from lms_sync.store.known.registers import RULE_CHANGES
from lms_sync.store.known.roster_in_force import RosterInForce
from lms_sync.store.known.snapshot import Snapshot, read_snapshot
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace

log = logging.getLogger(__name__)
JUDGED_WHOLE_EVERY = timedelta(days=7)
"""At least so often everybody is judged anew, and held against what was stored."""
_FEW = 2
"""Up to every second learner, what touched people need is read by itself; else all evidence is."""


@dataclass(frozen=True, slots=True)
class NightJudgement:
    """Everybody judged tonight."""

    snapshot: Snapshot
    judged: Judged
    anew: int
    """How many people were judged anew."""
    differed: RuleChange | None = None
    """Whose stored judgement was another one than the new one by the same facts; None: nobody's."""

    @property
    def codes(self) -> frozenset[int]:
        """Return the exit code for judgements that differed: of a fault of the program."""
        return frozenset({EXIT_BUG} if self.differed else ())


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known tonight, and what of it was stored before."""

    snapshot: Snapshot
    matches: Matches
    basis: JudgedFrom
    stored: PackedAside
    """Person ID → the judgement that was stored, packed."""
    standing: Mapping[str, JudgedInShort]
    """Person ID → in short the stored judgement, of those whose it still is."""
    whole: bool
    """Everybody is judged anew."""


@dataclass(slots=True)
class _New:
    """Those who were judged anew. Of a large district not all have room: they are packed and put aside at once."""

    packed: PackedAside
    short: dict[str, JudgedInShort] = field(default_factory=dict)
    asked: dict[str, tuple[tuple[DoubtedCompletion, ...], tuple[OutdatedDecision, ...]]] = field(default_factory=dict)
    """What HR is asked about anybody: doubts, and acceptances that count for nobody."""

    @classmethod
    def of(cls, judged: Iterable[tuple[str, JudgedAnew]], folder: Path) -> "_New":
        """Return them packed, by Person ID; put aside in a file of the folder where they are many."""
        new = cls(PackedAside(folder))
        for person_id, judgement in judged:
            new.short[person_id] = judgement.short
            new.packed.put(person_id, judgement.packed)
            if judgement.doubted or judgement.outdated:
                new.asked[person_id] = judgement.doubted, judgement.outdated
        return new


def judge_tonight(
    workspace: Workspace,
    *,
    as_of: date,
    everybody: bool = False,
    roster: RosterInForce | None = None,
    book: BookInForce | None = None,
) -> NightJudgement:
    """Return everybody judged on `as_of` by what is known now, and keep it for the next night.

    Judged anew are those of whom anything changed since they were judged; `everybody` judges all, and so does a night
    once a week: whoever's stored judgement is another one then is held until HR has looked. `roster` and `book` are
    the night's.

    Raises: ConfigError when nothing was recorded yet.
    """
    store, now = workspace.store, workspace.clock()
    in_force = roster.at(now) if roster else None
    known = _known(workspace, now, as_of=as_of, everybody=everybody, roster=in_force, book=book)
    people = known.snapshot.roster.people
    touched = [i for i in people if known.whole or i not in known.standing]
    completions = _evidence(store, known, touched, known_at=now)
    judged = judge_people(known.basis.judging, completions, known.matches, people=touched)
    new = _New.of(judged, workspace.config.folder / STATE)
    differed = _differed(known, new, as_of=as_of) if known.whole else None
    with store.transaction():
        # In the order in which they were put aside: that is how the file is read quickly.
        stored = (
            (i, known.basis.stored(i, packed, decidable=new.short[i].decidable)) for i, packed in new.packed.items()
        )
        ended = [i for i in known.stored if known.whole or i not in known.standing]
        store.judgements.replace(stored, ended=ended)
        keep(store, differed, now=now)
    snapshot = replace(known.snapshot, rule_changes=RULE_CHANGES.read(store)) if differed else known.snapshot
    log.info("judged anew: %d of %d people", len(touched), len(people))
    return NightJudgement(snapshot, judged_of(_everybody(known, new)), len(touched), differed)


def _everybody(known: _Known, new: _New) -> Everybody:
    short = {**known.standing, **new.short}
    people = known.snapshot.roster.people
    asked = [new.asked[person_id] for person_id in people if person_id in new.asked]
    return Everybody(
        known.basis.judging,
        known.matches,
        JudgementsOnDemand(people, partial(_judgement, new.packed, known.stored)),
        {person_id: short[person_id] for person_id in people},
        tuple(doubt for doubted, _ in asked for doubt in doubted),
        tuple(decision for _, outdated in asked for decision in outdated),
    )


def _judgement(new: PackedAside, stored: PackedAside, person: Person) -> Judgement:
    packed = new if person.person_id in new else stored
    return judgement_of(packed[person.person_id])


def _known(
    workspace: Workspace,
    now: datetime,
    *,
    as_of: date,
    everybody: bool,
    roster: Roster | None = None,
    book: BookInForce | None = None,
) -> _Known:
    store = workspace.store
    evidence = store.judgements.evidence(now)  # before the completions: what comes between is seen the next time
    counted = {key: found.counted for key, found in evidence.items() if found.counted}
    snapshot = read_snapshot(store, now, counted=counted, roster=roster, differing=read_differences_again(store))
    if snapshot is None:
        raise ConfigError("nothing was recorded yet", hint="Run `lms-sync nightly` first.")
    people = (book or BookInForce(workspace.pseudonyms)).of(snapshot.roster, snapshot.decided)
    matches = match_all(snapshot.learners, people)
    judging = Judging.of(snapshot, people.known, as_of=as_of)
    basis = _basis(workspace, judging, matches, evidence)
    stored, standing, oldest = _stored(workspace, basis)
    due = oldest is not None and oldest <= as_of - JUDGED_WHOLE_EVERY
    whole = everybody or due or not isinstance(snapshot.completions, NotRead)
    return _Known(snapshot, matches, basis, stored, standing, whole)


def _stored(workspace: Workspace, basis: JudgedFrom) -> tuple[PackedAside, dict[str, JudgedInShort], date | None]:
    """Return the judgements that were stored; those that stand, in short; and the day of the oldest."""
    packed = PackedAside(workspace.config.folder / STATE)
    standing, days = {}, set()
    for person_id, judgement in workspace.store.judgements.each():
        packed.put(person_id, judgement.packed)
        days.add(judgement.as_of)
        if short := basis.standing(person_id, judgement):
            standing[person_id] = short
    return packed, standing, min(days, default=None)


def _basis(
    workspace: Workspace, judging: Judging, matches: Matches, evidence: Mapping[tuple[str, str], LearnerEvidence]
) -> JudgedFrom:
    doubted = {(doubt.source, doubt.record) for doubt in judging.snapshot.doubts}
    return JudgedFrom.of(
        judging,
        matches,
        evidence,
        since=workspace.store.runs.last_finished("nightly"),
        learners_of=workspace.store.judgements.learners_of(doubted),
        program=short_hash(_program(), *judging.snapshot.law.texts.values()),
        seal=workspace.pseudonyms.of,
    )


def _program() -> str:
    """Return the program with its rules and the holidays that it knows, in short."""
    return repr((__version__, rule_versions.present(), RULES_OF_KEEPING, version("holidays")))


def _evidence(
    store: Store, known: _Known, touched: list[str], *, known_at: datetime
) -> Iterable[LearnersCompletions]:
    """Return the completions of each learner who is judged anew, and of others too where that is cheaper."""
    completions = known.snapshot.completions
    if not isinstance(completions, NotRead):
        return by_learner(completions)
    wanted = set(touched)
    learners = {key for key, match in known.matches.items() if match.person_id in wanted}
    if len(learners) * _FEW > len(known.matches):
        return store.evidence.of_each_learner(known_at)
    return store.judgements.of_each_learner(learners, known_at)


def _differed(known: _Known, new: _New, *, as_of: date) -> RuleChange | None:
    others = [i for i in known.standing if known.stored[i] != new.packed[i]]
    pairs = {i: (unpacked(known.stored[i]), unpacked(new.packed[i])) for i in others}
    differing = {i: pair for i, pair in pairs.items() if pair[0].without_sentences != pair[1].without_sentences}
    stored, judged = ({i: pair[which] for i, pair in differing.items()} for which in (0, 1))
    return stored_otherwise(stored, judged, known.snapshot.roster.people, as_of=as_of)


def untold(found: Sequence[Finding], roster: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return what was found without those undetermined people whose blank cell the roster's check names already."""
    about_the_clock = {"first-day-missing", "person-class-missing", "class-undecided", "clock-undecided"}
    named = {person for finding in roster if finding.code in about_the_clock for person in finding.people}
    return tuple(f for f in found if f.code != "undetermined" or not named.issuperset(f.people))
