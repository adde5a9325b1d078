"""What the law's functions take and give: a person's clock in, a standing per requirement and a state out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from lms_sync.model.evidence import Claim, Credit, Documentation
from lms_sync.model.quickly_made import quickly_made
from lms_sync.model.roster import ClockDecision, StaffClass


class State(StrEnum):
    """Where a person stands as a whole (reference: RCW 28A.400.345, 28A.310.515(4))."""

    DOCUMENTED = "documented"
    """An ESD document is on file for every component."""
    COMPLETE = "complete"
    """Every component is finished, a document is not yet on file for each."""
    ON_PLAN = "on plan"
    """Something is missing, and every missing requirement is still within its last lawful day."""
    OVERDUE = "overdue"
    """A missing requirement's last lawful day is past."""
    UNDETERMINED = "undetermined"
    """The roster does not tell when the clock started or which class applies; never reported as overdue."""
    NOT_STARTED = "not started"
    """The first day with students, or the recorded start of the clock, is still to come: nothing is due yet."""


def state_words(state: str, doubted: date | None) -> str:
    """Return a state in words: nobody whose training is in doubt is called complete without saying so."""
    return f"{state}, in doubt since {doubted}" if doubted and state == State.COMPLETE else str(state)


def state_group(state: State, doubted: date | None) -> str:
    """Return what people are counted under: those who are complete and in doubt apart from those who are complete."""
    return IN_DOUBT if doubted and state is State.COMPLETE else state.value


IN_DOUBT = f"{State.COMPLETE}, in doubt"
STATE_GROUPS = tuple(dict.fromkeys(state_group(state, doubted) for state in State for doubted in (None, date.max)))
"""Every group, in the order of the states."""


class MetBy(StrEnum):
    """What meets a requirement."""

    CREDITS = "credits"
    VERIFIED = "verified"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class StaffClock:
    """What the roster tells of a person's class and clock; each field None when it does not tell."""

    staff_class: StaffClass | None
    first_day: date | None
    decision: ClockDecision | None = None


@dataclass(frozen=True, slots=True)
class PersonEvidence:
    """All that speaks for one person, in any order; the law sorts out what counts on the day judged."""

    credits: tuple[Credit, ...] = ()
    claims: tuple[Claim, ...] = ()
    """Not yet accepted; they are shown and never counted."""
    documents: tuple[Documentation, ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True)
class Standing:
    """One person's standing on one requirement on `as_of`."""

    requirement: str
    """`topic-01` … `topic-13`, `on-the-job` or `check-in`."""
    component: str
    """`classroom`, `on-the-job` or `check-in`."""
    need: int
    """1 for a topic; the number of days or check-ins for the other components."""
    have: int
    """What was trained by `as_of`; may exceed `need`, and may be under it where a document or a waiver meets it."""
    met_by: MetBy | None
    """None while something is missing; an ESD's document goes before credits."""
    on: date | None
    """The day on which it was met: of the ESD's document, else of the credit that completed the count."""
    due: date | None
    """The calendar anniversary; None while the clock is not running or not known."""
    last_lawful_day: date | None
    """`due`, or the next day that is no Saturday, Sunday or legal holiday."""
    late: bool
    """Met after the last lawful day, or not met and that day is before `as_of`.

    A document that follows training finished in time is not late, whatever its day `on`.
    """
    credits: tuple[Credit, ...]
    """Every credit that counts, oldest first; accepted waivers among them."""
    claims: tuple[Claim, ...]
    notes: tuple[str, ...]
    """Sentences for the reader: why something does not count, or how it was counted. They name no person."""
    doubted: date | None = None
    """Since when it is met only with doubted credits: without them it would be open or late; None where it is not."""

    @property
    def open(self) -> bool:
        """Tell whether something is still missing."""
        return self.met_by is None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One person judged on one day: the state, why (for undetermined), and each requirement in the law's order."""

    state: State
    reasons: tuple[str, ...]
    """For `undetermined`, what the district must record, in sentences; empty for every other state."""
    standings: tuple[Standing, ...]

    @property
    def doubted(self) -> date | None:
        """Return since when anything is met only with doubted credits; None where all is sound."""
        return doubted_since(self.standings)

    @property
    def words(self) -> str:
        """Return the state in words, with since when it is in doubt."""
        return state_words(self.state, self.doubted)

    @property
    def group(self) -> str:
        """Return what the person is counted under."""
        return state_group(self.state, self.doubted)


class _Doubtable(Protocol):
    @property
    def doubted(self) -> date | None: ...


def doubted_since(standings: Iterable[_Doubtable]) -> date | None:
    """Return the earliest day since which one of the standings is in doubt; None where all are sound."""
    return min([standing.doubted for standing in standings if standing.doubted], default=None)
