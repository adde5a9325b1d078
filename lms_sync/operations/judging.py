"""The night's judging: those of whom anything changed are judged anew, of the others the stored judgement stands."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from importlib.metadata import version

from lms_sync import __version__
from lms_sync.compliance.judge import (
    Everybody,
    Judged,
    Matches,
    book_of,
    judge_people,
    judged_of,
)
from lms_sync.compliance.judge_person import Judging, NewJudgement
from lms_sync.compliance.touched import JudgedFrom
from lms_sync.errors import EXIT_BUG, ConfigError
from lms_sync.model.evidence import Completion
from lms_sync.model.finding import Finding, short_hash
from lms_sync.model.rule_change import RuleChange
from lms_sync.operations.cleaning.once import RULES as RULES_OF_KEEPING
from lms_sync.operations.upgrade import rule_versions
from lms_sync.operations.upgrade.decide import keep
from lms_sync.operations.upgrade.status import stored_otherwise
from lms_sync.people.match import match_all
from lms_sync.store.judgements import LearnerEvidence
from lms_sync.store.known.judged_people import JudgedPerson
from lms_sync.store.known.not_read import NotRead
from lms_sync.store.known.registers import RULE_CHANGES
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
    stored: frozenset[str]
    """The Person IDs of whom a judgement was stored."""
    standing: Mapping[str, JudgedPerson]
    """Person ID → the stored judgement that still is the person's."""
    whole: bool
    """Everybody is judged anew."""


def judge_tonight(workspace: Workspace, *, as_of: date, everybody: bool = False) -> NightJudgement:
    """Return everybody judged on `as_of` by what is known now, and keep it for the next night.

    Judged anew are those of whom anything changed since they were judged; `everybody` judges all, and so does a night
    once a week: whoever's stored judgement is another one then is held until HR has looked.

    Raises: ConfigError when nothing was recorded yet.
    """
    store, now = workspace.store, workspace.clock()
    known = _known(workspace, now, as_of=as_of, everybody=everybody)
    people = known.snapshot.roster.people
    touched = [i for i in people if known.whole or i not in known.standing]
    completions = _evidence(store, known, touched, known_at=now)
    new = judge_people(known.basis.judging, completions, known.matches, people=touched)
    drawn = {i: new[i].person if i in new else known.standing[i] for i in people}
    differed = _differed(known, new, as_of=as_of) if known.whole else None
    with store.transaction():
        stored = ((i, known.basis.stored(i, judgement.person)) for i, judgement in new.items())
        store.judgements.replace(stored, gone=known.stored - people.keys())
        keep(store, differed, now=now)
    snapshot = replace(known.snapshot, rule_changes=RULE_CHANGES.read(store)) if differed else known.snapshot
    judged = judged_of(Everybody(known.basis.judging, known.matches, drawn, new))
    log.info("judged anew: %d of %d people", len(new), len(people))
    return NightJudgement(snapshot, judged, len(new), differed)


def _known(workspace: Workspace, now: datetime, *, as_of: date, everybody: bool) -> _Known:
    store = workspace.store
    evidence = store.judgements.evidence(now)  # before the completions: what comes between is seen the next time
    counted = {key: found.counted for key, found in evidence.items() if found.counted}
    snapshot = read_snapshot(store, now, counted=counted)
    if snapshot is None:
        raise ConfigError("nothing was recorded yet", hint="Run `lms-sync nightly` first.")
    book = book_of(snapshot, workspace.pseudonyms)
    matches = match_all(snapshot.learners, book)
    judging = Judging.of(snapshot, book.known, as_of=as_of)
    basis = _basis(workspace, judging, matches, evidence)
    stored = store.judgements.read()
    days = [judgement.as_of for judgement in stored.values()]
    due = bool(days) and min(days) <= as_of - JUDGED_WHOLE_EVERY
    whole = everybody or due or not isinstance(snapshot.completions, NotRead)
    return _Known(snapshot, matches, basis, frozenset(stored), basis.standing(stored), whole)


def _basis(
    workspace: Workspace, judging: Judging, matches: Matches, evidence: Mapping[tuple[str, str], LearnerEvidence]
) -> JudgedFrom:
    doubted = {(doubt.source, doubt.record) for doubt in judging.snapshot.doubts}
    return JudgedFrom.of(
        judging,
        matches,
        evidence,
        learners_of=workspace.store.judgements.learners_of(doubted),
        program=short_hash(_program(), *judging.snapshot.law.texts.values()),
        seal=workspace.pseudonyms.of,
    )


def _program() -> str:
    """Return the program with its rules and the holidays that it knows, in short."""
    return repr((__version__, rule_versions.present(), RULES_OF_KEEPING, version("holidays")))


def _evidence(store: Store, known: _Known, touched: list[str], *, known_at: datetime) -> Iterable[Completion]:
    """Return the completions of those who are judged anew, and of others too where that is cheaper."""
    completions = known.snapshot.completions
    if not isinstance(completions, NotRead):
        return completions
    wanted = set(touched)
    learners = {key for key, match in known.matches.items() if match.person_id in wanted}
    if len(learners) * _FEW > len(known.matches):
        return store.evidence.each(known_at)
    return store.judgements.completions_of(learners, known_at)


def _differed(known: _Known, new: Mapping[str, NewJudgement], *, as_of: date) -> RuleChange | None:
    stored = {
        i: person
        for i, person in known.standing.items()
        if person != new[i].person and person.without_sentences != new[i].person.without_sentences
    }
    return stored_otherwise(stored, {i: new[i].person for i in stored}, known.snapshot.roster.people, as_of=as_of)


def untold(found: Sequence[Finding], roster: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return what was found without those undetermined people whose blank cell the roster's check names already."""
    about_the_clock = {"first-day-missing", "person-class-missing", "class-undecided", "clock-undecided"}
    named = {person for finding in roster if finding.code in about_the_clock for person in finding.people}
    return tuple(f for f in found if f.code != "undetermined" or not named.issuperset(f.people))
