"""What a night made of one person, as the store keeps it for the next one: the judgement, and what it rests on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lms_sync.law.standing import Judgement, MetBy, Standing, State, doubted_since, state_group, state_words
from lms_sync.model.evidence import Claim, Credit
from lms_sync.model.finding import Finding
from lms_sync.model.quickly_made import quickly_made

CourseNames = tuple[str, str, str, str, str, bool]
"""Source, course, course title, unit, unit title; and whether only a file's name tells the course."""


@quickly_made
@dataclass(frozen=True, slots=True)
class UndecidedCompletion:
    """A completion that counts for nothing because nobody has decided yet what its course teaches."""

    source: str
    record: str
    day: date | None
    course: str
    course_title: str
    unit: str
    unit_title: str
    alike: str = ""
    """The rows of the map that the course's form in a file's name may stand for; empty: the map has none."""


@dataclass(frozen=True, slots=True)
class ReportedCompletion:
    """A completion that a partner reported in a correction."""

    requirement: str
    day: date | None
    claim: str
    """The id of the claim about it."""


@quickly_made
@dataclass(frozen=True, slots=True)
class RequirementsAlike:
    """Requirements, one after the other in the law's order, that stand alike: `Standing` tells what each field is."""

    requirements: tuple[str, ...]
    component: str
    need: int
    have: int
    met_by: MetBy | None
    due: date | None
    last_lawful_day: date | None
    late: bool
    doubted: date | None

    def standing(
        self,
        requirement: str,
        on: date | None,
        *,
        credits: tuple[Credit, ...] = (),
        claims: tuple[Claim, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> Standing:
        """Return the standing on one of them, with the day on which it was met and what it rests on."""
        return Standing(
            requirement,
            self.component,
            self.need,
            self.have,
            self.met_by,
            on,
            self.due,
            self.last_lawful_day,
            self.late,
            credits,
            claims,
            notes,
            self.doubted,
        )


@quickly_made
@dataclass(frozen=True, slots=True)
class JudgedInShort:
    """What a night needs of everybody, also of those whose judgement stands: see the fields of `JudgedPerson`."""

    state: State
    reasons: tuple[str, ...]
    standings: tuple[RequirementsAlike, ...]
    on: tuple[date | None, ...]
    """Of each requirement, in the law's order."""
    changes_on: date | None
    sources: tuple[tuple[str, date | None], ...]
    decidable: tuple[str, ...]
    undecided: tuple[UndecidedCompletion, ...]
    claims: tuple[Finding, ...]
    future: tuple[Finding, ...]
    reported: tuple[ReportedCompletion, ...]

    @property
    def doubted(self) -> date | None:
        """Return since when anything is met only with doubted credits; None where all is sound."""
        return doubted_since(self.standings)

    @property
    def words(self) -> str:
        """Return the state in words, with since when it is in doubt."""
        return state_words(self.state, self._complete_but_doubted)

    @property
    def group(self) -> str:
        """Return what the person is counted under."""
        return state_group(self.state, self._complete_but_doubted)

    @property
    def _complete_but_doubted(self) -> date | None:
        """Return `doubted` of somebody who is complete: of nobody else does it change what the state is called."""
        return self.doubted if self.state is State.COMPLETE else None

    @property
    def without_evidence(self) -> Judgement:
        """Return the judgement without the credits, claims and notes that it rests on."""
        days = zip(self.alike, self.on, strict=True)
        standings = tuple([alike.standing(requirement, on) for (alike, requirement), on in days])
        return Judgement(self.state, self.reasons, standings)

    @property
    def alike(self) -> list[tuple[RequirementsAlike, str]]:
        """Return each requirement with those that stand alike."""
        return [(alike, requirement) for alike in self.standings for requirement in alike.requirements]

    @property
    def gaps(self) -> tuple[RequirementsAlike, ...]:
        """Return what is missing."""
        return tuple([alike for alike in self.standings if alike.met_by is None])

    @property
    def met(self) -> list[str]:
        """Return the requirements that are met, in time or late, in the law's order."""
        return [name for alike in self.standings if alike.met_by is not None for name in alike.requirements]

    @property
    def late(self) -> list[str]:
        """Return the requirements that are late, met or not, in the law's order."""
        return [name for alike in self.standings if alike.late for name in alike.requirements]


@dataclass(frozen=True, slots=True)
class JudgedPerson:
    """One person judged on one day."""

    judgement: Judgement
    sources: tuple[tuple[str, date | None], ...] = ()
    """(source that holds evidence of the person, newest day of a completion), by source."""
    undecided: tuple[UndecidedCompletion, ...] = ()
    claims: tuple[Finding, ...] = ()
    """What a person must accept before it counts."""
    future: tuple[Finding, ...] = ()
    """Completions on a day to come."""
    courses: tuple[CourseNames, ...] = ()
    """Every course of which there is a completion, whether or not it counts: a row of the map may speak of it. Their
    order means nothing; stored they are sorted."""
    decidable: tuple[str, ...] = ()
    """The ids of all claims that a decision was, or may be, made about."""
    reported: tuple[ReportedCompletion, ...] = ()
    changes_on: date | None = None
    """The first later day on which the same facts may give another judgement; None: they never do."""

    @property
    def in_short(self) -> JudgedInShort:
        """Return what a night needs of it beside all others."""
        return JudgedInShort(
            self.judgement.state,
            self.judgement.reasons,
            tuple(_alike(self.judgement.standings)),
            tuple([standing.on for standing in self.judgement.standings]),
            self.changes_on,
            self.sources,
            self.decidable,
            self.undecided,
            self.claims,
            self.future,
            self.reported,
        )

    @property
    def without_sentences(self) -> "JudgedPerson":
        """Return it without what is written for readers: an upgrade that words it otherwise changes no judgement.

        How many reasons and notes there are is a fact: what HR is not asked for, nobody records.
        """
        standings = tuple(replace(s, notes=_blank(s.notes)) for s in self.judgement.standings)
        return replace(
            self,
            judgement=replace(self.judgement, reasons=_blank(self.judgement.reasons), standings=standings),
            claims=tuple(map(_without_sentences, self.claims)),
            future=tuple(map(_without_sentences, self.future)),
        )


def _alike(standings: Iterable[Standing]) -> Iterator[RequirementsAlike]:
    """Yield the requirements that follow each other and stand alike together."""
    names: list[str] = []
    before: tuple[Any, ...] = ()
    for s in standings:
        same = s.component, s.need, s.have, s.met_by, s.due, s.last_lawful_day, s.late, s.doubted
        if same != before and names:
            yield RequirementsAlike(tuple(names), *before)
            names = []
        names.append(s.requirement)
        before = same
    if names:
        yield RequirementsAlike(tuple(names), *before)


def _blank(sentences: tuple[str, ...]) -> tuple[str, ...]:
    return ("",) * len(sentences)


def _without_sentences(finding: Finding) -> Finding:
    return replace(finding, found="", expected="", remedy="")
